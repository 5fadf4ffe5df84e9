from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from cms.catalogue.models import Variant
from commerce.cart import filling
from commerce.cart.filling import (
    CartFull,
    CartLineNotFound,
    VariantNotSellable,
    add_line,
    change_quantity,
    create_cart,
    remove_line,
    set_address,
)
from commerce.cart.limits import QuantityOutOfBounds
from commerce.cart.locking import CartClosed, CartNotFound, close, hold
from commerce.cart.models import Cart, CartLine
from commerce.inventory.models import StockLevel
from commerce.inventory.reservations import Holder, OutOfStock, reserve
from tests.factories import GERMAN_ADDRESS, LONG_AGO, Shop
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def cart(shop: Shop) -> Cart:
    return shop.cart()


def _add(cart: Cart, variant: Variant, at: datetime, quantity: int = 1) -> Cart:
    return add_line(cart_id=cart.pk, variant_id=variant.pk, quantity=quantity, at=at)


def _lines(cart: Cart) -> list[int]:
    return [line.quantity for line in cart.lines.all()]


def _promise_to_another(variant: Variant, quantity: int, at: datetime) -> None:
    other = Holder("checkout", uuid.uuid4())
    reserve(lines={variant.pk: quantity}, holder=other, until=at + timedelta(hours=1), at=at)


def test_a_new_cart_is_empty_and_open(shop: Shop, at: datetime) -> None:
    cart = create_cart(market=shop.market, at=at)
    assert (cart.created_at, cart.updated_at, cart.closed_at, cart.held_as) == (at, at, None, None)
    assert not cart.lines.exists()


def test_a_variant_goes_into_the_cart(shop: Shop, cart: Cart, at: datetime) -> None:
    variant = shop.sell()
    _add(cart, variant, at, 2)
    line = cart.lines.get()
    assert (line.variant_id, line.quantity, line.added_at) == (variant.pk, 2, at)
    cart.refresh_from_db()
    assert cart.updated_at == at


def test_more_of_a_variant_goes_onto_its_line(shop: Shop, cart: Cart, at: datetime) -> None:
    variant = shop.sell()
    _add(cart, variant, at, 2)
    _add(cart, variant, at, 3)
    assert _lines(cart) == [5]


@pytest.mark.parametrize("quantity", [0, -1, 100, 10**12])
def test_a_quantity_out_of_bounds_is_refused(shop: Shop, cart: Cart, at: datetime, quantity: int) -> None:
    variant = shop.sell(stock=1000)
    with pytest.raises(QuantityOutOfBounds):
        _add(cart, variant, at, quantity)
    _add(cart, variant, at)
    with pytest.raises(QuantityOutOfBounds):
        change_quantity(cart_id=cart.pk, line_id=cart.lines.get().pk, quantity=quantity, at=at)
    assert _lines(cart) == [1]


def test_a_line_grows_to_ninety_nine_and_no_further(shop: Shop, cart: Cart, at: datetime) -> None:
    variant = shop.sell(stock=1000)
    _add(cart, variant, at, 60)
    with pytest.raises(QuantityOutOfBounds):
        _add(cart, variant, at, 40)
    _add(cart, variant, at, 39)
    assert _lines(cart) == [99]


def test_a_full_cart_takes_no_new_line_but_more_of_an_old_one(
    shop: Shop, cart: Cart, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "MAX_LINES", 2)
    first = shop.sell()
    _add(cart, first, at)
    _add(cart, shop.sell(), at)
    with pytest.raises(CartFull):
        _add(cart, shop.sell(), at)
    _add(cart, first, at)
    assert sorted(_lines(cart)) == [1, 2]


def test_a_cart_that_nobody_knows_is_not_found(shop: Shop, at: datetime) -> None:
    key, line = uuid.uuid4(), uuid.uuid4()
    for change in (
        lambda: add_line(cart_id=key, variant_id=shop.sell().pk, quantity=1, at=at),
        lambda: change_quantity(cart_id=key, line_id=line, quantity=1, at=at),
        lambda: remove_line(cart_id=key, line_id=line, at=at),
        lambda: set_address(cart_id=key, email="a@example.com", address=GERMAN_ADDRESS, at=at),
    ):
        with pytest.raises(CartNotFound):
            change()


def test_a_closed_cart_cannot_be_changed(shop: Shop, at: datetime) -> None:
    cart = shop.cart((shop.sell(), 1))
    line = cart.lines.get()
    close(cart, at=at)
    for change in (
        lambda: _add(cart, shop.sell(), at),
        lambda: change_quantity(cart_id=cart.pk, line_id=line.pk, quantity=2, at=at),
        lambda: remove_line(cart_id=cart.pk, line_id=line.pk, at=at),
        lambda: set_address(cart_id=cart.pk, email="b@example.com", address=GERMAN_ADDRESS, at=at),
    ):
        with pytest.raises(CartClosed):
            change()
    assert _lines(cart) == [1]


