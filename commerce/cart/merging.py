"""A guest's cart is taken over into the customer's own at login."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from commerce.accounts.models import User
from commerce.cart.credits import MAX_CREDITS
from commerce.cart.filling import create_cart
from commerce.cart.limits import bounds_of
from commerce.cart.locking import CartClosed, CartNotFound
from commerce.cart.models import MAX_COUPONS, MAX_LINES, Cart, CartLine
from commerce.kit import outbox
from commerce.kit.locks import locked

_CHOICES = ("email", "address", "billing_address", "vat_id", "shipping_method", "pickup_point", "mail_consent_at")


def merge(*, guest_id: uuid.UUID, customer: User, at: datetime) -> Cart:
    """Put what a guest's cart holds into the customer's own cart of the same market, and close the guest's.

    A guest's cart is merged once, however often and by however many tabs it is asked for. Quantities of one variant
    add up as far as a line may hold; whether there are as many is told by the next view. What the customer had chosen
    before stands. Stock that a checkout of the guest's cart holds is let go by whoever hears `cart.merged`.

    Lock order: both carts, by primary key.

    Raises:
        CartNotFound: there is no such cart, or it is another customer's.
        CartClosed: it was paid for.
    """
    with transaction.atomic():
        found = Cart.objects.select_related("market", "channel").filter(pk=guest_id).first()
        if found is None or found.customer not in (None, customer):
            raise CartNotFound()
        if found.customer == customer:
            return _open(found)
        own = create_cart(
            market=found.market, channel=found.channel.code if found.channel else "", customer=customer, at=at
        )
        carts = {cart.pk: cart for cart in locked(Cart.objects.filter(pk__in=[guest_id, own.pk]))}
        guest, own = carts[guest_id], _open(carts[own.pk])
        if guest.merged_into is not None:
            return _same_customer(guest.merged_into, own)
        _take_over(_open(guest), own, at=at)
    return own


def _open(cart: Cart) -> Cart:
    if cart.closed_at is not None:
        raise CartClosed()
    return cart


def _same_customer(taker: Cart, own: Cart) -> Cart:
    if taker.customer_id != own.customer_id:
        raise CartNotFound()
    return own


def _take_over(guest: Cart, own: Cart, *, at: datetime) -> None:
    _move_lines(guest, own)
    _move_credits(guest, own)
    if not own.address and guest.address:
        for name in _CHOICES:
            setattr(own, name, getattr(guest, name))
    own.note = own.note or guest.note
    own.coupons = list(dict.fromkeys([*own.coupons, *guest.coupons]))[:MAX_COUPONS]
    own.updated_at = at
    own.save(update_fields=["coupons", "note", "updated_at", *_CHOICES])
    guest.closed_at, guest.merged_into = at, own
    guest.save(update_fields=["closed_at", "merged_into"])
    outbox.record("cart.merged", {"cart": str(own.pk), "guest": str(guest.pk)}, at=at)


def _move_lines(guest: Cart, own: Cart) -> None:
    mine = {line.variant_id: line for line in own.lines.select_related("variant__order_limit")}
    moving: list[CartLine] = []
    for theirs in guest.lines.all():
        line = mine.get(theirs.variant_id)
        if line is not None:
            _join(line, theirs)
        elif len(mine) + len(moving) < MAX_LINES:
            moving.append(theirs)
    CartLine.objects.filter(pk__in=[line.pk for line in moving]).update(cart=own)
    CartLine.objects.bulk_update(mine.values(), ["quantity", "saved_at", "seen"])


def _join(line: CartLine, theirs: CartLine) -> None:
    """What is to be bought goes before what was put aside for later."""
    if (line.saved_at is None) == (theirs.saved_at is None):
        both = min(line.quantity + theirs.quantity, bounds_of(line.variant).max)
        line.quantity = max(line.quantity, both)
    elif line.saved_at is not None:
        line.quantity, line.saved_at, line.seen = theirs.quantity, None, theirs.seen


def _move_credits(guest: Cart, own: Cart) -> None:
    paid_with = set(own.credits.values_list("account", flat=True))
    new = [credit.pk for credit in guest.credits.all() if credit.account_id not in paid_with]
    guest.credits.filter(pk__in=new[: MAX_CREDITS - len(paid_with)]).update(cart=own)
