"""Transfers that nobody makes: what was promised and did not come in time keeps no goods from others."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from commerce.kit.locks import locked
from commerce.orders.cancelling import cancel
from commerce.orders.locking import lock_order
from commerce.orders.models import Order, OrderPayment
from commerce.orders.states import OrderStatus
from commerce.payments.models import Payment
from commerce.payments.states import PaymentStatus


def overdue(*, at: datetime) -> QuerySet[Order]:
    """Orders whose time to pay is over without anything having come."""
    of_order = OrderPayment.objects.filter(order=OuterRef("pk"))
    late = of_order.filter(payment__status=PaymentStatus.OPEN, payment__pay_by__lte=at)
    came = of_order.filter(payment__ledger__isnull=False)
    return Order.objects.filter(Exists(late), ~Exists(came), status=OrderStatus.PENDING)


def lapse(*, order_id: uuid.UUID, actor: str, at: datetime) -> bool:
    """Cancel the order if it still is overdue; says whether it was. Gift cards that paid a part have their money again.

    Lock order: order, its payments, and then what a cancellation locks. Nobody else has a payment of an order and wants
    its stock, so that the payments may come first: no receipt slips in.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        locked(Payment.objects.filter(pk__in=order.payments.values("payment")))
        if not overdue(at=at).filter(pk=order_id).exists():
            return False
        cancel(order=order, reason="It was not paid in time", actor=actor, at=at)
    return True
