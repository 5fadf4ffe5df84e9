"""What other rooms are told of a payment. Every announcement names the payment and what it is for."""

from __future__ import annotations

from datetime import datetime

from commerce.kit import outbox
from commerce.payments.models import Payment


def announce(name: str, payment: Payment, *, at: datetime, **further: str) -> None:
    """Record `payments.<name>`, in the caller's transaction."""
    payload = {"payment": str(payment.pk), "reference": str(payment.reference)} | further
    outbox.record(f"payments.{name}", payload, at=at)
