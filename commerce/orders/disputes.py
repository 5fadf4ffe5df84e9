"""What shoppers' banks make of the money of an order, as the payments' disputes say."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet, Sum

from commerce.kit.money import Money
from commerce.orders.models import Order
from commerce.payments.models import Dispute
from commerce.payments.states import OPEN_DISPUTES, DisputeState


def is_disputed(order: Order) -> bool:
    """Whether a shopper's bank asks for money of the order, and has not decided yet."""
    return _disputes(order, OPEN_DISPUTES).exists()


def held_by_banks(order: Order) -> Money:
    """What disputes that are not decided yet keep from shop and shopper."""
    return _money(order, OPEN_DISPUTES)


def lost_to_banks(order: Order) -> Money:
    """What disputes took back for the shopper."""
    return _money(order, (DisputeState.LOST,))


def _money(order: Order, states: Collection[DisputeState]) -> Money:
    held = _disputes(order, states).filter(holds_money=True)
    return Money(held.aggregate(minor=Sum("amount_minor"))["minor"] or 0, order.currency)


def _disputes(order: Order, states: Collection[DisputeState]) -> QuerySet[Dispute]:
    return Dispute.objects.filter(payment__in=order.payments.values("payment"), status__in=states)
