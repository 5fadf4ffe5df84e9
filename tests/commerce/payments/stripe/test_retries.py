"""Asking again: idempotency keys, lost replies and other faults, the same through both doors."""

from __future__ import annotations

import pytest
from django.conf import settings

from commerce.kit.money import Money
from commerce.payments.gateways import GatewayFailed, GatewayRefused, GatewayUnavailable, IntentStatus
from commerce.payments.stripe.adapter import MAX_NETWORK_RETRIES
from commerce.payments.stripe.sandbox import idempotency
from commerce.payments.stripe.sandbox.faults import Fault, FaultKind
from tests.commerce.payments.stripe.doors import REFERENCE, SECRET_KEY, Door


def test_the_same_key_replays_the_first_answer(door: Door) -> None:
    assert door.open(idempotency_key="same") == door.open(idempotency_key="same")
    assert door.event_types() == ["payment_intent.created"]
    params = {"amount": "500", "currency": "eur"}
    first = door.send("POST", "/v1/payment_intents", params, idempotency_key="raw")
    second = door.send("POST", "/v1/payment_intents", params, idempotency_key="raw")
    assert first.body == second.body
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert first.headers["Request-Id"] != second.headers["Request-Id"]


def test_the_same_key_with_other_parameters_is_refused(door: Door) -> None:
    door.open(Money(1999, "EUR"), idempotency_key="same")
    with pytest.raises(GatewayRefused) as refusal:
        door.open(Money(2000, "EUR"), idempotency_key="same")
    assert refusal.value.facts == {"gateway_code": "idempotency_error"}


def test_a_key_whose_first_request_is_still_at_work_means_come_back_later(door: Door) -> None:
    body = {
        "amount": "1999",
        "automatic_payment_methods": {"enabled": "true"},
        "currency": "eur",
        "metadata": {"payment": str(REFERENCE), "shop": settings.SHOP_ID},
    }
    with door.store.transaction() as records:
        idempotency.claim(records, "busy", method="POST", path="/v1/payment_intents", params=body, at=door.clock())
    with pytest.raises(GatewayUnavailable):
        door.open(idempotency_key="busy")
    door.clock.advance(seconds=60)
    assert door.open(idempotency_key="busy").status is IntentStatus.AWAITING_SHOPPER


def test_a_key_is_forgotten_after_a_day(door: Door) -> None:
    first = door.open(idempotency_key="same")
    door.clock.advance(hours=24)
    assert door.open(idempotency_key="same").gateway_id != first.gateway_id


def test_a_request_that_failed_validation_leaves_its_key_free(door: Door) -> None:
    refused = door.send("POST", "/v1/payment_intents", {"currency": "eur"}, idempotency_key="k")
    assert refused.status == 400
    good = door.send("POST", "/v1/payment_intents", {"amount": "99", "currency": "eur"}, idempotency_key="k")
    assert good.status == 200


def test_a_lost_reply_is_healed_by_the_clients_own_retry(door: Door) -> None:
    door.machine.provoke(Fault(FaultKind.LOSE_REPLY, match="POST /v1/payment_intents"))
    assert door.open().status is IntentStatus.AWAITING_SHOPPER
    assert door.event_types() == ["payment_intent.created"]


def test_replies_lost_for_good_mean_unavailable_and_the_same_key_finds_the_effect(door: Door) -> None:
    intent = door.paid()
    every_try = MAX_NETWORK_RETRIES + 1
    door.machine.provoke(Fault(FaultKind.LOSE_REPLY, match="POST /v1/refunds", times=every_try))
    with pytest.raises(GatewayUnavailable) as lost:
        door.refund(intent, 1999, reference=REFERENCE, idempotency_key="refund-1")
    assert not isinstance(lost.value, GatewayFailed)
    assert door.event_types().count("charge.refunded") == 1
    again = door.refund(intent, 1999, reference=REFERENCE, idempotency_key="refund-1")
    assert again.amount == Money(1999, "EUR")
    assert again == door.gateway.find_refund(gateway_id=intent.gateway_id, reference=REFERENCE)
    assert door.event_types().count("charge.refunded") == 1


def test_a_request_that_met_the_rate_limit_had_no_effect_and_may_be_made_again(door: Door) -> None:
    intent = door.paid()
    door.machine.provoke(Fault(FaultKind.RATE_LIMIT, match="POST /v1/refunds"))
    with pytest.raises(GatewayUnavailable) as limited:
        door.refund(intent, 1999, reference=REFERENCE, idempotency_key="refund-1")
    assert not isinstance(limited.value, GatewayFailed)
    assert door.event_types().count("charge.refunded") == 0
    door.refund(intent, 1999, reference=REFERENCE, idempotency_key="refund-1")
    assert door.event_types().count("charge.refunded") == 1


def test_a_server_error_after_the_effect_is_replayed_under_its_key(door: Door) -> None:
    door.machine.provoke(Fault(FaultKind.SERVER_ERROR, match="POST /v1/payment_intents"))
    for _ in range(2):
        with pytest.raises(GatewayFailed):
            door.open(idempotency_key="unlucky")
    assert door.event_types() == ["payment_intent.created"]
    door.open(idempotency_key="another")
    assert door.event_types() == ["payment_intent.created"] * 2


def test_a_cancellation_that_was_answered_with_an_error_can_be_asked_for_again(door: Door) -> None:
    intent = door.open()
    door.machine.provoke(Fault(FaultKind.SERVER_ERROR, match="POST */cancel"))
    with pytest.raises(GatewayFailed):
        door.gateway.cancel_intent(gateway_id=intent.gateway_id)
    assert door.gateway.cancel_intent(gateway_id=intent.gateway_id).status is IntentStatus.CANCELLED
    assert door.event_types().count("payment_intent.canceled") == 1


def test_faults_and_reset_are_reached_with_the_secret_key_only(door: Door) -> None:
    fault = {"kind": "rate_limit", "match": "GET /v1/events", "times": "1"}
    assert door.send("POST", "/_sandbox/faults", fault, key="").status == 401
    assert door.send("POST", "/_sandbox/faults", fault | {"kind": "fire"}).status == 400
    assert door.send("POST", "/_sandbox/faults", fault).status == 200
    assert [door.send("GET", "/v1/events").status for _ in range(2)] == [429, 200]
    intent = door.open()
    assert door.send("POST", "/_sandbox/reset", key=SECRET_KEY).status == 200
    with pytest.raises(GatewayRefused):
        door.gateway.fetch_intent(gateway_id=intent.gateway_id)
