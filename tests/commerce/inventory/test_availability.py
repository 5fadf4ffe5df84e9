from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from commerce.inventory.queries import availability
from commerce.inventory.reservations import Holder, consume, release, reserve
from tests.factories import LocationFactory, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder() -> Holder:
    return Holder("checkout", uuid.uuid4())


def test_what_is_free_is_what_is_on_hand_and_not_promised(shop: Shop, at: datetime, holder: Holder) -> None:
    variant = shop.sell(stock=10)
    reserve(lines={variant.pk: 3}, holder=holder, until=at + timedelta(hours=1), at=at)
    assert availability(variant_ids=[variant.pk]) == {variant.pk: 7}


def test_what_nobody_stocks_counts_as_none(shop: Shop) -> None:
    unknown, unstocked = uuid.uuid4(), shop.sell(stock=0).pk
    assert availability(variant_ids=[unknown, unstocked]) == {unknown: 0, unstocked: 0}
    assert availability(variant_ids=[]) == {}


def test_a_holder_may_have_what_it_holds_already(shop: Shop, at: datetime, holder: Holder) -> None:
    variant = shop.sell(stock=2)
    reserve(lines={variant.pk: 2}, holder=holder, until=at + timedelta(hours=1), at=at)
    other = Holder("checkout", uuid.uuid4())
    assert availability(variant_ids=[variant.pk], holder=holder) == {variant.pk: 2}
    assert availability(variant_ids=[variant.pk], holder=other) == {variant.pk: 0}


@pytest.mark.parametrize("end", ["released", "sold"])
def test_a_holder_does_not_hold_what_it_gave_back_or_bought(shop: Shop, at: datetime, holder: Holder, end: str) -> None:
    variant = shop.sell(stock=5)
    reserve(lines={variant.pk: 2}, holder=holder, until=at + timedelta(hours=1), at=at)
    if end == "released":
        release(holder=holder, at=at)
    else:
        consume(holder=holder, reference="M-1", actor="test", at=at)
    free = availability(variant_ids=[variant.pk], holder=holder)[variant.pk]
    assert free == (5 if end == "released" else 3)


def test_the_answer_is_about_the_variants_asked_for(shop: Shop, at: datetime, holder: Holder) -> None:
    asked, held = shop.sell(stock=1), shop.sell(stock=1)
    reserve(lines={held.pk: 1}, holder=holder, until=at + timedelta(hours=1), at=at)
    assert availability(variant_ids=[asked.pk], holder=holder) == {asked.pk: 1}


def test_what_is_said_to_be_free_can_be_reserved_at_once(shop: Shop, at: datetime, holder: Holder) -> None:
    variant = shop.sell(stock=3)
    shop.stock(variant, 2, location=LocationFactory.create(priority=1))
    free = availability(variant_ids=[variant.pk])[variant.pk]
    reserve(lines={variant.pk: free}, holder=holder, until=at + timedelta(hours=1), at=at)


@pytest.mark.parametrize("count", [1, 30])
def test_availability_takes_one_query_and_a_holder_one_more(
    shop: Shop, count: int, holder: Holder, django_assert_num_queries: Any
) -> None:
    keys = [shop.sell(stock=1).pk for _ in range(count)]
    with django_assert_num_queries(1):
        availability(variant_ids=keys)
    with django_assert_num_queries(2):
        availability(variant_ids=keys, holder=holder)
