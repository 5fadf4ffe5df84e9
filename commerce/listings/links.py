"""Where things lead in the storefront, each kind loaded at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Locale, Page

from cms.catalogue.locales import default_locale
from cms.catalogue.models import CategoryPage
from cms.pages.models import StoryPage
from cms.preview.drafts import Drafts
from commerce.listings.categories import CategoryTree
from commerce.listings.documents import LinkDocument


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Pages as they are in a language: whichever translation was chosen, the one in that language is what is linked.

    Else that of the default language, else the chosen one; only what is published.
    """

    keys: dict[int, uuid.UUID]
    shown: dict[uuid.UUID, Page]
    categories: dict[uuid.UUID, CategoryPage]

    @classmethod
    def load(cls, pks: Iterable[int], *, locale: Locale, drafts: Drafts | None = None) -> PageLinks:
        """Two queries, and those of the categories if there are any. With drafts also what was never published."""
        chosen = Page.objects.filter(pk__in=list(pks))
        same = Page.objects.public().filter(translation_key__in=chosen.values("translation_key")).order_by("pk")
        found = list(same.select_related("latest_revision") if drafts else same)
        has_categories = any(each.specific_class is CategoryPage for each in found)
        tree = CategoryTree.load(locale=locale, drafts=drafts) if has_categories else None
        live = [drafts.of(each) for each in found] if drafts else [each for each in found if each.live]
        return cls(
            keys={each.pk: each.translation_key for each in found},
            shown={each.translation_key: each for each in reversed(by_language(live, locale))},
            categories=tree.shown if tree else {},
        )

    def page(self, pk: int | None) -> Page | None:
        """With the fields that all pages have."""
        key = self.keys.get(pk or 0)
        return self.shown.get(key) if key else None

    def category(self, pk: int | None) -> CategoryPage | None:
        key = self.keys.get(pk or 0)
        return self.categories.get(key) if key else None

    def link(self, pk: int | None) -> LinkDocument | None:
        page = self.page(pk)
        if page is not None and page.specific_class is CategoryPage:
            page = self.category(pk)
        return link_to(page) if page is not None else None


def by_language(pages: Iterable[Page], locale: Locale) -> list[Page]:
    """Those of the language first, then those of the default one."""
    order = {locale.pk: 0}
    order.setdefault(default_locale().pk, 1)
    return sorted(pages, key=lambda page: order.get(page.locale_id, 2))


def link_to(page: Page) -> LinkDocument | None:
    """None for a page that the storefront does not show. Costs no query."""
    specific: Any = page.specific_deferred
    if not isinstance(specific, (StoryPage, CategoryPage)):
        return None
    return {"title": page.title, "path": specific.storefront_path}
