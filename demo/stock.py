"""What makes the demo shop's stock worth looking at: two locations, a bundle, something to wait for, something low."""

from __future__ import annotations

from datetime import datetime, timedelta

from cms.catalogue.models import Variant
from commerce.inventory import bundling, policies
from commerce.inventory.models import Location
from commerce.inventory.transferring import transfer
from demo.market import Shop

ACTOR = "demo shop"

BUNDLE = "SET-BRE-CLAY"
PARTS = {"MUG-MOR-CLAY": 2, "PLT-RIM-CHAL-21": 2}
BACKORDER, PREORDER = "TOT-MAR-INK", "MUG-DIP-OCHR"
LOW = {"MUG-MOR-INK": 5}
"""The threshold by SKU."""

IN_THE_STUDIO = {"MUG-MOR-CLAY": 8, "MUG-MOR-OAT": 6, "PLT-RIM-CHAL-21": 10, "PLT-RIM-MOSS-27": 4, "TOT-MAR-NATU": 6}
"""How many of the opening stock lie in the studio's shop."""


def arrange(shop: Shop, *, at: datetime) -> None:
    skus = {BUNDLE, *PARTS, BACKORDER, PREORDER, *LOW, *IN_THE_STUDIO}
    variants = {each.sku: each for each in Variant.objects.filter(sku__in=skus).select_related("product")}
    studio = Location.objects.create(code="studio", name="Magpie studio", priority=1)
    transfer(
        lines={variants[sku].pk: quantity for sku, quantity in IN_THE_STUDIO.items()},
        source=shop.warehouse,
        target=studio,
        reason="For the shelves of the studio",
        actor=ACTOR,
        at=at,
    )
    parts = {variants[sku].pk: quantity for sku, quantity in PARTS.items()}
    bundling.set_parts(bundle=variants[BUNDLE], parts=parts, at=at)
    for sku, limit in ((BACKORDER, 20), (PREORDER, 40)):
        policies.set_backorder_limit(variant=variants[sku], location=shop.warehouse, limit=limit, at=at)
    policies.set_policy(variant=variants[PREORDER], expected_on=(at + timedelta(days=21)).date(), at=at)
    for sku, threshold in LOW.items():
        policies.set_policy(variant=variants[sku], low_stock_threshold=threshold, at=at)
