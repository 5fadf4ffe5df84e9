"""Promising stock: reserve, extend, release, expire, consume.

Lock order: stock levels by primary key, always before the reservations that hang on them. A reservation is
read and changed only under the lock of its level.
"""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from cms.prepared import prepared, prepared_update
from commerce.inventory.composition import Composition, Part, made_of
from commerce.inventory.levels import Change, announce, change_levels, lock_levels
from commerce.inventory.models import Reservation, StockLevel, StockMovement
from commerce.kit.crashing import crash_point
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locking

__all__ = [
    "Holder",
    "NothingReserved",
    "OutOfStock",
    "consume",
    "expire_due",
    "extend",
    "lock_levels",
    "release",
    "reserve",
]

logger = logging.getLogger(__name__)


class OutOfStock(DomainError):
    """`facts["lines"]` names each variant that is short: `{"variant", "requested", "available"}`."""

    code = "out_of_stock"
    title = "There is not enough in stock"
    kind = ErrorKind.CONFLICT


class NothingReserved(RuntimeError):
    """The holder has no open reservation: it expired, was released or was consumed before."""


@dataclass(frozen=True, slots=True)
class Holder:
    kind: str
    id: uuid.UUID


def reserve(*, lines: Mapping[uuid.UUID, int], holder: Holder, until: datetime, at: datetime) -> None:
    """Promise these quantities by variant to the holder, all of them or none.

    A bundle is promised as its parts, together with those that are bought by themselves; what is not tracked needs no
    promise. A variant comes from one location if one has enough, the first by priority; else from several in that
    order; and what no location has is promised as a backorder, as far as the limits go.

    Five statements, however many lines: the composition, the locks, the levels, the reservations, the announcement.

    Raises:
        OutOfStock: some variant is short; nothing was reserved. Lines share what there is in their order.
    """
    with transaction.atomic():
        composition = made_of(lines)
        levels = lock_levels({part.variant for parts in composition.values() for part in parts})
        taken = _choose(levels, lines, composition)
        _change([(each.level, Change(reserved=each.quantity)) for each in taken])
        Reservation.objects.bulk_create(
            Reservation(
                level=each.level,
                quantity=each.quantity,
                bundle_id=each.part.bundle,
                per_bundle=each.part.quantity,
                holder_kind=holder.kind,
                holder_id=holder.id,
                expires_at=until,
                created_at=at,
            )
            for each in taken
        )
        announce((each.level.variant_id for each in taken), at=at)
        if __debug__:
            crash_point("stock_reserved")


def extend(*, holder: Holder, until: datetime, at: datetime) -> int:
    """Keep what the holder has open until a later time. What has run out already stays so.

    Returns how many reservations are open still; none is fine: perhaps nothing in the purchase is tracked.
    """
    with transaction.atomic():
        live = [each.pk for each in _open_reservations(holder) if each.expires_at > at]
        Reservation.objects.filter(pk__in=live, expires_at__lt=until).update(expires_at=until)
    return len(live)


def release(*, holder: Holder, at: datetime) -> None:
    """Give back what the holder has open; nothing open is fine."""
    with transaction.atomic():
        _release(_open_reservations(holder), at=at)


def expire_due(*, at: datetime, limit: int = 200) -> int:
    """Give back what has run out by `at`. Returns how many reservations ended."""
    ended = 0
    overdue = Reservation.objects.filter(state=Reservation.State.OPEN, expires_at__lte=at).order_by("expires_at")
    holders = {Holder(kind, id) for kind, id in overdue.values_list("holder_kind", "holder_id")[:limit]}
    for holder in sorted(holders, key=lambda each: each.id):
        try:
            with transaction.atomic():
                still_due = [each for each in _open_reservations(holder) if each.expires_at <= at]
                ended += _release(still_due, at=at)
        except Exception:  # one that cannot end must not keep the others' stock
            logger.exception("the reservations of %s could not expire", holder)
    return ended


def consume(
    *,
    holder: Holder,
    reference: str,
    actor: str,
    at: datetime,
    lines: Mapping[uuid.UUID, int] | None = None,
) -> None:
    """Turn the holder's reservations into sales: stock leaves, and a movement says for which reference.

    `lines` are what was reserved; where nothing of it is tracked there is no reservation, and that is no error.
    Six statements, however many lines.

    Raises:
        NothingReserved: there is no open reservation; nothing was changed.
    """
    with transaction.atomic():
        reservations = _open_reservations(holder)
        if not reservations:
            if lines and not any(made_of(lines).values()):
                return
            raise NothingReserved(holder)
        StockMovement.objects.bulk_create(
            StockMovement(
                level=reservation.level,
                kind=StockMovement.Kind.SALE,
                quantity=-reservation.quantity,
                bundle_id=reservation.bundle_id,
                per_bundle=reservation.per_bundle,
                reference=reference,
                actor=actor,
                reason=f"Sold in order {reference}",
                at=at,
            )
            for reservation in reservations
        )
        _change([(each.level, Change(-each.quantity, -each.quantity)) for each in reservations])
        _set_state(reservations, Reservation.State.CONSUMED)
        announce((each.level.variant_id for each in reservations), at=at)


