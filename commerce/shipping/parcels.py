"""What is to be shipped, and where to: all that the price of shipping may depend on. Pure, JSON in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from commerce.inventory.waiting import Wait
from commerce.kit.money import CurrencyMismatch, Money

NOT_SHIPPED = "none"
"""The shipping class of gift cards, downloads and services."""


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """`weight_grams` is one unit's, packed; `value` is the whole line's after discounts.

    A line that is worth nothing is never what makes shipping dearer: it weighs nothing, counts for no table and
    bears no surcharge. A rule that refuses it still does.
    """

    variant: UUID
    product: UUID
    quantity: int
    weight_grams: int
    value: Money
    shipping_class: str = "standard"
    categories: frozenset[UUID] = frozenset()
    wait: Wait | None = None

    @property
    def is_shipped(self) -> bool:
        return self.shipping_class != NOT_SHIPPED

    @property
    def counts(self) -> bool:
        """Whether it may make shipping dearer."""
        return self.is_shipped and self.value.minor > 0

    def document(self) -> dict[str, Any]:
        return {
            "variant": str(self.variant),
            "product": str(self.product),
            "quantity": self.quantity,
            "weight_grams": self.weight_grams,
            "value": self.value.document(),
            "shipping_class": self.shipping_class,
            "categories": sorted(map(str, self.categories)),
            "wait": self.wait.document() if self.wait else None,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> ParcelLine:
        return cls(
            variant=UUID(document["variant"]),
            product=UUID(document["product"]),
            quantity=document["quantity"],
            weight_grams=document["weight_grams"],
            value=Money.from_document(document["value"]),
            shipping_class=document["shipping_class"],
            categories=frozenset(map(UUID, document["categories"])),
            wait=Wait.from_document(document["wait"]) if document["wait"] else None,
        )


@dataclass(frozen=True, slots=True)
class Parcel:
    """`market` is a market's code; `country` ISO 3166-1 alpha-2; `region` as the address names its country area."""

    market: str
    country: str
    currency: str
    lines: tuple[ParcelLine, ...]
    region: str = ""
    postal_code: str = ""

    def __post_init__(self) -> None:
        for line in self.lines:
            if line.value.currency != self.currency:
                raise CurrencyMismatch(f"{line.value.currency} in a parcel of {self.currency}")

    @property
    def needs_shipping(self) -> bool:
        """False when there is something in it and none of it is ever shipped."""
        return not self.lines or any(line.is_shipped for line in self.lines)

    @property
    def rides_along(self) -> bool:
        """Nothing in it that counts is shipped: a gift that came with a gift card must not cost the shopper a fare.

        Free goods all by themselves, such as a sample that was ordered alone, do pay.
        """
        return any(not line.is_shipped for line in self.lines) and not any(line.counts for line in self.lines)

    @property
    def order_value(self) -> Money:
        """Of everything bought, shipped or not: what a free-shipping threshold looks at."""
        return Money.total((line.value for line in self.lines), currency=self.currency)

    @property
    def shipped_value(self) -> Money:
        return Money.total((line.value for line in self.lines if line.counts), currency=self.currency)

    @property
    def wait(self) -> Wait | None:
        """What has to come before all of it can be sent."""
        return Wait.longest(line.wait for line in self.lines if line.is_shipped)

    @property
    def weight_grams(self) -> int:
        return sum(line.weight_grams * line.quantity for line in self.lines if line.counts)

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines if line.counts)

    def document(self) -> dict[str, Any]:
        """Lines in canonical order, so that the same goods always make the same document."""
        return {
            "market": self.market,
            "country": self.country,
            "region": self.region,
            "postal_code": self.postal_code,
            "currency": self.currency,
            "lines": sorted((line.document() for line in self.lines), key=repr),
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Parcel:
        return cls(
            market=document["market"],
            country=document["country"],
            region=document["region"],
            postal_code=document["postal_code"],
            currency=document["currency"],
            lines=tuple(map(ParcelLine.from_document, document["lines"])),
        )
