"""Finding out what became of a payment. Whoever asks (shopper, webhook, clock), the gateway's own record decides."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cms.prepared import prepared
from commerce.kit.crashing import crash_point
from commerce.kit.locks import locked_row
from commerce.kit.states import advance
from commerce.payments.announcing import announce
from commerce.payments.gateways import Intent, IntentStatus, payment_gateway
from commerce.payments.models import CaptureMode, LedgerEntry, Payment
from commerce.payments.refunding import request_refund
from commerce.payments.states import CaptureState, PaymentStatus

AUTHORISATION_LASTS = timedelta(days=7)
"""Where the gateway does not say so. Source: docs.stripe.com/payments/place-a-hold-on-a-payment-method."""

_MAY_STILL_MOVE = frozenset({PaymentStatus.OPEN, PaymentStatus.AUTHORISED})

logger = logging.getLogger(__name__)


def settle(*, payment_id: uuid.UUID, actor: str, at: datetime) -> IntentStatus | None:
    """Fetch the intent and write down what has become of it; called outside any transaction.

    Returns what the gateway says, or None while there is no intent. Raises `GatewayUnavailable`.
    """
    payment: Payment
    [payment] = _payment(pk=payment_id)
    if payment.status == PaymentStatus.SUCCEEDED:
        return IntentStatus.SUCCEEDED
    if not payment.gateway_id:
        return None
    intent = payment_gateway().fetch_intent(gateway_id=payment.gateway_id)
    if __debug__:
        crash_point("webhook_fetched")
    apply(intent, payment_id=payment_id, actor=actor, at=at)
    return intent.status


@prepared
def _payment(*, pk: uuid.UUID) -> QuerySet[Payment]:
    return Payment.objects.filter(pk=pk)


def cancel(*, payment_id: uuid.UUID, actor: str, at: datetime) -> None:
    """See to it that nobody can pay any more; a payment that succeeded first is settled instead, and one that is being
    captured is left alone.

    Called outside any transaction. Raises `GatewayUnavailable`.
    """
    with transaction.atomic():
        payment = locked_row(Payment, payment_id)
        if payment.status == PaymentStatus.OPENING:
            # Nobody was given the means to pay: the client secret arrives only with the intent.
            end(payment, reason="Never opened at the gateway", actor=actor, at=at)
        if payment.status not in _MAY_STILL_MOVE or payment.quarantine_reason or is_being_captured(payment):
            return
        if payment.is_offline:
            end_offline(payment, reason="Not paid", actor=actor, at=at)
            return
        if payment.cancel_requested_at is None:
            Payment.objects.filter(pk=payment_id).update(cancel_requested_at=at)
    intent = payment_gateway().cancel_intent(gateway_id=payment.gateway_id)
    if __debug__:
        crash_point("cancel_asked")
    apply(intent, payment_id=payment_id, actor=actor, at=at)


def is_being_captured(payment: Payment) -> bool:
    """Whether the gateway was or is to be asked to take the money. One that takes it at once is never asked."""
    if payment.capture == CaptureMode.AUTOMATIC:
        return False
    return payment.captures.filter(status=CaptureState.REQUESTED).exists()


def end(payment: Payment, *, reason: str, actor: str, at: datetime) -> None:
    """Nobody will pay this any more; in the caller's transaction."""
    advance(payment, PaymentStatus.CANCELLED, actor=actor, reason=reason[:255], at=at)
    announce("cancelled", payment, at=at)


def end_offline(payment: Payment, *, reason: str, actor: str, at: datetime) -> None:
    """There is no gateway to ask; what came in of it is to be paid back. In the caller's transaction."""
    end(payment, reason=reason, actor=actor, at=at)
    if received := payment.captured:
        request_refund(payment=payment, amount=received, reason=reason, actor=actor, at=at)


def apply(
    intent: Intent, *, payment_id: uuid.UUID, actor: str, at: datetime, whatever_it_carries: bool = False
) -> None:
    """Move the payment forward to what the intent says; what is known already changes nothing.

    An intent that carries another payment's id is not believed: the payment is put into quarantine, for a person.
    """
    with transaction.atomic():
        payment = locked_row(Payment, payment_id)
        if payment.status not in _MAY_STILL_MOVE or intent.gateway_id != payment.gateway_id:
            return
        if payment.quarantine_reason:
            return
        if intent.reference != payment.pk and not whatever_it_carries:
            quarantine(payment, f"Its intent carries another reference: {intent.reference}", at=at)
            return
        seen = _look(payment, intent, at=at)
        if intent.status == IntentStatus.SUCCEEDED:
            _succeed(payment, intent, saving=seen, actor=actor, at=at)
            return
        payment.save(update_fields=seen)
        if intent.status == IntentStatus.CANCELLED:
            _end_captures(payment, CaptureState.FAILED, reason="Cancelled at the gateway", actor=actor, at=at)
            end(payment, reason="Cancelled at the gateway", actor=actor, at=at)
        elif intent.status == IntentStatus.AUTHORISED and payment.status == PaymentStatus.OPEN:
            advance(payment, PaymentStatus.AUTHORISED, actor=actor, reason=f"{intent.authorised} authorised", at=at)
            announce("authorised", payment, at=at)


def quarantine(payment: Payment, reason: str, *, at: datetime) -> None:
    """Nothing more happens to the payment until a person has looked at it; in the caller's transaction."""
    if payment.quarantine_reason:
        return
    payment.quarantine_reason = reason[:255]
    payment.save(update_fields=["quarantine_reason"])
    announce("quarantined", payment, at=at)
    logger.error("payment %s is in quarantine: %s", payment.pk, reason)


def _look(payment: Payment, intent: Intent, *, at: datetime) -> list[str]:
    """Note on the payment what was seen besides the status. Returns the fields to save."""
    seen: dict[str, Any] = {"checked_at": at}
    if intent.receipt_url:
        seen["receipt_url"] = intent.receipt_url
    if intent.status == IntentStatus.AUTHORISED:
        seen["authorised_minor"] = intent.authorised.minor
        lapses_at = payment.authorisation_expires_at or at + AUTHORISATION_LASTS
        seen["authorisation_expires_at"] = intent.capture_before or lapses_at
    for name, value in seen.items():
        setattr(payment, name, value)
    return list(seen)


def _succeed(payment: Payment, intent: Intent, *, saving: list[str], actor: str, at: datetime) -> None:
    LedgerEntry.objects.create(
        payment=payment,
        kind=LedgerEntry.Kind.CAPTURE,
        amount_minor=intent.captured.minor,
        currency=intent.captured.currency,
        gateway_reference=intent.gateway_id,
        at=at,
    )
    _end_captures(payment, CaptureState.SUCCEEDED, reason=f"{intent.captured} captured", actor=actor, at=at)
    reason = f"{intent.captured} captured"
    advance(payment, PaymentStatus.SUCCEEDED, saving=saving, actor=actor, reason=reason, at=at)
    announce("succeeded", payment, at=at)
    if payment.capture == CaptureMode.MANUAL:
        announce("captured", payment, at=at)


def _end_captures(payment: Payment, to: CaptureState, *, reason: str, actor: str, at: datetime) -> None:
    if payment.capture == CaptureMode.AUTOMATIC:
        return
    for capture in payment.captures.filter(status=CaptureState.REQUESTED):
        advance(capture, to, actor=actor, reason=reason, at=at)
