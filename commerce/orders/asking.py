"""Asking the shopper for what an order lacks, such as the difference that an edit made."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from commerce.kit.locks import locked
from commerce.kit.money import Money
from commerce.orders.models import Order, OrderPayment
from commerce.orders.paying import PaymentStanding, balance_of, lacking, overpaid, standing_of
from commerce.orders.states import OrderStatus
from commerce.payments.cancelling import CancelRefused, request_cancel
from commerce.payments.methods import pay_by
from commerce.payments.models import Method, Payment
from commerce.payments.opening import prepare_payment
from commerce.payments.receiving import expect_what_came, promise_another_amount


def ask_for_what_is_lacking(order: Order, *, reason: str, actor: str, at: datetime) -> None:
    """Bring what is still to come to what the order costs now. What came too much is not given back here.

    What was promised outside any gateway becomes a promise of another amount, of which what came stays. At the gateway
    a payment of another amount is called off, for whoever pays it would pay the old one, and another takes its place.
    In the caller's transaction, under the order's lock; safe to repeat.
    """
    _lock_payments(order)
    _bring_to(_still_to_come(order), order, reason=reason, actor=actor, at=at)


def ask_for_no_more(order: Order, *, reason: str, actor: str, at: datetime) -> None:
    """The same where an order comes to cost less: nobody is asked for what nobody was asked for before."""
    _lock_payments(order)
    awaited = Money.total((each.open for each in standing_of(order) if _is_awaited(each)), currency=order.currency)
    _bring_to(min(awaited, _still_to_come(order)), order, reason=reason, actor=actor, at=at)


def _lock_payments(order: Order) -> None:
    """What is written down of one of them by somebody who knows no order comes before the sums or after them."""
    locked(Payment.objects.filter(pk__in=order.payments.values("payment")))


def _still_to_come(order: Order) -> Money:
    """Beside what is authorised and will be captured."""
    zero = Money.zero(order.currency)
    if order.status in _ENDED:
        return zero
    authorised = (each.open for each in standing_of(order) if each.payment.is_authorised)
    return max(zero, lacking(order) - Money.total(authorised, currency=order.currency))


_ENDED = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})


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
    _use_excess(order)
    authorised = [each.payment for each in standings if each.open and each.payment.is_authorised]
    for payment in authorised if order.status in _ENDED or not lacking(order) else ():
        # One that is being captured is not called off: what it takes goes back when it has come.
        with suppress(CancelRefused):
            request_cancel(payment=payment, reason=reason, actor=actor, at=at)


def _use_excess(order: Order) -> None:
    """What came too much outside any gateway, and an edit has made due, is not too much any more."""
    used = overpaid(order) - max(Money.zero(order.currency), balance_of(order))
    for payment in [each.payment for each in standing_of(order) if each.payment.is_offline]:
        if used.minor > 0 and payment.is_settled:
            used -= expect_what_came(payment=payment, at_most=used)


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
