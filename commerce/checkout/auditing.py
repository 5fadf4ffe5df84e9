from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from commerce.checkout.models import Checkout
from commerce.checkout.states import CheckoutStatus
from commerce.payments.models import PaymentEvent, Refund
from commerce.payments.states import PaymentStatus, RefundState

SETTLED_WITHIN = timedelta(minutes=10)


def discrepancies(*, at: datetime) -> Iterator[str]:
    """Checkouts that are completed without an order or the reverse (I4), and money that waits too long (I6)."""
    completed = Q(status=CheckoutStatus.COMPLETED)
    for checkout in Checkout.objects.filter((completed & Q(order=None)) | (~completed & Q(order__isnull=False))):
        yield f"I4 checkout {checkout.pk}: {checkout.status}, order {checkout.order_id}"
    paid = PaymentEvent.objects.filter(
        payment=OuterRef("payment"), to_status=PaymentStatus.SUCCEEDED, at__lt=at - SETTLED_WITHIN
    )
    refunded = Refund.objects.filter(payment=OuterRef("payment"), status=RefundState.SUCCEEDED)
    waiting = Checkout.objects.filter(Exists(paid), order=None).exclude(Exists(refunded))
    for checkout in waiting:
        yield f"I6 checkout {checkout.pk}: paid for more than 10 minutes, neither order nor refund"
