"""Goods that come back: asked for, approved or rejected, received, closed. Lock order: order, return."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from commerce.inventory import reservations
from commerce.inventory.models import StockMovement
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.kit.money import Money
from commerce.kit.states import advance, begin
from commerce.orders import exchanging, gift_cards
from commerce.orders.fulfilling import follow_parcels
from commerce.orders.giving_back import give_back, given_back, paid_for
from commerce.orders.locking import lines_of, lock_order
from commerce.orders.models import (
    Condition,
    Order,
    OrderLine,
    OrderRefund,
    OrderRefundLine,
    Return,
    ReturnLine,
    ReturnReason,
)
from commerce.orders.refund_sums import refund_sums
from commerce.orders.states import ReturnStatus
from commerce.orders.units import awaited_units, count, put_back, sent_units

_INTO_STOCK = {
    Condition.RESTOCK: StockMovement.Kind.RETURN,
    # Taken in and written off: two movements.
    Condition.DAMAGED: StockMovement.Kind.DAMAGE,
}


class NothingToReturn(DomainError):
    code = "nothing_to_return"
    title = "No units: there is nothing to send back"
    kind = ErrorKind.INVALID


class MoreThanWasSent(DomainError):
    """`facts["lines"]` names each line: `{"line", "sku", "requested", "left"}`."""

    code = "return_exceeds_sent"
    title = "More would be sent back than has arrived and was kept"
    kind = ErrorKind.CONFLICT


class ReturnStepRefused(DomainError):
    """`facts["state"]` is the return's."""

    code = "return_step_refused"
    title = "The return is not in the state for this step"
    kind = ErrorKind.CONFLICT


@dataclass(frozen=True, slots=True)
class Asked:
    line: OrderLine
    quantity: int
    reason: ReturnReason


@dataclass(frozen=True, slots=True)
class Came:
    """How many of a line of the return came, and what becomes of them."""

    quantity: int
    condition: Condition


def request(*, order: Order, asked: Sequence[Asked], words: str = "", actor: str, at: datetime) -> Return:
    """Ask to send units back. They may be asked for once, as long as they have left the house and were kept.

    Raises: NothingToReturn, MoreThanWasSent.
    """
    with transaction.atomic():
        order = lock_order(order.pk)
        wanted = _summed(asked)
        _require_kept(order, wanted)
        made = Return(order=order, words=words.strip()[:1000], requested_at=at)
        reason = ", ".join(f"{many} × {line.sku}" for line, many in wanted.items())[:255]
        begin(made, ReturnStatus.REQUESTED, actor=actor, reason=reason, at=at)
        ReturnLine.objects.bulk_create(
            ReturnLine(parent=made, line=each.line, quantity=wanted[each.line], reason=each.reason)
            for each in {each.line: each for each in asked if each.quantity}.values()
        )
        _announce("requested", made, at=at)
    return made


def approve(*, parent: Return, reason: str = "", actor: str, at: datetime) -> Return:
    """The shopper may send it. Raises `ReturnStepRefused`."""
    return _step(parent, ReturnStatus.REQUESTED, ReturnStatus.APPROVED, reason or "Approved", actor=actor, at=at)


def reject(*, parent: Return, reason: str, actor: str, at: datetime) -> Return:
    """The shopper is told why. Raises `ReturnStepRefused`."""
    with transaction.atomic():
        _, parent = _lock(parent)
        exchanging.give_up(parent, reason=reason, actor=actor, at=at)
        return _step(parent, ReturnStatus.REQUESTED, ReturnStatus.REJECTED, reason, actor=actor, at=at)


def receive(
    *,
    parent: Return,
    came: Mapping[ReturnLine, Came],
    shipping: Money | None = None,
    reason: str = "",
    actor: str,
    at: datetime,
) -> Return:
    """The goods are here: into stock or written off, and paid back, but for the units that are exchanged.

    What was paid back before is not paid back again. A return is received once, so it restocks once. What an exchange
    promises is taken from stock now and waits to be packed.

    Lock order: order, return, stock levels, credit accounts, payments.

    Raises:
        ReturnStepRefused: it was not approved, or was received before.
        NothingToReturn: nothing came; then it is closed, not received.
        MoreThanWasSent: more came than was to come.
        OutOfStock: what an exchange promises is gone.
        OrderNotPaid, OrderRefundTooLarge, MoneyDisputed, GoodsNotSent: see `refunding`.
    """
    with transaction.atomic():
        order, parent = _lock(parent)
        if parent.status != ReturnStatus.APPROVED:
            raise ReturnStepRefused(state=parent.status)
        reason = reason or "Goods came back"
        _lock_stock(parent)
        units = _take_in(order, parent, came, reason=reason, actor=actor, at=at)
        unpaid = _not_paid_back(parent, units)
        exchanged = exchanging.take_from_stock(order, parent, came=unpaid, actor=actor, at=at)
        advance(parent, ReturnStatus.RECEIVED, actor=actor, reason=reason, at=at)
        _pay_back(order, parent, unpaid, exchanged, shipping=shipping, reason=reason, actor=actor, at=at)
        _announce("received", parent, at=at)
        follow_parcels(order, actor=actor, reason=reason, at=at)
    return parent


def close(*, parent: Return, reason: str, actor: str, at: datetime) -> Return:
    """Nothing more will happen: it is settled, or the goods never came. Raises `ReturnStepRefused`."""
    with transaction.atomic():
        _, parent = _lock(parent)
        if parent.status not in (ReturnStatus.APPROVED, ReturnStatus.RECEIVED):
            raise ReturnStepRefused(state=parent.status)
        if parent.status == ReturnStatus.APPROVED:
            exchanging.give_up(parent, reason=reason, actor=actor, at=at)
        advance(parent, ReturnStatus.CLOSED, actor=actor, reason=reason, at=at)
    return parent


