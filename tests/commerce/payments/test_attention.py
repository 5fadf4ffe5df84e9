from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commerce.kit.models import OutboxDelivery, OutboxEvent
from commerce.payments import disputing, settling
from commerce.payments.attention import Matter, needing_a_person
from commerce.payments.models import Payment, Refund, WebhookEvent
from commerce.payments.quarantining import NotInQuarantine, give_up, release
from commerce.payments.receiving import record_receipt
from commerce.payments.refunding import record_paid_back
from tests.commerce.payments.paying import (
    ACTOR,
    authorised,
    deliver,
    euros,
    fresh,
    looked_at,
    opened,
    paid,
    prepared,
    refund,
)
from tests.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]

DISPUTED_CARD = "4000000000000259"
HOUR = timedelta(hours=1)


def _kinds(at: datetime) -> list[str]:
    return [matter.kind for matter in needing_a_person(at)]


def _only(at: datetime) -> Matter:
    [matter] = needing_a_person(at)
    return matter


def _quarantined(at: datetime) -> Payment:
    payment = opened(at)
    with transaction.atomic():
        settling.quarantine(payment, "Its intent carries another reference", at=at)
    return payment


def test_a_shop_where_all_goes_well_needs_nobody(till: Till, at: datetime) -> None:
    payment = paid(till, at)
    refund(payment, 100, at)
    deliver(at)
    authorised(till, at)
    prepared(at, method="bank_transfer")
    assert needing_a_person(at) == []


def test_a_refund_that_failed_needs_somebody(till: Till, at: datetime) -> None:
    payment = paid(till, at)
    owed = refund(payment, 1000, at)
    till.dashboard("refunds", payment_intent=payment.gateway_id)
    deliver(at)
    matter = next(matter for matter in needing_a_person(at) if matter.kind == "failed_refund")
    assert (matter.key, matter.reference, matter.since) == (str(owed.pk), payment.reference, at)
    assert "€10.00" in matter.title


def test_a_refund_outside_the_gateway_needs_somebody_until_it_is_paid(at: datetime) -> None:
    payment = prepared(at, method="bank_transfer")
    with transaction.atomic():
        record_receipt(payment=payment, amount=euros(4488), reference="line 3", actor=ACTOR, at=at)
    owed = refund(payment, 1000, at)
    assert _only(at).kind == "refund_to_pay"
    with transaction.atomic():
        record_paid_back(refund=owed, reference="transfer 12", actor=ACTOR, at=at)
    assert needing_a_person(at) == []


def test_what_was_paid_beyond_the_due_needs_somebody_until_it_has_gone_back(at: datetime) -> None:
    payment = prepared(at, method="bank_transfer")
    with transaction.atomic():
        record_receipt(payment=payment, amount=euros(5000), reference="line 3", actor=ACTOR, at=at)
    assert _only(at).kind == "overpaid"
    assert "€5.12" in _only(at).title
    owed = refund(payment, 512, at)
    with transaction.atomic():
        record_paid_back(refund=owed, reference="transfer 12", actor=ACTOR, at=at)
    assert needing_a_person(at) == []


def test_a_dispute_needs_an_answer_until_it_has_one(till: Till, at: datetime) -> None:
    payment = paid(till, at, card=DISPUTED_CARD)
    for outcome in ("", "won"):
        [fetched] = till.gateway.list_disputes(gateway_id=payment.gateway_id)
        disputing.adopt(fetched, actor=ACTOR, at=at)
        if not outcome:
            assert _only(at).kind == "dispute"
            till.dashboard(f"disputes/{fetched.gateway_id}/decide", outcome="won")
    assert needing_a_person(at) == []


def test_an_authorisation_needs_somebody_in_its_last_two_days(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    lapses_at = payment.authorisation_expires_at
    assert lapses_at is not None
    assert _kinds(lapses_at - 49 * HOUR) == []
    assert _kinds(lapses_at - 48 * HOUR) == ["lapsing_authorisation"]


def test_an_event_and_a_delivery_that_were_given_up_need_somebody(at: datetime) -> None:
    WebhookEvent.objects.create(
        gateway="stripe", event_id="evt_1", type="x", payload={}, received_at=at, parked_at=at, last_error="boom"
    )
    for name in ("payments.refund_requested", "cart.abandoned"):
        event = OutboxEvent.objects.create(name=name, payload={}, occurred_at=at)
        OutboxDelivery.objects.create(event=event, subscriber="a.task", due_at=at, parked_at=at + HOUR)
    assert _kinds(at) == ["parked_webhook", "parked_delivery"]


def test_a_payment_in_quarantine_needs_somebody_and_can_be_released(till: Till, at: datetime) -> None:
    payment = _quarantined(at)
    assert _kinds(at) == ["quarantined"]
    till.pay(payment)
    assert looked_at(payment, at).status == "open"
    settling.cancel(payment_id=payment.pk, actor=ACTOR, at=at)
    assert till.intent(payment)["status"] == "succeeded"
    with transaction.atomic():
        release(payment=payment)
    assert looked_at(payment, at).is_settled
    assert needing_a_person(at) == []


def test_a_payment_in_quarantine_can_be_given_up(till: Till, at: datetime) -> None:
    payment = _quarantined(at)
    with transaction.atomic():
        give_up(payment=payment, reason="Another shop's", actor=ACTOR, at=at)
    assert fresh(payment).status == "cancelled"
    assert needing_a_person(at) == []
    another = opened(at)
    for way_out in (lambda row: release(payment=row), lambda row: give_up(payment=row, reason="", actor="", at=at)):
        with pytest.raises(NotInQuarantine), transaction.atomic():
            way_out(another)


def test_however_much_there_is_to_do_it_is_listed_oldest_first_in_few_queries(till: Till, at: datetime) -> None:
    for hours in (3, 1, 2):
        _quarantined(at + hours * HOUR)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        matters = needing_a_person(at)
    assert [matter.since for matter in matters] == [at + hours * HOUR for hours in (1, 2, 3)]
    assert len(queries) == 8
    assert not Refund.objects.exists()
