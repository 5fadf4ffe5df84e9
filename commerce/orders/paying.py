"""How an order stands with its money: its payments, what came in, what went back, and the state that follows.

The payments' own rows decide; an event only says that it is time to look. Lock order: order, then whatever a refund
needs.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Model, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from cms.prepared import prepared
from commerce.credit import redeeming
from commerce.credit.models import CreditEntry
from commerce.kit import outbox
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.orders.disputes import held_by_banks, lost_to_banks
from commerce.orders.locking import lock_order
from commerce.orders.models import Order, OrderPayment, OrderRefund
from commerce.orders.states import PAYMENT_STATE, TAKEN, OrderStatus, PaymentState
from commerce.payments import methods
from commerce.payments.attention import excess_of
from commerce.payments.models import LedgerEntry, Method, Payment, Refund
from commerce.payments.refunding import NOT_COUNTED, refundable
from commerce.payments.states import CaptureState, PaymentStatus, RefundState

_GOODS_OWED = frozenset({OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED})


@dataclass(frozen=True, slots=True)
class PaymentStanding:
    """A payment of an order: what of it may still be given back, and what may still come of it."""

    payment: Payment
    left: Money
    open: Money


@dataclass(frozen=True, slots=True)
class ToPay:
    """What the shopper is still to pay, at the gateway or outside it, such as the difference that an edit made."""

    payment: Payment
    amount: Money
    received: Money
    "What has come of it so far."


def payments_of(order: Order) -> list[Payment]:
    """The initial payment first."""
    return [link.payment for link in _links(order=order.pk)]


@prepared
def _links(*, order: uuid.UUID) -> QuerySet[OrderPayment]:
    return OrderPayment.objects.filter(order=order).select_related("payment").order_by("id")


def instructions_for(order: Order) -> str:
    """How to pay what is awaited, as the market tells its shoppers; empty where nothing is to be done."""
    waits = order.payment_state == PaymentState.PENDING
    if order.payment_state == PaymentState.PARTIALLY_PAID:
        payment = _awaited(order)
        waits = payment is not None and payment.is_offline
    if not waits or order.status == OrderStatus.CANCELLED:
        return ""
    return methods.instructions_for(order.market, order.payment_method)


def pay_by_of(order: Order) -> datetime | None:
    """Until when a transfer is awaited before the order is cancelled by itself; None: none is, or for ever."""
    if order.status != OrderStatus.PENDING:
        return None
    return next((each.pay_by for each in payments_of(order) if each.is_promised and each.pay_by), None)


def to_pay(order: Order) -> ToPay | None:
    if (payment := _awaited(order)) is None:
        return None
    received = payment.captured
    return ToPay(payment, payment.amount - received, received)


def _awaited(order: Order) -> Payment | None:
    return next((each for each in payments_of(order) if each.status in _TO_PAY and not each.cancel_requested_at), None)


_TO_PAY = (PaymentStatus.OPENING, PaymentStatus.OPEN)


def awaited_online(order: Order) -> Payment | None:
    """What is to be paid at the gateway."""
    payment = _awaited(order)
    return None if payment is None or payment.is_offline else payment


def overpaid(order: Order) -> Money:
    """What came outside any gateway beyond what was due, and has not been given back."""
    zero = Money.zero(order.currency)
    settled = (each for each in payments_of(order) if each.is_offline and each.is_settled)
    return Money.total((max(zero, excess_of(each)) for each in settled), currency=order.currency)


def standing_of(order: Order) -> list[PaymentStanding]:
    return [_standing(payment) for payment in payments_of(order)]


def _standing(payment: Payment) -> PaymentStanding:
    return PaymentStanding(payment, left=refundable(payment), open=_open(payment))


def _open(payment: Payment) -> Money:
    """Nothing, once it was made, has ended or is being called off; what a capture under way leaves out never comes."""
    if payment.status in _ENDED or payment.cancel_requested_at is not None:
        return Money.zero(payment.currency)
    if payment.is_authorised:
        capture = payment.captures.filter(status=CaptureState.REQUESTED).first()
        return payment.authorised if capture is None else capture.amount
    return payment.amount - payment.captured


_ENDED = frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.CANCELLED})


def balance_of(order: Order) -> Money:
    """What the shop keeps beyond what the order costs, without what went back or was called off; below zero: what the
    order still owes. Refunds count from when they are asked for, and those that failed too: they are owed."""
    kept = Money.total((_kept(payment) for payment in payments_of(order)), currency=order.currency)
    return kept + credit_left(order) - order.refundable


def owed(order: Order) -> Money:
    """What of the order's amount is still to come, whoever is to pay it; never below zero."""
    return max(Money.zero(order.currency), -balance_of(order))


