from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from cms.catalogue.models import Variant
from commerce.inventory.adjusting import StockIsPromised, adjust
from commerce.inventory.models import StockLevel, StockMovement
from commerce.inventory.reservations import Holder, reserve
from commerce.kit.models import OutboxEvent
from tests.factories import Shop

pytestmark = pytest.mark.django_db


def _adjust(shop: Shop, variant: Variant, change: int, at: datetime) -> StockLevel:
    return adjust(
        variant=variant, location=shop.warehouse, change=change, kind=StockMovement.Kind.ADJUSTMENT,
        actor="clerk", reason="Counted", at=at,
    )  # fmt: skip


def test_an_adjustment_moves_stock_and_writes_down_who_and_why(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=10)
    assert _adjust(shop, variant, -4, at).on_hand == 6
    movement = StockMovement.objects.get(kind="adjustment")
    assert (movement.quantity, movement.actor, movement.reason, movement.at) == (-4, "clerk", "Counted", at)
    assert OutboxEvent.objects.get(name="inventory.stock_changed").payload == {"variants": [str(variant.pk)]}


def test_the_first_delivery_opens_the_level(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=0)
    assert _adjust(shop, variant, 7, at).on_hand == 7


def test_promised_stock_cannot_be_taken_away(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=10)
    reserve(lines={variant.pk: 4}, holder=Holder("checkout", uuid.uuid4()), until=at + timedelta(hours=1), at=at)
    with pytest.raises(StockIsPromised) as refusal:
        _adjust(shop, variant, -7, at)
    assert refusal.value.facts == {"available": 6}
    assert shop.level(variant).on_hand == 10
    assert _adjust(shop, variant, -6, at).available == 0


def test_there_is_never_less_than_nothing(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=0)
    with pytest.raises(StockIsPromised):
        _adjust(shop, variant, -1, at)
    assert not StockLevel.objects.exists()
    assert not StockMovement.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_a_change_of_nothing_is_no_movement(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        _adjust(shop, variant, 0, at)
    assert StockMovement.objects.count() == 1