def test_a_line_of_another_cart_cannot_be_touched(shop: Shop, cart: Cart, at: datetime) -> None:
    foreign = shop.cart((shop.sell(), 1)).lines.get()
    with pytest.raises(CartLineNotFound):
        change_quantity(cart_id=cart.pk, line_id=foreign.pk, quantity=5, at=at)
    with pytest.raises(CartLineNotFound):
        remove_line(cart_id=cart.pk, line_id=foreign.pk, at=at)
    assert CartLine.objects.get().quantity == 1


@pytest.mark.parametrize("fields", [{"live": False}, {"price": None}, {"is_active": False}])
def test_what_is_not_sold_here_cannot_be_put_into_a_cart(
    shop: Shop, cart: Cart, at: datetime, fields: dict[str, bool | None]
) -> None:
    variant = shop.sell(**fields)  # type: ignore[arg-type]
    with pytest.raises(VariantNotSellable):
        _add(cart, variant, at)
    assert not cart.lines.exists()


def test_a_variant_that_nobody_knows_gets_the_same_answer(shop: Shop, cart: Cart, at: datetime) -> None:
    with pytest.raises(VariantNotSellable):
        add_line(cart_id=cart.pk, variant_id=uuid.uuid4(), quantity=1, at=at)


def test_a_refused_change_leaves_the_cart_as_it_was(shop: Shop, cart: Cart, at: datetime) -> None:
    with pytest.raises(VariantNotSellable):
        _add(cart, shop.sell(live=False), at)
    cart.refresh_from_db()
    assert cart.updated_at == LONG_AGO


def test_what_is_sold_out_cannot_be_put_into_a_cart(shop: Shop, cart: Cart, at: datetime) -> None:
    variant = shop.sell(stock=0)
    with pytest.raises(OutOfStock) as refusal:
        _add(cart, variant, at)
    assert refusal.value.facts["lines"] == [{"variant": str(variant.pk), "requested": 1, "available": 0}]


def test_what_is_promised_to_others_is_not_there(shop: Shop, cart: Cart, at: datetime) -> None:
    variant = shop.sell(stock=5)
    _promise_to_another(variant, 3, at)
    _add(cart, variant, at, 2)
    with pytest.raises(OutOfStock) as refusal:
        _add(cart, variant, at)
    assert refusal.value.facts["lines"] == [{"variant": str(variant.pk), "requested": 3, "available": 2}]
    assert _lines(cart) == [2]


def test_stock_that_the_carts_own_checkout_holds_counts_as_there(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=2)
    cart = shop.cart((variant, 1))
    checkout = uuid.uuid4()
    until = at + timedelta(hours=1)
    reserve(lines={variant.pk: 1}, holder=Holder("checkout", checkout), until=until, at=at)
    hold(cart, checkout_id=checkout)
    _add(cart, variant, at)
    assert _lines(cart) == [2]


def test_a_line_can_be_made_larger_while_there_is_stock(shop: Shop, at: datetime) -> None:
    cart = shop.cart((shop.sell(stock=5), 1))
    line = cart.lines.get()
    change_quantity(cart_id=cart.pk, line_id=line.pk, quantity=5, at=at)
    with pytest.raises(OutOfStock):
        change_quantity(cart_id=cart.pk, line_id=line.pk, quantity=6, at=at)
    assert _lines(cart) == [5]


def test_fewer_is_always_allowed(shop: Shop, at: datetime) -> None:
    variant = shop.sell(stock=5)
    cart = shop.cart((variant, 5))
    StockLevel.objects.update(on_hand=0)
    type(variant).objects.update(is_active=False)
    change_quantity(cart_id=cart.pk, line_id=cart.lines.get().pk, quantity=2, at=at)
    assert _lines(cart) == [2]


def test_a_line_can_be_taken_out(shop: Shop, at: datetime) -> None:
    cart = shop.cart((shop.sell(), 1), (shop.sell(), 2))
    first = cart.lines.all()[0]
    remove_line(cart_id=cart.pk, line_id=first.pk, at=at)
    assert _lines(cart) == [2]
    with pytest.raises(CartLineNotFound):
        remove_line(cart_id=cart.pk, line_id=first.pk, at=at)


def test_the_address_is_kept_with_the_cart(shop: Shop, cart: Cart, at: datetime) -> None:
    set_address(cart_id=cart.pk, email="new@example.com", address=GERMAN_ADDRESS, at=at)
    cart.refresh_from_db()
    assert (cart.email, cart.address) == ("new@example.com", GERMAN_ADDRESS.document())


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_add_up(shop: Shop, cart: Cart, at: datetime) -> None:
    variant = shop.sell(stock=10)
    outcomes = at_once(*[lambda: _add(cart, variant, at, 2)] * 3)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert _lines(cart) == [6]
