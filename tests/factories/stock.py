"""Bundles, policies and backorders for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from cms.catalogue.models import BundlePart, Variant
from commerce.inventory.models import StockLevel, StockPolicy
from tests.factories import ProductContentFactory, ProductFactory, Shop


def bundle_of(shop: Shop, *parts: tuple[Variant, int], price: int = 4999, **variant: Any) -> Variant:
    product = ProductFactory.create(kind="bundle")
    ProductContentFactory.create(product=product)
    bundle = shop.sell(product=product, price=price, stock=0, **variant)
    BundlePart.objects.bulk_create(BundlePart(bundle=bundle, part=part, quantity=count) for part, count in parts)
    return bundle


def never_runs_out(shop: Shop, **variant: Any) -> Variant:
    """Something digital."""
    product = ProductFactory.create(kind="digital", shipping_class="none")
    ProductContentFactory.create(product=product)
    return shop.sell(product=product, stock=0, **variant)


def allow_backorders(shop: Shop, variant: Variant, limit: int, *, expected_on: date | None = None) -> StockLevel:
    level, _ = StockLevel.objects.update_or_create(
        variant=variant, location=shop.warehouse, defaults={"backorder_limit": limit}
    )
    if expected_on:
        StockPolicy.objects.update_or_create(variant=variant, defaults={"expected_on": expected_on})
    return level
