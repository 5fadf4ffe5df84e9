"""Taking variants out of the shop: deleted where nothing knows of them, else archived, for orders and stock do."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from cms.catalogue.identity import BundlePart, Product, Variant
from cms.catalogue.matrix import lock_variants_of, same_options


class CannotArchive(ValueError):
    """Says in its text why."""


@dataclass(frozen=True, slots=True)
class Removed:
    deleted: Sequence[str]
    archived: Sequence[str]
    """SKUs."""


def remove_variants(*, variants: Sequence[Variant], keep: Collection[uuid.UUID] = (), at: datetime) -> Removed:
    """Delete those that no row refers to but their own settings; archive the others, and whichever is to be kept.

    What is kept of the past (orders, stock movements, the price ledger) refers to a variant by PROTECT, and that is
    how it is asked.

    Raises:
        CannotArchive: one is a part of a bundle, which would go on selling it.
    """
    deleted, archived = [], []
    with transaction.atomic():
        _refuse_parts(variants)
        for variant in variants:
            if variant.pk not in keep and _deleted(variant):
                deleted.append(variant.sku)
            else:
                Variant.objects.filter(pk=variant.pk, archived_at=None).update(archived_at=at)
                archived.append(variant.sku)
    return Removed(deleted, archived)


def restore_variant(*, variant: Variant) -> None:
    """Let an archived variant be seen and sold again.

    Raises:
        CannotArchive: another variant of the product has its options by now.
    """
    product: Product = variant.product
    with transaction.atomic():
        lock_variants_of(product)
        standing = product.variants.filter(archived_at=None).exclude(pk=variant.pk)
        rival = next((each for each in standing if same_options(each.options, variant.options)), None)
        if rival is not None:
            raise CannotArchive(f"{variant.sku} cannot be restored: {rival.sku} has the same options.")
        Variant.objects.filter(pk=variant.pk).update(archived_at=None)


def _refuse_parts(variants: Sequence[Variant]) -> None:
    parts = BundlePart.objects.filter(part__in=variants, bundle__archived_at=None)
    for sku, bundle in parts.order_by("part__sku", "bundle__sku").values_list("part__sku", "bundle__sku"):
        raise CannotArchive(f"{sku} is a part of the bundle {bundle}. Take it out of that first.")


def _deleted(variant: Variant) -> bool:
    try:
        with transaction.atomic():
            Variant.objects.filter(pk=variant.pk).delete()
    except ProtectedError:
        return False
    return True
