"""Orders that were really paid at the sandbox, and the money that really goes back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from commerce.kit import clock, outbox
from commerce.orders import refunding
from commerce.orders.fulfilling import deliver, pack, ship
from commerce.orders.models import Condition, Order, Return
from commerce.orders.paying import payments_of
from commerce.orders.returning import Came, approve, receive
from commerce.payments.capturing import request_capture
from tests.factories import GERMAN_ADDRESS, Shop
from tests.till import Till

pytestmark = pytest.mark.django_db


def _buy(api: APIClient, shop: Shop, till: Till) -> tuple[Order, str]:
    cart = shop.cart((shop.sell(price=1999, stock=10), 2), email="b@example.com", address=GERMAN_ADDRESS.document())
    checkout = api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json").json()
    till.confirm(checkout["payment"]["client_secret"])
    done = api.post(f"/api/v1/checkouts/{checkout['id']}/complete/", {}, format="json").json()
    order = Order.objects.get()
    return order, f"/api/v1/orders/{order.pk}/{{}}?access={done['order']['access']}"


def _settle(order: Order) -> Order:
    """All that waits in the outbox is delivered."""
    while outbox.deliver_due(at=clock.now()):
        pass
    order.refresh_from_db()
    return order


def test_a_cancelled_order_is_paid_back_at_the_gateway(api: APIClient, shop: Shop, till: Till) -> None:
    order, path = _buy(api, shop, till)
    assert api.post(path.format("cancel/"), {}, format="json").status_code == 200
    _settle(order)
    assert (order.status, order.payment_state) == ("cancelled", "refunded")
    [payment] = payments_of(order)
    assert sum(entry.amount_minor for entry in payment.ledger.all()) == 0
    call_command("audit")


def test_a_return_is_paid_back_at_the_gateway_and_the_rest_by_hand(api: APIClient, shop: Shop, till: Till) -> None:
    order, path = _buy(api, shop, till)
    ship(fulfilment=pack(order=order, actor="clerk", at=clock.now()), actor="clerk", at=clock.now())
    deliver(fulfilment=order.fulfilments.get(), actor="clerk", at=clock.now())
    body = {"lines": [{"position": 0, "quantity": 1, "reason": "damaged"}]}
    assert api.post(path.format("returns/"), body, format="json").status_code == 201
    parent = approve(parent=Return.objects.get(), actor="clerk", at=clock.now())
    came = {row: Came(1, Condition.RESTOCK) for row in parent.lines.all()}
    receive(parent=parent, came=came, actor="clerk", at=clock.now())
    assert _settle(order).payment_state == "partially_refunded"
    refunding.refund(
        order=order, lines={order.lines.get(): 1}, shipping=order.shipping, reason="Kept", restock=False,
        actor="clerk", at=clock.now(),
    )  # fmt: skip
    _settle(order)
    assert (order.status, order.payment_state) == ("refunded", "refunded")
    call_command("audit")


def test_an_authorised_order_is_captured_for_what_is_left_of_it(
    api: APIClient, shop: Shop, till: Till, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order, _ = _buy(api, shop, till)
    assert order.payment_state == "authorised"
    refunding.refund(
        order=order, lines={order.lines.get(): 1}, reason="Broken", restock=False, actor="clerk", at=clock.now()
    )
    order.refresh_from_db()
    [payment] = payments_of(order)
    request_capture(payment=payment, amount=order.refundable, reason="Sent", actor="clerk", at=clock.now())
    _settle(order)
    payment.refresh_from_db()
    assert (order.payment_state, payment.captured) == ("paid", order.refundable)
    call_command("audit")


def test_an_authorised_order_is_cancelled_and_nobody_is_charged(
    api: APIClient, shop: Shop, till: Till, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order, path = _buy(api, shop, till)
    assert api.post(path.format("cancel/"), {}, format="json").json()["status"] == "cancelled"
    _settle(order)
    [payment] = payments_of(order)
    assert (order.payment_state, payment.status, payment.ledger.count()) == ("voided", "cancelled", 0)
    assert till.intent(payment)["status"] == "canceled"
    call_command("audit")
