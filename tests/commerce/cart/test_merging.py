"""A guest's cart at login. Two logins at once are in tests/races/test_merging.py."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from cms.catalogue.models import Variant
from commerce.accounts.models import User
from commerce.cart import merging
from commerce.cart.filling import create_cart
from commerce.cart.locking import CartClosed, CartNotFound, close
from commerce.cart.merging import merge
from commerce.cart.models import Cart, OrderLimit
from commerce.kit.models import OutboxEvent
from tests.factories import GERMAN_ADDRESS, Shop, UserFactory
from tests.factories.credit import gift_card

pytestmark = pytest.mark.django_db

UNADDRESSED: dict[str, Any] = {"email": "", "address": None}


@pytest.fixture
def user(db: None) -> User:
    return UserFactory.create()


def _held(cart: Cart) -> dict[Variant, int]:
    return {line.variant: line.quantity for line in cart.lines.filter(saved_at=None)}


def test_a_customer_has_one_open_cart_in_a_market(shop: Shop, user: User, at: datetime) -> None:
    first = create_cart(market=shop.market, customer=user, at=at)
    assert create_cart(market=shop.market, customer=user, at=at) == first
    with pytest.raises(IntegrityError, match=r"customer_id|cart_one_open"):
        shop.cart(customer=user)


def test_after_an_order_the_customer_begins_a_new_cart(shop: Shop, user: User, at: datetime) -> None:
    first = create_cart(market=shop.market, customer=user, at=at)
    close(first, at=at)
    assert create_cart(market=shop.market, customer=user, at=at) != first


def test_quantities_add_up_and_new_lines_come_over(shop: Shop, user: User, at: datetime) -> None:
    both, only_guest, only_own = shop.sell(), shop.sell(), shop.sell()
    own = shop.cart((both, 2), (only_own, 1), customer=user)
    guest = shop.cart((both, 3), (only_guest, 4))
    assert merge(guest_id=guest.pk, customer=user, at=at) == own
    assert _held(own) == {both: 5, only_own: 1, only_guest: 4}


def test_merged_again_nothing_is_added(shop: Shop, user: User, at: datetime) -> None:
    variant = shop.sell()
    guest = shop.cart((variant, 3))
    own = merge(guest_id=guest.pk, customer=user, at=at)
    assert merge(guest_id=guest.pk, customer=user, at=at + timedelta(days=1)) == own
    assert _held(own) == {variant: 3}
    guest.refresh_from_db()
    assert (guest.merged_into, guest.closed_at) == (own, at)
    assert OutboxEvent.objects.get(name="cart.merged").payload == {"cart": str(own.pk), "guest": str(guest.pk)}


def test_ones_own_cart_is_its_own_answer(shop: Shop, user: User, at: datetime) -> None:
    own = shop.cart((shop.sell(), 1), customer=user)
    assert merge(guest_id=own.pk, customer=user, at=at) == own
    own.refresh_from_db()
    assert own.merged_into is None


@pytest.mark.parametrize(("mine", "theirs", "most", "together"), [(60, 60, 99, 99), (2, 9, 10, 10), (12, 3, 10, 12)])
def test_quantities_add_up_to_what_a_line_may_hold(
    shop: Shop, user: User, at: datetime, mine: int, theirs: int, most: int, together: int
) -> None:
    variant = shop.sell(stock=5)
    OrderLimit.objects.create(variant=variant, max_quantity=most)
    own = shop.cart((variant, mine), customer=user)
    merge(guest_id=shop.cart((variant, theirs)).pk, customer=user, at=at)
    assert _held(own) == {variant: together}


def test_a_full_cart_takes_over_what_it_has_room_for(
    shop: Shop, user: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "MAX_LINES", 2)
    kept, first, second = shop.sell(), shop.sell(), shop.sell()
    own = shop.cart((kept, 1), customer=user)
    merge(guest_id=shop.cart((first, 1), (second, 1), (kept, 1)).pk, customer=user, at=at)
    assert _held(own) == {kept: 2, first: 1}


def test_what_is_to_be_bought_goes_before_what_was_saved(shop: Shop, user: User, at: datetime) -> None:
    wanted_now, wanted_before = shop.sell(), shop.sell()
    own = shop.cart((wanted_now, 5), (wanted_before, 2), customer=user)
    own.lines.filter(variant=wanted_now).update(saved_at=at)
    guest = shop.cart((wanted_now, 1), (wanted_before, 7))
    guest.lines.filter(variant=wanted_before).update(saved_at=at)
    merge(guest_id=guest.pk, customer=user, at=at)
    assert _held(own) == {wanted_now: 1, wanted_before: 2}


def test_what_the_customer_chose_before_stands(shop: Shop, user: User, at: datetime) -> None:
    own = shop.cart(customer=user, email="own@example.com", shipping_method="express", note="Mine", coupons=["A"])
    guest = shop.cart(shipping_method="parcel", note="Theirs", coupons=["B", "A"])
    merge(guest_id=guest.pk, customer=user, at=at)
    own.refresh_from_db()
    assert (own.email, own.shipping_method, own.note) == ("own@example.com", "express", "Mine")
    assert own.coupons == ["A", "B"]


def test_what_the_guest_filled_in_comes_over_where_there_is_nothing(shop: Shop, user: User, at: datetime) -> None:
    own = shop.cart(customer=user, **UNADDRESSED)
    billed = GERMAN_ADDRESS.document() | {"name": "Accounts"}
    guest = shop.cart(billing_address=billed, note="Ring twice", mail_consent_at=at)
    merge(guest_id=guest.pk, customer=user, at=at)
    own.refresh_from_db()
    assert (own.email, own.address, own.billing_address) == (guest.email, guest.address, billed)
    assert (own.note, own.mail_consent_at) == ("Ring twice", at)


def test_gift_cards_come_over_once_each(shop: Shop, user: User, at: datetime) -> None:
    own, guest = shop.cart(customer=user), shop.cart()
    shared, new = gift_card("5.00"), gift_card("6.00")
    for cart, account in ((own, shared), (guest, shared), (guest, new)):
        cart.credits.create(account=account, added_at=at)
    merge(guest_id=guest.pk, customer=user, at=at)
    assert {credit.account for credit in own.credits.all()} == {shared, new}


def test_somebody_elses_cart_is_not_to_be_had(shop: Shop, user: User, at: datetime) -> None:
    other = UserFactory.create()
    theirs, taken = shop.cart((shop.sell(), 1), customer=other), shop.cart((shop.sell(), 1))
    merge(guest_id=taken.pk, customer=other, at=at)
    for cart_id in (theirs.pk, taken.pk, uuid.uuid4()):
        with pytest.raises(CartNotFound):
            merge(guest_id=cart_id, customer=user, at=at)
    assert theirs.lines.count() == 2
    assert not Cart.objects.filter(customer=user, lines__isnull=False).exists()


def test_a_cart_that_was_paid_for_is_not_taken_over(shop: Shop, user: User, at: datetime) -> None:
    guest = shop.cart((shop.sell(), 1))
    close(guest, at=at)
    with pytest.raises(CartClosed):
        merge(guest_id=guest.pk, customer=user, at=at)
    assert not Cart.objects.filter(customer=user).exists()
