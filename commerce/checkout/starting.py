from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Locale

from cms.prepared import prepared
from commerce.cart.locking import hold, lock_open_cart
from commerce.cart.models import Cart, CartLine
from commerce.cart.viewing import CartView, view_cart
from commerce.checkout.expiring import expire
from commerce.checkout.extending import extend, lifetime
from commerce.checkout.holding import hold_all, lock_what_is_held_by
from commerce.checkout.models import Checkout
from commerce.checkout.quoting.gathering import prepare, quote
from commerce.checkout.quoting.replaying import same_purchase
from commerce.checkout.states import CheckoutStatus
from commerce.inventory.queries import availability
from commerce.inventory.reservations import Holder, OutOfStock
from commerce.kit.crashing import crash_point
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.kit.states import begin
from commerce.orders.snapshots import QuoteSnapshot
from commerce.payments.gateways import GatewayRefused
from commerce.payments.methods import method_for, pay_by
from commerce.payments.models import Method, Payment
from commerce.payments.opening import open_payment, prepare_payment
from commerce.payments.states import PaymentStatus

SHOPPER = "shopper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """How the shopper means to pay, and whether their card is to be kept for the next time."""

    method: str = Method.STRIPE
    save_card: bool = False


class QuoteChanged(DomainError):
    """`facts["due"]` is what there is to pay now, `facts["expected"]` what the shopper was shown."""

    code = "quote_changed"
    title = "What there is to pay has changed since it was shown; look at the cart again"
    kind = ErrorKind.CONFLICT


def start(
    *, cart_id: uuid.UUID, locale: Locale, due_minor: int | None = None, means: Means | None = None, at: datetime
) -> Checkout:
    """Freeze the quote, hold stock, coupons and gift cards, commit, and only then open the payment at the gateway.
    Where nothing is left to pay there is none.

    `due_minor` is what the shopper was shown, if the caller says so: they are never asked for another amount.

    Asking again with an unchanged cart gives the same checkout, with its payment opened if it was not yet;
    after a change the old one ends and a new one begins. Whoever asks again gets more time.

    Lock order: cart, checkout, stock levels, coupons, credit accounts.

    Raises:
        QuoteChanged: `due_minor` is no longer what there is to pay.
        MethodNotOffered, CartNotFound, CartClosed, and what `quote` and `hold_all` raise: nothing was changed.
        TaxUnavailable: the tax service does not answer; ask again.
        GatewayUnavailable: the checkout stands; ask again.
        GatewayRefused: the gateway does not take this amount; the checkout has ended and its stock is free.
    """
    _refuse_what_is_gone(cart_id)
    prepare(cart_id=cart_id, locale=locale, at=at)
    with transaction.atomic():
        checkout = _freeze(lock_open_cart(cart_id), means or Means(), locale=locale, due_minor=due_minor, at=at)
    if __debug__:
        crash_point("checkout_frozen")
    if checkout.payment is None or checkout.payment.is_offline:
        return checkout
    try:
        checkout.payment = open_payment(payment_id=checkout.payment.pk, actor=SHOPPER, at=at)
    except GatewayRefused:
        expire(checkout_id=checkout.pk, reason="The gateway does not take this payment", actor=SHOPPER, at=at)
        raise
    return checkout


def _refuse_what_is_gone(cart_id: uuid.UUID) -> None:
    """Whoever comes too late to a rush is told at once, and takes no lock that others, who can still buy, wait for.
    Everybody else is looked at again under the lock."""
    wanted = _wanted(cart=cart_id)
    held_as = next((each for _, _, each in wanted), None)
    holder = Holder("checkout", held_as) if held_as else None
    free = availability(variant_ids=[variant for variant, _, _ in wanted], holder=holder)
    short = [
        {"variant": str(variant), "requested": quantity, "available": free[variant]}
        for variant, quantity, _ in wanted
        if free[variant] < quantity
    ]
    if short:
        raise OutOfStock(lines=short)


@prepared
def _wanted(*, cart: uuid.UUID) -> QuerySet[Any]:
    lines = CartLine.objects.filter(cart=cart, cart__closed_at=None, saved_at=None)
    return lines.values_list("variant_id", "quantity", "cart__held_as")


@prepared
def _open_checkouts(*, cart: uuid.UUID) -> QuerySet[Checkout]:
    return Checkout.objects.select_related("payment").filter(cart=cart, status=CheckoutStatus.OPEN)


def _freeze(cart: Cart, means: Means, *, locale: Locale, due_minor: int | None, at: datetime) -> Checkout:
    current: Checkout | None = next(iter(_open_checkouts(cart=cart.pk)), None)
    view = view_cart(cart_id=cart.pk, locale=locale, at=at, with_pictures=False)
    frozen = quote(view, at=at)
    if due_minor not in (None, frozen["due"]["minor"]):
        expected = Money(due_minor or 0, frozen["currency"])
        raise QuoteChanged(due=frozen["due"], expected=expected.document())
    if due := Money.from_document(frozen["due"]):
        method_for(view.audience.market, due, means.method)
    if current is not None:
        if current.expires_at > at and _is_unchanged(current, view, frozen, means):
            extend(current, at=at)
            return current
        lock_what_is_held_by(current.quote, frozen)
        expire(checkout_id=current.pk, reason="The cart was checked out anew", actor=SHOPPER, at=at)
    checkout = _create(view, frozen, means, at=at)
    hold(cart, checkout_id=checkout.pk)
    return checkout


def _is_unchanged(checkout: Checkout, view: CartView, fresh: QuoteSnapshot, means: Means) -> bool:
    cart = view.cart
    was = (checkout.email, checkout.shipping_address, checkout.billing_address, checkout.note)
    payment = checkout.payment
    # One that was cancelled at the gateway can never be paid.
    is_paid_alike = payment is None or (payment.method == means.method and payment.status != PaymentStatus.CANCELLED)
    same = was == (cart.email, cart.address, cart.billing_address, cart.note)
    return same and is_paid_alike and same_purchase(checkout.quote, fresh)


def _create(view: CartView, frozen: QuoteSnapshot, means: Means, *, at: datetime) -> Checkout:
    cart, due = view.cart, Money.from_document(frozen["due"])
    key = uuid.uuid4()
    expires_at = at + lifetime()
    hold_all(quote=frozen, holder=Checkout(id=key).holder, email=cart.email, until=expires_at, at=at)
    checkout = Checkout(
        id=key,
        cart=cart,
        customer=cart.customer,
        email=cart.email,
        language=view.locale.language_code,
        shipping_address=cart.address,
        billing_address=cart.billing_address,
        note=cart.note,
        quote=frozen,
        due_minor=due.minor,
        currency=due.currency,
        payment=_payment(key, due, cart, means, market=frozen["market"], at=at) if due else None,
        created_at=at,
        expires_at=expires_at,
    )
    begin(checkout, CheckoutStatus.OPEN, actor=SHOPPER, reason=f"Quote frozen, {due} to pay", at=at)
    return checkout


def _payment(checkout_id: uuid.UUID, due: Money, cart: Cart, means: Means, *, market: str, at: datetime) -> Payment:
    return prepare_payment(
        reference=checkout_id,
        amount=due,
        method=means.method,
        customer=cart.customer,
        save_card=means.save_card,
        receipt_email=cart.email,
        pay_by=pay_by(market, means.method, at=at),
        actor=SHOPPER,
        at=at,
    )
