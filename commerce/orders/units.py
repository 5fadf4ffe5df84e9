"""What becomes of units that are paid back: cancelled before they were packed, or back from the shopper, and into
stock again or not."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import F, Sum

from commerce.inventory.models import StockMovement
from commerce.inventory.restocking import restock
from commerce.kit.errors import DomainError, ErrorKind
from commerce.orders.exchanging import drop, exchanged_units, taken_replacements
from commerce.orders.models import FulfilmentLine, Order, OrderLine, Replacement, ReturnLine
from commerce.orders.states import OPEN_RETURNS, FulfilmentStatus

GONE = (FulfilmentStatus.SHIPPED, FulfilmentStatus.DELIVERED)


class UnitsArePacked(DomainError):
    """`facts["lines"]` names each line with how many may go back: unpack the parcel first."""

    code = "units_are_packed"
    title = "Some of these units are packed and not sent; unpack them first"
    kind = ErrorKind.CONFLICT


def sent_units(order: Order) -> Counter[int]:
    """By line, the units that have left the house."""
    rows = FulfilmentLine.objects.filter(fulfilment__order=order, fulfilment__status__in=GONE, line__isnull=False)
    return Counter(dict(rows.order_by().values_list("line_id").annotate(units=Sum("quantity"))))


def awaited_units(order: Order) -> Counter[int]:
    """By line, the units that are to come back with a return that is open."""
    rows = ReturnLine.objects.filter(parent__order=order, parent__status__in=OPEN_RETURNS).order_by()
    return Counter(dict(rows.values_list("line_id").annotate(units=Sum("quantity"))))


def cancel_or_take_back(
    *, order: Order, units: Mapping[OrderLine, int], into_stock: bool, reason: str, actor: str, at: datetime
) -> None:
    """Units that were not packed are cancelled; of the others, those that go into stock have come back. Those for which
    a return is open come back with it, once. Units that were exchanged are the last to be paid back: what is sent in
    their place is not sent then, or has come back like the others.

    Raises:
        UnitsArePacked: some of them lie in a parcel that has not left.
    """
    sent, awaited = sent_units(order), awaited_units(order)
    cancelled: dict[OrderLine, int] = {}
    returned: dict[OrderLine, int] = {}
    packed = []
    unsent: dict[Replacement, int] = {}
    gone: dict[Replacement, int] = {}
    exchanged = exchanged_units(order)
    for line, wanted in units.items():
        instead = max(0, wanted - max(0, line.quantity - line.refunded - exchanged[line.pk]))
        if instead and not _take_instead(order, line, instead, unsent, gone):
            packed.append({"line": line.pk, "sku": line.sku, "free": wanted - instead})
        many = wanted - instead
        unpacked = line.quantity - line.fulfilled - line.cancelled
        cancelled[line] = min(many, unpacked)
        rest = many - cancelled[line]
        # Goods may have come back before they are paid back, as with an exchange.
        if rest > sent[line.pk]:
            packed.append({"line": line.pk, "sku": line.sku, "free": unpacked + sent[line.pk]})
        here = min(rest - awaited[line.pk], sent[line.pk] - line.returned - awaited[line.pk])
        returned[line] = max(0, here) if into_stock else 0
    if packed:
        raise UnitsArePacked(lines=packed)
    count(cancelled, "cancelled")
    count(returned, "returned")
    for replacement, many in unsent.items():
        drop(replacement, many)
    if into_stock:
        put_back(order, [cancelled, returned, unsent, gone], reason=reason, actor=actor, at=at)


def _take_instead(
    order: Order, line: OrderLine, many: int, unsent: dict[Replacement, int], gone: dict[Replacement, int]
) -> bool:
    """Of what is sent in place of exchanged units, what waits first, then what has left. False: some is packed."""
    mine = [each for each in taken_replacements(order) if each.line_id == line.pk]
    rows = FulfilmentLine.objects.filter(replacement__in=mine, fulfilment__status__in=GONE).order_by()
    sent = dict(rows.values_list("replacement_id").annotate(units=Sum("quantity")))
    for each in mine:
        unsent[each] = min(many, each.to_fulfil)
        many -= unsent[each]
    for each in mine:
        gone[each] = min(many, sent.get(each.pk, 0))
        many -= gone[each]
    return many == 0


def count(units: Mapping[OrderLine, int], counter: str) -> None:
    for line, many in units.items():
        if many:
            OrderLine.objects.filter(pk=line.pk).update(**{counter: F(counter) + many})
            setattr(line, counter, getattr(line, counter) + many)


def put_back(
    order: Order,
    several: Iterable[Mapping[OrderLine, int] | Mapping[Replacement, int]],
    *,
    kind: StockMovement.Kind = StockMovement.Kind.RETURN,
    reason: str,
    actor: str,
    at: datetime,
) -> None:
    """By variant: a gift may be more of what was bought."""
    variants: Counter[uuid.UUID] = Counter()
    for units in several:
        for sold, many in units.items():
            variants[sold.variant_id] += many
    if lines := {variant: many for variant, many in variants.items() if many}:
        restock(lines=lines, reference=order.number, reason=reason, actor=actor, at=at, kind=kind)
