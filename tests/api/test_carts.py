"""What a cart offers beyond lines: its customer, its news, its way to another device; and what it refuses."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from cms.catalogue.models import Variant
from commerce.cart.models import Cart, OrderLimit
from commerce.inventory.models import StockLevel
from tests.api.test_bad_input import NOBODY, _counts, _refused
from tests.api.test_purchase import _check_out, _complete, _fill_cart
from tests.factories import GERMAN_ADDRESS, Shop, UserFactory
from tests.factories.promotions import PromotionFactory
from tests.till import Till

pytestmark = pytest.mark.django_db

ADDRESS = {**GERMAN_ADDRESS.document(), "email": "customer@example.com"}


@pytest.fixture
def cart(api: APIClient, shop: Shop) -> str:
    return f"/api/v1/carts/{api.post('/api/v1/carts/', {}, format='json').json()['id']}/"


def _put(api: APIClient, cart: str, variant: Variant, quantity: int = 1) -> Any:
    return api.post(f"{cart}lines/", {"variant": str(variant.pk), "quantity": quantity}, format="json").json()


def test_news_stay_until_they_are_acknowledged(api: APIClient, shop: Shop, cart: str) -> None:
    variant = shop.sell(price=1999, stock=5)
    line = _put(api, cart, variant, 2)["lines"][0]["id"]
    StockLevel.objects.update(on_hand=1)
    news = {
        "line": line,
        "variant": str(variant.pk),
        "kind": "only_n_left",
        "before": {"price": {"amount": "19.99", "minor": 1999, "currency": "EUR"}, "available": 5},
        "after": {"price": {"amount": "19.99", "minor": 1999, "currency": "EUR"}, "available": 1},
    }
    assert api.get(cart).json()["changes"] == api.get(cart).json()["changes"] == [news]
    assert api.post(f"{cart}seen/", {}, format="json").json()["changes"] == []
    assert api.get(cart).json()["changes"] == []


def test_a_line_goes_aside_and_comes_back(api: APIClient, shop: Shop, cart: str) -> None:
    line = _put(api, cart, shop.sell(), 2)["lines"][0]["id"]
    aside = api.patch(f"{cart}lines/{line}/", {"saved": True}, format="json").json()
    assert (aside["lines"], [each["id"] for each in aside["saved"]], aside["item_count"]) == ([], [line], 0)
    back = api.patch(f"{cart}lines/{line}/", {"saved": False, "quantity": 3}, format="json").json()
    assert ([each["quantity"] for each in back["lines"]], back["saved"]) == ([3], [])


def test_a_saved_line_costs_what_the_products_page_says(api: APIClient, shop: Shop, cart: str) -> None:
    lamp, vase = shop.sell(price=12900), shop.sell(price=1000)
    PromotionFactory.create(percent=15)
    line = _put(api, cart, lamp)["lines"][0]["id"]
    _put(api, cart, vase)
    aside = api.patch(f"{cart}lines/{line}/", {"saved": True}, format="json").json()
    page = api.get(f"/api/v1/products/{shop.content(lamp).slug}/").json()["variants"][0]["price"]
    assert aside["saved"][0]["unit_price"] == page
    assert page["current"]["minor"] == 10965
    assert aside["lines"][0]["unit_price"]["current"]["minor"] == 1000


@pytest.mark.parametrize("body", [{}, {"saved": True, "quantity": 2}, {"saved": "perhaps"}, {"quantity": None}])
def test_a_change_of_a_line_that_makes_no_sense(api: APIClient, shop: Shop, cart: str, body: dict[str, Any]) -> None:
    line = _put(api, cart, shop.sell())["lines"][0]["id"]
    _refused(api.patch(f"{cart}lines/{line}/", body, format="json"), 400, "invalid")


def test_a_limit_is_told_with_its_bounds(api: APIClient, shop: Shop, cart: str) -> None:
    variant = shop.sell(stock=50)
    OrderLimit.objects.create(variant=variant, min_quantity=2, max_quantity=4)
    refused = api.post(f"{cart}lines/", {"variant": str(variant.pk), "quantity": 5}, format="json")
    _refused(refused, 400, "quantity_out_of_bounds")
    assert refused.json()["lines"] == [{"variant": str(variant.pk), "requested": 5, "min": 2, "max": 4}]
    line = _put(api, cart, variant, 2)["lines"][0]
    [listed] = api.get(f"/api/v1/products/{shop.content(variant).slug}/").json()["variants"]
    for told in (line, listed):
        assert (told["min_quantity"], told["max_quantity"]) == (2, 4)


def test_a_billing_address_is_checked_kept_and_taken_away(api: APIClient, cart: str) -> None:
    billing = GERMAN_ADDRESS.document() | {"name": "Accounts"}
    assert api.put(f"{cart}billing-address/", billing, format="json").json()["billing_address"] == billing
    refused = api.put(f"{cart}billing-address/", {**billing, "postal_code": "ABC"}, format="json")
    _refused(refused, 400, "invalid")
    assert list(refused.json()["errors"]) == ["postal_code"]
    assert api.delete(f"{cart}billing-address/").json()["billing_address"] is None


@pytest.mark.parametrize(
    ("path", "also"), [("billing-address", set[str]()), ("address", {"email"})], ids=["billing", "shipping"]
)
def test_all_that_an_address_lacks_is_told_at_once(api: APIClient, cart: str, path: str, also: set[str]) -> None:
    empty = {"name": "", "street_address": "", "postal_code": "", "city": "", "country": "DE"}
    lacking = {"name", "street_address", "postal_code", "city"} | also
    for sent in (empty, {"country": "DE"}, {**empty, "email": "", "city": "\x00"}):
        refused = api.put(f"{cart}{path}/", sent, format="json")
        _refused(refused, 400, "invalid")
        assert set(refused.json()["errors"]) == lacking
    for nonsense in ([], "x", {"country": 7, "name": {}}):
        _refused(api.put(f"{cart}{path}/", nonsense, format="json"), 400, "invalid")


def test_a_note_for_the_order(api: APIClient, cart: str) -> None:
    assert api.put(f"{cart}note/", {"note": " Ring twice \n"}, format="json").json()["note"] == "Ring twice"
    for wrong in ({}, {"note": "x" * 1001}, {"note": None}, {"note": "\x00"}):
        _refused(api.put(f"{cart}note/", wrong, format="json"), 400, "invalid")
    lone_surrogate = api.put(f"{cart}note/", rb'{"note": "\ud800"}', content_type="application/json")
    _refused(lone_surrogate, 400, "malformed_body")
    assert api.put(f"{cart}note/", {"note": ""}, format="json").json()["note"] == ""


def test_consent_to_a_reminder_is_the_shoppers_to_give(api: APIClient, cart: str, settings: Any) -> None:
    assert api.get(cart).json()["remind"] is None
    settings.CART_ABANDONED_AFTER_MINUTES = 60
    assert not api.put(f"{cart}address/", ADDRESS, format="json").json()["remind"]
    assert api.put(f"{cart}address/", {**ADDRESS, "remind": True}, format="json").json()["remind"]
    assert api.put(f"{cart}address/", ADDRESS, format="json").json()["remind"]
    assert not api.put(f"{cart}address/", {**ADDRESS, "remind": False}, format="json").json()["remind"]


def test_the_way_to_another_device(api: APIClient, shop: Shop, till: Till) -> None:
    cart = _fill_cart(api, shop)
    link = api.post(f"/api/v1/carts/{cart['id']}/resume-link/", {}, format="json")
    assert (link.status_code, link.json()["url"]) == (201, f"http://localhost:8001/resume#{link.json()['token']}")
    assert "no-store" in link["Cache-Control"]
    elsewhere = APIClient()
    resumed = elsewhere.post("/api/v1/carts/resume/", {"token": link.json()["token"]}, format="json").json()
    assert (resumed["cart"], resumed["checkout"]) == (cart, None)
    checkout = _check_out(api, cart)
    resumed = elsewhere.post("/api/v1/carts/resume/", {"token": link.json()["token"]}, format="json").json()
    assert resumed["checkout"] == checkout["id"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"token": ""}, 400, "invalid"),
        ({"token": "x" * 501}, 400, "invalid"),
        ({"token": ["x"]}, 400, "invalid"),
        ({"token": "nonsense"}, 404, "resume_link_wrong"),
        ({"token": "a:b:c"}, 404, "resume_link_wrong"),
        ({"token": "ünïcode:1:2"}, 404, "resume_link_wrong"),
    ],
)
def test_a_token_that_leads_nowhere(api: APIClient, shop: Shop, body: dict[str, Any], status: int, code: str) -> None:
    _refused(api.post("/api/v1/carts/resume/", body, format="json"), status, code)


def test_a_customer_claims_the_guests_cart_and_finds_it_as_their_own(api: APIClient, shop: Shop, cart: str) -> None:
    variant = shop.sell()
    _put(api, cart, variant, 2)
    _refused(api.get("/api/v1/carts/mine/"), 403, "sign_in_required")
    _refused(api.post(f"{cart}claim/", {}, format="json"), 403, "sign_in_required")
    api.force_login(UserFactory.create())
    _refused(api.get("/api/v1/carts/mine/"), 404, "cart_not_found")
    own = api.post(f"{cart}claim/", {}, format="json")
    assert [(line["variant"], line["quantity"]) for line in own.json()["lines"]] == [(str(variant.pk), 2)]
    assert "no-store" in own["Cache-Control"]
    assert api.post(f"{cart}claim/", {}, format="json").json() == own.json() == api.get("/api/v1/carts/mine/").json()
    assert api.post("/api/v1/carts/", {}, format="json").json()["id"] == own.json()["id"]
    _refused(api.get(cart), 409, "cart_closed")


def test_a_cart_of_somebody_else_cannot_be_claimed(api: APIClient, shop: Shop) -> None:
    theirs = shop.cart((shop.sell(), 1), customer=UserFactory.create())
    api.force_login(UserFactory.create())
    before = _counts()
    for key in (theirs.pk, uuid.UUID(NOBODY)):
        _refused(api.post(f"/api/v1/carts/{key}/claim/", {}, format="json"), 404, "cart_not_found")
    assert _counts() == before


def test_no_form_of_another_site_can_claim(client: Client, shop: Shop) -> None:
    """A form may carry the customer's cookie along, but never a JSON body."""
    cart = shop.cart((shop.sell(), 1))
    client.force_login(UserFactory.create())
    for content_type in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ""):
        refused = client.post(f"/api/v1/carts/{cart.pk}/claim/", b"", content_type=content_type)
        _refused(refused, 415, "unsupported_media_type")
    assert not Cart.objects.exclude(customer=None).exists()


