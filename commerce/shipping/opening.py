"""How staff open a zone and write a method's table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from commerce.kit.locks import locked_row
from commerce.markets.models import Market
from commerce.shipping.costing import RateRow
from commerce.shipping.models import ShippingMethod, ShippingRate, Zone, ZoneArea


@transaction.atomic
def open_zone(*, market: Market, name: str, countries: Iterable[str], position: int = 0) -> Zone:
    """A zone of whole countries of the market; parts of countries are added as areas.

    Raises:
        ValidationError: the name is taken, or a country is not the market's or already a zone's.
    """
    zone = Zone(market=market, name=name, position=position)
    zone.full_clean()
    zone.save()
    for country in countries:
        area = ZoneArea(zone=zone, country=country)
        area.full_clean()
        area.save()
    return zone


def check_table(rows: Sequence[RateRow]) -> None:
    """A table has a row from zero, and no two rows begin at the same place: then every parcel has one price.

    Raises:
        ValidationError: with every fault.
    """
    starts = [row.starts_at for row in rows]
    errors = []
    if 0 not in starts:
        errors.append(ValidationError("The table needs a row from 0: what is below its first row has no price.", "gap"))
    for start in sorted({start for start in starts if starts.count(start) > 1}):
        errors.append(ValidationError(f"Rows overlap: more than one begins at {start}.", "overlap"))
    if any(row.starts_at < 0 or row.price_minor < 0 for row in rows):
        errors.append(ValidationError("A table has no negative numbers.", "negative"))
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def write_table(*, method: ShippingMethod, rows: Sequence[RateRow]) -> None:
    """The whole table at once, in place of the one before.

    Raises:
        ValidationError: as `check_table` says, or the method does not go by a table.
    """
    if locked_row(ShippingMethod, method.pk).kind != ShippingMethod.Kind.TABLE:
        raise ValidationError("This method does not go by a table.", code="kind")
    check_table(rows)
    method.rates.all().delete()
    ShippingRate.objects.bulk_create(
        ShippingRate(method=method, starts_at=row.starts_at, price_minor=row.price_minor) for row in rows
    )
