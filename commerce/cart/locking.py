"""The one way to change a cart: its row is locked first."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from commerce.cart.models import Cart
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_one


class CartNotFound(DomainError):
    code = "cart_not_found"
    title = "There is no such cart"
    kind = ErrorKind.MISSING


class CartClosed(DomainError):
    code = "cart_closed"
    title = "The cart was paid for or taken over into another, and can no longer be changed"
    kind = ErrorKind.CONFLICT


def lock_open_cart(cart_id: uuid.UUID) -> Cart:
    """The cart, locked until the caller's transaction ends. Raises `CartNotFound`, `CartClosed`."""
    try:
        cart = locked_one(Cart.objects.filter(pk=cart_id))
    except Cart.DoesNotExist:
        raise CartNotFound() from None
    if cart.closed_at is not None:
        raise CartClosed()
    return cart


def hold(cart: Cart, *, checkout_id: uuid.UUID | None) -> None:
    """Remember which checkout holds stock for the cart, so that its own shopper is not told it is gone."""
    cart.held_as = checkout_id
    cart.save(update_fields=["held_as"])


def close(cart: Cart, *, at: datetime) -> None:
    """The cart has become an order. The caller holds its lock."""
    cart.closed_at = at
    cart.save(update_fields=["closed_at"])


@contextmanager
def changing(cart_id: uuid.UUID, *, at: datetime) -> Iterator[Cart]:
    with transaction.atomic():
        cart = lock_open_cart(cart_id)
        cart.updated_at = at
        cart.save(update_fields=["updated_at"])
        yield cart
