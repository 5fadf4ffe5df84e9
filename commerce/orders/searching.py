from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from commerce.orders.models import Fulfilment, Order, OrderLine, OrderPayment, Replacement, Return
from commerce.orders.states import (
    OPEN_RETURNS,
    RECEIVED_RETURNS,
    FulfilmentState,
    FulfilmentStatus,
    OrderStatus,
    PaymentState,
)
from commerce.payments.states import OPEN_DISPUTES


@dataclass(frozen=True, slots=True)
class Wanted:
    """What orders are looked for; what is empty is not asked. `text`: numbers, e-mail addresses, names, SKUs."""

    text: str = ""
    status: str = ""
    payment_state: str = ""
    fulfilment_state: str = ""
    market: str = ""
    since: datetime | None = None
    before: datetime | None = None


def search(wanted: Wanted) -> QuerySet[Order]:
    """Newest first. What was typed is matched from the beginning of a number, anywhere in an address, and as a whole
    SKU, in any case of letters."""
    orders = Order.objects.order_by("-placed_at")
    exact = {
        "status": wanted.status,
        "payment_state": wanted.payment_state,
        "fulfilment_state": wanted.fulfilment_state,
        "market": wanted.market,
        "placed_at__gte": wanted.since,
        "placed_at__lt": wanted.before,
    }
    orders = orders.filter(**{name: value for name, value in exact.items() if value})
    for word in wanted.text.replace("\x00", "").split():
        orders = orders.filter(_matches(word))
    return orders


def _matches(word: str) -> Q:
    number = word.upper()
    sold = OrderLine.objects.filter(order=OuterRef("pk"), sku__iexact=word)
    found = Q(number__startswith=number) | Q(number__startswith=f"M-{number}")
    return found | Q(email__icontains=word) | Q(shipping_address__name__icontains=word) | Q(Exists(sold))


_ALIVE = (OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED)


def to_send() -> QuerySet[Order]:
    """Goods are owed: the clerk's first queue."""
    waiting = (FulfilmentState.UNFULFILLED, FulfilmentState.PARTIALLY_FULFILLED)
    left = OrderLine.objects.filter(order=OuterRef("pk"), is_shipped=True, quantity__gt=F("fulfilled") + F("cancelled"))
    packed = Fulfilment.objects.filter(order=OuterRef("pk"), status=FulfilmentStatus.PACKED)
    replaced = Replacement.objects.filter(
        parent__order=OuterRef("pk"), parent__status__in=RECEIVED_RETURNS, quantity__gt=F("fulfilled") + F("cancelled")
    )
    owed = Q(Exists(left)) | Q(Exists(packed)) | Q(Exists(replaced))
    return Order.objects.filter(owed, status__in=_ALIVE, fulfilment_state__in=waiting)


def to_be_paid() -> QuerySet[Order]:
    """Money is awaited: by transfer, on delivery, authorised and not captured, or less came than is due."""
    waiting = (PaymentState.PENDING, PaymentState.AUTHORISED, PaymentState.PARTIALLY_PAID)
    return Order.objects.filter(payment_state__in=waiting).exclude(status=OrderStatus.CANCELLED)


def disputed() -> Exists:
    """Whether a shopper's bank asks for the money of the order at hand, and has not decided yet."""
    return Exists(OrderPayment.objects.filter(order=OuterRef("pk"), payment__disputes__status__in=OPEN_DISPUTES))


def on_their_way() -> QuerySet[Order]:
    return Order.objects.filter(status=OrderStatus.SHIPPED)


def with_open_returns() -> QuerySet[Order]:
    waiting = Return.objects.filter(order=OuterRef("pk"), status__in=OPEN_RETURNS)
    return Order.objects.filter(Exists(waiting))
