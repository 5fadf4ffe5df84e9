"""A promotion as frozen facts: what it gives, on which lines, under which conditions. Written to and read from
documents, so that a quote can be replayed years later from what it was computed with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from commerce.kit.money import Money
from commerce.promotions.basket import BasketLine


class BenefitKind(StrEnum):
    PERCENTAGE = "percentage"
    AMOUNT = "amount"
    FIXED_PRICE = "fixed_price"
    FREE_SHIPPING = "free_shipping"
    BUY_X_GET_Y = "buy_x_get_y"
    BUNDLE = "bundle"
    GIFT = "gift"


class Level(StrEnum):
    """Whether a percentage or an amount is taken off each line, or once off all of them together."""

    LINE = "line"
    ORDER = "order"


class TargetKind(StrEnum):
    PRODUCT = "product"
    VARIANT = "variant"
    CATEGORY = "category"
    COLLECTION = "collection"
    BRAND = "brand"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Lines of one product, variant, category, collection, brand or attribute.

    `key` is the id, or the name of the attribute, whose `value` must be the variant's. `quantity` counts in bundles.
    """

    kind: TargetKind
    key: str
    value: str = ""
    quantity: int = 1

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"a target of {self.quantity} units")

    def matches(self, line: BasketLine) -> bool:
        match self.kind:
            case TargetKind.PRODUCT:
                return str(line.product) == self.key
            case TargetKind.VARIANT:
                return str(line.variant) == self.key
            case TargetKind.CATEGORY:
                return self.key in map(str, line.categories)
            case TargetKind.COLLECTION:
                return self.key in map(str, line.collections)
            case TargetKind.BRAND:
                return line.brand is not None and str(line.brand) == self.key
            case TargetKind.ATTRIBUTE:
                return line.options.get(self.key) == self.value

    def document(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "key": self.key, "value": self.value, "quantity": self.quantity}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Target:
        return cls(
            kind=TargetKind(document["kind"]),
            key=document["key"],
            value=document["value"],
            quantity=document["quantity"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """What a promotion gives. Which fields count depends on the kind:

    percentage: `percent` off each line (level line) or off all of them together (level order);
    amount: `amount` off each unit (line) or once off all lines together (order);
    fixed price: `amount` is what each unit costs, where that is less;
    buy X get Y: who buys `buy_quantity` has `get_quantity` further units at `percent` off;
    bundle: one of each target, in its quantity, together cost `amount`, or have `percent` off;
    gift: `gift_quantity` of `gift_variant` for nothing;
    free shipping: of these `methods`, by code; none named means all.

    `at_most` limits how many times a bundle or buy X get Y counts in one order.
    """

    kind: BenefitKind
    level: Level = Level.LINE
    percent: Decimal | None = None
    amount: Money | None = None
    buy_quantity: int = 0
    get_quantity: int = 0
    at_most: int | None = None
    gift_variant: UUID | None = None
    gift_quantity: int = 1
    methods: frozenset[str] = frozenset()

    @property
    def lacks(self) -> str:
        """What is missing or out of its bounds for this kind; "" when the benefit can be given."""
        has_percent = self.percent is not None and 0 < self.percent <= 100
        has_amount = self.amount is not None and self.amount.minor >= 0
        whole = {
            BenefitKind.PERCENTAGE: (has_percent, "a percentage"),
            BenefitKind.AMOUNT: (has_amount, "an amount"),
            BenefitKind.FIXED_PRICE: (has_amount and self.level is Level.LINE, "an amount for each unit"),
            BenefitKind.BUY_X_GET_Y: (
                has_percent and self.buy_quantity > 0 and self.get_quantity > 0,
                "a percentage and both quantities",
            ),
            BenefitKind.BUNDLE: (
                has_percent if self.amount is None else has_amount and self.percent is None,
                "either a percentage or an amount",
            ),
            BenefitKind.GIFT: (self.gift_variant is not None and self.gift_quantity > 0, "a gift"),
        }
        is_whole, what = whole.get(self.kind, (True, ""))
        return "" if is_whole else what

    def document(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "level": self.level.value,
            "percent": str(self.percent) if self.percent is not None else None,
            "amount": _money_document(self.amount),
            "buy_quantity": self.buy_quantity,
            "get_quantity": self.get_quantity,
            "at_most": self.at_most,
            "gift_variant": str(self.gift_variant) if self.gift_variant else None,
            "gift_quantity": self.gift_quantity,
            "methods": sorted(self.methods),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Benefit:
        return cls(
            kind=BenefitKind(document["kind"]),
            level=Level(document["level"]),
            percent=Decimal(document["percent"]) if document["percent"] is not None else None,
            amount=_money(document["amount"]),
            buy_quantity=document["buy_quantity"],
            get_quantity=document["get_quantity"],
            at_most=document["at_most"],
            gift_variant=UUID(document["gift_variant"]) if document["gift_variant"] else None,
            gift_quantity=document["gift_quantity"],
            methods=frozenset(document["methods"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What must hold for a promotion to apply; what is empty asks nothing.

    All of it looks at the basket as the shopper put it together, before any promotion, so no promotion can push
    another out by making the basket cheaper. Value is that of all lines that count; quantity is that of the lines
    `bought`, or of the promotion's own targets where none are named.
    """

    market: str = ""
    channel: str = ""
    groups: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    first_order: bool = False
    min_value: Money | None = None
    max_value: Money | None = None
    min_quantity: int | None = None
    max_quantity: int | None = None
    bought: tuple[Target, ...] = ()

    @property
    def asks_for_a_basket(self) -> bool:
        """Whether it takes a basket and a shopper's address or history to decide, so no list can show the outcome."""
        limits = (self.min_value, self.max_value, self.min_quantity, self.max_quantity)
        return bool(self.bought or self.first_order or self.countries or any(each is not None for each in limits))

    def document(self) -> dict[str, Any]:
        return {
            "market": self.market,
            "channel": self.channel,
            "groups": sorted(self.groups),
            "countries": sorted(self.countries),
            "first_order": self.first_order,
            "min_value": _money_document(self.min_value),
            "max_value": _money_document(self.max_value),
            "min_quantity": self.min_quantity,
            "max_quantity": self.max_quantity,
            "bought": [target.document() for target in self.bought],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Conditions:
        return cls(
            market=document["market"],
            channel=document["channel"],
            groups=frozenset(document["groups"]),
            countries=frozenset(document["countries"]),
            first_order=document["first_order"],
            min_value=_money(document["min_value"]),
            max_value=_money(document["max_value"]),
            min_quantity=document["min_quantity"],
            max_quantity=document["max_quantity"],
            bought=tuple(Target.from_document(each) for each in document["bought"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A promotion, ready to be applied. No targets: every line; `excluded` lines never get its discount.

    `coupon` is the code that unlocked it; one that `requires_coupon` and has none does not apply.
    """

    code: str
    name: str
    benefit: Benefit
    targets: tuple[Target, ...] = ()
    excluded: tuple[Target, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)
    priority: int = 0
    exclusive: bool = False
    best_of: str = ""
    requires_coupon: bool = False
    coupon: str | None = None

    def __post_init__(self) -> None:
        lack = self.benefit.lacks
        if self.benefit.kind is BenefitKind.BUNDLE and not self.targets:
            lack = "the targets of a bundle"
        if lack:
            raise ValueError(f"{self.code} lacks {lack}")

    def covers(self, line: BasketLine) -> bool:
        """Whether the benefit may fall on the line."""
        return matches_any(self.targets, line) and not (self.excluded and matches_any(self.excluded, line))

    def document(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "benefit": self.benefit.document(),
            "targets": [target.document() for target in self.targets],
            "excluded": [target.document() for target in self.excluded],
            "conditions": self.conditions.document(),
            "priority": self.priority,
            "exclusive": self.exclusive,
            "best_of": self.best_of,
            "requires_coupon": self.requires_coupon,
            "coupon": self.coupon,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Rule:
        return cls(
            code=document["code"],
            name=document["name"],
            benefit=Benefit.from_document(document["benefit"]),
            targets=tuple(Target.from_document(each) for each in document["targets"]),
            excluded=tuple(Target.from_document(each) for each in document["excluded"]),
            conditions=Conditions.from_document(document["conditions"]),
            priority=document["priority"],
            exclusive=document["exclusive"],
            best_of=document["best_of"],
            requires_coupon=document["requires_coupon"],
            coupon=document["coupon"],
        )


def matches_any(targets: Iterable[Target], line: BasketLine) -> bool:
    """Whether the line is one of the targets; where there are none, every line is."""
    asked = list(targets)
    return not asked or any(target.matches(line) for target in asked)


def _money_document(amount: Money | None) -> Any:
    return amount.document() if amount is not None else None


def _money(document: Any) -> Money | None:
    return Money.from_document(document) if document is not None else None
