from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import F, Sum

from commerce.inventory.models import Reservation, StockLevel
from commerce.inventory.reservations import Holder


def availability(*, variant_ids: Collection[uuid.UUID], holder: Holder | None = None) -> dict[uuid.UUID, int]:
    """How many of each variant can be promised now, over all locations; to a holder, also what it holds already.

    One query, two with a holder.
    """
    rows = (
        StockLevel.objects.filter(variant_id__in=variant_ids)
        .values_list("variant_id")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
    )
    free = dict.fromkeys(variant_ids, 0) | dict(rows)
    if holder is not None:
        for variant_id, quantity in _held(holder):
            if variant_id in free:
                free[variant_id] += quantity
    return free


def _held(holder: Holder) -> list[tuple[uuid.UUID, int]]:
    mine = Reservation.objects.filter(holder_kind=holder.kind, holder_id=holder.id, state=Reservation.State.OPEN)
    return list(mine.values_list("level__variant_id", "quantity"))
