"""Guests' carts that nobody has touched for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from commerce.cart.models import Cart
from commerce.kit.locks import locked


def purge_carts(*, at: datetime, limit: int = 500) -> int:
    """Delete guests' carts, with their lines, once their lifetime is over. Returns how many.

    Never one that was ever checked out: its payment may still come, and what was paid is kept. A customer's own cart
    stays as long as the customer.
    """
    oldest = at - timedelta(days=settings.CART_LIFETIME_DAYS)
    stale = Cart.objects.filter(customer=None, updated_at__lt=oldest)
    with transaction.atomic():
        keys = list(_never_checked_out(stale).order_by("updated_at").values_list("pk", flat=True)[:limit])
        held = [cart.pk for cart in locked(stale.filter(pk__in=keys))]
        # A checkout that began meanwhile had the lock before us, so by now it can be seen.
        carts = _never_checked_out(Cart.objects.filter(pk__in=held))
        gone = carts.count()
        carts.delete()
    return gone


def _never_checked_out(carts: QuerySet[Cart]) -> QuerySet[Cart]:
    return carts.filter(checkouts=None)
