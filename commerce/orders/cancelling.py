from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked
from commerce.kit.states import advance
from commerce.orders import gift_cards
from commerce.orders.disputes import is_disputed
from commerce.orders.fulfilling import unpack
from commerce.orders.giving_back import give_back, given_back, paid_for
from commerce.orders.locking import lines_of, lock_order
from commerce.orders.models import Fulfilment, Order, OrderLine, OrderRefund
from commerce.orders.paying import payments_of
from commerce.orders.refund_sums import refund_sums
from commerce.orders.states import FulfilmentStatus, OrderStatus
from commerce.orders.units import cancel_or_take_back
from commerce.payments.cancelling import request_cancel
from commerce.payments.states import PaymentStatus

_FOR_CUSTOMERS = frozenset({OrderStatus.PENDING, OrderStatus.CONFIRMED})
_FOR_STAFF = _FOR_CUSTOMERS | {OrderStatus.PROCESSING}


class OrderNotCancellable(DomainError):
    """`facts["state"]` is the order's."""

    code = "order_not_cancellable"
    title = "The order has been packed, sent or ended; it cannot be cancelled any more"
    kind = ErrorKind.CONFLICT


def cancel(*, order: Order, reason: str, actor: str, at: datetime, by_customer: bool = False) -> Order:
    """Call the whole order off: the goods are in stock again, what was paid goes back, what is not paid is called off.

    A customer may do so until something is packed, or was delivered with the purchase, as gift cards are; staff until
    something is sent. Coupons that were used stay used.

    Lock order: order, parcels, stock levels, credit accounts, payments.

    Raises:
        OrderNotCancellable: too late.
        GiftCardSpent: a gift card that it bought has been used.
        MoneyDisputed: a bank holds what would go back while a dispute lasts.
        CancelRefused: its payment is being captured at this moment; try again.
    """
    with transaction.atomic():
        order = lock_order(order.pk)
        lines = lines_of(order)
        parcels = locked(Fulfilment.objects.filter(order=order).exclude(status=FulfilmentStatus.CANCELLED))
        if not _may_cancel(order, list(lines.values()), parcels, by_customer=by_customer):
            raise OrderNotCancellable(state=order.status)
        for parcel in parcels:
            unpack(parcel, reason=reason, actor=actor, at=at)
        lines = lines_of(order) if parcels else lines
        advance(order, OrderStatus.CANCELLED, actor=actor, reason=reason, at=at)
        _settle(order, lines, reason=reason, actor=actor, at=at)
        payload = {"order": str(order.pk), "by_customer": by_customer}
        outbox.record("orders.cancelled", payload, at=at)
    return order


def may_cancel(order: Order, *, by_customer: bool) -> bool:
    """Whether `cancel` would be let, as far as can be seen without a lock."""
    parcels = list(order.fulfilments.exclude(status=FulfilmentStatus.CANCELLED))
    return _may_cancel(order, list(order.lines.all()), parcels, by_customer=by_customer)


def _may_cancel(order: Order, lines: list[OrderLine], parcels: list[Fulfilment], *, by_customer: bool) -> bool:
    if by_customer:
        may = order.status in _FOR_CUSTOMERS and not parcels and all(line.is_shipped for line in lines)
        # What is disputed is settled between the banks first; staff read that when they try.
        return may and not is_disputed(order)
    return order.status in _FOR_STAFF and all(each.status == FulfilmentStatus.PACKED for each in parcels)


def _settle(order: Order, lines: dict[int, OrderLine], *, reason: str, actor: str, at: datetime) -> None:
    """Everything that was not paid back before, and with it every unit that was not cancelled before."""
    units = {line: line.quantity - line.refunded for line in lines.values() if line.quantity > line.refunded}
    before = given_back(order, lines)
    sums = refund_sums(
        paid=(paid := paid_for(order, lines)),
        given=before,
        units={line.pk: many for line, many in units.items()},
        shipping=paid.shipping - before.shipping,
    )
    cancel_or_take_back(order=order, units=units, into_stock=True, reason=reason, actor=actor, at=at)
    gift_cards.take_back(order=order, units=units, actor=actor, reason=reason, at=at)
    purpose = OrderRefund.Purpose.CANCELLATION
    give_back(order=order, sums=sums, purpose=purpose, may_void=True, reason=reason, actor=actor, at=at)
    _call_off_what_is_open(order, reason=reason, actor=actor, at=at)


def _call_off_what_is_open(order: Order, *, reason: str, actor: str, at: datetime) -> None:
    """Whatever nobody has paid yet, a difference after an edit too."""
    for payment in payments_of(order):
        if payment.status not in (PaymentStatus.SUCCEEDED, PaymentStatus.CANCELLED):
            request_cancel(payment=payment, reason=reason, actor=actor, at=at)
