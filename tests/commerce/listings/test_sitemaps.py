"""Search engines are led to every address of the storefront, and to nothing else."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from cms.catalogue.models import Brand
from tests.factories import ProductContentFactory, Shop

pytestmark = pytest.mark.django_db

NAMES = {
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "link": "http://www.w3.org/1999/xhtml",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}


def _read(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    return ElementTree.fromstring(answer.content)


def _places(client: Client, section: str) -> list[str]:
    found = _read(client, f"/sitemap-{section}.xml").findall("map:url/map:loc", NAMES)
    return [str(each.text) for each in found]


def test_the_index_names_the_sections(shop: Shop, client: Client) -> None:
    found = _read(client, "/sitemap.xml").findall("map:sitemap/map:loc", NAMES)
    assert [str(each.text).rpartition("/")[2] for each in found] == [
        "sitemap-products.xml",
        "sitemap-pages.xml",
        "sitemap-groups.xml",
    ]


def test_products_are_told_with_their_pictures_and_languages(shop: Shop, client: Client) -> None:
    german = Locale.objects.create(language_code="de")
    lamp = shop.sell(pictures=2)
    content = shop.content(lamp)
    ProductContentFactory.create(product=lamp.product, locale=german, slug="leuchte")
    shop.sell(live=False)
    shop.sell(price=None)
    root = _read(client, "/sitemap-products.xml")
    places = [str(each.text) for each in root.findall("map:url/map:loc", NAMES)]
    assert places == [f"http://localhost:8001/p/{content.slug}", "http://localhost:8001/de/p/leuchte"]
    first = root.find("map:url", NAMES)
    assert [each.get("hreflang") for each in first.findall("link:link", NAMES)] == ["de", "en"]
    assert len(first.findall("image:image", NAMES)) == 2


def test_pages_and_groups_are_told(shop: Shop, client: Client) -> None:
    shop.category("Lamps")
    Brand.objects.create(name="Fen", slug="fen")
    assert _places(client, "pages") == ["http://localhost:8001/", "http://localhost:8001/c/lamps"]
    assert _places(client, "groups") == ["http://localhost:8001/brands/fen"]


def test_an_unknown_section_and_a_page_beyond_the_last_are_missing(shop: Shop, client: Client) -> None:
    paths = ["/sitemap-nothing.xml", "/sitemap-products.xml?p=9", "/sitemap-products.xml?p=x"]
    assert [client.get(path).status_code for path in paths] == [404] * 3


def test_more_products_cost_no_more_queries(shop: Shop, client: Client) -> None:
    costs = []
    for _ in range(2):
        for _ in range(3):
            shop.sell(pictures=1)
        client.get("/sitemap-products.xml")
        with CaptureQueriesContext(connection) as queries:
            client.get("/sitemap-products.xml")
        costs.append(len(queries))
    assert costs[0] == costs[1]
