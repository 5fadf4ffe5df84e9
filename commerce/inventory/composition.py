"""What a variant comes down to on the shelves: itself, the parts of a bundle, or nothing where stock is not tracked."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, F, FilteredRelation, Q, QuerySet, When
from django.db.models.functions import Coalesce

from cms.catalogue.models import BundlePart, Product, Variant
from cms.prepared import prepared
from commerce.kit.errors import DomainError, ErrorKind


class BundleHasNoStock(DomainError):
    """`facts["skus"]` names the bundles."""

    code = "bundle_has_no_stock"
    title = "A bundle is made of other variants; stock is kept of those"
    kind = ErrorKind.INVALID


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of a variant in one of what was ordered, which is `bundle` or the variant itself."""

    variant: uuid.UUID
    quantity: int = 1
    bundle: uuid.UUID | None = None


Composition = Mapping[uuid.UUID, tuple[Part, ...]]


def made_of(variant_ids: Collection[uuid.UUID]) -> Composition:
    """The tracked units in one of each variant; none for what never runs out. One query."""
    parts: dict[uuid.UUID, list[Part]] = defaultdict(list)
    bundles, untracked = set(), set()
    for variant_id, is_tracked, bundle, quantity in _made_of(variants=list(variant_ids)):
        if bundle is not None:
            bundles.add(bundle)
            if is_tracked:
                parts[bundle].append(Part(variant_id, quantity, bundle))
        if not is_tracked:
            untracked.add(variant_id)
    alone = {key: () if key in untracked else (Part(key),) for key in variant_ids}
    return {
        key: tuple(sorted(parts[key], key=lambda part: part.variant)) if key in bundles else alone[key]
        for key in variant_ids
    }


@prepared
def _made_of(*, variants: list[uuid.UUID]) -> QuerySet[Any]:
    return with_parts(variants).values_list("pk", "is_tracked", "part_of__bundle", "part_of__quantity")


def with_parts(variant_ids: Collection[uuid.UUID]) -> QuerySet[Any]:
    """The variants and the parts of those that are bundles, with `part_of` for each such bundle, and `is_tracked`."""
    by_kind = Case(When(product__kind=Product.Kind.DIGITAL, then=False), default=True, output_field=BooleanField())
    of_these = Q(in_bundles__bundle__among=variant_ids)
    return (
        Variant.objects.filter(pk__in=themselves_and_parts(variant_ids))
        .order_by()
        .annotate(
            part_of=FilteredRelation("in_bundles", condition=of_these),
            is_tracked=Coalesce(F("stock_policy__is_tracked"), by_kind),
        )
    )


def themselves_and_parts(variant_ids: Collection[uuid.UUID]) -> QuerySet[Any]:
    """The keys, as a subquery. A union, for OR over two tables would keep a database from using its indexes."""
    own = Variant.objects.order_by().filter(pk__among=variant_ids).annotate(key=F("pk")).values("key")
    parts = BundlePart.objects.order_by().filter(bundle__pk__among=variant_ids).annotate(key=F("part")).values("key")
    return own.union(parts)


def refuse_bundles(variant_ids: Collection[uuid.UUID]) -> None:
    """Raises `BundleHasNoStock`."""
    bundles = Variant.objects.filter(
        Q(product__kind=Product.Kind.BUNDLE) | Q(bundle_parts__isnull=False), pk__in=variant_ids
    )
    if skus := sorted(set(bundles.values_list("sku", flat=True))):
        raise BundleHasNoStock(f"{', '.join(skus)}: made of other variants; keep stock of those", skus=skus)
