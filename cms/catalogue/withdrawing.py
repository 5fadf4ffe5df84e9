"""Products that are sold no more: archived, they are gone from shop, lists and choosers, and orders keep them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from cms.catalogue.identity import Product


def archive(*, products: Collection[uuid.UUID], at: datetime) -> int:
    """From now on nobody sees or sells them; their contents stay as they are. Returns how many are newly archived."""
    return Product.objects.filter(pk__in=products, archived_at=None).update(archived_at=at)


def restore(*, products: Collection[uuid.UUID]) -> int:
    """They are on sale again if their contents are published. Returns how many were archived."""
    return Product.objects.filter(pk__in=products, archived_at__isnull=False).update(archived_at=None)


def delete(product: Product) -> None:
    """With its contents, variants and prices. For a product that nothing else refers to."""
    with transaction.atomic():
        for content in product.contents.all():
            content.delete()
        product.delete()
