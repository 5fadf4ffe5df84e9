from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from cms.prepared import prepared
from commerce.tax.models import TaxRate
from commerce.tax.rate_tables import ZERO, Rate, RateTable, choose, require


def rate_table(*, country: str, region: str = "", tax_classes: Collection[str], at: datetime) -> RateTable:
    """What holds at `at` for these classes at this place, in one query.

    Raises:
        NoTaxRate: a class has none, neither for the region nor for the country.
    """
    wanted = sorted(set(tax_classes) - {ZERO})
    # Which region is meant is for `choose` to say: SQLite folds the case of ASCII letters only.
    holding = _holding(country=country, tax_classes=wanted, at=at) if wanted else []
    table = choose(
        [
            Rate(
                country=row.country,
                region=row.region,
                tax_class=row.tax_class,
                percent=row.percent,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                source=row.source,
            )
            for row in holding
        ],
        country=country,
        region=region,
        at=at,
    )
    require(table, wanted)
    return table


@prepared
def _holding(*, country: str, tax_classes: list[str], at: datetime) -> QuerySet[TaxRate]:
    return TaxRate.objects.holding(at=at).filter(country=country, tax_class__among=tax_classes)


def rates(*, country: str, tax_classes: Collection[str], at: datetime) -> dict[str, Decimal]:
    """Percentages by tax class that hold in the country at `at`. The zero class is always 0.

    Raises:
        NoTaxRate: a class has none.
    """
    table = rate_table(country=country, tax_classes=tax_classes, at=at)
    return {rate.tax_class: rate.percent for rate in table.rates} | {ZERO: Decimal(0)}
