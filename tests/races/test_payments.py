"""Two who want something of the same payment at the same moment, and the gateway's events many times over.

The row lock on the payment decides on PostgreSQL, the write lock that a transaction takes when it begins on SQLite. The
negative controls take that away and wait until both have read the payment: the very same requests then go wrong.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from commerce.kit import clock, outbox
from commerce.kit.locks import locked_row
from commerce.payments import auditing, comparing, disputing, refunding, settling, webhooks
from commerce.payments.cancelling import CancelRefused, request_cancel
from commerce.payments.capturing import CaptureRefused, request_capture
from commerce.payments.models import Capture, Dispute, LedgerEntry, Payment, Refund, WebhookEvent
from commerce.payments.refunding import RefundTooLarge, request_refund
from commerce.payments.stripe.sandbox import disputes
from tests.commerce.payments.paying import ACTOR, announced, authorised, deliver, euros, fresh, ledger, opened, paid
from tests.races.runners import at_once
from tests.till import Till

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("alone")]

ROUNDS = range(5)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other rooms make of a payment is their tests' business."""
    ours = {
        event: {name: handler for name, handler in handlers.items() if name.startswith("commerce.payments.")}
        for event, handlers in outbox._subscribers.items()
    }
    monkeypatch.setattr(outbox, "_subscribers", ours)


def _in_transaction(action: Callable[..., Any], **arguments: Any) -> Callable[[], Any]:
    def act() -> Any:
        with transaction.atomic():
            return action(**arguments, actor=ACTOR)

    return act


def _capture(payment: Payment, at: datetime) -> Callable[[], Any]:
    return _in_transaction(request_capture, payment=payment, amount=None, reason="Shipped", at=at)


def _cancel(payment: Payment, at: datetime) -> Callable[[], Any]:
    return _in_transaction(request_cancel, payment=payment, reason="Not wanted", at=at)


def _refund(payment: Payment, minor: int, at: datetime) -> Callable[[], Any]:
    return _in_transaction(request_refund, payment=payment, amount=euros(minor), reason="Returned", at=at)


def _unlocked(monkeypatch: pytest.MonkeyPatch, *modules: str, readers: int = 2) -> list[str]:
    """Nobody locks a payment any more, and the first readers wait for each other. Returns what they saw."""
    all_have_read = threading.Barrier(readers)
    seen: list[str] = []

    def read(model: Any, key: Any) -> Any:
        if model is not Payment or len(seen) >= readers:
            return locked_row(model, key)
        row = Payment.objects.get(pk=key)
        seen.append(row.status)
        all_have_read.wait(timeout=20)
        return row

    for module in modules:
        monkeypatch.setattr(f"commerce.payments.{module}.locked_row", read)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
    return seen


def _outcomes(outcomes: list[Any], kind: type) -> int:
    return sum(isinstance(outcome, kind) for outcome in outcomes)


def _lost_on_sqlite(outcomes: list[Any]) -> bool:
    return _outcomes(outcomes, OperationalError) == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_fault_21_capture_and_cancellation_at_once_leave_one_of_them(till: Till, at: datetime, round_: int) -> None:
    payment = authorised(till, at)
    outcomes = at_once(_capture(payment, at), _cancel(payment, at))
    assert _outcomes(outcomes, CaptureRefused) + _outcomes(outcomes, CancelRefused) == 1, outcomes
    deliver(at)
    status = "succeeded" if Capture.objects.exists() else "cancelled"
    assert fresh(payment).status == status
    assert list(auditing.discrepancies()) == []


