from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commerce.kit.auditing import illegal_histories
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.payments.models import Payment, PaymentEvent
from commerce.payments.opening import prepare_payment
from commerce.payments.states import PaymentStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(at: datetime) -> Payment:
    with transaction.atomic():
        return _opened(at)


def _opened(at: datetime) -> Payment:
    payment = prepare_payment(reference=uuid.uuid4(), amount=Money(1000, "EUR"), actor="test", at=at)
    advance(payment, PaymentStatus.OPEN, actor="test", reason="Opened", at=at)
    return payment


def _event(payment: Payment, came: str, went: str, at: datetime) -> None:
    PaymentEvent.objects.create(payment=payment, from_status=came, to_status=went, actor="x", reason="x", at=at)


def test_steps_along_the_table_are_fine(payment: Payment) -> None:
    assert list(illegal_histories()) == []


def test_a_state_that_was_written_without_a_step(payment: Payment) -> None:
    Payment.objects.filter(pk=payment.pk).update(status="succeeded")
    assert list(illegal_histories()) == [f"I8 payment.status {payment.pk}: stands at succeeded, its steps lead to open"]


def test_a_step_that_the_table_does_not_know(payment: Payment, at: datetime) -> None:
    _event(payment, "open", "opening", at)
    Payment.objects.filter(pk=payment.pk).update(status="opening")
    assert list(illegal_histories()) == [f"I8 payment.status {payment.pk}: open → opening is no legal step"]


def test_a_step_that_begins_elsewhere(payment: Payment, at: datetime) -> None:
    _event(payment, "opening", "open", at)
    assert list(illegal_histories()) == [f"I8 payment.status {payment.pk}: a step from opening where it stood at open"]


def test_a_row_that_never_took_a_step(at: datetime) -> None:
    row = Payment.objects.create(
        reference=uuid.uuid4(), amount_minor=1, currency="EUR", created_at=at, checked_at=at, status="open"
    )
    assert list(illegal_histories()) == [f"I8 payment.status {row.pk}: stands at open, its steps lead to new"]


def test_it_asks_as_often_for_many_rows_as_for_one(payment: Payment, at: datetime) -> None:
    with CaptureQueriesContext(connection) as few:
        list(illegal_histories())
    with transaction.atomic():
        for _ in range(20):
            _opened(at)
    with CaptureQueriesContext(connection) as many:
        assert list(illegal_histories()) == []
    assert len(many) == len(few)
