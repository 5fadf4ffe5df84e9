from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cms.catalogue.models import BundlePart, Product, Variant
from commerce.inventory.levels import announce
from commerce.inventory.models import StockLevel
from commerce.inventory.receiving import check_quantities
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked


class BundleRefused(DomainError):
    """Says in its detail why."""

    code = "bundle_refused"
    title = "A bundle cannot be made of these"
    kind = ErrorKind.INVALID


MOST_OF_A_PART = 1000
"""More than anybody sells in one; what is typed beyond it is a slip."""


def set_parts(*, bundle: Variant, parts: Mapping[uuid.UUID, int], at: datetime) -> None:
    """What one of a bundle is made of: how many of each variant. Purchases on their way keep what they were promised.

    Lock order: the variants by primary key, so that nobody makes a bundle of a part meanwhile.

    Raises:
        BundleRefused: the product is no bundle, has stock of its own or is a part itself; a part is a bundle or a gift
            card; or there would be too many of one in it.
        NotAQuantity
    """
    check_quantities(parts)
    with transaction.atomic():
        locked(Variant.objects.filter(pk__in=[bundle.pk, *parts]))
        _check(bundle, parts)
        BundlePart.objects.filter(bundle=bundle).exclude(part__in=list(parts)).delete()
        BundlePart.objects.bulk_create(
            [BundlePart(bundle=bundle, part_id=key, quantity=quantity) for key, quantity in parts.items()],
            update_conflicts=True,
            unique_fields=["bundle", "part"],
            update_fields=["quantity"],
        )
        announce([bundle.pk], at=at)


def _check(bundle: Variant, parts: Mapping[uuid.UUID, int]) -> None:
    if bundle.product.kind != Product.Kind.BUNDLE:
        raise BundleRefused("Only a product of the kind “Bundle” is made of others.")
    if BundlePart.objects.filter(part=bundle).exists():
        raise BundleRefused(f"{bundle.sku} is in a bundle itself.")
    if StockLevel.objects.filter(~Q(on_hand=0) | ~Q(reserved=0), variant=bundle).exists():
        raise BundleRefused(f"{bundle.sku} has stock of its own. Take it away first.")
    if bundle.pk in parts:
        raise BundleRefused(f"{bundle.sku} cannot be a part of itself.")
    known = dict(Variant.objects.filter(pk__in=list(parts)).values_list("pk", "sku"))
    if len(known) < len(parts):
        raise BundleRefused("A part is no variant of this shop.")
    nested = Variant.objects.filter(
        Q(product__kind=Product.Kind.BUNDLE) | Q(bundle_parts__isnull=False), pk__in=list(parts)
    )
    if skus := sorted(set(nested.values_list("sku", flat=True))):
        raise BundleRefused(f"A bundle holds no bundles: {', '.join(skus)}.")
    cards = Variant.objects.filter(product__kind=Product.Kind.GIFT_CARD, pk__in=list(parts))
    if skus := sorted(cards.values_list("sku", flat=True)):
        raise BundleRefused(f"A bundle holds no gift cards: {', '.join(skus)}.")
    if skus := sorted(known[key] for key, quantity in parts.items() if quantity > MOST_OF_A_PART):
        raise BundleRefused(f"At most {MOST_OF_A_PART} of each are in one: {', '.join(skus)}.")
