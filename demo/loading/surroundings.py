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
    for handle, items in ((Menu.Handle.MAIN, _main), (Menu.Handle.FOOTER, _footer)):
        menu = Menu(handle=handle, locale=Locale.objects.get(language_code="en"))
        _publish(menu, items(places, "en"))
        _publish(menu.copy_for_translation(Locale.objects.get(language_code="de")), items(places, "de"))


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


def _main(places: Places, language: Language) -> list[tuple[str, Any]]:
    """Below a category stand the categories below it."""
    return [_item(link, places, language, items=_below(link.target, places, language)) for link in editorial.MAIN_MENU]


def _footer(places: Places, language: Language) -> list[tuple[str, Any]]:
    return [
        (
            "heading",
            {
                "label": column.heading[language],
                "items": [_item(link, places, language) for link in column.links],
            },
        )
        for column in editorial.FOOTER_MENU
    ]


def _item(link: Link, places: Places, language: Language, **further: Any) -> tuple[str, Any]:
    """Without words of its own where the title of what it leads to says the same."""
    label, target = link.label[language], places[language].get(link.target, link.target)
    own = "" if isinstance(target, Page) and label == target.title else label
    return _kind(target), {"target": target, "label": own, **further}


def _kind(target: Any) -> str:
    match target:
        case CategoryPage():
            return "category"
        case Page():
            return "page"
        case Collection():
            return "collection"
    return "address"


def _below(target: Target, places: Places, language: Language) -> list[tuple[str, Any]]:
    below = [f"category:{each.slug}" for each in catalogue.CATEGORIES if target == f"category:{each.parent}"]
    return [("category", {"target": places[language][each], "label": ""}) for each in below]