def lacking(order: Order) -> Money:
    """What the shopper is still to pay: what a bank holds while a dispute lasts has been paid. Never below zero."""
    return max(Money.zero(order.currency), owed(order) - held_by_banks(order))


def unsecured(order: Order) -> Money:
    """What of an order that may be sent has neither come nor is authorised or to be paid on delivery, whatever a bank
    makes of what came: the difference that an edit made, or what a capture left out. Never below zero."""
    zero = Money.zero(order.currency)
    if order.payment_state in TAKEN:
        return zero
    short: QuerySet[Any] = paid_short(Order.objects.filter(pk=order.pk))
    kept = short.values_list("kept", flat=True).first()
    if kept is None:
        return zero
    secured = (_open(each) for each in payments_of(order) if each.is_authorised or _is_on_delivery(each))
    return max(zero, order.refundable - Money(kept, order.currency) - Money.total(secured, currency=order.currency))


def _is_on_delivery(payment: Payment) -> bool:
    return payment.is_promised and payment.method == Method.CASH_ON_DELIVERY


def credit_left(order: Order) -> Money:
    """What gift cards and store credit have paid and was not given back to them."""
    return Money.total(redeeming.refundable(holder=order.checkout_id).values(), currency=order.currency)


def _kept(payment: Payment) -> Money:
    """What a bank has taken back, or holds while a dispute lasts, is not with the shop either."""
    return refundable(payment) - owed_still(payment)


def owed_still(payment: Payment) -> Money:
    """Refunds that failed, and that a person decides about."""
    return _sum(payment.refunds.filter(status__in=NOT_COUNTED), payment.currency)


def _sum(refunds: QuerySet[Refund], currency: str) -> Money:
    return Money(refunds.aggregate(minor=Sum("amount_minor"))["minor"] or 0, currency)


def follow_payments(*, order_id: uuid.UUID, actor: str, reason: str, at: datetime) -> Order:
    """Bring `payment_state`, and the status that hangs on it, up to what the payments say. Safe to repeat.

    What was paid for an order that is cancelled by now goes back at once.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        follow(order, actor=actor, reason=reason, at=at)
    return order


def follow(order: Order, *, actor: str, reason: str, at: datetime) -> None:
    """The same for a caller that holds the order's lock."""
    state = _state_of(order)
    if state == order.payment_state:
        return
    before = order.payment_state
    ends_short = state == PaymentState.REFUNDED and (
        before == PaymentState.PARTIALLY_PAID or _is_cancelled_short(order)
    )
    if state in (PaymentState.PARTIALLY_REFUNDED, PaymentState.REFUNDED) and before not in TAKEN:
        # Paid and given back before anybody looked: the walk still goes by way of what had come.
        by_way = PaymentState.PARTIALLY_PAID if ends_short else PaymentState.PAID
        if before != by_way:
            advance(order, by_way, field=PAYMENT_STATE, actor=actor, reason=reason, at=at)
    advance(order, state, field=PAYMENT_STATE, actor=actor, reason=reason, at=at)
    if before not in TAKEN and state in TAKEN and not ends_short:
        _take_as_paid(order, actor=actor, reason=reason, at=at)
    if state == PaymentState.AUTHORISED and order.status == OrderStatus.PENDING:
        _confirm(order, actor=actor, reason=reason, at=at)
    if state == PaymentState.REFUNDED and order.status in _GOODS_OWED:
        advance(order, OrderStatus.REFUNDED, actor=actor, reason=reason, at=at)


def _take_as_paid(order: Order, *, actor: str, reason: str, at: datetime) -> None:
    if order.status == OrderStatus.CANCELLED:
        return
    if order.status == OrderStatus.PENDING:
        _confirm(order, actor=actor, reason=reason, at=at)
    outbox.record("orders.paid", {"order": str(order.pk)}, at=at)


def _confirm(order: Order, *, actor: str, reason: str, at: datetime) -> None:
    advance(order, OrderStatus.CONFIRMED, actor=actor, reason=reason, at=at)
    outbox.record("orders.confirmed", {"order": str(order.pk)}, at=at)


def _state_of(order: Order) -> str:
    payments = payments_of(order)
    live = [each for each in payments if each.status != PaymentStatus.CANCELLED]
    captured = Money.total((each.captured for each in payments), currency=order.currency)
    if payments and not live and not captured and not _is_covered(order):
        return PaymentState.VOIDED
    if not all(each.is_settled for each in live):
        if order.payment_state in (PaymentState.PAID, PaymentState.PARTIALLY_PAID):
            # What came stays, and a difference that an edit made is awaited, or is being called off.
            state = _state_once_paid(order, payments)
            is_gone = state == PaymentState.REFUNDED and bool(lost_to_banks(order))
            return PaymentState.PARTIALLY_PAID if not is_gone and is_paid_short(order) else state
        if order.payment_state in TAKEN:
            return order.payment_state
        # Not before all of it is there.
        return PaymentState.AUTHORISED if any(each.is_authorised for each in live) else PaymentState.PENDING
    if order.payment_state not in TAKEN and is_paid_short(order):
        return PaymentState.PARTIALLY_PAID
    return _state_once_paid(order, payments)


