from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from wagtail.models import Locale

from commerce.cart.merging import merge
from commerce.cart.models import Cart, CartLine
from commerce.checkout.expiring import expire
from commerce.checkout.purging import purge_carts
from commerce.checkout.starting import start
from tests.factories import Shop, UserFactory
from tests.till import Till

pytestmark = pytest.mark.django_db

DAYS = 30


@pytest.fixture(autouse=True)
def lifetime(settings: Any) -> None:
    settings.CART_LIFETIME_DAYS = DAYS


def test_a_guests_cart_goes_with_its_lines_when_its_time_is_over(shop: Shop, at: datetime) -> None:
    shop.cart((shop.sell(), 1), updated_at=at)
    assert purge_carts(at=at + timedelta(days=DAYS)) == 0
    assert purge_carts(at=at + timedelta(days=DAYS, seconds=1)) == 1
    assert not Cart.objects.exists()
    assert not CartLine.objects.exists()


def test_a_customers_own_cart_stays(shop: Shop, at: datetime) -> None:
    shop.cart((shop.sell(), 1), customer=UserFactory.create())
    assert purge_carts(at=at) == 0


def test_a_guests_cart_that_was_taken_over_goes_and_the_customers_stays(shop: Shop, at: datetime) -> None:
    guest, user = shop.cart((shop.sell(), 1), updated_at=at), UserFactory.create()
    own = merge(guest_id=guest.pk, customer=user, at=at)
    assert purge_carts(at=at + timedelta(days=DAYS + 1)) == 1
    assert Cart.objects.get() == own


def test_a_cart_that_was_ever_checked_out_stays(shop: Shop, till: Till, at: datetime) -> None:
    """Its payment may still come, however late."""
    cart = shop.cart((shop.sell(), 1))
    checkout = start(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    late = at + timedelta(days=DAYS * 2)
    assert purge_carts(at=late) == 0
    expire(checkout_id=checkout.pk, reason="Time is over", actor="test", at=at)
    assert purge_carts(at=late) == 0


def test_no_more_than_the_limit_go_at_once(shop: Shop, at: datetime) -> None:
    for _ in range(3):
        shop.cart()
    assert [purge_carts(at=at, limit=2) for _ in range(3)] == [2, 1, 0]
