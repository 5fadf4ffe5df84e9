from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from wagtail.models import Locale

from cms.catalogue.locales import default_locale
from cms.catalogue.models import CategoryPage, CollectionItem, Placement, Product, ProductContent, ProductImage, Variant
from cms.images.sets import with_renditions


def available_products(*, at: datetime) -> QuerySet[Product]:
    """Products within their window at `at` that have published content."""
    return Product.objects.filter(
        Q(available_from=None) | Q(available_from__lte=at),
        Q(available_until=None) | Q(available_until__gt=at),
        Exists(ProductContent.objects.filter(product=OuterRef("pk"), live=True)),
    )


def sellable_variants(*, at: datetime) -> QuerySet[Variant]:
    """Active variants of available products. Whether they have a price and stock is asked elsewhere."""
    return Variant.objects.filter(is_active=True, product__in=available_products(at=at))


def live_contents(*, locale: Locale) -> QuerySet[ProductContent]:
    """Published contents in a locale, with everything that `gallery` needs prefetched."""
    return (
        ProductContent.objects.filter(live=True, locale=locale)
        .select_related("product")
        .prefetch_related(
            Prefetch("gallery", ProductImage.objects.select_related("image")), with_renditions("gallery__image")
        )
    )


def contents_for(product_ids: Iterable[uuid.UUID], *, locale: Locale) -> dict[uuid.UUID, ProductContent]:
    """Each product's published content in the locale, else in the shop's default one."""
    fallback = default_locale()
    contents = live_contents(locale=fallback) | live_contents(locale=locale)
    found = contents.filter(product__in=list(product_ids))
    return {each.product_id: each for each in sorted(found, key=lambda each: each.locale_id == locale.pk)}


def live_categories(*, locale: Locale) -> QuerySet[CategoryPage]:
    """Published category pages in tree order, with their pictures."""
    return (
        CategoryPage.objects.live()
        .public()
        .filter(locale=locale)
        .select_related("image")
        .prefetch_related(with_renditions("image"))
        .order_by("path")
    )


def placed_in(category_keys: Iterable[uuid.UUID]) -> QuerySet[Placement]:
    return Placement.objects.filter(category_key__in=list(category_keys))


@dataclass(frozen=True, slots=True)
class Membership:
    """Where a product belongs: its categories with all those above them, and its collections."""

    categories: frozenset[uuid.UUID] = frozenset()
    collections: frozenset[uuid.UUID] = frozenset()


def memberships(product_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Membership]:
    """Each product's categories and collections. Two queries, however many products."""
    ids = list(product_ids)
    placed = Placement.objects.filter(product__in=ids).values_list("product_id", F("category_key"), Value(True))
    collected = CollectionItem.objects.filter(product__in=ids).values_list("product_id", "collection_id", Value(False))
    categories: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    collections: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    # Neither half nor the whole has an order: a union would take that of the first model, by a column that is not read.
    for product_id, key, is_category in placed.order_by().union(collected.order_by()).order_by():
        (categories if is_category else collections)[product_id].add(key)
    above = _with_ancestors()
    return {
        pk: Membership(
            # A placement outlives the page of its category; such a category is none.
            categories=frozenset(ancestor for key in categories[pk] for ancestor in above.get(key, ())),
            collections=frozenset(collections[pk]),
        )
        for pk in ids
    }


def _with_ancestors() -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Every category's key with its own and all those above it, published or not. Languages share keys."""
    by_path = dict(CategoryPage.objects.order_by("path").values_list("path", "translation_key"))
    steps = CategoryPage.steplen
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for path, key in by_path.items():
        prefixes = (path[:length] for length in range(steps, len(path) + 1, steps))
        found[key].update(by_path[prefix] for prefix in prefixes if prefix in by_path)
    return {key: frozenset(keys) for key, keys in found.items()}
