"""Counting a location: a sheet of what should be there, what was found, and the difference posted to the ledger."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from commerce.inventory.composition import refuse_bundles
from commerce.inventory.levels import Change, StockIsPromised, announce, change_levels, lock_levels_at
from commerce.inventory.models import Location, StockCount, StockCountLine, StockLevel, StockMovement
from commerce.inventory.states import CountStatus
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_one
from commerce.kit.states import advance, begin


class CountIsClosed(DomainError):
    code = "count_is_closed"
    title = "This count was posted or discarded"
    kind = ErrorKind.CONFLICT


class StockHasMoved(DomainError):
    """`facts["lines"]`: `{"variant", "expected", "on_hand", "counted"}` for each."""

    code = "stock_has_moved"
    title = "Stock has moved since the sheet was made; count these again, or confirm what was counted"
    kind = ErrorKind.CONFLICT


class NothingCounted(DomainError):
    code = "nothing_counted"
    title = "Nothing was counted yet"
    kind = ErrorKind.INVALID


def start(
    *,
    location: Location,
    actor: str,
    at: datetime,
    variant_ids: Collection[uuid.UUID] | None = None,
    note: str = "",
) -> StockCount:
    """A sheet of these variants, or of all that the location has a level of. Raises `BundleHasNoStock`."""
    levels = StockLevel.objects.filter(location=location)
    if variant_ids is not None:
        refuse_bundles(variant_ids)
        levels = levels.filter(variant__in=list(variant_ids))
    with transaction.atomic():
        count = StockCount(location=location, started_at=at, started_by=actor, note=note)
        begin(count, CountStatus.OPEN, actor=actor, reason=f"Count of {location}"[:255], at=at)
        there = dict(levels.values_list("variant", "on_hand"))
        StockCountLine.objects.bulk_create(
            StockCountLine(count=count, variant_id=key, expected=there.get(key, 0))
            for key in (there if variant_ids is None else sorted(variant_ids))
        )
    return count


def enter(*, count_id: int, counted: Mapping[uuid.UUID, int | None]) -> None:
    """What was found of each variant on the sheet; None for what has not been counted. Raises `CountIsClosed`."""
    with transaction.atomic():
        count = _lock_open(count_id)
        changed = []
        for line in count.lines.filter(variant__in=list(counted)):
            if line.counted != counted[line.variant_id]:
                line.counted = counted[line.variant_id]
                changed.append(line)
        StockCountLine.objects.bulk_update(changed, ["counted"], batch_size=500)


def post(*, count_id: int, actor: str, at: datetime, confirmed: Collection[uuid.UUID] = ()) -> list[StockMovement]:
    """Make stock what was counted, with a movement for each difference. Lines that were not counted stay as they are.

    A line whose level has changed since the sheet was made could be right or wrong: it is refused unless it is among
    the confirmed ones, for which stock becomes what was counted. What is owed to shoppers lies on no shelf, so where
    a level is below zero, having found nothing changes nothing.

    Lock order: count, stock levels.

    Raises:
        CountIsClosed, NothingCounted, StockHasMoved
        StockIsPromised: less was found than is promised; free it, or allow backorders, and post again.
    """
    with transaction.atomic():
        count = _lock_open(count_id)
        lines = list(count.lines.exclude(counted=None))
        if not lines:
            raise NothingCounted()
        levels = lock_levels_at(count.location, [line.variant_id for line in lines])
        _refuse_moved(lines, levels, confirmed)
        differences = _differences(lines, levels)
        change_levels({level.pk: Change(on_hand=difference) for level, difference in differences})
        movements: list[StockMovement] = StockMovement.objects.bulk_create(
            StockMovement(
                level=level,
                kind=StockMovement.Kind.COUNT,
                quantity=difference,
                reference=count.reference,
                actor=actor,
                reason=count.note or f"Counted at {count.location}"[:255],
                at=at,
            )
            for level, difference in differences
        )
        advance(count, CountStatus.POSTED, actor=actor, reason=f"{len(movements)} of {len(lines)} differ", at=at)
        announce((level.variant_id for level, _ in differences), at=at)
    return movements


def discard(*, count_id: int, actor: str, reason: str, at: datetime) -> None:
    """Raises `CountIsClosed`."""
    with transaction.atomic():
        advance(_lock_open(count_id), CountStatus.DISCARDED, actor=actor, reason=reason, at=at)


def _lock_open(count_id: int) -> StockCount:
    count = locked_one(StockCount.objects.select_related("location").filter(pk=count_id))
    if count.status != CountStatus.OPEN:
        raise CountIsClosed()
    return count


def _refuse_moved(
    lines: list[StockCountLine], levels: Mapping[uuid.UUID, StockLevel], confirmed: Collection[uuid.UUID]
) -> None:
    moved = [
        {
            "variant": str(line.variant_id),
            "expected": line.expected,
            "on_hand": levels[line.variant_id].on_hand,
            "counted": line.counted,
        }
        for line in lines
        if line.expected != levels[line.variant_id].on_hand and line.variant_id not in confirmed
    ]
    if moved:
        raise StockHasMoved(lines=moved)


def _differences(lines: list[StockCountLine], levels: Mapping[uuid.UUID, StockLevel]) -> list[tuple[StockLevel, int]]:
    found, promised = [], []
    for line in lines:
        level = levels[line.variant_id]
        difference = line.difference_to(level.on_hand) or 0
        if level.available + difference < 0:
            least = level.reserved - level.backorder_limit
            promised.append({"variant": str(line.variant_id), "counted": line.counted, "promised": least})
        elif difference:
            found.append((level, difference))
    if promised:
        raise StockIsPromised("Less was counted than is promised to shoppers", lines=promised)
    return found
