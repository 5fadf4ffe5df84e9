"""What every page of the storefront shows around itself: the shop's name and contact, its menus, its languages."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from wagtail import blocks
from wagtail.models import Locale

from cms.blocks.text import is_address
from cms.blocks.walking import told
from cms.catalogue.locales import all_locales, default_locale
from cms.catalogue.models import Brand, Collection, ProductContent
from cms.catalogue.queries import available_products
from cms.catalogue.wording import said
from cms.images.sets import image_set
from cms.pages.models import Menu, ShopSettings
from cms.pages.settings import network_of
from cms.preview.drafts import Drafts
from commerce.listings import structured
from commerce.listings.documents import (
    LinkDocument,
    LocaleDocument,
    MenuItemDocument,
    ShopDocument,
    SiteDocument,
)
from commerce.listings.hydrating import load_images
from commerce.listings.links import PageLinks
from commerce.listings.naming import Named, row_key, unique_key


def site(*, locale: Locale, at: datetime, draft: Menu | None = None, drafts: Drafts | None = None) -> SiteDocument:
    """With the draft in the place of its menu, if there is one. A fixed number of queries, however long the menus."""
    menus = _menus(locale, drafts)
    if draft is not None:
        menus[draft.handle] = draft
    named = Named.by(*(menu.items for menu in menus.values()))
    targets = _Targets.load(named, locale=locale, at=at, drafts=drafts)
    shop = _shop(language=locale.language_code)
    return {
        "shop": shop,
        "menus": {handle: targets.items(menus[handle]) if handle in menus else [] for handle in Menu.Handle.values},
        "locales": _locales(),
        "json_ld": structured.of_shop(shop),
    }


@dataclass(frozen=True, slots=True)
class _Targets:
    """What menus lead to; what is unpublished or gone is not among it."""

    pages: PageLinks
    rows: dict[Any, LinkDocument]
    """Products by the row of their content; collections and brands by their key."""

    @classmethod
    def load(cls, named: Named, *, locale: Locale, at: datetime, drafts: Drafts | None) -> _Targets:
        language = locale.language_code
        rows: dict[Any, LinkDocument] = {}
        for brand in Brand.objects.filter(pk__in=named.brands) if named.brands else ():
            rows[brand.pk] = {"title": brand.name, "path": brand.storefront_path}
        for each in Collection.objects.filter(pk__in=named.collections) if named.collections else ():
            rows[each.pk] = {"title": said(each, "name", language=language), "path": each.storefront_path}
        rows |= _products(named.contents, locale=locale, at=at) if named.contents else {}
        return cls(pages=PageLinks.load(named.pages, locale=locale, drafts=drafts), rows=rows)

    def items(self, menu: Menu) -> list[MenuItemDocument]:
        return [item for block in told(menu.items, self._leaf) if (item := _item(block["value"])) is not None]

    def _leaf(self, block: Any, raw: Any, within: Any) -> LinkDocument | None:
        if isinstance(block, blocks.PageChooserBlock):
            return self.pages.link(row_key(raw))
        return self.rows.get(row_key(raw) or unique_key(raw))


def _item(value: dict[str, Any]) -> MenuItemDocument | None:
    """A heading has no target. A link whose target is gone goes, with what is below it."""
    below = [item for each in value.get("items", ()) if (item := _item(each["value"])) is not None]
    if "target" not in value:
        return {"label": value["label"], "path": None, "items": below} if below else None
    target = value["target"]
    if isinstance(target, str):
        target = {"title": target, "path": target} if is_address(target) else None
    if not target:
        return None
    return {"label": value["label"] or target["title"], "path": target["path"], "items": below}


def _products(contents: set[int], *, locale: Locale, at: datetime) -> dict[int, LinkDocument]:
    """In the language, else the default one, by the rows that the menu has chosen."""
    chosen: dict[int, uuid.UUID] = dict(ProductContent.objects.filter(pk__in=contents).values_list("pk", "product"))
    available = available_products(at=at).filter(pk__in=set(chosen.values()))
    shown = ProductContent.objects.filter(live=True, product__in=available, locale__in=[default_locale(), locale])
    links: dict[uuid.UUID, LinkDocument] = {
        each.product_id: {"title": each.title, "path": each.storefront_path}
        for each in sorted(
            shown.only("product_id", "locale_id", "title", "slug"), key=lambda each: each.locale_id == locale.pk
        )
    }
    return {pk: links[product] for pk, product in chosen.items() if product in links}


def _menus(locale: Locale, drafts: Drafts | None) -> dict[str, Menu]:
    """Each place's menu in the language, else in the default one."""
    menus = Menu.objects.filter(locale__in=[default_locale(), locale])
    if drafts:
        found = [drafts.of(menu) for menu in menus.select_related("latest_revision")]
    else:
        found = list(menus.filter(live=True))
    return {menu.handle: menu for menu in sorted(found, key=lambda each: each.locale_id == locale.pk)}


def _shop(*, language: str) -> ShopDocument:
    shop = ShopSettings.objects.filter(site__is_default_site=True).first() or ShopSettings()
    images = load_images({key for key in (shop.logo_id, shop.social_image_id) if key})
    logo, social = images.get(shop.logo_id), images.get(shop.social_image_id)
    return {
        "name": shop.name or settings.SHOP_NAME,
        "tagline": said(shop, "tagline", language=language),
        "legal_name": shop.legal_name,
        "logo": image_set(logo) if logo else None,
        "social_image": image_set(social) if social else None,
        "contact": {
            "email": shop.email,
            "phone": shop.phone,
            "address": shop.address,
            "opening_hours": said(shop, "opening_hours", language=language),
        },
        "social": [{"network": network_of(each), "url": each} for each in shop.social_addresses],
        "footer_line": said(shop, "footer_line", language=language),
    }


def _locales() -> list[LocaleDocument]:
    names, first = dict(settings.WAGTAIL_CONTENT_LANGUAGES), default_locale().pk
    return [
        {
            "code": each.language_code,
            "name": names.get(each.language_code, each.language_code),
            "is_default": each.pk == first,
        }
        for each in all_locales()
    ]
