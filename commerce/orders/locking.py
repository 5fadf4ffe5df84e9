"""The lock that everything about one order is changed under. It comes first: fulfilments, returns, stock levels, credit
accounts and payments are locked after it, in this order."""

from __future__ import annotations

import uuid

from commerce.kit.locks import locked_row
from commerce.orders.models import Order, OrderLine


def lock_order(order_id: uuid.UUID) -> Order:
    """Raises `Order.DoesNotExist`."""
    return locked_row(Order, order_id)


def lines_of(order: Order) -> dict[int, OrderLine]:
    """The lines by primary key, as they stand under the order's lock."""
    return {line.pk: line for line in OrderLine.objects.filter(order=order)}
