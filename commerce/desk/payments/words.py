"""What the states of a payment, and the money that moved by it, are called at the desk."""

from __future__ import annotations

from collections.abc import Mapping

from commerce.payments.models import LedgerEntry
from commerce.payments.states import CaptureState, DisputeState, PaymentStatus, RefundState

PAYMENT = "Payment"
STATUSES: Mapping[str, str] = {
    PaymentStatus.OPENING: "Not paid yet",
    PaymentStatus.OPEN: "Not paid yet",
    PaymentStatus.AUTHORISED: "Authorised",
    PaymentStatus.SUCCEEDED: "Paid",
    PaymentStatus.CANCELLED: "Called off",
}
STATES: Mapping[str, Mapping[str, str]] = {
    PAYMENT: STATUSES,
    "Capture": {
        CaptureState.REQUESTED: "Asked for",
        CaptureState.SUCCEEDED: "Made",
        CaptureState.FAILED: "Failed",
    },
    "Refund": {
        RefundState.REQUESTED: "Asked for",
        RefundState.SUCCEEDED: "Made",
        RefundState.FAILED: "Did not arrive",
        RefundState.WAIVED: "Not owed any more",
    },
    "Dispute": {
        DisputeState.NEEDS_RESPONSE: "Needs an answer",
        DisputeState.UNDER_REVIEW: "Under review",
        DisputeState.WON: "Won",
        DisputeState.LOST: "Lost",
    },
}
"""By whose state it is."""
BOOKED: Mapping[str, str] = {
    LedgerEntry.Kind.CAPTURE: "Received",
    LedgerEntry.Kind.REFUND: "Given back",
    LedgerEntry.Kind.REFUND_FAILED: "Refund came back",
    LedgerEntry.Kind.DISPUTE: "Dispute lost",
}
