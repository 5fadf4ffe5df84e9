"""What an edit made an order cost more is paid by its shopper, from the order itself."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient
from wagtail.models import Locale

from commerce.checkout.amending import amend
from commerce.checkout.completing import finish
from commerce.checkout.starting import start
from commerce.kit.clock import now
from commerce.orders.access import access_signature
from commerce.orders.models import Order
from tests.factories import Shop
from tests.till import DECLINED_CARD, Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def dearer(shop: Shop, till: Till) -> Order:
    lamp = shop.sell(price=2000, stock=10)
    checkout = start(cart_id=shop.cart((lamp, 1)).pk, locale=Locale.get_default(), at=now())
    assert checkout.payment is not None
    till.pay(checkout.payment)
    order = finish(checkout_id=checkout.pk, actor="shopper", at=now()).order
    assert order is not None
    return amend(
        order=order, quantities={lamp.pk: 2}, added={}, reason="Asked for one more",
        actor="clerk", at=now(),
    )  # fmt: skip


def _ask(api: APIClient, order: Order, access: str | None = None) -> Any:
    access = access_signature(order.pk) if access is None else access
    return api.post(f"/api/v1/orders/{order.pk}/payment/?access={access}", {}, format="json")


def test_the_difference_is_paid_and_then_there_is_nothing_more_to_pay(
    api: APIClient, till: Till, dearer: Order
) -> None:
    asked = _ask(api, dearer)
    assert asked.status_code == 200
    assert asked.json()["amount"]["minor"] == 2000
    till.confirm(asked.json()["payment"]["client_secret"])
    paid = _ask(api, dearer).json()
    assert paid == {"payment_state": "paid", "amount": None, "payment": None}
    assert "no-store" in asked["Cache-Control"]


def test_a_declined_card_leaves_the_same_payment_to_be_tried_again(api: APIClient, till: Till, dearer: Order) -> None:
    secret = _ask(api, dearer).json()["payment"]["client_secret"]
    till.confirm(secret, DECLINED_CARD)
    assert _ask(api, dearer).json()["payment"]["client_secret"] == secret


def test_nobody_else_learns_what_is_owed(api: APIClient, dearer: Order) -> None:
    assert _ask(api, dearer, access="forged").json()["code"] == "order_not_found"


def test_the_order_says_what_is_to_be_paid_until_it_is(api: APIClient, till: Till, dearer: Order) -> None:
    address = f"/api/v1/orders/{dearer.pk}/?access={access_signature(dearer.pk)}"
    shown = api.get(address).json()
    assert (shown["payment_state"], shown["to_pay"]["amount"]["minor"]) == ("partially_paid", 2000)
    assert shown["to_pay"]["online"] is True
    till.confirm(_ask(api, dearer).json()["payment"]["client_secret"])
    _ask(api, dearer)
    shown = api.get(address).json()
    assert (shown["payment_state"], shown["to_pay"]) == ("paid", None)
