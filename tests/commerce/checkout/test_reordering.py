from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.catalogue.models import Variant
from commerce.cart import refilling
from commerce.cart.locking import CartClosed, CartNotFound, close
from commerce.cart.models import OrderLimit
from commerce.checkout.reordering import Reordered, reorder
from commerce.inventory.models import StockLevel
from commerce.orders.models import Order
from tests.factories import Shop, UserFactory

pytestmark = pytest.mark.django_db


def _order(*lines: tuple[Variant, int], gift: Variant | None = None) -> Order:
    frozen: list[dict[str, Any]] = [
        {
            "variant": str(variant.pk),
            "sku": variant.sku,
            "title": "As it was called",
            "name": "",
            "quantity": quantity,
            "gift": variant is gift,
        }
        for variant, quantity in [*lines, *([(gift, 1)] if gift else [])]
    ]
    return Order(market="eu", quote={"lines": frozen})


def _left_out(reordered: Reordered) -> list[tuple[Any, int, int, str]]:
    return [(each.variant, each.requested, each.put_in, str(each.reason)) for each in reordered.left_out]


def _held(reordered: Reordered) -> dict[uuid.UUID, int]:
    return {line.variant_id: line.quantity for line in reordered.cart.lines.all()}


def test_everything_that_can_be_had_goes_into_a_new_cart(shop: Shop, at: datetime) -> None:
    first, second = shop.sell(), shop.sell()
    reordered = reorder(order=_order((first, 2), (second, 1), (first, 1)), at=at)
    assert reordered.left_out == []
    assert _held(reordered) == {first.pk: 3, second.pk: 1}
    assert (reordered.cart.market, reordered.cart.customer) == (shop.market, None)


def test_what_cannot_be_had_is_named_with_the_reason(shop: Shop, at: datetime) -> None:
    there, gone, short, dear, by_six = (shop.sell(stock=stock) for stock in (9, 0, 2, 9, 9))
    unsold = shop.sell(live=False)
    OrderLimit.objects.create(variant=dear, max_quantity=3)
    OrderLimit.objects.create(variant=by_six, min_quantity=6)
    order = _order((there, 1), (gone, 1), (short, 5), (dear, 4), (by_six, 2), (unsold, 1))
    reordered = reorder(order=order, at=at)
    assert _left_out(reordered) == [
        (gone.pk, 1, 0, "sold_out"),
        (short.pk, 5, 2, "only_n_left"),
        (dear.pk, 4, 3, "quantity_limited"),
        (by_six.pk, 2, 0, "quantity_limited"),
        (unsold.pk, 1, 0, "not_sold_any_more"),
    ]
    assert _held(reordered) == {there.pk: 1, short.pk: 2, dear.pk: 3}
    assert {each.title for each in reordered.left_out} == {"As it was called"}


def test_it_comes_on_top_of_what_is_in_the_cart(shop: Shop, at: datetime) -> None:
    variant, saved = shop.sell(stock=10), shop.sell()
    cart = shop.cart((variant, 4), (saved, 3))
    cart.lines.filter(variant=saved).update(saved_at=at)
    reordered = reorder(order=_order((variant, 5), (saved, 2)), cart_id=cart.pk, at=at)
    assert (reordered.cart, reordered.left_out) == (cart, [])
    assert _held(reordered) == {variant.pk: 9, saved.pk: 2}
    assert not cart.lines.exclude(saved_at=None).exists()
    again = reorder(order=_order((variant, 5)), cart_id=cart.pk, at=at)
    assert _left_out(again) == [(variant.pk, 5, 1, "only_n_left")]
    StockLevel.objects.update(on_hand=1000)
    most = reorder(order=_order((variant, 99)), cart_id=cart.pk, at=at)
    assert _left_out(most) == [(variant.pk, 99, 89, "quantity_limited")]


def test_a_customer_reorders_into_their_own_cart(shop: Shop, at: datetime) -> None:
    user = UserFactory.create()
    own = shop.cart(customer=user)
    assert reorder(order=_order((shop.sell(), 1)), customer=user, at=at).cart == own


def test_a_gift_is_not_reordered(shop: Shop, at: datetime) -> None:
    bought, gift = shop.sell(), shop.sell()
    assert _held(reorder(order=_order((bought, 1), gift=gift), at=at)) == {bought.pk: 1}


def test_a_full_cart_says_so(shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refilling, "MAX_LINES", 2)
    held, first, second = shop.sell(), shop.sell(), shop.sell()
    cart = shop.cart((held, 1))
    reordered = reorder(order=_order((first, 1), (second, 1), (held, 1)), cart_id=cart.pk, at=at)
    assert _left_out(reordered) == [(second.pk, 1, 0, "cart_full")]
    assert _held(reordered) == {held.pk: 2, first.pk: 1}


def test_a_cart_that_is_not_there_or_closed_is_refused(shop: Shop, at: datetime) -> None:
    order, closed = _order((shop.sell(), 1)), shop.cart()
    close(closed, at=at)
    with pytest.raises(CartNotFound):
        reorder(order=order, cart_id=uuid.uuid4(), at=at)
    with pytest.raises(CartClosed):
        reorder(order=order, cart_id=closed.pk, at=at)


def test_an_order_of_twenty_lines_takes_as_many_queries_as_one_of_two(shop: Shop, at: datetime) -> None:
    variants = [shop.sell() for _ in range(20)]
    counts = set()
    for some in (variants[:2], variants):
        order, cart = _order(*((variant, 1) for variant in some)), shop.cart((some[0], 1))
        with CaptureQueriesContext(connection) as captured:
            reorder(order=order, cart_id=cart.pk, at=at)
        counts.add(len(captured))
    assert len(counts) == 1
