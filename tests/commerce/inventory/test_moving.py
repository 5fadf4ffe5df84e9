"""Goods that come, and goods that go from one location to another."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest

from commerce.inventory.auditing import discrepancies
from commerce.inventory.composition import BundleHasNoStock
from commerce.inventory.levels import StockIsPromised
from commerce.inventory.models import StockLevel, StockMovement
from commerce.inventory.receiving import NotAQuantity, receive
from commerce.inventory.transferring import NotAnotherPlace, transfer
from commerce.kit.models import OutboxEvent
from tests.commerce.inventory.conftest import Promise
from tests.factories import LocationFactory, Shop
from tests.factories.stock import allow_backorders, bundle_of

pytestmark = pytest.mark.django_db


def _at_locations(variant: object) -> dict[str, int]:
    return dict(StockLevel.objects.filter(variant=variant).values_list("location__code", "on_hand"))


def test_a_delivery_adds_to_what_is_there_and_opens_what_is_new(shop: Shop, at: datetime) -> None:
    known, new = shop.sell(stock=2), shop.sell(stock=0)
    receive(lines={known.pk: 3, new.pk: 7}, location=shop.warehouse, reference="DN-12", actor="clerk", at=at)
    assert (shop.level(known).on_hand, shop.level(new).on_hand) == (5, 7)
    came = StockMovement.objects.filter(reference="DN-12").order_by("quantity")
    assert [(each.kind, each.quantity, each.actor, each.at) for each in came] == [
        ("purchase", 3, "clerk", at),
        ("purchase", 7, "clerk", at),
    ]
    assert OutboxEvent.objects.get(name="inventory.stock_changed").payload == {
        "variants": sorted([str(known.pk), str(new.pk)])
    }
    assert [*discrepancies()] == []


@pytest.mark.parametrize("quantity", [0, -1, None])
def test_less_than_one_is_no_delivery_and_no_transfer(shop: Shop, at: datetime, quantity: int | None) -> None:
    lines = {shop.sell(stock=5).pk: quantity} if quantity is not None else {}
    with pytest.raises(NotAQuantity):
        receive(lines=lines, location=shop.warehouse, reference="", actor="clerk", at=at)
    with pytest.raises(NotAQuantity):
        transfer(lines=lines, source=shop.warehouse, target=LocationFactory.create(), actor="clerk", at=at)


def test_bundles_are_neither_received_nor_transferred(shop: Shop, at: datetime) -> None:
    lines = {bundle_of(shop, (shop.sell(), 1)).pk: 1}
    with pytest.raises(BundleHasNoStock):
        receive(lines=lines, location=shop.warehouse, reference="", actor="clerk", at=at)
    with pytest.raises(BundleHasNoStock):
        transfer(lines=lines, source=shop.warehouse, target=LocationFactory.create(), actor="clerk", at=at)


def test_a_transfer_takes_here_and_gives_there_under_one_reference(shop: Shop, at: datetime) -> None:
    one, other, shelf = shop.sell(stock=5), shop.sell(stock=5), LocationFactory.create(code="shelf")
    reference = transfer(lines={one.pk: 2, other.pk: 5}, source=shop.warehouse, target=shelf, actor="clerk", at=at)
    assert _at_locations(one) == {shop.warehouse.code: 3, "shelf": 2}
    assert _at_locations(other) == {shop.warehouse.code: 0, "shelf": 5}
    moves = StockMovement.objects.filter(reference=reference, kind="transfer")
    assert sorted(moves.values_list("quantity", flat=True)) == [-5, -2, 2, 5]
    assert [*discrepancies()] == []


def test_what_is_promised_or_not_there_is_not_transferred(shop: Shop, promise: Promise, at: datetime) -> None:
    plenty, promised, ahead = shop.sell(stock=9), shop.sell(stock=5), shop.sell(stock=0)
    allow_backorders(shop, ahead, 10)
    promise({promised: 4})
    wanted = {plenty.pk: 1, promised.pk: 2, ahead.pk: 1}
    with pytest.raises(StockIsPromised) as refusal:
        transfer(lines=wanted, source=shop.warehouse, target=LocationFactory.create(), actor="clerk", at=at)
    assert refusal.value.facts["lines"] == [
        {"variant": str(promised.pk), "requested": 2, "available": 1},
        {"variant": str(ahead.pk), "requested": 1, "available": 0},
    ]
    assert not StockMovement.objects.filter(kind="transfer").exists()
    assert _at_locations(plenty)[shop.warehouse.code] == 9


def test_a_transfer_goes_to_another_place(shop: Shop, at: datetime) -> None:
    with pytest.raises(NotAnotherPlace):
        transfer(lines={uuid.uuid4(): 1}, source=shop.warehouse, target=shop.warehouse, actor="clerk", at=at)


def test_deliveries_and_transfers_cost_the_same_however_many_lines(
    shop: Shop, at: datetime, django_assert_max_num_queries: Callable[..., object]
) -> None:
    target = LocationFactory.create()
    for count in (1, 12):
        lines = {shop.sell(stock=0).pk: 5 for _ in range(count)}
        with django_assert_max_num_queries(11):
            receive(lines=lines, location=shop.warehouse, reference="DN", actor="clerk", at=at)
        with django_assert_max_num_queries(11):
            transfer(lines=lines, source=shop.warehouse, target=target, actor="clerk", at=at)
