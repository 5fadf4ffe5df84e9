"""Where a product is shown: what changes in the shop when it is unpublished or archived."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import IntegerField, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from wagtail.models import Locale, Page, ReferenceIndex

from cms.catalogue.models import (
    BundlePart,
    CategoryPage,
    CollectionItem,
    Placement,
    ProductContent,
    RelatedProduct,
)
from cms.catalogue.models import Collection as ProductCollection
from commerce.desk.promotions.goods import titles_of


@dataclass(frozen=True, slots=True)
class Place:
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of place: the rows that say where, and what they are for people."""

    key: str
    one: str
    several: str
    rows: Callable[[Collection[uuid.UUID]], QuerySet[Any]]
    places: Callable[[Sequence[Any]], list[Place]]

    def counted(self, many: int) -> str:
        return f"{many} {self.one if many == 1 else self.several}"


def _pages(products: Collection[uuid.UUID]) -> QuerySet[Any]:
    contents = ProductContent.objects.filter(product__in=products).values_list("pk", flat=True)
    of_content = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(ProductContent),
        to_object_id__in=[str(pk) for pk in contents],
        base_content_type=ContentType.objects.get_for_model(Page),
    )
    keys = of_content.annotate(page=Cast("object_id", IntegerField())).values("page")
    return Page.objects.filter(pk__in=keys).select_related("locale").order_by("title", "pk")


def _page_places(pages: Sequence[Page]) -> list[Place]:
    return [
        Place(
            page.get_admin_display_title(),
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            f"{page.locale.language_code}{'' if page.live else ', not published'}",
        )
        for page in pages
    ]


def _collections(products: Collection[uuid.UUID]) -> QuerySet[Any]:
    items = CollectionItem.objects.filter(product__in=products).values("collection")
    return ProductCollection.objects.filter(pk__in=items).order_by("name", "pk")


def _collection_places(collections: Sequence[ProductCollection]) -> list[Place]:
    edit = ProductCollection.snippet_viewset.get_url_name("edit")
    return [Place(each.name, reverse(edit, args=[each.pk]), each.get_method_display().lower()) for each in collections]


def _categories(products: Collection[uuid.UUID]) -> QuerySet[Any]:
    placed = Placement.objects.filter(product__in=products).values("category_key")
    return CategoryPage.objects.filter(translation_key__in=placed, locale=Locale.get_default()).order_by("path")


def _category_places(categories: Sequence[CategoryPage]) -> list[Place]:
    return [
        Place(each.title, reverse("wagtailadmin_pages:edit", args=[each.pk]), "" if each.live else "not published")
        for each in categories
    ]


def _bundles(products: Collection[uuid.UUID]) -> QuerySet[Any]:
    parts = BundlePart.objects.filter(part__product__in=products).select_related("bundle", "part")
    return parts.order_by("bundle__sku", "pk")


def _bundle_places(parts: Sequence[BundlePart]) -> list[Place]:
    titles = titles_of(part.bundle.product_id for part in parts)
    return [
        Place(
            f"{titles.get(part.bundle.product_id, '')} ({part.bundle.sku})",
            reverse("desk_selling", args=[part.bundle.product_id]),
            f"{part.quantity} × {part.part.sku}",
        )
        for part in parts
    ]


def _related(products: Collection[uuid.UUID]) -> QuerySet[Any]:
    beside = RelatedProduct.objects.filter(related__in=products).order_by("pk").values("product")
    own = ProductContent.objects.filter(product__in=beside, locale=Locale.get_default())
    return own.order_by("title", "pk")


def _related_places(contents: Sequence[ProductContent]) -> list[Place]:
    edit = ProductContent.snippet_viewset.get_url_name("edit")
    return [Place(each.title, reverse(edit, args=[each.pk])) for each in contents]


KINDS = (
    Kind("pages", "page", "pages", _pages, _page_places),
    Kind("categories", "category", "categories", _categories, _category_places),
    Kind("collections", "collection", "collections", _collections, _collection_places),
    Kind("bundles", "bundle", "bundles", _bundles, _bundle_places),
    Kind("related", "product beside which it is shown", "products beside which it is shown", _related, _related_places),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The first few places of a kind, and how many there are."""

    kind: Kind
    count: int
    places: list[Place]

    @property
    def words(self) -> str:
        return self.kind.counted(self.count)

    @property
    def more(self) -> int:
        return self.count - len(self.places)


def where_shown(products: Collection[uuid.UUID], *, most: int = 10) -> list[Shown]:
    """Every kind of place at which these products are shown, if at any. A fixed number of queries."""
    found = []
    for kind in KINDS:
        rows = kind.rows(products)
        count = rows.count()
        if count:
            found.append(Shown(kind, count, kind.places(list(rows[:most]))))
    return found
