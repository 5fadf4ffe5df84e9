from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, Sum

from commerce.payments.models import LedgerEntry, Payment
from commerce.payments.states import PaymentStatus


def discrepancies() -> Iterator[str]:
    """Payments whose ledger and status contradict each other: the part of I1 that needs no gateway."""
    captured = Sum("ledger__amount_minor", filter=Q(ledger__kind=LedgerEntry.Kind.CAPTURE))
    payments = Payment.objects.annotate(captured_minor=captured, balance_minor=Sum("ledger__amount_minor"))
    settled_without_money = Q(status=PaymentStatus.SUCCEEDED, captured_minor=None)
    money_without_settling = ~Q(status=PaymentStatus.SUCCEEDED) & Q(captured_minor__isnull=False)
    wrong = payments.filter(settled_without_money | money_without_settling | Q(balance_minor__lt=0))
    for payment in wrong:
        sums = f"captured {payment.captured_minor}, balance {payment.balance_minor}"
        yield f"I1 payment {payment.pk}: {payment.status}, {sums}"
