from __future__ import annotations

import uuid

from commerce.cart.models import Cart
from commerce.checkout.models import Checkout
from commerce.kit.locks import locked_one


def lock_checkout(checkout_id: uuid.UUID) -> Checkout:
    """The checkout with its cart, both locked in the one order: cart, then checkout. Raises `Checkout.DoesNotExist`."""
    cart_id = Checkout.objects.values_list("cart_id", flat=True).get(pk=checkout_id)
    cart = locked_one(Cart.objects.filter(pk=cart_id))
    checkout = locked_one(Checkout.objects.filter(pk=checkout_id))
    checkout.cart = cart
    return checkout
