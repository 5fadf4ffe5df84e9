"""Telling staff once when a variant runs low, and again only after it was well stocked in between."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest

from cms.catalogue.models import Variant
from commerce.inventory.models import StockPolicy
from commerce.kit import outbox


def low_on_stock() -> QuerySet[Any]:
    """Tracked variants at or below their threshold, with `left`: what lies somewhere and is promised to nobody."""
    return _with_left().filter(left__lte=F("stock_policy__low_stock_threshold"))


def raise_alerts(*, at: datetime) -> int:
    """Record `inventory.low_stock` for each variant that has run low since it was looked at last.

    By the clock and not with each sale, which is in a hurry; a variant that is well stocked again the next time was
    never low. Payload: variant, sku, left, threshold. Returns how many were raised.
    """
    StockPolicy.objects.filter(low_since__isnull=False).exclude(variant__in=low_on_stock().values("pk")).update(
        low_since=None
    )
    fresh = low_on_stock().filter(stock_policy__low_since=None).order_by("pk")
    facts = fresh.values_list("pk", "sku", "left", "stock_policy__low_stock_threshold")
    return sum(_raise(variant, sku, left, threshold, at=at) for variant, sku, left, threshold in list(facts))


def _with_left() -> QuerySet[Any]:
    free = Greatest(F("stock_levels__on_hand") - F("stock_levels__reserved"), 0)
    policies = StockPolicy.objects.filter(is_tracked=True, low_stock_threshold__gt=0)
    return Variant.objects.filter(stock_policy__in=policies).annotate(left=Coalesce(Sum(free), 0))


def _raise(variant: uuid.UUID, sku: str, left: int, threshold: int, *, at: datetime) -> bool:
    with transaction.atomic():
        # Whoever sets it tells it; another worker that saw the same finds it set.
        if not StockPolicy.objects.filter(variant=variant, low_since=None).update(low_since=at):
            return False
        payload = {"variant": str(variant), "sku": sku, "left": left, "threshold": threshold}
        outbox.record("inventory.low_stock", payload, at=at)
    return True
