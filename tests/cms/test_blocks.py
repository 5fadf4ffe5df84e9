"""Blocks, pages, menus and settings as editors meet them: pictures in the picker, and clear words for bad input."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms.blocks.media import VideoBlock, video_at
from cms.blocks.page import PageBlock
from cms.blocks.text import ButtonBlock, OptionalButtonBlock
from cms.catalogue.models import Collection
from cms.pages.models import ArticlePage, HomePage, LandingPage, Menu, ShopSettings
from tests.factories import Shop
from tests.factories.pages import landing

ALL = PageBlock().child_blocks


@pytest.mark.parametrize("name", ALL)
def test_every_block_says_what_it_is_for(name: str) -> None:
    assert ALL[name].get_description()
    assert ALL[name].is_previewable


@pytest.mark.django_db
def test_every_block_has_a_picture_in_the_picker(editor: Client) -> None:
    body = HomePage._meta.get_field("body").stream_block
    for name, block in body.child_blocks.items():
        shown = editor.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
        assert shown.status_code == 200, name
        assert "blocks/preview.css" in shown.content.decode()
        assert "style=" not in shown.content.decode()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk", ("youtube", "abcdefghijk")),
        ("https://www.youtube.com/watch?list=x&v=abc-efgh_jk&t=1", ("youtube", "abc-efgh_jk")),
        ("https://youtu.be/abcdefghijk?si=x", ("youtube", "abcdefghijk")),
        ("https://m.youtube.com/shorts/abcdefghijk", ("youtube", "abcdefghijk")),
        ("https://vimeo.com/76979871", ("vimeo", "76979871")),
        ("https://player.vimeo.com/video/76979871?h=1", ("vimeo", "76979871")),
        ("https://youtube.com.example.com/watch?v=abcdefghijk", None),
        ("https://example.com/?u=https://youtu.be/abcdefghijk", None),
        ('https://youtu.be/abcdefghijk"onload="x', None),
        ("javascript:alert(1)", None),
        ("https://vimeo.com/about", None),
    ],
)
def test_a_video_is_known_by_its_address_alone(address: str, found: tuple[str, str] | None) -> None:
    video = video_at(address)
    assert (video and (video["provider"], video["id"])) == found


def test_a_video_elsewhere_is_refused_in_words() -> None:
    block = VideoBlock()
    with pytest.raises(ValidationError) as refused:
        block.clean(block.normalize({"address": "https://example.com/film", "title": "Glass"}))
    assert "YouTube and Vimeo" in str(refused.value.as_json_data())  # type: ignore[attr-defined]


@pytest.mark.parametrize("href", ["javascript:alert(1)", "//example.com", "c/lamps", "data:text/html,x", ""])
def test_a_button_leads_nowhere_dangerous(href: str) -> None:
    block = ButtonBlock()
    with pytest.raises(ValidationError):
        block.clean(block.normalize({"label": "Look", "href": href}))
    # Rows that no form has seen are left out.
    assert block.told({"label": "Look", "page": None, "href": href}) is None


def test_an_opening_may_do_without_its_button_and_not_with_half_of_one() -> None:
    block = OptionalButtonBlock()
    assert not any(block.clean(block.normalize({})).values())
    for half in ({"label": "Look"}, {"href": "/c/lamps"}):
        with pytest.raises(ValidationError):
            block.clean(block.normalize(half))


def _form(**fields: Any) -> dict[str, Any]:
    written = {"title": "Cart", "slug": "cart", "seo_title": "", "search_description": "", "social_image": ""}
    return nested_form_data({**written, "body": streamfield([]), **fields})


@pytest.mark.django_db
def test_an_address_that_the_shop_uses_or_a_sibling_has_is_refused_in_words(editor: Client, shop: Shop) -> None:
    add = reverse("wagtailadmin_pages:add", args=("pages", "landingpage", shop.home.pk))
    answer = editor.post(add, _form())
    assert answer.context["form"].errors["slug"] == ["The shop itself uses this address. Choose another slug."]
    landing("About", parent=shop.home)
    answer = editor.post(add, _form(slug="about"))
    assert "already in use" in answer.context["form"].errors["slug"][0]
    help_page = landing("Help", parent=shop.home)
    below = reverse("wagtailadmin_pages:add", args=("pages", "landingpage", help_page.pk))
    assert editor.post(below, _form()).status_code == 302
    assert LandingPage.objects.get(slug="cart").storefront_path == "/help/cart"
    with pytest.raises(ValidationError):
        landing("Checkout", parent=shop.home)


@pytest.mark.django_db
def test_articles_live_under_landing_pages_only(editor: Client, shop: Shop) -> None:
    assert ArticlePage not in HomePage.creatable_subpage_models()
    assert set(LandingPage.creatable_subpage_models()) == {LandingPage, ArticlePage}
    assert ArticlePage.creatable_subpage_models() == []


@pytest.mark.django_db
def test_a_place_has_one_menu_in_each_language(editor: Client, shop: Shop) -> None:
    add = reverse("wagtailsnippets_pages_menu:add")
    link = [("address", {"target": "/c/lamps", "label": "Lamps", "items": streamfield([])})]
    form = nested_form_data({"handle": "main", "items": streamfield(link)}) | {"action-publish": "1"}
    assert editor.post(add, form).status_code == 302
    assert Menu.objects.get().live
    assert "already" in editor.post(add, form).context["form"].errors["handle"][0]
    Menu(handle="main", locale=Locale.objects.create(language_code="de")).full_clean()


@pytest.mark.parametrize(
    "social", ["instagram.com/nest", "javascript:alert(1)", "https://ok.example/\nhttp://plain.example/"]
)
def test_a_social_address_that_is_none_is_named(social: str) -> None:
    with pytest.raises(ValidationError, match="is no address"):
        ShopSettings(social=social).clean()


@pytest.mark.django_db
def test_a_chosen_collection_is_still_chosen_when_the_page_is_edited_again(shop: Shop) -> None:
    gifts = Collection.objects.create(name="Gifts", slug="gifts")
    page = landing("Presents", ("collection", {"collection": gifts, "limit": 4}), parent=shop.home)
    [block] = LandingPage.objects.get(pk=page.pk).body
    assert block.value["collection"] == gifts
