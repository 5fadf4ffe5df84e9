"""What is in a cart and where it goes."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from commerce.accounts.models import User
from commerce.cart.audience import audience_of
from commerce.cart.limits import Bounds, bounds_for, bounds_of
from commerce.cart.locking import changing
from commerce.cart.models import MAX_LINES, Cart, CartLine
from commerce.cart.seeing import Sight
from commerce.cart.viewing import lines_in
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


class CartFull(DomainError):
    code = "cart_full"
    title = f"A cart holds up to {MAX_LINES} lines"
    kind = ErrorKind.CONFLICT


def create_cart(*, market: Market, channel: str = "", customer: User | None = None, at: datetime) -> Cart:
    """An empty cart; the channel is named by its code. A customer who has an open one in the market keeps that."""
    found = Cart.objects.filter(customer=customer, market=market, closed_at=None) if customer else Cart.objects.none()
    try:
        with transaction.atomic():
            return found.first() or Cart.objects.create(
                market=market,
                channel=Channel.objects.filter(code=channel).first() if channel else None,
                customer=customer,
                created_at=at,
                updated_at=at,
            )
    except IntegrityError:  # the customer's other tab was faster
        return found.get()


def add_line(*, cart_id: uuid.UUID, variant_id: uuid.UUID, quantity: int, at: datetime) -> Cart:
    """Put a variant into the cart, or more of one that is there. One that was saved for later is taken back.

    Raises:
        CartNotFound, CartClosed, CartFull, QuantityOutOfBounds
        VariantNotSellable: unknown, not live, or without a price in the cart's market at `at`.
        OutOfStock: the line would hold more than there is.
    """
    Bounds().check(quantity, variant_id=variant_id)
    with changing(cart_id, at=at) as cart:
        lines = {line.variant_id: line for line in lines_in(cart=cart_id)}
        line = lines.get(variant_id)
        wanted = quantity + (line.quantity if line and line.saved_at is None else 0)
        seen = checked(cart, variant_id, wanted, at=at).document()
        if line is not None:
            cart.lines.filter(pk=line.pk).update(quantity=wanted, saved_at=None, seen=seen)
        elif len(lines) >= MAX_LINES:
            raise CartFull()
        else:
            cart.lines.create(variant_id=variant_id, quantity=quantity, added_at=at, seen=seen)
    return cart


def change_quantity(*, cart_id: uuid.UUID, line_id: uuid.UUID, quantity: int, at: datetime) -> Cart:
    """Raises as `add_line` does, and `CartLineNotFound`.

    Fewer is always allowed, as long as it is not below what must be bought at once.
    """
    with changing(cart_id, at=at) as cart:
        line = line_of(cart, line_id)
        if quantity > line.quantity:
            sight = checked(cart, line.variant_id, quantity, at=at)
        else:
            Bounds(min=bounds_of(line.variant).min).check(quantity, variant_id=line.variant_id)
            sight = _look(cart, line.variant_id, quantity, at=at)
        cart.lines.filter(pk=line_id).update(quantity=quantity, seen=sight.document())
    return cart


def remove_line(*, cart_id: uuid.UUID, line_id: uuid.UUID, at: datetime) -> Cart:
    with changing(cart_id, at=at) as cart:
        line_of(cart, line_id).delete()
    return cart


def set_address(
    *,
    cart_id: uuid.UUID,
    email: str,
    address: Address,
    vat_id: str = "",
    remind: bool | None = None,
    at: datetime,
) -> Cart:
    """Where it goes, whom to tell, and the VAT id of a business.

    `remind` is whether the shopper agrees to be reminded by mail of a cart left behind; unsaid, what was agreed holds
    on, but only for the same e-mail address.

    Raises:
        InvalidVatId: no country writes its ids like that, or its check digits are wrong.
    """
    identified = vat_id_written(vat_id).number if vat_id.strip() else ""
    with changing(cart_id, at=at) as cart:
        agreed = cart.mail_consent_at if email == cart.email else None
        cart.mail_consent_at = agreed if remind is None else (agreed or at) if remind else None
        cart.email, cart.address, cart.vat_id = email, address.document(), identified
        cart.save(update_fields=["email", "address", "vat_id", "mail_consent_at"])
    return cart


def set_billing_address(*, cart_id: uuid.UUID, address: Address | None, at: datetime) -> Cart:
    """Whom to bill, where that is not whom to send it to; None: the same."""
    with changing(cart_id, at=at) as cart:
        cart.billing_address = address.document() if address else None
        cart.save(update_fields=["billing_address"])
    return cart


def leave_note(*, cart_id: uuid.UUID, note: str, at: datetime) -> Cart:
    """What the shopper wants to tell the shop with the order."""
    with changing(cart_id, at=at) as cart:
        cart.note = note.strip()
        cart.save(update_fields=["note"])
    return cart


def line_of(cart: Cart, line_id: uuid.UUID) -> CartLine:
    """Raises `CartLineNotFound`."""
    line = cart.lines.select_related("variant__order_limit").filter(pk=line_id).first()
    if line is None:
        raise CartLineNotFound()
    return line


def checked(cart: Cart, variant_id: uuid.UUID, quantity: int, *, at: datetime) -> Sight:
    """What is seen of so many of a variant that can be bought now.

    Raises `QuantityOutOfBounds`, `VariantNotSellable`, `OutOfStock`.
    """
    bounds_for([variant_id])[variant_id].check(quantity, variant_id=variant_id)
    sight = _look(cart, variant_id, quantity, at=at)
    if sight.price is None:
        raise VariantNotSellable()
    if quantity > sight.available:
        raise OutOfStock(lines=[{"variant": str(variant_id), "requested": quantity, "available": sight.available}])
    return sight


def _look(cart: Cart, variant_id: uuid.UUID, quantity: int, *, at: datetime) -> Sight:
    offer = offers(quantities={variant_id: quantity}, audience=audience_of(cart), at=at).get(variant_id)
    stock = availability(variant_ids=[variant_id], holder=cart.holder)
    return Sight.of(offer, available=stock[variant_id])
