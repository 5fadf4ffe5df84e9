"""Turning a settled payment into exactly one order, or giving the money back.

The shopper's return call, the webhook and the reconciler all end here, in any order, twice or not at all.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from commerce.cart.locking import close, hold
from commerce.checkout.expiring import expire
from commerce.checkout.gift_cards import issue_gift_cards
from commerce.checkout.holding import let_go, lock_what_is_held_by, take
from commerce.checkout.locking import lock_checkout
from commerce.checkout.models import Checkout
from commerce.checkout.queries import checkout_with
from commerce.checkout.states import CheckoutStatus
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.states import advance
from commerce.orders.placing import place
from commerce.payments.gateways import IntentStatus
from commerce.payments.refunding import request_refund
from commerce.payments.settling import settle


class PaymentRequired(DomainError):
    code = "payment_required"
    title = "The payment has not been made"
    kind = ErrorKind.UNPAID


class CheckoutExpired(DomainError):
    code = "checkout_expired"
    title = "The time to pay is over and the stock was released; start again from the cart"
    kind = ErrorKind.CONFLICT


class PaymentReturned(DomainError):
    code = "payment_refunded"
    title = "The order could not be made any more; the payment goes back to the shopper"
    kind = ErrorKind.CONFLICT


_ENDED = frozenset({CheckoutStatus.COMPLETED, CheckoutStatus.REFUSED})


def finish(*, checkout_id: uuid.UUID, actor: str, at: datetime) -> Checkout:
    """The return call: look at the payment and complete what is paid; called outside any transaction.

    Returns the checkout, completed, or still open while the payment is being processed.

    Raises:
        CheckoutNotFound, CheckoutExpired, PaymentRequired
        PaymentReturned: paid, but stock or amount no longer fit; the money goes back.
        GatewayUnavailable: nobody knows yet; ask again.
    """
    checkout = checkout_with(checkout_id)
    if checkout.status not in _ENDED:
        outcome = settle(payment_id=checkout.payment_id, actor=actor, at=at) if checkout.payment_id else None
        checkout = complete(checkout_id=checkout_id, actor=actor, at=at)
        _check(checkout, outcome)
    if checkout.status == CheckoutStatus.REFUSED:
        raise PaymentReturned()
    return checkout


def complete(*, checkout_id: uuid.UUID, actor: str, at: datetime) -> Checkout:
    """Make the order of a paid checkout, or refuse it and refund; what has ended or is not paid stays as it is.

    One transaction holds the order, its stock movements, the closed cart and all announcements.
    Lock order: cart, checkout, stock levels, coupons, credit accounts, payment.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        if checkout.status in _ENDED or not _may_become_an_order(checkout):
            return checkout
        obstacle = _obstacle(checkout) or _place(checkout, actor=actor, at=at)
        if obstacle:
            _refuse(checkout, obstacle, actor=actor, at=at)
    return checkout


def _may_become_an_order(checkout: Checkout) -> bool:
    """Paid, however late; where nothing was left to pay, only until it has expired."""
    return checkout.payment.is_settled if checkout.payment else checkout.status == CheckoutStatus.OPEN


def _check(checkout: Checkout, outcome: IntentStatus | None) -> None:
    if checkout.status in _ENDED or outcome == IntentStatus.PROCESSING:
        return
    if checkout.status == CheckoutStatus.EXPIRED:
        raise CheckoutExpired()
    raise PaymentRequired()


def _obstacle(checkout: Checkout) -> str:
    if "facts" not in checkout.quote:
        return "The quote was frozen by an earlier version of the shop"
    if checkout.payment and checkout.payment.captured != checkout.due:
        return f"{checkout.payment.captured} was paid instead of {checkout.due}"
    if checkout.cart.closed_at is not None:
        return "The cart was paid for in another checkout"
    return ""


def _place(checkout: Checkout, *, actor: str, at: datetime) -> str:
    """Order, stock, cart and checkout together. Returns the obstacle if the stock is gone, and then wrote nothing."""
    try:
        with transaction.atomic():
            # First, for another checkout of the same cart may hold the very units that this one needs.
            open_ones = Checkout.objects.filter(cart=checkout.cart, status=CheckoutStatus.OPEN)
            rivals = list(open_ones.exclude(pk=checkout.pk))
            lock_what_is_held_by(checkout.quote, *(rival.quote for rival in rivals))
            for rival in rivals:
                expire(checkout_id=rival.pk, reason="The cart was paid for in another checkout", actor=actor, at=at)
            order = place(
                checkout_id=checkout.pk,
                payment_id=checkout.payment_id,
                email=checkout.email,
                shipping_address=checkout.shipping_address,
                quote=checkout.quote,
                actor=actor,
                at=at,
            )
            take(checkout, reference=order.number, actor=actor, at=at)
            issue_gift_cards(order, actor=actor, at=at)
    except DomainError as gone:
        return f"Gone before the payment came: {gone.detail}"
    checkout.order = order
    checkout.save(update_fields=["order"])
    advance(checkout, CheckoutStatus.COMPLETED, actor=actor, reason=f"Order {order.number}", at=at)
    close(checkout.cart, at=at)
    return ""


def _refuse(checkout: Checkout, obstacle: str, *, actor: str, at: datetime) -> None:
    advance(checkout, CheckoutStatus.REFUSED, actor=actor, reason=obstacle, at=at)
    let_go(checkout, at=at)
    if checkout.cart.held_as == checkout.pk:
        hold(checkout.cart, checkout_id=None)
    if checkout.payment and (captured := checkout.payment.captured):
        request_refund(payment=checkout.payment, amount=captured, reason=obstacle, actor=actor, at=at)
    outbox.record("checkout.refused", {"checkout": str(checkout.pk), "reason": obstacle}, at=at)