def test_without_the_lock_a_payment_is_captured_and_cancelled_at_once(
    till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = authorised(till, at)
    seen = _unlocked(monkeypatch, "capturing", "cancelling")
    outcomes = at_once(_capture(payment, at), _cancel(payment, at))
    assert seen == ["authorised"] * 2
    assert _outcomes(outcomes, CaptureRefused) + _outcomes(outcomes, CancelRefused) == 0
    if connection.vendor == "sqlite":
        assert _lost_on_sqlite(outcomes)
    else:
        assert Capture.objects.exists()
        assert fresh(payment).cancel_requested_at


@pytest.mark.parametrize("round_", ROUNDS)
def test_fault_21_two_captures_at_once_are_one(till: Till, at: datetime, round_: int) -> None:
    payment = authorised(till, at)
    outcomes = at_once(_capture(payment, at), _capture(payment, at))
    assert (_outcomes(outcomes, Capture), _outcomes(outcomes, CaptureRefused)) == (1, 1), outcomes
    deliver(at)
    assert ledger() == [("capture", 4488)]
    assert list(auditing.discrepancies()) == []


def test_without_the_lock_only_the_constraint_stands_between_two_captures(
    till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = authorised(till, at)
    seen = _unlocked(monkeypatch, "capturing")
    outcomes = at_once(_capture(payment, at), _capture(payment, at))
    assert seen == ["authorised"] * 2
    assert _outcomes(outcomes, CaptureRefused) == 0
    assert _outcomes(outcomes, OperationalError if connection.vendor == "sqlite" else IntegrityError) == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_fault_20_two_partial_refunds_beyond_the_total_are_one(till: Till, at: datetime, round_: int) -> None:
    payment = paid(till, at)
    outcomes = at_once(_refund(payment, 3000, at), _refund(payment, 3000, at))
    assert (_outcomes(outcomes, Refund), _outcomes(outcomes, RefundTooLarge)) == (1, 1), outcomes
    deliver(at)
    assert ledger() == [("capture", 4488), ("refund", -3000)]


def test_without_the_lock_two_partial_refunds_are_promised_beyond_the_total(
    till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = paid(till, at)
    seen = _unlocked(monkeypatch, "refunding")
    both_have_counted = threading.Barrier(2)
    count = refunding.refundable

    def counted(row: Payment) -> Any:
        left = count(row)
        both_have_counted.wait(timeout=20)
        return left

    monkeypatch.setattr(refunding, "refundable", counted)
    outcomes = at_once(_refund(payment, 3000, at), _refund(payment, 3000, at))
    assert seen == ["succeeded"] * 2
    assert _outcomes(outcomes, RefundTooLarge) == 0
    if connection.vendor == "sqlite":
        assert _lost_on_sqlite(outcomes)
    else:
        assert _outcomes(outcomes, Refund) == 2


def _hear_of_disputes(till: Till, payment: Payment, at: datetime) -> None:
    for fetched in till.gateway.list_disputes(gateway_id=payment.gateway_id):
        disputing.adopt(fetched, actor=ACTOR, at=at)


def _lose_a_dispute(till: Till, payment: Payment, at: datetime) -> Callable[[], Any]:
    """The bank takes all of it, at the gateway and then here."""

    def lose() -> Any:
        opened = till.dashboard("disputes", payment_intent=payment.gateway_id)
        _hear_of_disputes(till, payment, at)
        return till.dashboard(f"disputes/{opened['id']}/decide", outcome="lost")

    return lose


@pytest.mark.parametrize("round_", ROUNDS)
def test_fault_20_a_refund_and_a_dispute_at_once_do_not_both_take_the_money(
    till: Till, at: datetime, round_: int
) -> None:
    payment = paid(till, at)
    at_once(_refund(payment, 4488, at), _lose_a_dispute(till, payment, at))
    deliver(at)
    _hear_of_disputes(till, payment, at)
    assert ledger() == [("capture", 4488), ("dispute", -4488)]
    assert not Refund.objects.filter(status="succeeded").exists()
    assert list(auditing.discrepancies()) == []
    assert list(comparing.discrepancies(since=at, at=at)) == []


def test_where_disputes_hold_nothing_back_the_money_goes_twice(
    till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = paid(till, at)
    monkeypatch.setattr(disputes, "require_refundable", lambda *_: None)
    monkeypatch.setattr(refunding, "refundable", lambda payment: payment.captured)
    at_once(_refund(payment, 4488, at), _lose_a_dispute(till, payment, at))
    deliver(at)
    _hear_of_disputes(till, payment, at)
    assert Dispute.objects.get().status == "lost"
    assert sum(minor for _, minor in ledger()) == -4488


@pytest.mark.parametrize("round_", ROUNDS)
def test_fault_4_the_same_webhook_ten_times_at_once_is_one_fact(till: Till, round_: int) -> None:
    now = clock.now()
    payment = opened(now)
    till.pay(payment)
    body, signature = till.webhook("payment_intent.succeeded", at=now)
    kept = at_once(*[lambda: webhooks.receive(body=body, signature=signature, at=now)] * 10)
    assert {row.pk for row in kept} == {WebhookEvent.objects.get().pk}, kept
    key = WebhookEvent.objects.get().pk
    assert at_once(*[lambda: webhooks.process(webhook_id=key, at=now)] * 10) == [None] * 10
    assert ledger() == [("capture", 4488)]
    assert announced("succeeded") == [{"payment": str(payment.pk), "reference": str(payment.reference)}]
    assert list(auditing.discrepancies()) == []


def test_fault_9_webhook_return_and_clock_at_once_are_one_fact(till: Till, at: datetime) -> None:
    payment = opened(at)
    till.pay(payment)
    lookers = [lambda: settling.settle(payment_id=payment.pk, actor=ACTOR, at=at)] * 3
    at_once(*lookers, lambda: settling.cancel(payment_id=payment.pk, actor=ACTOR, at=at))
    assert ledger() == [("capture", 4488)]
    assert len(announced("succeeded")) == 1


def test_without_the_lock_only_the_ledger_stands_between_two_looks(
    till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = opened(at)
    till.pay(payment)
    seen = _unlocked(monkeypatch, "settling")
    outcomes = at_once(*[lambda: settling.settle(payment_id=payment.pk, actor=ACTOR, at=at)] * 2)
    assert seen == ["open"] * 2
    assert _outcomes(outcomes, OperationalError if connection.vendor == "sqlite" else IntegrityError) == 1
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_refund_is_adopted_once_by_its_task_and_its_webhook_at_once(till: Till, at: datetime, round_: int) -> None:
    payment = paid(till, at)
    owed = _refund(payment, 1000, at)()
    at_once(
        lambda: refunding.carry_out(refund_id=owed.pk, actor=ACTOR, at=at),
        lambda: refunding.carry_out(refund_id=owed.pk, actor=ACTOR, at=at),
        lambda: refunding.look_at(payment, actor=ACTOR, at=at),
        lambda: refunding.look_at(payment, actor=ACTOR, at=at),
    )
    assert Refund.objects.count() == 1
    assert len(till.events("refund.created")) == 1
    deliver(at)
    assert ledger() == [("capture", 4488), ("refund", -1000)]
    assert list(auditing.discrepancies()) == []
