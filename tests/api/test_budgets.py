"""What a request costs in queries, however much it shows. Renditions are there already, as after a first visit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cms.catalogue.models import Brand, CategoryPage, Collection, CollectionItem, Variant
from tests.factories import GERMAN_ADDRESS, Shop, picture
from tests.factories.credit import gift_card
from tests.factories.promotions import CouponFactory, PromotionFactory
from tests.factories.vocabulary import ask, attribute
from tests.till import Till

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 24
PRODUCT_LIST = 11
PRODUCTS_OF_A_CATEGORY = 14
PRODUCTS_BY_IDS = 10
PRODUCT_DETAIL = 15
CATEGORY_TREE = 5
CATEGORY_DETAIL = 7
BRANDS = COLLECTIONS = 5
PRODUCTS_OF_A_COLLECTION = 13
CART = 11
CART_QUOTE = 22
CHECKOUT = COMPLETION = 43
"""Placing an order, savepoints included: `POST checkouts/` with the payment opened, and `POST …/complete/`."""
RUNNING_PROMOTIONS = 2
"""What belongs where is asked only while there are promotions."""


@pytest.fixture(params=[FEW, MANY], ids=["few", "many"])
def variants(request: Any, shop: Shop) -> list[Variant]:
    """Products with a picture and two variants each, the second one on sale, in a category of their own each."""
    lamps = shop.category("Lamps")
    made = []
    for number in range(request.param):
        variant = shop.sell(pictures=1, options={"Size": "S"})
        other = shop.sell(product=variant.product, price=2999, options={"Size": "L"})
        shop.price(other, 2499, kind="sale")
        shop.place(variant.product, _category_with_picture(shop, f"Lamps {number}", lamps), position=number)
        made.append(variant)
    return made


def _category_with_picture(shop: Shop, title: str, parent: CategoryPage) -> CategoryPage:
    category = shop.category(title, parent=parent)
    category.image = picture(title)
    category.save()
    return category


def _queries(api: APIClient, address: str, **query: Any) -> tuple[int, Any]:
    """How many the second visit takes, and its answer."""
    api.get(address, query)
    with CaptureQueriesContext(connection) as captured:
        answer = api.get(address, query)
    assert answer.status_code == 200, answer.content
    return len(captured), answer.json()


def test_the_list_of_products(api: APIClient, variants: list[Variant]) -> None:
    queries, shown = _queries(api, "/api/v1/products/")
    assert len(shown["results"]) == len(variants)
    assert queries == PRODUCT_LIST


def test_the_products_of_a_category_and_of_all_below_it(api: APIClient, variants: list[Variant]) -> None:
    queries, shown = _queries(api, "/api/v1/products/", category="lamps")
    assert len(shown["results"]) == len(variants)
    assert queries == PRODUCTS_OF_A_CATEGORY


def test_products_by_ids(api: APIClient, variants: list[Variant]) -> None:
    queries, shown = _queries(api, "/api/v1/products/", ids=",".join(str(each.product_id) for each in variants))
    assert len(shown["results"]) == len(variants)
    assert queries == PRODUCTS_BY_IDS


def test_a_product(api: APIClient, shop: Shop, variants: list[Variant]) -> None:
    for each in variants[2:]:
        each.product_id = variants[0].product_id
        each.save()
    queries, shown = _queries(api, f"/api/v1/products/{shop.content(variants[0]).slug}/")
    assert len(shown["variants"]) == max(2, len(variants))
    assert queries == PRODUCT_DETAIL


def test_the_tree_of_categories(api: APIClient, variants: list[Variant]) -> None:
    queries, shown = _queries(api, "/api/v1/categories/")
    assert len(shown[0]["children"]) == len(variants)
    assert queries == CATEGORY_TREE


def test_a_category(api: APIClient, variants: list[Variant]) -> None:
    for number, _ in enumerate(variants):
        facet = attribute(f"Facet-{number}", "choice", choices=("One", "Other"))
        ask(CategoryPage.objects.get(slug="lamps"), facet)
    queries, shown = _queries(api, "/api/v1/categories/lamps/")
    assert len(shown["children"]) == shown["product_count"] == len(variants)
    assert queries == CATEGORY_DETAIL


def test_brands_and_collections_and_the_products_of_one(api: APIClient, variants: list[Variant]) -> None:
    winter = Collection.objects.create(name="Winter", slug="winter", image=picture())
    for number, variant in enumerate(variants):
        made = picture(f"Logo {number}")
        variant.product.brand = Brand.objects.create(name=f"Brand {number}", slug=f"brand-{number}", logo=made)
        variant.product.save()
        Collection.objects.create(name=f"Other {number}", slug=f"other-{number}", image=made)
        CollectionItem.objects.create(collection=winter, product=variant.product, position=number)
    queries, shown = _queries(api, "/api/v1/brands/", page_size=48)
    assert (len(shown["results"]), queries) == (len(variants), BRANDS)
    queries, shown = _queries(api, "/api/v1/collections/", page_size=48)
    assert (len(shown["results"]), queries) == (len(variants) + 1, COLLECTIONS)
    queries, shown = _queries(api, "/api/v1/products/", collection="winter")
    assert (len(shown["results"]), queries) == (len(variants), PRODUCTS_OF_A_COLLECTION)


def test_a_cart(api: APIClient, shop: Shop, variants: list[Variant]) -> None:
    cart = shop.cart(*((variant, 1) for variant in variants))
    queries, shown = _queries(api, f"/api/v1/carts/{cart.pk}/")
    assert len(shown["lines"]) == len(variants)
    assert queries == CART


def _cart_of(api: APIClient, variants: list[Variant]) -> str:
    cart = f"/api/v1/carts/{api.post('/api/v1/carts/', {}, format='json').json()['id']}/"
    for variant in variants:
        api.post(f"{cart}lines/", {"variant": str(variant.pk)}, format="json")
    return cart


def test_the_quote_of_a_cart_with_address_promotions_and_a_gift_card(api: APIClient, variants: list[Variant]) -> None:
    PromotionFactory.create()
    CouponFactory.create(code="WELCOME")
    cart = _cart_of(api, variants)
    api.put(f"{cart}address/", {**GERMAN_ADDRESS.document(), "email": "a@example.com"}, format="json")
    api.post(f"{cart}coupons/", {"code": "WELCOME"}, format="json")
    api.post(f"{cart}credits/", {"code": gift_card("1.00").code}, format="json")
    queries, quote = _queries(api, f"{cart}quote/", explain=1)
    assert (len(quote["lines"]), len(quote["credits"])) == (len(variants), 1)
    assert quote["shipping"]["method"] == "parcel"
    assert queries == CART_QUOTE


def test_the_list_of_products_while_promotions_run(api: APIClient, variants: list[Variant]) -> None:
    for percent in ("10", "20", "30"):
        PromotionFactory.create(percent=percent)
    queries, shown = _queries(api, "/api/v1/products/")
    assert all(card["price"]["promotion"] for card in shown["results"])
    assert queries == PRODUCT_LIST + RUNNING_PROMOTIONS


def _spent(call: Callable[[], Any], status: int) -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code == status, answer.content
    return len(captured), answer.json()


def test_placing_an_order(api: APIClient, till: Till, variants: list[Variant]) -> None:
    """The two requests of a purchase, however many lines it has; the first purchase of a process fills its caches."""
    for _ in range(2):
        cart = _cart_of(api, variants)
        api.put(f"{cart}address/", {**GERMAN_ADDRESS.document(), "email": "a@example.com"}, format="json")
        asked = {"cart": cart.split("/")[-2]}
        opening, checkout = _spent(partial(api.post, "/api/v1/checkouts/", asked, format="json"), 201)
        till.confirm(checkout["payment"]["client_secret"])
        address = f"/api/v1/checkouts/{checkout['id']}/complete/"
        completing, completed = _spent(partial(api.post, address, {}, format="json"), 200)
    assert len(checkout["quote"]["lines"]) == len(variants)
    assert completed["status"] == "completed"
    assert (opening, completing) == (CHECKOUT, COMPLETION)
