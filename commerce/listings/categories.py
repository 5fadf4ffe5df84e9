from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet
from wagtail.models import Locale
from wagtail.rich_text import expand_db_html

from cms.catalogue.models import CategoryPage, Placement, ProductContent
from cms.catalogue.queries import live_categories
from cms.images.sets import image_set
from commerce.kit.errors import DomainError, ErrorKind
from commerce.listings.documents import CategoryDetail, CategoryNode

TOP_DEPTH = 3
"""Below the tree's root and the home page."""


class CategoryNotFound(DomainError):
    code = "category_not_found"
    title = "There is no such category"
    kind = ErrorKind.MISSING


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """All published categories of a language, in tree order. A shop has hundreds, so they are read at once."""

    pages: list[CategoryPage]

    @classmethod
    def load(cls, *, locale: Locale) -> CategoryTree:
        """Without what hangs below an unpublished category: a branch goes with its limb."""
        pages: list[CategoryPage] = []
        reachable: set[str] = set()
        for page in live_categories(locale=locale):
            if page.depth == TOP_DEPTH or page.path[: -CategoryPage.steplen] in reachable:
                pages.append(page)
                reachable.add(page.path)
        return cls(pages=pages)

    def named(self, slug: str) -> CategoryPage:
        """Raises `CategoryNotFound`."""
        page = next((page for page in self.pages if page.slug == slug), None)
        if page is None:
            raise CategoryNotFound()
        return page

    def roots(self) -> list[CategoryPage]:
        return [page for page in self.pages if page.depth == TOP_DEPTH]

    def children(self, parent: CategoryPage) -> list[CategoryPage]:
        below = (page for page in self.pages if page.path.startswith(parent.path))
        return [page for page in below if page.depth == parent.depth + 1]

    def keys_below(self, page: CategoryPage) -> list[uuid.UUID]:
        """The keys of the category and of everything under it."""
        return [each.translation_key for each in self.pages if each.path.startswith(page.path)]

    def path_to(self, page: CategoryPage) -> list[CategoryPage]:
        """From the top down to the category itself."""
        return [each for each in self.pages if page.path.startswith(each.path)]

    def of_product(self, product_id: uuid.UUID | None) -> list[CategoryPage]:
        keys = Placement.objects.filter(product=product_id).order_by("id").values_list("category_key", flat=True)
        by_key = {page.translation_key: page for page in self.pages}
        return [by_key[key] for key in keys if key in by_key]


def tree(*, locale: Locale, listed: QuerySet[ProductContent]) -> list[CategoryNode]:
    """The whole tree with the number of products in each category and below it."""
    categories = CategoryTree.load(locale=locale)
    counts = _Counts.of(listed)
    return [_node(page, categories, counts) for page in categories.roots()]


def detail(*, slug: str, locale: Locale, listed: QuerySet[ProductContent]) -> CategoryDetail:
    """Raises `CategoryNotFound`."""
    categories = CategoryTree.load(locale=locale)
    page = categories.named(slug)
    counts = _Counts.of(listed)
    return {
        "slug": page.slug,
        "title": page.title,
        "introduction": expand_db_html(page.introduction),
        "image": image_set(page.image, alt=page.title) if page.image else None,
        "seo": {"title": page.seo_title or page.title, "description": page.search_description},
        "breadcrumbs": [
            {"slug": each.slug, "title": each.title} for each in categories.path_to(page) if each.pk != page.pk
        ],
        "children": [_node(child, categories, counts) for child in categories.children(page)],
        "product_count": counts.below(page, categories),
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


def _node(page: CategoryPage, categories: CategoryTree, counts: _Counts) -> CategoryNode:
    return {
        "slug": page.slug,
        "title": page.title,
        "image": image_set(page.image, alt=page.title) if page.image else None,
        "product_count": counts.below(page, categories),
        "children": [_node(child, categories, counts) for child in categories.children(page)],
    }
