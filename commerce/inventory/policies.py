"""How a variant is stocked: whether at all, when it is low, when more comes, and how many are sold before it does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from cms.catalogue.models import Variant
from commerce.inventory.composition import refuse_bundles
from commerce.inventory.levels import announce, lock_levels_at, open_levels
from commerce.inventory.models import Location, StockLevel, StockPolicy
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked


class BackordersArePromised(DomainError):
    """`facts["promised"]` is how low the limit may be set."""

    code = "backorders_are_promised"
    title = "More is promised already than this limit would allow"
    kind = ErrorKind.CONFLICT


def set_policy(
    *,
    variant: Variant,
    is_tracked: bool = True,
    low_stock_threshold: int = 0,
    expected_on: date | None = None,
    at: datetime,
) -> StockPolicy:
    """What holds for the variant wherever it lies. Purchases on their way keep what they were promised."""
    with transaction.atomic():
        policy, _ = StockPolicy.objects.update_or_create(
            variant=variant,
            defaults={
                "is_tracked": is_tracked,
                "low_stock_threshold": low_stock_threshold,
                "expected_on": expected_on,
            },
        )
        announce([variant.pk], at=at)
    return policy


def set_up(
    *,
    variant: Variant,
    is_tracked: bool,
    low_stock_threshold: int,
    expected_on: date | None,
    backorder_limits: Mapping[Location, int],
    at: datetime,
) -> None:
    """The policy and all limits together, or nothing of it. Raises as `set_backorder_limit` does.

    Lock order: the levels that a limit is set at, by primary key.
    """
    with transaction.atomic():
        for location in sorted(backorder_limits, key=lambda each: each.pk):
            open_levels(location, [variant.pk] if backorder_limits[location] else [])
        locked(StockLevel.objects.filter(variant=variant))
        for level in StockLevel.objects.filter(variant=variant).select_related("location"):
            wanted = backorder_limits.get(level.location, level.backorder_limit)
            if wanted != level.backorder_limit:
                set_backorder_limit(variant=variant, location=level.location, limit=wanted, at=at)
        set_policy(
            variant=variant,
            is_tracked=is_tracked,
            low_stock_threshold=low_stock_threshold,
            expected_on=expected_on,
            at=at,
        )


def set_backorder_limit(*, variant: Variant, location: Location, limit: int, at: datetime) -> StockLevel:
    """How many may be promised at the location beyond what is on hand there.

    Raises:
        BackordersArePromised: more is promised or sold ahead already.
        BundleHasNoStock
    """
    refuse_bundles([variant.pk])
    with transaction.atomic():
        level = lock_levels_at(location, [variant.pk])[variant.pk]
        promised = level.reserved - level.on_hand
        if limit < promised:
            raise BackordersArePromised(promised=promised)
        level.backorder_limit = limit
        level.save(update_fields=["backorder_limit"])
        announce([variant.pk], at=at)
    return level
