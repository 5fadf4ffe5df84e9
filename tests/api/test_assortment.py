"""Brands, collections, vendors, tags and attributes as shoppers are told of them."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient
from wagtail.models import Locale

from cms.catalogue.models import (
    Attribute,
    Brand,
    CategoryPage,
    Collection,
    CollectionItem,
    Product,
    ProductContent,
    Variant,
    Vendor,
)
from tests.factories import ProductContentFactory, Shop, picture
from tests.factories.vocabulary import ask, attribute, give

pytestmark = pytest.mark.django_db


def _sell(shop: Shop, slug: str, **variant: Any) -> Product:
    made: Variant = shop.sell(**variant)
    ProductContent.objects.filter(product=made.product).update(slug=slug, title=slug.title())
    return made.product


def _slugs(api: APIClient, **query: str) -> list[str]:
    answer = api.get("/api/v1/products/", query)
    assert answer.status_code == 200, answer.content
    return [card["slug"] for card in answer.json()["results"]]


@pytest.fixture
def kilnside(shop: Shop) -> Brand:
    return Brand.objects.create(
        name="Kilnside",
        slug="kilnside",
        description="Fired by hand.",
        words={"de": {"description": "Von Hand gebrannt."}},
        logo=picture("Logo"),
    )


@pytest.fixture
def winter(shop: Shop) -> Collection:
    """Of four products in an order of its own; one is not published."""
    made = Collection.objects.create(
        name="Winter", slug="winter", seo_title="Winter things", words={"de": {"name": "Winterliches"}}
    )
    for position, slug in enumerate(("vase", "lamp", "draft", "mug")):
        product = _sell(shop, slug, live=slug != "draft")
        CollectionItem.objects.create(collection=made, product=product, position=position)
    return made


def test_brands_with_their_words_and_how_many_products_can_be_bought(
    api: APIClient, shop: Shop, kilnside: Brand
) -> None:
    Brand.objects.create(name="Empty", slug="empty")
    for slug, price in (("lamp", 100), ("vase", None)):
        Product.objects.filter(pk=_sell(shop, slug, price=price).pk).update(brand=kilnside)
    listed = api.get("/api/v1/brands/").json()
    assert [(each["slug"], each["product_count"]) for each in listed["results"]] == [("empty", 0), ("kilnside", 1)]
    one = api.get("/api/v1/brands/kilnside/").json()
    assert one == listed["results"][1]
    assert (one["name"], one["logo"]["alt"], one["seo"]["title"]) == ("Kilnside", "Kilnside", "Kilnside")
    assert _slugs(api, brand="kilnside") == ["lamp"]
    Locale.objects.create(language_code="de")
    german = api.get("/api/v1/brands/kilnside/", headers={"Accept-Language": "de"}).json()
    assert german["description"] == "Von Hand gebrannt."


def test_collections_in_their_own_order_in_the_language_asked_for(
    api: APIClient, shop: Shop, winter: Collection
) -> None:
    one = api.get("/api/v1/collections/winter/").json()
    assert (one["name"], one["seo"]["title"], one["product_count"]) == ("Winter", "Winter things", 3)
    assert api.get("/api/v1/collections/").json()["results"] == [one]
    assert _slugs(api, collection="winter") == ["vase", "lamp", "mug"]
    lamps = shop.category("Lamps")
    shop.place(ProductContent.objects.get(slug="lamp").product, lamps)
    assert _slugs(api, collection="winter", category="lamps") == ["lamp"]
    Locale.objects.create(language_code="de")
    german = api.get("/api/v1/collections/winter/", headers={"Accept-Language": "de"}).json()
    assert german["name"] == "Winterliches"


@pytest.mark.parametrize("kind", ["brand", "collection"])
def test_what_is_not_there_is_a_problem_that_says_so(api: APIClient, shop: Shop, kind: str) -> None:
    for address in (f"/api/v1/{kind}s/nowhere/", f"/api/v1/products/?{kind}=nowhere"):
        answer = api.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, f"{kind}_not_found")
    assert api.get(f"/api/v1/products/?{kind}=not a slug").status_code == 400


def test_products_of_a_vendor_and_with_a_tag(api: APIClient, shop: Shop) -> None:
    lamp, vase = _sell(shop, "lamp"), _sell(shop, "vase")
    lamp.vendor = Vendor.objects.create(name="Works", slug="works", email="works@example.com")
    lamp.save()
    vase.tags.add("Autumn")
    assert _slugs(api, vendor="works") == ["lamp"]
    assert _slugs(api, tag="Autumn") == ["vase"]
    assert _slugs(api, tag="nothing", vendor="works") == []
    shown = api.get("/api/v1/products/lamp/")
    assert shown.json()["vendor"] == {"slug": "works", "name": "Works"}
    assert "works@example.com" not in shown.content.decode()


@pytest.fixture
def lamps(shop: Shop) -> CategoryPage:
    """A category below another; both ask for attributes. One product has all of them, and one of another category."""
    living = shop.category("Living")
    made = shop.category("Lamps", parent=living)
    material = attribute("Material", "choices", choices=("Oak", "Glass"), words={"de": {"name": "Werkstoff"}})
    material.choices.filter(name="Oak").update(words={"de": {"name": "Eiche"}})
    ask(living, material, attribute("Since", "date", position=1, is_facet=False))
    ask(
        made,
        attribute("Height", "number", unit="cm", position=2),
        attribute("Washable", "boolean", position=3),
        attribute("Care", "text", position=4),
        attribute("Finish", "choice", choices=("Matt",), position=5),
    )
    lamp = _sell(shop, "lamp")
    shop.place(lamp, made)
    of = {each.name: each for each in Attribute.objects.all()}
    give(lamp, of["Material"], "Oak", "Glass")
    give(lamp, of["Since"], date="2026-01-31")
    give(lamp, of["Height"], number="1234.5")
    give(lamp, of["Washable"], boolean=False)
    give(lamp, of["Care"], text="Dust it", words={"de": {"text": "Abstauben"}})
    give(lamp, of["Finish"], "Matt")
    give(lamp, attribute("Volts", "number", unit="V"), number=230)
    return made


def test_the_attributes_of_a_product_as_programs_and_as_shoppers_read_them(api: APIClient, lamps: CategoryPage) -> None:
    found = {each["code"]: each for each in api.get("/api/v1/products/lamp/").json()["attributes"]}
    assert list(found) == ["material", "since", "height", "washable", "care", "finish"]
    assert found["height"] == {
        "code": "height",
        "label": "Height",
        "type": "number",
        "unit": "cm",
        "value": "1234.5",
        "display": "1234.5 cm",
    }
    told = {code: (each["value"], each["display"]) for code, each in found.items()}
    assert told["material"] == (["oak", "glass"], "Oak, Glass")
    assert told["since"][0] == "2026-01-31"
    assert told["washable"] == (False, "No")
    assert told["care"] == ("Dust it", "Dust it")
    assert told["finish"] == ("matt", "Matt")


def test_attributes_in_another_language(api: APIClient, shop: Shop, lamps: CategoryPage) -> None:
    german = Locale.objects.create(language_code="de")
    product = ProductContent.objects.get(slug="lamp").product
    ProductContentFactory.create(product=product, locale=german, slug="leuchte")
    home = shop.home.copy_for_translation(german)
    home.add_child(
        instance=CategoryPage(title="Leuchten", slug="leuchten", locale=german, translation_key=lamps.translation_key)
    )
    answer = api.get("/api/v1/products/leuchte/", headers={"Accept-Language": "de"}).json()
    told = {each["code"]: each["display"] for each in answer["attributes"]}
    here = {"height": "1234,5 cm", "washable": "Nein", "care": "Abstauben", "finish": "Matt"}
    # The category above is not translated; what it asks for holds all the same.
    assert told == here | {"material": "Eiche, Glass", "since": "31. Januar 2026"}


def test_a_category_tells_its_story_and_what_its_products_can_be_filtered_by(
    api: APIClient, lamps: CategoryPage
) -> None:
    lamps.body = [("heading", "How we choose"), ("paragraph", "<p>By hand.</p>")]
    lamps.save()
    answer = api.get("/api/v1/categories/lamps/").json()
    assert [block["value"] for block in answer["body"]] == ["How we choose", "<p>By hand.</p>"]
    assert [each["code"] for each in answer["attributes"]] == ["material", "height", "washable", "care", "finish"]
    material = answer["attributes"][0]
    assert material["choices"] == [{"code": "oak", "label": "Oak"}, {"code": "glass", "label": "Glass"}]
    above = api.get("/api/v1/categories/living/").json()
    assert [each["code"] for each in above["attributes"]] == ["material"]
