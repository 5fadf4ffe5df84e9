"""The home page and the categories, in each language."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any

from wagtail.models import Locale, Page, Site

from cms.catalogue.models import CategoryPage, ProductContent
from cms.images.models import ShopImage
from cms.pages.models import HomePage
from demo import catalogue, german, search
from demo.wording import Language, Search

Homes = dict[Language, HomePage]
Categories = dict[Language, dict[str, CategoryPage]]


@dataclass(frozen=True)
class _Said:
    """What a home page says in its language."""

    home: catalogue.Home
    category_slugs: dict[str, str]


_SAID: dict[Language, _Said] = {
    "en": _Said(catalogue.HOME, {each.slug: each.slug for each in catalogue.CATEGORIES}),
    "de": _Said(german.HOME, {slug: words.slug for slug, words in german.CATEGORIES.items()}),
}


def open_home_pages() -> Homes:
    """The shop's home pages in place of the welcome page that a new Wagtail has."""
    root = Page.get_first_root_node()
    home = HomePage(title=catalogue.SHOP_NAME, slug="shop")
    root.add_child(instance=home)
    Site.objects.update(root_page=home, site_name=catalogue.SHOP_NAME)
    Page.objects.filter(depth=2).exclude(pk=home.pk).delete()
    home.refresh_from_db()
    return {"en": home, "de": _translation(home)}


def write_categories(homes: Homes, images: dict[Any, ShopImage]) -> Categories:
    """The tree by the slugs of `demo.catalogue`, whatever the language."""
    pages: Categories = {"en": {}, "de": {}}
    for category in catalogue.CATEGORIES:
        parent = pages["en"][category.parent] if category.parent else homes["en"]
        parent.refresh_from_db()
        page = CategoryPage(
            title=category.title,
            slug=category.slug,
            introduction=category.introduction,
            image=images[category.picture],
            show_in_menus=True,
        )
        parent.add_child(instance=page)
        _publish(page, search.CATEGORIES[category.slug].en)
        translated, words = _translation(page), german.CATEGORIES[category.slug]
        translated.title, translated.slug, translated.introduction = words.title, words.slug, words.introduction
        _publish(translated, search.CATEGORIES[category.slug].de)
        pages["en"][category.slug], pages["de"][category.slug] = page, translated
    return pages


def furnish(
    homes: Homes, front: ShopImage, contents: dict[Language, dict[str, ProductContent]], pages: Categories
) -> None:
    for language, home in homes.items():
        home.refresh_from_db()
        home.body = _body(_SAID[language], front, contents[language], pages[language])
        _publish(home, search.HOME[language])


def _body(
    said: _Said, front: ShopImage, contents: dict[str, ProductContent], pages: dict[str, CategoryPage]
) -> list[tuple[str, Any]]:
    wanted = said.home

    def row(products: catalogue.ProductRow) -> tuple[str, Any]:
        return ("products", {"title": products.title, "products": [contents[slug] for slug in products.products]})

    picture = copy(front)
    picture.contextual_alt_text = wanted.hero_alt
    return [
        (
            "hero",
            {
                "title": wanted.hero_title,
                "text": wanted.hero_text,
                "image": picture,
                "button": {
                    "label": wanted.hero_link_title,
                    "href": f"/c/{said.category_slugs[wanted.hero_link_category]}",
                },
            },
        ),
        row(wanted.first_row),
        ("categories", {"title": wanted.categories_title, "categories": [pages[slug] for slug in wanted.categories]}),
        row(wanted.second_row),
        ("rich_text", wanted.closing),
    ]


def _translation(page: Any) -> Any:
    """A German page beside an English one, a draft that is English still."""
    return page.copy_for_translation(Locale.objects.get(language_code="de"))


def _publish(page: Any, found: Search) -> None:
    page.seo_title, page.search_description = found.title, found.description
    page.save_revision().publish()
