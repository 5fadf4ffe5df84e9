from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from commerce.kit.models import OutboxEvent
from commerce.kit.money import CurrencyMismatch, Money
from commerce.payments import auditing, refunding
from commerce.payments.cancelling import CancelRefused, request_cancel
from commerce.payments.models import LedgerEntry, Payment, Refund
from commerce.payments.opening import open_payment
from commerce.payments.receiving import ReceiptKnown, ReceiptRefused, record_receipt
from commerce.payments.reconciling import reconcile, reconcile_refunds
from commerce.payments.refunding import RefundNotOwed, record_paid_back
from commerce.payments.settling import cancel, settle
from tests.commerce.payments.paying import ACTOR, announced, euros, fresh, ledger, opened, prepared, refund
from tests.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


def _receive(payment: Payment, minor: int, reference: str, at: datetime) -> LedgerEntry:
    with transaction.atomic():
        return record_receipt(payment=payment, amount=euros(minor), reference=reference, actor=ACTOR, at=at)


def _cancel(payment: Payment, at: datetime) -> None:
    with transaction.atomic():
        request_cancel(payment=payment, reason="Not wanted", actor=ACTOR, at=at)


@pytest.fixture(params=["bank_transfer", "cash_on_delivery"])
def promised(request: pytest.FixtureRequest, at: datetime) -> Payment:
    return prepared(at, method=request.param)


def test_what_is_paid_outside_the_gateway_is_open_at_once(promised: Payment, at: datetime) -> None:
    assert (promised.status, promised.is_promised, promised.capture) == ("open", True, "automatic")
    assert open_payment(payment_id=promised.pk, actor=ACTOR, at=at).gateway_id == ""
    assert settle(payment_id=promised.pk, actor=ACTOR, at=at) is None
    assert reconcile(at=at + timedelta(days=1)) == 0


def test_it_has_succeeded_when_the_parts_add_up(promised: Payment, at: datetime) -> None:
    _receive(promised, 4000, "statement 7, line 3", at)
    assert fresh(promised).is_promised
    _receive(promised, 488, "statement 8, line 1", at)
    assert fresh(promised).is_settled
    assert fresh(promised).captured == euros(4488)
    assert announced("succeeded") == [{"payment": str(promised.pk), "reference": str(promised.reference)}]
    assert list(auditing.discrepancies()) == []


def test_the_same_receipt_is_recorded_once_and_another_payment_may_share_it(promised: Payment, at: datetime) -> None:
    _receive(promised, 1000, "line 3", at)
    with pytest.raises(ReceiptKnown):
        _receive(promised, 1000, " line 3 ", at)
    _receive(prepared(at, method="bank_transfer"), 1000, "line 3", at)
    assert ledger(promised) == [("capture", 1000)]


@pytest.mark.parametrize(("minor", "reference"), [(0, "x"), (-1, "x"), (100, ""), (100, "  ")])
def test_nothing_and_what_has_no_reference_is_no_receipt(
    promised: Payment, at: datetime, minor: int, reference: str
) -> None:
    with pytest.raises(ReceiptRefused):
        _receive(promised, minor, reference, at)


def test_money_in_another_currency_is_no_receipt(promised: Payment, at: datetime) -> None:
    with pytest.raises(CurrencyMismatch), transaction.atomic():
        record_receipt(payment=promised, amount=Money(1, "USD"), reference="x", actor=ACTOR, at=at)


def test_what_is_paid_through_the_gateway_takes_no_receipts(till: Till, at: datetime) -> None:
    with pytest.raises(ReceiptRefused):
        _receive(opened(at), 4488, "x", at)


def test_a_promise_can_be_taken_back_and_what_came_of_it_is_to_be_paid_back(promised: Payment, at: datetime) -> None:
    _receive(promised, 1000, "line 3", at)
    _cancel(promised, at)
    assert fresh(promised).status == "cancelled"
    owed = Refund.objects.get()
    assert (owed.status, owed.amount) == ("requested", euros(1000))
    assert announced("cancelled")


def test_a_promise_that_nobody_kept_ends_with_its_checkout(promised: Payment, at: datetime) -> None:
    cancel(payment_id=promised.pk, actor=ACTOR, at=at)
    assert fresh(promised).status == "cancelled"
    assert not Refund.objects.exists()


def test_fault_8_money_that_comes_when_all_is_over_is_to_be_paid_back(promised: Payment, at: datetime) -> None:
    _cancel(promised, at)
    _receive(promised, 4488, "line 9", at + timedelta(days=3))
    assert fresh(promised).status == "cancelled"
    assert Refund.objects.get().amount == euros(4488)


def test_what_was_paid_cannot_be_cancelled(promised: Payment, at: datetime) -> None:
    _receive(promised, 4488, "line 3", at)
    with pytest.raises(CancelRefused):
        _cancel(promised, at)


def test_a_refund_waits_until_somebody_has_paid_it_back(promised: Payment, at: datetime) -> None:
    _receive(promised, 4488, "line 3", at)
    owed = refund(promised, 1000, at)
    assert not OutboxEvent.objects.filter(name="payments.refund_requested").exists()
    assert reconcile_refunds(at=at + timedelta(days=1)) == 0
    refunding.carry_out(refund_id=owed.pk, actor=ACTOR, at=at)
    assert fresh(owed).status == "requested"
    with transaction.atomic():
        record_paid_back(refund=owed, reference="transfer 12", actor=ACTOR, at=at)
    assert fresh(owed).status == "succeeded"
    assert ledger() == [("capture", 4488), ("refund", -1000)]
    assert fresh(promised).refunded == euros(1000)
    [told] = announced("refunded")
    assert told == {"payment": str(promised.pk), "reference": str(promised.reference), "refund": str(owed.pk)}
    with pytest.raises(RefundNotOwed), transaction.atomic():
        record_paid_back(refund=owed, reference="transfer 13", actor=ACTOR, at=at)
    assert list(auditing.discrepancies()) == []
