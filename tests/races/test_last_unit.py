"""Two shoppers, one unit: one order and one clear refusal.

PostgreSQL is protected by the row lock on the stock level, SQLite by the write lock that a transaction takes
when it begins. The negative controls take the protection away and wait until both buyers have read the stock;
the very same purchase then no longer ends in one order and one clear refusal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, connections
from wagtail.models import Locale

from cms.catalogue.models import Variant
from commerce.cart.models import Cart
from commerce.checkout.completing import finish
from commerce.checkout.models import Checkout
from commerce.checkout.starting import start
from commerce.inventory import reservations
from commerce.inventory.models import Reservation, StockLevel
from commerce.inventory.reservations import OutOfStock
from commerce.orders.models import Order
from tests.factories import Shop, open_shop
from tests.races.runners import at_once
from tests.till import Till

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def one_left(till: Till, at: datetime) -> tuple[Shop, Variant, list[Cart]]:
    shop = open_shop()
    variant = shop.sell(stock=1)
    return shop, variant, [shop.cart((variant, 1)) for _ in range(2)]


def _buy(cart: Cart, till: Till, at: datetime) -> Checkout:
    checkout = start(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    till.pay(checkout.payment)
    return finish(checkout_id=checkout.pk, actor="shopper", at=at)


def _purchases(carts: list[Cart], till: Till, at: datetime) -> list[Callable[[], Any]]:
    return [lambda cart=cart: _buy(cart, till, at) for cart in carts]  # type: ignore[misc]


def _is_one_order_and_one_clear_refusal(outcomes: list[Any]) -> bool:
    bought = [outcome for outcome in outcomes if isinstance(outcome, Checkout) and outcome.status == "completed"]
    refused = [outcome for outcome in outcomes if isinstance(outcome, OutOfStock)]
    return (len(bought), len(refused), Order.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("round_", range(5))
def test_two_purchases_of_the_last_unit_end_in_one_order_and_one_refusal(
    one_left: tuple[Shop, Variant, list[Cart]], till: Till, at: datetime, round_: int
) -> None:
    shop, variant, carts = one_left
    outcomes = at_once(*_purchases(carts, till, at))
    assert _is_one_order_and_one_clear_refusal(outcomes), outcomes
    level = shop.level(variant)
    assert (level.on_hand, level.reserved) == (0, 0)
    assert Reservation.objects.get().state == Reservation.State.CONSUMED
    call_command("audit")


def test_without_the_lock_the_same_purchases_go_wrong(
    one_left: tuple[Shop, Variant, list[Cart]], till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, carts = one_left
    both_have_read = threading.Barrier(2)

    seen: list[int] = []

    lock_levels = reservations.lock_levels

    def unlocked(variant_ids: Any) -> list[StockLevel]:
        if len(seen) == 2:
            return lock_levels(variant_ids)  # The buyers are past reserving; one of them becomes an order.
        levels = list(StockLevel.objects.filter(variant_id__in=list(variant_ids)).select_related("location"))
        seen.extend(level.available for level in levels)
        both_have_read.wait(timeout=10)
        return levels

    monkeypatch.setattr(reservations, "lock_levels", unlocked)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
        monkeypatch.setattr("commerce.checkout.starting.lock_open_cart", _read_cart)
    outcomes = at_once(*_purchases(carts, till, at))
    assert seen == [1, 1], "both buyers must have seen the last unit, or nothing was tried"
    assert not _is_one_order_and_one_clear_refusal(outcomes), outcomes
    [crash] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    if connection.vendor == "sqlite":
        assert isinstance(crash, OperationalError)
        assert "locked" in str(crash)
    else:
        # Only the constraint stood between the second buyer and a unit that was not there.
        assert isinstance(crash, IntegrityError)
        assert "stock_level_reserved_within_on_hand" in str(crash)


def _read_cart(cart_id: Any) -> Cart:
    """On SQLite the first write of a transaction would take the write lock before the stock is read."""
    return Cart.objects.get(pk=cart_id)
