"""Payments whose intent is not what it should be wait for a person, who alone ends their quarantine."""

from __future__ import annotations

from datetime import datetime

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.payments.models import Payment
from commerce.payments.settling import end
from commerce.payments.states import PaymentStatus


class NotInQuarantine(DomainError):
    code = "payment_not_in_quarantine"
    title = "This payment is not in quarantine"
    kind = ErrorKind.CONFLICT


def release(*, payment: Payment) -> None:
    """What was wrong at the gateway has been put right: the next look decides, in the caller's transaction.

    Raises `NotInQuarantine`.
    """
    payment = _locked(payment)
    Payment.objects.filter(pk=payment.pk).update(quarantine_reason="", checked_at=payment.created_at)


def give_up(*, payment: Payment, reason: str, actor: str, at: datetime) -> None:
    """It was never a payment of ours; in the caller's transaction. Raises `NotInQuarantine`."""
    payment = _locked(payment)
    if payment.status != PaymentStatus.CANCELLED:
        end(payment, reason=reason, actor=actor, at=at)


def _locked(payment: Payment) -> Payment:
    payment = locked_row(Payment, payment.pk)
    if not payment.quarantine_reason:
        raise NotInQuarantine()
    return payment
