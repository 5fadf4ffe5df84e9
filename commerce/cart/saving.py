"""Lines put aside for later: they stay with the cart, and nothing of them is bought."""

from __future__ import annotations

import uuid
from datetime import datetime

from commerce.cart.filling import checked, line_of
from commerce.cart.locking import changing
from commerce.cart.models import Cart


def save_for_later(*, cart_id: uuid.UUID, line_id: uuid.UUID, at: datetime) -> Cart:
    """One that was put aside before stays as it is.

    Raises `CartNotFound`, `CartClosed`, `CartLineNotFound`.
    """
    with changing(cart_id, at=at) as cart:
        line = line_of(cart, line_id)
        cart.lines.filter(pk=line.pk, saved_at=None).update(saved_at=at)
    return cart


def take_back(*, cart_id: uuid.UUID, line_id: uuid.UUID, quantity: int | None = None, at: datetime) -> Cart:
    """Into the cart again, as many as were put aside unless another quantity is asked for.

    Raises `CartLineNotFound`, and what putting a variant into a cart raises: nothing was changed.
    """
    with changing(cart_id, at=at) as cart:
        line = line_of(cart, line_id)
        wanted = line.quantity if quantity is None else quantity
        sight = checked(cart, line.variant_id, wanted, at=at)
        cart.lines.filter(pk=line.pk).update(quantity=wanted, saved_at=None, seen=sight.document())
    return cart
