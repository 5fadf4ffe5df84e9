from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F

from commerce.kit.locks import locked_one
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.payments.gateways import GatewayFailed, Intent, payment_gateway
from commerce.payments.models import Payment
from commerce.payments.states import PaymentStatus


def prepare_payment(*, reference: uuid.UUID, amount: Money, actor: str, at: datetime) -> Payment:
    """Write the payment down, in the caller's transaction, before anybody is asked for money."""
    payment = Payment.objects.create(
        reference=reference, amount_minor=amount.minor, currency=amount.currency, created_at=at, checked_at=at
    )
    advance(payment, PaymentStatus.OPENING, actor=actor, reason="Payment prepared", at=at)
    return payment


def open_payment(*, payment_id: uuid.UUID, actor: str, at: datetime) -> Payment:
    """Have the gateway open the intent; called outside any transaction, and safe to call again.

    Raises:
        GatewayFailed: the gateway's own error; the next call asks under a new key.
        GatewayUnavailable: whether the intent exists is unknown; the next call finds out with the same key.
        GatewayRefused: the gateway does not take this payment.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.status != PaymentStatus.OPENING:
        return payment
    intent = _ask(payment)
    with transaction.atomic():
        payment = locked_one(Payment.objects.filter(pk=payment_id))
        if payment.status == PaymentStatus.OPENING:
            payment.gateway_id, payment.client_secret = intent.gateway_id, intent.client_secret
            payment.save(update_fields=["gateway_id", "client_secret"])
            advance(payment, PaymentStatus.OPEN, actor=actor, reason="Intent opened at the gateway", at=at)
    return payment


def _ask(payment: Payment) -> Intent:
    try:
        return payment_gateway().open_intent(
            amount=payment.amount, reference=payment.pk, idempotency_key=payment.idempotency_key
        )
    except GatewayFailed:
        # An intent that the failed attempt left behind harms nobody: its client secret has reached no one, so it
        # cannot be paid. Whoever used the same attempt at the same time raises it once together with us.
        used = Payment.objects.filter(pk=payment.pk, opening_attempt=payment.opening_attempt)
        used.update(opening_attempt=F("opening_attempt") + 1)
        raise
