from __future__ import annotations

from enum import StrEnum

from commerce.kit.states import Transitions


class PaymentStatus(StrEnum):
    OPENING = "opening"
    OPEN = "open"
    AUTHORISED = "authorised"
    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"


class CaptureState(StrEnum):
    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class RefundState(StrEnum):
    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    WAIVED = "waived"


class DisputeState(StrEnum):
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


PAYMENT_TRANSITIONS: Transitions = {
    # What is paid outside any gateway has nothing to open.
    "": frozenset({PaymentStatus.OPENING, PaymentStatus.OPEN}),
    PaymentStatus.OPENING: frozenset({PaymentStatus.OPEN, PaymentStatus.CANCELLED}),
    # Open as before when a part of what was promised has come.
    PaymentStatus.OPEN: frozenset(
        {PaymentStatus.OPEN, PaymentStatus.AUTHORISED, PaymentStatus.SUCCEEDED, PaymentStatus.CANCELLED}
    ),
    PaymentStatus.AUTHORISED: frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.CANCELLED}),
    PaymentStatus.SUCCEEDED: frozenset(),
    PaymentStatus.CANCELLED: frozenset(),
}

CAPTURE_TRANSITIONS: Transitions = {
    "": frozenset({CaptureState.REQUESTED}),
    CaptureState.REQUESTED: frozenset({CaptureState.SUCCEEDED, CaptureState.FAILED}),
    CaptureState.SUCCEEDED: frozenset(),
    CaptureState.FAILED: frozenset(),
}

REFUND_TRANSITIONS: Transitions = {
    "": frozenset({RefundState.REQUESTED}),
    RefundState.REQUESTED: frozenset({RefundState.SUCCEEDED, RefundState.FAILED}),
    # A bank may send the money back days after it was told to take it.
    RefundState.SUCCEEDED: frozenset({RefundState.FAILED}),
    # Tried again, paid back by hand, or not owed any more.
    RefundState.FAILED: frozenset({RefundState.REQUESTED, RefundState.SUCCEEDED, RefundState.WAIVED}),
    RefundState.WAIVED: frozenset(),
}

OPEN_DISPUTES = (DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW)
_ENDS = frozenset({DisputeState.WON, DisputeState.LOST})
DISPUTE_TRANSITIONS: Transitions = {
    # It may be heard of late.
    "": frozenset({DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW}) | _ENDS,
    DisputeState.NEEDS_RESPONSE: frozenset({DisputeState.UNDER_REVIEW}) | _ENDS,
    # An inquiry that was answered may still become a dispute that needs an answer.
    DisputeState.UNDER_REVIEW: frozenset({DisputeState.NEEDS_RESPONSE}) | _ENDS,
    DisputeState.WON: frozenset(),
    DisputeState.LOST: frozenset(),
}
