"""Stock in the grid: what lies where, and changing it with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from cms.catalogue.models import Product, Variant
from commerce.inventory.adjusting import adjust
from commerce.inventory.models import Location, StockLevel, StockMovement

Lying = Mapping[tuple[uuid.UUID, int], tuple[int, int]]
"""On hand and reserved, by variant and location."""


def lying(product: Product) -> Lying:
    """One query."""
    levels = StockLevel.objects.filter(variant__product=product)
    return {(level.variant_id, level.location_id): (level.on_hand, level.reserved) for level in levels}


def change_stock(variant: Variant, changes: Mapping[Location, int], *, reason: str, actor: str, at: datetime) -> None:
    """Raises as `adjust` does."""
    for location, change in changes.items():
        adjust(
            variant=variant,
            location=location,
            change=change,
            kind=StockMovement.Kind.ADJUSTMENT,
            actor=actor,
            reason=reason or "Changed by hand",
            at=at,
        )
