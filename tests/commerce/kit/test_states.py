from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from django.db import transaction

from commerce.kit.money import Money
from commerce.kit.states import IllegalTransition, advance, begin
from commerce.payments.models import Payment, PaymentEvent
from commerce.payments.opening import prepare_payment
from commerce.payments.states import PaymentStatus
from tests.factories import Shop
from tests.factories.orders import Bought, buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(at: datetime) -> Payment:
    with transaction.atomic():
        return prepare_payment(reference=uuid.uuid4(), amount=Money(1000, "EUR"), actor="test", at=at)


def _advance(payment: Payment, to: str, at: datetime) -> None:
    advance(payment, to, actor="somebody", reason="Because", at=at)


def test_a_step_changes_the_row_and_writes_who_when_and_why(payment: Payment, at: datetime) -> None:
    _advance(payment, PaymentStatus.OPEN, at)
    assert payment.status == "open"
    assert Payment.objects.get().status == "open"
    event = payment.events.last()
    assert (event.from_status, event.to_status) == ("opening", "open")
    assert (event.actor, event.reason, event.at) == ("somebody", "Because", at)


def test_the_first_step_comes_from_nowhere(payment: Payment) -> None:
    first = payment.events.get()
    assert (first.from_status, first.to_status) == ("", "opening")
    assert str(first) == "new → opening: Payment prepared"


def test_a_row_begins_in_all_its_states_with_an_event_for_each(shop: Shop, at: datetime) -> None:
    order = buy(Bought(shop.sell(), 1, 1000), at=at)
    assert (order.status, order.payment_state, order.fulfilment_state) == ("confirmed", "paid", "unfulfilled")
    first = order.events.order_by("id")[:3]
    assert [(event.field, event.from_status, event.to_status) for event in first] == [
        ("status", "", "confirmed"),
        ("payment_state", "", "paid"),
        ("fulfilment_state", "", "unfulfilled"),
    ]


def test_nothing_begins_where_no_row_may_begin(at: datetime) -> None:
    payment = Payment(reference=uuid.uuid4(), amount_minor=1000, currency="EUR", created_at=at, checked_at=at)
    with pytest.raises(IllegalTransition, match="new → succeeded"):
        begin(payment, PaymentStatus.SUCCEEDED, actor="somebody", reason="Because", at=at)
    assert payment.status == ""
    assert not Payment.objects.exists()
    assert not PaymentEvent.objects.exists()


def test_what_comes_with_a_step_is_written_with_it_and_not_without(payment: Payment, at: datetime) -> None:
    payment.gateway_id, payment.client_secret = "pi_1", "left alone"
    advance(payment, PaymentStatus.OPEN, saving=["gateway_id"], actor="somebody", reason="Because", at=at)
    found = Payment.objects.get()
    assert (found.status, found.gateway_id, found.client_secret) == ("open", "pi_1", "")
    payment.gateway_id = "pi_2"
    with pytest.raises(IllegalTransition):
        advance(payment, PaymentStatus.OPENING, saving=["gateway_id"], actor="somebody", reason="Because", at=at)
    assert Payment.objects.get().gateway_id == "pi_1"


@pytest.mark.parametrize("to", ["opening", "succeeded", "nonsense", ""])
def test_a_step_that_the_table_does_not_know_is_refused_and_leaves_no_trace(
    payment: Payment, at: datetime, to: str
) -> None:
    with pytest.raises(IllegalTransition):
        _advance(payment, to, at)
    assert payment.status == "opening"
    assert Payment.objects.get().status == "opening"
    assert PaymentEvent.objects.count() == 1


def test_what_counts_is_the_row_in_the_database_and_not_a_stale_copy(payment: Payment, at: datetime) -> None:
    stale = Payment.objects.get(pk=payment.pk)
    _advance(payment, PaymentStatus.OPEN, at)
    _advance(payment, PaymentStatus.CANCELLED, at)
    assert stale.status == "opening"
    with pytest.raises(IllegalTransition, match="cancelled → open"):
        _advance(stale, PaymentStatus.OPEN, at)
    assert Payment.objects.get().status == "cancelled"


def test_a_stale_copy_may_take_a_step_that_the_row_allows_and_the_event_tells_the_truth(
    payment: Payment, at: datetime
) -> None:
    stale = Payment.objects.get(pk=payment.pk)
    _advance(payment, PaymentStatus.OPEN, at)
    _advance(stale, PaymentStatus.SUCCEEDED, at)
    assert stale.status == "succeeded"
    last = stale.events.last()
    assert (last.from_status, last.to_status) == ("open", "succeeded")


def test_an_end_is_an_end(payment: Payment, at: datetime) -> None:
    _advance(payment, PaymentStatus.CANCELLED, at)
    for status in PaymentStatus:
        with pytest.raises(IllegalTransition):
            _advance(payment, status, at)


def test_a_step_rolled_back_leaves_neither_status_nor_event(payment: Payment, at: datetime) -> None:
    with transaction.atomic():
        _advance(payment, PaymentStatus.OPEN, at)
        transaction.set_rollback(True)
    assert Payment.objects.get().status == "opening"
    assert PaymentEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_step_outside_a_transaction_is_refused(payment: Payment, at: datetime) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        _advance(payment, PaymentStatus.OPEN, at)
    assert Payment.objects.get().status == "opening"
