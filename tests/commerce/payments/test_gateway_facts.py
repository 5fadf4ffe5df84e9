"""What begins and ends at the gateway: disputes, refunds made by hand there, and refunds that come back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from commerce.payments import auditing, comparing, disputing, refunding
from commerce.payments.models import Dispute, Payment, Refund
from commerce.payments.reconciling import reconcile_refunds
from commerce.payments.refunding import RefundNotOwed, RefundTooLarge, record_paid_back, refundable, try_again, waive
from tests.commerce.payments.paying import ACTOR, announced, deliver, euros, fresh, ledger, paid, refund
from tests.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]

DISPUTED_CARD = "4000000000000259"
INQUIRED_CARD = "4000000000001976"
REFUND_FAILS_CARD = "4000000000005126"
SLOW_REFUND_CARD = "4000000000007726"


def _hear_of_disputes(till: Till, payment: Payment, at: datetime) -> Dispute:
    for fetched in till.gateway.list_disputes(gateway_id=payment.gateway_id):
        disputing.adopt(fetched, actor=ACTOR, at=at)
    return payment.disputes.get()


def _hear_of_refunds(payment: Payment, at: datetime) -> None:
    refunding.look_at(payment, actor=ACTOR, at=at)


def _failed_refund(till: Till, at: datetime) -> tuple[Payment, Refund]:
    """It had succeeded, and the bank sent it back."""
    payment = paid(till, at)
    made = refund(payment, 1000, at)
    deliver(at)
    till.dashboard(f"refunds/{fresh(made).gateway_id}/fail", reason="lost_or_stolen_card")
    _hear_of_refunds(payment, at)
    return payment, fresh(made)


def test_a_dispute_is_known_with_what_it_is_about_and_until_when_it_can_be_answered(till: Till, at: datetime) -> None:
    payment = paid(till, at, card=DISPUTED_CARD)
    dispute = _hear_of_disputes(till, payment, at)
    assert (dispute.status, dispute.amount, dispute.reason) == ("needs_response", euros(4488), "fraudulent")
    assert dispute.due_by is not None
    assert announced("disputed") == [
        {"payment": str(payment.pk), "reference": str(payment.reference), "dispute": str(dispute.pk)}
    ]
    assert ledger() == [("capture", 4488)]


@pytest.mark.parametrize(("outcome", "books"), [("won", 4488), ("lost", 0)])
def test_a_lost_dispute_is_money_gone_and_a_won_one_is_not(till: Till, at: datetime, outcome: str, books: int) -> None:
    payment = paid(till, at, card=DISPUTED_CARD)
    dispute = _hear_of_disputes(till, payment, at)
    till.dashboard(f"disputes/{dispute.gateway_id}/decide", outcome=outcome)
    for _ in range(2):
        _hear_of_disputes(till, payment, at)
    assert fresh(dispute).status == outcome
    assert sum(minor for _, minor in ledger()) == books
    assert [told["dispute"] for told in announced("dispute_closed")] == [str(dispute.pk)]
    assert list(auditing.discrepancies()) == []


def test_fault_20_what_is_in_dispute_cannot_be_refunded_and_the_rest_can(till: Till, at: datetime) -> None:
    payment = paid(till, at)
    till.dashboard("disputes", payment_intent=payment.gateway_id, amount="4000")
    dispute = _hear_of_disputes(till, payment, at)
    assert refundable(payment) == euros(488)
    with pytest.raises(RefundTooLarge):
        refund(payment, 489, at)
    till.dashboard(f"disputes/{dispute.gateway_id}/decide", outcome="won")
    _hear_of_disputes(till, payment, at)
    assert refundable(payment) == euros(4488)


def test_fault_20_a_refund_that_a_dispute_was_faster_than_fails_and_is_owed_again_when_it_is_won(
    till: Till, at: datetime
) -> None:
    payment = paid(till, at)
    owed = refund(payment, 1000, at)
    till.dashboard("disputes", payment_intent=payment.gateway_id)
    deliver(at)
    assert fresh(owed).status == "failed"
    dispute = _hear_of_disputes(till, payment, at)
    with pytest.raises(RefundTooLarge), transaction.atomic():
        try_again(refund=owed, actor=ACTOR, at=at)
    till.dashboard(f"disputes/{dispute.gateway_id}/decide", outcome="won")
    _hear_of_disputes(till, payment, at)
    with transaction.atomic():
        try_again(refund=owed, actor=ACTOR, at=at)
    deliver(at)
    assert fresh(owed).status == "succeeded"
    assert ledger() == [("capture", 4488), ("refund", -1000)]
    assert list(auditing.discrepancies()) == []


def test_an_inquiry_holds_no_money(till: Till, at: datetime) -> None:
    payment = paid(till, at, card=INQUIRED_CARD)
    dispute = _hear_of_disputes(till, payment, at)
    assert (dispute.status, dispute.holds_money) == ("needs_response", False)
    assert refundable(payment) == euros(4488)
    till.dashboard(f"disputes/{dispute.gateway_id}/decide", outcome="lost")
    _hear_of_disputes(till, payment, at)
    assert fresh(dispute).status == "won"


def test_a_dispute_about_nobodys_payment_is_nobodys_business(till: Till, at: datetime) -> None:
    payment = paid(till, at, card=DISPUTED_CARD)
    Payment.objects.filter(pk=payment.pk).update(gateway_id="pi_other")
    [fetched] = till.gateway.list_disputes(gateway_id=payment.gateway_id)
    assert disputing.adopt(fetched, actor=ACTOR, at=at) is None
    assert not Dispute.objects.exists()


def test_a_refund_made_at_the_gateway_is_adopted_once(till: Till, at: datetime) -> None:
    payment = paid(till, at)
    till.dashboard("refunds", payment_intent=payment.gateway_id, amount="1000")
    for _ in range(2):
        _hear_of_refunds(payment, at)
    adopted = Refund.objects.get()
    assert (adopted.status, adopted.amount, adopted.reason) == ("succeeded", euros(1000), "Made at the gateway")
    assert ledger() == [("capture", 4488), ("refund", -1000)]
    assert [told["refund"] for told in announced("refunded")] == [str(adopted.pk)]
    with pytest.raises(RefundTooLarge):
        refund(payment, 3489, at)
    assert list(auditing.discrepancies()) == []


def test_a_pending_refund_made_at_the_gateway_is_followed_and_not_made_again(till: Till, at: datetime) -> None:
    payment = paid(till, at, card=SLOW_REFUND_CARD)
    made = till.dashboard("refunds", payment_intent=payment.gateway_id, amount="1000")
    _hear_of_refunds(payment, at)
    adopted = Refund.objects.get()
    assert adopted.status == "requested"
    reconcile_refunds(at=at + timedelta(hours=1))
    assert fresh(adopted).status == "requested"
    till.dashboard(f"refunds/{made['id']}/succeed")
    reconcile_refunds(at=at + timedelta(hours=2))
    assert fresh(adopted).status == "succeeded"
    assert len(till.events("refund.created")) == 1
    assert ledger() == [("capture", 4488), ("refund", -1000)]


def test_our_own_refund_is_known_by_what_it_carries_before_its_task_has_written_it_down(
    till: Till, at: datetime
) -> None:
    payment = paid(till, at)
    owed = refund(payment, 1000, at)
    till.gateway.refund(
        gateway_id=payment.gateway_id, reference=owed.pk, amount=owed.amount, idempotency_key=owed.idempotency_key
    )
    _hear_of_refunds(payment, at)
    assert Refund.objects.get().status == "succeeded"
    deliver(at)
    assert ledger() == [("capture", 4488), ("refund", -1000)]
    assert len(announced("refunded")) == 1


def test_a_refund_that_comes_back_is_in_the_books_and_owed_again(till: Till, at: datetime) -> None:
    payment, owed = _failed_refund(till, at)
    assert owed.status == "failed"
    assert ledger() == [("capture", 4488), ("refund", -1000), ("refund_failed", 1000)]
    assert fresh(payment).refunded == euros(0)
    assert [told["refund"] for told in announced("refund_failed")] == [str(owed.pk)]
    _hear_of_refunds(payment, at)
    assert len(ledger()) == 3
    assert refundable(payment) == euros(4488)
    assert list(auditing.discrepancies()) == []


def test_a_refund_of_a_card_whose_refunds_fail_is_owed_again(till: Till, at: datetime) -> None:
    payment = paid(till, at, card=REFUND_FAILS_CARD)
    made = refund(payment, 1000, at)
    deliver(at)
    answer = till.machine.answer
    with pytest.MonkeyPatch.context() as later:
        later.setattr(
            till.machine, "answer", lambda **request: answer(**request | {"at": request["at"] + timedelta(days=3)})
        )
        _hear_of_refunds(payment, at)
    assert fresh(made).status == "failed"
    assert sum(minor for _, minor in ledger()) == 4488


def test_a_refund_that_came_back_can_be_tried_again_and_is_made_anew(till: Till, at: datetime) -> None:
    payment, owed = _failed_refund(till, at)
    with transaction.atomic():
        try_again(refund=owed, actor=ACTOR, at=at)
    _hear_of_refunds(payment, at)
    assert fresh(owed).status == "requested"
    deliver(at)
    _hear_of_refunds(payment, at)
    assert fresh(owed).status == "succeeded"
    assert len(till.events("refund.created")) == 2
    assert sum(minor for _, minor in ledger()) == 3488
    assert Refund.objects.count() == 1
    assert list(auditing.discrepancies()) == []


def test_a_refund_that_came_back_can_be_paid_back_by_hand(till: Till, at: datetime) -> None:
    payment, owed = _failed_refund(till, at)
    with transaction.atomic():
        record_paid_back(refund=owed, reference="transfer 12", actor=ACTOR, at=at)
    _hear_of_refunds(payment, at)
    assert fresh(owed).status == "succeeded"
    assert fresh(payment).refunded == euros(1000)
    assert not payment.ledger.get(gateway_reference__endswith="transfer 12").is_at_gateway
    assert list(auditing.discrepancies()) == []


def test_a_failed_refund_can_be_waived_and_no_other_can(till: Till, at: datetime) -> None:
    payment, owed = _failed_refund(till, at)
    with transaction.atomic():
        waive(refund=owed, reason="Lost the dispute", actor=ACTOR, at=at)
    assert fresh(owed).status == "waived"
    underway = refund(payment, 1, at)
    for way_out in (waive, try_again):
        arguments: dict[str, Any] = {"reason": "x"} if way_out is waive else {}
        for each in (owed, underway):
            with pytest.raises(RefundNotOwed), transaction.atomic():
                way_out(refund=each, actor=ACTOR, at=at, **arguments)
    with pytest.raises(RefundNotOwed), transaction.atomic():
        record_paid_back(refund=underway, reference="x", actor=ACTOR, at=at)


def test_the_books_agree_with_the_gateway_or_say_where_they_do_not(till: Till, at: datetime) -> None:
    later = at + timedelta(days=1)
    since = at - timedelta(days=1)
    disputed = paid(till, at, card=DISPUTED_CARD)
    dispute = _hear_of_disputes(till, disputed, at)
    till.dashboard(f"disputes/{dispute.gateway_id}/decide", outcome="lost")
    _hear_of_disputes(till, disputed, at)
    _failed_refund(till, at)
    payment = paid(till, at)
    refund(payment, 500, at)
    deliver(at)
    assert list(comparing.discrepancies(since=since, at=later)) == []
    till.dashboard("refunds", payment_intent=payment.gateway_id, amount="1")
    forgotten = paid(till, at)
    Payment.objects.filter(pk=forgotten.pk).update(gateway_id="pi_lost")
    found = list(comparing.discrepancies(since=since, at=later))
    assert len(found) == 2
    assert any(str(payment.pk) in line for line in found)
    assert any(forgotten.gateway_id in line for line in found)
