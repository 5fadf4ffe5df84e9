from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale

from commerce.cart.filling import hold, lock_open_cart
from commerce.cart.models import Cart
from commerce.cart.viewing import CartView, view_cart
from commerce.checkout.expiring import expire
from commerce.checkout.models import Checkout
from commerce.checkout.quoting import quote, same_purchase
from commerce.checkout.states import CheckoutStatus
from commerce.inventory.reservations import reserve
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.orders.snapshots import QuoteSnapshot
from commerce.payments.gateways import GatewayRefused
from commerce.payments.opening import open_payment, prepare_payment

SHOPPER = "shopper"


def start(*, cart_id: uuid.UUID, locale: Locale, at: datetime) -> Checkout:
    """Freeze the quote, reserve the stock, commit, and only then open the payment at the gateway.

    Asking again with an unchanged cart gives the same checkout, with its payment opened if it was not yet;
    after a change the old one ends and a new one begins.

    Lock order: cart, checkout, stock levels.

    Raises:
        CartNotFound, CartClosed, and what `quote` raises: nothing was changed.
        GatewayUnavailable: the checkout stands; ask again.
        GatewayRefused: the gateway does not take this amount; the checkout has ended and its stock is free.
    """
    with transaction.atomic():
        checkout = _freeze(lock_open_cart(cart_id), locale=locale, at=at)
    try:
        open_payment(payment_id=checkout.payment_id, actor=SHOPPER, at=at)
    except GatewayRefused:
        expire(checkout_id=checkout.pk, reason="The gateway does not take this payment", actor=SHOPPER, at=at)
        raise
    checkout.payment.refresh_from_db()
    return checkout


def _freeze(cart: Cart, *, locale: Locale, at: datetime) -> Checkout:
    current = Checkout.objects.select_related("payment").filter(cart=cart, status=CheckoutStatus.OPEN).first()
    if current is not None:
        if current.expires_at > at and _is_unchanged(current, locale=locale, at=at):
            return current
        expire(checkout_id=current.pk, reason="The cart was checked out anew", actor=SHOPPER, at=at)
    view = view_cart(cart_id=cart.pk, locale=locale, at=at)
    checkout = _create(view, quote(view, at=at), at=at)
    hold(cart, checkout_id=checkout.pk)
    return checkout


def _is_unchanged(checkout: Checkout, *, locale: Locale, at: datetime) -> bool:
    view = view_cart(cart_id=checkout.cart_id, locale=locale, at=at)
    if not view.is_ready:
        return False
    same_address = (checkout.email, checkout.shipping_address) == (view.cart.email, view.cart.address)
    return same_address and same_purchase(checkout.quote, quote(view, at=at))


def _create(view: CartView, frozen: QuoteSnapshot, *, at: datetime) -> Checkout:
    total = Money.from_document(frozen["total"])
    key = uuid.uuid4()
    expires_at = at + timedelta(seconds=settings.CHECKOUT_LIFETIME_SECONDS)
    wanted = {view_line.line.variant_id: view_line.line.quantity for view_line in view.lines}
    reserve(lines=wanted, holder=Checkout(id=key).holder, until=expires_at, at=at)
    checkout = Checkout.objects.create(
        id=key,
        cart=view.cart,
        email=view.cart.email,
        shipping_address=view.cart.address,
        quote=frozen,
        total_minor=total.minor,
        currency=total.currency,
        payment=prepare_payment(reference=key, amount=total, actor=SHOPPER, at=at),
        created_at=at,
        expires_at=expires_at,
    )
    advance(checkout, CheckoutStatus.OPEN, actor=SHOPPER, reason=f"Quote of {total} frozen", at=at)
    return checkout
