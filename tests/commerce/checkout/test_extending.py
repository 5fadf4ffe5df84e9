"""Who is still there keeps what was put aside; who is gone, or takes for ever, does not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from wagtail.models import Locale

from commerce.checkout.completing import PaymentRequired, finish
from commerce.checkout.expiring import expire_due
from commerce.checkout.models import Checkout
from commerce.checkout.starting import start
from commerce.inventory.models import Reservation
from tests.factories import Shop
from tests.till import Till

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def _start(shop: Shop, at: datetime) -> Checkout:
    return start(cart_id=shop.cart((shop.sell(), 1)).pk, locale=Locale.get_default(), at=at)


def _ends(checkout: Checkout, since: datetime) -> tuple[timedelta, timedelta]:
    """When checkout and reservation run out; always together."""
    checkout.refresh_from_db()
    return checkout.expires_at - since, Reservation.objects.get(state="open").expires_at - since


def test_a_checkout_lasts_half_an_hour(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    assert _ends(checkout, at) == (30 * MINUTE, 30 * MINUTE)


def test_asking_for_it_again_gives_it_another_half_hour(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    start(cart_id=checkout.cart_id, locale=Locale.get_default(), at=at + 20 * MINUTE)
    assert _ends(checkout, at) == (50 * MINUTE, 50 * MINUTE)


def test_coming_back_without_having_paid_does_too(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    with pytest.raises(PaymentRequired):
        finish(checkout_id=checkout.pk, actor="shopper", at=at + 10 * MINUTE)
    assert _ends(checkout, at) == (40 * MINUTE, 40 * MINUTE)


def test_nobody_keeps_stock_for_longer_than_two_hours(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    for minutes in range(20, 120, 20):
        start(cart_id=checkout.cart_id, locale=Locale.get_default(), at=at + minutes * MINUTE)
    assert _ends(checkout, at) == (120 * MINUTE, 120 * MINUTE)
    assert expire_due(at=at + 120 * MINUTE) == 1


def test_what_has_run_out_is_not_brought_back_to_life(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    with pytest.raises(PaymentRequired):
        finish(checkout_id=checkout.pk, actor="shopper", at=at + 31 * MINUTE)
    assert _ends(checkout, at) == (30 * MINUTE, 30 * MINUTE)
