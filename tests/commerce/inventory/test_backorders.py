"""Selling what is still to come: as far as the limit goes, and not one unit further."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from commerce.inventory.adjusting import StockIsPromised, adjust
from commerce.inventory.auditing import discrepancies
from commerce.inventory.models import Reservation, StockLevel, StockMovement, StockPolicy
from commerce.inventory.policies import BackordersArePromised, set_backorder_limit, set_policy
from commerce.inventory.queries import FEW_LEFT, Supply, availability, supplies
from commerce.inventory.receiving import receive
from commerce.inventory.reservations import OutOfStock, consume, extend
from tests.commerce.inventory.conftest import Promise, Sell
from tests.factories import LocationFactory, Shop
from tests.factories.stock import allow_backorders, bundle_of, never_runs_out

pytestmark = pytest.mark.django_db
Standing = Callable[..., tuple[int, int]]


def test_more_is_promised_than_there_is_up_to_the_limit(shop: Shop, promise: Promise, standing: Standing) -> None:
    variant = shop.sell(stock=2)
    allow_backorders(shop, variant, 3)
    assert availability(variant_ids=[variant.pk]) == {variant.pk: 5}
    with pytest.raises(OutOfStock):
        promise({variant: 6})
    promise({variant: 5})
    with pytest.raises(OutOfStock):
        promise({variant: 1})
    assert standing(variant) == (2, 5)
    assert [*discrepancies()] == []


def test_what_is_sold_ahead_stands_below_zero_until_it_comes(
    shop: Shop, buy: Sell, at: datetime, standing: Standing
) -> None:
    variant = shop.sell(stock=2)
    allow_backorders(shop, variant, 3)
    buy({variant: 4})
    assert standing(variant) == (-2, 0)
    assert availability(variant_ids=[variant.pk]) == {variant.pk: 1}
    receive(lines={variant.pk: 10}, location=shop.warehouse, reference="PO-1", actor="clerk", at=at)
    assert standing(variant) == (8, 0)
    assert availability(variant_ids=[variant.pk]) == {variant.pk: 11}
    assert [*discrepancies()] == []


def test_what_lies_somewhere_is_sold_before_what_is_to_come_anywhere(shop: Shop, promise: Promise) -> None:
    variant = shop.sell(stock=1)
    allow_backorders(shop, variant, 10)
    far = shop.stock(variant, 4, location=LocationFactory.create(priority=5))
    promise({variant: 3})
    assert Reservation.objects.get().level == far
    promise({variant: 6})
    reserved = dict(StockLevel.objects.order_by("pk").values_list("location__priority", "reserved"))
    assert reserved == {0: 5, 5: 4}, "one from each shelf, and four that are to come"


@pytest.mark.parametrize("changes", [{"reserved": 6}, {"on_hand": -3}, {"backorder_limit": 0, "reserved": 4}])
def test_the_database_itself_knows_the_limit(shop: Shop, changes: dict[str, int]) -> None:
    level = allow_backorders(shop, shop.sell(stock=3), 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockLevel.objects.filter(pk=level.pk).update(**changes)


def test_a_limit_is_not_lowered_below_what_is_promised_or_sold_ahead(
    shop: Shop, promise: Promise, at: datetime
) -> None:
    variant = shop.sell(stock=0)
    set_backorder_limit(variant=variant, location=shop.warehouse, limit=10, at=at)
    holder = promise({variant: 4})
    consume(holder=holder, reference="M-1", actor="test", at=at)
    promise({variant: 2})
    with pytest.raises(BackordersArePromised) as refusal:
        set_backorder_limit(variant=variant, location=shop.warehouse, limit=5, at=at)
    assert refusal.value.facts == {"promised": 6}
    assert set_backorder_limit(variant=variant, location=shop.warehouse, limit=6, at=at).available == 0


def test_only_what_lies_there_is_taken_by_hand(shop: Shop, promise: Promise, at: datetime, standing: Standing) -> None:
    variant = shop.sell(stock=3)
    allow_backorders(shop, variant, 2)
    promise({variant: 3})

    def damage(count: int) -> None:
        adjust(
            variant=variant, location=shop.warehouse, change=-count, kind=StockMovement.Kind.DAMAGE,
            actor="clerk", reason="Broken", at=at,
        )  # fmt: skip

    damage(2)
    assert standing(variant) == (1, 3), "two of those that are promised are backorders now"
    with pytest.raises(StockIsPromised) as refusal:
        damage(1)
    assert refusal.value.facts == {"available": 0}
    allow_backorders(shop, variant, 9)
    with pytest.raises(StockIsPromised) as refusal:
        damage(2)
    assert refusal.value.facts == {"available": 1}, "no more can break than there is"


@pytest.mark.parametrize(
    ("stock", "limit", "days", "threshold", "state", "told"),
    [
        (20, 0, None, 0, "in_stock", None),
        (FEW_LEFT, 0, None, 0, "low_stock", None),
        (20, 0, None, 20, "low_stock", None),
        (3, 0, None, 2, "in_stock", None),
        (0, 0, None, 0, "out_of_stock", None),
        (0, 0, 5, 0, "out_of_stock", 5),
        (0, 4, None, 0, "backorder", None),
        (0, 4, 5, 0, "preorder", 5),
        (0, 4, 0, 0, "backorder", None),
        (0, 4, -1, 0, "backorder", None),
        (20, 4, 5, 0, "in_stock", None),
        (1, 4, 5, 0, "low_stock", None),
    ],
)
def test_how_it_is_supplied(
    shop: Shop, at: datetime, stock: int, limit: int, days: int | None, threshold: int, state: str, told: int | None
) -> None:
    variant = shop.sell(stock=stock)
    allow_backorders(shop, variant, limit)
    expected_on = at.date() + timedelta(days=days) if days is not None else None
    set_policy(variant=variant, low_stock_threshold=threshold, expected_on=expected_on, at=at)
    supply = supplies(variant_ids=[variant.pk], at=at)[variant.pk]
    assert (supply.state, supply.available, supply.on_hand_free) == (state, stock + limit, stock)
    assert supply.expected_on == (at.date() + timedelta(days=told) if told else None)


def test_a_pre_order_is_a_backorder_from_the_day_it_was_expected_on(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=0)
    allow_backorders(shop, variant, 1, expected_on=date(2026, 12, 1))
    states = [
        supplies(variant_ids=[variant.pk], at=instant)[variant.pk].state
        for instant in (at, datetime(2026, 11, 30, 23, 59, tzinfo=at.tzinfo), datetime(2026, 12, 1, tzinfo=at.tzinfo))
    ]
    assert states == ["preorder", "preorder", "backorder"]


def test_a_bundle_waits_for_the_last_of_the_parts_that_are_missing(shop: Shop, at: datetime) -> None:
    here, soon, later = shop.sell(stock=9), shop.sell(stock=1), shop.sell(stock=0)
    allow_backorders(shop, soon, 8, expected_on=date(2026, 12, 1))
    allow_backorders(shop, later, 8, expected_on=date(2026, 12, 24))
    bundle = bundle_of(shop, (here, 1), (soon, 2), (later, 1))
    supply = supplies(variant_ids=[bundle.pk], at=at)[bundle.pk]
    assert (supply.state, supply.available, supply.expected_on) == ("preorder", 4, date(2026, 12, 24))
    StockPolicy.objects.filter(variant=soon).update(expected_on=None)
    supply = supplies(variant_ids=[bundle.pk], at=at)[bundle.pk]
    assert (supply.state, supply.expected_on) == ("backorder", None), "nobody knows when one of them comes"


def test_what_a_holder_has_from_the_shelf_is_on_the_shelf_for_it(shop: Shop, promise: Promise, at: datetime) -> None:
    variant = shop.sell(stock=6)
    allow_backorders(shop, variant, 5)
    mine = promise({variant: 6})
    assert supplies(variant_ids=[variant.pk], at=at)[variant.pk].state == "backorder"
    assert supplies(variant_ids=[variant.pk], holder=mine, at=at)[variant.pk].state == "in_stock"


def test_several_variants_are_supplied_together_as_one() -> None:
    none, few, ahead = Supply(0, 0), Supply(3, 3), Supply(5, 0, date(2026, 12, 1))
    assert Supply.together([none, none]).state == Supply.together([]).state == "out_of_stock"
    assert Supply.together([none, few]).state == "low_stock"
    assert Supply.together([few, few]).state == "in_stock"
    assert Supply.together([none, ahead]) == Supply(5, 0, date(2026, 12, 1))
    assert Supply.together([few, ahead]).state == "low_stock"
    assert Supply.together([few, ahead]).expected_on is None


@pytest.mark.parametrize("count", [1, 20])
def test_supplies_take_one_query_and_a_holder_one_more(
    shop: Shop, at: datetime, promise: Promise, count: int, django_assert_num_queries: Callable[..., object]
) -> None:
    parts = [shop.sell(stock=5) for _ in range(count)]
    keys = [each.pk for each in (*parts, *(bundle_of(shop, (part, 2)) for part in parts), never_runs_out(shop))]
    holder = promise({parts[0]: 1})
    with django_assert_num_queries(1):
        supplies(variant_ids=keys, at=at)
    with django_assert_num_queries(2):
        supplies(variant_ids=keys, holder=holder, at=at)


def test_activity_extends_what_is_open_and_never_shortens_it(shop: Shop, promise: Promise, at: datetime) -> None:
    holder = promise({shop.sell(): 1, shop.sell(): 2})
    later = at + timedelta(hours=2)
    assert extend(holder=holder, until=later, at=at) == 2
    assert extend(holder=holder, until=at + timedelta(minutes=1), at=at) == 2
    assert set(Reservation.objects.values_list("expires_at", flat=True)) == {later}


def test_what_has_run_out_is_not_brought_back(shop: Shop, promise: Promise, at: datetime) -> None:
    holder = promise({shop.sell(): 1})
    over = at + timedelta(hours=1)
    assert extend(holder=holder, until=over + timedelta(hours=1), at=over) == 0
    assert Reservation.objects.get().expires_at == over
