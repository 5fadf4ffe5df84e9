from __future__ import annotations

from enum import StrEnum

from commerce.kit.states import Transitions


class PaymentStatus(StrEnum):
    OPENING = "opening"
    OPEN = "open"
    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"


class RefundState(StrEnum):
    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


PAYMENT_TRANSITIONS: Transitions = {
    "": frozenset({PaymentStatus.OPENING}),
    PaymentStatus.OPENING: frozenset({PaymentStatus.OPEN, PaymentStatus.CANCELLED}),
    PaymentStatus.OPEN: frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.CANCELLED}),
    PaymentStatus.SUCCEEDED: frozenset(),
    PaymentStatus.CANCELLED: frozenset(),
}

REFUND_TRANSITIONS: Transitions = {
    "": frozenset({RefundState.REQUESTED}),
    RefundState.REQUESTED: frozenset({RefundState.SUCCEEDED, RefundState.FAILED}),
    RefundState.SUCCEEDED: frozenset(),
    RefundState.FAILED: frozenset(),
}
