"""Giving money back: to the cent, never beyond, and each refund once, wherever it began."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from commerce.kit.crashing import crash_point
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked, locked_row
from commerce.kit.money import Money
from commerce.kit.states import advance, begin
from commerce.payments.announcing import announce
from commerce.payments.gateways import GatewayFailed, GatewayRefund, GatewayRefused, RefundStatus, payment_gateway
from commerce.payments.models import LedgerEntry, Payment, Refund
from commerce.payments.states import DisputeState, RefundState

NOT_COUNTED = (RefundState.FAILED, RefundState.WAIVED)

logger = logging.getLogger(__name__)


class RefundTooLarge(DomainError):
    code = "refund_too_large"
    title = "More would be refunded than was paid"
    kind = ErrorKind.CONFLICT


class RefundNotOwed(DomainError):
    code = "refund_not_owed"
    title = "This refund is on its way, has been made, or is not owed any more"
    kind = ErrorKind.CONFLICT


class WaiverUnexplained(DomainError):
    code = "waiver_needs_reason"
    title = "Say why this refund is not owed any more"
    kind = ErrorKind.INVALID


class RefundPending(Exception):
    """The gateway has accepted the refund and not finished it; asked again later."""


def request_refund(*, payment: Payment, amount: Money, reason: str, actor: str, at: datetime) -> Refund:
    """Decide to give money back, in the caller's transaction; a task then asks the gateway until it answers. What was
    paid outside any gateway waits until somebody has paid it back: see `record_paid_back`.

    Raises:
        RefundTooLarge: with earlier refunds and what banks have taken back it would exceed what was captured, or it is
            nothing at all.
        CurrencyMismatch: the money was captured in another currency.
    """
    payment = locked_row(Payment, payment.pk)
    if amount.minor <= 0 or refundable(payment) < amount:
        raise RefundTooLarge()
    refund = Refund(
        payment=payment, amount_minor=amount.minor, currency=amount.currency, reason=reason[:255], created_at=at
    )
    begin(refund, RefundState.REQUESTED, actor=actor, reason=reason[:255], at=at)
    _ask_for(refund, payment, at=at)
    return refund


def refundable(payment: Payment) -> Money:
    """What may still be given back: neither refunded, nor on its way, nor in dispute or lost to one."""
    captured = payment.captured
    refunds = payment.refunds.exclude(status__in=NOT_COUNTED).aggregate(minor=Sum("amount_minor"))
    disputes = (
        payment.disputes.filter(holds_money=True).exclude(status=DisputeState.WON).aggregate(minor=Sum("amount_minor"))
    )
    return captured - Money((refunds["minor"] or 0) + (disputes["minor"] or 0), captured.currency)


def carry_out(*, refund_id: uuid.UUID, actor: str, at: datetime) -> None:
    """Have the gateway refund and write down the outcome; outside any transaction, safe to repeat.

    What the gateway has already is believed before it is asked again: a replayed answer is as old as its key,
    and a key is forgotten after a day.

    Raises:
        GatewayUnavailable, RefundPending: call again later.
    """
    # Read before the search: a refund made under a later key is then found, one made under this key replayed.
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.status != RefundState.REQUESTED or refund.payment.is_offline:
        return
    try:
        outcome = _find(refund) or _ask(refund)
    except GatewayRefused as refusal:
        _refuse(refund, reason=refusal.why, actor=actor, at=at)
        return
    if __debug__:
        crash_point("refund_asked")
    _apply_to(refund, outcome, actor=actor, at=at)
    if __debug__:
        crash_point("refund_written")
    if outcome.status == RefundStatus.PENDING:
        raise RefundPending(refund_id)


def look_at(payment: Payment, *, actor: str, at: datetime) -> None:
    """Adopt all refunds of the payment as the gateway shows them; outside any transaction.

    Raises `GatewayUnavailable`.
    """
    for fetched in payment_gateway().list_refunds(gateway_id=payment.gateway_id):
        adopt(fetched, payment_id=payment.pk, actor=actor, at=at)


def adopt(fetched: GatewayRefund, *, payment_id: uuid.UUID, actor: str, at: datetime) -> None:
    """Write down a refund as the gateway shows it, whether it began here or there; what is known changes nothing.

    Lock order: payment, refund.
    """
    with transaction.atomic():
        payment = locked_row(Payment, payment_id)
        _apply(_known(payment, fetched) or _written_down(payment, fetched, actor=actor, at=at), fetched, actor, at)


def record_paid_back(*, refund: Refund, reference: str, actor: str, at: datetime) -> Refund:
    """Somebody has paid it back by bank transfer or in cash, in the caller's transaction: a refund of what was paid
    outside any gateway, or one that the gateway could not make. Lock order: payment, refund.

    Raises:
        RefundNotOwed: the gateway is to make it, or it has been made.
        RefundTooLarge: it failed, and the money has gone back by another way since.
    """
    payment = locked_row(Payment, refund.payment_id)
    refund = locked_row(Refund, refund.pk)
    waits_for_a_person = refund.status == RefundState.FAILED or (
        payment.is_offline and refund.status == RefundState.REQUESTED
    )
    if not waits_for_a_person:
        raise RefundNotOwed()
    if refund.status == RefundState.FAILED and refundable(payment) < refund.amount:
        raise RefundTooLarge()
    how = f"Paid back: {reference}"[:255]
    _book(LedgerEntry.Kind.REFUND, refund, -refund.amount, f"{refund.pk} {reference}"[:255], by_hand=True, at=at)
    advance(refund, RefundState.SUCCEEDED, actor=actor, reason=how, at=at)
    announce("refunded", payment, at=at, refund=str(refund.pk))
    return refund


def try_again(*, refund: Refund, actor: str, at: datetime) -> Refund:
    """Ask the gateway anew for a refund that failed, in the caller's transaction. Lock order: payment, refund.

    Raises:
        RefundNotOwed: it has not failed.
        RefundTooLarge: the money is no longer there to give back.
    """
    payment, refund = _failed(refund)
    if refundable(payment) < refund.amount:
        raise RefundTooLarge()
    if refund.gateway_id:
        refund.failed_gateway_ids = [*refund.failed_gateway_ids, refund.gateway_id]
    refund.gateway_id, refund.attempt = "", refund.attempt + 1
    refund.save(update_fields=["failed_gateway_ids", "gateway_id", "attempt"])
    advance(refund, RefundState.REQUESTED, actor=actor, reason="Tried again", at=at)
    _ask_for(refund, payment, at=at)
    return refund


def waive(*, refund: Refund, reason: str, actor: str, at: datetime) -> Refund:
    """A refund that failed is not owed any more, in the caller's transaction. It stays in the books of whoever asked
    for it: what was granted and what was paid out differ by what was waived.

    Raises: WaiverUnexplained, RefundNotOwed.
    """
    if not (why := reason.strip()[:255]):
        raise WaiverUnexplained()
    _, refund = _failed(refund)
    advance(refund, RefundState.WAIVED, actor=actor, reason=why, at=at)
    return refund


def _failed(refund: Refund) -> tuple[Payment, Refund]:
    payment = locked_row(Payment, refund.payment_id)
    refund = locked_row(Refund, refund.pk)
    if refund.status != RefundState.FAILED:
        raise RefundNotOwed()
    return payment, refund


def _ask_for(refund: Refund, payment: Payment, *, at: datetime) -> None:
    if not payment.is_offline:
        announce("refund_requested", payment, at=at, refund=str(refund.pk))


def _find(refund: Refund) -> GatewayRefund | None:
    if refund.gateway_id:
        return payment_gateway().fetch_refund(refund_id=refund.gateway_id)
    return payment_gateway().find_refund(
        gateway_id=refund.payment.gateway_id, reference=refund.pk, besides=refund.failed_gateway_ids
    )


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


def _known(payment: Payment, fetched: GatewayRefund) -> Refund | None:
    """Ours by the gateway's id, else by our own id that it carries."""
    refunds = locked(payment.refunds.all())
    for refund in refunds:
        if fetched.gateway_id == refund.gateway_id or fetched.gateway_id in refund.failed_gateway_ids:
            return refund
    return next((refund for refund in refunds if refund.pk == fetched.reference and not refund.gateway_id), None)