def _is_cancelled_short(order: Order) -> bool:
    """Whether it was cancelled before all that it cost had come: however much of it goes back, it never was paid."""
    if order.status != OrderStatus.CANCELLED or order.payment_state in TAKEN:
        return False
    return _received(order, payments_of(order)) < order.total


def is_paid_short(order: Order) -> bool:
    return paid_short(Order.objects.filter(pk=order.pk)).exists()


def paid_short(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those for which less has come than they cost, by the books of the payments and of the gift cards, whatever a bank
    makes of what came before it has taken it. `kept` is what has come and was not asked back, in minor units: a refund
    that failed or was waived has taken nothing."""
    of_order = OrderPayment.objects.filter(order=OuterRef("pk"))
    captures = of_order.filter(payment__ledger__kind=LedgerEntry.Kind.CAPTURE)
    refunds = of_order.filter(payment__refunds__status__in=_COUNTED)
    credit = CreditEntry.objects.filter(holder=OuterRef("checkout_id"), kind__in=_BY_CREDIT)
    taken_back = OrderRefund.objects.filter(
        order=OuterRef("pk"), purpose=OrderRefund.Purpose.GATEWAY, parts__isnull=True
    )
    came = sum_of(captures, "order", "payment__ledger__amount_minor")
    asked_back = sum_of(refunds, "order", "payment__refunds__amount_minor")
    # What is redeemed leaves the gift card.
    by_banks = sum_of(taken_back, "order", "total_minor")
    kept = orders.order_by().annotate(kept=came - asked_back - by_banks - sum_of(credit, "holder", "amount_minor"))
    return kept.filter(kept__lt=F("total_minor") - F("refunded_minor"))


_COUNTED = tuple(state for state in RefundState if state not in NOT_COUNTED)
_BY_CREDIT = (CreditEntry.Kind.REDEEM, CreditEntry.Kind.REFUND)


def sum_of(rows: QuerySet[Model], key: str, name: str) -> Coalesce:
    """For `annotate`: the sum of `name` over the rows of each `key`, nothing where there are none."""
    return Coalesce(Subquery(rows.order_by().values(key).annotate(sum=Sum(name)).values("sum")), 0)


def _is_covered(order: Order) -> bool:
    """Whether gift cards and store credit pay for all of it, or did before an edit, whatever became of its payments."""
    if order.payment_state in TAKEN or order.payment_state == PaymentState.PARTIALLY_PAID:
        return True
    credit = credit_left(order)
    return bool(credit) and credit >= order.refundable


def _received(order: Order, payments: Iterable[Payment]) -> Money:
    """What has ever come, whatever went back since: captures and credit."""
    credit = order.refunds.aggregate(minor=Sum("credit_minor"))["minor"] or 0
    captured = Money.total((each.captured for each in payments), currency=order.currency)
    return captured + credit_left(order) + Money(credit, order.currency)


def _state_once_paid(order: Order, payments: list[Payment]) -> str:
    lost = lost_to_banks(order)
    back = money_back(order, payments) + lost
    given = _given_of_the_total(order) + lost
    if back and back >= _received(order, payments):
        return PaymentState.REFUNDED
    if _is_cancelled_short(order):
        return PaymentState.PARTIALLY_PAID
    return PaymentState.PARTIALLY_REFUNDED if given else PaymentState.PAID


def money_back(order: Order, payments: Iterable[Payment] | None = None) -> Money:
    """What has really gone back: refunds that succeeded, and credit."""
    paid_by = payments_of(order) if payments is None else payments
    succeeded = Refund.objects.filter(payment__in=[each.pk for each in paid_by], status=RefundState.SUCCEEDED)
    credit = order.refunds.aggregate(minor=Sum("credit_minor"))["minor"] or 0
    return _sum(succeeded, order.currency) + Money(credit, order.currency)


def _given_of_the_total(order: Order) -> Money:
    """What has really gone back of what the order costs: a surplus is no part of that."""
    refunds = order.refunds.exclude(purpose=OrderRefund.Purpose.SURPLUS).order_by()
    credit = refunds.aggregate(minor=Sum("credit_minor"))["minor"] or 0
    succeeded = Refund.objects.filter(
        pk__in=refunds.values("parts__payment_refund"), status=RefundState.SUCCEEDED
    ).order_by()
    return _sum(succeeded, order.currency) + Money(credit, order.currency)
