"""The tree of pages, in each language: the home page, the categories, and landing pages still to be filled."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale, Page, Site

from cms.catalogue.models import CategoryPage, Collection
from cms.images.models import ShopImage
from cms.pages.models import HomePage, LandingPage
from demo import catalogue, editorial, german, journal, search
from demo.loading.places import Places
from demo.wording import Both, Language, Search

Homes = dict[Language, HomePage]
Categories = dict[Language, dict[str, CategoryPage]]


def open_home_pages() -> Homes:
    """The shop's home pages in place of the welcome page that a new Wagtail has."""
    root = Page.get_first_root_node()
    home = HomePage(title=catalogue.SHOP_NAME, slug="shop")
    root.add_child(instance=home)
    Site.objects.update(root_page=home, site_name=catalogue.SHOP_NAME)
    Page.objects.filter(depth=2).exclude(pk=home.pk).delete()
    home.refresh_from_db()
    return {"en": home, "de": translation(home)}


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
        publish(page, search.CATEGORIES[category.slug].en)
        translated, words = translation(page), german.CATEGORIES[category.slug]
        translated.title, translated.slug, translated.introduction = words.title, words.slug, words.introduction
        publish(translated, search.CATEGORIES[category.slug].de)
        pages["en"][category.slug], pages["de"][category.slug] = page, translated
    return pages


def open_pages(homes: Homes, categories: Categories) -> Places:
    """Landing pages and the journal, empty, so that everything may lead to them."""
    places: Places = {
        language: {"home": home, **{f"category:{slug}": page for slug, page in categories[language].items()}}
        for language, home in homes.items()
    }
    collections = {f"collection:{each.slug}": each for each in Collection.objects.all()}
    for found in places.values():
        found |= collections
    opened = {f"page:{each.slug.en}": (each.title, each.slug) for each in editorial.LANDINGS}
    words = journal.JOURNAL
    opened["journal"] = (Both(words.en.title, words.de.title), Both(words.en.slug, words.de.slug))
    for target, (title, slug) in opened.items():
        homes["en"].refresh_from_db()
        page = LandingPage(title=title.en, slug=slug.en, live=False)
        homes["en"].add_child(instance=page)
        translated = translation(page)
        translated.title, translated.slug = title.de, slug.de
        places["en"][target], places["de"][target] = page, translated
    return places


def translation(page: Any) -> Any:
    """A German page beside an English one, a draft that is English still."""
    return page.copy_for_translation(Locale.objects.get(language_code="de"))


def publish(page: Any, found: Search) -> None:
    page.seo_title, page.search_description = found.title, found.description
    page.save_revision().publish()
