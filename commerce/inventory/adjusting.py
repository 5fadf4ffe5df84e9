from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cms.catalogue.models import Variant
from commerce.inventory.composition import refuse_bundles
from commerce.inventory.levels import Change, StockIsPromised, announce, change_levels, lock_levels_at
from commerce.inventory.models import Location, StockLevel, StockMovement

__all__ = ["StockIsPromised", "adjust"]


def adjust(
    *,
    variant: Variant,
    location: Location,
    change: int,
    kind: StockMovement.Kind,
    actor: str,
    reason: str,
    reference: str = "",
    at: datetime,
) -> StockLevel:
    """Add to or take from a level by hand and write down why. `change` is in units and not zero.

    Only what lies there can be taken. Units that are promised can be as far as the backorder limit covers them.

    Raises:
        StockIsPromised: the level would fall below what is reserved.
        BundleHasNoStock
    """
    refuse_bundles([variant.pk])
    with transaction.atomic():
        level = lock_levels_at(location, [variant.pk])[variant.pk]
        most = min(level.available, max(0, level.on_hand))
        if change < 0 and -change > most:
            raise StockIsPromised(available=max(0, most))
        change_levels({level.pk: Change(on_hand=change)})
        StockMovement.objects.create(
            level=level, kind=kind, quantity=change, reference=reference, actor=actor, reason=reason, at=at
        )
        announce([variant.pk], at=at)
    level.refresh_from_db()
    return level
