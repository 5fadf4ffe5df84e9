"""Brands as shoppers see them, each with the number of its products that can be bought here and now."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, QuerySet

from cms.catalogue.models import Brand, ProductContent
from cms.catalogue.wording import said
from cms.images.sets import image_set, with_renditions
from commerce.kit.errors import DomainError, ErrorKind
from commerce.listings.documents import BrandDocument

LONGEST_DESCRIPTION = 160
"""Of a page, for search engines; a brand has no other."""


class BrandNotFound(DomainError):
    code = "brand_not_found"
    title = "There is no such brand"
    kind = ErrorKind.MISSING


def brands() -> QuerySet[Brand]:
    """By name, with what `documents` needs."""
    return Brand.objects.select_related("logo").prefetch_related(with_renditions("logo"))


def named(slug: str) -> Brand:
    """Raises `BrandNotFound`."""
    found = brands().filter(slug=slug).first()
    if found is None:
        raise BrandNotFound()
    return found


def documents(shown: list[Brand], *, listed: QuerySet[ProductContent], language: str) -> list[BrandDocument]:
    """One query, besides that of the brands."""
    keys = [brand.pk for brand in shown]
    rows = listed.order_by().filter(product__brand__in=keys).values("product__brand").annotate(many=Count("pk"))
    counts: Counter[Any] = Counter({row["product__brand"]: row["many"] for row in rows})
    return [_document(brand, counts[brand.pk], language) for brand in shown]


def _document(brand: Brand, count: int, language: str) -> BrandDocument:
    description = said(brand, "description", language=language)
    return {
        "slug": brand.slug,
        "name": brand.name,
        "description": description,
        "logo": image_set(brand.logo, alt=brand.name) if brand.logo else None,
        "seo": {"title": brand.name, "description": description[:LONGEST_DESCRIPTION]},
        "product_count": count,
    }
