"""Bundles, digital goods, backorders and pre-orders, seen and bought through the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from cms.catalogue.models import Product, Variant
from commerce.inventory.models import StockMovement
from commerce.orders.models import Order
from commerce.shipping.models import ShippingMethod
from tests.factories import GERMAN_ADDRESS, Shop
from tests.factories.promotions import PromotionFactory
from tests.factories.stock import allow_backorders, bundle_of, never_runs_out
from tests.till import Till

pytestmark = pytest.mark.django_db


def _buy(api: APIClient, till: Till, shop: Shop, *lines: tuple[Variant, int]) -> Any:
    cart = shop.cart(*lines, email="buyer@example.com", address=GERMAN_ADDRESS.document())
    checkout = api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json").json()
    till.confirm(checkout["payment"]["client_secret"])
    return api.post(f"/api/v1/checkouts/{checkout['id']}/complete/", {}, format="json").json()


def test_a_bundle_its_part_and_something_digital_are_bought_together(api: APIClient, shop: Shop, till: Till) -> None:
    cup = shop.sell(stock=5)
    done = _buy(api, till, shop, (bundle_of(shop, (cup, 2)), 2), (cup, 1), (never_runs_out(shop), 7))
    assert done["status"] == "completed"
    assert (shop.level(cup).on_hand, shop.level(cup).reserved) == (0, 0)
    sales = StockMovement.objects.filter(kind="sale", reference=Order.objects.get().number)
    assert sorted(sales.values_list("quantity", flat=True)) == [-4, -1]
    call_command("audit")


def test_an_order_of_nothing_but_digital_goods_needs_no_stock(api: APIClient, shop: Shop, till: Till) -> None:
    assert _buy(api, till, shop, (never_runs_out(shop), 3))["status"] == "completed"
    assert not StockMovement.objects.exists()
    call_command("audit")


def test_what_is_still_to_come_is_told_and_bought(api: APIClient, shop: Shop, till: Till) -> None:
    variant = shop.sell(stock=0)
    allow_backorders(shop, variant, 3, expected_on=date(2099, 5, 1))
    told = {"availability": "preorder", "expected_on": "2099-05-01"}
    slug = shop.content(variant).slug
    detail = api.get(f"/api/v1/products/{slug}/").json()
    [card] = api.get("/api/v1/products/").json()["results"]
    cart = shop.cart((variant, 3))
    [line] = api.get(f"/api/v1/carts/{cart.pk}/").json()["lines"]
    for answer in (detail, detail["variants"][0], card, line):
        assert {name: answer[name] for name in told} == told
    assert detail["variants"][0]["available"] is None
    assert _buy(api, till, shop, (variant, 3))["status"] == "completed"
    assert shop.level(variant).on_hand == -3
    [line] = api.get(f"/api/v1/carts/{cart.pk}/").json()["lines"]
    assert (line["availability"], line["problem"]) == ("sold_out", "out_of_stock")
    call_command("audit")


def test_a_backorder_has_no_day_and_can_be_bought(api: APIClient, shop: Shop) -> None:
    variant = shop.sell(stock=0)
    allow_backorders(shop, variant, 3)
    [card] = api.get("/api/v1/products/").json()["results"]
    assert (card["availability"], card["expected_on"]) == ("backorder", None)


FRIDAY, MONDAY, TUESDAY = "2099-05-01", "2099-05-04", "2099-05-05"


def _promised(api: APIClient, shop: Shop, *lines: tuple[Variant, int]) -> Any:
    """What shipping options, the frozen quote and the order say alike of days and waiting, and what the lines say."""
    ShippingMethod.objects.update(min_days=1, max_days=2, cutoff_hour=None)
    cart = shop.cart(*lines, email="buyer@example.com", address=GERMAN_ADDRESS.document())
    [option] = api.get(f"/api/v1/carts/{cart.pk}/shipping-options/").json()
    checkout = api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json").json()
    names = ("earliest", "latest", "wait")
    shipping = {name: checkout["quote"]["shipping"][name] for name in names}
    assert shipping == {name: option[name] for name in names}
    return shipping, {line["sku"]: line["wait"] for line in checkout["quote"]["lines"]}


@pytest.mark.usefixtures("till")
def test_a_pre_order_is_not_promised_before_the_day_on_which_it_is_expected(api: APIClient, shop: Shop) -> None:
    ahead, there = shop.sell(stock=0), shop.sell(stock=5)
    allow_backorders(shop, ahead, 3, expected_on=date.fromisoformat(FRIDAY))
    shipping, lines = _promised(api, shop, (ahead, 1), (there, 1))
    assert shipping == {"earliest": MONDAY, "latest": TUESDAY, "wait": {"expected_on": FRIDAY}}
    assert lines == {ahead.sku: {"expected_on": FRIDAY}, there.sku: None}


@pytest.mark.usefixtures("till")
def test_a_backorder_without_a_day_is_promised_for_no_day_and_says_so(api: APIClient, shop: Shop) -> None:
    ahead, known = shop.sell(stock=0), shop.sell(stock=0)
    allow_backorders(shop, ahead, 3)
    allow_backorders(shop, known, 3, expected_on=date.fromisoformat(FRIDAY))
    shipping, lines = _promised(api, shop, (ahead, 1), (known, 1))
    assert shipping == {"earliest": None, "latest": None, "wait": {"expected_on": None}}
    assert lines == {ahead.sku: {"expected_on": None}, known.sku: {"expected_on": FRIDAY}}


@pytest.mark.usefixtures("till")
def test_who_buys_more_than_lie_on_the_shelf_waits_for_the_rest(api: APIClient, shop: Shop) -> None:
    some, cup = shop.sell(stock=2), shop.sell(stock=3)
    allow_backorders(shop, some, 3, expected_on=date.fromisoformat(FRIDAY))
    assert _promised(api, shop, (some, 3))[0]["earliest"] == MONDAY
    assert _promised(api, shop, (cup, 2))[0]["wait"] is None
    allow_backorders(shop, cup, 9)
    assert _promised(api, shop, (bundle_of(shop, (cup, 2)), 2))[0]["wait"] == {"expected_on": None}


@pytest.mark.usefixtures("till")
@pytest.mark.parametrize(("cups", "wait"), [(1, None), (3, {"expected_on": FRIDAY})])
def test_a_bundle_and_its_part_wait_when_there_is_not_enough_for_both(
    api: APIClient, shop: Shop, cups: int, wait: Any
) -> None:
    cup, plate = shop.sell(stock=3), shop.sell(stock=5)
    allow_backorders(shop, cup, 5, expected_on=date.fromisoformat(FRIDAY))
    bundle = bundle_of(shop, (cup, 2), (plate, 1))
    shipping, lines = _promised(api, shop, (bundle, 1), (cup, cups), (plate, 4))
    assert shipping["wait"] == wait
    assert lines == {bundle.sku: wait, cup.sku: wait, plate.sku: None}


def test_an_order_tells_what_it_waits_for_and_goods_that_are_not_sent_hold_up_nothing(
    api: APIClient, shop: Shop, till: Till
) -> None:
    ahead = shop.sell(stock=0)
    allow_backorders(shop, ahead, 3)
    done = _buy(api, till, shop, (ahead, 1))
    quote = api.get(f"/api/v1/orders/{done['order']['id']}/?access={done['order']['access']}").json()["quote"]
    assert quote["lines"][0]["wait"] == quote["shipping"]["wait"] == {"expected_on": None}
    card, there = shop.sell(stock=0), shop.sell(stock=5)
    Product.objects.filter(pk=card.product_id).update(shipping_class="none")
    allow_backorders(shop, card, 3)
    assert _promised(api, shop, (card, 1), (there, 1))[0]["wait"] is None


@pytest.mark.usefixtures("till")
@pytest.mark.parametrize(("given", "wait"), [(1, None), (2, {"expected_on": FRIDAY})])
def test_a_gift_that_has_to_come_first_holds_the_parcel_up(api: APIClient, shop: Shop, given: int, wait: Any) -> None:
    gift, there = shop.sell(stock=1), shop.sell(stock=5)
    allow_backorders(shop, gift, 3, expected_on=date.fromisoformat(FRIDAY))
    PromotionFactory.create(kind="gift", gift_variant=gift, gift_quantity=given)
    shipping, lines = _promised(api, shop, (there, 1))
    assert shipping["wait"] == lines[gift.sku] == wait


@pytest.mark.usefixtures("till")
def test_a_gift_that_another_rule_would_give_as_well_is_not_waited_for(api: APIClient, shop: Shop) -> None:
    gift, there = shop.sell(stock=1), shop.sell(stock=5)
    allow_backorders(shop, gift, 3, expected_on=date.fromisoformat(FRIDAY))
    PromotionFactory.create(kind="gift", gift_variant=gift)
    PromotionFactory.create(kind="gift", gift_variant=gift, min_value_minor=10_000_00, currency="EUR")
    shipping, lines = _promised(api, shop, (there, 1))
    assert (shipping["wait"], lines[gift.sku]) == (None, None)


@pytest.mark.usefixtures("till")
def test_of_two_gifts_alike_the_one_that_is_not_on_the_shelf_holds_the_parcel_up(api: APIClient, shop: Shop) -> None:
    gift, there = shop.sell(stock=1), shop.sell(stock=5)
    allow_backorders(shop, gift, 3, expected_on=date.fromisoformat(FRIDAY))
    PromotionFactory.create_batch(2, kind="gift", gift_variant=gift)
    cart = shop.cart((there, 1), address=GERMAN_ADDRESS.document(), email="buyer@example.com")
    quote = api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json").json()["quote"]
    assert [line["wait"] for line in quote["lines"]] == [None, None, {"expected_on": FRIDAY}]
    assert quote["shipping"]["wait"] == {"expected_on": FRIDAY}


@pytest.mark.usefixtures("till")
@pytest.mark.parametrize(("cups", "gifts"), [(4, {"wait": None}), (3, {"wait": {"expected_on": FRIDAY}}), (2, None)])
def test_a_gift_shares_the_shelf_with_a_bundle_that_is_bought(
    api: APIClient, shop: Shop, cups: int, gifts: dict[str, Any] | None
) -> None:
    """Two cups are bought in a bundle and two would be given; one more than there are can be backordered."""
    cup = shop.sell(stock=cups)
    allow_backorders(shop, cup, 1, expected_on=date.fromisoformat(FRIDAY))
    PromotionFactory.create(kind="gift", gift_variant=cup, gift_quantity=2)
    shipping, lines = _promised(api, shop, (bundle_of(shop, (cup, 2)), 1))
    assert {"wait": lines[cup.sku]} == gifts if gifts else cup.sku not in lines
    assert shipping["wait"] == (gifts["wait"] if gifts else None)
