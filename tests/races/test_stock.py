"""Shoppers and staff at the same stock at the same moment (faults 17 and 19).

Each protection is taken away in a test of its own, which must then go wrong: the sorted locks, the adding up of units
of one SKU, and the lock under which a transfer reads what is free. SQLite knows one writer at a time, so that only
PostgreSQL can show what a lock is good for.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from cms.catalogue.models import Variant
from commerce.inventory import levels, reservations, transferring
from commerce.inventory.adjusting import adjust
from commerce.inventory.auditing import discrepancies
from commerce.inventory.composition import Part
from commerce.inventory.levels import StockIsPromised
from commerce.inventory.models import Location, StockLevel, StockMovement
from commerce.inventory.receiving import receive
from commerce.inventory.reservations import Holder, OutOfStock, consume, release, reserve
from commerce.inventory.transferring import transfer
from tests.factories import LocationFactory, Shop, open_shop
from tests.factories.stock import bundle_of
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db(transaction=True)

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has but one lock")


def _holder() -> Holder:
    return Holder("checkout", uuid.uuid4())


def _reserved(lines: dict[uuid.UUID, int], at: datetime) -> Holder:
    holder = _holder()
    reserve(lines=lines, holder=holder, until=at + timedelta(hours=1), at=at)
    return holder


def _shopper(keys: list[uuid.UUID], seed: int, at: datetime) -> Callable[[], list[Any]]:
    """Buys four of the variants, some in this order and some in that; gives up every third time."""
    chance = Random(seed)
    baskets = [chance.sample(keys, 4) for _ in range(12)]

    def shop() -> list[Any]:
        refusals: list[Any] = []
        for turn, basket in enumerate(baskets):
            try:
                holder = _reserved(dict.fromkeys(basket, 1), at)
            except OutOfStock as refusal:
                refusals.append(refusal)
                continue
            if turn % 3:
                consume(holder=holder, reference=f"M-{seed}-{turn}", actor="shopper", at=at)
            else:
                release(holder=holder, at=at)
        return refusals

    return shop


def _clerk(variants: list[Variant], places: list[Location], seed: int, at: datetime) -> Callable[[], list[Any]]:
    """Corrects, receives and carries stock around while they buy."""
    chance = Random(seed)

    def work() -> list[Any]:
        refusals: list[Any] = []
        for _ in range(10):
            some = chance.sample(variants, 4)
            try:
                match chance.choice(["adjust", "receive", "transfer"]):
                    case "adjust":
                        with transaction.atomic():
                            levels.lock_levels([each.pk for each in some])
                            for each in some:
                                adjust(
                                    variant=each, location=places[0], change=chance.choice([-1, 2]),
                                    kind=StockMovement.Kind.ADJUSTMENT, actor="clerk", reason="Recounted", at=at,
                                )  # fmt: skip
                    case "receive":
                        lines = {each.pk: 1 for each in some}
                        receive(lines=lines, location=places[1], reference="DN", actor="clerk", at=at)
                    case "transfer":
                        source, target = chance.sample(places, 2)
                        lines = {each.pk: 1 for each in some}
                        transfer(lines=lines, source=source, target=target, actor="clerk", at=at)
            except StockIsPromised as refusal:
                refusals.append(refusal)
        return refusals

    return work


@pytest.fixture
def stalls() -> tuple[Shop, list[Variant], list[Location]]:
    shop = open_shop()
    places = [shop.warehouse, LocationFactory.create(priority=1)]
    variants = [shop.sell(stock=30) for _ in range(6)]
    for variant in variants:
        shop.stock(variant, 30, location=places[1])
    return shop, variants, places


@pytest.mark.parametrize("seed", range(3))
def test_baskets_in_any_order_and_staff_at_the_same_shelves_never_deadlock(
    stalls: tuple[Shop, list[Variant], list[Location]], at: datetime, seed: int
) -> None:
    """Fault 19."""
    shop, variants, places = stalls
    bundles = [bundle_of(shop, (variants[0], 1), (variants[5], 1)), bundle_of(shop, (variants[4], 1), (variants[1], 1))]
    keys = [each.pk for each in (*variants, *bundles)]
    outcomes = at_once(
        *(_shopper(keys, 100 * seed + each, at) for each in range(6)),
        *(_clerk(variants, places, 1000 * seed + each, at) for each in range(2)),
    )
    assert all(isinstance(outcome, list) for outcome in outcomes), outcomes
    assert [*discrepancies()] == []


@on_postgresql
def test_without_the_order_of_the_locks_two_baskets_wait_for_each_other(
    stalls: tuple[Shop, list[Variant], list[Location]], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, [one, other, *_], _ = stalls
    both_have_one = threading.Barrier(2)

    def lock_as_they_come(variant_ids: Any) -> list[StockLevel]:
        found: list[StockLevel] = []
        for key in wanted[threading.get_ident()]:
            found += list(
                StockLevel.objects.select_for_update(of=("self",)).filter(variant=key).select_related("location")
            )
            if len({level.variant_id for level in found}) == 1:
                both_have_one.wait(timeout=10)
        return found

    wanted: dict[int, list[uuid.UUID]] = {}

    def buy(keys: list[uuid.UUID]) -> Holder:
        wanted[threading.get_ident()] = keys
        return _reserved(dict.fromkeys(keys, 1), at)

    monkeypatch.setattr(reservations, "lock_levels", lock_as_they_come)
    outcomes = at_once(lambda: buy([one.pk, other.pk]), lambda: buy([other.pk, one.pk]))
    [victim] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert isinstance(victim, OperationalError)
    assert "deadlock detected" in str(victim)


def _buyers_of_one_sku(shop: Shop, at: datetime) -> tuple[Variant, list[Callable[[], Any]]]:
    """Five cups. Each of four buyers wants two: by themselves, in a bundle of two, in two of one, or one of each."""
    cup = shop.sell(stock=5)
    pair, single = bundle_of(shop, (cup, 2)), bundle_of(shop, (cup, 1))
    baskets: list[dict[uuid.UUID, int]] = [{cup.pk: 2}, {pair.pk: 1}, {single.pk: 2}, {cup.pk: 1, single.pk: 1}]
    return cup, [lambda lines=lines: _reserved(lines, at) for lines in baskets]  # type: ignore[misc]


@pytest.mark.parametrize("round_", range(5))
def test_one_sku_by_itself_and_in_bundles_is_sold_as_often_as_there_is(at: datetime, round_: int) -> None:
    """Fault 17."""
    shop = open_shop()
    cup, buyers = _buyers_of_one_sku(shop, at)
    outcomes = at_once(*buyers)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Holder", "Holder", "OutOfStock", "OutOfStock"]
    assert shop.level(cup).reserved == 4
    assert [*discrepancies()] == []


def test_without_adding_up_the_units_of_one_sku_more_is_promised_than_there_is(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line looks at the shelf as if the others were not there; only the constraint is left."""
    shop = open_shop()
    cup = shop.sell(stock=3)
    lines = {cup.pk: 2, bundle_of(shop, (cup, 2)).pk: 1}

    def forgetful(self: Any, level: StockLevel, quantity: int, part: Part) -> Any:
        return reservations._Taken(level, quantity, part)

    with pytest.raises(OutOfStock):
        _reserved(lines, at)
    monkeypatch.setattr(reservations._Shelves, "_from", forgetful)
    with pytest.raises(IntegrityError, match="stock_level_reserved_within_on_hand"):
        _reserved(lines, at)


