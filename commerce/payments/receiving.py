"""Money that comes by bank transfer or in cash: staff say so, and that is what is known of it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.kit.money import CurrencyMismatch, Money
from commerce.kit.states import advance
from commerce.payments.announcing import announce
from commerce.payments.attention import excess_of
from commerce.payments.models import LedgerEntry, Payment
from commerce.payments.refunding import request_refund
from commerce.payments.settling import end_offline
from commerce.payments.states import PaymentStatus


class ReceiptRefused(DomainError):
    code = "receipt_refused"
    title = "This payment is made through the gateway, or nothing was received"
    kind = ErrorKind.CONFLICT


class ReceiptKnown(DomainError):
    code = "receipt_already_recorded"
    title = "This receipt was recorded already"
    kind = ErrorKind.CONFLICT


def promise_another_amount(
    *, payment: Payment, rest: Money, pay_by: datetime | None, reason: str, actor: str, at: datetime
) -> None:
    """So much is still to come of what was promised outside any gateway, until then; what has come stays. Where nothing
    is to come any more the payment is made, or called off if nothing has come. In the caller's transaction.
    """
    payment = locked_row(Payment, payment.pk)
    received = payment.captured
    amount = received + rest
    if not payment.is_promised or amount == payment.amount:
        return
    if not amount:
        end_offline(payment, reason=reason, actor=actor, at=at)
        return
    payment.amount_minor, payment.pay_by = amount.minor, pay_by
    payment.save(update_fields=["amount_minor", "pay_by"])
    if not rest:
        _succeed(payment, reason=reason, actor=actor, at=at)


def expect_what_came(*, payment: Payment, at_most: Money) -> Money:
    """So much of what came beyond the amount of a payment that was made belongs to it from now on; answers how much.
    In the caller's transaction."""
    payment = locked_row(Payment, payment.pk)
    excess = min(at_most, max(Money.zero(payment.currency), excess_of(payment)))
    if excess:
        Payment.objects.filter(pk=payment.pk).update(amount_minor=F("amount_minor") + excess.minor)
    return excess


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
    elif payment.status == PaymentStatus.OPEN and payment.captured < payment.amount:
        # It stays open; the history tells who wrote the part down.
        reason = f"{amount} received, {reference}"[:255]
        advance(payment, PaymentStatus.OPEN, actor=actor, reason=reason, at=at)
    elif payment.status == PaymentStatus.OPEN:
        _succeed(payment, reason=f"{payment.captured} received, {reference}", actor=actor, at=at)
    else:
        # Whoever listens sees whether it is too much.
        announce("succeeded", payment, at=at)
    return entry


def _succeed(payment: Payment, *, reason: str, actor: str, at: datetime) -> None:
    advance(payment, PaymentStatus.SUCCEEDED, actor=actor, reason=reason[:255], at=at)
    announce("succeeded", payment, at=at)
