"""Money that comes by bank transfer or in cash: staff say so, and that is what is known of it."""

from __future__ import annotations

from datetime import datetime

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.kit.money import CurrencyMismatch, Money
from commerce.kit.states import advance
from commerce.payments.announcing import announce
from commerce.payments.models import LedgerEntry, Payment
from commerce.payments.refunding import request_refund
from commerce.payments.states import PaymentStatus


class ReceiptRefused(DomainError):
    code = "receipt_refused"
    title = "This payment is made through the gateway, or nothing was received"
    kind = ErrorKind.CONFLICT


class ReceiptKnown(DomainError):
    code = "receipt_already_recorded"
    title = "This receipt was recorded already"
    kind = ErrorKind.CONFLICT


def record_receipt(*, payment: Payment, amount: Money, reference: str, actor: str, at: datetime) -> LedgerEntry:
    """Write down money that came outside any gateway, in the caller's transaction. Several parts may come; the payment
    has succeeded when they add up to it. What comes after it was cancelled is to be paid back.

    `reference` is what the bank's statement or the receipt says; the same one is taken once per payment.

    Raises:
        ReceiptRefused: the payment is not one made outside, the amount is nothing, or there is no reference.
        ReceiptKnown: the reference was recorded before.
        CurrencyMismatch: it is to be paid in another currency.
    """
    payment = locked_row(Payment, payment.pk)
    reference = reference.strip()[:255]
    if not payment.is_offline or amount.minor <= 0 or not reference:
        raise ReceiptRefused()
    if amount.currency != payment.currency:
        raise CurrencyMismatch(f"{amount.currency} and {payment.currency}")
    if payment.ledger.filter(kind=LedgerEntry.Kind.CAPTURE, gateway_reference=reference).exists():
        raise ReceiptKnown()
    entry = LedgerEntry.objects.create(
        payment=payment,
        kind=LedgerEntry.Kind.CAPTURE,
        amount_minor=amount.minor,
        currency=amount.currency,
        gateway_reference=reference,
        is_at_gateway=False,
        at=at,
    )
    if payment.status == PaymentStatus.CANCELLED:
        reason = "Paid after it was cancelled"
        request_refund(payment=payment, amount=amount, reason=reason, actor=actor, at=at)
    elif payment.status == PaymentStatus.OPEN and not payment.captured < payment.amount:
        reason = f"{payment.captured} received, {reference}"[:255]
        advance(payment, PaymentStatus.SUCCEEDED, actor=actor, reason=reason, at=at)
        announce("succeeded", payment, at=at)
    return entry
