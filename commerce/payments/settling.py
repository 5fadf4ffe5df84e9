"""Finding out what became of a payment. Whoever asks (shopper, webhook, clock), the gateway's own record decides."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from commerce.kit import outbox
from commerce.kit.locks import locked_one
from commerce.kit.states import advance
from commerce.payments.gateways import Intent, IntentStatus, payment_gateway
from commerce.payments.models import LedgerEntry, Payment
from commerce.payments.states import PaymentStatus


def settle(*, payment_id: uuid.UUID, actor: str, at: datetime) -> IntentStatus | None:
    """Fetch the intent and write down what has become of it; called outside any transaction.

    Returns what the gateway says, or None while there is no intent. Raises `GatewayUnavailable`.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.status == PaymentStatus.SUCCEEDED:
        return IntentStatus.SUCCEEDED
    if not payment.gateway_id:
        return None
    intent = payment_gateway().fetch_intent(gateway_id=payment.gateway_id)
    apply(intent, payment_id=payment_id, actor=actor, at=at)
    return intent.status


def cancel(*, payment_id: uuid.UUID, actor: str, at: datetime) -> None:
    """See to it that nobody can pay any more; a payment that succeeded first is settled instead.

    Called outside any transaction. Raises `GatewayUnavailable`.
    """
    with transaction.atomic():
        payment = locked_one(Payment.objects.filter(pk=payment_id))
        if payment.status == PaymentStatus.OPENING:
            # Nobody was given the means to pay: the client secret arrives only with the intent.
            advance(payment, PaymentStatus.CANCELLED, actor=actor, reason="Never opened at the gateway", at=at)
    if payment.status != PaymentStatus.OPEN:
        return
    intent = payment_gateway().cancel_intent(gateway_id=payment.gateway_id)
    apply(intent, payment_id=payment_id, actor=actor, at=at)


def apply(intent: Intent, *, payment_id: uuid.UUID, actor: str, at: datetime) -> None:
    """Move the payment forward to what the intent says; what is known already changes nothing."""
    with transaction.atomic():
        payment = locked_one(Payment.objects.filter(pk=payment_id))
        Payment.objects.filter(pk=payment.pk).update(checked_at=at)
        if payment.status != PaymentStatus.OPEN or intent.gateway_id != payment.gateway_id:
            return
        if intent.status == IntentStatus.SUCCEEDED:
            _record_capture(payment, intent, actor=actor, at=at)
        elif intent.status == IntentStatus.CANCELLED:
            advance(payment, PaymentStatus.CANCELLED, actor=actor, reason="Cancelled at the gateway", at=at)


def _record_capture(payment: Payment, intent: Intent, *, actor: str, at: datetime) -> None:
    LedgerEntry.objects.create(
        payment=payment,
        kind=LedgerEntry.Kind.CAPTURE,
        amount_minor=intent.captured.minor,
        currency=intent.captured.currency,
        gateway_reference=intent.gateway_id,
        at=at,
    )
    advance(payment, PaymentStatus.SUCCEEDED, actor=actor, reason=f"{intent.captured} captured", at=at)
    outbox.record("payments.succeeded", {"payment": str(payment.pk), "reference": str(payment.reference)}, at=at)
