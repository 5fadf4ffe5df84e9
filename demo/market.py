"""Where the demo shop sells: one market, its countries with their tax rates, one way to ship, one warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from commerce.inventory.models import Location
from commerce.markets.models import Market, MarketCountry
from commerce.pricing.models import PriceList
from commerce.shipping.models import ShippingMethod
from commerce.shipping.opening import open_zone
from commerce.tax.loading import load_rates

COUNTRIES = ("AT", "BE", "DE", "DK", "ES", "FI", "FR", "IE", "IT", "LU", "NL", "PL", "PT", "SE")
_IN_FORCE_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    market: Market
    prices: PriceList
    warehouse: Location


def open_market() -> Shop:
    market = Market.objects.create(code="eu", name="Europe", currency="EUR", tax_inclusive=True, is_default=True)
    MarketCountry.objects.bulk_create(MarketCountry(market=market, country=country) for country in COUNTRIES)
    load_rates(countries=COUNTRIES, starting=_IN_FORCE_SINCE)
    zone = open_zone(market=market, name="Europe", countries=COUNTRIES)
    ShippingMethod.objects.create(
        zone=zone, code="parcel", name="Parcel, 2 to 4 days", price_minor=490, free_from_minor=7500
    )
    return Shop(
        market=market,
        prices=PriceList.objects.create(market=market, code="eu-retail", name="Europe retail"),
        warehouse=Location.objects.create(code="main", name="Main warehouse"),
    )
