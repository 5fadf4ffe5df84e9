"""Events: by webhook, late, twice, in any order, poisoned or never; and read from the gateway's own list."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import stripe
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from commerce.kit import clock, outbox
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.payments import auditing, polling, strangers, webhooks
from commerce.payments.gateways import ForgedWebhook, GatewayUnavailable
from commerce.payments.models import EventCursor, LedgerEntry, Payment, PaymentEvent, Refund, WebhookEvent
from commerce.payments.stripe.adapter import MAX_NETWORK_RETRIES, StripeGateway
from commerce.payments.stripe.events import NEWS
from commerce.payments.stripe.sandbox.faults import FaultKind
from commerce.payments.webhooks import ATTEMPTS_BEFORE_PARKING, NotParked, process_waiting, receive, retry
from tests.commerce.payments.paying import (
    authorised,
    deliver,
    euros,
    fresh,
    ledger,
    opened,
    paid,
    prepared,
    refund,
)
from tests.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    """The sandbox's own clock; events bear its time."""
    return clock.now()


def _post(till: Till, kind: str, at: datetime) -> WebhookEvent:
    body, signature = till.webhook(kind, at=at)
    return receive(body=body, signature=signature, at=at)


def _signed(document: Any, at: datetime) -> dict[str, Any]:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    stamp = int(at.timestamp())
    signature = stripe.WebhookSignature.generate_signature_header(
        body.decode("utf-8", "surrogatepass"), settings.STRIPE_WEBHOOK_SECRET, timestamp=stamp
    )
    return {"body": body, "signature": signature, "at": at}


def _event(**changes: Any) -> dict[str, Any]:
    subject = {"object": "payment_intent", "id": "pi_1"}
    return {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "livemode": False,
        "created": 1_795_000_000,
        "data": {"object": subject},
    } | changes


def test_every_type_that_is_news_exists_at_stripe() -> None:
    assert len(NEWS) <= 20
    known = stripe.params.WebhookEndpointCreateParams.__annotations__["enabled_events"]
    assert all(f"'{name}'" in str(known) or f'"{name}"' in str(known) for name in NEWS)


def test_what_cannot_be_news_is_kept_and_done_with_at_once(till: Till, now: datetime) -> None:
    opened(now)
    kept = _post(till, "payment_intent.created", now)
    assert kept.processed_at == now
    assert not OutboxEvent.objects.filter(name="payments.webhook_received").exists()


def test_webhooks_alone_tell_of_authorisation_capture_refund_and_dispute(till: Till, now: datetime) -> None:
    payment = authorised(till, now)
    Payment.objects.filter(pk=payment.pk).update(status="open")
    PaymentEvent.objects.filter(to_status="authorised")._raw_delete(using="default")
    _post(till, "payment_intent.amount_capturable_updated", now)
    deliver(now)
    assert fresh(payment).is_authorised
    till.gateway.capture_intent(gateway_id=payment.gateway_id, amount=euros(4488), idempotency_key="by hand")
    _post(till, "payment_intent.succeeded", now)
    deliver(now)
    assert fresh(payment).is_settled
    till.dashboard("refunds", payment_intent=payment.gateway_id, amount="88")
    _post(till, "refund.created", now)
    deliver(now)
    assert fresh(payment).refunded == euros(88)
    till.dashboard("disputes", payment_intent=payment.gateway_id, amount="400")
    _post(till, "charge.dispute.created", now)
    deliver(now)
    assert payment.disputes.get().status == "needs_response"
    assert list(auditing.discrepancies()) == []


def test_fault_5_a_refund_that_is_heard_of_before_its_payment_is_told_in_order(till: Till, now: datetime) -> None:
    payment = opened(now)
    till.pay(payment)
    till.dashboard("refunds", payment_intent=payment.gateway_id, amount="88")
    _post(till, "charge.refunded", now)
    deliver(now)
    _post(till, "payment_intent.succeeded", now)
    deliver(now)
    assert sorted(ledger()) == [("capture", 4488), ("refund", -88)]
    assert list(auditing.discrepancies()) == []


