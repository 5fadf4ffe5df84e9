"""Collecting what an order still lacks, such as the difference that an edit made."""

from __future__ import annotations

from datetime import datetime

from commerce.orders.models import Order
from commerce.orders.paying import awaited_online, follow_payments
from commerce.payments.models import Payment
from commerce.payments.opening import open_payment
from commerce.payments.settling import settle


def collect(*, order: Order, actor: str, at: datetime) -> Payment | None:
    """The payment that the shopper is to make now, open at the gateway; None when nothing is awaited any more.

    Asked again it looks at what became of it: safe to repeat, and called outside any transaction.

    Raises `GatewayUnavailable`, `GatewayRefused`.
    """
    payment = awaited_online(order)
    if payment is None:
        return None
    if payment.gateway_id:
        settle(payment_id=payment.pk, actor=actor, at=at)
        follow_payments(order_id=order.pk, actor=actor, reason="The shopper is back from paying", at=at)
    else:
        open_payment(payment_id=payment.pk, actor=actor, at=at)
    return awaited_online(order)
