"""What the states of an order are called at the desk, and how loud they are."""

from __future__ import annotations

from dataclasses import dataclass

from commerce.orders.states import FulfilmentState, FulfilmentStatus, OrderStatus, PaymentState, ReturnStatus
from commerce.payments.models import Method


@dataclass(frozen=True, slots=True)
class Tag:
    label: str
    tone: str = "quiet"
    """good, busy, wait, bad or quiet."""


STATUSES = {
    OrderStatus.PENDING: Tag("Pending", "wait"),
    OrderStatus.CONFIRMED: Tag("Confirmed", "busy"),
    OrderStatus.PROCESSING: Tag("Processing", "busy"),
    OrderStatus.SHIPPED: Tag("Shipped", "good"),
    OrderStatus.DELIVERED: Tag("Delivered", "good"),
    OrderStatus.CANCELLED: Tag("Cancelled", "bad"),
    OrderStatus.REFUNDED: Tag("Refunded", "bad"),
}
PAYMENT_STATES = {
    PaymentState.PENDING: Tag("Not paid yet", "wait"),
    PaymentState.AUTHORISED: Tag("Authorised", "wait"),
    PaymentState.PARTIALLY_PAID: Tag("Partly paid", "wait"),
    PaymentState.PAID: Tag("Paid", "good"),
    PaymentState.PARTIALLY_REFUNDED: Tag("Partly refunded", "busy"),
    PaymentState.REFUNDED: Tag("Refunded", "bad"),
    PaymentState.VOIDED: Tag("Called off", "bad"),
}
DISPUTED = Tag("Disputed", "bad")
FULFILMENT_STATES = {
    FulfilmentState.UNFULFILLED: Tag("To send", "wait"),
    FulfilmentState.PARTIALLY_FULFILLED: Tag("Partly sent", "busy"),
    FulfilmentState.FULFILLED: Tag("Sent", "good"),
    FulfilmentState.DELIVERED: Tag("Arrived", "good"),
}
PARCELS = {
    FulfilmentStatus.PACKED: Tag("Packed", "wait"),
    FulfilmentStatus.SHIPPED: Tag("On its way", "busy"),
    FulfilmentStatus.DELIVERED: Tag("Delivered", "good"),
    FulfilmentStatus.CANCELLED: Tag("Unpacked", "quiet"),
}
RETURNS = {
    ReturnStatus.REQUESTED: Tag("Asked for", "wait"),
    ReturnStatus.APPROVED: Tag("Approved, on its way back", "busy"),
    ReturnStatus.REJECTED: Tag("Rejected", "bad"),
    ReturnStatus.RECEIVED: Tag("Received", "good"),
    ReturnStatus.CLOSED: Tag("Closed", "quiet"),
}
METHODS: dict[str, str] = {str(method.value): str(method.label) for method in Method}


def fulfilment_tag(status: str, state: str) -> Tag:
    """Nothing is to be sent of what has ended before it was sent, and nothing yet of what waits for its transfer."""
    if status == OrderStatus.PENDING and state == FulfilmentState.UNFULFILLED:
        return Tag("Not to be sent yet")
    ended = status in (OrderStatus.CANCELLED, OrderStatus.REFUNDED)
    if ended and state == FulfilmentState.UNFULFILLED:
        return Tag("Nothing sent")
    return FULFILMENT_STATES[FulfilmentState(state)]
