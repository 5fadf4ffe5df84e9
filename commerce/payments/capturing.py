from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F

from commerce.kit.crashing import crash_point
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.kit.money import CurrencyMismatch, Money
from commerce.kit.states import advance, begin
from commerce.payments.announcing import announce
from commerce.payments.gateways import GatewayFailed, GatewayRefused, Intent, IntentStatus, payment_gateway
from commerce.payments.models import Capture, Payment
from commerce.payments.settling import apply
from commerce.payments.states import CaptureState


class CaptureRefused(DomainError):
    code = "capture_refused"
    title = "There is nothing to capture: it is not authorised, captured already, or being cancelled"
    kind = ErrorKind.CONFLICT


class CaptureTooLarge(DomainError):
    code = "capture_too_large"
    title = "More would be captured than was authorised"
    kind = ErrorKind.CONFLICT


def request_capture(*, payment: Payment, amount: Money | None, reason: str, actor: str, at: datetime) -> Capture:
    """Decide to take what was authorised, or less of it, in the caller's transaction; a task then asks the gateway
    until it answers. What is not taken is given free: a payment is captured once.

    Raises:
        CaptureRefused: it is not authorised, was captured, is being captured, is being cancelled or in quarantine.
        CaptureTooLarge: more than was authorised, or nothing at all.
        CurrencyMismatch: it was authorised in another currency.
    """
    payment = locked_row(Payment, payment.pk)
    _require_capturable(payment)
    amount = payment.authorised if amount is None else amount
    if amount.currency != payment.currency:
        raise CurrencyMismatch(f"{amount.currency} and {payment.currency}")
    if not 0 < amount.minor <= payment.authorised_minor:
        raise CaptureTooLarge()
    capture = Capture(
        payment=payment, amount_minor=amount.minor, currency=amount.currency, reason=reason, created_at=at
    )
    begin(capture, CaptureState.REQUESTED, actor=actor, reason=reason[:255], at=at)
    announce("capture_requested", payment, at=at, capture=str(capture.pk))
    return capture


def _require_capturable(payment: Payment) -> None:
    if not payment.is_authorised or payment.cancel_requested_at or payment.quarantine_reason:
        raise CaptureRefused()
    if payment.captures.exclude(status=CaptureState.FAILED).exists():
        raise CaptureRefused()


def carry_out(*, capture_id: uuid.UUID, actor: str, at: datetime) -> None:
    """Have the gateway capture and write down the outcome; outside any transaction, safe to repeat.

    What the gateway has already is believed before it is asked again, as with refunds.

    Raises:
        GatewayUnavailable: call again later.
    """
    # Read before the look, so that a capture made under a later key is seen and one made under this key replayed.
    capture = Capture.objects.select_related("payment").get(pk=capture_id)
    if capture.status != CaptureState.REQUESTED:
        return
    payment = capture.payment
    intent = payment_gateway().fetch_intent(gateway_id=payment.gateway_id)
    if intent.status == IntentStatus.AUTHORISED:
        try:
            intent = _ask(capture)
        except GatewayRefused as refusal:
            _fail(capture_id, reason=refusal.why, actor=actor, at=at)
            return
        if __debug__:
            crash_point("capture_asked")
    apply(intent, payment_id=payment.pk, actor=actor, at=at)


def _ask(capture: Capture) -> Intent:
    try:
        return payment_gateway().capture_intent(
            gateway_id=capture.payment.gateway_id, amount=capture.amount, idempotency_key=capture.idempotency_key
        )
    except GatewayFailed:
        Capture.objects.filter(pk=capture.pk, attempt=capture.attempt).update(attempt=F("attempt") + 1)
        raise


def _fail(capture_id: uuid.UUID, *, reason: str, actor: str, at: datetime) -> None:
    """Lock order: payment, capture."""
    payment_id = Capture.objects.values_list("payment_id", flat=True).get(pk=capture_id)
    with transaction.atomic():
        payment = locked_row(Payment, payment_id)
        capture = locked_row(Capture, capture_id)
        if capture.status == CaptureState.REQUESTED:
            advance(capture, CaptureState.FAILED, actor=actor, reason=reason[:255], at=at)
            announce("capture_failed", payment, at=at, capture=str(capture_id))
