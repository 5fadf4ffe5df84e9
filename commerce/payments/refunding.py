from __future__ import annotations

import logging
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_one
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.payments.gateways import GatewayFailed, GatewayRefund, GatewayRefused, RefundStatus, payment_gateway
from commerce.payments.models import LedgerEntry, Payment, Refund
from commerce.payments.states import RefundState

logger = logging.getLogger(__name__)


class RefundTooLarge(DomainError):
    code = "refund_too_large"
    title = "More would be refunded than was paid"
    kind = ErrorKind.CONFLICT


class RefundPending(Exception):
    """The gateway has accepted the refund and not finished it; asked again later."""


def request_refund(*, payment: Payment, amount: Money, reason: str, actor: str, at: datetime) -> Refund:
    """Decide to give money back, in the caller's transaction; a task then asks the gateway until it answers.

    Raises:
        RefundTooLarge: with earlier refunds it would exceed what was captured, or it is nothing at all.
        CurrencyMismatch: the money was captured in another currency.
    """
    payment = locked_one(Payment.objects.filter(pk=payment.pk))
    captured = payment.captured
    if amount.minor <= 0 or captured < _refunded(payment, currency=captured.currency) + amount:
        raise RefundTooLarge()
    refund = Refund.objects.create(
        payment=payment, amount_minor=amount.minor, currency=amount.currency, reason=reason, created_at=at
    )
    advance(refund, RefundState.REQUESTED, actor=actor, reason=reason, at=at)
    outbox.record("payments.refund_requested", {"refund": str(refund.pk)}, at=at)
    return refund


def carry_out(*, refund_id: uuid.UUID, actor: str, at: datetime) -> None:
    """Have the gateway refund and write down the outcome; outside any transaction, safe to repeat.

    What the gateway has already is believed before it is asked again: a replayed answer is as old as its key,
    and a key is forgotten after a day.

    Raises:
        GatewayUnavailable, RefundPending: call again later.
    """
    # Read before the search: a refund made under a later key is then found, one made under this key replayed.
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.status != RefundState.REQUESTED:
        return
    try:
        outcome = _find(refund) or _ask(refund)
    except GatewayRefused as refusal:
        _fail(refund_id, reason=refusal.detail, actor=actor, at=at)
        return
    if outcome.status == RefundStatus.PENDING:
        raise RefundPending(refund_id)
    if outcome.status == RefundStatus.FAILED:
        _fail(refund_id, reason="The gateway could not refund", actor=actor, at=at)
    else:
        _succeed(refund_id, outcome, actor=actor, at=at)


def _find(refund: Refund) -> GatewayRefund | None:
    return payment_gateway().find_refund(gateway_id=refund.payment.gateway_id, reference=refund.pk)


def _ask(refund: Refund) -> GatewayRefund:
    try:
        return payment_gateway().refund(
            gateway_id=refund.payment.gateway_id,
            reference=refund.pk,
            amount=refund.amount,
            idempotency_key=refund.idempotency_key,
        )
    except GatewayFailed:
        Refund.objects.filter(pk=refund.pk, attempt=refund.attempt).update(attempt=F("attempt") + 1)
        raise


def _succeed(refund_id: uuid.UUID, outcome: GatewayRefund, *, actor: str, at: datetime) -> None:
    with transaction.atomic():
        refund = locked_one(Refund.objects.filter(pk=refund_id))
        if refund.status != RefundState.REQUESTED:
            return
        LedgerEntry.objects.create(
            payment_id=refund.payment_id,
            kind=LedgerEntry.Kind.REFUND,
            amount_minor=-outcome.amount.minor,
            currency=outcome.amount.currency,
            gateway_reference=outcome.gateway_id,
            at=at,
        )
        Refund.objects.filter(pk=refund_id).update(gateway_id=outcome.gateway_id)
        advance(refund, RefundState.SUCCEEDED, actor=actor, reason=f"{outcome.amount} refunded", at=at)
        outbox.record("payments.refunded", {"refund": str(refund_id)}, at=at)


def _fail(refund_id: uuid.UUID, *, reason: str, actor: str, at: datetime) -> None:
    with transaction.atomic():
        refund = locked_one(Refund.objects.filter(pk=refund_id))
        if refund.status == RefundState.REQUESTED:
            advance(refund, RefundState.FAILED, actor=actor, reason=reason[:255], at=at)
            outbox.record("payments.refund_failed", {"refund": str(refund_id)}, at=at)
            logger.error("refund %s failed and is owed to the shopper: %s", refund_id, reason)


def _refunded(payment: Payment, *, currency: str) -> Money:
    counted = payment.refunds.exclude(status=RefundState.FAILED).aggregate(minor=Sum("amount_minor"))
    return Money(counted["minor"] or 0, currency)