def returnable_units(order: Order) -> dict[OrderLine, int]:
    """By line, what has left the house, was kept and is not asked for already."""
    sent, asked = sent_units(order), awaited_units(order)
    left = {line: sent[line.pk] - line.returned - asked[line.pk] for line in lines_of(order).values()}
    return {line: many for line, many in left.items() if many > 0}


def _summed(asked: Sequence[Asked]) -> Counter[OrderLine]:
    wanted: Counter[OrderLine] = Counter()
    for each in asked:
        if each.quantity < 0:
            raise NothingToReturn("Fewer than no units cannot be sent back.")
        if each.quantity:
            wanted[each.line] += each.quantity
    if not wanted:
        raise NothingToReturn()
    return wanted


def _require_kept(order: Order, wanted: Mapping[OrderLine, int]) -> None:
    left = returnable_units(order)
    short = [
        {"line": line.position, "sku": line.sku, "requested": many, "left": left.get(line, 0)}
        for line, many in wanted.items()
        if many > left.get(line, 0)
    ]
    if short:
        raise MoreThanWasSent(lines=short)


def _take_in(
    order: Order, parent: Return, came: Mapping[ReturnLine, Came], *, reason: str, actor: str, at: datetime
) -> dict[OrderLine, int]:
    """Write down what came and put it where it belongs; the units by line of the order."""
    expected = {each.pk: each for each in parent.lines.select_related("line")}
    units: dict[OrderLine, int] = {}
    by_condition: dict[str, dict[OrderLine, int]] = {condition: {} for condition in Condition.values}
    for key, each in came.items():
        row = expected.get(key.pk)
        if row is None or not 0 <= each.quantity <= row.quantity:
            left = row.quantity if row else 0
            raise MoreThanWasSent(lines=[{"sku": key.line.sku, "requested": each.quantity, "left": left}])
        if each.quantity:
            row.received, row.condition = each.quantity, each.condition
            row.save(update_fields=["received", "condition"])
            units[row.line] = by_condition[each.condition][row.line] = each.quantity
    if not units:
        raise NothingToReturn()
    count(units, "returned")
    for condition, kind in _INTO_STOCK.items():
        put_back(order, [by_condition[condition]], kind=kind, reason=reason, actor=actor, at=at)
    return units


def _lock_stock(parent: Return) -> None:
    """Of what comes and of what goes, in one sorted sweep."""
    came = parent.lines.values_list("line__variant_id", flat=True)
    reservations.lock_levels({*came, *parent.replacements.values_list("variant_id", flat=True)})


def _not_paid_back(parent: Return, came: Mapping[OrderLine, int]) -> dict[OrderLine, int]:
    """The units that came without those for which money went back before: while the return was open a refund of units
    that have left the house is one of those that come with it."""
    meanwhile = OrderRefundLine.objects.filter(
        line__in=[line.pk for line in came], refund__at__gte=parent.requested_at, refund__parent=None
    )
    refunded = Counter(dict(meanwhile.order_by().values_list("line_id").annotate(units=Sum("quantity"))))
    exchanged, unpaid = exchanging.exchanged_units(parent.order), {}
    for line, many in came.items():
        # Paid back, neither cancelled nor back before these came: the shopper had them and the money.
        with_money = max(0, line.refunded - line.cancelled - (line.returned - many - exchanged[line.pk]))
        left = max(0, line.quantity - line.refunded - exchanged[line.pk])
        unpaid[line] = min(many - min(many, refunded[line.pk], with_money), left)
    return unpaid


def _pay_back(
    order: Order,
    parent: Return,
    units: Mapping[OrderLine, int],
    exchanged: Mapping[OrderLine, int],
    *,
    shipping: Money | None,
    reason: str,
    actor: str,
    at: datetime,
) -> None:
    rows = lines_of(order)
    owed = {rows[line.pk]: many - exchanged.get(line, 0) for line, many in units.items()}
    owed = {line: many for line, many in owed.items() if many}
    if not owed and not shipping:
        return
    sums = refund_sums(
        paid=paid_for(order, rows),
        given=given_back(order, rows),
        units={line.pk: many for line, many in owed.items()},
        shipping=shipping,
    )
    gift_cards.take_back(order=order, units=owed, actor=actor, reason=reason, at=at)
    purpose = OrderRefund.Purpose.RETURN
    give_back(order=order, sums=sums, purpose=purpose, parent=parent, may_void=True, reason=reason, actor=actor, at=at)


def _step(
    parent: Return, before: ReturnStatus, after: ReturnStatus, reason: str, *, actor: str, at: datetime
) -> Return:
    with transaction.atomic():
        _, parent = _lock(parent)
        if parent.status != before:
            raise ReturnStepRefused(state=parent.status)
        advance(parent, after, actor=actor, reason=reason[:255], at=at)
        _announce(after, parent, at=at)
    return parent


def _announce(what: str, parent: Return, *, at: datetime) -> None:
    outbox.record(f"orders.return_{what}", {"order": str(parent.order_id), "return": str(parent.pk)}, at=at)


def _lock(parent: Return) -> tuple[Order, Return]:
    order = lock_order(parent.order_id)
    locked = locked_row(Return, parent.pk)
    locked.order = order
    return order, locked


def return_with(*, return_id: uuid.UUID, order: Order) -> Return:
    """Raises `Return.DoesNotExist`."""
    return Return.objects.get(pk=return_id, order=order)