def _written_down(payment: Payment, fetched: GatewayRefund, *, actor: str, at: datetime) -> Refund:
    refund = Refund(
        payment=payment,
        amount_minor=fetched.amount.minor,
        currency=fetched.amount.currency,
        reason="Made at the gateway",
        gateway_id=fetched.gateway_id,
        created_at=at,
    )
    begin(refund, RefundState.REQUESTED, actor=actor, reason="Made at the gateway", at=at)
    return refund


def _apply_to(refund: Refund, outcome: GatewayRefund, *, actor: str, at: datetime) -> None:
    with transaction.atomic():
        locked_row(Payment, refund.payment_id)
        _apply(locked_row(Refund, refund.pk), outcome, actor, at)


def _apply(refund: Refund, outcome: GatewayRefund, actor: str, at: datetime) -> None:
    if outcome.gateway_id in refund.failed_gateway_ids:
        return
    if not refund.gateway_id:
        Refund.objects.filter(pk=refund.pk).update(gateway_id=outcome.gateway_id)
    if outcome.status == RefundStatus.SUCCEEDED and refund.status in {RefundState.REQUESTED, RefundState.FAILED}:
        _succeed(refund, outcome, actor=actor, at=at)
    elif outcome.status == RefundStatus.FAILED and refund.status == RefundState.SUCCEEDED:
        _come_back(refund, outcome, actor=actor, at=at)
    elif outcome.status == RefundStatus.FAILED and refund.status == RefundState.REQUESTED:
        _fail(refund, reason="The gateway could not refund", actor=actor, at=at)