def test_fault_5_two_events_of_one_fact_make_it_one_fact(till: Till, now: datetime) -> None:
    payment = paid(till, now)
    till.dashboard("refunds", payment_intent=payment.gateway_id, amount="88")
    for kind in ("charge.refunded", "refund.created"):
        _post(till, kind, now)
    deliver(now)
    assert ledger() == [("capture", 4488), ("refund", -88)]


def test_a_thin_event_is_as_good_a_hint(till: Till, now: datetime) -> None:
    payment = opened(now)
    till.pay(payment)
    thin = {
        "id": "evt_thin",
        "object": "v2.core.event",
        "type": "v1.payment_intent.succeeded",
        "livemode": False,
        "created": "2026-11-21T09:00:00.000Z",
        "related_object": {"id": payment.gateway_id, "type": "payment_intent", "url": "/v1/x"},
    }
    receive(**_signed(thin, now))
    deliver(now)
    assert fresh(payment).is_settled


def test_a_thin_event_about_a_refund_finds_its_payment(till: Till, now: datetime) -> None:
    payment = paid(till, now)
    made = till.dashboard("refunds", payment_intent=payment.gateway_id, amount="88")
    thin = {
        "id": "evt_thin",
        "object": "v2.core.event",
        "type": "v1.refund.created",
        "livemode": False,
        "created": "2026-11-21T09:00:00.000Z",
        "related_object": {"id": made["id"], "type": "refund", "url": "/v1/x"},
    }
    receive(**_signed(thin, now))
    deliver(now)
    assert fresh(payment).refunded == euros(88)


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(_event(note="a\x00b")).encode(),
        json.dumps(_event(note="\ud800 alone")).encode(),
        json.dumps(_event(**{"\udfff": 1})).encode(),
        json.dumps(_event()).replace("}}", '}, "much": 1e999, "none": NaN}', 1).encode(),
        json.dumps(_event()).replace("}}", ', "whole": ' + "9" * 4000 + "}}", 1).encode(),
    ],
)
def test_signed_signs_that_no_database_keeps_are_replaced_and_the_event_is_kept(written: bytes, now: datetime) -> None:
    kept = receive(**_signed(written, now))
    assert WebhookEvent.objects.get().pk == kept.pk
    assert "\x00" not in json.dumps(kept.payload)


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        _event(id=""),
        _event(id="e" * 256),
        _event(id=7),
        _event(type="t" * 101),
        _event(livemode=None),
        _event(data=None),
        _event(data={"object": "pi_1"}),
        _event(created="yesterday"),
        _event(created=10**30),
        {"object": "v2.core.event", "id": "evt_1", "type": "v1.x", "livemode": False},
    ],
)
def test_what_is_signed_and_is_no_event_is_refused(document: Any, now: datetime) -> None:
    with pytest.raises(ForgedWebhook):
        receive(**_signed(document, now))
    assert not WebhookEvent.objects.exists()


def _poison(till: Till, now: datetime, monkeypatch: pytest.MonkeyPatch) -> WebhookEvent:
    payment = opened(now)
    till.pay(payment)
    monkeypatch.setattr(webhooks, "settle", lambda **_: 1 / 0)
    webhook = _post(till, "payment_intent.succeeded", now)
    for minute in range(ATTEMPTS_BEFORE_PARKING + 2):
        outbox.deliver_due(at=now + minute * MINUTE)
    return fresh(webhook)


