"""Changing a cart. Every change locks the cart row first."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from commerce.cart.models import MAX_LINES, MAX_QUANTITY, Cart, CartLine
from commerce.customers.addresses import Address
from commerce.inventory.queries import availability
from commerce.inventory.reservations import OutOfStock
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_one
from commerce.markets.models import Market
from commerce.pricing.audience import Audience
from commerce.pricing.resolving import offers


class CartNotFound(DomainError):
    code = "cart_not_found"
    title = "There is no such cart"
    kind = ErrorKind.MISSING


class CartClosed(DomainError):
    code = "cart_closed"
    title = "The cart was paid for and can no longer be changed"
    kind = ErrorKind.CONFLICT


class CartLineNotFound(DomainError):
    code = "cart_line_not_found"
    title = "The cart has no such line"
    kind = ErrorKind.MISSING


class VariantNotSellable(DomainError):
    code = "variant_not_sellable"
    title = "This cannot be bought here at the moment"
    kind = ErrorKind.REFUSED


class QuantityOutOfBounds(DomainError):
    code = "quantity_out_of_bounds"
    title = f"A line holds from 1 to {MAX_QUANTITY} of a variant"
    kind = ErrorKind.INVALID


class CartFull(DomainError):
    code = "cart_full"
    title = f"A cart holds up to {MAX_LINES} lines"
    kind = ErrorKind.CONFLICT


def create_cart(*, market: Market, at: datetime) -> Cart:
    return Cart.objects.create(market=market, created_at=at, updated_at=at)


def add_line(*, cart_id: uuid.UUID, variant_id: uuid.UUID, quantity: int, at: datetime) -> Cart:
    """Put a variant into the cart, or more of one that is there.

    Raises:
        CartNotFound, CartClosed, CartFull, QuantityOutOfBounds
        VariantNotSellable: unknown, not live, or without a price in the cart's market at `at`.
        OutOfStock: the line would hold more than there is.
    """
    _check_bounds(quantity)
    with _changing(cart_id, at=at) as cart:
        line = cart.lines.filter(variant_id=variant_id).first()
        wanted = quantity + (line.quantity if line else 0)
        _check_bounds(wanted)
        _check_sellable(cart, variant_id, wanted, at=at)
        if line is not None:
            cart.lines.filter(pk=line.pk).update(quantity=wanted)
        elif cart.lines.count() >= MAX_LINES:
            raise CartFull()
        else:
            cart.lines.create(variant_id=variant_id, quantity=quantity, added_at=at)
    return cart


def change_quantity(*, cart_id: uuid.UUID, line_id: uuid.UUID, quantity: int, at: datetime) -> Cart:
    """Raises as `add_line` does, and `CartLineNotFound`. Fewer is always allowed."""
    _check_bounds(quantity)
    with _changing(cart_id, at=at) as cart:
        line = _line(cart, line_id)
        if quantity > line.quantity:
            _check_sellable(cart, line.variant_id, quantity, at=at)
        cart.lines.filter(pk=line_id).update(quantity=quantity)
    return cart


def remove_line(*, cart_id: uuid.UUID, line_id: uuid.UUID, at: datetime) -> Cart:
    with _changing(cart_id, at=at) as cart:
        _line(cart, line_id).delete()
    return cart


def set_address(*, cart_id: uuid.UUID, email: str, address: Address, at: datetime) -> Cart:
    with _changing(cart_id, at=at) as cart:
        cart.email, cart.address = email, address.document()
        cart.save(update_fields=["email", "address"])
    return cart


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
def _changing(cart_id: uuid.UUID, *, at: datetime) -> Iterator[Cart]:
    with transaction.atomic():
        cart = lock_open_cart(cart_id)
        cart.updated_at = at
        cart.save(update_fields=["updated_at"])
        yield cart


def _line(cart: Cart, line_id: uuid.UUID) -> CartLine:
    line = cart.lines.filter(pk=line_id).first()
    if line is None:
        raise CartLineNotFound()
    return line


def _check_bounds(quantity: int) -> None:
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityOutOfBounds()


def _check_sellable(cart: Cart, variant_id: uuid.UUID, quantity: int, *, at: datetime) -> None:
    if variant_id not in offers(quantities={variant_id: quantity}, audience=Audience(cart.market), at=at):
        raise VariantNotSellable()
    available = availability(variant_ids=[variant_id], holder=cart.holder)[variant_id]
    if quantity > available:
        raise OutOfStock(lines=[{"variant": str(variant_id), "requested": quantity, "available": available}])
