"""The tables by which orders, their fulfilments and their returns move. docs/orders.md prints them."""

from __future__ import annotations

from enum import StrEnum

from commerce.kit.states import Transitions


class OrderStatus(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class PaymentState(StrEnum):
    PENDING = "pending"
    AUTHORISED = "authorised"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"


class FulfilmentState(StrEnum):
    UNFULFILLED = "unfulfilled"
    PARTIALLY_FULFILLED = "partially_fulfilled"
    FULFILLED = "fulfilled"
    DELIVERED = "delivered"


class FulfilmentStatus(StrEnum):
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class ReturnStatus(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    RECEIVED = "received"
    CLOSED = "closed"


PAYMENT_STATE = "payment_state"
FULFILMENT_STATE = "fulfilment_state"

ORDER_TRANSITIONS: Transitions = {
    "": frozenset({OrderStatus.PENDING, OrderStatus.CONFIRMED}),
    OrderStatus.PENDING: frozenset({OrderStatus.CONFIRMED, OrderStatus.CANCELLED}),
    OrderStatus.CONFIRMED: frozenset(
        {OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.CANCELLED, OrderStatus.REFUNDED}
    ),
    # Back to confirmed when what was packed is unpacked.
    OrderStatus.PROCESSING: frozenset(
        {OrderStatus.CONFIRMED, OrderStatus.SHIPPED, OrderStatus.CANCELLED, OrderStatus.REFUNDED}
    ),
    # Back to processing when a replacement is to be sent.
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED, OrderStatus.PROCESSING, OrderStatus.REFUNDED}),
    OrderStatus.DELIVERED: frozenset({OrderStatus.PROCESSING, OrderStatus.REFUNDED}),
    OrderStatus.CANCELLED: frozenset(),
    OrderStatus.REFUNDED: frozenset(),
}

PAYMENT_STATE_TRANSITIONS: Transitions = {
    "": frozenset({PaymentState.PENDING, PaymentState.AUTHORISED, PaymentState.PAID}),
    PaymentState.PENDING: frozenset(
        {PaymentState.AUTHORISED, PaymentState.PARTIALLY_PAID, PaymentState.PAID, PaymentState.VOIDED}
    ),
    # To pending when it was captured and the difference that an edit made is still awaited.
    PaymentState.AUTHORISED: frozenset(
        {PaymentState.PENDING, PaymentState.PARTIALLY_PAID, PaymentState.PAID, PaymentState.VOIDED}
    ),
    # Less came than is due. Paid once what is missing is refunded or edited away, or has come as well; refunded when
    # the order was cancelled before.
    PaymentState.PARTIALLY_PAID: frozenset({PaymentState.PAID, PaymentState.REFUNDED}),
    # To partially paid when an edit made it dearer.
    PaymentState.PAID: frozenset({PaymentState.PARTIALLY_PAID, PaymentState.PARTIALLY_REFUNDED, PaymentState.REFUNDED}),
    # Back when a refund fails after it had succeeded: the money is with the shop again.
    PaymentState.PARTIALLY_REFUNDED: frozenset({PaymentState.PAID, PaymentState.REFUNDED}),
    PaymentState.REFUNDED: frozenset({PaymentState.PARTIALLY_REFUNDED, PaymentState.PAID}),
    # Money that comes although the payment was called off is taken note of, and goes back.
    PaymentState.VOIDED: frozenset({PaymentState.PARTIALLY_PAID, PaymentState.PAID}),
}

TAKEN = frozenset({PaymentState.PAID, PaymentState.PARTIALLY_REFUNDED, PaymentState.REFUNDED})
"""All that the order cost has come in, whatever went back since."""

FULFILMENT_STATE_TRANSITIONS: Transitions = {
    "": frozenset({FulfilmentState.UNFULFILLED, FulfilmentState.FULFILLED}),
    FulfilmentState.UNFULFILLED: frozenset({FulfilmentState.PARTIALLY_FULFILLED, FulfilmentState.FULFILLED}),
    FulfilmentState.PARTIALLY_FULFILLED: frozenset({FulfilmentState.FULFILLED, FulfilmentState.DELIVERED}),
    # Back to partially fulfilled when a replacement is to be sent, or an edit adds goods.
    FulfilmentState.FULFILLED: frozenset({FulfilmentState.PARTIALLY_FULFILLED, FulfilmentState.DELIVERED}),
    FulfilmentState.DELIVERED: frozenset({FulfilmentState.PARTIALLY_FULFILLED}),
}

OPEN_RETURNS = (ReturnStatus.REQUESTED, ReturnStatus.APPROVED)
"""Something is still to come back with them."""
RECEIVED_RETURNS = (ReturnStatus.RECEIVED, ReturnStatus.CLOSED)

FULFILMENT_TRANSITIONS: Transitions = {
    "": frozenset({FulfilmentStatus.PACKED}),
    FulfilmentStatus.PACKED: frozenset({FulfilmentStatus.SHIPPED, FulfilmentStatus.CANCELLED}),
    FulfilmentStatus.SHIPPED: frozenset({FulfilmentStatus.DELIVERED}),
    FulfilmentStatus.DELIVERED: frozenset(),
    FulfilmentStatus.CANCELLED: frozenset(),
}

RETURN_TRANSITIONS: Transitions = {
    "": frozenset({ReturnStatus.REQUESTED}),
    ReturnStatus.REQUESTED: frozenset({ReturnStatus.APPROVED, ReturnStatus.REJECTED}),
    # Closed without being received: the goods never came.
    ReturnStatus.APPROVED: frozenset({ReturnStatus.RECEIVED, ReturnStatus.CLOSED}),
    ReturnStatus.RECEIVED: frozenset({ReturnStatus.CLOSED}),
    ReturnStatus.REJECTED: frozenset(),
    ReturnStatus.CLOSED: frozenset(),
}
