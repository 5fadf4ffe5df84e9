from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.orders import gift_cards
from commerce.orders.fulfilling import follow_parcels
from commerce.orders.giving_back import give_back, given_back, paid_for
from commerce.orders.locking import lines_of, lock_order
from commerce.orders.models import Order, OrderLine, OrderRefund
from commerce.orders.refund_shares import MoreThanIsLeft, ReturnQuantityRefused
from commerce.orders.refund_sums import RefundSums, refund_sums
from commerce.orders.states import OrderStatus
from commerce.orders.units import cancel_or_take_back


class NothingToRefund(DomainError):
    code = "nothing_to_refund"
    title = "No units and no amount: there is nothing to give back"
    kind = ErrorKind.INVALID


class OrderNotRefundable(DomainError):
    """`facts["state"]` is the order's."""

    code = "order_not_refundable"
    title = "An order that was never confirmed is cancelled, and one that is cancelled has been settled"
    kind = ErrorKind.CONFLICT


class RefundedMeanwhile(DomainError):
    """`facts["refunded"]` is what was given back by now."""

    code = "order_refunded_meanwhile"
    title = "Something was given back since this was worked out: look at the order again"
    kind = ErrorKind.CONFLICT


def refund(
    *,
    order: Order,
    lines: Mapping[OrderLine, int],
    shipping: Money | None = None,
    other: Money | None = None,
    reason: str,
    restock: bool,
    actor: str,
    at: datetime,
    known: Money | None = None,
) -> OrderRefund:
    """Give back what was paid for these units, this much of the shipping and this much beside.

    Units that were not packed yet are cancelled with it and never sent; with `restock` they, and those that were sent,
    are in stock again. For money without goods there is `other`. Payments give back first, then credit. `known` is
    what whoever decides this believes to have been given back before.

    Lock order: order, stock levels, credit accounts, payments.

    Raises:
        RefundedMeanwhile: `known` is no longer true.
        NothingToRefund, RefundAmountRefused, ReturnQuantityRefused: what is asked for makes no sense.
        MoreThanIsLeft, OrderRefundTooLarge: it was given back before.
        OrderNotRefundable, OrderNotPaid, MoneyDisputed, UnitsArePacked, GoodsNotSent, GiftCardSpent: not now.
    """
    with transaction.atomic():
        order = lock_order(order.pk)
        if order.status in (OrderStatus.PENDING, OrderStatus.CANCELLED):
            raise OrderNotRefundable(state=order.status)
        if known is not None and known != order.refunded:
            raise RefundedMeanwhile(refunded=order.refunded.document())
        rows = lines_of(order)
        units = _units(rows, lines)
        sums = _sums(order, rows, units, shipping, other)
        if not units and not sums.total:
            raise NothingToRefund()
        cancel_or_take_back(order=order, units=units, into_stock=restock, reason=reason, actor=actor, at=at)
        gift_cards.take_back(order=order, units=units, actor=actor, reason=reason, at=at)
        given = give_back(
            order=order,
            sums=sums,
            purpose=OrderRefund.Purpose.REFUND,
            may_void=True,
            reason=reason,
            actor=actor,
            at=at,
        )
        follow_parcels(order, actor=actor, reason=reason, at=at)
    return given


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """Of `sums.total` so much is not paid back, for nobody has paid it: it is no longer to be paid."""

    sums: RefundSums
    voided: Money


def work_out(
    *,
    order: Order,
    lines: Mapping[OrderLine, int],
    shipping: Money | None = None,
    other: Money | None = None,
    at: datetime,
) -> WorkedOut:
    """What such a refund would come to: it is made and taken back. Raises as `refund` does."""
    asked: dict[str, Any] = {"order": order, "lines": lines, "shipping": shipping, "other": other}
    try:
        with transaction.atomic():
            rows = lines_of(order)
            sums = _sums(order, rows, _units(rows, lines), shipping, other)
            made = refund(**asked, reason="Worked out", restock=False, actor="nobody", at=at)
            raise _TakenBack(WorkedOut(sums, Money(made.voided_minor, made.currency)))
    except _TakenBack as found:
        return found.worked_out


class _TakenBack(Exception):
    def __init__(self, worked_out: WorkedOut) -> None:
        self.worked_out = worked_out


def _sums(
    order: Order,
    rows: Mapping[int, OrderLine],
    units: Mapping[OrderLine, int],
    shipping: Money | None,
    other: Money | None,
) -> RefundSums:
    return refund_sums(
        paid=paid_for(order, rows),
        given=given_back(order, rows),
        units={line.pk: many for line, many in units.items()},
        shipping=shipping,
        other=other,
    )


def give_back_surplus(*, order: Order, amount: Money, reason: str, actor: str, at: datetime) -> OrderRefund:
    """Money that is no part of what the order costs: an edit made it cheaper, or it came after it was cancelled.

    In the caller's transaction, under the order's lock.

    Raises:
        NothingToRefund: the amount is not above zero.
        OrderNotPaid, OrderRefundTooLarge: as much never came in.
        MoneyDisputed: a bank holds it while a dispute lasts.
    """
    zero = Money.zero(order.currency)
    if amount <= zero:
        raise NothingToRefund()
    sums = RefundSums({}, shipping=zero, shipping_tax=zero, other=amount, adjustment=zero, total=amount)
    return give_back(order=order, sums=sums, purpose=OrderRefund.Purpose.SURPLUS, reason=reason, actor=actor, at=at)


def _units(rows: Mapping[int, OrderLine], wanted: Mapping[OrderLine, int]) -> dict[OrderLine, int]:
    if any(many < 0 for many in wanted.values()):
        raise ReturnQuantityRefused()
    strangers = [
        {"line": str(line.pk), "requested": many, "left": 0} for line, many in wanted.items() if line.pk not in rows
    ]
    if strangers:
        raise MoreThanIsLeft(lines=strangers)
    return {rows[line.pk]: many for line, many in wanted.items() if many}
