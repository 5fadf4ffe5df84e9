"""Even exchanges: another variant of the same product for units that come back, at the same price, so no money moves.

The other variant is reserved when the exchange is arranged, leaves stock when the goods have come back, and is then
packed like any other unit of the order. For anything that costs more or less, the goods are paid back and bought anew:
an order's total never changes because of what was sent back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum

from cms.catalogue.models import Variant
from commerce.inventory import reservations
from commerce.inventory.reservations import Holder, NothingReserved
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.markets.models import Market
from commerce.orders.locking import lock_order
from commerce.orders.models import Order, OrderLine, Replacement, Return, ReturnLine
from commerce.orders.states import RECEIVED_RETURNS, ReturnStatus
from commerce.pricing.audience import Audience
from commerce.pricing.resolving import resolve_prices

HELD_FOR = timedelta(days=30)
"""How long a replacement waits in stock for the goods to come back; after that it is taken if it is still there."""


class ExchangeNotPossible(DomainError):
    code = "exchange_not_possible"
    title = "The return is not open, or fewer units are to come back"
    kind = ErrorKind.CONFLICT


class ExchangeNotEven(DomainError):
    """Another product, or another price: pay the goods back, and let the shopper buy the other ones."""

    code = "exchange_not_even"
    title = "Only another variant of the same product at the same price is exchanged"
    kind = ErrorKind.CONFLICT


def exchange(*, return_line: ReturnLine, variant: Variant, quantity: int, actor: str, at: datetime) -> Replacement:
    """Arrange that units of another variant are sent for as many that come back. Possible until they are received.

    Lock order: order, return, stock levels.

    Raises: ExchangeNotPossible, ExchangeNotEven, OutOfStock.
    """
    with transaction.atomic():
        order = lock_order(return_line.parent.order_id)
        parent = locked_row(Return, return_line.parent_id)
        arranged = _arranged(parent).get(return_line.line, 0)
        is_open = parent.status in (ReturnStatus.REQUESTED, ReturnStatus.APPROVED)
        if not is_open or not 0 < quantity <= return_line.quantity - arranged:
            raise ExchangeNotPossible()
        _require_even(order, return_line.line, variant, at=at)
        made = Replacement.objects.create(
            parent=parent,
            line=return_line.line,
            variant=variant,
            sku=variant.sku,
            title=return_line.line.title,
            name=variant.name,
            quantity=quantity,
            arranged_at=at,
        )
        until = at + HELD_FOR
        reservations.reserve(lines={variant.pk: quantity}, holder=_holder(made), until=until, at=at)
    return made


def take_from_stock(
    order: Order, parent: Return, *, came: Mapping[OrderLine, int], actor: str, at: datetime
) -> dict[OrderLine, int]:
    """Sell the replacements of a return that is received; by line, how many units they stand for.

    Of goods that did not come, the replacement is given up. In the caller's transaction, under the return's lock.

    Raises: OutOfStock.
    """
    exchanged: dict[OrderLine, int] = {}
    for each in Replacement.objects.filter(parent=parent).select_related("line").order_by("pk"):
        due = min(each.quantity - each.cancelled, came.get(each.line, 0) - exchanged.get(each.line, 0))
        drop(each, each.quantity - each.cancelled - due)
        if due:
            _sell(order, each, due, actor=actor, at=at)
            exchanged[each.line] = exchanged.get(each.line, 0) + due
        else:
            reservations.release(holder=_holder(each), at=at)
    return exchanged


def taken_replacements(order: Order) -> list[Replacement]:
    """Those that left stock, because the goods they stand for came back."""
    taken = Replacement.objects.filter(parent__order=order, parent__status__in=RECEIVED_RETURNS)
    return list(taken.order_by("pk"))


def exchanged_units(order: Order) -> Counter[int]:
    """By line, the units that came back and for which others were sent, or are to be."""
    units: Counter[int] = Counter()
    for each in taken_replacements(order):
        units[each.line_id] += each.quantity - each.cancelled
    return units


def give_up(parent: Return, *, reason: str, actor: str, at: datetime) -> None:
    """Nothing is exchanged after all. In the caller's transaction, under the return's lock."""
    for each in Replacement.objects.filter(parent=parent).order_by("pk"):
        drop(each, each.to_fulfil)
        reservations.release(holder=_holder(each), at=at)


def cancel_exchange(*, replacement: Replacement, actor: str, at: datetime) -> None:
    """The shopper wants the money instead. Raises `ExchangeNotPossible` once the goods were received."""
    with transaction.atomic():
        lock_order(replacement.parent.order_id)
        parent = locked_row(Return, replacement.parent_id)
        if parent.status not in (ReturnStatus.REQUESTED, ReturnStatus.APPROVED):
            raise ExchangeNotPossible()
        row = Replacement.objects.get(pk=replacement.pk)
        drop(row, row.to_fulfil)
        reservations.release(holder=_holder(row), at=at)


def _sell(order: Order, replacement: Replacement, due: int, *, actor: str, at: datetime) -> None:
    """What was reserved for more units, or ran out of time, is reserved again for these."""
    holder, lines = _holder(replacement), {replacement.variant_id: due}
    if due != replacement.quantity:
        reservations.release(holder=holder, at=at)
    try:
        reservations.consume(holder=holder, reference=order.number, actor=actor, at=at, lines=lines)
    except NothingReserved:
        reservations.reserve(lines=lines, holder=holder, until=at, at=at)
        reservations.consume(holder=holder, reference=order.number, actor=actor, at=at, lines=lines)


def drop(replacement: Replacement, units: int) -> None:
    """So many of its units are never sent; in the caller's transaction, under the order's lock."""
    if units:
        Replacement.objects.filter(pk=replacement.pk).update(cancelled=F("cancelled") + units)
        replacement.cancelled += units


def _require_even(order: Order, line: OrderLine, variant: Variant, *, at: datetime) -> None:
    """By today's prices of both, for anybody: what the shopper paid may have been a promotion's price."""
    if variant.product_id != line.variant.product_id:
        raise ExchangeNotEven()
    if variant.pk == line.variant_id:
        return
    audience = Audience(market=Market.objects.get(code=order.market))
    prices = resolve_prices(quantities={line.variant_id: 1, variant.pk: 1}, audience=audience, at=at)
    if len(prices) < 2 or prices[variant.pk].current != prices[line.variant_id].current:
        raise ExchangeNotEven()


def _arranged(parent: Return) -> dict[OrderLine, int]:
    rows = Replacement.objects.filter(parent=parent).order_by().values_list("line_id")
    sums = rows.annotate(units=Sum(F("quantity") - F("cancelled")))
    lines = OrderLine.objects.in_bulk([pk for pk, _ in sums])
    return {lines[pk]: units for pk, units in sums}


def _holder(replacement: Replacement) -> Holder:
    return Holder("replacement", replacement.pk)
