"""What surrounds every page: the menus of each language, and the shop's name and contact."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale, Page, Site

from cms.catalogue.models import CategoryPage, Collection
from cms.images.models import ShopImage
from cms.pages.models import Menu, ShopSettings
from demo import catalogue, editorial
from demo.editorial import Link, Target
from demo.loading.places import Places
from demo.loading.vocabulary import in_german
from demo.wording import Language


def write_menus(places: Places) -> None:
    german = Locale.objects.get(language_code="de")
    for handle, links in ((Menu.Handle.MAIN, editorial.MAIN_MENU), (Menu.Handle.FOOTER, editorial.FOOTER_MENU)):
        menu = Menu(handle=handle, locale=Locale.objects.get(language_code="en"))
        _publish(menu, _items(links, places, "en"))
        _publish(menu.copy_for_translation(german), _items(links, places, "de"))


def _publish(menu: Menu, items: list[tuple[str, Any]]) -> None:
    menu.items, menu.live = items, False
    menu.save()
    menu.save_revision().publish()


def describe_shop(front: ShopImage) -> None:
    said = editorial.SITE
    settings = ShopSettings.for_site(Site.objects.get(is_default_site=True))
    settings.name, settings.email, settings.social_image = catalogue.SHOP_NAME, said.contact_email, front
    settings.address = said.address
    settings.tagline, settings.footer_line = said.tagline.en, said.footer.en
    settings.opening_hours = said.opening_hours.en
    settings.words = in_german(tagline=said.tagline.de, opening_hours=said.opening_hours.de, footer_line=said.footer.de)
    settings.full_clean()
    settings.save()


def _items(links: tuple[Link, ...], places: Places, language: Language) -> list[tuple[str, Any]]:
    """Below a category stand the categories below it."""
    return [_item(link, places, language) for link in links]


def _item(link: Link, places: Places, language: Language) -> tuple[str, Any]:
    label = link.label[language]
    match places[language].get(link.target):
        case CategoryPage() as page:
            own = "" if label == page.title else label
            return "category", {"target": page, "label": own, "items": _below(link.target, places, language)}
        case Page() as page:
            return "page", {"target": page, "label": "" if label == page.title else label, "items": []}
        case Collection() as collection:
            return "collection", {"target": collection, "label": label, "items": []}
    return "address", {"target": link.target, "label": label, "items": []}


def _below(target: Target, places: Places, language: Language) -> list[tuple[str, Any]]:
    below = [f"category:{each.slug}" for each in catalogue.CATEGORIES if target == f"category:{each.parent}"]
    return [("category", {"target": places[language][each], "label": ""}) for each in below]
