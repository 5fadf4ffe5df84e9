"""Rows and parcels of shipping for tests. What a test does not say is ordinary."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from commerce.kit.money import Money
from commerce.markets.models import Market, MarketCountry
from commerce.shipping.models import PickupPoint, ShippingMethod, ShippingRule, Zone, ZoneArea
from commerce.shipping.parcels import Parcel, ParcelLine


def line(
    value: int = 1000,
    *,
    quantity: int = 1,
    grams: int = 0,
    shipping_class: str = "standard",
    categories: Iterable[uuid.UUID] = (),
    currency: str = "EUR",
) -> ParcelLine:
    """A line worth `value` minor units as a whole; `grams` is the weight of one piece."""
    return ParcelLine(
        variant=uuid.uuid4(),
        product=uuid.uuid4(),
        quantity=quantity,
        weight_grams=grams,
        value=Money(value, currency),
        shipping_class=shipping_class,
        categories=frozenset(categories),
    )


def parcel(*lines: ParcelLine, country: str = "DE", market: str = "eu", **fields: Any) -> Parcel:
    currency = lines[0].value.currency if lines else "EUR"
    return Parcel(**{"market": market, "country": country, "currency": currency, "lines": lines, **fields})


def zone(market: Market, name: str, *areas: tuple[str, str, str], position: int = 0) -> Zone:
    """Areas are (country, region, postal codes). Countries that the market lacks are added to it."""
    made = Zone.objects.create(market=market, name=name, position=position)
    for country, region, postal_codes in areas:
        MarketCountry.objects.get_or_create(country=country, defaults={"market": market})
        area = ZoneArea(zone=made, country=country, region=region, postal_codes=postal_codes)
        area.full_clean()
        area.save()
    return made


def method(zone: Zone, code: str, price_minor: int = 490, **fields: Any) -> ShippingMethod:
    made = ShippingMethod(zone=zone, code=code, name=fields.pop("name", code), price_minor=price_minor, **fields)
    made.full_clean()
    made.save()
    return made


def rule(zone: Zone, effect: str, **fields: Any) -> ShippingRule:
    made = ShippingRule(zone=zone, effect=effect, name=fields.pop("name", effect), **fields)
    made.full_clean()
    made.save()
    return made


def pickup_point(method: ShippingMethod, code: str, **fields: Any) -> PickupPoint:
    place = {"name": code, "street_address": "Hauptstraße 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}
    made = PickupPoint(method=method, code=code, **{**place, **fields})
    made.full_clean()
    made.save()
    return made
