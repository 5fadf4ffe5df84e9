"""Money back, whatever the reason: worked out, split between payments and credit, written down, announced.

In the caller's transaction, under the order's lock, after stock and before nothing else: credit accounts and payments
are locked here, in this order.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Sum

from commerce.credit import redeeming
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.orders.asking import ask_for_no_more
from commerce.orders.disputes import held_by_banks
from commerce.orders.fulfilling import to_send
from commerce.orders.models import (
    Fulfilment,
    FulfilmentLine,
    Order,
    OrderLine,
    OrderRefund,
    OrderRefundLine,
    OrderRefundPart,
    Return,
)
from commerce.orders.paying import credit_left, follow, is_paid_short, lacking, standing_of
from commerce.orders.refund_sums import GivenBack, OrderRefundTooLarge, PaidFor, RefundSums
from commerce.orders.states import FulfilmentStatus
from commerce.payments.cancelling import request_cancel
from commerce.payments.models import Payment, Refund
from commerce.payments.refunding import request_refund
from commerce.payments.states import RefundState

_NOT_OF_THE_TOTAL = OrderRefund.Purpose.SURPLUS


class OrderNotPaid(DomainError):
    """`facts["received"]` is what came in so far."""

    code = "order_not_paid"
    title = "This has not been paid yet: take note of the money first, or cancel the order"
    kind = ErrorKind.CONFLICT


class MoneyDisputed(DomainError):
    """`facts["refundable"]` is what can be given back meanwhile."""

    code = "money_disputed"
    title = "The shopper's bank holds this money until the dispute is decided: give it back once it is won"
    kind = ErrorKind.CONFLICT


class GoodsNotSent(DomainError):
    """`facts["sku"]` names them. Their units are given back with the money, or the order is cancelled."""

    code = "goods_not_sent"
    title = "Goods that are still to be sent would cost nothing: give back their units too, or cancel the order"
    kind = ErrorKind.CONFLICT


@dataclass
class _Split:
    """Payments first, then what nobody has paid, then credit; where nobody will pay the rest, that before all."""

    parts: list[tuple[Payment, Money]] = field(default_factory=list)
    voided: Money | None = None
    credit: Money | None = None


def paid_for(order: Order, lines: Mapping[int, OrderLine]) -> PaidFor:
    def whole(amount: Money, tax: Money) -> Money:
        return amount if order.tax_inclusive else amount + tax

    shipping_tax = Money(order.shipping_tax_minor, order.currency)
    return PaidFor(
        lines={pk: (whole(line.total, line.tax), line.quantity) for pk, line in lines.items()},
        taxes={pk: line.tax for pk, line in lines.items()},
        shipping=whole(order.shipping, shipping_tax),
        shipping_tax=shipping_tax,
        total=order.total,
    )


def given_back(order: Order, lines: Mapping[int, OrderLine]) -> GivenBack:
    shipping = order.refunds.aggregate(minor=Sum("shipping_minor"))["minor"] or 0
    return GivenBack(
        units={pk: line.refunded for pk, line in lines.items()},
        shipping=Money(shipping, order.currency),
        total=order.refunded,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A refund as the shopper is told of it. What failed has not arrived, and is still owed."""

    at: datetime
    amount: Money
    status: RefundState


def told_refunds(order: Order) -> list[Told]:
    """Of money that came in, oldest first; each is as far as the slowest of its parts."""
    told = []
    for refund in order.refunds.prefetch_related("parts__payment_refund"):
        back = refund.total - Money(refund.voided_minor, refund.currency)
        reached = {part.payment_refund.status for part in refund.parts.all()}
        status = next((each for each in _SLOWEST_FIRST if each in reached), RefundState.SUCCEEDED)
        if back:
            told.append(Told(refund.at, back, status))
    return told


_SLOWEST_FIRST = (RefundState.FAILED, RefundState.REQUESTED, RefundState.WAIVED)


