from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from commerce.inventory.models import Reservation, StockLevel, StockMovement
from commerce.inventory.reservations import Holder, NothingReserved, OutOfStock, consume, expire_due, release, reserve
from commerce.kit.models import OutboxEvent
from tests.factories import LocationFactory, Shop

pytestmark = pytest.mark.django_db

A_WHILE = timedelta(minutes=15)


def _holder() -> Holder:
    return Holder("checkout", uuid.uuid4())


def _reserve(lines: dict[uuid.UUID, int], at: datetime, *, holder: Holder | None = None) -> Holder:
    holder = holder or _holder()
    reserve(lines=lines, holder=holder, until=at + A_WHILE, at=at)
    return holder


def _stock(shop: Shop) -> list[tuple[int, int]]:
    return list(StockLevel.objects.order_by("pk").values_list("on_hand", "reserved"))


def _announced() -> int:
    return OutboxEvent.objects.filter(name="inventory.stock_changed").count()


def test_reserved_stock_stays_on_hand_and_is_no_longer_free(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=10)
    _reserve({variant.pk: 3}, at)
    assert _stock(shop) == [(10, 3)]
    assert shop.level(variant).available == 7
    announced = OutboxEvent.objects.get(name="inventory.stock_changed")
    assert announced.payload == {"variants": [str(variant.pk)]}


def test_the_last_unit_can_be_reserved_and_no_more(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=2)
    _reserve({variant.pk: 2}, at)
    with pytest.raises(OutOfStock):
        _reserve({variant.pk: 1}, at)
    assert _stock(shop) == [(2, 2)]


def test_all_lines_are_reserved_or_none(shop: Shop, at: datetime) -> None:
    plenty, scarce, gone = shop.sell(stock=10), shop.sell(stock=1), shop.sell(stock=0)
    with pytest.raises(OutOfStock) as refusal:
        _reserve({plenty.pk: 2, scarce.pk: 2, gone.pk: 1}, at)
    assert refusal.value.facts["lines"] == [
        {"variant": str(scarce.pk), "requested": 2, "available": 1},
        {"variant": str(gone.pk), "requested": 1, "available": 0},
    ]
    assert _stock(shop) == [(10, 0), (1, 0)]
    assert not Reservation.objects.exists()
    assert not _announced()


def test_a_variant_that_nobody_stocks_is_out_of_stock(shop: Shop, at: datetime) -> None:
    with pytest.raises(OutOfStock):
        _reserve({uuid.uuid4(): 1}, at)


def test_the_location_of_the_lowest_priority_number_serves_first(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=0)
    shop.stock(variant, 5, location=LocationFactory.create(code="far", priority=2))
    shop.stock(variant, 5, location=LocationFactory.create(code="near", priority=1))
    for _ in range(2):
        _reserve({variant.pk: 3}, at)
    codes = Reservation.objects.order_by("pk").values_list("level__location__code", flat=True)
    assert list(codes) == ["near", "far"]


def test_a_location_that_has_too_little_is_passed_over(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=2)
    far = shop.stock(variant, 5, location=LocationFactory.create(priority=9))
    _reserve({variant.pk: 3}, at)
    assert Reservation.objects.get().level == far


def test_releasing_gives_back_what_the_holder_has_open(shop: Shop, at: datetime) -> None:
    one, other = shop.sell(stock=5), shop.sell(stock=5)
    mine = _reserve({one.pk: 2, other.pk: 3}, at)
    _reserve({one.pk: 1}, at)
    release(holder=mine, at=at)
    assert _stock(shop) == [(5, 1), (5, 0)]
    assert Reservation.objects.filter(holder_id=mine.id, state="released").count() == 2


def test_releasing_twice_or_nothing_changes_nothing(shop: Shop, at: datetime) -> None:
    holder = _reserve({shop.sell(stock=5).pk: 2}, at)
    release(holder=holder, at=at)
    before = _announced()
    release(holder=holder, at=at)
    release(holder=_holder(), at=at)
    assert _stock(shop) == [(5, 0)]
    assert _announced() == before


def test_a_holder_is_a_kind_and_an_id(shop: Shop, at: datetime) -> None:
    holder = _reserve({shop.sell(stock=5).pk: 2}, at)
    release(holder=Holder("loan", holder.id), at=at)
    assert _stock(shop) == [(5, 2)]


def test_a_reservation_ends_by_the_clock_and_not_before(shop: Shop, at: datetime) -> None:
    _reserve({shop.sell(stock=5).pk: 2}, at)
    assert expire_due(at=at + A_WHILE - timedelta(microseconds=1)) == 0
    assert _stock(shop) == [(5, 2)]
    assert expire_due(at=at + A_WHILE) == 1
    assert _stock(shop) == [(5, 0)]
    assert expire_due(at=at + A_WHILE) == 0


def test_of_a_holder_only_what_has_run_out_ends(shop: Shop, at: datetime) -> None:
    early, late = shop.sell(stock=5), shop.sell(stock=5)
    holder = _reserve({early.pk: 1}, at)
    _reserve({late.pk: 1}, at + timedelta(hours=1), holder=holder)
    assert expire_due(at=at + A_WHILE) == 1
    assert _stock(shop) == [(5, 0), (5, 1)]


def test_what_expires_in_large_numbers_goes_in_several_rounds(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=5)
    for _ in range(5):
        _reserve({variant.pk: 1}, at)
    rounds = [expire_due(at=at + A_WHILE, limit=2) for _ in range(4)]
    assert rounds == [2, 2, 1, 0]
    assert _stock(shop) == [(5, 0)]


def test_a_sale_takes_the_stock_and_writes_for_which_order(shop: Shop, at: datetime) -> None:
    one, other = shop.sell(stock=5), shop.sell(stock=5)
    holder = _reserve({one.pk: 2, other.pk: 5}, at)
    consume(holder=holder, reference="M-1", actor="shopper", at=at)
    assert _stock(shop) == [(3, 0), (0, 0)]
    sales = StockMovement.objects.filter(kind="sale").order_by("quantity")
    assert [(sale.quantity, sale.reference, sale.actor) for sale in sales] == [
        (-5, "M-1", "shopper"),
        (-2, "M-1", "shopper"),
    ]


def test_what_was_sold_expired_or_released_cannot_be_sold_again(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=9)
    sold, expired, released = (_reserve({variant.pk: 1}, at) for _ in range(3))
    release(holder=released, at=at)
    consume(holder=sold, reference="M-1", actor="test", at=at)
    expire_due(at=at + A_WHILE)
    for holder in (sold, expired, released, _holder()):
        with pytest.raises(NothingReserved):
            consume(holder=holder, reference="M-2", actor="test", at=at)
    assert _stock(shop) == [(8, 0)]
    assert StockMovement.objects.filter(kind="sale").count() == 1


def test_what_was_sold_does_not_expire(shop: Shop, at: datetime) -> None:
    holder = _reserve({shop.sell(stock=5).pk: 2}, at)
    consume(holder=holder, reference="M-1", actor="test", at=at)
    release(holder=holder, at=at)
    assert expire_due(at=at + timedelta(days=1)) == 0
    assert _stock(shop) == [(3, 0)]


@pytest.mark.parametrize("changes", [{"reserved": 6}, {"on_hand": -1}, {"reserved": -1}])
def test_the_database_itself_keeps_the_promise(shop: Shop, changes: dict[str, int]) -> None:
    level = shop.level(shop.sell(stock=5))
    with pytest.raises(IntegrityError), transaction.atomic():
        StockLevel.objects.filter(pk=level.pk).update(**changes)
