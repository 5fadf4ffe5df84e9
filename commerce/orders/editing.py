"""Another quote in the place of an order's. What the other quote is, is worked out by checkout."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.orders.disputes import is_disputed
from commerce.orders.models import Order, OrderLine, OrderRevision
from commerce.orders.placing import lines_from, sums_from
from commerce.orders.snapshots import QuoteSnapshot
from commerce.orders.states import OrderStatus

_EDITABLE = frozenset({OrderStatus.PENDING, OrderStatus.CONFIRMED})


class OrderNotEditable(DomainError):
    """`facts["because"]` is "status", "packed", "refunded", "returned", "old_quote", "disputed" or "edited"."""

    code = "order_not_editable"
    title = "An order can be edited until something of it is packed, refunded, returned or disputed"
    kind = ErrorKind.CONFLICT


def require_editable(order: Order, *, known: int | None = None) -> None:
    """Raises `OrderNotEditable`, also where it was edited more often than is `known`. The caller holds its lock."""
    if known is not None and known != order.edited:
        raise OrderNotEditable("The order was edited meanwhile; look at it again.", because="edited")
    because = _obstacle(order)
    if because:
        raise OrderNotEditable(because=because)


def rewrite(*, order: Order, quote: QuoteSnapshot, actor: str, reason: str, at: datetime) -> None:
    """Give the order this quote and its lines, and keep the one before as a revision.

    In the caller's transaction, under the order's lock. Raises `OrderNotEditable`.
    """
    require_editable(order)
    OrderRevision.objects.create(order=order, number=order.edited, quote=order.quote, actor=actor, reason=reason, at=at)
    OrderLine.objects.filter(order=order).delete()
    Order.objects.filter(pk=order.pk).update(quote=quote, edited=F("edited") + 1, **sums_from(quote))
    order.refresh_from_db()
    OrderLine.objects.bulk_create(lines_from(quote, order=order))
    outbox.record("orders.edited", {"order": str(order.pk), "edit": order.edited}, at=at)


def _obstacle(order: Order) -> str:
    if order.status not in _EDITABLE:
        return "status"
    if "facts" not in order.quote:
        return "old_quote"
    if order.refunded_minor or order.refunds.exclude(purpose="surplus").exists():
        return "refunded"
    if order.returns.exists():
        return "returned"
    if is_disputed(order):
        return "disputed"
    return "packed" if order.fulfilments.exists() else ""
