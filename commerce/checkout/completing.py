"""Turning a settled payment into exactly one order, or giving the money back.

The shopper's return call, the webhook and the reconciler all end here, in any order, twice or not at all.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cms.prepared import prepared
from commerce.cart.locking import close, hold
from commerce.checkout.expiring import expire
from commerce.checkout.extending import keep_alive
from commerce.checkout.gift_cards import issue_gift_cards
from commerce.checkout.holding import let_go, lock_what_is_held_by, take
from commerce.checkout.locking import lock_checkout
from commerce.checkout.models import Checkout
from commerce.checkout.queries import checkout_with
from commerce.checkout.states import CheckoutStatus
from commerce.kit import outbox
from commerce.kit.crashing import crash_point
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.orders.noting import note
from commerce.orders.placing import place
from commerce.orders.states import PaymentState
from commerce.payments.cancelling import request_cancel
from commerce.payments.gateways import IntentStatus
from commerce.payments.models import Payment
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


ENDED = frozenset({CheckoutStatus.COMPLETED, CheckoutStatus.REFUSED})


def finish(*, checkout_id: uuid.UUID, actor: str, at: datetime) -> Checkout:
    """The return call: look at the payment and complete what is paid or, by bank transfer or on delivery, promised;
    called outside any transaction.

    Returns the checkout, completed, or still open while the payment is being processed. Who is back without having
    paid gets more time.

    Raises:
        CheckoutNotFound, CheckoutExpired, PaymentRequired
        PaymentReturned: paid, but stock or amount no longer fit; the money goes back.
        GatewayUnavailable: nobody knows yet; ask again.
    """
    checkout = checkout_with(checkout_id)
    if checkout.status not in ENDED:
        outcome = _outcome(checkout, actor=actor, at=at)
        checkout = complete(checkout_id=checkout_id, takes_promises=True, actor=actor, at=at)
        if checkout.status == CheckoutStatus.OPEN:
            keep_alive(checkout_id=checkout_id, at=at)
        _check(checkout, outcome)
    if checkout.status == CheckoutStatus.REFUSED:
        raise PaymentReturned()
    return checkout


def _outcome(checkout: Checkout, *, actor: str, at: datetime) -> IntentStatus | None:
    payment = checkout.payment
    if payment is None or payment.is_offline:
        return None
    return settle(payment_id=payment.pk, actor=actor, at=at)


def complete(*, checkout_id: uuid.UUID, takes_promises: bool = False, actor: str, at: datetime) -> Checkout:
    """Make the order of a checkout that is paid or authorised, or refuse it and give the money back; what has ended or
    is not paid stays as it is. A promise to pay by bank transfer or on delivery is taken from the shopper alone.

    One transaction holds the order, its stock movements, the closed cart and all announcements.
    Lock order: cart, checkout, order, stock levels, coupons, credit accounts, payment.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        if checkout.status in ENDED or not _may_become_an_order(checkout, takes_promises):
            return checkout
        obstacle = _obstacle(checkout) or _place(checkout, actor=actor, at=at)
        if obstacle:
            _refuse(checkout, obstacle, actor=actor, at=at)
        if __debug__:
            crash_point("order_placed")
    if __debug__:
        crash_point("order_committed")
    return checkout


def _may_become_an_order(checkout: Checkout, takes_promises: bool) -> bool:
    """Paid, however late; where nothing is paid now, only until it has expired."""
    payment = checkout.payment
    if payment and (payment.is_settled or (payment.is_authorised and not payment.cancel_requested_at)):
        return True
    return checkout.status == CheckoutStatus.OPEN and (payment is None or (takes_promises and payment.is_promised))


def _check(checkout: Checkout, outcome: IntentStatus | None) -> None:
    if checkout.status in ENDED or outcome == IntentStatus.PROCESSING:
        return
    if checkout.status == CheckoutStatus.EXPIRED:
        raise CheckoutExpired()
    raise PaymentRequired()


def _obstacle(checkout: Checkout) -> str:
    if "facts" not in checkout.quote:
        return "The quote was frozen by an earlier version of the shop"
    if checkout.payment and (secured := _secured(checkout.payment)) != checkout.due:
        return f"{secured} was paid instead of {checkout.due}"
    if checkout.cart.closed_at is not None:
        return "The cart was paid for in another checkout"
    return ""


def _secured(payment: Payment) -> Money:
    """What the payment has brought, or will bring without the shopper doing anything more."""
    if payment.is_settled:
        return payment.captured
    return payment.authorised if payment.is_authorised else payment.amount


def _payment_state(payment: Payment | None) -> PaymentState:
    if payment is None or payment.is_settled:
        return PaymentState.PAID
    return PaymentState.AUTHORISED if payment.is_authorised else PaymentState.PENDING


def _place(checkout: Checkout, *, actor: str, at: datetime) -> str:
    """Order, stock, cart and checkout together. Returns the obstacle if the stock is gone, and then wrote nothing."""
    try:
        with transaction.atomic():
            # First, for another checkout of the same cart may hold the very units that this one needs.
            rivals: list[Checkout] = _rivals(cart=checkout.cart_id, checkout=checkout.pk)
            lock_what_is_held_by(checkout.quote, *(rival.quote for rival in rivals))
            for rival in rivals:
                expire(checkout_id=rival.pk, reason="The cart was paid for in another checkout", actor=actor, at=at)
            order = place(
                checkout_id=checkout.pk,
                payment_id=checkout.payment_id,
                payment_method=checkout.payment.method if checkout.payment else "",
                payment_state=_payment_state(checkout.payment),
                customer=checkout.customer,
                email=checkout.email,
                language=checkout.language,
                shipping_address=checkout.shipping_address,
                billing_address=checkout.billing_address,
                quote=checkout.quote,
                actor=actor,
                at=at,
            )
            take(checkout, reference=order.number, actor=actor, at=at)
            issue_gift_cards(order, actor=actor, at=at)
            if checkout.note:
                note(order=order, text=checkout.note, is_visible=True, actor=actor, at=at)
    except DomainError as gone:
        return f"Gone before the payment came: {gone.detail}"
    checkout.order, reason = order, f"Order {order.number}"
    advance(checkout, CheckoutStatus.COMPLETED, saving=["order"], actor=actor, reason=reason, at=at)
    close(checkout.cart, at=at)
    return ""


@prepared
def _rivals(*, cart: uuid.UUID, checkout: uuid.UUID) -> QuerySet[Checkout]:
    return Checkout.objects.filter(cart=cart, status=CheckoutStatus.OPEN).exclude(pk=checkout)


def _refuse(checkout: Checkout, obstacle: str, *, actor: str, at: datetime) -> None:
    advance(checkout, CheckoutStatus.REFUSED, actor=actor, reason=obstacle, at=at)
    let_go(checkout, at=at)
    if checkout.cart.held_as == checkout.pk:
        hold(checkout.cart, checkout_id=None)
    if checkout.payment:
        _give_back(checkout.payment, reason=obstacle, actor=actor, at=at)
    outbox.record("checkout.refused", {"checkout": str(checkout.pk), "reason": obstacle}, at=at)


def _give_back(payment: Payment, *, reason: str, actor: str, at: datetime) -> None:
    if not payment.is_settled:
        request_cancel(payment=payment, reason=reason, actor=actor, at=at)
    elif captured := payment.captured:
        request_refund(payment=payment, amount=captured, reason=reason, actor=actor, at=at)
