"""Promising stock: reserve, release, expire, consume.

Lock order: stock levels by primary key, always before the reservations that hang on them. A reservation is
read and changed only under the lock of its level.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from commerce.inventory.models import Reservation, StockLevel, StockMovement
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked

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

    A variant comes from one location if one has enough, the first by priority; else from several in that order.

    Raises:
        OutOfStock: some variant is short; nothing was reserved.
    """
    with transaction.atomic():
        levels = lock_levels(lines)
        chosen = _choose(levels, lines)
        for level, quantity in chosen:
            StockLevel.objects.filter(pk=level.pk).update(reserved=F("reserved") + quantity)
        Reservation.objects.bulk_create(
            Reservation(
                level=level,
                quantity=quantity,
                holder_kind=holder.kind,
                holder_id=holder.id,
                expires_at=until,
                created_at=at,
            )
            for level, quantity in chosen
        )
        _announce(levels, at=at)


def release(*, holder: Holder, at: datetime) -> None:
    """Give back what the holder has open; nothing open is fine."""
    with transaction.atomic():
        _close(_open_reservations(holder), to=Reservation.State.RELEASED, at=at)


def expire_due(*, at: datetime, limit: int = 200) -> int:
    """Give back what has run out by `at`. Returns how many reservations ended."""
    ended = 0
    overdue = Reservation.objects.filter(state=Reservation.State.OPEN, expires_at__lte=at).order_by("expires_at")
    holders = {Holder(kind, id) for kind, id in overdue.values_list("holder_kind", "holder_id")[:limit]}
    for holder in sorted(holders, key=lambda each: each.id):
        try:
            with transaction.atomic():
                still_due = [each for each in _open_reservations(holder) if each.expires_at <= at]
                ended += _close(still_due, to=Reservation.State.RELEASED, at=at)
        except Exception:  # one that cannot end must not keep the others' stock
            logger.exception("the reservations of %s could not expire", holder)
    return ended


def consume(*, holder: Holder, reference: str, actor: str, at: datetime) -> None:
    """Turn the holder's reservations into sales: stock leaves, and a movement says for which reference.

    Raises:
        NothingReserved: there is no open reservation; nothing was changed.
    """
    with transaction.atomic():
        reservations = _open_reservations(holder)
        if not reservations:
            raise NothingReserved(holder)
        StockMovement.objects.bulk_create(
            StockMovement(
                level=reservation.level,
                kind=StockMovement.Kind.SALE,
                quantity=-reservation.quantity,
                reference=reference,
                actor=actor,
                reason=f"Sold in order {reference}",
                at=at,
            )
            for reservation in reservations
        )
        for reservation in reservations:
            StockLevel.objects.filter(pk=reservation.level_id).update(
                on_hand=F("on_hand") - reservation.quantity, reserved=F("reserved") - reservation.quantity
            )
        _set_state(reservations, Reservation.State.CONSUMED)
        _announce([reservation.level for reservation in reservations], at=at)


def lock_levels(variant_ids: Iterable[uuid.UUID]) -> list[StockLevel]:
    return locked(StockLevel.objects.filter(variant_id__in=list(variant_ids)).select_related("location"))


def _choose(levels: list[StockLevel], lines: Mapping[uuid.UUID, int]) -> list[tuple[StockLevel, int]]:
    by_priority = sorted(levels, key=lambda level: (level.location.priority, level.pk))
    chosen, short = [], []
    for variant_id, quantity in lines.items():
        here = [level for level in by_priority if level.variant_id == variant_id and level.available > 0]
        available = sum(level.available for level in here)
        if available < quantity:
            short.append({"variant": str(variant_id), "requested": quantity, "available": available})
        else:
            chosen.extend(_split(here, quantity))
    if short:
        raise OutOfStock(lines=short)
    return chosen


def _split(levels: list[StockLevel], quantity: int) -> list[tuple[StockLevel, int]]:
    whole = next((level for level in levels if level.available >= quantity), None)
    if whole is not None:
        return [(whole, quantity)]
    parts = []
    for level in levels:
        taken = min(level.available, quantity)
        parts.append((level, taken))
        quantity -= taken
        if not quantity:
            break
    return parts


def _open_reservations(holder: Holder) -> list[Reservation]:
    """The holder's open reservations, read under the locks of their levels."""
    mine = Reservation.objects.filter(holder_kind=holder.kind, holder_id=holder.id, state=Reservation.State.OPEN)
    locked(StockLevel.objects.filter(pk__in=list(mine.values_list("level_id", flat=True))))
    return list(mine.select_related("level").order_by("level_id"))


def _close(reservations: list[Reservation], *, to: Reservation.State, at: datetime) -> int:
    for reservation in reservations:
        StockLevel.objects.filter(pk=reservation.level_id).update(reserved=F("reserved") - reservation.quantity)
    _set_state(reservations, to)
    _announce([reservation.level for reservation in reservations], at=at)
    return len(reservations)


def _set_state(reservations: list[Reservation], state: Reservation.State) -> None:
    Reservation.objects.filter(pk__in=[each.pk for each in reservations]).update(state=state)


def _announce(levels: Iterable[StockLevel], *, at: datetime) -> None:
    variants = sorted({str(level.variant_id) for level in levels})
    if variants:
        outbox.record("inventory.stock_changed", {"variants": variants}, at=at)
