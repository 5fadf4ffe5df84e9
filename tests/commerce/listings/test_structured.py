"""What search engines are told is what the page shows, and no more."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from cms.catalogue.models import Brand
from tests.factories import Shop

pytestmark = pytest.mark.django_db


def _product(api: APIClient, shop: Shop, variant: Any) -> Any:
    return api.get(f"/api/v1/products/{shop.content(variant).slug}/").json()


def test_a_product_with_one_variant_is_offered_as_it_is_priced_and_stocked(shop: Shop, api: APIClient) -> None:
    variant = shop.sell(price=1999, stock=50, barcode="4006381333931")
    variant.product.brand = Brand.objects.create(name="Fen", slug="fen")
    variant.product.save()
    lamps = shop.category("Lamps")
    shop.place(variant.product, lamps)
    told = _product(api, shop, variant)
    product, trail = told["json_ld"]
    assert (product["@type"], product["sku"], product["gtin"]) == ("Product", variant.sku, "4006381333931")
    assert product["brand"] == {"@type": "Brand", "name": "Fen"}
    assert product["url"] == f"http://localhost:8001{told['path']}"
    offer = product["offers"]
    assert (offer["price"], offer["priceCurrency"]) == ("19.99", "EUR")
    assert offer["availability"] == "https://schema.org/InStock"
    steps = [(each["position"], each["name"], each["item"]) for each in trail["itemListElement"]]
    assert steps == [
        (1, "Lamps", "http://localhost:8001/c/lamps"),
        (2, told["title"], f"http://localhost:8001{told['path']}"),
    ]


def test_variants_make_a_group_that_says_in_what_they_differ(shop: Shop, api: APIClient) -> None:
    moss = shop.sell(price=1999, options={"Colour": "Moss"})
    shop.sell(price=2499, stock=0, product=moss.product, options={"Colour": "Rust"})
    [group, _] = _product(api, shop, moss)["json_ld"]
    assert (group["@type"], group["variesBy"]) == ("ProductGroup", ["https://schema.org/color"])
    told = [(each["color"], each["offers"]["price"], each["offers"]["availability"]) for each in group["hasVariant"]]
    assert told == [
        ("Moss", "19.99", "https://schema.org/InStock"),
        ("Rust", "24.99", "https://schema.org/OutOfStock"),
    ]


def test_nobody_rated_it_so_no_rating_is_told(shop: Shop, api: APIClient) -> None:
    assert "aggregateRating" not in str(_product(api, shop, shop.sell())["json_ld"])


def test_the_site_says_who_runs_the_shop(shop: Shop, api: APIClient) -> None:
    organization, website = api.get("/api/v1/site/").json()["json_ld"]
    assert (organization["@type"], website["@type"]) == ("Organization", "WebSite")
    assert website["publisher"] == {"@id": organization["@id"]}


def test_a_category_says_the_way_to_it(shop: Shop, api: APIClient) -> None:
    lamps = shop.category("Lamps")
    shop.category("Bulbs", parent=lamps)
    [trail] = api.get("/api/v1/categories/bulbs/").json()["json_ld"]
    assert [each["name"] for each in trail["itemListElement"]] == ["Lamps", "Bulbs"]
