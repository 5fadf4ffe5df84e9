"""An order's own facts with other quantities: whatever is not changed costs what it cost.

Prices, promotions, shipping method, tax rates and gift cards stay the frozen ones; goods that are added bring the facts
of the day. No database and no clock, as in `computing`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace

from commerce.checkout.quoting.computing import Purchase
from commerce.checkout.quoting.facts import LineFacts, QuoteFacts
from commerce.credit.redeeming import Balance
from commerce.inventory.waiting import Wait
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.orders.snapshots import QuoteSnapshot
from commerce.shipping.choosing import CannotShip
from commerce.shipping.costing import price_of


class NotInTheOrder(DomainError):
    """`facts["variants"]` names what is not there."""

    code = "variant_not_in_order"
    title = "The order has no such line"
    kind = ErrorKind.INVALID


class NothingLeft(DomainError):
    code = "order_would_be_empty"
    title = "Nothing would be left of the order; cancel it instead"
    kind = ErrorKind.CONFLICT


def amended(
    frozen: QuoteSnapshot,
    *,
    quantities: Mapping[uuid.UUID, int],
    added: Iterable[LineFacts] = (),
    waits: Mapping[uuid.UUID, Wait],
) -> QuoteFacts:
    """The facts with these quantities by variant (0 takes a line out) and with what is added.

    `waits` are those for what is more than before, by variant; if shipped, they take the promised
    days away. Gift cards and store credit pay as much as they did and no more, so that no account has to be asked.

    Raises:
        NotInTheOrder, NothingLeft
        CannotShip: the way it was to be shipped does not take this.
    """
    facts = QuoteFacts.from_document(frozen["facts"])
    bought = {line.goods.variant for line in facts.lines}
    if strangers := sorted(str(variant) for variant in quantities if variant not in bought):
        raise NotInTheOrder(variants=strangers)
    kept = [replace(line, quantity=quantities.get(line.goods.variant, line.quantity)) for line in facts.lines]
    lines = [line for line in kept if line.quantity > 0]
    lines += [replace(line, position=len(kept) + place) for place, line in enumerate(added)]
    if not lines:
        raise NothingLeft()
    lines = [replace(line, wait=Wait.longest((line.wait, waits.get(line.goods.variant)))) for line in lines]
    balances = tuple(_as_spent(frozen, facts.balances))
    changed = replace(facts, lines=tuple(lines), balances=balances)
    _require_way(changed)
    if changed.delivery and any(line.variant in waits and line.is_shipped for line in Purchase(changed).parcel.lines):
        # The days were promised for goods that did not wait for these.
        return replace(changed, delivery=replace(changed.delivery, earliest=None, latest=None))
    return changed


def _require_way(facts: QuoteFacts) -> None:
    if facts.delivery and facts.delivery.method:
        cost = price_of(facts.delivery.method, Purchase(facts).parcel)
        if cost.price is None:
            raise CannotShip(country=facts.country, problem=cost.problem)


def _as_spent(frozen: QuoteSnapshot, balances: Iterable[Balance]) -> Iterable[Balance]:
    spent = {uuid.UUID(each["account"]): Money.from_document(each["amount"]) for each in frozen["credits"]}
    return [replace(each, available=spent[each.account]) for each in balances if each.account in spent]
