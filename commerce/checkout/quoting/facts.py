"""Everything that a quote is computed from, frozen. JSON in and out, so that it is kept with the order."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from commerce.credit.redeeming import Balance
from commerce.inventory.waiting import Wait
from commerce.kit.money import Money
from commerce.promotions.basket import Basket, BasketLine
from commerce.promotions.rules import Rule
from commerce.shipping.costing import MethodFacts
from commerce.shipping.parcels import Parcel, ParcelLine
from commerce.tax.computing import Place
from commerce.tax.treatment import Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What a variant is, as far as it may bear on an amount, and how it was called."""

    variant: uuid.UUID
    product: uuid.UUID
    sku: str
    title: str
    name: str
    tax_class: str
    shipping_class: str
    weight_grams: int
    categories: frozenset[uuid.UUID]
    collections: frozenset[uuid.UUID]
    brand: uuid.UUID | None
    options: Mapping[str, str]
    is_gift_card: bool

    def document(self) -> dict[str, Any]:
        return {
            "variant": str(self.variant),
            "product": str(self.product),
            "sku": self.sku,
            "title": self.title,
            "name": self.name,
            "tax_class": self.tax_class,
            "shipping_class": self.shipping_class,
            "weight_grams": self.weight_grams,
            "categories": sorted(map(str, self.categories)),
            "collections": sorted(map(str, self.collections)),
            "brand": str(self.brand) if self.brand else None,
            "options": dict(self.options),
            "is_gift_card": self.is_gift_card,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Goods:
        return cls(
            **{
                **document,
                "variant": uuid.UUID(document["variant"]),
                "product": uuid.UUID(document["product"]),
                "categories": frozenset(map(uuid.UUID, document["categories"])),
                "collections": frozenset(map(uuid.UUID, document["collections"])),
                "brand": uuid.UUID(document["brand"]) if document["brand"] else None,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    goods: Goods
    quantity: int
    unit_price: Money
    price: dict[str, Any]
    """The derivation of the unit price."""
    position: int = 0
    """Where the line stands in the cart, and so in the quote; no amount depends on it."""
    wait: Wait | None = None
    """None where all of it was there when it was quoted; no amount depends on it."""

    @property
    def key(self) -> str:
        return str(self.goods.variant)

    def document(self) -> dict[str, Any]:
        return {
            "goods": self.goods.document(),
            "quantity": self.quantity,
            "unit_price": self.unit_price.document(),
            "price": self.price,
            "position": self.position,
            "wait": self.wait.document() if self.wait else None,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> LineFacts:
        return cls(
            goods=Goods.from_document(document["goods"]),
            quantity=document["quantity"],
            unit_price=Money.from_document(document["unit_price"]),
            price=document["price"],
            position=document["position"],
            wait=_wait(document),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftFacts:
    """A variant that a promotion may give, and how many of it there are beside those in the cart."""

    goods: Goods
    available: int
    on_shelf: int | None = None
    """How many of those are there already; None where it was not kept."""
    wait: Wait | None = None
    """For more than those; None where no promotion would give more."""

    def given(self, quantity: int) -> GiftFacts:
        """The facts of so many that are given: they wait unless all of them are on the shelf."""
        return replace(self, wait=None) if quantity <= (self.on_shelf or 0) else self

    def without(self, quantity: int) -> GiftFacts:
        """What is left to be given; what is on the shelf goes first."""
        on_shelf = max(0, (self.on_shelf or 0) - quantity)
        return replace(self, available=self.available - quantity, on_shelf=on_shelf)

    def document(self) -> dict[str, Any]:
        return {
            "goods": self.goods.document(),
            "available": self.available,
            "on_shelf": self.on_shelf,
            "wait": self.wait.document() if self.wait else None,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> GiftFacts:
        return cls(
            goods=Goods.from_document(document["goods"]),
            available=document["available"],
            on_shelf=document.get("on_shelf"),
            wait=_wait(document),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The way of shipping that was taken. `method` is None where nothing needs to be shipped."""

    method: MethodFacts | None
    pickup_point: dict[str, str] | None = None
    earliest: str | None = None
    latest: str | None = None

    def document(self) -> dict[str, Any]:
        return {
            "method": self.method.document() if self.method else None,
            "pickup_point": self.pickup_point,
            "earliest": self.earliest,
            "latest": self.latest,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Delivery:
        method = document["method"]
        return cls(**{**document, "method": MethodFacts.from_document(method) if method else None})


FORM = 1
"""Of the documents that are kept. Whoever adds a fact that an amount depends on raises it and says what an older
document stands for. `wait` and `on_shelf` bear on no amount; a document from before `wait` was kept says nothing of it,
and one with `wait` from before `on_shelf` was kept says that the gift waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFacts:
    """`delivery` is None while the address is unknown; then `country` is the market's own, for the tax alone."""

    at: str
    market: str
    channel: str
    groups: frozenset[str]
    currency: str
    tax_inclusive: bool
    shipping_tax: str
    rounding_minor: int
    country: str
    region: str
    place: Place
    treatment: Treatment
    is_first_order: bool
    lines: tuple[LineFacts, ...]
    gifts: tuple[GiftFacts, ...]
    rules: tuple[Rule, ...]
    coupon_problems: Mapping[str, str]
    delivery: Delivery | None
    balances: tuple[Balance, ...]
    tax: Mapping[str, Any]
    """What the tax is worked out from, beside the request: the rates, or what a tax service said."""

    def __post_init__(self) -> None:
        # The order of lines must never change a cent, so there is one.
        object.__setattr__(self, "lines", tuple(sorted(self.lines, key=lambda line: line.key)))

    @property
    def basket(self) -> Basket:
        return Basket(
            currency=self.currency,
            market=self.market,
            channel=self.channel,
            groups=self.groups,
            is_first_order=self.is_first_order,
            shipping_country=self.country if self.delivery else "",
            lines=tuple(
                BasketLine(
                    key=line.key,
                    variant=line.goods.variant,
                    product=line.goods.product,
                    unit_price=line.unit_price,
                    quantity=line.quantity,
                    categories=line.goods.categories,
                    collections=line.goods.collections,
                    brand=line.goods.brand,
                    options=line.goods.options,
                    discountable=not line.goods.is_gift_card,
                )
                for line in self.lines
            ),
        )

    def parcel(self, values: Mapping[str, Money], gifts: Iterable[tuple[GiftFacts, int]]) -> Parcel:
        """What goes to the address: the lines by what they are worth after discounts, and gifts, worth nothing."""
        zero = Money.zero(self.currency)
        lines = [_packed(line.goods, line.quantity, values[line.key], line.wait) for line in self.lines]
        lines += [_packed(gift.goods, quantity, zero, gift.wait) for gift, quantity in gifts]
        return Parcel(
            market=self.market,
            country=self.country,
            region=self.region,
            postal_code=self.place.postal_code,
            currency=self.currency,
            lines=tuple(lines),
        )

    def document(self) -> dict[str, Any]:
        return {
            "form": FORM,
            "at": self.at,
            "market": self.market,
            "channel": self.channel,
            "groups": sorted(self.groups),
            "currency": self.currency,
            "tax_inclusive": self.tax_inclusive,
            "shipping_tax": self.shipping_tax,
            "rounding_minor": self.rounding_minor,
            "country": self.country,
            "region": self.region,
            "place": self.place.document(),
            "treatment": self.treatment.document(),
            "is_first_order": self.is_first_order,
            "lines": [line.document() for line in self.lines],
            "gifts": [gift.document() for gift in self.gifts],
            "rules": [rule.document() for rule in self.rules],
            "coupon_problems": dict(self.coupon_problems),
            "delivery": self.delivery.document() if self.delivery else None,
            "balances": [balance.document() for balance in self.balances],
            "tax": dict(self.tax),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> QuoteFacts:
        """Raises `ValueError` for a form that this code does not know."""
        if document["form"] != FORM:
            raise ValueError(f"facts of the form {document['form']}")
        return cls(
            **{
                **{name: value for name, value in document.items() if name != "form"},
                "groups": frozenset(document["groups"]),
                "place": Place.from_document(document["place"]),
                "treatment": Treatment.from_document(document["treatment"]),
                "lines": tuple(map(LineFacts.from_document, document["lines"])),
                "gifts": tuple(map(GiftFacts.from_document, document["gifts"])),
                "rules": tuple(map(Rule.from_document, document["rules"])),
                "delivery": Delivery.from_document(document["delivery"]) if document["delivery"] else None,
                "balances": tuple(map(Balance.from_document, document["balances"])),
            }
        )


def _wait(document: Mapping[str, Any]) -> Wait | None:
    found = document.get("wait")
    return Wait.from_document(found) if found else None


def _packed(goods: Goods, quantity: int, value: Money, wait: Wait | None) -> ParcelLine:
    return ParcelLine(
        variant=goods.variant,
        product=goods.product,
        quantity=quantity,
        weight_grams=goods.weight_grams,
        value=value,
        shipping_class=goods.shipping_class,
        categories=goods.categories,
        wait=wait,
    )
