from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from commerce.kit.money import CurrencyMismatch, Money
from commerce.payments import auditing, capturing
from commerce.payments.cancelling import CancelRefused, request_cancel
from commerce.payments.capturing import CaptureRefused, CaptureTooLarge, request_capture
from commerce.payments.gateways import GatewayUnavailable
from commerce.payments.models import Capture, Payment
from commerce.payments.reconciling import reconcile, reconcile_captures
from commerce.payments.settling import cancel
from commerce.payments.stripe.adapter import MAX_NETWORK_RETRIES
from commerce.payments.stripe.sandbox.faults import FaultKind
from tests.commerce.payments.paying import (
    ACTOR,
    announced,
    authorised,
    deliver,
    euros,
    fresh,
    ledger,
    looked_at,
    opened,
    paid,
    refund,
)
from tests.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]

EVERY_TRY = MAX_NETWORK_RETRIES + 1
AN_HOUR = timedelta(hours=1)


def _capture(payment: Payment, minor: int | None, at: datetime) -> Capture:
    amount = None if minor is None else euros(minor)
    with transaction.atomic():
        return request_capture(payment=payment, amount=amount, reason="Shipped", actor=ACTOR, at=at)


def _cancel(payment: Payment, at: datetime) -> None:
    with transaction.atomic():
        request_cancel(payment=payment, reason="Changed their mind", actor=ACTOR, at=at)


