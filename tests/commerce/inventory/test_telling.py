"""What stock tells: who is low, what there was on a day, and whether the books balance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from commerce.inventory.alerting import low_on_stock, raise_alerts
from commerce.inventory.auditing import discrepancies
from commerce.inventory.models import StockLevel, StockMovement
from commerce.inventory.policies import set_policy
from commerce.inventory.receiving import receive
from commerce.inventory.reporting import StockOfDate, stock_as_of
from commerce.inventory.transferring import transfer
from commerce.kit.models import OutboxEvent
from tests.commerce.inventory.conftest import Promise, Sell
from tests.factories import LONG_AGO, LocationFactory, Shop
from tests.factories.stock import allow_backorders, never_runs_out

pytestmark = pytest.mark.django_db


def _alerts() -> list[dict[str, object]]:
    return list(OutboxEvent.objects.filter(name="inventory.low_stock").order_by("pk").values_list("payload", flat=True))


def test_staff_are_told_once_when_a_variant_runs_low(shop: Shop, buy: Sell, promise: Promise, at: datetime) -> None:
    lamp, vase = shop.sell(stock=6, sku="LAMP"), shop.sell(stock=1)
    set_policy(variant=lamp, low_stock_threshold=4, at=at)
    assert raise_alerts(at=at) == 0
    promise({lamp: 1})
    buy({lamp: 1})
    assert raise_alerts(at=at) == 1
    assert _alerts() == [{"variant": str(lamp.pk), "sku": "LAMP", "left": 4, "threshold": 4}]
    buy({lamp: 1, vase: 1})
    assert raise_alerts(at=at) == 0


def test_they_are_told_again_after_it_was_well_stocked(shop: Shop, buy: Sell, at: datetime) -> None:
    lamp = shop.sell(stock=4)
    set_policy(variant=lamp, low_stock_threshold=4, at=at)
    assert raise_alerts(at=at) == 1
    receive(lines={lamp.pk: 1}, location=shop.warehouse, reference="", actor="clerk", at=at)
    assert raise_alerts(at=at) == 0
    buy({lamp: 2})
    assert [raise_alerts(at=at), raise_alerts(at=at)] == [1, 0]


def test_stock_of_all_locations_counts_and_backorders_do_not(shop: Shop, at: datetime) -> None:
    lamp, nowhere, pattern = shop.sell(stock=3), shop.sell(stock=0), never_runs_out(shop)
    for variant in (lamp, nowhere, pattern):
        set_policy(variant=variant, low_stock_threshold=5, is_tracked=variant != pattern, at=at)
    allow_backorders(shop, lamp, 50)
    assert [(each.sku, each.left) for each in low_on_stock().order_by("left")] == [(nowhere.sku, 0), (lamp.sku, 3)]
    shop.stock(lamp, 3, location=LocationFactory.create())
    assert [each.sku for each in low_on_stock()] == [nowhere.sku]


def test_nobody_is_told_of_a_variant_without_a_threshold(shop: Shop, at: datetime) -> None:
    shop.sell(stock=1)
    set_policy(variant=shop.sell(stock=1), at=at)
    assert raise_alerts(at=at) == 0


def test_what_there_was_at_an_instant_is_told_by_the_ledger(shop: Shop, buy: Sell, at: datetime) -> None:
    lamp, vase = shop.sell(stock=9, sku="LAMP"), shop.sell(stock=1, sku="VASE")
    shelf = LocationFactory.create(code="shelf", name="Shelf")
    buy({lamp: 2, vase: 1})
    transfer(lines={lamp.pk: 3}, source=shop.warehouse, target=shelf, actor="clerk", at=at + timedelta(hours=1))

    def told(instant: datetime, **where: object) -> list[tuple[str, str, int]]:
        return [(each.sku, each.location, each.on_hand) for each in stock_as_of(at=instant, **where)]  # type: ignore[arg-type]

    assert told(LONG_AGO - timedelta(days=1)) == []
    assert told(at - timedelta(seconds=1)) == [("LAMP", "Warehouse", 9), ("VASE", "Warehouse", 1)]
    assert told(at) == [("LAMP", "Warehouse", 7)]
    assert told(at + timedelta(hours=1)) == [("LAMP", "Shelf", 3), ("LAMP", "Warehouse", 4)]
    assert stock_as_of(at=at + timedelta(hours=1), location=shelf) == [StockOfDate("LAMP", "Shelf", 3)]


def test_the_audit_names_every_level_that_does_not_add_up(shop: Shop, promise: Promise) -> None:
    fine, moved, unmoved, held, unheld = (shop.sell(stock=5) for _ in range(5))
    promise({fine: 2, held: 2})
    StockLevel.objects.filter(variant=moved).update(on_hand=6)
    StockLevel.objects.filter(variant=held).update(reserved=1)
    StockLevel.objects.filter(variant=unheld).update(reserved=1)
    bare = StockLevel.objects.create(variant=shop.sell(stock=0), location=shop.warehouse, on_hand=3)
    assert unmoved  # a level that nothing has happened to is fine
    assert sorted(discrepancies()) == sorted(
        [
            f"I3 stock level {shop.level(moved).pk}: 6 on hand and 5 moved",
            f"I3 stock level {bare.pk}: 3 on hand and 0 moved",
            f"I3 stock level {shop.level(held).pk}: 1 reserved and 2 in open reservations",
            f"I3 stock level {shop.level(unheld).pk}: 1 reserved and 0 in open reservations",
        ]
    )


def test_the_audit_names_a_level_out_of_bounds(shop: Shop) -> None:
    level = shop.level(shop.sell(stock=5))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE inventory_stocklevel DROP CONSTRAINT stock_level_reserved_within_on_hand")
        StockLevel.objects.filter(pk=level.pk).update(reserved=9)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert f"I2 stock level {level.pk}: 9 reserved of 5, backorders up to 0" in [*discrepancies()]


def test_the_audit_names_a_transfer_that_lost_units(shop: Shop, at: datetime) -> None:
    lamp = shop.sell(stock=5, sku="LAMP")
    level = shop.level(lamp)
    StockMovement.objects.create(level=level, kind="transfer", quantity=-2, reference="T-1", actor="x", at=at)
    StockLevel.objects.filter(pk=level.pk).update(on_hand=3)
    assert [*discrepancies()] == ["I3 transfer T-1: -2 of LAMP, and not nothing"]


def test_the_audit_asks_six_questions_however_many_rows(
    shop: Shop, promise: Promise, django_assert_num_queries: Callable[..., object]
) -> None:
    for _ in range(10):
        promise({shop.sell(): 1})
    with django_assert_num_queries(6):
        assert [*discrepancies()] == []
