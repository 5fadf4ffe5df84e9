"""Carts left behind by shoppers who agreed to be reminded. Off unless the shop sets after how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from commerce.cart.models import Cart, CartLine
from commerce.kit import outbox
from commerce.kit.locks import locked

FORGOTTEN_AFTER = timedelta(days=2)
"""A shop that begins to remind writes nobody about a cart of last month."""


def announce_abandoned(*, at: datetime, limit: int = 200) -> int:
    """Record `cart.abandoned` once for each cart that nobody has touched for the set time. Returns how many.

    Never of a cart that is empty or being paid, nor without consent.
    """
    minutes: int = settings.CART_ABANDONED_AFTER_MINUTES
    if not minutes:
        return 0
    left_at = at - timedelta(minutes=minutes)
    left = Cart.objects.filter(
        mail_consent_at__isnull=False,
        abandoned_at=None,
        closed_at=None,
        held_as=None,
        updated_at__lte=left_at,
        updated_at__gt=left_at - FORGOTTEN_AFTER,
    ).exclude(email="")
    filled = CartLine.objects.filter(cart__in=left, saved_at=None).values("cart")
    with transaction.atomic():
        keys = list(left.filter(pk__in=filled).order_by("updated_at").values_list("pk", flat=True)[:limit])
        # Asked again under the lock: somebody may have come back, or withdrawn the consent.
        carts = locked(left.filter(pk__in=keys))
        Cart.objects.filter(pk__in=[cart.pk for cart in carts]).update(abandoned_at=at)
        for cart in carts:
            outbox.record("cart.abandoned", {"cart": str(cart.pk)}, at=at)
    return len(carts)