class _Taken(NamedTuple):
    level: StockLevel
    quantity: int
    part: Part


class _Shelves:
    """What is left at each level while lines are served from it, one after the other."""

    def __init__(self, levels: list[StockLevel]) -> None:
        self.free = {level.pk: level.free for level in levels}
        self.available = {level.pk: level.available for level in levels}
        self.levels: dict[uuid.UUID, list[StockLevel]] = defaultdict(list)
        for level in sorted(levels, key=lambda level: (level.location.priority, level.pk)):
            self.levels[level.variant_id].append(level)

    def left(self, variant_id: uuid.UUID) -> int:
        return sum(max(0, self.available[level.pk]) for level in self.levels[variant_id])

    def take(self, part: Part, quantity: int) -> list[_Taken]:
        """There must be so many left."""
        levels = self.levels[part.variant]
        whole = next((level for level in levels if self.free[level.pk] >= quantity), None)
        if whole is not None:
            return [self._from(whole, quantity, part)]
        # First what is there; then what is still to come.
        wanted: dict[int, int] = {}
        for room in (self.free, self.available):
            for level in levels:
                given = wanted.get(level.pk, 0)
                more = min(max(0, room[level.pk] - given), quantity)
                wanted[level.pk] = given + more
                quantity -= more
        return [self._from(level, wanted[level.pk], part) for level in levels if wanted[level.pk]]

    def _from(self, level: StockLevel, quantity: int, part: Part) -> _Taken:
        self.free[level.pk] = max(0, self.free[level.pk] - quantity)
        self.available[level.pk] -= quantity
        return _Taken(level, quantity, part)


def _choose(levels: list[StockLevel], lines: Mapping[uuid.UUID, int], composition: Composition) -> list[_Taken]:
    shelves = _Shelves(levels)
    taken: list[_Taken] = []
    short = []
    for variant_id, quantity in lines.items():
        parts = composition[variant_id]
        possible = min((shelves.left(part.variant) // part.quantity for part in parts), default=quantity)
        if possible < quantity:
            short.append({"variant": str(variant_id), "requested": quantity, "available": possible})
            continue
        for part in parts:
            taken += shelves.take(part, quantity * part.quantity)
    if short:
        raise OutOfStock(lines=short)
    return taken


def _open_reservations(holder: Holder) -> list[Reservation]:
    """The holder's open reservations, read under the locks of their levels."""
    mine = {"kind": holder.kind, "holder": holder.id}
    _lock_levels_held(**mine)
    return _held(**mine)


@locking
def _lock_levels_held(*, kind: str, holder: uuid.UUID) -> QuerySet[StockLevel]:
    return StockLevel.objects.filter(pk__in=_open(kind, holder).values("level"))


@prepared
def _held(*, kind: str, holder: uuid.UUID) -> QuerySet[Reservation]:
    return _open(kind, holder).select_related("level").order_by("level_id", "pk")


def _open(kind: str, holder: uuid.UUID) -> QuerySet[Reservation]:
    return Reservation.objects.filter(holder_kind=kind, holder_id=holder, state=Reservation.State.OPEN)


def _change(changes: list[tuple[StockLevel, Change]]) -> None:
    """A level may come up more than once: by itself, and as a part of bundles."""
    summed: dict[int, Change] = defaultdict(Change)
    for level, change in changes:
        summed[level.pk].on_hand += change.on_hand
        summed[level.pk].reserved += change.reserved
    change_levels(summed)


def _release(reservations: list[Reservation], *, at: datetime) -> int:
    if reservations:
        _change([(each.level, Change(reserved=-each.quantity)) for each in reservations])
        _set_state(reservations, Reservation.State.RELEASED)
        announce((each.level.variant_id for each in reservations), at=at)
    return len(reservations)


def _set_state(reservations: list[Reservation], state: Reservation.State) -> None:
    _mark(reservations=[each.pk for each in reservations], state=str(state))


@prepared_update
def _mark(*, reservations: list[int], state: str) -> tuple[QuerySet[Reservation], dict[str, Any]]:
    return Reservation.objects.filter(pk__among=reservations), {"state": state}
