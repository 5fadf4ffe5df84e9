"""What promotions look at: a basket as frozen facts, without a database, written to and read from documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from commerce.kit.money import CurrencyMismatch, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLine:
    """So many units of a variant at a unit price.

    `key` names the line and gives the canonical order in which cents are spread. `categories` includes all those
    above the product's own; `options` are the variant's option values by name. What is not `discountable`, such as
    a gift card, is invisible to promotions: it gets no discount and counts towards none.
    """

    key: str
    variant: UUID
    product: UUID
    unit_price: Money
    quantity: int
    categories: frozenset[UUID] = frozenset()
    collections: frozenset[UUID] = frozenset()
    brand: UUID | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    discountable: bool = True

    def __post_init__(self) -> None:
        if self.quantity < 1 or self.unit_price.minor < 0:
            raise ValueError(f"a line has at least one unit and no negative price: {self.key}")

    @property
    def value(self) -> Money:
        return self.unit_price * self.quantity

    @property
    def counts(self) -> bool:
        """Zero-priced units never count, so that adding one cannot raise a total."""
        return self.discountable and self.unit_price.minor > 0

    def document(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "variant": str(self.variant),
            "product": str(self.product),
            "unit_price": self.unit_price.document(),
            "quantity": self.quantity,
            "categories": sorted(map(str, self.categories)),
            "collections": sorted(map(str, self.collections)),
            "brand": str(self.brand) if self.brand else None,
            "options": dict(sorted(self.options.items())),
            "discountable": self.discountable,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> BasketLine:
        return cls(
            key=document["key"],
            variant=UUID(document["variant"]),
            product=UUID(document["product"]),
            unit_price=Money.from_document(document["unit_price"]),
            quantity=document["quantity"],
            categories=frozenset(map(UUID, document["categories"])),
            collections=frozenset(map(UUID, document["collections"])),
            brand=UUID(document["brand"]) if document["brand"] else None,
            options=dict(document["options"]),
            discountable=document["discountable"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """Lines in one currency, and what is known of the shopper. `shipping_country` is "" while it is unknown."""

    currency: str
    market: str
    channel: str = ""
    groups: frozenset[str] = frozenset()
    lines: tuple[BasketLine, ...]
    is_first_order: bool = False
    shipping_country: str = ""

    def __post_init__(self) -> None:
        if len({line.key for line in self.lines}) != len(self.lines):
            raise ValueError("two lines of a basket have the same key")
        if any(line.unit_price.currency != self.currency for line in self.lines):
            raise CurrencyMismatch(f"not every line is in {self.currency}")

    @property
    def counted(self) -> tuple[BasketLine, ...]:
        """The lines that promotions see, in canonical order."""
        return tuple(sorted((line for line in self.lines if line.counts), key=lambda line: line.key))

    def document(self) -> dict[str, Any]:
        return {
            "currency": self.currency,
            "market": self.market,
            "channel": self.channel,
            "groups": sorted(self.groups),
            "lines": [line.document() for line in self.lines],
            "is_first_order": self.is_first_order,
            "shipping_country": self.shipping_country,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Basket:
        return cls(
            currency=document["currency"],
            market=document["market"],
            channel=document["channel"],
            groups=frozenset(document["groups"]),
            lines=tuple(BasketLine.from_document(line) for line in document["lines"]),
            is_first_order=document["is_first_order"],
            shipping_country=document["shipping_country"],
        )
