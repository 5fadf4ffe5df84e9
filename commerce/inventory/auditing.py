from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from commerce.inventory.models import Reservation, StockLevel, StockMovement


def discrepancies() -> Iterator[str]:
    """Levels that are out of bounds (I2) or that their movements and reservations do not add up to (I3)."""
    moved = StockMovement.objects.filter(level=OuterRef("pk")).order_by().values("level")
    held = Reservation.objects.filter(level=OuterRef("pk"), state=Reservation.State.OPEN).order_by().values("level")
    levels = StockLevel.objects.annotate(
        moved=Coalesce(Subquery(moved.annotate(sum=Sum("quantity")).values("sum")), 0),
        held=Coalesce(Subquery(held.annotate(sum=Sum("quantity")).values("sum")), 0),
    )
    for level in levels.filter(Q(reserved__gt=F("on_hand")) | Q(on_hand__lt=0)):
        yield f"I2 stock level {level.pk}: {level.reserved} reserved of {level.on_hand}"
    for level in levels.exclude(on_hand=F("moved"), reserved=F("held")):
        yield (
            f"I3 stock level {level.pk}: {level.on_hand} on hand and {level.moved} moved, "
            f"{level.reserved} reserved and {level.held} in open reservations"
        )
