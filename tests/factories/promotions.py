"""Baskets, rules, promotions and coupons for tests. What a test does not say is ordinary."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from commerce.kit.money import Money
from commerce.promotions.basket import Basket, BasketLine
from commerce.promotions.models import Coupon, Promotion, PromotionTarget
from commerce.promotions.rules import Benefit, BenefitKind, Conditions, Level, Rule, Target, TargetKind
from tests.factories import LONG_AGO

KEYS = uuid.UUID("00000000-0000-4000-8000-000000000000")


def key_of(name: str) -> uuid.UUID:
    """The same id for the same name, so that a table of cases can speak of "mugs"."""
    return uuid.uuid5(KEYS, name)


def line(
    key: str,
    unit_minor: int,
    quantity: int = 1,
    *,
    currency: str = "EUR",
    categories: tuple[str, ...] = (),
    collections: tuple[str, ...] = (),
    brand: str = "",
    options: Mapping[str, str] | None = None,
    discountable: bool = True,
) -> BasketLine:
    return BasketLine(
        key=key,
        variant=key_of(f"variant {key}"),
        product=key_of(f"product {key}"),
        unit_price=Money(unit_minor, currency),
        quantity=quantity,
        categories=frozenset(map(key_of, categories)),
        collections=frozenset(map(key_of, collections)),
        brand=key_of(brand) if brand else None,
        options=options or {},
        discountable=discountable,
    )


def basket(*lines: BasketLine, **facts: Any) -> Basket:
    currency = lines[0].unit_price.currency if lines else "EUR"
    return Basket(**{"currency": currency, "market": "eu", "lines": lines, **facts})


def target(kind: str, name: str, *, value: str = "", quantity: int = 1) -> Target:
    """A product or variant by its line's key, an attribute by its name, anything else by the name of its id."""
    keys = {"product": f"product {name}", "variant": f"variant {name}"}
    key = name if kind == "attribute" else str(key_of(keys.get(kind, name)))
    return Target(kind=TargetKind(kind), key=key, value=value, quantity=quantity)


def rule(code: str, benefit: Benefit, *targets: Target, **fields: Any) -> Rule:
    asked = {name: fields.pop(name) for name in list(fields) if name in Conditions.__dataclass_fields__}
    return Rule(
        code=code, name=code.title(), benefit=benefit, targets=targets, conditions=Conditions(**asked), **fields
    )


def percent(value: str, level: str = "line") -> Benefit:
    return Benefit(kind=BenefitKind.PERCENTAGE, level=Level(level), percent=Decimal(value))


def amount(minor: int, level: str = "line", currency: str = "EUR") -> Benefit:
    return Benefit(kind=BenefitKind.AMOUNT, level=Level(level), amount=Money(minor, currency))


def fixed_price(minor: int, currency: str = "EUR") -> Benefit:
    return Benefit(kind=BenefitKind.FIXED_PRICE, amount=Money(minor, currency))


def buy_get(buy: int, get: int, off: str = "100", at_most: int | None = None) -> Benefit:
    return Benefit(
        kind=BenefitKind.BUY_X_GET_Y, buy_quantity=buy, get_quantity=get, percent=Decimal(off), at_most=at_most
    )


def bundle_for(minor: int, currency: str = "EUR", at_most: int | None = None) -> Benefit:
    return Benefit(kind=BenefitKind.BUNDLE, amount=Money(minor, currency), at_most=at_most)


def bundle_off(value: str, at_most: int | None = None) -> Benefit:
    return Benefit(kind=BenefitKind.BUNDLE, percent=Decimal(value), at_most=at_most)


def free_shipping(*methods: str) -> Benefit:
    return Benefit(kind=BenefitKind.FREE_SHIPPING, methods=frozenset(methods))


def gift(name: str, quantity: int = 1) -> Benefit:
    return Benefit(kind=BenefitKind.GIFT, gift_variant=key_of(f"variant {name}"), gift_quantity=quantity)


class PromotionFactory(DjangoModelFactory[Promotion]):
    """Ten percent off everything, everywhere, since long ago."""

    class Meta:
        model = Promotion

    code = factory.Sequence(lambda n: f"promotion-{n}")
    name = "Ten percent off"
    kind = "percentage"
    percent = factory.LazyAttribute(lambda made: Decimal(10) if made.kind == "percentage" else None)
    begins_at = LONG_AGO
    created_at = LONG_AGO


class PromotionTargetFactory(DjangoModelFactory[PromotionTarget]):
    class Meta:
        model = PromotionTarget

    promotion = factory.SubFactory(PromotionFactory)


class CouponFactory(DjangoModelFactory[Coupon]):
    """A coupon without limits for ten percent off."""

    class Meta:
        model = Coupon

    promotion = factory.SubFactory(PromotionFactory, requires_coupon=True)
    code = factory.Sequence(lambda n: f"COUPON-{n}")
    created_at = LONG_AGO
