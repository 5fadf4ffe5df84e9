"""Categories in the Wagtail admin: a merchandiser adds them, and a slug names just one of them in a language."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.blocks.story import TEXT_FEATURES
from cms.catalogue.models import CategoryPage
from cms.pages.models import HomePage
from tests.cms.editing import PUBLISH, errors_of
from tests.factories import Shop

pytestmark = pytest.mark.django_db


def _form(title: str, slug: str) -> dict[str, Any]:
    words = rich_text("<p>For reading.</p>", features=TEXT_FEATURES)
    written = {"title": title, "slug": slug, "seo_title": "", "search_description": "", "introduction": words}
    return nested_form_data({**written, "image": "", "body": streamfield([]), "social_image": ""})


def _add(browser: Client, parent: Page, title: str, slug: str) -> Any:
    url = reverse("wagtailadmin_pages:add", args=("catalogue", "categorypage", parent.pk))
    return browser.post(url, _form(title, slug) | PUBLISH)


def test_a_merchandiser_adds_a_category_and_the_shop_shows_it(editor: Client, shop: Shop, api: APIClient) -> None:
    assert _add(editor, shop.home, "Lamps", "lamps").status_code == 302
    assert _add(editor, CategoryPage.objects.get(), "Bulbs", "bulbs").status_code == 302
    [lamps] = api.get("/api/v1/categories/").json()
    assert (lamps["slug"], [child["slug"] for child in lamps["children"]]) == ("lamps", ["bulbs"])


def test_a_slug_that_another_branch_has_is_an_error_of_the_form(editor: Client, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    shop.category("Bulbs", parent=lamps)
    answer = _add(editor, shop.home, "Bulbs", "bulbs")
    assert answer.status_code == 200
    assert list(errors_of(answer)["slug"]) == ["Another category in this language has this slug."]
    assert CategoryPage.objects.filter(slug="bulbs").count() == 1


def test_a_category_may_keep_its_own_slug(editor: Client, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    url = reverse("wagtailadmin_pages:edit", args=(lamps.pk,))
    answer = editor.post(url, _form("Lights", "lamps") | PUBLISH)
    assert answer.status_code == 302, errors_of(answer)
    lamps.refresh_from_db()
    assert (lamps.title, lamps.slug) == ("Lights", "lamps")


def test_another_language_may_have_the_same_slug(shop: Shop) -> None:
    shop.category("Lamps")
    german = Locale.objects.create(language_code="de")
    home = HomePage(title="Start", slug="start", locale=german)
    Page.get_first_root_node().add_child(instance=home)
    lamps = home.add_child(instance=CategoryPage(title="Lampen", slug="lamps", locale=german))
    with pytest.raises(ValidationError, match="Another category"):
        lamps.add_child(instance=CategoryPage(title="Leuchten", slug="lamps", locale=german))


def test_a_category_that_is_not_published_is_nowhere_in_the_shop(shop: Shop, api: APIClient) -> None:
    shop.category("Desks")
    shop.category("Lamps").unpublish()
    assert [node["slug"] for node in api.get("/api/v1/categories/").json()] == ["desks"]
    for address in ("/api/v1/categories/lamps/", "/api/v1/products/?category=lamps"):
        answer = api.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "category_not_found")


def test_a_category_belongs_under_the_home_page_or_another_category(editor: Client, shop: Shop) -> None:
    answer = _add(editor, Page.get_first_root_node(), "Lamps", "lamps")
    assert answer.status_code in {302, 403}
    assert not CategoryPage.objects.exists()
