"""A bundle is sold as its parts; what is not tracked needs no stock at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from cms.catalogue.models import BundlePart
from commerce.inventory.adjusting import adjust
from commerce.inventory.auditing import discrepancies
from commerce.inventory.bundling import BundleRefused, set_parts
from commerce.inventory.composition import BundleHasNoStock
from commerce.inventory.models import Reservation, StockLevel, StockMovement
from commerce.inventory.policies import set_policy
from commerce.inventory.queries import UNLIMITED, availability
from commerce.inventory.receiving import NotAQuantity
from commerce.inventory.reservations import Holder, NothingReserved, OutOfStock, consume, expire_due, release, reserve
from commerce.kit.models import OutboxEvent
from tests.commerce.inventory.conftest import Promise, Sell
from tests.factories import Shop
from tests.factories.stock import bundle_of, never_runs_out

pytestmark = pytest.mark.django_db
Standing = Callable[..., tuple[int, int]]


def test_a_bundle_is_promised_and_sold_as_its_parts(shop: Shop, buy: Sell, standing: Standing) -> None:
    cup, saucer = shop.sell(stock=10), shop.sell(stock=10)
    bundle = bundle_of(shop, (cup, 2), (saucer, 1))
    buy({bundle: 3}, "M-7")
    assert (standing(cup), standing(saucer)) == ((4, 0), (7, 0))
    sales = StockMovement.objects.filter(kind="sale").order_by("quantity")
    assert [(sale.level.variant, sale.quantity, sale.bundle, sale.per_bundle) for sale in sales] == [
        (cup, -6, bundle, 2),
        (saucer, -3, bundle, 1),
    ]
    assert not StockLevel.objects.filter(variant=bundle).exists()
    assert [*discrepancies()] == []


def test_there_are_as_many_bundles_as_the_scarcest_part_allows(shop: Shop) -> None:
    cup, saucer, receipt = shop.sell(stock=7), shop.sell(stock=100), never_runs_out(shop)
    bundle = bundle_of(shop, (cup, 2), (saucer, 1), (receipt, 1))
    assert availability(variant_ids=[bundle.pk, cup.pk]) == {bundle.pk: 3, cup.pk: 7}
    assert availability(variant_ids=[bundle_of(shop, (receipt, 4)).pk]).popitem()[1] == UNLIMITED


def test_a_bundle_of_nothing_is_not_there(shop: Shop) -> None:
    bundle = bundle_of(shop)
    assert availability(variant_ids=[bundle.pk]) == {bundle.pk: 0}


def test_a_bundle_beside_its_own_part_shares_the_stock(shop: Shop, promise: Promise, standing: Standing) -> None:
    """Fault 17: each line by itself would fit."""
    cup = shop.sell(stock=5)
    bundle, other = bundle_of(shop, (cup, 2)), bundle_of(shop, (cup, 1))
    with pytest.raises(OutOfStock) as refusal:
        promise({cup: 2, bundle: 2, other: 1})
    assert refusal.value.facts["lines"] == [{"variant": str(bundle.pk), "requested": 2, "available": 1}]
    assert standing(cup) == (5, 0)
    promise({cup: 2, bundle: 1, other: 1})
    assert standing(cup) == (5, 5)
    assert [*discrepancies()] == []


def test_what_a_holder_has_of_one_sku_by_itself_and_in_bundles_is_given_back_and_sold_together(
    shop: Shop, promise: Promise, at: datetime, standing: Standing
) -> None:
    cup = shop.sell(stock=9)
    lines = {cup: 1, bundle_of(shop, (cup, 2)): 1, bundle_of(shop, (cup, 3)): 1}
    given_back, sold = promise(lines), None
    assert standing(cup) == (9, 6)
    release(holder=given_back, at=at)
    assert standing(cup) == (9, 0)
    sold = promise(lines)
    consume(holder=sold, reference="M-1", actor="test", at=at)
    assert standing(cup) == (3, 0)
    last = promise({cup: 3})
    assert expire_due(at=at + timedelta(hours=1)) == 1
    assert Reservation.objects.filter(holder_id=last.id).get().state == "released"
    assert [*discrepancies()] == []


def test_a_holder_is_told_what_it_holds_of_a_part(shop: Shop, promise: Promise) -> None:
    cup = shop.sell(stock=4)
    bundle = bundle_of(shop, (cup, 2))
    mine = promise({bundle: 2})
    assert availability(variant_ids=[bundle.pk, cup.pk]) == {bundle.pk: 0, cup.pk: 0}
    assert availability(variant_ids=[bundle.pk, cup.pk], holder=mine) == {bundle.pk: 2, cup.pk: 4}


def test_what_is_promised_stays_promised_when_the_bundle_is_made_of_something_else(
    shop: Shop, promise: Promise, at: datetime, standing: Standing
) -> None:
    cup, mug = shop.sell(stock=4), shop.sell(stock=4)
    bundle = bundle_of(shop, (cup, 2))
    holder = promise({bundle: 1})
    set_parts(bundle=bundle, parts={mug.pk: 1}, at=at)
    consume(holder=holder, reference="M-1", actor="test", at=at)
    assert (standing(cup), standing(mug)) == ((2, 0), (4, 0))


def test_digital_goods_never_run_out_and_are_sold_without_stock(shop: Shop, buy: Sell) -> None:
    pattern = never_runs_out(shop)
    assert availability(variant_ids=[pattern.pk]) == {pattern.pk: UNLIMITED}
    buy({pattern: 1000})
    assert not Reservation.objects.exists()
    assert not StockMovement.objects.exists()
    assert not OutboxEvent.objects.filter(name="inventory.stock_changed").exists()


def test_a_policy_has_the_last_word_on_what_is_tracked(shop: Shop, promise: Promise, at: datetime) -> None:
    download, poster = never_runs_out(shop), shop.sell(stock=1)
    set_policy(variant=download, is_tracked=True, at=at)
    set_policy(variant=poster, is_tracked=False, at=at)
    assert availability(variant_ids=[download.pk, poster.pk]) == {download.pk: 0, poster.pk: UNLIMITED}
    with pytest.raises(OutOfStock):
        promise({download: 1})
    promise({poster: 5})
    assert shop.level(poster).reserved == 0


def test_what_is_tracked_and_what_is_not_are_sold_in_one_order(shop: Shop, buy: Sell, standing: Standing) -> None:
    pattern, wool = never_runs_out(shop), shop.sell(stock=3)
    buy({pattern: 1, wool: 2})
    assert standing(wool) == (1, 0)


def test_that_nothing_was_reserved_is_no_error_only_where_nothing_is_tracked(shop: Shop, at: datetime) -> None:
    pattern, wool = never_runs_out(shop), shop.sell(stock=3)
    holder = Holder("checkout", uuid.uuid4())
    consume(holder=holder, lines={pattern.pk: 1}, reference="M-1", actor="test", at=at)
    for lines in (None, {}, {wool.pk: 1}, {pattern.pk: 1, wool.pk: 1}):
        with pytest.raises(NothingReserved):
            consume(holder=holder, lines=lines, reference="M-1", actor="test", at=at)


def test_a_bundle_keeps_no_stock_of_its_own(shop: Shop, at: datetime) -> None:
    bundle = bundle_of(shop, (shop.sell(), 1), sku="SET")
    with pytest.raises(BundleHasNoStock) as refusal:
        adjust(
            variant=bundle, location=shop.warehouse, change=1, kind=StockMovement.Kind.PURCHASE,
            actor="test", reason="", at=at,
        )  # fmt: skip
    assert refusal.value.facts == {"skus": ["SET"]}
    assert not StockLevel.objects.filter(variant=bundle).exists()


def test_the_parts_of_a_bundle_are_set_anew_as_a_whole(shop: Shop, at: datetime) -> None:
    cup, saucer, spoon = (shop.sell() for _ in range(3))
    bundle = bundle_of(shop, (cup, 1), (saucer, 1))
    set_parts(bundle=bundle, parts={cup.pk: 4, spoon.pk: 2}, at=at)
    assert dict(bundle.bundle_parts.values_list("part", "quantity")) == {cup.pk: 4, spoon.pk: 2}
    assert OutboxEvent.objects.get(name="inventory.stock_changed").payload == {"variants": [str(bundle.pk)]}


def test_bundles_do_not_nest_hold_stock_or_become_of_other_products(shop: Shop, at: datetime) -> None:
    cup = shop.sell()
    inner, outer = bundle_of(shop, (cup, 1)), bundle_of(shop)
    for bundle, parts, words in (
        (outer, {inner.pk: 1}, "no bundles"),
        (outer, {outer.pk: 1}, "cannot be a part of itself"),
        (shop.sell(), {cup.pk: 1}, "kind"),
        (outer, {uuid.uuid4(): 1}, "no variant"),
    ):
        with pytest.raises(BundleRefused, match=words):
            set_parts(bundle=bundle, parts=parts, at=at)
    for nothing in ({}, {cup.pk: 0}):
        with pytest.raises(NotAQuantity):
            set_parts(bundle=outer, parts=nothing, at=at)
    StockLevel.objects.create(variant=outer, location=shop.warehouse, on_hand=1)
    with pytest.raises(BundleRefused, match="stock of its own"):
        set_parts(bundle=outer, parts={cup.pk: 1}, at=at)
    assert not outer.bundle_parts.exists()


@pytest.mark.parametrize("wrong", ["itself", "none", "twice"])
def test_the_database_itself_knows_what_a_part_is(shop: Shop, wrong: str) -> None:
    cup = shop.sell()
    bundle = bundle_of(shop, (cup, 1))
    part, quantity = {"itself": (bundle, 1), "none": (shop.sell(), 0), "twice": (cup, 1)}[wrong]
    with pytest.raises(IntegrityError), transaction.atomic():
        BundlePart.objects.create(bundle=bundle, part=part, quantity=quantity)


def test_reserving_and_consuming_cost_the_same_however_many_lines(
    shop: Shop, at: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    def lines(count: int) -> dict[uuid.UUID, int]:
        single = [shop.sell(stock=9).pk for _ in range(count)]
        bundles = [bundle_of(shop, (shop.sell(stock=9), 1), (shop.sell(stock=9), 2)).pk for _ in range(count)]
        return dict.fromkeys([*single, *bundles, never_runs_out(shop).pk], 1)

    for count in (1, 12):
        wanted, holder = lines(count), Holder("checkout", uuid.uuid4())
        with transaction.atomic():
            with django_assert_num_queries(2 + 5):  # the savepoint, and the five that `reserve` tells
                reserve(lines=wanted, holder=holder, until=at + timedelta(hours=1), at=at)
            with django_assert_num_queries(2 + 6):
                consume(holder=holder, lines=wanted, reference="M-1", actor="test", at=at)
