"""What a request costs in queries, however much it shows. Renditions are there already, as after a first visit."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cms.catalogue.models import CategoryPage, Variant
from tests.factories import Shop, picture

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 24
PRODUCT_LIST = 11
PRODUCTS_OF_A_CATEGORY = 14
PRODUCTS_BY_IDS = 10
PRODUCT_DETAIL = 14
CATEGORY_TREE = 6
CATEGORY_DETAIL = 6
CART = 11


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
    queries, shown = _queries(api, "/api/v1/categories/lamps/")
    assert len(shown["children"]) == shown["product_count"] == len(variants)
    assert queries == CATEGORY_DETAIL


def test_a_cart(api: APIClient, shop: Shop, variants: list[Variant]) -> None:
    cart = shop.cart(*((variant, 1) for variant in variants))
    queries, shown = _queries(api, f"/api/v1/carts/{cart.pk}/")
    assert len(shown["lines"]) == len(variants)
    assert queries == CART
