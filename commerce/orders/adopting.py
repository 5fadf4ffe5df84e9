"""Money that moved without being asked by the order: refunds made at the payment service, payments that come late."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from commerce.kit.money import Money
from commerce.orders.asking import ask_for_no_more
from commerce.orders.giving_back import announce, count
from commerce.orders.locking import lock_order
from commerce.orders.models import Order, OrderPayment, OrderRefund, OrderRefundPart
from commerce.orders.noting import note
from commerce.orders.paying import balance_of, follow, lacking, owed_still, standing_of
from commerce.orders.refund_sums import RefundSums
from commerce.orders.refunding import give_back_surplus
from commerce.orders.states import OrderStatus
from commerce.payments.models import Dispute, Refund
from commerce.payments.states import DisputeState


def payment_of(*, refund_id: uuid.UUID) -> uuid.UUID:
    return Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)


def adopt(*, refund_id: uuid.UUID, actor: str, at: datetime) -> None:
    """Count a refund that somebody made at the payment service itself, once. What was asked by the order is known.

    What goes back outside any gateway and was not asked by the order is none of it: it was paid too much, too late, or
    for a promise that another has replaced. What is more than was left of the order belongs to nothing that was sold;
    a note says so to the shop.
    """
    link = OrderPayment.objects.filter(payment=payment_of(refund_id=refund_id)).first()
    if link is None:
        return
    with transaction.atomic():
        order = lock_order(link.order_id)
        if OrderRefundPart.objects.filter(payment_refund=refund_id).exists():
            return
        found = Refund.objects.select_related("payment").get(pk=refund_id)
        if found.payment.is_offline:
            return
        amount = min(found.amount, order.refundable)
        if amount < found.amount:
            text = f"{found.amount} went back at the payment service, {order.refundable} was left of the order."
            note(order=order, text=text, is_visible=False, actor=actor, at=at)
        kept = _write_down(order, amount, reason=found.reason[:255], actor=actor, at=at)
        OrderRefundPart.objects.create(refund=kept, payment_refund=found)


def adopt_dispute(*, dispute_id: uuid.UUID, actor: str, at: datetime) -> None:
    """What a bank took back is given back as well: it is not paid back once more, when goods return. Once."""
    dispute = Dispute.objects.get(pk=dispute_id)
    link = OrderPayment.objects.filter(payment=dispute.payment_id).first()
    if link is None or dispute.status != DisputeState.LOST:
        return
    reason = f"Dispute {dispute.gateway_id} was lost"[:255]
    with transaction.atomic():
        order = lock_order(link.order_id)
        if not order.refunds.filter(purpose=OrderRefund.Purpose.GATEWAY, reason=reason).exists():
            _write_down(order, min(dispute.amount, order.refundable), reason=reason, actor=actor, at=at)
            follow(order, actor=actor, reason=reason, at=at)


def give_back_what_is_not_owed(*, order_id: uuid.UUID, actor: str, at: datetime) -> None:
    """What was paid after the order was cancelled goes back, all of it (invariant I6); so does what a gateway has taken
    beyond what is owed: captured or paid while the order was being edited or refunded.

    What was paid too much outside any gateway waits for a person, who knows what the shopper means by it. What is still
    awaited or authorised, and not needed any more, is called off.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        standings, zero = standing_of(order), Money.zero(order.currency)
        if order.status == OrderStatus.CANCELLED:
            # What failed on its way back is still owed, and waits for a person: it is not asked for again.
            left = (max(zero, each.left - owed_still(each.payment)) for each in standings)
            kept, reason = Money.total(left, currency=order.currency), _TOO_LATE
        else:
            through = (each.left for each in standings if not each.payment.is_offline)
            kept, reason = min(balance_of(order), Money.total(through, currency=order.currency)), _TOO_MUCH
        if kept > zero:
            give_back_surplus(order=order, amount=kept, reason=reason, actor=actor, at=at)
        if order.status == OrderStatus.REFUNDED or not lacking(order):
            ask_for_no_more(order, reason=_NOT_NEEDED, actor=actor, at=at)


_TOO_LATE = "Paid after the order was cancelled"
_TOO_MUCH = "More was taken than is owed"
_NOT_NEEDED = "Nothing is owed any more"


def _write_down(order: Order, amount: Money, *, reason: str, actor: str, at: datetime) -> OrderRefund:
    kept = OrderRefund.objects.create(
        order=order,
        purpose=OrderRefund.Purpose.GATEWAY,
        other_minor=amount.minor,
        total_minor=amount.minor,
        currency=order.currency,
        actor=actor,
        reason=reason,
        at=at,
    )
    zero = Money.zero(order.currency)
    count(order, kept, RefundSums({}, zero, zero, amount, zero, amount))
    announce(kept, at=at)
    return kept
