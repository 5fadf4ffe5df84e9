from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet

from cms.prepared import prepared
from commerce.cart.models import Cart
from commerce.checkout.models import Checkout
from commerce.kit.locks import locked_row


def lock_checkout(checkout_id: uuid.UUID) -> Checkout:
    """The checkout with its cart, both locked in the one order: cart, then checkout. Raises `Checkout.DoesNotExist`."""
    cart = locked_row(Cart, _cart_of(checkout_id))
    checkout = locked_row(Checkout, checkout_id)
    checkout.cart = cart
    return checkout


def _cart_of(checkout_id: uuid.UUID) -> uuid.UUID:
    found: list[uuid.UUID] = _carts(checkout=checkout_id)
    if not found:
        raise Checkout.DoesNotExist(f"There is no checkout {checkout_id}")
    return found[0]


@prepared
def _carts(*, checkout: uuid.UUID) -> QuerySet[Any]:
    return Checkout.objects.filter(pk=checkout).values_list("cart_id", flat=True)
