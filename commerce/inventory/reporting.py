from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from commerce.inventory.models import Location, StockMovement


@dataclass(frozen=True, slots=True)
class StockOfDate:
    sku: str
    location: str
    on_hand: int


def stock_as_of(*, at: datetime, location: Location | None = None) -> list[StockOfDate]:
    """What was on hand at an instant, by SKU and location, from the ledger; what had come and gone is left out.

    One query. What is entered later for an earlier instant is not known of: movements are written when they happen.
    """
    moved = StockMovement.objects.filter(at__lte=at)
    if location is not None:
        moved = moved.filter(level__location=location)
    sums = (
        moved.order_by()
        .values("level__variant__sku", "level__location__name")
        .annotate(on_hand=Sum("quantity"))
        .exclude(on_hand=0)
        .order_by("level__variant__sku", "level__location__name")
    )
    return [
        StockOfDate(sku=row["level__variant__sku"], location=row["level__location__name"], on_hand=row["on_hand"])
        for row in sums
    ]
