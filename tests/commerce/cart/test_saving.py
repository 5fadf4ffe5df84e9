from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from wagtail.models import Locale

from commerce.cart.filling import CartLineNotFound, VariantNotSellable, add_line
from commerce.cart.models import Cart
from commerce.cart.saving import save_for_later, take_back
from commerce.cart.viewing import CartView, view_cart
from commerce.checkout.quoting.gathering import CartEmpty, quote
from commerce.inventory.models import StockLevel
from commerce.inventory.reservations import OutOfStock
from commerce.kit.money import Money
from tests.factories import Shop

pytestmark = pytest.mark.django_db


def _view(cart: Cart, at: datetime) -> CartView:
    return view_cart(cart_id=cart.pk, locale=Locale.get_default(), at=at)


def _first(cart: Cart) -> uuid.UUID:
    return cart.lines.all()[0].pk


def test_what_is_saved_for_later_is_shown_with_its_price_and_counts_for_nothing(shop: Shop, at: datetime) -> None:
    cart = shop.cart((shop.sell(price=1000), 2), (shop.sell(price=300), 1))
    save_for_later(cart_id=cart.pk, line_id=_first(cart), at=at)
    view = _view(cart, at)
    assert [each.total for each in view.saved] == [Money(2000, "EUR")]
    assert (view.subtotal, view.item_count, view.is_ready) == (Money(300, "EUR"), 1, True)
    assert [line["subtotal"]["minor"] for line in quote(view, at=at)["lines"]] == [300]


def test_a_cart_with_saved_lines_alone_is_empty(shop: Shop, at: datetime) -> None:
    cart = shop.cart((shop.sell(), 1))
    save_for_later(cart_id=cart.pk, line_id=_first(cart), at=at)
    assert not _view(cart, at).is_ready
    with pytest.raises(CartEmpty):
        quote(_view(cart, at), at=at)


def test_a_saved_line_that_is_sold_out_stands_in_nobodys_way(shop: Shop, at: datetime) -> None:
    gone, there = shop.sell(stock=1), shop.sell()
    cart = shop.cart((gone, 1), (there, 1))
    save_for_later(cart_id=cart.pk, line_id=_first(cart), at=at)
    StockLevel.objects.filter(variant=gone).update(on_hand=0)
    assert _view(cart, at).is_ready


def test_saved_twice_it_keeps_the_first_time(shop: Shop, at: datetime) -> None:
    cart = shop.cart((shop.sell(), 1))
    save_for_later(cart_id=cart.pk, line_id=_first(cart), at=at)
    save_for_later(cart_id=cart.pk, line_id=_first(cart), at=at + timedelta(hours=1))
    assert cart.lines.get().saved_at == at


def test_a_saved_line_is_taken_back_as_many_as_it_was_or_as_asked(shop: Shop, at: datetime) -> None:
    cart = shop.cart((shop.sell(), 3))
    for quantity, comes_back in ((None, 3), (2, 2)):
        save_for_later(cart_id=cart.pk, line_id=_first(cart), at=at)
        take_back(cart_id=cart.pk, line_id=_first(cart), quantity=quantity, at=at)
        line = cart.lines.get()
        assert (line.quantity, line.saved_at) == (comes_back, None)


def test_what_cannot_be_bought_is_not_taken_back(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=3)
    cart = shop.cart((variant, 3))
    save_for_later(cart_id=cart.pk, line_id=_first(cart), at=at)
    StockLevel.objects.update(on_hand=2)
    with pytest.raises(OutOfStock):
        take_back(cart_id=cart.pk, line_id=_first(cart), at=at)
    type(variant).objects.update(is_active=False)
    with pytest.raises(VariantNotSellable):
        take_back(cart_id=cart.pk, line_id=_first(cart), at=at)
    assert cart.lines.get().saved_at == at


def test_putting_a_saved_variant_into_the_cart_takes_its_line_back_with_what_is_asked_for(
    shop: Shop, at: datetime
) -> None:
    variant = shop.sell()
    cart = shop.cart((variant, 5))
    save_for_later(cart_id=cart.pk, line_id=_first(cart), at=at)
    add_line(cart_id=cart.pk, variant_id=variant.pk, quantity=2, at=at)
    line = cart.lines.get()
    assert (line.quantity, line.saved_at) == (2, None)


def test_a_line_of_another_cart_is_not_saved(shop: Shop, at: datetime) -> None:
    foreign = shop.cart((shop.sell(), 1)).lines.get()
    cart = shop.cart()
    for change in (save_for_later, take_back):
        with pytest.raises(CartLineNotFound):
            change(cart_id=cart.pk, line_id=foreign.pk, at=at)
