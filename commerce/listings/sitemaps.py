"""Every address of the storefront that search engines should know, with its pictures and its other languages.

Source: sitemaps.org, and Google's extensions for images and localised pages. What has no words of its own in a language
has no address there: its language tells nothing new.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from wagtail.models import Page

from cms.catalogue.locales import all_locales
from cms.catalogue.models import Brand, CategoryPage, Collection, ProductContent
from cms.catalogue.queries import live_contents_of
from cms.images.sets import original_url
from cms.pages.models import StoryPage
from cms.preview.addresses import storefront_url
from commerce.listings.products import published
from commerce.pricing.audience import Audience

MOST_ADDRESSES = 1000
"""In one file; the protocol allows 50,000, and a file of so many would be long in the making."""
MOST_IMAGES = 5


class _Listed(Sitemap[Any]):
    """`entries` turns a page of items into addresses. All are absolute: they are the storefront's, not this host's."""

    limit = MOST_ADDRESSES

    def __init__(self, *, audience: Audience, at: datetime) -> None:
        self.audience, self.at = audience, at

    def get_urls(self, page: Any = 1, site: Any = None, protocol: Any = None) -> list[dict[str, Any]]:
        return self.entries(list(self.paginator.page(page).object_list))

    def entries(self, items: list[Any]) -> list[dict[str, Any]]:
        raise NotImplementedError


class Products(_Listed):
    """What can be bought in the default market. Four queries for each file."""

    def items(self) -> QuerySet[ProductContent]:
        return published(audience=self.audience, at=self.at).order_by("pk")

    def entries(self, items: list[ProductContent]) -> list[dict[str, Any]]:
        contents = live_contents_of(items)
        languages = _by_key(contents, lambda each: each.product_id)
        wanted = {each.pk for each in items}
        return [
            _entry(
                each,
                languages[each.product_id],
                changed=each.last_published_at,
                images=[picture.image for picture in each.pictures],
            )
            for each in contents
            if each.pk in wanted
        ]


class Pages(_Listed):
    """Categories, and the shop's own pages."""

    def items(self) -> list[Page]:
        kinds = (CategoryPage, *StoryPage.__subclasses__())
        return list(
            Page.objects.live().public().exact_type(*kinds).select_related("locale").order_by("pk").specific(defer=True)
        )

    def entries(self, items: list[Page]) -> list[dict[str, Any]]:
        languages = _by_key(self.items(), lambda each: each.translation_key)
        return [_entry(each, languages[each.translation_key], changed=each.last_published_at) for each in items]


class Groups(_Listed):
    """Brands and collections, which are the same rows in every language."""

    def items(self) -> list[Any]:
        rows = [*Brand.objects.order_by("pk"), *Collection.objects.order_by("pk")]
        return [(row, locale.language_code) for row in rows for locale in all_locales()]

    def entries(self, items: list[Any]) -> list[dict[str, Any]]:
        codes = [locale.language_code for locale in all_locales()]
        return [
            {
                "location": storefront_url(row.storefront_path, language=language),
                "alternates": _alternates((code, row.storefront_path) for code in codes),
            }
            for row, language in items
        ]


SECTIONS: dict[str, type[_Listed]] = {"products": Products, "pages": Pages, "groups": Groups}


def _by_key(rows: Iterable[Any], key: Any) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _entry(content: Any, translations: Sequence[Any], *, changed: Any, images: Sequence[Any] = ()) -> dict[str, Any]:
    code = content.locale.language_code
    return {
        "location": storefront_url(content.storefront_path, language=code),
        "lastmod": changed,
        "alternates": _alternates((each.locale.language_code, each.storefront_path) for each in translations),
        "images": [original_url(image) for image in images[:MOST_IMAGES]],
    }


def _alternates(places: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Each language with its address; nothing where there is one alone."""
    found = [{"lang_code": code, "location": storefront_url(path, language=code)} for code, path in places]
    return sorted(found, key=lambda each: each["lang_code"]) if len(found) > 1 else []
