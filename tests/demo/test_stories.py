"""What the demo shop tells, as loaded: in both languages, leading somewhere, and fit for the editor's own form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient
from wagtail.models import Locale

from cms.catalogue.models import Collection, Product, ProductContent
from cms.pages.models import ArticlePage, HomePage, LandingPage, Menu
from demo import catalogue, editorial, journal
from demo.loading import pages, stories, surroundings
from demo.loading.stories import Shown
from demo.market import open_markets
from tests.factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(at: datetime) -> None:
    """The demo's pages about products that are names only."""
    Locale.objects.create(language_code="de")
    open_markets(at=at)
    image = picture("Grey")
    specs = [each.spec for product in catalogue.PRODUCTS for each in product.pictures]
    images = dict.fromkeys([*specs, *(each.picture for each in catalogue.CATEGORIES)], image)
    Collection.objects.bulk_create(Collection(slug=each.slug, name=each.name) for each in catalogue.COLLECTIONS)
    homes = pages.open_home_pages()
    places = pages.open_pages(homes, pages.write_categories(homes, images))
    shown = Shown(images, _contents())
    stories.write_landings(places, shown)
    stories.write_journal(places, shown, at=at)
    stories.furnish(homes, image, places, shown)
    surroundings.write_menus(places)
    surroundings.describe_shop(image)


def _contents() -> Any:
    products = Product.objects.bulk_create(Product() for _ in catalogue.PRODUCTS)
    found = {}
    for locale in Locale.objects.all():
        rows = ProductContent.objects.bulk_create(
            ProductContent(product=each, translation_key=each.pk, locale=locale, title=told.title, slug=told.slug)
            for told, each in zip(catalogue.PRODUCTS, products, strict=True)
        )
        found[locale.language_code] = {row.slug: row for row in rows}
    return found


def _paths(items: Any) -> Iterator[str]:
    for item in items:
        if item["path"]:
            yield item["path"]
        yield from _paths(item["items"])


def test_every_page_and_menu_passes_the_editors_own_form_and_is_live_by_its_revision(told: None) -> None:
    written = [
        *((page, page.body) for kind in (HomePage, LandingPage, ArticlePage) for page in kind.objects.all()),
        *((menu, menu.items) for menu in Menu.objects.all()),
    ]
    assert len(written) == 2 * (1 + len(editorial.LANDINGS) + 1 + len(journal.ARTICLES) + 2)
    for each, stream in written:
        stream.stream_block.clean(stream)
        each.full_clean()
        assert each.live
        assert each.live_revision_id


def test_menus_lead_to_pages_in_their_own_language(told: None, api: APIClient) -> None:
    found = {}
    for language in ("en", "de"):
        speaking = {"HTTP_ACCEPT_LANGUAGE": language}
        menus = api.get("/api/v1/site/", **speaking).json()["menus"]
        paths = found[language] = [path for menu in menus.values() for path in _paths(menu)]
        assert all(path.startswith(("/", "mailto:")) for path in paths)
        # Categories, collections and mail have addresses of other kinds.
        told_of = [path for path in paths if not path.startswith(("/c/", "/collections/", "mailto:"))]
        assert len(set(told_of)) == 3
        for path in told_of:
            page = api.get("/api/v1/pages/", {"path": path}, **speaking).json()
            assert (page["path"], page["locale"]) == (path, language)
            assert page["blocks"]
    below = [each for each in catalogue.CATEGORIES if each.parent]
    linked = [link for column in editorial.FOOTER_MENU for link in column.links]
    assert len(found["en"]) == len(found["de"]) == len([*editorial.MAIN_MENU, *below, *linked])
    assert "/ueber-uns" in found["de"]