@pytest.mark.parametrize("round_", range(5))
def test_a_transfer_and_a_shopper_never_get_the_same_unit(at: datetime, round_: int) -> None:
    shop = open_shop()
    variant, shelf = shop.sell(stock=1), LocationFactory.create(priority=9)
    StockLevel.objects.create(variant=variant, location=shelf)
    outcomes = at_once(
        lambda: _reserved({variant.pk: 1}, at),
        lambda: transfer(lines={variant.pk: 1}, source=shop.warehouse, target=shelf, actor="clerk", at=at),
    )
    bought, carried = outcomes
    assert isinstance(bought, Holder), "wherever it lies, it is for sale"
    assert isinstance(carried, (str, StockIsPromised))
    assert [*discrepancies()] == []


@on_postgresql
def test_without_the_lock_a_transfer_carries_away_what_was_just_promised(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop()
    variant, shelf = shop.sell(stock=1), LocationFactory.create(priority=9)
    shop.stock(variant, 1, location=shelf)
    has_read, is_promised = threading.Event(), threading.Event()

    def unlocked(rows: Any) -> list[StockLevel]:
        found = list(rows.order_by("pk"))
        has_read.set()
        is_promised.wait(timeout=10)
        return found

    def buy() -> Holder:
        has_read.wait(timeout=10)
        try:
            return _reserved({variant.pk: 1}, at)
        finally:
            is_promised.set()

    monkeypatch.setattr(transferring, "locked", unlocked)
    bought, carried = at_once(
        buy,
        lambda: transfer(lines={variant.pk: 1}, source=shop.warehouse, target=shelf, actor="clerk", at=at),
    )
    assert isinstance(bought, Holder)
    assert isinstance(carried, IntegrityError), "only the constraint kept the unit for its buyer"