def _ordered(api: APIClient, shop: Shop, till: Till) -> tuple[str, str]:
    checkout = _check_out(api, _fill_cart(api, shop, quantity=2, stock=3))
    till.confirm(checkout["payment"]["client_secret"])
    order = _complete(api, checkout).json()["order"]
    return f"/api/v1/orders/{order['id']}/reorder/", order["access"]


def test_an_old_order_is_bought_again_as_far_as_it_can_be(api: APIClient, shop: Shop, till: Till) -> None:
    address, access = _ordered(api, shop, till)
    again = api.post(f"{address}?access={access}", {}, format="json")
    assert again.status_code == 201
    assert [line["quantity"] for line in again.json()["cart"]["lines"]] == [1]
    [left_out] = again.json()["left_out"]
    assert (left_out["requested"], left_out["put_in"], left_out["reason"]) == (2, 1, "only_n_left")
    into = api.post(f"{address}?access={access}", {"cart": again.json()["cart"]["id"]}, format="json").json()
    assert into["cart"]["id"] == again.json()["cart"]["id"]
    assert [each["put_in"] for each in into["left_out"]] == [0]


def test_an_order_is_bought_again_once_however_often_the_request_is_sent(
    api: APIClient, shop: Shop, till: Till
) -> None:
    address, access = _ordered(api, shop, till)
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    first, second = (
        api.post(f"{address}?access={access}", {}, format="json", headers=headers).json() for _ in range(2)
    )
    assert first == second
    assert Cart.objects.filter(closed_at=None).count() == 1


def test_an_order_cannot_be_bought_again_by_who_may_not_see_it(api: APIClient, shop: Shop, till: Till) -> None:
    address, access = _ordered(api, shop, till)
    before = _counts()
    for wrong in ("", "?access=", "?access=nonsense", f"?access={access[:-1]}"):
        _refused(api.post(f"{address}{wrong}", {}, format="json"), 404, "order_not_found")
    for body, status, code in (({"cart": "17"}, 400, "invalid"), ({"cart": NOBODY}, 404, "cart_not_found")):
        _refused(api.post(f"{address}?access={access}", body, format="json"), status, code)
    assert _counts() == before


@pytest.mark.parametrize("what", ["seen/", "resume-link/", "claim/"])
def test_nothing_can_be_done_with_a_cart_that_nobody_has(api: APIClient, shop: Shop, what: str) -> None:
    api.force_login(UserFactory.create())
    _refused(api.post(f"/api/v1/carts/{NOBODY}/{what}", {}, format="json"), 404, "cart_not_found")
