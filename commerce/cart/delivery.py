from __future__ import annotations

import uuid
from datetime import datetime

from commerce.cart.locking import changing
from commerce.cart.models import Cart


def choose(*, cart_id: uuid.UUID, method: str, pickup_point: str, at: datetime) -> Cart:
    """Remember how it is to be shipped; an empty method stands for the cheapest.

    Whether the method can take the cart is asked when it is quoted, for cart and address may still change.
    """
    with changing(cart_id, at=at) as cart:
        cart.shipping_method, cart.pickup_point = method, pickup_point if method else ""
        cart.save(update_fields=["shipping_method", "pickup_point"])
    return cart
