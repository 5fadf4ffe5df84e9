"""The pages API: what a storefront needs to show a page, without a second request for each part of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site

from cms.images.rendering import render_due
from commerce.kit.clock import now
from tests.factories import Shop, picture

pytestmark = pytest.mark.django_db

PAGES = "/api/pages/v2/pages/"


def _furnish(shop: Shop) -> Any:
    """A home page with every kind of block."""
    lamps, hidden = shop.category("Lamps"), shop.category("Hidden")
    lamps.image = picture("Tile")
    lamps.save()
    hidden.unpublish()
    content = shop.content(shop.sell())
    hero = picture("Shelf", size=(1600, 900))
    shop.home.body = [
        ("hero", _hero(shop, hero)),
        ("products", {"title": "New in", "products": [content]}),
        ("categories", {"title": "Rooms", "categories": [lamps, hidden]}),
        ("rich_text", _rich_text(shop, '<p>Made <b>slowly</b>, see <a linktype="page" id="{}">lamps</a>.</p>', lamps)),
    ]
    shop.home.save_revision().publish()
    render_due(at=now(), seconds=60)
    return content


def _hero(shop: Shop, image: Any) -> Any:
    block = shop.home.body.stream_block.child_blocks["hero"]
    button = {"label": "Look", "href": "/c/lamps"}
    image.contextual_alt_text, image.decorative = "A shelf of lamps", False
    return block.normalize({"title": "Light", "text": "For every desk.", "image": image, "button": button})


def _rich_text(shop: Shop, source: str, page: Any) -> Any:
    return shop.home.body.stream_block.child_blocks["rich_text"].normalize(source.format(page.pk))


def _home(api: APIClient) -> dict[str, Any]:
    listed = api.get(PAGES, {"type": "pages.HomePage", "fields": "*"})
    assert listed.status_code == 200, listed.content
    [home] = listed.json()["items"]
    document: dict[str, Any] = home
    return document


def test_the_home_page_comes_with_its_pictures_products_and_categories(api: APIClient, shop: Shop) -> None:
    content = _furnish(shop)
    hero, products, categories, words = _home(api)["body"]
    assert (hero["type"], hero["value"]["title"]) == ("hero", "Light")
    assert hero["value"]["button"] == {"label": "Look", "href": "/c/lamps"}
    image = hero["value"]["image"]
    assert (image["alt"], image["width"], image["height"]) == ("A shelf of lamps", 1600, 900)
    assert [entry.split(" ")[1] for entry in image["srcset"].split(", ")] == ["800w", "1200w", "1600w"]
    assert all(entry.startswith(settings.BASE_URL) for entry in image["srcset"].split(", "))

    assert products["value"] == {"title": "New in", "products": [str(content.product_id)]}
    [tile] = categories["value"]["categories"]
    assert (tile["slug"], tile["title"], tile["image"]["width"]) == ("lamps", "Lamps", 64)
    assert words["type"] == "rich_text"
    assert "Made <b>slowly</b>" in words["value"]


def test_rich_text_is_html_with_addresses_in_it(api: APIClient, shop: Shop) -> None:
    _furnish(shop)
    html = _home(api)["body"][3]["value"]
    assert "linktype" not in html
    assert 'href="' in html


def test_the_detail_of_a_page_says_the_same_as_the_list(api: APIClient, shop: Shop) -> None:
    _furnish(shop)
    listed = _home(api)
    assert api.get(f"{PAGES}{listed['id']}/").json()["body"] == listed["body"]


def test_a_block_whose_product_is_gone_leaves_it_out(api: APIClient, shop: Shop) -> None:
    content = _furnish(shop)
    content.delete()
    assert _home(api)["body"][1]["value"]["products"] == []


def test_an_empty_hero_is_no_error(api: APIClient, shop: Shop) -> None:
    block = shop.home.body.stream_block.child_blocks["hero"]
    shop.home.body = [("hero", block.normalize({"title": "Light"}))]
    shop.home.save_revision().publish()
    assert _home(api)["body"][0]["value"] == {"title": "Light", "text": "", "image": None, "button": None}


def test_a_page_that_is_not_published_is_not_there(api: APIClient, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    assert api.get(f"{PAGES}{lamps.pk}/").status_code == 200
    lamps.unpublish()
    assert api.get(f"{PAGES}{lamps.pk}/").status_code == 404
    listed = api.get(PAGES, {"type": "catalogue.CategoryPage"}).json()
    assert listed["items"] == []


def test_a_page_is_found_by_its_path(api: APIClient, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    for path, page in {"/": shop.home, "/lamps/": lamps}.items():
        found = api.get(f"{PAGES}find/", {"html_path": path})
        assert found.status_code == 302
        assert urlsplit(found["Location"]).path == f"{PAGES}{page.pk}/"
    assert api.get(f"{PAGES}find/", {"html_path": "/nothing/"}).status_code == 404


def test_categories_come_with_their_words_and_picture(api: APIClient, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    lamps.introduction, lamps.image = "<p>For reading.</p>", picture("Tile")
    lamps.save_revision().publish()
    shown = api.get(f"{PAGES}{lamps.pk}/").json()
    assert shown["introduction"] == "<p>For reading.</p>"
    assert shown["image_set"]["src"].startswith(settings.BASE_URL)


def test_images_documents_and_redirects_answer(api: APIClient, shop: Shop) -> None:
    image = picture("Tile")
    document = get_document_model().objects.create(title="Care", file=ContentFile(b"Dust it.", name="care.txt"))
    moved = Redirect.objects.create(
        old_path=Redirect.normalise_path("/old"), redirect_link="/c/lamps", site=Site.objects.get()
    )
    for endpoint, row in {"images": image, "documents": document, "redirects": moved}.items():
        listed = api.get(f"/api/pages/v2/{endpoint}/")
        assert listed.status_code == 200
        assert [item["id"] for item in listed.json()["items"]] == [row.pk]
        assert api.get(f"/api/pages/v2/{endpoint}/{row.pk}/").status_code == 200
    found = api.get("/api/pages/v2/redirects/find/", {"html_path": "/old"})
    assert found.status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "pages/999999/",
        "pages/nothing/",
        "images/999999/",
        "documents/999999/",
        "redirects/find/",
        "nothing/",
        "preview/1/",
    ],
)
def test_what_is_not_there_is_a_404_in_json(api: APIClient, shop: Shop, address: str) -> None:
    answer = api.get(f"/api/pages/v2/{address}")
    assert answer.status_code == 404
    assert answer["Content-Type"].split(";")[0] in {"application/json", "application/problem+json"}
    assert answer.json()


@pytest.mark.parametrize("query", ["type=nothing.Nowhere", "fields=nothing", "unknown=1", "limit=many"])
def test_a_question_that_makes_no_sense_is_a_400_in_json(api: APIClient, shop: Shop, query: str) -> None:
    answer = api.get(f"{PAGES}?{query}")
    assert answer.status_code == 400
    assert answer.json()


def test_nothing_can_be_written_through_the_pages_api(api: APIClient, shop: Shop) -> None:
    for method in (api.post, api.put, api.patch, api.delete):
        assert method(f"{PAGES}{shop.home.pk}/", {"title": "Mine"}, format="json").status_code == 405


def test_the_address_of_a_page_leads_to_the_storefront(client: Client, shop: Shop) -> None:
    bulbs = shop.category("Bulbs", parent=shop.category("Lamps"))
    for path, place in {"/": "/", "/lamps/": "/c/lamps", bulbs.url: "/c/bulbs"}.items():
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"{settings.STOREFRONT_URL}{place}")


def test_a_long_list_of_categories_costs_no_more_queries_than_a_short_one(api: APIClient, shop: Shop) -> None:
    def open_categories(*numbers: int) -> int:
        """The queries of listing all there are, their renditions being there already."""
        for number in numbers:
            page = shop.category(f"Category {number}")
            page.image = picture(f"Tile {number}")
            page.save()
        ask = {"type": "catalogue.CategoryPage", "fields": "*"}
        api.get(PAGES, ask)
        with CaptureQueriesContext(connection) as queries:
            assert len(api.get(PAGES, ask).json()["items"]) == max(numbers)
        return len(queries)

    assert open_categories(1, 2) == open_categories(*range(3, 13))


def test_a_category_for_those_who_signed_in_is_hidden_and_breaks_nothing(api: APIClient, shop: Shop) -> None:
    secret = shop.category("Secret")
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    collection = Collection.get_first_root_node().add_child(name="Secret")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type=PageViewRestriction.LOGIN)
    listed = api.get(PAGES)
    assert listed.status_code == 200
    assert secret.pk not in [page["id"] for page in listed.json()["items"]]
    assert api.get("/api/pages/v2/images/").status_code == 200
    assert api.get("/api/pages/v2/documents/").status_code == 200
    assert api.get("/api/v1/categories/").json() == []
    assert api.get("/api/v1/categories/secret/").status_code == 404


@pytest.mark.parametrize("words", ['"', '12"', "'\"*(", "\x00", "AND", "NEAR(", "*", "-"])
def test_odd_signs_in_a_search_find_nothing_and_break_nothing(
    api: APIClient, client: Client, django_user_model: Any, shop: Shop, words: str
) -> None:
    assert api.get(PAGES, {"search": words}).status_code == 200
    assert api.get("/api/pages/v2/images/", {"search": words}).status_code == 200
    client.force_login(django_user_model.objects.create_superuser("admin@example.com", "a-long-password"))
    for path in ("snippets/catalogue/productcontent/", "images/", "images/chooser/", "orders/", "stock-levels/"):
        assert client.get(f"/admin/{path}", {"q": words}).status_code == 200


def test_a_search_finds_whole_words_beside_odd_signs(api: APIClient, shop: Shop) -> None:
    shop.category("Lamps")
    assert [page["title"] for page in api.get(PAGES, {"search": '"lamps"'}).json()["items"]] == ["Lamps"]


@pytest.mark.parametrize("path", ["pages", "images", "documents", "redirects"])
def test_an_offset_beyond_all_numbers_is_a_400(api: APIClient, shop: Shop, path: str) -> None:
    assert api.get(f"/api/pages/v2/{path}/", {"offset": "9" * 30}).status_code == 400
