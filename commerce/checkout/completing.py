"""Turning a settled payment into exactly one order, or giving the money back.

The shopper's return call, the webhook and the reconciler all end here, in any order, twice or not at all.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from commerce.cart.filling import close, hold
from commerce.checkout.expiring import expire
from commerce.checkout.locking import lock_checkout
from commerce.checkout.models import Checkout
from commerce.checkout.queries import checkout_with
from commerce.checkout.states import CheckoutStatus
from commerce.inventory.reservations import NothingReserved, OutOfStock, consume, release, reserve
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
        outcome = settle(payment_id=checkout.payment_id, actor=actor, at=at)
        checkout = complete(checkout_id=checkout_id, actor=actor, at=at)
        _check(checkout, outcome)
    if checkout.status == CheckoutStatus.REFUSED:
        raise PaymentReturned()
    return checkout


def complete(*, checkout_id: uuid.UUID, actor: str, at: datetime) -> Checkout:
    """Make the order of a paid checkout, or refuse it and refund; what has ended or is not paid stays as it is.

    One transaction holds the order, its stock movements, the closed cart and all announcements.
    Lock order: cart, checkout, stock levels, payment.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        if checkout.status in _ENDED or not checkout.payment.is_settled:
            return checkout
        obstacle = _obstacle(checkout) or _place(checkout, actor=actor, at=at)
        if obstacle:
            _refuse(checkout, obstacle, actor=actor, at=at)
    return checkout


def _check(checkout: Checkout, outcome: IntentStatus | None) -> None:
    if checkout.status in _ENDED or outcome == IntentStatus.PROCESSING:
        return
    if checkout.status == CheckoutStatus.EXPIRED:
        raise CheckoutExpired()
    raise PaymentRequired()


def _obstacle(checkout: Checkout) -> str:
    captured = checkout.payment.captured
    if captured != checkout.total:
        return f"{captured} was paid instead of {checkout.total}"
    if checkout.cart.closed_at is not None:
        return "The cart was paid for in another checkout"
    return ""


def _place(checkout: Checkout, *, actor: str, at: datetime) -> str:
    """Order, stock, cart and checkout together. Returns the obstacle if the stock is gone, and then wrote nothing."""
    try:
        with transaction.atomic():
            # First, for another checkout of the same cart may hold the very units that this one needs.
            rivals = Checkout.objects.filter(cart=checkout.cart, status=CheckoutStatus.OPEN).exclude(pk=checkout.pk)
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
            _take_stock(checkout, reference=order.number, actor=actor, at=at)
    except OutOfStock:
        return "The stock was released and sold before the payment came"
    checkout.order = order
    checkout.save(update_fields=["order"])
    advance(checkout, CheckoutStatus.COMPLETED, actor=actor, reason=f"Order {order.number}", at=at)
    close(checkout.cart, at=at)
    return ""


def _take_stock(checkout: Checkout, *, reference: str, actor: str, at: datetime) -> None:
    """Sell what was reserved; when the reservation ran out before the money came, try to reserve it again."""
    try:
        consume(holder=checkout.holder, reference=reference, actor=actor, at=at)
    except NothingReserved:
        wanted = {uuid.UUID(line["variant"]): line["quantity"] for line in checkout.quote["lines"]}
        reserve(lines=wanted, holder=checkout.holder, until=at, at=at)
        consume(holder=checkout.holder, reference=reference, actor=actor, at=at)


def _refuse(checkout: Checkout, obstacle: str, *, actor: str, at: datetime) -> None:
    advance(checkout, CheckoutStatus.REFUSED, actor=actor, reason=obstacle, at=at)
    release(holder=checkout.holder, at=at)
    if checkout.cart.held_as == checkout.pk:
        hold(checkout.cart, checkout_id=None)
    captured = checkout.payment.captured
    if captured:
        request_refund(payment=checkout.payment, amount=captured, reason=obstacle, actor=actor, at=at)
    outbox.record("checkout.refused", {"checkout": str(checkout.pk), "reason": obstacle}, at=at)
