"""Bad input is a 4xx problem document with its own code, and it changes nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from rest_framework.test import APIClient

from tests.factories import Shop
from tests.till import Till

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-4000-8000-000000000000"


def _counts() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model.__module__.startswith("commerce.") and model._meta.label != "kit.IdempotentRequest"
    }


def _refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"].endswith(code)
    assert problem["title"]
    assert problem["detail"]


@pytest.fixture
def cart_id(shop: Shop) -> uuid.UUID:
    return shop.cart().pk


@pytest.mark.parametrize(
    ("quantity", "status", "code"),
    [
        (0, 400, "invalid"),
        (-1, 400, "invalid"),
        (10**9, 400, "invalid"),
        (10**30, 400, "invalid"),
        (1.5, 400, "invalid"),
        ("many", 400, "invalid"),
        (None, 400, "invalid"),
        ([1], 400, "invalid"),
        (11, 409, "out_of_stock"),
    ],
)
def test_a_quantity_that_cannot_be(
    api: APIClient, shop: Shop, cart_id: uuid.UUID, quantity: Any, status: int, code: str
) -> None:
    variant = shop.sell(stock=10)
    before = _counts()
    body = {"variant": str(variant.pk), "quantity": quantity}
    _refused(api.post(f"/api/v1/carts/{cart_id}/lines/", body, format="json"), status, code)
    assert _counts() == before


@pytest.mark.parametrize(
    ("case", "status", "code"),
    [
        ("unknown", 422, "variant_not_sellable"),
        ("not an id", 400, "invalid"),
        ("sold out", 409, "out_of_stock"),
        ("unpublished", 422, "variant_not_sellable"),
        ("inactive", 422, "variant_not_sellable"),
        ("without a price", 422, "variant_not_sellable"),
    ],
)
def test_a_variant_that_cannot_be_bought(
    api: APIClient, shop: Shop, cart_id: uuid.UUID, case: str, status: int, code: str
) -> None:
    variants = {
        "unknown": NOBODY,
        "not an id": "17",
        "sold out": str(shop.sell(stock=0).pk),
        "unpublished": str(shop.sell(live=False).pk),
        "inactive": str(shop.sell(is_active=False).pk),
        "without a price": str(shop.sell(price=None).pk),
    }
    before = _counts()
    body = {"variant": variants[case], "quantity": 1}
    _refused(api.post(f"/api/v1/carts/{cart_id}/lines/", body, format="json"), status, code)
    assert _counts() == before


def test_a_cart_that_nobody_has(api: APIClient, shop: Shop) -> None:
    _refused(api.get(f"/api/v1/carts/{NOBODY}/"), 404, "cart_not_found")
    body = {"variant": str(shop.sell().pk), "quantity": 1}
    _refused(api.post(f"/api/v1/carts/{NOBODY}/lines/", body, format="json"), 404, "cart_not_found")
    _refused(api.post("/api/v1/checkouts/", {"cart": NOBODY}, format="json"), 404, "cart_not_found")
    _refused(api.get("/api/v1/carts/17/"), 404, "not_found")


def test_a_line_of_someone_elses_cart(api: APIClient, shop: Shop, cart_id: uuid.UUID) -> None:
    other = shop.cart((shop.sell(), 1))
    line = other.lines.get()
    path = f"/api/v1/carts/{cart_id}/lines/{line.pk}/"
    _refused(api.patch(path, {"quantity": 2}, format="json"), 404, "cart_line_not_found")
    _refused(api.delete(path), 404, "cart_line_not_found")
    line.refresh_from_db()
    assert line.quantity == 1


@pytest.mark.parametrize("body", [b"{", b"nonsense", b"\xff\xfe", b"", b"[]", b'"text"', b"null", b"17"])
@pytest.mark.parametrize("path", ["carts/{cart}/lines/", "checkouts/"])
def test_a_body_that_is_not_a_json_object(
    api: APIClient, shop: Shop, cart_id: uuid.UUID, path: str, body: bytes
) -> None:
    answer = api.post(f"/api/v1/{path.format(cart=cart_id)}", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in {"malformed_body", "invalid"}


def test_a_body_that_is_nested_without_end(api: APIClient, shop: Shop) -> None:
    answer = api.post("/api/v1/carts/", b"[" * 200_000, content_type="application/json")
    _refused(answer, 400, "malformed_body")


def test_a_body_that_is_too_large(client: Client, shop: Shop) -> None:
    for path in ("/api/v1/carts/", "/api/v1/webhooks/stripe/"):
        answer = client.post(path, b" " * 2_000_000, content_type="application/json")
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"


def test_a_body_of_another_kind(api: APIClient, shop: Shop) -> None:
    answer = api.post("/api/v1/carts/", b"market=eu", content_type="application/x-www-form-urlencoded")
    _refused(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"postal_code": "ABC"}, "postal_code"),
        ({"postal_code": ""}, "postal_code"),
        ({"city": ""}, "city"),
        ({"name": ""}, "name"),
        ({"country": "ZZ"}, "country"),
        ({"country": "Germany"}, "country"),
        ({"email": "nobody"}, "email"),
        ({"email": "a" * 60 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + "." + "e" * 60 + ".com"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"name": "\x00"}, "name"),
    ],
)
def test_an_address_that_is_not_right_says_which_field(
    api: APIClient, shop: Shop, cart_id: uuid.UUID, changes: dict[str, str], field: str
) -> None:
    address = {
        "email": "customer@example.com", "name": "A. Customer", "street_address": "Hauptstraße 1",
        "postal_code": "10115", "city": "Berlin", "country": "DE",
    }  # fmt: skip
    answer = api.put(f"/api/v1/carts/{cart_id}/address/", {**address, **changes}, format="json")
    _refused(answer, 400, "invalid")
    assert list(answer.json()["errors"]) == [field]


def test_an_address_outside_the_market(api: APIClient, shop: Shop, till: Till) -> None:
    cart = shop.cart((shop.sell(), 1))
    cart.address["country"] = "NO"
    cart.save()
    answer = api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json")
    assert answer.status_code == 422
    assert answer.json()["code"] in {"cannot_ship", "no_tax_rate"}


def test_a_checkout_of_what_cannot_be_checked_out(api: APIClient, shop: Shop, till: Till) -> None:
    before = _counts()
    empty, nowhere = shop.cart(), shop.cart((shop.sell(), 1), address=None)
    gone = shop.sell(live=False)
    unpublished, short = shop.cart((gone, 1)), shop.cart((shop.sell(stock=1), 2))
    before = _counts()
    for cart, status, code in [
        (empty, 409, "cart_empty"),
        (nowhere, 422, "address_missing"),
        (unpublished, 422, "variant_not_sellable"),
        (short, 409, "out_of_stock"),
    ]:
        _refused(api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json"), status, code)
    assert _counts() == before


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "nonsense", "t=99999999999,v1=" + "0" * 64])
@pytest.mark.parametrize("body", [b"{}", b'{"id": "evt_1", "type": "payment_intent.succeeded"}', b"\xff"])
def test_a_forged_webhook(api: APIClient, shop: Shop, till: Till, signature: str, body: bytes) -> None:
    before = _counts()
    headers = {"Stripe-Signature": signature}
    answer = api.post("/api/v1/webhooks/stripe/", body, content_type="application/json", headers=headers)
    _refused(answer, 400, "webhook_not_verified")
    assert _counts() == before


def test_an_order_without_its_own_signature(api: APIClient, shop: Shop) -> None:
    for access in ("", "nonsense", "a:b:c"):
        _refused(api.get(f"/api/v1/orders/{NOBODY}/", {"access": access}), 404, "order_not_found")


def test_a_product_or_category_that_is_not_there(api: APIClient, shop: Shop) -> None:
    hidden = shop.content(shop.sell(live=False))
    _refused(api.get(f"/api/v1/products/{hidden.slug}/"), 404, "product_not_found")
    _refused(api.get("/api/v1/products/nothing/"), 404, "product_not_found")
    _refused(api.get("/api/v1/categories/nothing/"), 404, "category_not_found")
    _refused(api.get("/api/v1/products/", {"category": "nothing"}), 404, "category_not_found")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"market": "nowhere"}, 400, "unknown_market"),
        ({"market": "\x00"}, 400, "invalid"),
        ({"ids": "17"}, 400, "invalid"),
        ({"ids": ",".join([NOBODY] * 49)}, 400, "invalid"),
        ({"category": "no slug"}, 400, "invalid"),
        ({"page": "0"}, 404, "not_found"),
        ({"page": "9" * 30}, 404, "not_found"),
    ],
)
def test_a_list_that_cannot_be(api: APIClient, shop: Shop, query: dict[str, str], status: int, code: str) -> None:
    _refused(api.get("/api/v1/products/", query), status, code)


def test_methods_and_addresses_that_do_not_exist(api: APIClient, shop: Shop) -> None:
    _refused(api.delete("/api/v1/products/"), 405, "method_not_allowed")
    _refused(api.get("/api/v1/nothing/"), 404, "not_found")
    _refused(api.get("/api/v2/products/"), 404, "not_found")
    _refused(api.post("/api/nothing", {}, format="json"), 404, "not_found")


def test_a_busy_database_asks_to_come_back(api: APIClient, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def busy(**_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("commerce.api.carts.filling.create_cart", busy)
    answer = api.post("/api/v1/carts/", {}, format="json")
    _refused(answer, 503, "busy")
    assert int(answer["Retry-After"]) > 0


def test_a_payment_service_that_is_away_asks_to_come_back_and_the_checkout_stands(
    api: APIClient, shop: Shop, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    from commerce.payments.gateways import GatewayUnavailable

    cart = shop.cart((shop.sell(stock=1), 1))
    with monkeypatch.context() as away:
        away.setattr(till.gateway, "open_intent", lambda **_: (_ for _ in ()).throw(GatewayUnavailable()))
        answer = api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json")
        _refused(answer, 503, "payment_gateway_unavailable")
        assert int(answer["Retry-After"]) > 0
    assert api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json").status_code == 201


@pytest.mark.parametrize("half", ["\\ud800", "x\\uDFFFy"])
def test_half_a_character_is_no_text(api: APIClient, db: None, half: str) -> None:
    body = f'{{"cart": "00000000-0000-4000-8000-000000000000", "method": "{half}"}}'
    answer = api.post("/api/v1/checkouts/", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
