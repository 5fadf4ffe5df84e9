"""Where the demo shop sells: one market, its countries with their tax rates, one way to ship, one warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from commerce.inventory.models import Location
from commerce.markets.models import Market, MarketCountry
from commerce.pricing.models import PriceList
from commerce.shipping.models import ShippingMethod
from commerce.tax.models import TaxRate

# Standard and reduced VAT in percent, as of November 2026 (European Commission, "Taxes in Europe" database).
EU_RATES = {
    "AT": ("20", "10"),
    "BE": ("21", "6"),
    "DE": ("19", "7"),
    "DK": ("25", "25"),
    "ES": ("21", "10"),
    "FI": ("25.5", "13.5"),
    "FR": ("20", "5.5"),
    "IE": ("23", "13.5"),
    "IT": ("22", "10"),
    "LU": ("17", "8"),
    "NL": ("21", "9"),
    "PL": ("23", "8"),
    "PT": ("23", "6"),
    "SE": ("25", "6"),
}
_IN_FORCE_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    market: Market
    prices: PriceList
    warehouse: Location


def open_market() -> Shop:
    market = Market.objects.create(code="eu", name="Europe", currency="EUR", tax_inclusive=True, is_default=True)
    MarketCountry.objects.bulk_create(MarketCountry(market=market, country=country) for country in EU_RATES)
    for country, (standard, reduced) in EU_RATES.items():
        for tax_class, percent in (("standard", standard), ("reduced", reduced)):
            TaxRate.objects.create(
                country=country, tax_class=tax_class, percent=Decimal(percent), valid_from=_IN_FORCE_SINCE
            )
    ShippingMethod.objects.create(
        market=market, code="parcel", name="Parcel, 2 to 4 days", price_minor=490, free_from_minor=7500
    )
    return Shop(
        market=market,
        prices=PriceList.objects.create(market=market, code="eu-retail", name="Europe retail"),
        warehouse=Location.objects.create(code="main", name="Main warehouse"),
    )
