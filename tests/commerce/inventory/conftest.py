from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cms.catalogue.models import Variant
from commerce.inventory.models import StockLevel
from commerce.inventory.reservations import Holder, consume, reserve

Promise = Callable[..., Holder]
Sell = Callable[..., Holder]


@pytest.fixture
def promise(at: datetime) -> Promise:
    """promise({variant: 2}) reserves for a new holder, for an hour."""

    def promise(lines: dict[Variant, int], *, holder: Holder | None = None) -> Holder:
        holder = holder or Holder("checkout", uuid.uuid4())
        wanted = {variant.pk: quantity for variant, quantity in lines.items()}
        reserve(lines=wanted, holder=holder, until=at + timedelta(hours=1), at=at)
        return holder

    return promise


@pytest.fixture
def buy(promise: Promise, at: datetime) -> Sell:
    """buy({variant: 2}, "M-1") reserves and consumes."""

    def buy(lines: dict[Variant, int], reference: str = "M-1") -> Holder:
        holder = promise(lines)
        wanted = {variant.pk: quantity for variant, quantity in lines.items()}
        consume(holder=holder, lines=wanted, reference=reference, actor="shopper", at=at)
        return holder

    return buy


@pytest.fixture
def standing() -> Callable[..., tuple[int, int]]:
    """standing(variant): on hand and reserved, over all locations."""

    def standing(variant: Variant) -> tuple[int, int]:
        levels = StockLevel.objects.filter(variant=variant)
        return sum(level.on_hand for level in levels), sum(level.reserved for level in levels)

    return standing
