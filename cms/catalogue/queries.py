from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import Locale

from cms.catalogue.models import CategoryPage, Placement, Product, ProductContent, Variant
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
        .prefetch_related("gallery__image", with_renditions("gallery__image"))
    )


def contents_for(product_ids: Iterable[uuid.UUID], *, locale: Locale) -> dict[uuid.UUID, ProductContent]:
    """Each product's published content in the locale, else in the shop's default one."""
    fallback = Locale.get_default()
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
