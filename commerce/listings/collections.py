"""Collections as shoppers see them, each with the number of its products that can be bought here and now."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, QuerySet

from cms.catalogue.models import Collection, CollectionItem, ProductContent
from cms.catalogue.wording import said
from cms.images.sets import image_set, with_renditions
from commerce.kit.errors import DomainError, ErrorKind
from commerce.listings.documents import CollectionDocument


class CollectionNotFound(DomainError):
    code = "collection_not_found"
    title = "There is no such collection"
    kind = ErrorKind.MISSING


def collections() -> QuerySet[Collection]:
    """By name, with what `documents` needs."""
    found: QuerySet[Collection] = Collection.objects.select_related("image").prefetch_related(with_renditions("image"))
    return found


def named(slug: str) -> Collection:
    """Raises `CollectionNotFound`."""
    found = collections().filter(slug=slug).first()
    if found is None:
        raise CollectionNotFound()
    return found


def documents(shown: list[Collection], *, listed: QuerySet[ProductContent], language: str) -> list[CollectionDocument]:
    """One query, besides that of the collections."""
    keys = [collection.pk for collection in shown]
    bought = listed.order_by().values("product")
    items = CollectionItem.objects.filter(collection__in=keys, product__in=bought)
    rows = items.order_by().values("collection").annotate(many=Count("pk"))
    counts: Counter[Any] = Counter({row["collection"]: row["many"] for row in rows})
    return [_document(collection, counts[collection.pk], language) for collection in shown]


def _document(collection: Collection, count: int, language: str) -> CollectionDocument:
    name = said(collection, "name", language=language)
    introduction = said(collection, "introduction", language=language)
    return {
        "slug": collection.slug,
        "name": name,
        "introduction": introduction,
        "image": image_set(collection.image, alt=name) if collection.image else None,
        "seo": {
            "title": said(collection, "seo_title", language=language) or name,
            "description": said(collection, "seo_description", language=language) or introduction[:160],
        },
        "product_count": count,
    }
