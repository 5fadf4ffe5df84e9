from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from cms.prepared import prepared
from commerce.kit.outbox import Payload, subscribe
from commerce.kit.schedule import every
from commerce.orders import adopting, cancelling, lapsing
from commerce.orders.models import Order, OrderPayment
from commerce.orders.paying import follow_payments
from commerce.orders.states import OrderStatus, PaymentState
from commerce.payments.states import PaymentStatus

logger = logging.getLogger(__name__)

ACTOR = "payment task"
MOST_AT_ONCE = 200


@subscribe("payments.succeeded")
def take_as_paid(*, payload: Payload, at: datetime) -> None:
    if not _is_paid_and_untouched(payment=uuid.UUID(payload["payment"])):
        _follow(payload, "The payment was made", at=at)


@prepared
def _is_paid_and_untouched(*, payment: uuid.UUID) -> QuerySet[Any]:
    """Orders whose first payment this is and that count as paid, since they were placed, as nearly all do, or since
    this was heard before. They were not edited, refunded or cancelled, and so have nothing to follow or to give back.
    """
    untouched = Order.objects.filter(payment_id=payment, payment_state=PaymentState.PAID, edited=0, refunded_minor=0)
    return untouched.exclude(status=OrderStatus.CANCELLED).values_list("pk")


@subscribe("payments.authorised")
def take_as_authorised(*, payload: Payload, at: datetime) -> None:
    _follow(payload, "The payment was authorised", at=at)


@subscribe("payments.cancelled")
def take_as_called_off(*, payload: Payload, at: datetime) -> None:
    _follow(payload, "The payment was called off", at=at)


@subscribe("payments.refunded")
def take_as_paid_back(*, payload: Payload, at: datetime) -> None:
    adopting.adopt(refund_id=uuid.UUID(payload["refund"]), actor=ACTOR, at=at)
    _follow(payload, "Money went back", at=at)


@subscribe("payments.refund_failed")
def take_as_not_paid_back(*, payload: Payload, at: datetime) -> None:
    _follow(payload, "A refund failed", at=at)


@subscribe("payments.dispute_closed")
def take_as_decided_by_the_bank(*, payload: Payload, at: datetime) -> None:
    adopting.adopt_dispute(dispute_id=uuid.UUID(payload["dispute"]), actor=ACTOR, at=at)
    _follow(payload, "A dispute was decided", at=at)


@every(seconds=300)
def follow_what_moved(*, at: datetime) -> None:
    """However often a delivery above has failed, and whichever came before its order was there (invariant I6)."""
    moved = Q(
        payment_state__in=[PaymentState.PENDING, PaymentState.AUTHORISED, PaymentState.PARTIALLY_PAID],
        payments__payment__status__in=[PaymentStatus.SUCCEEDED, PaymentStatus.CANCELLED],
    )
    # Edited when the state did not say yet that a difference is awaited.
    dearer = Q(
        payment_state=PaymentState.PAID,
        payments__purpose=OrderPayment.Purpose.DIFFERENCE,
        payments__payment__status__in=[PaymentStatus.OPENING, PaymentStatus.OPEN],
        payments__payment__cancel_requested_at=None,
    )
    waiting = Order.objects.filter(
        moved | dearer,
        placed_at__lte=at - timedelta(minutes=1),
    )
    _in_turn(waiting.distinct(), lambda order_id: _bring_up(order_id, "Found by the clock", at=at), at=at)


@every(seconds=900)
def cancel_what_was_not_paid_in_time(*, at: datetime) -> None:
    _in_turn(lapsing.overdue(at=at), lambda order_id: lapsing.lapse(order_id=order_id, actor="clock", at=at), at=at)


def _in_turn(waiting: QuerySet[Order], see_to: Callable[[uuid.UUID], object], *, at: datetime) -> None:
    """Whom nobody looked at for longest is first, so that orders with which nothing works keep no others waiting."""
    longest_first = waiting.order_by(F("checked_at").asc(nulls_first=True), "placed_at")
    for order_id in longest_first.values_list("pk", flat=True)[:MOST_AT_ONCE]:
        try:
            Order.objects.filter(pk=order_id).update(checked_at=at)
            see_to(order_id)
        except Exception:  # whatever is wrong with one order must not hold up the others
            logger.exception("the clock can do nothing for order %s", order_id)


def _follow(payload: Payload, reason: str, *, at: datetime) -> uuid.UUID | None:
    """Payments of what has not become an order yet are the checkout's business."""
    link = OrderPayment.objects.filter(payment=_payment_of(payload)).first()
    if link is None:
        return None
    _bring_up(link.order_id, reason, at=at)
    return link.order_id


def _payment_of(payload: Payload) -> uuid.UUID | None:
    if "payment" in payload:
        return uuid.UUID(payload["payment"])
    return adopting.payment_of(refund_id=uuid.UUID(payload["refund"]))


def _bring_up(order_id: uuid.UUID, reason: str, *, at: datetime) -> None:
    order = follow_payments(order_id=order_id, actor=ACTOR, reason=reason, at=at)
    if order.payment_state == PaymentState.VOIDED and order.status != OrderStatus.CANCELLED:
        _cancel_unpaid(order, at=at)
    adopting.give_back_what_is_not_owed(order_id=order_id, actor=ACTOR, at=at)


def _cancel_unpaid(order: Order, *, at: datetime) -> None:
    try:
        cancelling.cancel(order=order, reason="Its payment was called off or has run out", actor=ACTOR, at=at)
    except cancelling.OrderNotCancellable:
        logger.error("order %s was sent, and its payment was called off", order.number)
