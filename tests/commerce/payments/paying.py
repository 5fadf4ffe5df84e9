"""Payments on their way, as the tests of this room need them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.test import override_settings

from commerce.kit import outbox
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.payments.models import LedgerEntry, Payment, Refund
from commerce.payments.opening import open_payment, prepare_payment
from commerce.payments.refunding import request_refund
from commerce.payments.settling import settle
from tests.till import GOOD_CARD, Till

ACTOR = "test"


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def prepared(at: datetime, minor: int = 4488, **how: Any) -> Payment:
    with transaction.atomic():
        return prepare_payment(reference=uuid.uuid4(), amount=euros(minor), actor=ACTOR, at=at, **how)


def opened(at: datetime, minor: int = 4488, **how: Any) -> Payment:
    return open_payment(payment_id=prepared(at, minor, **how).pk, actor=ACTOR, at=at)


def paid(till: Till, at: datetime, minor: int = 4488, card: str = GOOD_CARD, **how: Any) -> Payment:
    payment = opened(at, minor, **how)
    assert till.pay(payment, card).status == 200
    return looked_at(payment, at)


def authorised(till: Till, at: datetime, minor: int = 4488) -> Payment:
    with override_settings(PAYMENT_CAPTURE="manual"):
        payment = opened(at, minor)
    assert till.pay(payment).status == 200
    return looked_at(payment, at)


def looked_at(payment: Payment, at: datetime) -> Payment:
    settle(payment_id=payment.pk, actor=ACTOR, at=at)
    return fresh(payment)


def fresh(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def refund(payment: Payment, minor: int, at: datetime) -> Refund:
    with transaction.atomic():
        return request_refund(payment=payment, amount=euros(minor), reason="Returned", actor=ACTOR, at=at)


def deliver(at: datetime) -> None:
    """Until nothing waits any more, however often it must be tried."""
    for minutes in range(30):
        while outbox.deliver_due(at=at + timedelta(minutes=minutes)):
            pass


def ledger(payment: Payment | None = None) -> list[tuple[str, int]]:
    entries = LedgerEntry.objects.all() if payment is None else payment.ledger.all()
    return list(entries.values_list("kind", "amount_minor"))


def announced(name: str) -> list[dict[str, Any]]:
    return list(OutboxEvent.objects.filter(name=f"payments.{name}").values_list("payload", flat=True))
