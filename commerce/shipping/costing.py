"""What a way of shipping costs for a parcel, or why it is not offered. Pure: facts in, amount and derivation out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from commerce.kit.money import CurrencyMismatch, Money
from commerce.shipping.parcels import Parcel, ParcelLine


class Kind(StrEnum):
    FLAT = "flat"
    WEIGHT = "weight"
    VALUE = "value"
    TABLE = "table"
    PICKUP = "pickup"
    NONE = "none"


class Problem(StrEnum):
    """Why nothing, or not this way, is offered. Part of the public API and never renamed."""

    NO_ZONE = "no_zone"
    NO_METHOD = "no_method"
    UNKNOWN_METHOD = "unknown_method"
    REFUSED_CLASS = "refused_class"
    REFUSED_CATEGORY = "refused_category"
    TOO_HEAVY = "too_heavy"
    TOO_LIGHT = "too_light"
    NO_RATE = "no_rate"
    NO_PICKUP_POINT = "no_pickup_point"
    PICKUP_POINT_NEEDED = "pickup_point_needed"
    UNKNOWN_PICKUP_POINT = "unknown_pickup_point"


@dataclass(frozen=True, slots=True)
class RateRow:
    """From this many grams, minor units or pieces on, until the next row begins."""

    starts_at: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """Looks at a shipping class or at a category (its own or one above), whichever is given."""

    name: str
    effect: str
    shipping_class: str = ""
    category: UUID | None = None
    amount_minor: int = 0
    per: str = "order"

    def covers(self, line: ParcelLine) -> bool:
        if not line.is_shipped:
            return False
        return line.shipping_class == self.shipping_class if self.shipping_class else self.category in line.categories

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "category": str(self.category) if self.category else None}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> RuleFacts:
        category = document["category"]
        return cls(**{**document, "category": UUID(category) if category else None})


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """A way of shipping as it stood at an instant. Amounts are minor units of `currency`.

    flat, pickup: `price_minor`. weight: that and `step_price_minor` for every started `step_grams`. value: that and
    `percent` of the value shipped. table: the row of `rates` that the parcel's weight, value or units reaches.
    """

    code: str
    name: str
    kind: Kind
    currency: str
    zone: str = ""
    price_minor: int = 0
    step_grams: int = 1000
    step_price_minor: int = 0
    percent: Decimal = Decimal(0)
    table_by: str = ""
    rates: tuple[RateRow, ...] = ()
    free_from_minor: int | None = None
    min_weight_grams: int | None = None
    max_weight_grams: int | None = None
    rules: tuple[RuleFacts, ...] = ()

    def document(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "kind": self.kind.value,
            "percent": str(self.percent),
            "rates": [asdict(row) for row in self.rates],
            "rules": [rule.document() for rule in self.rules],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> MethodFacts:
        return cls(
            **{
                **document,
                "kind": Kind(document["kind"]),
                "percent": Decimal(document["percent"]),
                "rates": tuple(RateRow(**row) for row in document["rates"]),
                "rules": tuple(map(RuleFacts.from_document, document["rules"])),
            }
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """A price, or else the problem that stands in its way."""

    price: Money | None
    problem: Problem | None
    derivation: dict[str, Any]


def price_of(facts: MethodFacts, parcel: Parcel) -> Cost:
    """Base price by the method's kind, nothing from the free-shipping threshold on, then surcharges on top.

    The threshold waives the base price and no surcharge. Rounded half up once, where a percentage is taken.

    Raises:
        CurrencyMismatch: the method is priced in another currency than the parcel.
    """
    if facts.currency != parcel.currency:
        raise CurrencyMismatch(f"{facts.currency} and {parcel.currency}")
    derivation = _measured(facts, parcel)
    refusal = _refusal(facts, parcel)
    if refusal is not None:
        problem, why = refusal
        return Cost(price=None, problem=problem, derivation={**derivation, "rule": "refused", **why})
    rule, base, how = _base(facts, parcel)
    surcharges = [] if rule == "rides_along" else list(_surcharges(facts, parcel))
    total = base + sum(each["amount_minor"] for each in surcharges)
    return Cost(
        price=Money(total, facts.currency),
        problem=None,
        derivation={**derivation, "rule": rule, **how, "base_minor": base, "surcharges": surcharges},
    )


def _measured(facts: MethodFacts, parcel: Parcel) -> dict[str, Any]:
    return {
        "method": facts.document(),
        "weight_grams": parcel.weight_grams,
        "units": parcel.units,
        "shipped_value_minor": parcel.shipped_value.minor,
        "order_value_minor": parcel.order_value.minor,
        "free_from_minor": facts.free_from_minor,
    }


def _refusal(facts: MethodFacts, parcel: Parcel) -> tuple[Problem, dict[str, Any]] | None:
    for rule in facts.rules:
        if rule.effect == "refuse" and any(map(rule.covers, parcel.lines)):
            problem = Problem.REFUSED_CLASS if rule.shipping_class else Problem.REFUSED_CATEGORY
            variants = sorted({str(line.variant) for line in parcel.lines if rule.covers(line)})
            return problem, {"refused_by": rule.name, "variants": variants}
    if facts.max_weight_grams is not None and parcel.weight_grams > facts.max_weight_grams:
        return Problem.TOO_HEAVY, {}
    if facts.min_weight_grams is not None and parcel.weight_grams < facts.min_weight_grams:
        return Problem.TOO_LIGHT, {}
    if facts.kind == Kind.TABLE and _row(facts, parcel) is None:
        return Problem.NO_RATE, {}
    return None


def _base(facts: MethodFacts, parcel: Parcel) -> tuple[str, int, dict[str, Any]]:
    if parcel.rides_along:
        return "rides_along", 0, {}
    if facts.free_from_minor is not None and parcel.order_value.minor >= facts.free_from_minor:
        return "free_from", 0, {}
    if facts.kind == Kind.WEIGHT:
        steps = -(-parcel.weight_grams // facts.step_grams)
        return "weight", facts.price_minor + steps * facts.step_price_minor, {"steps": steps}
    if facts.kind == Kind.VALUE:
        share = parcel.shipped_value.scaled(Fraction(facts.percent) / 100).minor
        return "value", facts.price_minor + share, {"share_minor": share, "rounding": "half_up"}
    row = _row(facts, parcel)
    if facts.kind == Kind.TABLE and row is not None:
        return "table", row.price_minor, {"row_starts_at": row.starts_at}
    return facts.kind.value, facts.price_minor, {}


def _row(facts: MethodFacts, parcel: Parcel) -> RateRow | None:
    """The last row that the parcel reaches."""
    measure = {"weight": parcel.weight_grams, "value": parcel.shipped_value.minor, "units": parcel.units}
    reached = [row for row in facts.rates if row.starts_at <= measure.get(facts.table_by, -1)]
    return max(reached, key=lambda row: row.starts_at, default=None)


def _surcharges(facts: MethodFacts, parcel: Parcel) -> Iterable[dict[str, Any]]:
    for rule in facts.rules:
        units = sum(line.quantity for line in parcel.lines if line.counts and rule.covers(line))
        if rule.effect == "surcharge" and units:
            times = units if rule.per == "unit" else 1
            yield {"name": rule.name, "per": rule.per, "times": times, "amount_minor": rule.amount_minor * times}
