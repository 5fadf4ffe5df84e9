from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from commerce.accounts.models import User
from commerce.kit.crashing import crash_point
from commerce.kit.locks import locked_row
from commerce.kit.money import Money
from commerce.kit.states import advance, begin
from commerce.payments import cards
from commerce.payments.gateways import GatewayFailed, GatewayRefused, Intent, payment_gateway
from commerce.payments.models import CaptureMode, Method, Payment
from commerce.payments.states import PaymentStatus

_UNKNOWN = "resource_missing"


def prepare_payment(
    *,
    reference: uuid.UUID,
    amount: Money,
    actor: str,
    at: datetime,
    method: str = Method.STRIPE,
    customer: User | None = None,
    save_card: bool = False,
    receipt_email: str = "",
    pay_by: datetime | None = None,
) -> Payment:
    """Write the payment down, in the caller's transaction, before anybody is asked for money.

    What is paid by bank transfer or on delivery is open at once. A card can only be kept for a `customer`.
    """
    is_offline = method != Method.STRIPE
    payment = Payment(
        reference=reference,
        method=Method(method),
        amount_minor=amount.minor,
        currency=amount.currency,
        capture=CaptureMode.AUTOMATIC if is_offline else settings.PAYMENT_CAPTURE,
        customer=customer,
        saves_card=save_card and customer is not None,
        receipt_email=receipt_email,
        created_at=at,
        checked_at=at,
        pay_by=pay_by,
    )
    status = PaymentStatus.OPEN if is_offline else PaymentStatus.OPENING
    begin(payment, status, actor=actor, reason="Payment prepared", at=at)
    return payment


def open_payment(*, payment_id: uuid.UUID, actor: str, at: datetime) -> Payment:
    """Have the gateway open the intent; called outside any transaction, and safe to call again.

    Raises:
        GatewayFailed: the gateway's own error; the next call asks under a new key.
        GatewayUnavailable: whether the intent exists is unknown; the next call finds out with the same key.
        GatewayRefused: the gateway does not take this payment.
    """
    payment = Payment.objects.select_related("customer").get(pk=payment_id)
    if payment.status != PaymentStatus.OPENING:
        return payment
    intent = _ask(payment, at=at)
    if __debug__:
        crash_point("intent_opened")
    return keep_intent(intent, payment_id=payment_id, actor=actor, at=at)


def keep_intent(intent: Intent, *, payment_id: uuid.UUID, actor: str, at: datetime) -> Payment:
    """Write down the intent that the gateway opened for this payment; one that is open or over stays as it is."""
    with transaction.atomic():
        payment = locked_row(Payment, payment_id)
        if payment.status == PaymentStatus.OPENING:
            payment.gateway_id, payment.client_secret = intent.gateway_id, intent.client_secret
            reason, written = "Intent opened at the gateway", ["gateway_id", "client_secret"]
            advance(payment, PaymentStatus.OPEN, saving=written, actor=actor, reason=reason, at=at)
    return payment


def _ask(payment: Payment, *, at: datetime) -> Intent:
    """An intent that a failed attempt left behind harms nobody: its client secret has reached no one, so it cannot
    be paid."""
    try:
        return _open(payment, at=at)
    except GatewayFailed:
        _raise_attempt(payment)
        raise
    except GatewayRefused as refusal:
        if payment.customer is None or refusal.facts.get("gateway_code") != _UNKNOWN:
            raise
        # The gateway has forgotten the customer, not the payment.
        cards.forget_customer(payment.customer)
        _raise_attempt(payment)
        payment.refresh_from_db(fields=["opening_attempt"])
        return _open(payment, at=at)


def _open(payment: Payment, *, at: datetime) -> Intent:
    options: dict[str, Any] = {"captures_later": payment.capture == CaptureMode.MANUAL}
    if payment.customer is not None:
        options |= {"customer": cards.customer_for(payment.customer, at=at), "saves_card": payment.saves_card}
    return payment_gateway().open_intent(
        amount=payment.amount,
        reference=payment.pk,
        idempotency_key=payment.idempotency_key,
        receipt_email=payment.receipt_email,
        **options,
    )


def _raise_attempt(payment: Payment) -> None:
    """Whoever used the same attempt at the same time raises it once together with us."""
    used = Payment.objects.filter(pk=payment.pk, opening_attempt=payment.opening_attempt)
    used.update(opening_attempt=F("opening_attempt") + 1)
