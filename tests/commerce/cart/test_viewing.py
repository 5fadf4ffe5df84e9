from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from cms.catalogue.models import ProductContent
from commerce.cart.locking import CartNotFound, hold
from commerce.cart.models import Cart
from commerce.cart.viewing import CartView, LineProblem, view_cart
from commerce.inventory.models import StockLevel
from commerce.inventory.reservations import Holder, reserve
from commerce.kit.money import Money
from tests.factories import Shop

pytestmark = pytest.mark.django_db


def _view(cart: Cart, at: datetime) -> CartView:
    return view_cart(cart_id=cart.pk, locale=Locale.get_default(), at=at)


def _problems(cart: Cart, at: datetime) -> list[LineProblem | None]:
    return [line.problem for line in _view(cart, at).lines]


def test_a_cart_shows_its_lines_in_the_order_they_were_added(shop: Shop, at: datetime) -> None:
    first, second = shop.sell(price=1000), shop.sell(price=250)
    view = _view(shop.cart((first, 2), (second, 3)), at)
    assert [line.line.variant for line in view.lines] == [first, second]
    assert [line.content.title if line.content else "" for line in view.lines] == [
        shop.content(first).title,
        shop.content(second).title,
    ]
    assert [line.total for line in view.lines] == [Money(2000, "EUR"), Money(750, "EUR")]
    assert (view.subtotal, view.item_count, view.is_ready) == (Money(2750, "EUR"), 5, True)


def test_an_empty_cart_costs_nothing_and_is_not_ready(shop: Shop, at: datetime) -> None:
    view = _view(shop.cart(), at)
    assert (view.lines, view.subtotal, view.item_count) == ([], Money(0, "EUR"), 0)
    assert not view.is_ready


def test_without_an_address_a_cart_is_not_ready(shop: Shop, at: datetime) -> None:
    assert not _view(shop.cart((shop.sell(), 1), address=None), at).is_ready


def test_a_cart_that_nobody_knows_is_not_found(shop: Shop, at: datetime) -> None:
    with pytest.raises(CartNotFound):
        view_cart(cart_id=uuid.uuid4(), locale=Locale.get_default(), at=at)


def test_the_price_is_that_of_the_moment_of_looking(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=1000)
    shop.price(variant, 800, kind="sale", valid_from=at + timedelta(hours=1), valid_until=at + timedelta(hours=2))
    cart = shop.cart((variant, 2))
    subtotals = [_view(cart, at + timedelta(hours=hours)).subtotal.minor for hours in (0, 1, 2)]
    assert subtotals == [2000, 1600, 2000]


def test_what_is_no_longer_sold_is_unavailable_and_costs_nothing(shop: Shop, at: datetime) -> None:
    variant, other = shop.sell(price=1000), shop.sell(price=250)
    cart = shop.cart((variant, 1), (other, 1))
    ProductContent.objects.filter(product=variant.product_id).update(live=False)
    view = _view(cart, at)
    assert [line.problem for line in view.lines] == [LineProblem.UNAVAILABLE, None]
    assert view.lines[0].total is None
    assert view.subtotal == Money(250, "EUR")
    assert not view.is_ready


def test_what_ran_out_is_out_of_stock(shop: Shop, at: datetime) -> None:
    cart = shop.cart((shop.sell(stock=3), 1))
    StockLevel.objects.update(on_hand=0)
    view = _view(cart, at)
    assert view.lines[0].problem == LineProblem.OUT_OF_STOCK
    assert view.lines[0].max_quantity == 0
    assert not view.is_ready


def test_where_fewer_are_left_than_wanted_the_view_says_how_many(shop: Shop, at: datetime) -> None:
    view = _view(shop.cart((shop.sell(stock=2), 3)), at)
    assert view.lines[0].problem == LineProblem.INSUFFICIENT_STOCK
    assert view.lines[0].max_quantity == 2
    assert not view.is_ready


def test_exactly_enough_is_enough(shop: Shop, at: datetime) -> None:
    assert _problems(shop.cart((shop.sell(stock=3), 3)), at) == [None]


def test_a_line_never_offers_more_than_a_line_may_hold(shop: Shop, at: datetime) -> None:
    assert _view(shop.cart((shop.sell(stock=1000), 1)), at).lines[0].max_quantity == 99


def test_what_the_carts_own_checkout_holds_is_not_gone(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=1)
    mine, theirs = shop.cart((variant, 1)), shop.cart((variant, 1))
    checkout = uuid.uuid4()
    reserve(lines={variant.pk: 1}, holder=Holder("checkout", checkout), until=at + timedelta(hours=1), at=at)
    assert _problems(mine, at) == [LineProblem.OUT_OF_STOCK]
    hold(mine, checkout_id=checkout)
    assert _problems(mine, at) == [None]
    assert _problems(theirs, at) == [LineProblem.OUT_OF_STOCK]
    hold(mine, checkout_id=None)
    assert _problems(mine, at) == [LineProblem.OUT_OF_STOCK]


def _queries(cart: Cart, at: datetime) -> int:
    with CaptureQueriesContext(connection) as captured:
        for line in _view(cart, at).lines:
            assert line.total is not None
            assert line.content is not None
            assert line.line.variant.product.tax_class
    return len(captured)


@pytest.mark.parametrize("is_held", [False, True])
def test_a_cart_of_twenty_lines_takes_as_many_queries_as_one_of_one(shop: Shop, at: datetime, is_held: bool) -> None:
    variants = [shop.sell() for _ in range(20)]
    small, large = shop.cart((variants[0], 1)), shop.cart(*((variant, 1) for variant in variants))
    for cart in (small, large):
        hold(cart, checkout_id=uuid.uuid4() if is_held else None)
    _view(small, at)
    counts = {_queries(cart, at) for cart in (small, large)}
    assert len(counts) == 1
