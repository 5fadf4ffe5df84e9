"""Which open carts hold goods that staff are about to take out of the shop."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from commerce.cart.models import CartLine


def held(variant_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these variants that any cart has in it, also put aside or in a cart that is closed."""
    return set(CartLine.objects.filter(variant__in=list(variant_ids)).values_list("variant_id", flat=True))


def open_carts_with(variant_ids: Collection[uuid.UUID]) -> int:
    """How many open carts hold one of these variants or more."""
    lines = CartLine.objects.filter(variant__in=list(variant_ids), cart__closed_at=None)
    return lines.order_by().values("cart").distinct().count()
