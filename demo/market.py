"""Where the demo shop sells: Europe in euros, Switzerland in francs; its ways to ship, its tax rates, its warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from commerce.inventory.models import Location
from commerce.markets.models import Market
from commerce.markets.setting import open_market as open_a_market
from commerce.pricing.grouping import open_group
from commerce.pricing.lists import open_list
from commerce.pricing.models import PriceList
from commerce.shipping.models import PickupPoint, ShippingMethod, ShippingRule, Zone
from commerce.shipping.opening import open_zone
from commerce.tax.loading import load_rates

EU = ("AT", "BE", "DE", "DK", "ES", "FI", "FR", "IE", "IT", "LU", "NL", "PL", "PT", "SE")
_IN_FORCE_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
OPEN_SINCE = timedelta(days=60)
"""How long before it was loaded the shop pretends to have opened, so that its prices have a past."""


@dataclass(frozen=True)
class Shop:
    market: Market
    prices: PriceList
    warehouse: Location


def open_markets(*, at: datetime) -> Shop:
    opened = at - OPEN_SINCE
    europe = open_a_market(
        code="eu",
        name="Europe",
        currency="EUR",
        countries=EU,
        languages=["en", "de"],
        origin_country="DE",
        is_default=True,
        at=opened,
    )
    load_rates(countries=[*EU, "CH"], starting=_IN_FORCE_SINCE)
    retail = open_list(market=europe, code="eu-retail", name="Europe retail", at=opened)
    _members(europe, retail, opened)
    _switzerland(retail, opened)
    _ship_within_europe(europe)
    return Shop(market=europe, prices=retail, warehouse=Location.objects.create(code="main", name="Main warehouse"))


def _members(europe: Market, retail: PriceList, opened: datetime) -> None:
    """Ten percent less for whoever belongs, in full ten cents."""
    members = open_group(code="members", name="Members")
    open_list(
        market=europe,
        code="eu-members",
        name="Europe members",
        customer_group=members,
        priority=10,
        base=retail,
        factor=Decimal("0.9"),
        rounding_step_minor=10,
        at=opened,
        reason="10 % for members",
    )


def _switzerland(retail: PriceList, opened: datetime) -> None:
    """In francs by a rate that staff entered, ending in .90; totals to five rappen, without the EU's earlier price."""
    market = open_a_market(
        code="ch",
        name="Switzerland",
        currency="CHF",
        countries=["CH"],
        languages=["en", "de"],
        total_rounding_minor=5,
        shows_reference_price=False,
        at=opened,
    )
    open_list(
        market=market,
        code="ch-retail",
        name="Switzerland retail",
        base=retail,
        rate=Decimal("0.94"),
        rounding_step_minor=100,
        rounding_ending_minor=90,
        at=opened,
        reason="Rate of the day the shop opened",
    )
    zone = open_zone(market=market, name="Switzerland", countries=["CH"])
    _method(zone, "parcel", "Parcel", price_minor=890, free_from_minor=12000, min_days=3, max_days=5, cutoff_hour=12)


def _ship_within_europe(europe: Market) -> None:
    home = open_zone(market=europe, name="Germany", countries=["DE"])
    track = "https://tracking.example/parcels/{number}"
    common = {"cutoff_hour": 14, "tracking_url_template": track}
    _method(home, "parcel", "Parcel", price_minor=490, free_from_minor=7500, min_days=2, max_days=4, **common)
    _method(home, "express", "Express", price_minor=1290, min_days=1, max_days=1, position=1, **common)
    collect = _method(home, "collect", "Collect in the studio", kind="pickup", position=2, min_days=1, max_days=1)
    PickupPoint.objects.create(
        method=collect,
        code="studio",
        name="Magpie studio",
        street_address="Hofweg 4",
        postal_code="10115",
        city="Berlin",
        country="DE",
        opening_hours="Mon to Sat, 10 to 18",
    )
    abroad = open_zone(market=europe, name="Europe abroad", countries=[each for each in EU if each != "DE"], position=1)
    _method(
        abroad,
        "parcel",
        "Parcel",
        kind="weight",
        price_minor=690,
        step_grams=2000,
        step_price_minor=150,
        free_from_minor=15000,
        min_days=4,
        max_days=7,
        **common,
    )
    for zone, surcharge in ((home, 600), (abroad, 1200)):
        ShippingRule.objects.create(
            zone=zone, name="Bulky goods", shipping_class="bulky", effect="surcharge", amount_minor=surcharge
        )


def _method(zone: Zone, code: str, name: str, **facts: object) -> ShippingMethod:
    method = ShippingMethod(zone=zone, code=code, name=name, **facts)
    method.full_clean()
    method.save()
    return method
