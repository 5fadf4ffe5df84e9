"""A variant may be sold in no fewer and no more than so many at once."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError
from wagtail.models import Locale

from cms.catalogue.models import Variant
from commerce.cart.filling import add_line, change_quantity
from commerce.cart.limits import QuantityOutOfBounds
from commerce.cart.models import Cart, OrderLimit
from commerce.cart.viewing import LineProblem, view_cart
from commerce.checkout.quoting.gathering import quote
from tests.factories import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def variant(shop: Shop) -> Variant:
    variant = shop.sell(stock=50)
    OrderLimit.objects.create(variant=variant, min_quantity=6, max_quantity=24)
    return variant


def _refused(cart: Cart, variant: Variant, quantity: int, at: datetime) -> None:
    with pytest.raises(QuantityOutOfBounds) as refusal:
        add_line(cart_id=cart.pk, variant_id=variant.pk, quantity=quantity, at=at)
    held = sum(line.quantity for line in cart.lines.all())
    facts = {"variant": str(variant.pk), "requested": held + quantity, "min": 6, "max": 24}
    assert refusal.value.facts["lines"] == [facts]


def test_fewer_or_more_than_allowed_are_refused_with_the_bounds(shop: Shop, variant: Variant, at: datetime) -> None:
    cart = shop.cart()
    _refused(cart, variant, 5, at)
    _refused(cart, variant, 25, at)
    add_line(cart_id=cart.pk, variant_id=variant.pk, quantity=20, at=at)
    _refused(cart, variant, 5, at)
    line = cart.lines.get()
    for quantity in (5, 25):
        with pytest.raises(QuantityOutOfBounds):
            change_quantity(cart_id=cart.pk, line_id=line.pk, quantity=quantity, at=at)
    change_quantity(cart_id=cart.pk, line_id=line.pk, quantity=6, at=at)
    assert cart.lines.get().quantity == 6


def test_a_limit_set_later_stops_the_checkout_and_fewer_is_the_way_out(
    shop: Shop, variant: Variant, at: datetime
) -> None:
    cart = shop.cart((variant, 30))
    view = view_cart(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    assert view.lines[0].problem == LineProblem.QUANTITY_NOT_ALLOWED
    assert (view.lines[0].min_quantity, view.lines[0].max_quantity, view.is_ready) == (6, 24, False)
    with pytest.raises(QuantityOutOfBounds):
        quote(view, at=at)
    change_quantity(cart_id=cart.pk, line_id=cart.lines.get().pk, quantity=25, at=at)
    change_quantity(cart_id=cart.pk, line_id=cart.lines.get().pk, quantity=24, at=at)
    assert view_cart(cart_id=cart.pk, locale=Locale.get_default(), at=at).is_ready


@pytest.mark.parametrize(("least", "most"), [(0, 5), (6, 5), (1, 100)])
def test_a_limit_that_makes_no_sense_is_not_kept(shop: Shop, least: int, most: int) -> None:
    with pytest.raises(IntegrityError, match="order_limit_within_a_line"):
        OrderLimit.objects.create(variant=shop.sell(), min_quantity=least, max_quantity=most)
