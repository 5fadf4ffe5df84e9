"""What a list asks for a variant, from the list's own rows and those of its base. Pure."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from commerce.kit.money import Money
from commerce.pricing.reference import PricePoint
from commerce.pricing.rounding import Rounding, converted

REGULAR, SALE = "regular", "sale"


@dataclass(frozen=True, slots=True)
class Entered:
    """A dated price as somebody entered it."""

    pk: int
    variant: uuid.UUID
    kind: str
    min_quantity: int
    amount: Money
    valid_from: datetime
    valid_until: datetime | None
    announced_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return _within(at, self.valid_from, self.valid_until)


@dataclass(frozen=True, slots=True)
class ListTerms:
    """How a derived list made its prices during a time."""

    factor: Decimal = Decimal(1)
    rate: Decimal = Decimal(1)
    rounding: Rounding = field(default_factory=Rounding)
    held_from: datetime | None = None
    held_until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return _within(at, self.held_from, self.held_until)


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A price list as far as computing goes; `terms` are told in order of time and leave no gap."""

    pk: int
    code: str
    currency: str
    base_pk: int | None = None
    base_code: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    terms: tuple[ListTerms, ...] = (ListTerms(),)

    def holds(self, at: datetime) -> bool:
        return _within(at, self.valid_from, self.valid_until)

    def is_over(self, at: datetime) -> bool:
        return self.valid_until is not None and self.valid_until <= at

    def terms_at(self, at: datetime) -> ListTerms:
        return next((terms for terms in self.terms if terms.holds(at)), self.terms[-1])


@dataclass(frozen=True, slots=True)
class Asked:
    """An amount that a list asks, with the row it comes from and, where it was derived, the terms."""

    amount: Money
    row: Entered
    terms: ListTerms | None


@dataclass(frozen=True, slots=True)
class Tier:
    """From this quantity on each piece costs `price`."""

    min_quantity: int
    price: Money


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a list asks for a quantity: the regular price and the one to pay, which is the sale price if lower."""

    regular: Asked
    current: Asked
    tiers: tuple[Tier, ...]


def quoted(
    facts: ListFacts, own: Iterable[Entered], base: Iterable[Entered], *, quantity: int, at: datetime
) -> Quoted | None:
    """None when the list does not hold at `at` or has no regular price for one piece then."""
    if not facts.holds(at):
        return None
    rows = _asked(facts, own, base, at)
    if (REGULAR, 1) not in rows:
        return None
    regular, current = _for_quantity(rows, quantity)
    return Quoted(regular, current, _tiers(rows))


def _asked(
    facts: ListFacts, own: Iterable[Entered], base: Iterable[Entered], at: datetime
) -> dict[tuple[str, int], Asked]:
    """What holds, by kind and tier. Own rows replace derived ones of the same kind and tier; an own regular price
    for one piece replaces all that the base says."""
    mine = {(row.kind, row.min_quantity): Asked(row.amount, row, None) for row in own if row.holds(at)}
    if facts.base_pk is None or (REGULAR, 1) in mine:
        return mine
    terms = facts.terms_at(at)
    return {
        (row.kind, row.min_quantity): Asked(_derived(row.amount, facts, terms), row, terms)
        for row in base
        if row.holds(at)
    } | mine


def _derived(amount: Money, facts: ListFacts, terms: ListTerms) -> Money:
    return converted(amount, currency=facts.currency, factor=terms.factor, rate=terms.rate, rounding=terms.rounding)


def _for_quantity(rows: dict[tuple[str, int], Asked], quantity: int) -> tuple[Asked, Asked]:
    """The greatest tier within the quantity, for each kind; the sale price counts only when it is lower."""

    def reached(kind: str) -> Asked | None:
        tiers = [tier for each, tier in rows if each == kind and tier <= quantity]
        return rows[kind, max(tiers)] if tiers else None

    regular, sale = reached(REGULAR), reached(SALE)
    assert regular is not None, "a list without a price for one piece asks nothing"
    return regular, sale if sale is not None and sale.amount < regular.amount else regular


def _tiers(rows: dict[tuple[str, int], Asked]) -> tuple[Tier, ...]:
    """The quantities at which the price to pay changes; empty when there is one price."""
    tiers: list[Tier] = []
    for quantity in sorted({tier for _, tier in rows}):
        price = _for_quantity(rows, quantity)[1].amount
        if not tiers or tiers[-1].price != price:
            tiers.append(Tier(quantity, price))
    return tuple(tiers) if len(tiers) > 1 else ()


def flips(facts: ListFacts, rows: Iterable[Entered], *, after: datetime) -> set[datetime]:
    """The instants after `after` at which what the list asks may change by itself."""
    instants = {facts.valid_from, facts.valid_until}
    for row in rows:
        instants |= {row.valid_from, row.valid_until}
    for terms in facts.terms:
        instants |= {terms.held_from, terms.held_until}
    return {instant for instant in instants if instant is not None and instant > after}


def timeline(facts: ListFacts, own: Sequence[Entered], base: Sequence[Entered], *, since: datetime) -> list[PricePoint]:
    """What one piece costs in the list from `since` on, for ever."""
    points: list[PricePoint] = []
    for instant in sorted({since} | flips(facts, [*own, *base], after=since)):
        point = _point(quoted(facts, own, base, quantity=1, at=instant), instant)
        if not points or not same(points[-1], point):
            points.append(point)
    return points


def merged(paths: Sequence[Sequence[PricePoint]]) -> list[PricePoint]:
    """What one piece has cost whoever buys by several lists, from the path of each in the order they are asked.

    At every instant the first list with a price counts. An announcement counts only where it is the announced
    price that begins, not where another list has made way for one that began before.
    """
    changes: dict[datetime, dict[int, PricePoint]] = defaultdict(dict)
    for place, path in enumerate(paths):
        for point in path:
            changes[point.at][place] = point
    standing: dict[int, PricePoint] = {}
    points: list[PricePoint] = []
    for instant in sorted(changes):
        standing |= changes[instant]
        taken = min((place for place, point in standing.items() if point.current is not None), default=None)
        price = standing[taken] if taken is not None else PricePoint(instant, None, None)
        if price.at < instant:
            price = replace(price, at=instant, announced_at=None)
        if not points or (points[-1].current, points[-1].regular) != (price.current, price.regular):
            points.append(price)
    return points


def _point(price: Quoted | None, at: datetime) -> PricePoint:
    if price is None:
        return PricePoint(at, None, None)
    announced = price.current.row.announced_at if price.current is not price.regular else None
    return PricePoint(at, price.current.amount, price.regular.amount, announced)


def same(one: PricePoint, other: PricePoint) -> bool:
    """Whether they say the same but for the instant."""
    return (one.current, one.regular, one.announced_at) == (other.current, other.regular, other.announced_at)


def _within(at: datetime, start: datetime | None, end: datetime | None) -> bool:
    return (start is None or start <= at) and (end is None or at < end)


def as_derivation(asked: Asked, facts: ListFacts) -> dict[str, Any] | None:
    """How a derived amount came about, as data; None for one that was entered."""
    if asked.terms is None:
        return None
    return {
        "price_list": facts.base_code,
        "amount": asked.row.amount.document(),
        "factor": str(asked.terms.factor.normalize()),
        "rate": str(asked.terms.rate.normalize()),
        "rounding": asked.terms.rounding.document(),
    }