def _succeed(refund: Refund, outcome: GatewayRefund, *, actor: str, at: datetime) -> None:
    _book(LedgerEntry.Kind.REFUND, refund, -outcome.amount, outcome.gateway_id, at=at)
    advance(refund, RefundState.SUCCEEDED, actor=actor, reason=f"{outcome.amount} refunded", at=at)
    announce("refunded", refund.payment, at=at, refund=str(refund.pk))


def _come_back(refund: Refund, outcome: GatewayRefund, *, actor: str, at: datetime) -> None:
    """The gateway had made it, and the shopper's bank has sent it back. One paid back by hand is another matter."""
    facts = LedgerEntry.objects.filter(gateway_reference=outcome.gateway_id, payment=refund.payment_id)
    if set(facts.values_list("kind", flat=True)) == {LedgerEntry.Kind.REFUND}:
        _book(LedgerEntry.Kind.REFUND_FAILED, refund, outcome.amount, outcome.gateway_id, at=at)
        _fail(refund, reason="The refund came back from the shopper's bank", actor=actor, at=at)


def _book(
    kind: str, refund: Refund, amount: Money, gateway_reference: str, *, by_hand: bool = False, at: datetime
) -> None:
    LedgerEntry.objects.create(
        payment_id=refund.payment_id,
        kind=kind,
        amount_minor=amount.minor,
        currency=amount.currency,
        gateway_reference=gateway_reference,
        is_at_gateway=not by_hand,
        at=at,
    )


def _refuse(refund: Refund, *, reason: str, actor: str, at: datetime) -> None:
    with transaction.atomic():
        locked_row(Payment, refund.payment_id)
        refund = locked_row(Refund, refund.pk)
        if refund.status == RefundState.REQUESTED:
            _fail(refund, reason=reason, actor=actor, at=at)


def _fail(refund: Refund, *, reason: str, actor: str, at: datetime) -> None:
    advance(refund, RefundState.FAILED, actor=actor, reason=reason[:255], at=at)
    announce("refund_failed", refund.payment, at=at, refund=str(refund.pk))
    logger.error("refund %s failed and is owed to the shopper: %s", refund.pk, reason)