def test_fault_29_an_event_that_cannot_be_handled_is_parked_and_shown_and_can_be_tried_again(
    till: Till, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = _poison(till, now, monkeypatch)
    assert webhook.parked_at is not None
    assert "ZeroDivisionError" in webhook.last_error
    assert process_waiting(at=now + 60 * MINUTE) == 0
    monkeypatch.undo()
    later = now + 60 * MINUTE
    with transaction.atomic():
        retry(webhook=webhook, at=later)
    with pytest.raises(NotParked), transaction.atomic():
        retry(webhook=webhook, at=later)
    outbox.deliver_due(at=later)
    assert fresh(webhook).processed_at == later


def test_an_event_whose_task_was_given_up_is_handled_by_the_clock(till: Till, now: datetime) -> None:
    payment = opened(now)
    till.pay(payment)
    _post(till, "payment_intent.succeeded", now)
    assert process_waiting(at=now) == 0
    assert process_waiting(at=now + 5 * MINUTE) == 1
    assert fresh(payment).is_settled
    assert process_waiting(at=now + 60 * MINUTE) == 0


def test_an_event_about_which_the_gateway_cannot_be_understood_holds_up_no_other(
    till: Till, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = WebhookEvent.objects.create(
        gateway="stripe", event_id="evt_odd", type="charge.dispute.created", topic="dispute", object_id="dp_1",
        payload={}, received_at=now, look_again_at=now,
    )  # fmt: skip
    payment = opened(now)
    till.pay(payment)
    _post(till, "payment_intent.succeeded", now)

    def fetch_dispute(self: StripeGateway, *, dispute_id: str) -> None:
        raise GatewayUnavailable("a new word")

    monkeypatch.setattr(StripeGateway, "fetch_dispute", fetch_dispute)
    assert process_waiting(at=now + 5 * MINUTE) == 1
    assert fresh(payment).is_settled
    with pytest.raises(GatewayUnavailable):
        webhooks.process(webhook_id=odd.pk, at=now + timedelta(days=3, minutes=1))
    assert fresh(odd).parked_at is not None
    assert "a new word" in fresh(odd).last_error


def test_events_that_were_handled_long_ago_are_forgotten(till: Till, now: datetime) -> None:
    opened(now)
    _post(till, "payment_intent.created", now)
    assert webhooks.forget(at=now + timedelta(days=40)) == 0
    assert webhooks.forget(at=now + timedelta(days=46)) == 1


def test_fault_7_without_any_webhook_the_gateways_own_list_tells_it_all(till: Till, now: datetime) -> None:
    payment, disputed = paid(till, now), paid(till, now)
    till.dashboard("refunds", payment_intent=payment.gateway_id, amount="88")
    till.dashboard("disputes", payment_intent=disputed.gateway_id)
    assert polling.read_events(at=now) == 0, "the youngest are left to the webhooks"
    later = now + MINUTE
    assert polling.read_events(at=later) > 0
    assert polling.read_events(at=later + MINUTE) == 0
    deliver(later)
    assert fresh(payment).refunded == euros(88)
    assert disputed.disputes.get().status == "needs_response"


def test_what_a_webhook_brought_is_not_kept_again(till: Till, now: datetime) -> None:
    till.pay(opened(now))
    _post(till, "payment_intent.succeeded", now)
    polling.read_events(at=now + MINUTE)
    assert WebhookEvent.objects.filter(type="payment_intent.succeeded").count() == 1


def test_the_list_is_read_over_several_pages_and_from_where_it_was_left(
    till: Till, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commerce.payments.stripe.adapter._MOST_AT_ONCE", 2)
    for _ in range(5):
        till.pay(opened(now))
    assert polling.read_events(at=now + MINUTE) == 5
    assert EventCursor.objects.get().read_until == now + MINUTE - polling.LEFT_TO_WEBHOOKS
    till.provoke(FaultKind.LOSE_REPLY, match="GET /v1/events", times=MAX_NETWORK_RETRIES + 1)
    with pytest.raises(GatewayUnavailable):
        polling.read_events(at=now + 9 * MINUTE)
    assert EventCursor.objects.get().read_until == now + MINUTE - polling.LEFT_TO_WEBHOOKS


def _of_another_life(till: Till, shop: str | None = None, minor: int = 4488) -> tuple[Any, str]:
    """An intent that this database knows nothing of."""
    reference = uuid4()
    with override_settings(SHOP_ID=shop or settings.SHOP_ID):
        intent = till.gateway.open_intent(
            amount=Money(minor, "EUR"), reference=reference, idempotency_key=f"old-{reference}"
        )
    return reference, intent.client_secret


def test_fault_34_what_was_paid_before_the_backup_and_is_unknown_goes_back(till: Till, now: datetime) -> None:
    reference, secret = _of_another_life(till)
    till.confirm(secret)
    webhook = _post(till, "payment_intent.succeeded", now)
    outbox.deliver_due(at=now)
    assert fresh(webhook).look_again_at >= now + strangers.WAITS - MINUTE
    assert not Payment.objects.exists()
    later = now + 10 * MINUTE
    assert process_waiting(at=later) == 1
    deliver(later)
    payment = Payment.objects.get()
    assert (payment.pk, payment.reference, payment.status) == (reference, reference, "succeeded")
    assert ledger() == [("capture", 4488), ("refund", -4488)]
    assert fresh(webhook).processed_at == later
    assert list(auditing.discrepancies()) == []


def test_fault_34_what_had_been_refunded_already_is_not_refunded_again(till: Till, now: datetime) -> None:
    _, secret = _of_another_life(till)
    till.confirm(secret)
    till.dashboard("refunds", payment_intent=secret.split("_secret_")[0], amount="4000")
    polling.read_events(at=now + 10 * MINUTE)
    deliver(now + 10 * MINUTE)
    assert ledger() == [("capture", 4488), ("refund", -4000), ("refund", -488)]
    assert Refund.objects.count() == 2


def test_fault_34_a_payment_whose_opening_was_forgotten_is_no_stranger(till: Till, now: datetime) -> None:
    payment = prepared(now)
    intent = till.gateway.open_intent(
        amount=payment.amount, reference=payment.pk, idempotency_key=payment.idempotency_key
    )
    till.confirm(intent.client_secret)
    _post(till, "payment_intent.succeeded", now)
    deliver(now)
    process_waiting(at=now + 10 * MINUTE)
    assert fresh(payment).is_settled
    assert Payment.objects.count() == 1
    assert not Refund.objects.exists()


def test_fault_34_what_was_authorised_in_another_life_is_let_go(till: Till, now: datetime) -> None:
    reference = uuid4()
    intent = till.gateway.open_intent(
        amount=euros(4488), reference=reference, idempotency_key="old", captures_later=True
    )
    till.confirm(intent.client_secret)
    _post(till, "payment_intent.amount_capturable_updated", now)
    deliver(now + 10 * MINUTE)
    assert till.gateway.fetch_intent(gateway_id=intent.gateway_id).status == "cancelled"
    assert not Payment.objects.exists()


@pytest.mark.parametrize("shop", ["https://another.example", ""])
def test_fault_15_an_intent_of_another_shop_is_left_alone(till: Till, now: datetime, shop: str) -> None:
    with override_settings(SHOP_ID=shop):
        intent = till.gateway.open_intent(amount=euros(999), reference=uuid4(), idempotency_key="foreign")
    till.confirm(intent.client_secret)
    webhook = _post(till, "payment_intent.succeeded", now)
    deliver(now + 10 * MINUTE)
    assert fresh(webhook).processed_at is not None
    assert not Payment.objects.exists()
    assert till.gateway.fetch_intent(gateway_id=intent.gateway_id).status == "succeeded"


@pytest.mark.parametrize("reference", ["another", "none"])
def test_fault_15_an_intent_that_carries_another_reference_is_put_into_quarantine(
    till: Till, now: datetime, reference: str
) -> None:
    payment = opened(now)
    carried = {"metadata[payment]": str(uuid4())} if reference == "another" else {"metadata[payment]": ""}
    till.send("POST", f"/v1/payment_intents/{payment.gateway_id}", carried, key=settings.STRIPE_SECRET_KEY)
    till.pay(payment)
    _post(till, "payment_intent.succeeded", now)
    deliver(now)
    payment = fresh(payment)
    assert (payment.status, bool(payment.quarantine_reason)) == ("open", True)
    assert not LedgerEntry.objects.exists()
    told = OutboxEvent.objects.filter(name="payments.quarantined")
    assert [event.payload["payment"] for event in told] == [str(payment.pk)]
    with pytest.raises(Exception, match="More would be refunded"):
        refund(payment, 1, now)
