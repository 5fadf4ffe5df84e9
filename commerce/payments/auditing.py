"""Do the books of payments add up? Each question is a set-based query, fast enough for a million payments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from commerce.payments.models import Capture, Dispute, LedgerEntry, Method, Payment, Refund
from commerce.payments.states import CaptureState, DisputeState, PaymentStatus, RefundState

Kind = LedgerEntry.Kind


def discrepancies() -> Iterator[str]:
    """Where the ledger and what it is about contradict each other: the part of I1 and I4 that needs no gateway."""
    yield from _captures()
    yield from _refunds()
    yield from _disputes()


def _captures() -> Iterator[str]:
    """Money and status say the same: taken once at the gateway (I4), and in full where it came outside one."""
    entries = LedgerEntry.objects.filter(kind=Kind.CAPTURE)
    taken = Exists(entries.filter(payment=OuterRef("pk")))
    for payment in Payment.objects.filter(~taken, status=PaymentStatus.SUCCEEDED):
        yield f"I1 payment {payment.pk}: {payment.status}, and nothing was captured"
    at_gateway = Q(payment__method=Method.STRIPE)
    without = entries.filter(at_gateway).exclude(payment__status=PaymentStatus.SUCCEEDED)
    for entry in without.select_related("payment"):
        yield f"I1 payment {entry.payment_id}: {entry.payment.status}, captured {entry.amount_minor}"
    sums = entries.values("payment", "payment__method", "payment__status", "payment__amount_minor")
    sums = sums.annotate(captured=Sum("amount_minor"), times=Count("pk")).order_by()
    for row in sums.filter(at_gateway, times__gt=1):
        yield f"I4 payment {row['payment']}: captured {row['times']} times"
    promised = ~Q(payment__method=Method.STRIPE)
    for row in sums.filter(promised, payment__status=PaymentStatus.SUCCEEDED, captured__lt=F("payment__amount_minor")):
        yield f"I1 payment {row['payment']}: succeeded, received {row['captured']} of {row['payment__amount_minor']}"
    for row in sums.filter(promised, payment__status=PaymentStatus.OPEN, captured__gte=F("payment__amount_minor")):
        yield f"I1 payment {row['payment']}: open, received {row['captured']} of {row['payment__amount_minor']}"
    waiting = Capture.objects.filter(status=CaptureState.SUCCEEDED).exclude(payment__status=PaymentStatus.SUCCEEDED)
    for capture in waiting:
        yield f"I1 capture {capture.pk}: succeeded, its payment did not"


def _refunds() -> Iterator[str]:
    """What was refunded is in the ledger, and never more than was captured."""
    booked = _by_payment(LedgerEntry.objects.filter(kind__in=[Kind.REFUND, Kind.REFUND_FAILED]))
    made = _by_payment(Refund.objects.filter(status=RefundState.SUCCEEDED))
    for payment in booked.keys() | made.keys():
        if -booked.get(payment, 0) != made.get(payment, 0):
            yield f"I1 payment {payment}: refunded {made.get(payment, 0)}, the ledger says {-booked.get(payment, 0)}"
    balance = LedgerEntry.objects.exclude(kind=Kind.DISPUTE).values("payment").annotate(minor=Sum("amount_minor"))
    for row in balance.order_by().filter(minor__lt=0):
        yield f"I1 payment {row['payment']}: {-row['minor']} more was refunded than captured"


def _disputes() -> Iterator[str]:
    booked = _by_payment(LedgerEntry.objects.filter(kind=Kind.DISPUTE))
    lost = _by_payment(Dispute.objects.filter(status=DisputeState.LOST))
    for payment in booked.keys() | lost.keys():
        if -booked.get(payment, 0) != lost.get(payment, 0):
            yield f"I1 payment {payment}: lost {lost.get(payment, 0)}, the ledger says {-booked.get(payment, 0)}"


def _by_payment(rows: QuerySet[Any]) -> Mapping[Any, int]:
    sums = rows.order_by().values_list("payment").annotate(minor=Sum("amount_minor"))
    return dict(sums.values_list("payment", "minor"))
