"""Putting back what was sold: at the shelves it was taken from, and a bundle as the parts it was made of then."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from commerce.inventory.composition import Part, made_of
from commerce.inventory.levels import Change, announce, change_levels, open_levels
from commerce.inventory.models import Location, StockLevel, StockMovement
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked

Kind = StockMovement.Kind
_Out = dict[tuple[int, uuid.UUID | None], int]
"""By level and bundle: how many were sold under a reference and have not come back."""
_Counts = dict[Part, int]
"""By part: how many of what was ordered are meant, in bundles where the part is of one."""


class NoLocation(DomainError):
    code = "no_location"
    title = "The shop has no location to put stock at"
    kind = ErrorKind.CONFLICT


@dataclass(frozen=True, slots=True)
class _Back:
    level: StockLevel
    part: Part
    quantity: int


def restock(
    *,
    lines: Mapping[uuid.UUID, int],
    reference: str,
    reason: str,
    actor: str,
    at: datetime,
    location: Location | None = None,
    kind: StockMovement.Kind = Kind.RETURN,
) -> list[StockMovement]:
    """Put units back under the reference they were sold under; how many may come back is for the caller to know.

    Without a location they go to the levels they were sold from, as many to each as it gave, the first by priority
    first; what was never sold under this reference goes to the first location that stocks it. What was not tracked
    when it was sold and is not now has nothing to put back. A bundle comes back as it was made when it was sold, the
    last sale first, and no more of its parts than were sold with it.

    With kind "damage" they come back and are written off at once: two movements, and no more stock than before.

    Lock order: stock levels by primary key. Raises `NoLocation`.
    """
    with transaction.atomic():
        back = _spread(_parts(lines, reference), reference, location)
        movements = [_movement(each, each.quantity, _came_as(kind), reference, reason, actor, at) for each in back]
        if kind == Kind.DAMAGE:
            movements += [_movement(each, -each.quantity, kind, reference, reason, actor, at) for each in back]
        else:
            _change(back)
        StockMovement.objects.bulk_create(movements)
        announce((each.level.variant_id for each in back), at=at)
    return movements


def _came_as(kind: StockMovement.Kind) -> StockMovement.Kind:
    return Kind.RETURN if kind == Kind.DAMAGE else kind


def _parts(lines: Mapping[uuid.UUID, int], reference: str) -> list[tuple[Part, int]]:
    """What each line comes down to, in units: as it was sold, else as it is made now."""
    sales = _sales(lines, reference)
    now = made_of([key for key in lines if key not in sales])
    return [
        (part, many * part.quantity)
        for key, quantity in lines.items()
        for part, many in sorted(
            (_last_sold(sales[key], quantity) if key in sales else dict.fromkeys(now.get(key, ()), quantity)).items(),
            key=lambda each: (each[0].variant, each[0].quantity),
        )
        if many
    ]


def _sales(lines: Mapping[uuid.UUID, int], reference: str) -> dict[uuid.UUID, list[_Counts]]:
    """By what was ordered, its sales under this reference, the last first, without what has come back of them.

    An order that was edited has several, and a bundle may have been made of other parts each time.
    """
    sold: dict[uuid.UUID, dict[datetime, _Counts]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    back: dict[Part, int] = defaultdict(int)
    moved: QuerySet[Any] = _of(lines, reference).exclude(kind=Kind.DAMAGE)
    for kind, variant_id, bundle, per_bundle, units, at in moved.values_list(
        "kind", "level__variant", "bundle", "per_bundle", "quantity", "at"
    ):
        part = Part(variant_id, per_bundle, bundle)
        if kind == Kind.SALE:
            sold[variant_id if bundle is None else bundle][at][part] -= units
        else:
            back[part] += units
    sales = {key: [by_time[at] for at in sorted(by_time, reverse=True)] for key, by_time in sold.items()}
    for counts in (counts for several in sales.values() for counts in several):
        for part in counts:
            came = min(back[part], counts[part])
            back[part] -= came
            # A part may have been taken from several shelves: only all of them together make whole bundles.
            counts[part] = (counts[part] - came) // part.quantity
    return sales


def _last_sold(sales: list[_Counts], quantity: int) -> _Counts:
    """So many of them, taken from their last sales."""
    taken: _Counts = defaultdict(int)
    left = quantity
    for counts in sales:
        many = min(left, max(counts.values()))
        for part, sold in counts.items():
            taken[part] += min(many, sold)
        left -= many
    if left:
        # What is no bundle may come back in greater numbers than it was sold: then more was found than was sent.
        for part in {part for counts in sales for part in counts if part.bundle is None}:
            taken[part] += left
    return taken


def _of(lines: Mapping[uuid.UUID, int], reference: str) -> QuerySet[StockMovement]:
    mine = Q(bundle=None, level__variant__in=list(lines)) | Q(bundle__in=list(lines))
    return StockMovement.objects.filter(mine, reference=reference).order_by()


def _spread(parts: list[tuple[Part, int]], reference: str, location: Location | None) -> list[_Back]:
    variants = {part.variant for part, _ in parts}
    _open(variants, location)
    # Every level of theirs: which of them gave, and how much is still out, is read under the locks.
    levels = locked(StockLevel.objects.filter(variant__in=variants).select_related("location"))
    levels.sort(key=lambda level: (level.location.priority, level.pk))
    out: _Out = {} if location else _still_out(variants, reference)
    return [each for part, quantity in parts for each in _place(part, quantity, levels, out, location)]


def _open(variants: set[uuid.UUID], location: Location | None) -> None:
    """Levels at the location; without one, a level for what nobody stocks so far."""
    if location is None:
        variants = variants - set(StockLevel.objects.filter(variant__in=variants).values_list("variant", flat=True))
    if not variants:
        return
    place = location or Location.objects.first()
    if place is None:
        raise NoLocation()
    open_levels(place, variants)


def _still_out(variants: set[uuid.UUID], reference: str) -> _Out:
    moved = StockMovement.objects.filter(reference=reference, level__variant__in=variants).exclude(kind=Kind.DAMAGE)
    sums = moved.order_by().values_list("level", "bundle").annotate(sum=Sum("quantity"))
    return {(level, bundle): -total for level, bundle, total in sums}


def _place(
    part: Part,
    quantity: int,
    levels: list[StockLevel],
    out: _Out,
    location: Location | None,
) -> list[_Back]:
    here = [level for level in levels if level.variant_id == part.variant]
    back: dict[int, int] = defaultdict(int)
    for level in here:
        returned = min(quantity, max(0, out.get((level.pk, part.bundle), 0)))
        back[level.pk] += returned
        quantity -= returned
        if returned:
            # Parts of a bundle that was made up anew share what is out.
            out[level.pk, part.bundle] -= returned
    rest = next(level for level in here if location is None or level.location_id == location.pk)
    back[rest.pk] += quantity
    return [_Back(level, part, back[level.pk]) for level in here if back[level.pk]]


def _change(back: list[_Back]) -> None:
    changes: dict[int, Change] = defaultdict(Change)
    for each in back:
        changes[each.level.pk].on_hand += each.quantity
    change_levels(changes)


def _movement(
    back: _Back, quantity: int, kind: StockMovement.Kind, reference: str, reason: str, actor: str, at: datetime
) -> StockMovement:
    return StockMovement(
        level=back.level,
        kind=kind,
        quantity=quantity,
        bundle_id=back.part.bundle,
        per_bundle=back.part.quantity,
        reference=reference,
        actor=actor,
        reason=reason,
        at=at,
    )
