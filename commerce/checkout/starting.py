from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale

from commerce.cart.locking import hold, lock_open_cart
from commerce.cart.models import Cart
from commerce.cart.viewing import CartView, view_cart
from commerce.checkout.expiring import expire
from commerce.checkout.holding import hold_all, lock_what_is_held_by
from commerce.checkout.models import Checkout
from commerce.checkout.quoting.gathering import prepare, quote
from commerce.checkout.quoting.replaying import same_purchase
from commerce.checkout.states import CheckoutStatus
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.orders.snapshots import QuoteSnapshot
from commerce.payments.gateways import GatewayRefused
from commerce.payments.opening import open_payment, prepare_payment

SHOPPER = "shopper"


class QuoteChanged(DomainError):
    """`facts["due"]` is what there is to pay now, `facts["expected"]` what the shopper was shown."""

    code = "quote_changed"
    title = "What there is to pay has changed since it was shown; look at the cart again"
    kind = ErrorKind.CONFLICT


def start(*, cart_id: uuid.UUID, locale: Locale, due_minor: int | None = None, at: datetime) -> Checkout:
    """Freeze the quote, hold stock, coupons and gift cards, commit, and only then open the payment at the gateway.
    Where nothing is left to pay there is none.

    `due_minor` is what the shopper was shown, if the caller says so: they are never asked for another amount.

    Asking again with an unchanged cart gives the same checkout, with its payment opened if it was not yet;
    after a change the old one ends and a new one begins.

    Lock order: cart, checkout, stock levels, coupons, credit accounts.

    Raises:
        QuoteChanged: `due_minor` is no longer what there is to pay.
        CartNotFound, CartClosed, and what `quote` and `hold_all` raise: nothing was changed.
        TaxUnavailable: the tax service does not answer; ask again.
        GatewayUnavailable: the checkout stands; ask again.
        GatewayRefused: the gateway does not take this amount; the checkout has ended and its stock is free.
    """
    prepare(view_cart(cart_id=cart_id, locale=locale, at=at), at=at)
    with transaction.atomic():
        checkout = _freeze(lock_open_cart(cart_id), locale=locale, due_minor=due_minor, at=at)
    if checkout.payment is None:
        return checkout
    try:
        open_payment(payment_id=checkout.payment.pk, actor=SHOPPER, at=at)
    except GatewayRefused:
        expire(checkout_id=checkout.pk, reason="The gateway does not take this payment", actor=SHOPPER, at=at)
        raise
    checkout.payment.refresh_from_db()
    return checkout


def _freeze(cart: Cart, *, locale: Locale, due_minor: int | None, at: datetime) -> Checkout:
    current = Checkout.objects.select_related("payment").filter(cart=cart, status=CheckoutStatus.OPEN).first()
    view = view_cart(cart_id=cart.pk, locale=locale, at=at)
    frozen = quote(view, at=at)
    if due_minor not in (None, frozen["due"]["minor"]):
        expected = Money(due_minor or 0, frozen["currency"])
        raise QuoteChanged(due=frozen["due"], expected=expected.document())
    if current is not None:
        if current.expires_at > at and _is_unchanged(current, view, frozen):
            return current
        lock_what_is_held_by(current.quote, frozen)
        expire(checkout_id=current.pk, reason="The cart was checked out anew", actor=SHOPPER, at=at)
    checkout = _create(view, frozen, at=at)
    hold(cart, checkout_id=checkout.pk)
    return checkout


def _is_unchanged(checkout: Checkout, view: CartView, fresh: QuoteSnapshot) -> bool:
    same_address = (checkout.email, checkout.shipping_address) == (view.cart.email, view.cart.address)
    return same_address and same_purchase(checkout.quote, fresh)


def _create(view: CartView, frozen: QuoteSnapshot, *, at: datetime) -> Checkout:
    due = Money.from_document(frozen["due"])
    key = uuid.uuid4()
    expires_at = at + timedelta(seconds=settings.CHECKOUT_LIFETIME_SECONDS)
    hold_all(quote=frozen, holder=Checkout(id=key).holder, email=view.cart.email, until=expires_at, at=at)
    checkout = Checkout.objects.create(
        id=key,
        cart=view.cart,
        email=view.cart.email,
        shipping_address=view.cart.address,
        quote=frozen,
        due_minor=due.minor,
        currency=due.currency,
        payment=prepare_payment(reference=key, amount=due, actor=SHOPPER, at=at) if due else None,
        created_at=at,
        expires_at=expires_at,
    )
    advance(checkout, CheckoutStatus.OPEN, actor=SHOPPER, reason=f"Quote frozen, {due} to pay", at=at)
    return checkout
