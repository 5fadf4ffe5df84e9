"""The one way to change a cart: its row is locked first."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cms.prepared import prepared_update
from commerce.cart.models import Cart
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row


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
        cart = locked_row(Cart, cart_id)
    except Cart.DoesNotExist:
        raise CartNotFound() from None
    if cart.closed_at is not None:
        raise CartClosed()
    return cart


def hold(cart: Cart, *, checkout_id: uuid.UUID | None) -> None:
    """Remember which checkout holds stock for the cart, so that its own shopper is not told it is gone."""
    cart.held_as = checkout_id
    _hold(cart=cart.pk, checkout=checkout_id)


def close(cart: Cart, *, at: datetime) -> None:
    """The cart has become an order. The caller holds its lock."""
    cart.closed_at = at
    _close(cart=cart.pk, at=at)


@contextmanager
def changing(cart_id: uuid.UUID, *, at: datetime) -> Iterator[Cart]:
    with transaction.atomic():
        cart = lock_open_cart(cart_id)
        cart.updated_at = at
        _touch(cart=cart.pk, at=at)
        yield cart


@prepared_update
def _hold(*, cart: uuid.UUID, checkout: uuid.UUID | None) -> tuple[QuerySet[Cart], dict[str, Any]]:
    return Cart.objects.filter(pk=cart), {"held_as": checkout}


@prepared_update
def _close(*, cart: uuid.UUID, at: datetime) -> tuple[QuerySet[Cart], dict[str, Any]]:
    return Cart.objects.filter(pk=cart), {"closed_at": at}


@prepared_update
def _touch(*, cart: uuid.UUID, at: datetime) -> tuple[QuerySet[Cart], dict[str, Any]]:
    return Cart.objects.filter(pk=cart), {"updated_at": at}