def test_a_payment_that_is_captured_later_is_authorised_first(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    assert payment.is_authorised
    assert not payment.is_settled
    assert payment.authorised == euros(4488)
    assert payment.captured == euros(0)
    assert payment.authorisation_expires_at is not None
    assert announced("authorised") == [{"payment": str(payment.pk), "reference": str(payment.reference)}]
    assert announced("succeeded") == []


def test_what_was_authorised_is_captured_and_announced_twice_over(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    capture = _capture(payment, None, at)
    assert (capture.status, ledger()) == ("requested", [])
    deliver(at)
    payment = fresh(payment)
    assert (payment.is_settled, payment.captured) == (True, euros(4488))
    assert fresh(capture).status == "succeeded"
    assert ledger() == [("capture", 4488)]
    both = {"payment": str(payment.pk), "reference": str(payment.reference)}
    assert announced("succeeded") == announced("captured") == [both]
    assert payment.receipt_url
    assert list(auditing.discrepancies()) == []


def test_less_than_was_authorised_may_be_captured_and_the_rest_is_given_free(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    _capture(payment, 1000, at)
    deliver(at)
    assert fresh(payment).captured == euros(1000)
    assert till.intent(payment)["amount_capturable"] == 0
    with pytest.raises(CaptureRefused):
        _capture(payment, 1, at)


@pytest.mark.parametrize("minor", [4489, 0, -1])
def test_more_than_was_authorised_and_nothing_cannot_be_captured(till: Till, at: datetime, minor: int) -> None:
    with pytest.raises(CaptureTooLarge):
        _capture(authorised(till, at), minor, at)


def test_a_capture_is_made_in_the_currency_of_its_payment(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    with pytest.raises(CurrencyMismatch), transaction.atomic():
        request_capture(payment=payment, amount=Money(1, "USD"), reason="x", actor=ACTOR, at=at)


def test_what_is_not_authorised_cannot_be_captured(till: Till, at: datetime) -> None:
    for payment in (opened(at), paid(till, at)):
        with pytest.raises(CaptureRefused):
            _capture(payment, None, at)


def test_a_second_capture_is_refused_while_the_first_is_on_its_way(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    _capture(payment, 1000, at)
    with pytest.raises(CaptureRefused):
        _capture(payment, 1000, at)


def test_fault_2_a_capture_whose_reply_was_lost_is_found_and_not_asked_for_again(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    capture = _capture(payment, 1000, at)
    till.provoke(FaultKind.LOSE_REPLY, match="POST */capture", times=EVERY_TRY)
    with pytest.raises(GatewayUnavailable):
        capturing.carry_out(capture_id=capture.pk, actor=ACTOR, at=at)
    assert ledger() == []
    capturing.carry_out(capture_id=capture.pk, actor=ACTOR, at=at)
    assert ledger() == [("capture", 1000)]
    assert fresh(capture).status == "succeeded"


def test_fault_3_a_capture_whose_first_answer_was_an_error_is_finished_under_a_new_key(
    till: Till, at: datetime
) -> None:
    payment = authorised(till, at)
    capture = _capture(payment, None, at)
    till.provoke(FaultKind.SERVER_ERROR, match="POST */capture")
    deliver(at)
    assert fresh(capture).attempt == 2
    assert ledger() == [("capture", 4488)]


def test_a_capture_that_the_gateway_refuses_fails_and_leaves_the_authorisation(
    till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = authorised(till, at)
    capture = _capture(payment, 1000, at)
    Payment.objects.filter(pk=payment.pk).update(authorised_minor=9999)
    Capture.objects.filter(pk=capture.pk).update(amount_minor=9999)
    deliver(at)
    assert fresh(capture).status == "failed"
    assert announced("capture_failed")[0]["capture"] == str(capture.pk)
    assert fresh(payment).is_authorised


def test_a_capture_whose_task_was_given_up_is_carried_out_by_the_clock(till: Till, at: datetime) -> None:
    _capture(authorised(till, at), None, at)
    assert reconcile_captures(at=at) == 0
    assert reconcile_captures(at=at + AN_HOUR) == 1
    assert ledger() == [("capture", 4488)]


def test_what_was_captured_at_the_gateway_itself_is_known_here(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    till.gateway.capture_intent(gateway_id=payment.gateway_id, amount=euros(4000), idempotency_key="by hand")
    assert looked_at(payment, at).captured == euros(4000)


def test_an_authorisation_can_be_cancelled(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    _cancel(payment, at)
    deliver(at)
    assert fresh(payment).status == "cancelled"
    assert till.intent(payment)["status"] == "canceled"
    assert announced("cancelled") == [{"payment": str(payment.pk), "reference": str(payment.reference)}]
    assert ledger() == []


def test_fault_21_what_is_being_captured_is_not_cancelled_and_the_reverse(till: Till, at: datetime) -> None:
    captured, cancelled = authorised(till, at), authorised(till, at)
    _capture(captured, None, at)
    with pytest.raises(CancelRefused):
        _cancel(captured, at)
    cancel(payment_id=captured.pk, actor=ACTOR, at=at)
    _cancel(cancelled, at)
    with pytest.raises(CaptureRefused):
        _capture(cancelled, None, at)
    deliver(at)
    assert [fresh(each).status for each in (captured, cancelled)] == ["succeeded", "cancelled"]


def test_a_payment_that_was_made_cannot_be_cancelled_and_one_that_was_cancelled_stays_so(
    till: Till, at: datetime
) -> None:
    with pytest.raises(CancelRefused):
        _cancel(paid(till, at), at)
    payment = authorised(till, at)
    for _ in range(2):
        _cancel(payment, at)
        deliver(at)
    assert fresh(payment).events.filter(to_status="cancelled").count() == 1


def test_fault_21_an_authorisation_that_lapsed_is_over_and_its_capture_fails(till: Till, at: datetime) -> None:
    lapsed, late = authorised(till, at), authorised(till, at)
    for payment in (lapsed, late):
        till.dashboard(f"payment_intents/{payment.gateway_id}/expire")
    capture = _capture(late, None, at)
    assert reconcile(at=at + AN_HOUR) == 2
    assert [fresh(each).status for each in (lapsed, late, capture)] == ["cancelled", "cancelled", "failed"]
    assert ledger() == []
    assert list(auditing.discrepancies()) == []


def test_an_authorisation_is_looked_at_once_an_hour_and_at_once_when_it_is_to_be_cancelled(
    till: Till, at: datetime
) -> None:
    payment = authorised(till, at)
    minute = timedelta(minutes=1)
    assert reconcile(at=at + minute) == 0
    _cancel(payment, at)
    assert reconcile(at=at + minute) == 1
    assert fresh(payment).status == "cancelled"


def test_what_was_captured_can_go_back_and_no_more(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    _capture(payment, 1000, at)
    deliver(at)
    refund(payment, 1000, at)
    deliver(at)
    assert ledger() == [("capture", 1000), ("refund", -1000)]
    assert fresh(payment).refunded == euros(1000)


def test_a_capture_that_never_goes_through_keeps_no_newer_one_waiting(till: Till, at: datetime) -> None:
    stuck, due = _capture(authorised(till, at), None, at), _capture(authorised(till, at), None, at + AN_HOUR)
    till.provoke(FaultKind.SERVER_ERROR, match=f"GET /v1/payment_intents/{stuck.payment.gateway_id}", times=EVERY_TRY)
    later = at + 2 * AN_HOUR
    assert [reconcile_captures(at=later, limit=1), reconcile_captures(at=later, limit=1)] == [0, 1]
    assert [Capture.objects.get(pk=each.pk).status for each in (stuck, due)] == ["requested", "succeeded"]
