from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from commerce.inventory import counting
from commerce.inventory.auditing import discrepancies
from commerce.inventory.composition import BundleHasNoStock
from commerce.inventory.counting import CountIsClosed, NothingCounted, StockHasMoved
from commerce.inventory.levels import StockIsPromised
from commerce.inventory.models import StockCount, StockMovement
from commerce.kit.auditing import illegal_histories
from tests.commerce.inventory.conftest import Promise, Sell
from tests.factories import LocationFactory, Shop
from tests.factories.stock import allow_backorders, bundle_of

pytestmark = pytest.mark.django_db


def _sheet(shop: Shop, at: datetime) -> StockCount:
    return counting.start(location=shop.warehouse, actor="clerk", at=at)


def test_the_sheet_lists_what_the_location_has_a_level_of(shop: Shop, at: datetime) -> None:
    lamp, vase = shop.sell(stock=4, sku="LAMP"), shop.sell(stock=0, sku="VASE")
    elsewhere = shop.sell(stock=0, sku="ELSEWHERE")
    shop.stock(elsewhere, 5, location=LocationFactory.create())
    count = _sheet(shop, at)
    assert list(count.lines.values_list("variant__sku", "expected", "counted")) == [("LAMP", 4, None)]
    chosen = counting.start(location=shop.warehouse, actor="clerk", at=at, variant_ids=[lamp.pk, vase.pk])
    assert list(chosen.lines.values_list("variant__sku", "expected")) == [("LAMP", 4), ("VASE", 0)]


def test_what_differs_is_posted_to_the_ledger_and_what_was_not_counted_stays(shop: Shop, at: datetime) -> None:
    lamp, vase, jug, tray = (shop.sell(stock=10) for _ in range(4))
    count = _sheet(shop, at)
    counting.enter(count_id=count.pk, counted={lamp.pk: 8, vase.pk: 12, jug.pk: 10})
    later = at + timedelta(hours=1)
    counting.post(count_id=count.pk, actor="chief", at=later)
    assert [shop.level(each).on_hand for each in (lamp, vase, jug, tray)] == [8, 12, 10, 10]
    posted = StockMovement.objects.filter(kind="count").order_by("quantity")
    assert [(each.quantity, each.reference, each.actor, each.at) for each in posted] == [
        (-2, count.reference, "chief", later),
        (2, count.reference, "chief", later),
    ]
    assert [*discrepancies(), *illegal_histories()] == []


def test_a_count_is_posted_once(shop: Shop, at: datetime) -> None:
    lamp = shop.sell(stock=10)
    posted, discarded = _sheet(shop, at), _sheet(shop, at)
    counting.enter(count_id=posted.pk, counted={lamp.pk: 9})
    counting.post(count_id=posted.pk, actor="chief", at=at)
    counting.discard(count_id=discarded.pk, actor="chief", reason="Twice", at=at)
    for count in (posted, discarded):
        for action in (
            lambda key: counting.post(count_id=key, actor="chief", at=at),
            lambda key: counting.enter(count_id=key, counted={lamp.pk: 1}),
            lambda key: counting.discard(count_id=key, actor="chief", reason="", at=at),
        ):
            with pytest.raises(CountIsClosed):
                action(count.pk)
    assert shop.level(lamp).on_hand == 9
    assert list(StockCount.objects.order_by("pk").values_list("status", flat=True)) == ["posted", "discarded"]


def test_nothing_counted_is_nothing_to_post(shop: Shop, at: datetime) -> None:
    lamp = shop.sell(stock=10)
    count = _sheet(shop, at)
    counting.enter(count_id=count.pk, counted={lamp.pk: 3})
    counting.enter(count_id=count.pk, counted={lamp.pk: None})
    with pytest.raises(NothingCounted):
        counting.post(count_id=count.pk, actor="chief", at=at)


def test_what_has_moved_since_is_refused_unless_it_is_confirmed(shop: Shop, buy: Sell, at: datetime) -> None:
    lamp, vase = shop.sell(stock=10), shop.sell(stock=10)
    count = _sheet(shop, at)
    counting.enter(count_id=count.pk, counted={lamp.pk: 9, vase.pk: 9})
    buy({lamp: 2})
    with pytest.raises(StockHasMoved) as refusal:
        counting.post(count_id=count.pk, actor="chief", at=at)
    assert refusal.value.facts["lines"] == [{"variant": str(lamp.pk), "expected": 10, "on_hand": 8, "counted": 9}]
    assert shop.level(vase).on_hand == 10
    counting.post(count_id=count.pk, actor="chief", at=at, confirmed=[lamp.pk])
    assert (shop.level(lamp).on_hand, shop.level(vase).on_hand) == (9, 9)


def test_less_than_is_promised_cannot_be_posted(shop: Shop, promise: Promise, at: datetime) -> None:
    lamp = shop.sell(stock=10)
    promise({lamp: 4})
    count = _sheet(shop, at)
    counting.enter(count_id=count.pk, counted={lamp.pk: 3})
    with pytest.raises(StockIsPromised) as refusal:
        counting.post(count_id=count.pk, actor="chief", at=at)
    assert refusal.value.facts["lines"] == [{"variant": str(lamp.pk), "counted": 3, "promised": 4}]
    allow_backorders(shop, lamp, 1)
    counting.post(count_id=count.pk, actor="chief", at=at)
    assert (shop.level(lamp).on_hand, shop.level(lamp).reserved) == (3, 4)


@pytest.mark.parametrize(("found", "stands"), [(0, -3), (2, -1)])
def test_what_is_owed_lies_on_no_shelf(shop: Shop, buy: Sell, at: datetime, found: int, stands: int) -> None:
    lamp = shop.sell(stock=0)
    allow_backorders(shop, lamp, 5)
    buy({lamp: 3})
    count = _sheet(shop, at)
    counting.enter(count_id=count.pk, counted={lamp.pk: found})
    line = count.lines.get()
    assert line.difference_to(line.expected) == found
    counting.post(count_id=count.pk, actor="chief", at=at)
    assert shop.level(lamp).on_hand == stands


def test_bundles_are_not_counted(shop: Shop, at: datetime) -> None:
    bundle = bundle_of(shop, (shop.sell(), 1))
    with pytest.raises(BundleHasNoStock):
        counting.start(location=shop.warehouse, actor="clerk", at=at, variant_ids=[bundle.pk])
