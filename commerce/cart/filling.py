"""What is in a cart and where it goes."""

from __future__ import annotations

import uuid
from datetime import datetime

from commerce.accounts.models import User
from commerce.cart.audience import audience_of
from commerce.cart.locking import changing
from commerce.cart.models import MAX_LINES, MAX_QUANTITY, Cart, CartLine
from commerce.customers.addresses import Address
from commerce.inventory.queries import availability
from commerce.inventory.reservations import OutOfStock
from commerce.kit.errors import DomainError, ErrorKind
from commerce.markets.models import Channel, Market
from commerce.pricing.resolving import offers
from commerce.tax.vat_ids import vat_id_written


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


def create_cart(*, market: Market, channel: str = "", customer: User | None = None, at: datetime) -> Cart:
    """An empty cart; the channel is named by its code."""
    return Cart.objects.create(
        market=market,
        channel=Channel.objects.filter(code=channel).first() if channel else None,
        customer=customer,
        created_at=at,
        updated_at=at,
    )


def add_line(*, cart_id: uuid.UUID, variant_id: uuid.UUID, quantity: int, at: datetime) -> Cart:
    """Put a variant into the cart, or more of one that is there.

    Raises:
        CartNotFound, CartClosed, CartFull, QuantityOutOfBounds
        VariantNotSellable: unknown, not live, or without a price in the cart's market at `at`.
        OutOfStock: the line would hold more than there is.
    """
    _check_bounds(quantity)
    with changing(cart_id, at=at) as cart:
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
    with changing(cart_id, at=at) as cart:
        line = _line(cart, line_id)
        if quantity > line.quantity:
            _check_sellable(cart, line.variant_id, quantity, at=at)
        cart.lines.filter(pk=line_id).update(quantity=quantity)
    return cart


def remove_line(*, cart_id: uuid.UUID, line_id: uuid.UUID, at: datetime) -> Cart:
    with changing(cart_id, at=at) as cart:
        _line(cart, line_id).delete()
    return cart


def set_address(*, cart_id: uuid.UUID, email: str, address: Address, vat_id: str = "", at: datetime) -> Cart:
    """Where it goes, whom to tell, and the VAT id of a business.

    Raises:
        InvalidVatId: no country writes its ids like that, or its check digits are wrong.
    """
    identified = vat_id_written(vat_id).number if vat_id.strip() else ""
    with changing(cart_id, at=at) as cart:
        cart.email, cart.address, cart.vat_id = email, address.document(), identified
        cart.save(update_fields=["email", "address", "vat_id"])
    return cart


def _line(cart: Cart, line_id: uuid.UUID) -> CartLine:
    line = cart.lines.filter(pk=line_id).first()
    if line is None:
        raise CartLineNotFound()
    return line


def _check_bounds(quantity: int) -> None:
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityOutOfBounds()


def _check_sellable(cart: Cart, variant_id: uuid.UUID, quantity: int, *, at: datetime) -> None:
    if variant_id not in offers(quantities={variant_id: quantity}, audience=audience_of(cart), at=at):
        raise VariantNotSellable()
    available = availability(variant_ids=[variant_id], holder=cart.holder)[variant_id]
    if quantity > available:
        raise OutOfStock(lines=[{"variant": str(variant_id), "requested": quantity, "available": available}])