def give_back(
    *,
    order: Order,
    sums: RefundSums,
    purpose: OrderRefund.Purpose,
    parent: Return | None = None,
    may_void: bool = False,
    reason: str,
    actor: str,
    at: datetime,
) -> OrderRefund:
    """Write the refund down and ask for the money; `may_void` takes what nobody has paid yet as given back.

    Raises:
        OrderNotPaid: it is more than came in.
        OrderRefundTooLarge: it is more than is left of what came in.
        MoneyDisputed: it takes money that a bank holds while a dispute lasts.
        GoodsNotSent: the order would end with the last of its money, its goods neither sent nor in stock again.
    """
    key = uuid.uuid4()
    split = _split(order, sums.total, may_void=may_void)
    credit, voided = split.credit or Money.zero(order.currency), split.voided or Money.zero(order.currency)
    if credit:
        redeeming.refund(holder=order.checkout_id, amount=credit, reference=str(key), actor=actor, reason=reason, at=at)
    asked = [_ask(payment, amount, reason=reason, actor=actor, at=at) for payment, amount in split.parts]
    refund = OrderRefund.objects.create(
        id=key,
        order=order,
        parent=parent,
        purpose=purpose,
        shipping_minor=sums.shipping.minor,
        shipping_tax_minor=sums.shipping_tax.minor,
        other_minor=sums.other.minor,
        adjustment_minor=sums.adjustment.minor,
        total_minor=sums.total.minor,
        credit_minor=credit.minor,
        voided_minor=voided.minor,
        currency=order.currency,
        actor=actor,
        reason=reason,
        at=at,
    )
    OrderRefundLine.objects.bulk_create(
        OrderRefundLine(
            refund=refund, line_id=pk, quantity=each.quantity, amount_minor=each.amount.minor, tax_minor=each.tax.minor
        )
        for pk, each in sums.lines.items()
    )
    OrderRefundPart.objects.bulk_create(OrderRefundPart(refund=refund, payment_refund=each) for each in asked)
    count(order, refund, sums)
    if purpose != _NOT_OF_THE_TOTAL and sums.total and not order.refundable and (skus := _not_sent(order)):
        raise GoodsNotSent(sku=skus)
    if voided or purpose == _NOT_OF_THE_TOTAL:
        ask_for_no_more(order, reason=reason, actor=actor, at=at)
    announce(refund, at=at)
    follow(order, actor=actor, reason=reason, at=at)
    return refund


def _ask(payment: Payment, amount: Money, *, reason: str, actor: str, at: datetime) -> Refund:
    if payment.is_promised:
        # Half of it has come: calling it off pays back what came.
        request_cancel(payment=payment, reason=reason, actor=actor, at=at)
        return payment.refunds.latest("created_at")
    return request_refund(payment=payment, amount=amount, reason=reason, actor=actor, at=at)


def _not_sent(order: Order) -> list[str]:
    packed = Fulfilment.objects.filter(order=order, status=FulfilmentStatus.PACKED)
    lines = FulfilmentLine.objects.filter(fulfilment__in=packed).select_related("line", "replacement")
    return sorted({sold.sku for sold in (*to_send(order), *(each.sold for each in lines))})


def count(order: Order, refund: OrderRefund, sums: RefundSums) -> None:
    """On the order and its lines; the database judges whether it fits."""
    if refund.purpose == _NOT_OF_THE_TOTAL:
        return
    Order.objects.filter(pk=order.pk).update(refunded_minor=F("refunded_minor") + refund.total_minor)
    order.refunded_minor += refund.total_minor
    for pk, each in sums.lines.items():
        OrderLine.objects.filter(pk=pk).update(refunded=F("refunded") + each.quantity)


def announce(refund: OrderRefund, *, at: datetime) -> None:
    if refund.total_minor:
        payload = {"order": str(refund.order_id), "refund": str(refund.pk), "purpose": str(refund.purpose)}
        outbox.record("orders.refunded", payload, at=at)


def _split(order: Order, total: Money, *, may_void: bool) -> _Split:
    """Raises `OrderNotPaid`, `OrderRefundTooLarge`, `MoneyDisputed`."""
    zero, split, rest = Money.zero(total.currency), _Split(), total
    standings, held = standing_of(order), held_by_banks(order)
    # However much was authorised or promised, of which an edit or a refund may have taken off a part. What a bank holds
    # has been paid, and comes back to the shop or goes to the shopper: nobody is to pay it.
    awaited = lacking(order)
    if may_void and not any(each.open for each in standings) and is_paid_short(order):
        # Nobody will pay the rest, so it is the first to go.
        split.voided = min(rest, awaited)
        rest -= split.voided
    for standing in standings:
        part = min(rest, standing.left)
        if part > zero:
            split.parts.append((standing.payment, part))
            rest -= part
    if may_void and awaited > zero and split.voided is None:
        split.voided = min(rest, awaited)
        promised = any(each.payment.is_promised for each in standings)
        if split.voided < awaited and promised and (split.voided or any(each.is_promised for each, _ in split.parts)):
            # Less than what was promised cannot be told to whoever pays it.
            raise OrderNotPaid(received=(total - rest).document())
        rest -= split.voided
    if rest > zero and not (awaited > zero and not may_void):
        split.credit = min(rest, credit_left(order))
        rest -= split.credit
    if rest > zero:
        if held > zero:
            raise MoneyDisputed(refundable=(total - rest).document())
        if awaited > zero:
            raise OrderNotPaid(received=(total - rest).document())
        raise OrderRefundTooLarge(refundable=(total - rest).document())
    return split
