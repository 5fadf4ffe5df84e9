"""Two shoppers with one coupon, one of whom checks out anew with other goods: nobody waits in a circle."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from wagtail.models import Locale

from commerce.cart import coupons, filling
from commerce.cart.models import Cart
from commerce.checkout import holding, starting
from tests.factories import open_shop
from tests.factories.promotions import CouponFactory, PromotionFactory
from tests.races.runners import at_once
from tests.till import Till

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_SECONDS = 3


@pytest.fixture
def two_carts(till: Till, at: datetime) -> tuple[Cart, Cart]:
    """The first has a checkout with a lamp and by now wants the bowl that the second wants too."""
    shop = open_shop()
    CouponFactory.create(promotion=PromotionFactory.create(level="order", requires_coupon=True), code="WELCOME10")
    lamp, bowl = shop.sell(price=2000), shop.sell(price=3000)
    first, second = shop.cart((lamp, 1)), shop.cart((bowl, 1), email="other@example.com")
    for cart in (first, second):
        coupons.enter(cart_id=cart.pk, code="WELCOME10", at=at)
    starting.start(cart_id=first.pk, locale=Locale.get_default(), at=at)
    filling.remove_line(cart_id=first.pk, line_id=first.lines.get().pk, at=at)
    filling.add_line(cart_id=first.pk, variant_id=bowl.pk, quantity=1, at=at)
    return first, second


def _at_once(carts: tuple[Cart, Cart], at: datetime, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The second reserves its bowl in between: after the first has let its lamp go, before it reserves the bowl."""
    let_go, reserved = threading.Event(), threading.Event()
    who = threading.local()
    create, hold = starting._create, holding.coupons.hold

    def paused_create(*args: Any, **options: Any) -> Any:
        if who.is_first:
            let_go.set()
            reserved.wait(WAIT_SECONDS)
        else:
            let_go.wait(WAIT_SECONDS)
        return create(*args, **options)

    def told_hold(**options: Any) -> None:
        if not who.is_first:
            reserved.set()
        hold(**options)

    monkeypatch.setattr(starting, "_create", paused_create)
    monkeypatch.setattr(holding.coupons, "hold", told_hold)

    def go(cart: Cart) -> Any:
        who.is_first = cart is carts[0]
        return starting.start(cart_id=cart.pk, locale=Locale.get_default(), at=at)

    return at_once(lambda: go(carts[0]), lambda: go(carts[1]))


def test_both_are_served(two_carts: tuple[Cart, Cart], at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = _at_once(two_carts, at, monkeypatch)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []


def test_without_locking_everything_first_they_wait_in_a_circle(
    two_carts: tuple[Cart, Cart], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control. SQLite has one lock for everything and knows no circles."""
    monkeypatch.setattr(starting, "lock_what_is_held_by", lambda *quotes: None)
    failed = [each for each in _at_once(two_carts, at, monkeypatch) if isinstance(each, Exception)]
    if connection.vendor == "postgresql":
        assert ["deadlock detected" in str(each) for each in failed] == [True]
    else:
        assert failed == []
