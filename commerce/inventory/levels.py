"""Stock levels: locking them in their one order, changing many at once, and saying that they have changed."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Expression, F, IntegerField, QuerySet, Value, When

from commerce.inventory.composition import themselves_and_parts
from commerce.inventory.models import Location, StockLevel
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked, locking


class StockIsPromised(DomainError):
    """`facts["available"]` is what could leave, or `facts["lines"]` says it by variant."""

    code = "stock_is_promised"
    title = "More would leave than is free; the rest is promised to shoppers"
    kind = ErrorKind.CONFLICT


@dataclass(slots=True)
class Change:
    on_hand: int = 0
    reserved: int = 0


def lock_levels(variant_ids: Iterable[uuid.UUID]) -> list[StockLevel]:
    """The levels of these variants, and of the parts of those that are bundles, locked by primary key. One query."""
    return _levels_of(variants=list(variant_ids))


@locking
def _levels_of(*, variants: list[uuid.UUID]) -> QuerySet[StockLevel]:
    return StockLevel.objects.filter(variant__in=themselves_and_parts(variants)).select_related("location")


def lock_levels_at(location: Location, variant_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, StockLevel]:
    """The levels of these variants at one location, opened where there is none yet, and locked."""
    open_levels(location, variant_ids)
    levels = locked(StockLevel.objects.filter(location=location, variant__in=list(variant_ids)))
    return {level.variant_id: level for level in levels}


def open_levels(location: Location, variant_ids: Collection[uuid.UUID]) -> None:
    """In the order of their keys, so that two who open the same ones do not wait for each other in a circle."""
    known = StockLevel.objects.filter(location=location, variant__in=list(variant_ids))
    missing = set(variant_ids) - set(known.values_list("variant_id", flat=True))
    if missing:
        StockLevel.objects.bulk_create(
            [StockLevel(location=location, variant_id=key) for key in sorted(missing)], ignore_conflicts=True
        )


def change_levels(changes: Mapping[int, Change]) -> None:
    """Add to what levels have on hand and reserved, by primary key. The caller holds their locks. One statement."""
    if not changes:
        return
    fields: dict[str, Expression] = {}
    for name in ("on_hand", "reserved"):
        by_level = {key: getattr(change, name) for key, change in changes.items() if getattr(change, name)}
        if by_level:
            fields[name] = F(name) + Case(
                *(When(pk=key, then=Value(change)) for key, change in by_level.items()),
                default=Value(0),
                output_field=IntegerField(),
            )
    if fields:
        StockLevel.objects.filter(pk__in=list(changes)).update(**fields)


def announce(variant_ids: Iterable[uuid.UUID], *, at: datetime) -> None:
    """Which bundles they are in is for the listener to ask."""
    if variants := sorted({str(key) for key in variant_ids}):
        outbox.record("inventory.stock_changed", {"variants": variants}, at=at)
