"""Asking the shopper for what an order lacks, such as the difference that an edit made."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from commerce.kit.money import Money
from commerce.orders.models import Order, OrderPayment
from commerce.orders.paying import PaymentStanding, lacking, standing_of
from commerce.orders.states import OrderStatus
from commerce.payments.cancelling import CancelRefused, request_cancel
from commerce.payments.methods import pay_by
from commerce.payments.models import Method, Payment
from commerce.payments.opening import prepare_payment
from commerce.payments.receiving import promise_another_amount


def ask_for_what_is_lacking(order: Order, *, reason: str, actor: str, at: datetime) -> None:
    """Bring what is still to come to what the order costs now. What came too much is not given back here.

    What was promised outside any gateway becomes a promise of another amount, of which what came stays. At the gateway
    a payment of another amount is called off, for whoever pays it would pay the old one, and another takes its place.
    In the caller's transaction, under the order's lock; safe to repeat.
    """
    _bring_to(_still_to_come(order), order, reason=reason, actor=actor, at=at)


def ask_for_no_more(order: Order, *, reason: str, actor: str, at: datetime) -> None:
    """The same where an order comes to cost less: nobody is asked for what nobody was asked for before."""
    awaited = Money.total((each.open for each in standing_of(order) if _is_awaited(each)), currency=order.currency)
    _bring_to(min(awaited, _still_to_come(order)), order, reason=reason, actor=actor, at=at)


def _still_to_come(order: Order) -> Money:
    """Beside what is authorised and will be captured."""
    zero = Money.zero(order.currency)
    if order.status == OrderStatus.CANCELLED:
        return zero
    authorised = (each.open for each in standing_of(order) if each.payment.is_authorised)
    return max(zero, lacking(order) - Money.total(authorised, currency=order.currency))


def _is_awaited(standing: PaymentStanding) -> bool:
    return bool(standing.open) and not standing.payment.is_authorised


def _bring_to(rest: Money, order: Order, *, reason: str, actor: str, at: datetime) -> None:
    standings = standing_of(order)
    awaited = [each for each in standings if _is_awaited(each)]
    for payment in [each.payment for each in awaited if each.payment.is_promised]:
        until = pay_by(order.market, payment.method, at=at)
        promise_another_amount(payment=payment, rest=rest, pay_by=until, reason=reason, actor=actor, at=at)
        rest = Money.zero(order.currency)
    online = [each for each in awaited if not each.payment.is_promised]
    if rest != Money.total((each.open for each in online), currency=order.currency):
        for standing in online:
            request_cancel(payment=standing.payment, reason=reason, actor=actor, at=at)
        if rest:
            _ask_for(rest, order, actor=actor, at=at)
    authorised = [each.payment for each in standings if each.open and each.payment.is_authorised]
    for payment in authorised if order.status == OrderStatus.CANCELLED or not lacking(order) else ():
        # One that is being captured is not called off: what it takes goes back when it has come.
        with suppress(CancelRefused):
            request_cancel(payment=payment, reason=reason, actor=actor, at=at)


def _ask_for(amount: Money, order: Order, *, actor: str, at: datetime) -> Payment:
    method = order.payment_method or Method.STRIPE
    payment = prepare_payment(
        reference=order.checkout_id,
        amount=amount,
        method=method,
        customer=order.customer,
        receipt_email=order.email,
        pay_by=pay_by(order.market, method, at=at),
        actor=actor,
        at=at,
    )
    OrderPayment.objects.create(order=order, payment=payment, purpose=OrderPayment.Purpose.DIFFERENCE)
    return payment
