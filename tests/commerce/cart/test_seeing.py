"""What a cart says has changed since its shopper last looked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from wagtail.models import Locale

from cms.catalogue.models import ProductContent, Variant
from commerce.cart.acknowledging import acknowledge
from commerce.cart.filling import add_line, change_quantity
from commerce.cart.locking import CartClosed, close
from commerce.cart.models import Cart, CartLine
from commerce.cart.saving import save_for_later
from commerce.cart.viewing import view_cart
from commerce.inventory.models import StockLevel
from commerce.kit.money import Money
from tests.factories import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def cart(shop: Shop) -> Cart:
    return shop.cart()


def _put(cart: Cart, variant: Variant, at: datetime, quantity: int = 1) -> None:
    add_line(cart_id=cart.pk, variant_id=variant.pk, quantity=quantity, at=at)


def _changes(cart: Cart, at: datetime) -> list[tuple[str, object, object]]:
    """With the prices before and after, or the numbers that there were and are."""
    told = []
    for change in view_cart(cart_id=cart.pk, locale=Locale.get_default(), at=at).changes:
        is_price = change.kind.startswith("price")
        sides = (change.before, change.after)
        before, after = ((side.price.minor if side.price else None) if is_price else side.available for side in sides)
        told.append((str(change.kind), before, after))
    return told


def test_what_was_just_put_in_has_not_changed(shop: Shop, cart: Cart, at: datetime) -> None:
    _put(cart, shop.sell(), at)
    assert _changes(cart, at) == []


def test_a_price_that_falls_and_rises_again_is_told_each_time(shop: Shop, cart: Cart, at: datetime) -> None:
    variant = shop.sell(price=1000)
    shop.price(variant, 800, kind="sale", valid_from=at + timedelta(hours=1), valid_until=at + timedelta(hours=2))
    _put(cart, variant, at)
    during = at + timedelta(hours=1)
    assert _changes(cart, during) == [("price_down", 1000, 800)]
    assert _changes(cart, at + timedelta(hours=2)) == []
    acknowledge(cart_id=cart.pk, locale=Locale.get_default(), at=during)
    assert _changes(cart, at + timedelta(hours=2)) == [("price_up", 800, 1000)]


def test_looking_acknowledges_nothing(shop: Shop, cart: Cart, at: datetime) -> None:
    variant = shop.sell(stock=3)
    _put(cart, variant, at)
    StockLevel.objects.update(on_hand=0)
    assert _changes(cart, at) == _changes(cart, at) == [("sold_out", 3, 0)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (5, 0, [("sold_out", 5, 0)]),
        (5, 1, [("only_n_left", 5, 1)]),
        (5, 2, []),
        (1, 0, [("sold_out", 1, 0)]),
        (0, 1, [("only_n_left", 0, 1)]),
        (0, 5, [("back_again", 0, 5)]),
        (1, 2, [("back_again", 1, 2)]),
        (500, 1, [("only_n_left", 99, 1)]),
    ],
)
def test_stock_is_told_as_far_as_it_matters_to_the_line(
    shop: Shop, cart: Cart, at: datetime, before: int, after: int, told: list[object]
) -> None:
    _put(cart, shop.sell(stock=5), at, 2)
    StockLevel.objects.update(on_hand=before)
    acknowledge(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    StockLevel.objects.update(on_hand=after)
    assert _changes(cart, at) == told


def test_what_goes_off_sale_and_comes_back_is_told(shop: Shop, cart: Cart, at: datetime) -> None:
    _put(cart, shop.sell(stock=5), at)
    ProductContent.objects.update(live=False)
    assert _changes(cart, at) == [("not_sold_any_more", 5, 5)]
    acknowledge(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    assert _changes(cart, at) == []
    ProductContent.objects.update(live=True)
    assert _changes(cart, at) == [("back_again", 5, 5)]


def test_price_and_stock_may_change_together(shop: Shop, cart: Cart, at: datetime) -> None:
    variant = shop.sell(price=1000, stock=5)
    shop.price(variant, 900, kind="sale", valid_from=at + timedelta(hours=1))
    _put(cart, variant, at, 4)
    StockLevel.objects.update(on_hand=3)
    assert _changes(cart, at + timedelta(hours=1)) == [("price_down", 1000, 900), ("only_n_left", 5, 3)]


def test_changing_a_line_is_looking_at_it(shop: Shop, cart: Cart, at: datetime) -> None:
    _put(cart, shop.sell(stock=5), at, 4)
    StockLevel.objects.update(on_hand=3)
    change_quantity(cart_id=cart.pk, line_id=cart.lines.get().pk, quantity=3, at=at)
    assert _changes(cart, at) == []


def test_what_is_saved_for_later_is_watched_too(shop: Shop, cart: Cart, at: datetime) -> None:
    _put(cart, shop.sell(stock=5), at)
    save_for_later(cart_id=cart.pk, line_id=cart.lines.get().pk, at=at)
    StockLevel.objects.update(on_hand=0)
    assert _changes(cart, at) == [("sold_out", 5, 0)]


def test_a_line_that_nobody_has_seen_tells_nothing(shop: Shop, at: datetime) -> None:
    cart = shop.cart((shop.sell(), 1))
    StockLevel.objects.update(on_hand=0)
    assert CartLine.objects.get().seen is None
    assert _changes(cart, at) == []


def test_a_note_carries_the_prices_of_both_sides(shop: Shop, cart: Cart, at: datetime) -> None:
    variant = shop.sell(price=1000)
    shop.price(variant, 800, kind="sale", valid_from=at + timedelta(hours=1))
    _put(cart, variant, at)
    [change] = view_cart(cart_id=cart.pk, locale=Locale.get_default(), at=at + timedelta(hours=1)).changes
    assert (change.before.price, change.after.price) == (Money(1000, "EUR"), Money(800, "EUR"))


def test_a_closed_cart_has_nothing_to_acknowledge(shop: Shop, cart: Cart, at: datetime) -> None:
    close(cart, at=at)
    with pytest.raises(CartClosed):
        acknowledge(cart_id=cart.pk, locale=Locale.get_default(), at=at)
