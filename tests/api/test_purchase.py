"""The purchase through HTTP: what a storefront sends and what it is answered."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from commerce.inventory.models import StockMovement
from commerce.kit import outbox
from commerce.kit.clock import now
from commerce.orders.models import Order
from commerce.payments.models import WebhookEvent
from tests.factories import GERMAN_ADDRESS, Shop
from tests.till import DECLINED_CARD, Till

pytestmark = pytest.mark.django_db

ADDRESS = {**GERMAN_ADDRESS.document(), "email": "customer@example.com"}


def _fill_cart(api: APIClient, shop: Shop, *, quantity: int = 2, stock: int = 10) -> dict[str, Any]:
    variant = shop.sell(price=1999, stock=stock, options={"Colour": "Moss"}, pictures=1)
    cart = api.post("/api/v1/carts/", {}, format="json").json()
    api.post(f"/api/v1/carts/{cart['id']}/lines/", {"variant": str(variant.pk), "quantity": quantity}, format="json")
    filled: dict[str, Any] = api.put(f"/api/v1/carts/{cart['id']}/address/", ADDRESS, format="json").json()
    return filled


def _check_out(api: APIClient, cart: dict[str, Any]) -> dict[str, Any]:
    answer = api.post("/api/v1/checkouts/", {"cart": cart["id"]}, format="json")
    assert answer.status_code == 201, answer.content
    document: dict[str, Any] = answer.json()
    return document


def _complete(api: APIClient, checkout: dict[str, Any]) -> Any:
    return api.post(f"/api/v1/checkouts/{checkout['id']}/complete/", {}, format="json")


def test_from_an_empty_cart_to_an_order_with_a_number(api: APIClient, shop: Shop, till: Till) -> None:
    cart = _fill_cart(api, shop)
    assert cart["ready"]
    assert cart["item_count"] == 2
    assert cart["subtotal"] == {"amount": "39.98", "minor": 3998, "currency": "EUR"}
    assert cart["lines"][0]["options"] == {"Colour": "Moss"}
    assert cart["lines"][0]["product"]["image"]["alt"] == "Seen"

    checkout = _check_out(api, cart)
    assert checkout["status"] == "open"
    assert checkout["quote"]["total"]["minor"] == 3998 + 490
    assert [(tax["rate"], tax["total"]["minor"]) for tax in checkout["quote"]["tax"]] == [("19", 638 + 78)]
    assert checkout["payment"]["client_secret"]
    assert checkout["payment"]["script_url"].endswith("/v3/stripe.js")

    till.confirm(checkout["payment"]["client_secret"])
    done = _complete(api, checkout)
    assert (done.status_code, done.json()["status"]) == (200, "completed")

    reference = done.json()["order"]
    order = api.get(f"/api/v1/orders/{reference['id']}/", {"access": reference["access"]})
    assert order.status_code == 200
    assert order.json()["number"] == reference["number"]
    assert order.json()["quote"]["total"] == checkout["quote"]["total"]
    assert order.json()["address"]["city"] == "Berlin"
    assert "no-store" in order["Cache-Control"]
    assert StockMovement.objects.get(kind="sale").reference == reference["number"]


def test_asking_for_the_checkout_twice_gives_the_same_one(api: APIClient, shop: Shop, till: Till) -> None:
    cart = _fill_cart(api, shop)
    first, second = _check_out(api, cart), _check_out(api, cart)
    assert first["id"] == second["id"]
    assert first["payment"]["client_secret"] == second["payment"]["client_secret"]


def test_a_changed_cart_gets_a_new_checkout_and_the_old_one_can_no_longer_be_paid(
    api: APIClient, shop: Shop, till: Till
) -> None:
    cart = _fill_cart(api, shop)
    first = _check_out(api, cart)
    line = cart["lines"][0]["id"]
    api.patch(f"/api/v1/carts/{cart['id']}/lines/{line}/", {"quantity": 1}, format="json")
    second = _check_out(api, cart)
    assert second["id"] != first["id"]
    assert second["quote"]["subtotal"]["minor"] == 1999
    outbox.deliver_due(at=now())
    assert till.confirm(first["payment"]["client_secret"]).status == 400


def test_a_declined_card_is_a_402_that_says_so_and_changes_nothing(api: APIClient, shop: Shop, till: Till) -> None:
    checkout = _check_out(api, _fill_cart(api, shop))
    assert till.confirm(checkout["payment"]["client_secret"], DECLINED_CARD).status == 402
    refused = _complete(api, checkout)
    assert (refused.status_code, refused.json()["code"]) == (402, "payment_required")
    assert not Order.objects.exists()


def test_the_webhook_is_kept_once_and_completes_the_checkout(api: APIClient, shop: Shop, till: Till) -> None:
    checkout = _check_out(api, _fill_cart(api, shop))
    till.confirm(checkout["payment"]["client_secret"])
    body, signature = till.webhook("payment_intent.succeeded", at=now())
    for _ in range(3):
        answer = api.post(
            "/api/v1/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature}
        )
        assert answer.status_code == 200
    assert WebhookEvent.objects.count() == 1
    while outbox.deliver_due(at=now()):
        pass
    assert Order.objects.get().checkout_id.hex == checkout["id"].replace("-", "")
    assert api.get(f"/api/v1/checkouts/{checkout['id']}/").json()["order"]["number"] == Order.objects.get().number


def test_the_last_unit_is_shown_as_its_own_while_it_is_being_paid(api: APIClient, shop: Shop, till: Till) -> None:
    cart = _fill_cart(api, shop, quantity=1, stock=1)
    _check_out(api, cart)
    assert api.get(f"/api/v1/carts/{cart['id']}/").json()["lines"][0]["problem"] is None
    other = api.post("/api/v1/carts/", {}, format="json").json()
    refused = api.post(
        f"/api/v1/carts/{other['id']}/lines/", {"variant": cart["lines"][0]["variant"], "quantity": 1}, format="json"
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "out_of_stock")


def test_a_cart_that_became_an_order_is_closed(api: APIClient, shop: Shop, till: Till) -> None:
    cart = _fill_cart(api, shop)
    checkout = _check_out(api, cart)
    till.confirm(checkout["payment"]["client_secret"])
    _complete(api, checkout)
    again = api.post("/api/v1/checkouts/", {"cart": cart["id"]}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "cart_closed")
