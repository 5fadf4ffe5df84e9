"""Old addresses lead to the new ones; what is shown beside a product; papers; the shop's best."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import Locale

from cms.catalogue.models import CategoryPage, Product, ProductContent, ProductDocument, RelatedProduct, Variant
from tests.factories import ProductContentFactory, Shop

pytestmark = pytest.mark.django_db


def _rename(content: Any, slug: str) -> None:
    content.refresh_from_db()
    content.slug = slug
    content.save_revision().publish()


def _moved(api: APIClient, path: str, language: str = "en") -> Any:
    answer = api.get("/api/v1/redirects/", {"path": path}, headers={"Accept-Language": language})
    assert answer.status_code in (200, 404)
    return answer.json().get("path")


def test_an_old_address_leads_straight_to_the_newest_whatever_lay_between(api: APIClient, shop: Shop) -> None:
    content = ProductContentFactory.create(slug="ash")
    for slug in ("birch", "cedar"):
        _rename(content, slug)
    assert (_moved(api, "/p/ash"), _moved(api, "/p/birch/"), _moved(api, "/p/cedar")) == ("/p/cedar", "/p/cedar", None)
    assert set(Redirect.objects.values_list("old_path", "redirect_link")) == {
        ("/p/ash", "/p/cedar"),
        ("/p/birch", "/p/cedar"),
    }


def test_going_back_to_an_old_name_leaves_no_circle(api: APIClient, shop: Shop) -> None:
    content = ProductContentFactory.create(slug="ash")
    for slug in ("birch", "ash"):
        _rename(content, slug)
    assert (_moved(api, "/p/ash"), _moved(api, "/p/birch")) == (None, "/p/ash")


def test_an_address_that_another_product_takes_leads_nowhere_any_more(api: APIClient, shop: Shop) -> None:
    content = ProductContentFactory.create(slug="ash")
    _rename(content, "birch")
    other = ProductContentFactory.create(slug="other", live=False)
    _rename(other, "ash")
    assert _moved(api, "/p/ash") is None
    assert not Redirect.objects.exists()


def test_what_was_never_seen_leaves_no_address_behind(api: APIClient, shop: Shop) -> None:
    content = ProductContentFactory.create(slug="ash", live=False)
    _rename(content, "birch")
    assert _moved(api, "/p/ash") is None


def test_each_language_has_addresses_of_its_own(api: APIClient, shop: Shop) -> None:
    german = Locale.objects.create(language_code="de")
    own = ProductContentFactory.create(slug="ash")
    translated = ProductContentFactory.create(slug="ash", locale=german, product=own.product)
    _rename(translated, "esche")
    assert (_moved(api, "/p/ash"), _moved(api, "/p/ash", "de")) == (None, "/p/esche")
    _rename(own, "birch")
    assert (_moved(api, "/p/ash"), _moved(api, "/p/ash", "de")) == ("/p/birch", "/p/esche")
    assert ProductContent.objects.filter(slug="birch").count() == 1


def test_a_category_leads_on_too_and_one_that_is_gone_leads_nowhere(api: APIClient, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    _rename(lamps, "lights")
    assert _moved(api, "/c/lamps") == "/c/lights"
    CategoryPage.objects.get().unpublish()
    assert _moved(api, "/c/lamps") is None


def test_what_staff_entered_is_followed_and_a_circle_leads_nowhere(api: APIClient, shop: Shop) -> None:
    for old, new in {"/sale": "/c/lamps", "/a": "/b", "/b": "/a", "/away": "https://example.com/x"}.items():
        Redirect.add_redirect(old, new, is_permanent=old != "/sale")
    assert api.get("/api/v1/redirects/", {"path": "/sale"}).json() == {"path": "/c/lamps", "permanent": False}
    assert (_moved(api, "/a"), _moved(api, "/away"), _moved(api, "/nothing")) == (None, "https://example.com/x", None)


@pytest.mark.parametrize("path", ["", "p/ash", "/" + "a" * 300, "/\x00"])
def test_what_is_no_path_is_refused(api: APIClient, db: None, path: str) -> None:
    answer = api.get("/api/v1/redirects/", {"path": path})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def _slugs(answer: Any) -> list[str]:
    cards = answer.json()
    return [card["slug"] for card in (cards["results"] if isinstance(cards, dict) else cards)]


def _beside(shop: Shop, variant: Variant, *others: Variant) -> None:
    for place, other in enumerate(others):
        RelatedProduct.objects.create(product=variant.product, related=other.product, position=place)


def test_beside_a_product_is_what_was_chosen_and_can_be_bought_else_others_of_its_category(
    api: APIClient, shop: Shop
) -> None:
    lamps = shop.category("Lamps")
    lamp, second, first, hidden, alike = shop.sell(), shop.sell(), shop.sell(), shop.sell(live=False), shop.sell()
    for place, each in enumerate((alike, lamp)):
        shop.place(each.product, lamps, position=place)
    related = f"/api/v1/products/{shop.content(lamp).slug}/related/"
    assert _slugs(api.get(related)) == [shop.content(alike).slug]
    _beside(shop, lamp, first, hidden, second)
    assert _slugs(api.get(related)) == [shop.content(each).slug for each in (first, second)]
    assert _slugs(api.get(f"/api/v1/products/{shop.content(first).slug}/related/")) == []
    assert api.get("/api/v1/products/nothing/related/").status_code == 404


def test_it_costs_the_same_however_much_stands_beside_it(api: APIClient, shop: Shop) -> None:
    lamp = shop.sell(pictures=1)
    address = f"/api/v1/products/{shop.content(lamp).slug}/related/"

    def queries() -> int:
        api.get(address)
        with CaptureQueriesContext(connection) as caught:
            api.get(address)
        return len(caught)

    _beside(shop, lamp, shop.sell(pictures=1))
    few = queries()
    RelatedProduct.objects.all().delete()
    _beside(shop, lamp, *(shop.sell(pictures=1) for _ in range(9)))
    assert queries() == few


def test_the_shops_best_are_those_that_are_featured(api: APIClient, shop: Shop) -> None:
    best = shop.sell()
    shop.sell()
    Product.objects.filter(pk=best.product_id).update(is_featured=True)
    assert _slugs(api.get("/api/v1/products/featured/")) == [shop.content(best).slug]


def test_a_product_names_its_papers(api: APIClient, shop: Shop) -> None:
    variant = shop.sell()
    content = shop.content(variant)
    document = Document.objects.create(title="Manual", file=ContentFile(b"%PDF", "manual.pdf"), file_size=4)
    address = f"/api/v1/products/{content.slug}/"
    assert api.get(address).json()["documents"] == []
    for title in ("", "How to hang it"):
        ProductDocument.objects.create(content=content, document=document, title=title)
    papers = api.get(address).json()["documents"]
    assert [paper["title"] for paper in papers] == ["Manual", "How to hang it"]
    assert (papers[0]["type"], papers[0]["size"]) == ("pdf", 4)
    assert papers[0]["url"].startswith("http")


@pytest.mark.parametrize("path", ["//[", "//example.com", "lamps", ""])
def test_what_is_no_path_of_the_storefront_is_refused(api: APIClient, db: None, path: str) -> None:
    assert api.get("/api/v1/redirects/", {"path": path}).status_code == 400
