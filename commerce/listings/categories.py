from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from wagtail.models import Locale
from wagtail.rich_text import expand_db_html

from cms.catalogue.locales import default_locale, is_one_language
from cms.catalogue.models import CategoryPage, Placement, ProductContent
from cms.catalogue.queries import live_categories, live_translations
from cms.images.sets import image_set
from cms.preview.drafts import Drafts
from commerce.kit.errors import DomainError, ErrorKind
from commerce.listings import structured
from commerce.listings.attributes import facets
from commerce.listings.documents import CategoryDetail, CategoryNode, CategoryReference, TranslationReference
from commerce.listings.stories import story

TOP_DEPTH = 3
"""Below the tree's root and the home page."""


class CategoryNotFound(DomainError):
    code = "category_not_found"
    title = "There is no such category"
    kind = ErrorKind.MISSING


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """All published categories in a language, those not translated in the default one, in tree order.

    Each is known by its key, which its pages in all languages share. A shop has hundreds, so they are read at once.
    """

    shown: dict[uuid.UUID, CategoryPage]
    above: dict[uuid.UUID, uuid.UUID | None]
    """The key of the category that each is in; None at the top."""
    below: dict[uuid.UUID | None, list[uuid.UUID]]
    """What is in each, in order."""
    slugs: dict[str, uuid.UUID]
    """By the slug of either language."""

    @classmethod
    def load(cls, *, locale: Locale, drafts: Drafts | None = None, with_pictures: bool = True) -> CategoryTree:
        """Without what hangs below an unpublished category: a branch goes with its limb.

        The default language says what hangs where and in which order; what is only in the other one comes last.
        """
        pages = live_categories(locale=locale, drafts=drafts, with_pictures=with_pictures)
        default = default_locale().pk
        above: dict[uuid.UUID, uuid.UUID | None] = {}
        shown: dict[uuid.UUID, CategoryPage] = {}
        slugs: dict[str, uuid.UUID] = {}
        for language in dict.fromkeys((default, locale.pk)):
            in_language = [page for page in pages if page.locale_id == language]
            for page, parent in _hanging(in_language):
                above.setdefault(page.translation_key, parent)
                shown[page.translation_key] = page
            slugs |= {page.slug: page.translation_key for page in in_language if page.translation_key in shown}
        below: dict[uuid.UUID | None, list[uuid.UUID]] = defaultdict(list)
        for key in shown:
            below[above[key]].append(key)
        return cls(shown=shown, above=above, below=below, slugs=slugs)

    def named(self, slug: str) -> CategoryPage:
        """Raises `CategoryNotFound`."""
        if slug not in self.slugs:
            raise CategoryNotFound()
        return self.shown[self.slugs[slug]]

    def roots(self) -> list[CategoryPage]:
        return [self.shown[key] for key in self.below.get(None, ())]

    def children(self, parent: CategoryPage) -> list[CategoryPage]:
        return [self.shown[key] for key in self.below.get(parent.translation_key, ())]

    def keys_below(self, page: CategoryPage) -> list[uuid.UUID]:
        """The keys of the category and of everything under it."""
        return [page.translation_key, *(key for child in self.children(page) for key in self.keys_below(child))]

    def path_to(self, page: CategoryPage) -> list[CategoryPage]:
        """From the top down to the category itself."""
        above = self.above[page.translation_key]
        return [*(self.path_to(self.shown[above]) if above else ()), page]

    def of_product(self, product_id: uuid.UUID | None) -> list[CategoryPage]:
        keys = Placement.objects.filter(product=product_id).order_by("id").values_list("category_key", flat=True)
        return [self.shown[key] for key in keys if key in self.shown]


def _hanging(pages: list[CategoryPage]) -> Iterator[tuple[CategoryPage, uuid.UUID | None]]:
    """The pages of one language that hang in the tree, each with the key of the one that it is in."""
    by_path: dict[str, uuid.UUID] = {}
    for page in pages:
        parent = by_path.get(page.path[: -CategoryPage.steplen])
        if parent is not None or page.depth == TOP_DEPTH:
            by_path[page.path] = page.translation_key
            yield page, parent


def tree(*, locale: Locale, listed: QuerySet[ProductContent], drafts: Drafts | None = None) -> list[CategoryNode]:
    """The whole tree with the number of products in each category and below it."""
    categories = CategoryTree.load(locale=locale, drafts=drafts)
    counts = _Counts.of(listed)
    return [_node(page, categories, counts) for page in categories.roots()]


def detail(
    *, slug: str, locale: Locale, listed: QuerySet[ProductContent], drafts: Drafts | None = None
) -> CategoryDetail:
    """Raises `CategoryNotFound`."""
    categories = CategoryTree.load(locale=locale, drafts=drafts)
    page = categories.named(slug)
    counts = _Counts.of(listed)
    above: list[CategoryReference] = [
        {"slug": each.slug, "title": each.title, "path": each.storefront_path}
        for each in categories.path_to(page)
        if each.pk != page.pk
    ]
    language, social = page.locale.language_code, page.social_image or page.image
    return {
        "slug": page.slug,
        "path": page.storefront_path,
        "locale": language,
        "translations": _translations(page),
        "title": page.title,
        "introduction": expand_db_html(page.introduction),
        "image": image_set(page.image, alt=page.title) if page.image else None,
        "body": story(page.body),
        "attributes": facets(
            [each.translation_key for each in categories.path_to(page)], language=locale.language_code
        ),
        "seo": {"title": page.seo_title or page.title, "description": page.search_description},
        "social_image": image_set(social, alt=page.title) if social else None,
        "breadcrumbs": above,
        "children": [_node(child, categories, counts) for child in categories.children(page)],
        "product_count": counts.below(page, categories),
        "json_ld": [structured.of_breadcrumbs(above, last=(page.title, page.storefront_path), language=language)],
    }


@dataclass(frozen=True, slots=True)
class _Counts:
    products: dict[uuid.UUID, set[uuid.UUID]]
    """Listed products by category key; a product in two categories of a branch counts once there."""

    @classmethod
    def of(cls, listed: QuerySet[ProductContent]) -> _Counts:
        products: dict[uuid.UUID, set[uuid.UUID]] = {}
        shown = listed.order_by().values("product")
        for key, product in Placement.objects.filter(product__in=shown).values_list("category_key", "product"):
            products.setdefault(key, set()).add(product)
        return cls(products=products)

    def below(self, page: CategoryPage, categories: CategoryTree) -> int:
        empty: set[uuid.UUID] = set()
        return len(empty.union(*(self.products.get(key, empty) for key in categories.keys_below(page))))


def _translations(page: CategoryPage) -> list[TranslationReference]:
    pages = [page] if is_one_language() else live_translations(page)
    return [{"locale": each.locale.language_code, "slug": each.slug} for each in pages]


def _node(page: CategoryPage, categories: CategoryTree, counts: _Counts) -> CategoryNode:
    return {
        "slug": page.slug,
        "locale": page.locale.language_code,
        "title": page.title,
        "image": image_set(page.image, alt=page.title) if page.image else None,
        "product_count": counts.below(page, categories),
        "children": [_node(child, categories, counts) for child in categories.children(page)],
    }
