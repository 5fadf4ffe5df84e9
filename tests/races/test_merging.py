"""One guest's cart, two logins at once, as of a double click or two tabs: what it held is taken over once.

PostgreSQL is protected by the row locks on both carts, SQLite by the write lock that a transaction takes when it
begins. The negative control takes the protection away and waits until both have read the guest's cart as not merged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from commerce.accounts.models import User
from commerce.cart import merging
from commerce.cart.merging import merge
from commerce.cart.models import Cart
from tests.factories import Shop, UserFactory
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TABS = 8


@pytest.fixture
def user(shop: Shop) -> User:
    return UserFactory.create()


@pytest.fixture
def guest(shop: Shop) -> Cart:
    return shop.cart((shop.sell(stock=100), 3))


def _logins(guest: Cart, user: User, at: datetime, count: int) -> list[Callable[[], Any]]:
    return [lambda: merge(guest_id=guest.pk, customer=user, at=at)] * count


def _quantities(user: User) -> list[int]:
    return [line.quantity for cart in Cart.objects.filter(customer=user) for line in cart.lines.all()]


def test_a_guests_cart_merged_by_many_at_once_is_merged_once(shop: Shop, guest: Cart, user: User, at: datetime) -> None:
    """Fault 23, beside a line of the same variant that the customer had before."""
    own = shop.cart((guest.lines.get().variant, 2), customer=user)
    outcomes = at_once(*_logins(guest, user, at, TABS))
    assert outcomes == [own] * TABS
    assert _quantities(user) == [5]


def test_a_customer_without_a_cart_gets_one_and_not_several(guest: Cart, user: User, at: datetime) -> None:
    outcomes = at_once(*_logins(guest, user, at, TABS))
    assert len(set(outcomes)) == 1, outcomes
    assert _quantities(user) == [3]


def test_two_guests_carts_at_once_both_come_over(shop: Shop, guest: Cart, user: User, at: datetime) -> None:
    other = shop.cart((guest.lines.get().variant, 4))
    shop.cart(customer=user)
    outcomes = at_once(*_logins(guest, user, at, 1), *_logins(other, user, at, 1))
    assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
    assert _quantities(user) == [7]


def test_without_the_lock_the_quantity_is_taken_over_twice(
    shop: Shop, guest: Cart, user: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.cart((guest.lines.get().variant, 2), customer=user)
    both_have_read, first_is_through = threading.Barrier(2), threading.Event()
    who = threading.local()
    move_lines = merging._move_lines

    def unlocked(carts: Any) -> list[Cart]:
        found = list(carts)
        both_have_read.wait(timeout=10)
        return found

    def move_after_the_first(*carts: Cart) -> None:
        if not who.is_first:
            first_is_through.wait(timeout=10)
        move_lines(*carts)

    def log_in(is_first: bool) -> Cart:
        who.is_first = is_first
        try:
            return merge(guest_id=guest.pk, customer=user, at=at)
        finally:
            first_is_through.set()

    monkeypatch.setattr(merging, "locked", unlocked)
    monkeypatch.setattr(merging, "_move_lines", move_after_the_first)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
    outcomes = at_once(lambda: log_in(True), lambda: log_in(False))
    if connection.vendor == "sqlite":
        [crash] = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(crash, OperationalError)
    else:
        assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
        assert _quantities(user) == [8]
