"""What a cart costs and why, over HTTP: coupons, gift cards, shipping, the quote, and the shop at another instant."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient
from wagtail.models import Locale

from cms.preview.sessions import start_preview
from commerce.checkout.models import Checkout
from commerce.credit.models import CreditAccount, CreditHold
from commerce.kit.clock import now
from commerce.markets.models import Channel, MarketLocale
from commerce.orders.models import Order
from commerce.pricing.models import CustomerGroup
from commerce.promotions.models import Coupon
from commerce.shipping.models import ShippingMethod
from tests.factories import GERMAN_ADDRESS, LONG_AGO, PriceListFactory, ProductContentFactory, Shop, UserFactory
from tests.factories.credit import gift_card, store_credit
from tests.factories.promotions import CouponFactory, PromotionFactory
from tests.till import Till

pytestmark = pytest.mark.django_db

ADDRESS = {**GERMAN_ADDRESS.document(), "email": "customer@example.com"}


def _post(api: APIClient, path: str, body: Any = None) -> Any:
    return api.post(f"/api/v1/{path}", body or {}, format="json")


def _put(api: APIClient, path: str, body: Any) -> Any:
    return api.put(f"/api/v1/{path}", body, format="json")


def _get(api: APIClient, path: str, **query: Any) -> Any:
    return api.get(f"/api/v1/{path}", query)


@pytest.fixture
def cart(api: APIClient, shop: Shop) -> str:
    """Two bowls at 20.00, without an address."""
    path = f"carts/{_post(api, 'carts/').json()['id']}/"
    assert _post(api, f"{path}lines/", {"variant": str(shop.sell(price=2000).pk), "quantity": 2}).status_code == 201
    return path


@pytest.fixture
def welcome() -> None:
    promotion = PromotionFactory.create(
        level="order", requires_coupon=True, name="Welcome", min_value_minor=3000, currency="EUR"
    )
    CouponFactory.create(promotion=promotion, code="WELCOME10")


def test_without_an_address_the_quote_leaves_out_shipping_and_shows_the_tax_at_home(api: APIClient, cart: str) -> None:
    quote = _get(api, f"{cart}quote/").json()
    assert quote["shipping"] is None
    assert (quote["subtotal"]["minor"], quote["total"]["minor"], quote["due"]["minor"]) == (4000, 4000, 4000)
    assert [(row["rate"], row["country"], row["total"]["minor"]) for row in quote["tax"]] == [("19", "DE", 639)]
    assert "explanation" not in quote


def test_a_quote_is_nobody_elses_business(api: APIClient, cart: str) -> None:
    assert _get(api, f"{cart}quote/")["Cache-Control"] == "private, no-store"


def test_a_coupon_takes_its_part_off_and_says_so(api: APIClient, cart: str, welcome: None) -> None:
    answer = _post(api, f"{cart}coupons/", {"code": " welcome10"})
    assert (answer.status_code, answer.json()["coupons"]) == (201, ["WELCOME10"])
    quote = _get(api, f"{cart}quote/", explain=1).json()
    assert quote["discount_total"]["minor"] == 400
    [discount] = quote["lines"][0]["discounts"]
    assert (discount["name"], discount["coupon"], discount["amount"]["minor"]) == ("Welcome", "WELCOME10", 400)
    words = [step["words"] for step in quote["explanation"]]
    assert "Promotion Welcome applied and saves 4.00 EUR." in words
    assert words[-1] == "Left to pay: 36.00 EUR."


def test_a_coupon_that_does_not_apply_says_what_is_missing(api: APIClient, shop: Shop, welcome: None) -> None:
    path = f"carts/{_post(api, 'carts/').json()['id']}/"
    _post(api, f"{path}lines/", {"variant": str(shop.sell(price=1000).pk)})
    _post(api, f"{path}coupons/", {"code": "WELCOME10"})
    quote = _get(api, f"{path}quote/", explain=1).json()
    [verdict] = quote["promotions"]
    assert (verdict["applied"], verdict["reason"]) == (False, "value_too_low")
    assert any("20.00 EUR are missing" in step["words"] for step in quote["explanation"])


def test_a_coupon_can_be_taken_out_again(api: APIClient, cart: str, welcome: None) -> None:
    _post(api, f"{cart}coupons/", {"code": "WELCOME10"})
    assert api.delete(f"/api/v1/{cart}coupons/welcome10/").json()["coupons"] == []
    assert _get(api, f"{cart}quote/").json()["discount_total"]["minor"] == 0


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("coupons/", {"code": "NOTHING"}, 404, "coupon_unknown"),
        ("coupons/", {"code": "x" * 65}, 400, "invalid"),
        ("coupons/", {"code": "nul\x00"}, 400, "invalid"),
        ("coupons/", {}, 400, "invalid"),
        ("credits/", {"code": "NOTHING"}, 404, "credit_unknown"),
        ("credits/", {"code": ["a"]}, 400, "invalid"),
    ],
)
def test_a_code_that_nobody_gave_out_changes_nothing(
    api: APIClient, cart: str, path: str, body: Any, status: int, code: str
) -> None:
    before = _get(api, cart).json()
    answer = _post(api, cart + path, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert _get(api, cart).json() == before


def test_a_card_in_another_currency_is_refused(api: APIClient, cart: str) -> None:
    answer = _post(api, f"{cart}credits/", {"code": gift_card("50.00", "CHF").code})
    assert (answer.status_code, answer.json()["code"]) == (422, "credit_wrong_currency")


def test_the_ways_to_ship_come_with_prices_and_one_can_be_chosen(api: APIClient, shop: Shop, cart: str) -> None:
    zone = ShippingMethod.objects.get().zone
    ShippingMethod.objects.create(zone=zone, code="express", name="Express", price_minor=1290, position=1)
    assert _get(api, f"{cart}shipping-options/").json()["code"] == "address_missing"
    _put(api, f"{cart}address/", ADDRESS)
    options = _get(api, f"{cart}shipping-options/").json()
    assert [(each["method"], each["price"]["minor"], each["chosen"]) for each in options] == [
        ("parcel", 490, False),
        ("express", 1290, False),
    ]
    assert _get(api, f"{cart}quote/").json()["shipping"]["method"] == "parcel"
    assert _put(api, f"{cart}shipping-method/", {"method": "express"}).json()["shipping_method"] == "express"
    quote = _get(api, f"{cart}quote/").json()
    assert (quote["shipping"]["method"], quote["total"]["minor"]) == ("express", 5290)
    assert _get(api, f"{cart}shipping-options/").json()[1]["chosen"] is True


def test_a_way_that_the_address_does_not_have_is_refused_and_the_choice_stays(api: APIClient, cart: str) -> None:
    _put(api, f"{cart}address/", ADDRESS)
    answer = _put(api, f"{cart}shipping-method/", {"method": "balloon"})
    assert (answer.status_code, answer.json()["code"]) == (422, "cannot_ship")
    assert _get(api, cart).json()["shipping_method"] == ""
    assert _get(api, f"{cart}quote/").status_code == 200


def test_a_chosen_way_that_can_no_longer_be_had_is_told_by_quote_and_checkout(
    api: APIClient, shop: Shop, cart: str
) -> None:
    _put(api, f"{cart}address/", ADDRESS)
    _put(api, f"{cart}shipping-method/", {"method": "parcel"})
    ShippingMethod.objects.update(code="freight")
    quote = _get(api, f"{cart}quote/").json()
    assert (quote["shipping"], quote["shipping_problem"]["problem"]) == (None, "unknown_method")
    assert quote["total"]["minor"] == 4000
    answer = _post(api, "checkouts/", {"cart": cart.split("/")[1]})
    assert (answer.status_code, answer.json()["code"]) == (422, "cannot_ship")
    assert _get(api, f"{cart}shipping-options/").status_code == 200


def test_a_business_from_another_country_owes_no_tax(api: APIClient, shop: Shop, cart: str) -> None:
    shop.market.origin_country = "DE"
    shop.market.save()
    paris = {"street_address": "1 rue X", "postal_code": "75001", "city": "Paris", "country": "FR"}
    answer = _put(api, f"{cart}address/", {**ADDRESS, **paris, "vat_id": "FR 40303265045"})
    assert answer.json()["vat_id"] == "FR40303265045"
    quote = _get(api, f"{cart}quote/").json()
    assert quote["treatment"]["kind"] == "reverse_charge"
    assert (quote["relief_total"]["minor"], quote["tax_total"]["minor"]) == (667, 0)
    assert quote["total"]["minor"] == 4000 - 667 + 408


@pytest.mark.parametrize("vat_id", ["FR123", "XX1", "DE136695975", "x" * 21, "\x00"])
def test_a_vat_id_that_no_country_gives_is_refused_and_changes_nothing(api: APIClient, cart: str, vat_id: str) -> None:
    answer = _put(api, f"{cart}address/", {**ADDRESS, "vat_id": vat_id})
    assert answer.status_code == 400
    assert _get(api, cart).json()["address"] is None


def test_a_purchase_with_everything_is_frozen_and_explained(
    api: APIClient, shop: Shop, till: Till, cart: str, welcome: None
) -> None:
    card = gift_card("10.00")
    _put(api, f"{cart}address/", ADDRESS)
    _post(api, f"{cart}coupons/", {"code": "WELCOME10"})
    credits = _post(api, f"{cart}credits/", {"code": card.code}).json()["credits"]
    assert credits[0]["label"].endswith(card.last_four)
    assert card.code not in str(credits)
    checkout = _post(api, "checkouts/", {"cart": cart.split("/")[1]}).json()
    assert checkout["quote"]["due"]["minor"] == 3600 + 490 - 1000
    explained = _get(api, f"checkouts/{checkout['id']}/quote/", explain="1").json()
    assert explained["explanation"][-1]["words"] == "Left to pay: 30.90 EUR."
    till.confirm(checkout["payment"]["client_secret"])
    done = _post(api, f"checkouts/{checkout['id']}/complete/").json()
    order = _get(api, f"orders/{done['order']['id']}/", access=done["order"]["access"]).json()
    assert order["quote"]["credits"][0]["amount"]["minor"] == 1000
    call_command("audit")
    call_command("replay_quotes", "--orders")


def test_a_checkout_that_a_gift_card_pays_needs_no_payment(api: APIClient, shop: Shop, till: Till, cart: str) -> None:
    card = gift_card("100.00")
    _put(api, f"{cart}address/", ADDRESS)
    _post(api, f"{cart}credits/", {"code": card.code})
    checkout = _post(api, "checkouts/", {"cart": cart.split("/")[1]}).json()
    assert checkout["payment"] is None
    done = _post(api, f"checkouts/{checkout['id']}/complete/")
    assert (done.status_code, done.json()["status"]) == (200, "completed")
    assert Order.objects.get().credit_minor == 4490
    assert not CreditHold.objects.filter(state="held").exists()


def test_a_promotion_for_others_is_nobody_elses_to_know(api: APIClient, shop: Shop, cart: str) -> None:
    club = CustomerGroup.objects.create(code="club", name="Club")
    PromotionFactory.create(name="Secret", customer_group=club)
    assert "Secret" not in _get(api, f"{cart}quote/", explain=1).content.decode()


def test_a_gift_says_who_gives_it(api: APIClient, shop: Shop, cart: str) -> None:
    tea = shop.sell(price=500)
    PromotionFactory.create(name="Tea for you", kind="gift", gift_variant=tea)
    [bought, given] = _get(api, f"{cart}quote/").json()["lines"]
    assert (bought["given_by"], given["given_by"], given["total"]["minor"]) == ("", "Tea for you", 0)


def test_lines_stand_in_the_quote_as_in_the_cart(api: APIClient, shop: Shop) -> None:
    path = f"carts/{_post(api, 'carts/').json()['id']}/"
    for _ in range(6):
        _post(api, f"{path}lines/", {"variant": str(shop.sell().pk)})
    lines = [line["variant"] for line in _get(api, path).json()["lines"]]
    assert [line["variant"] for line in _get(api, f"{path}quote/").json()["lines"]] == lines


def test_nobody_is_asked_for_another_amount_than_they_were_shown(
    api: APIClient, shop: Shop, till: Till, cart: str
) -> None:
    _put(api, f"{cart}address/", ADDRESS)
    shown = _get(api, f"{cart}quote/").json()["due"]["minor"]
    PromotionFactory.create(percent="50")
    body = {"cart": cart.split("/")[1], "due_minor": shown}
    answer = _post(api, "checkouts/", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "quote_changed")
    assert (answer.json()["due"]["minor"], answer.json()["expected"]["minor"]) == (2490, 4490)
    assert not Checkout.objects.exists()
    assert _post(api, "checkouts/", {**body, "due_minor": 2490}).status_code == 201
    assert _post(api, "checkouts/", {**body, "due_minor": -1}).status_code == 400


def test_an_address_that_the_market_does_not_serve_says_so_and_is_not_sold_to(
    api: APIClient, shop: Shop, cart: str
) -> None:
    bern = {"street_address": "Gasse 1", "postal_code": "3011", "city": "Bern", "country": "CH"}
    _put(api, f"{cart}address/", {**ADDRESS, **bern})
    quote = _get(api, f"{cart}quote/").json()
    assert (quote["shipping_problem"]["problem"], quote["total"]["minor"]) == ("no_zone", 4000)
    assert _post(api, "checkouts/", {"cart": cart.split("/")[1]}).json()["code"] == "cannot_ship"


def test_a_second_coupon_of_one_promotion_does_not_push_out_the_first(api: APIClient, cart: str, welcome: None) -> None:
    CouponFactory.create(promotion=Coupon.objects.get().promotion, code="AAA")
    _post(api, f"{cart}coupons/", {"code": "WELCOME10"})
    assert _post(api, f"{cart}coupons/", {"code": "AAA"}).json()["code"] == "promotion_unlocked_already"
    assert _get(api, cart).json()["coupons"] == ["WELCOME10"]


def test_store_credit_pays_for_its_owner_alone(api: APIClient, shop: Shop, cart: str) -> None:
    owner = UserFactory.create()
    store_credit(owner, "15.00")
    assert _post(api, f"{cart}credits/", {"store_credit": True}).json()["code"] == "credit_empty"
    assert _post(api, f"{cart}credits/", {"store_credit": True, "code": "A"}).status_code == 400
    assert _post(api, f"{cart}credits/", {}).status_code == 400
    api.force_login(owner)
    mine = f"carts/{_post(api, 'carts/').json()['id']}/"
    _post(api, f"{mine}lines/", {"variant": str(shop.sell(price=2000).pk)})
    [credit] = _post(api, f"{mine}credits/", {"store_credit": True}).json()["credits"]
    assert (credit["label"], credit["available"]["minor"]) == ("Store credit", 1500)
    assert _get(api, f"{mine}quote/").json()["due"]["minor"] == 500


def test_a_market_is_served_in_its_languages(api: APIClient, shop: Shop) -> None:
    variant = shop.sell()
    german = Locale.objects.create(language_code="de")
    ProductContentFactory.create(product=variant.product, locale=german, title="Schale", slug="schale")
    MarketLocale.objects.create(market=shop.market, language_code="de")
    for wanted in ("de", "en", "fr", ""):
        answer = api.get("/api/v1/products/", headers={"Accept-Language": wanted})
        assert [card["title"] for card in answer.json()["results"]] == ["Schale"]


def test_a_card_taken_out_again_pays_nothing(api: APIClient, cart: str) -> None:
    account = _post(api, f"{cart}credits/", {"code": gift_card("10.00").code}).json()["credits"][0]["account"]
    assert api.delete(f"/api/v1/{cart}credits/{account}/").json()["credits"] == []
    assert api.delete(f"/api/v1/{cart}credits/{uuid.uuid4()}/").status_code == 200
    assert CreditAccount.objects.get().balance_minor == 1000


def test_a_bought_gift_card_shows_its_code_to_the_buyer_alone(api: APIClient, shop: Shop, till: Till) -> None:
    variant = shop.sell(price=2500)
    type(variant.product).objects.update(kind="gift_card", tax_class="zero", shipping_class="none")
    path = f"carts/{_post(api, 'carts/').json()['id']}/"
    _post(api, f"{path}lines/", {"variant": str(variant.pk)})
    _put(api, f"{path}address/", ADDRESS)
    checkout = _post(api, "checkouts/", {"cart": path.split("/")[1]}).json()
    assert checkout["quote"]["shipping"]["method"] == "none"
    till.confirm(checkout["payment"]["client_secret"])
    done = _post(api, f"checkouts/{checkout['id']}/complete/").json()
    order = _get(api, f"orders/{done['order']['id']}/", access=done["order"]["access"]).json()
    [card] = order["gift_cards"]
    assert card["code"] == CreditAccount.objects.get().code
    assert card["balance"]["minor"] == 2500


def test_a_coupon_is_held_by_one_checkout_at_a_time(api: APIClient, shop: Shop, till: Till, welcome: None) -> None:
    Coupon.objects.update(total_limit=1)
    variant = shop.sell(price=4000)
    carts = []
    for _ in range(2):
        path = f"carts/{_post(api, 'carts/').json()['id']}/"
        _post(api, f"{path}lines/", {"variant": str(variant.pk)})
        _put(api, f"{path}address/", ADDRESS)
        assert _post(api, f"{path}coupons/", {"code": "WELCOME10"}).status_code == 201
        carts.append(path.split("/")[1])
    totals = [_post(api, "checkouts/", {"cart": cart}).json()["quote"]["discount_total"]["minor"] for cart in carts]
    assert totals == [400, 0]


# The shop for others, elsewhere and at another time


def test_the_market_follows_from_the_country(api: APIClient, shop: Shop) -> None:
    shop.sell()
    assert _get(api, "products/", country="de").json()["count"] == 1
    assert _get(api, "products/", country="ZZ").json()["count"] == 1
    assert _get(api, "products/", country="Germany").status_code == 400


def test_a_closed_channel_is_not_for_the_public(api: APIClient, shop: Shop) -> None:
    Channel.objects.create(code="till", name="Till", is_open=False)
    Channel.objects.create(code="app", name="App")
    for channel in ("till", "nothing"):
        assert _get(api, "products/", channel=channel).json()["code"] == "unknown_channel"
    assert _get(api, "products/", channel="app").status_code == 200


def test_a_list_for_a_channel_prices_what_is_bought_there(api: APIClient, shop: Shop) -> None:
    app = Channel.objects.create(code="app", name="App")
    variant = shop.sell(price=2000)
    PriceListFactory.create(market=shop.market, channel=app, code="app", base=shop.prices, factor="0.9")
    for path, expected in (("carts/", 2000), ("carts/?channel=app", 2000)):
        made = _post(api, path, {"channel": "app"} if "app" in path else {}).json()
        line = _post(api, f"carts/{made['id']}/lines/", {"variant": str(variant.pk)}).json()["lines"][0]
        assert line["unit_price"]["current"]["minor"] == (1800 if "app" in path else expected)


def test_a_member_of_a_group_sees_the_groups_prices_and_no_cache_keeps_them(api: APIClient, shop: Shop) -> None:
    variant = shop.sell(price=2000)
    group = CustomerGroup.objects.create(code="club", name="Club")
    PriceListFactory.create(market=shop.market, customer_group=group, code="club", base=shop.prices, factor="0.5")
    path = f"products/{shop.content(variant).slug}/"
    assert _get(api, path).json()["price"]["current"]["minor"] == 2000
    member = UserFactory.create()
    group.members.add(member)
    api.force_login(member)
    answer = _get(api, path)
    assert answer.json()["price"]["current"]["minor"] == 1000
    assert answer["Cache-Control"] == "private, no-store"
    cart = _post(api, "carts/").json()["id"]
    line = _post(api, f"carts/{cart}/lines/", {"variant": str(variant.pk)}).json()["lines"][0]
    assert line["unit_price"]["current"]["minor"] == 1000


def test_only_staff_and_preview_sessions_see_the_shop_at_another_time(
    api: APIClient, shop: Shop, admin_user: Any
) -> None:
    variant = shop.sell(price=2000)
    tomorrow = now() + timedelta(days=1)
    shop.price(variant, 1500, kind="sale", valid_from=tomorrow)
    path, at = f"products/{shop.content(variant).slug}/", (tomorrow + timedelta(minutes=1)).isoformat()
    refused = _get(api, path, at=at)
    assert (refused.status_code, refused.json()["code"]) == (403, "instant_not_allowed")
    assert _get(api, path, at=at, preview="forged").status_code == 403
    token = start_preview(shop.content(variant), user=None, at=now())
    seen = _get(api, path, at=at, preview=token)
    assert (seen.json()["price"]["current"]["minor"], seen["Cache-Control"]) == (1500, "private, no-store")
    preview = _get(api, "products/preview/", token=token, content_type="catalogue.productcontent", at=at)
    assert preview.json()["price"]["current"]["minor"] == 1500
    api.force_login(UserFactory.create())
    assert _get(api, path, at=at).status_code == 403
    api.force_login(admin_user)
    assert _get(api, path, at=at).json()["price"]["current"]["minor"] == 1500
    for wrong in ("yesterday", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        assert _get(api, path, at=wrong).status_code == 400
    assert _get(api, path).json()["price"]["current"]["minor"] == 2000


def test_a_reduced_price_shows_the_lowest_of_the_days_before(api: APIClient, shop: Shop) -> None:
    variant = shop.sell(price=2000)
    begins = now() - timedelta(days=2)
    shop.price(variant, 1500, kind="sale", valid_from=begins, valid_until=now() + timedelta(days=3))
    price = _get(api, f"products/{shop.content(variant).slug}/").json()["price"]
    assert (price["current"]["minor"], price["regular"]["minor"], price["reference"]["minor"]) == (1500, 2000, 2000)
    assert price["discount_percent"] == 25
    assert price["valid_until"] is not None


def test_a_promotion_that_asks_for_nothing_lowers_the_price_in_lists(api: APIClient, shop: Shop) -> None:
    variant = shop.sell(price=2000)
    PromotionFactory.create(code="autumn", name="Autumn", begins_at=LONG_AGO)
    [card] = _get(api, "products/").json()["results"]
    assert card["price"]["current"]["minor"] == 1800
    assert card["price"]["promotion"] == {"code": "autumn", "name": "Autumn"}
    cart = _post(api, "carts/").json()["id"]
    _post(api, f"carts/{cart}/lines/", {"variant": str(variant.pk), "quantity": 2})
    assert _get(api, f"carts/{cart}/quote/").json()["total"]["minor"] == 3600
