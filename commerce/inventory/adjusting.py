from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from cms.catalogue.models import Variant
from commerce.inventory.models import Location, StockLevel, StockMovement
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_one


class StockIsPromised(DomainError):
    code = "stock_is_promised"
    title = "More would leave than is free; the rest is promised to shoppers"
    kind = ErrorKind.CONFLICT


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

    Raises:
        StockIsPromised: the level would fall below what is reserved.
    """
    with transaction.atomic():
        created, _ = StockLevel.objects.get_or_create(variant=variant, location=location)
        level = locked_one(StockLevel.objects.filter(pk=created.pk))
        if level.on_hand + change < level.reserved:
            raise StockIsPromised(available=level.available)
        StockLevel.objects.filter(pk=level.pk).update(on_hand=F("on_hand") + change)
        StockMovement.objects.create(
            level=level, kind=kind, quantity=change, reference=reference, actor=actor, reason=reason, at=at
        )
        outbox.record("inventory.stock_changed", {"variants": [str(variant.pk)]}, at=at)
    level.refresh_from_db()
    return level
