"""What is believed of an incoming webhook, and what is not."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import stripe

from commerce.payments.gateways import ForgedWebhook, GatewayEvent
from commerce.payments.stripe.sandbox.deliveries import signed
from tests.commerce.payments.stripe.doors import WEBHOOK_SECRET, Clock, gateway

CLOCK = Clock()
EVENT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "payment_intent.succeeded",
    "livemode": False,
    "data": {"object": {"object": "payment_intent", "id": "pi_1"}},
}


def read(body: bytes, signature: str, **options: Any) -> GatewayEvent:
    return gateway(**options).read_webhook(body=body, signature=signature, at=CLOCK())


def signature_of(body: str, *, secret: str = WEBHOOK_SECRET, seconds: int = 0) -> str:
    stamp = int((CLOCK() + timedelta(seconds=seconds)).timestamp())
    header: str = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=stamp)
    return header


def test_a_signed_event_names_its_intent() -> None:
    event = read(*signed(EVENT, secret=WEBHOOK_SECRET, at=CLOCK()))
    assert (event.event_id, event.type, event.intent_id) == ("evt_1", "payment_intent.succeeded", "pi_1")
    assert event.payload == EVENT


@pytest.mark.parametrize(
    ("subject", "intent_id"),
    [
        ({"object": "charge", "id": "ch_1", "payment_intent": "pi_2"}, "pi_2"),
        ({"object": "refund", "id": "re_1", "payment_intent": "pi_3"}, "pi_3"),
        ({"object": "charge", "id": "ch_1", "payment_intent": None}, ""),
        ({"object": "customer", "id": "cus_1"}, ""),
    ],
)
def test_charges_and_refunds_name_the_intent_they_belong_to(subject: dict[str, Any], intent_id: str) -> None:
    body, signature = signed(EVENT | {"data": {"object": subject}}, secret=WEBHOOK_SECRET, at=CLOCK())
    assert read(body, signature).intent_id == intent_id


@pytest.mark.parametrize("secret", ["whsec_old", "whsec_new"])
def test_while_the_secret_is_rotated_both_are_good(secret: str) -> None:
    body, signature = signed(EVENT, secret=secret, at=CLOCK())
    assert read(body, signature, webhook_secret="whsec_new, whsec_old").event_id == "evt_1"


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_stamp_within_five_minutes_is_recent(seconds: int) -> None:
    body = json.dumps(EVENT)
    assert read(body.encode(), signature_of(body, seconds=seconds)).event_id == "evt_1"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_stamp_and_one_from_the_future_are_refused(seconds: int) -> None:
    body = json.dumps(EVENT)
    with pytest.raises(ForgedWebhook):
        read(body.encode(), signature_of(body, seconds=seconds))


@pytest.mark.parametrize(
    "signature", ["", "nonsense", "t=1", "t=,v1=", "t=1,v1=é", "v1=abc", f"t={'9' * 5000},v1=a", "=,=,="]
)
def test_a_header_that_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(ForgedWebhook):
        read(json.dumps(EVENT).encode(), signature)


def test_a_body_changed_after_signing_is_refused() -> None:
    body, signature = signed(EVENT, secret=WEBHOOK_SECRET, at=CLOCK())
    with pytest.raises(ForgedWebhook):
        read(body.replace(b"pi_1", b"pi_2"), signature)


def test_another_secret_or_none_is_refused() -> None:
    body, signature = signed(EVENT, secret="whsec_thief", at=CLOCK())
    with pytest.raises(ForgedWebhook):
        read(body, signature)
    with pytest.raises(ForgedWebhook):
        read(*signed(EVENT, secret="", at=CLOCK()), webhook_secret="")


@pytest.mark.parametrize(
    "event",
    [
        [],
        "event",
        None,
        {},
        EVENT | {"object": "v2.core.event"},
        EVENT | {"livemode": True},
        EVENT | {"livemode": "false"},
        EVENT | {"id": 7},
        EVENT | {"data": {"object": "pi_1"}},
    ],
)
def test_a_signed_body_that_is_no_snapshot_event_of_our_mode_is_refused(event: Any) -> None:
    body = json.dumps(event)
    with pytest.raises(ForgedWebhook):
        read(body.encode(), signature_of(body))


@pytest.mark.parametrize("body", ["not json", "", "[" * 100_000, '{"id": ' + "9" * 5000 + "}"])
def test_a_signed_body_that_is_no_json_is_refused(body: str) -> None:
    with pytest.raises(ForgedWebhook):
        read(body.encode(), signature_of(body))


def test_a_body_outside_utf_8_is_refused() -> None:
    with pytest.raises(ForgedWebhook):
        read(b"\xff\xfe{}", signature_of("{}"))


def test_a_huge_body_is_refused_though_signed() -> None:
    body = json.dumps(EVENT | {"padding": "x" * (256 * 1024)})
    with pytest.raises(ForgedWebhook, match="too large"):
        read(body.encode(), signature_of(body))


def test_a_live_shop_refuses_test_events() -> None:
    keys = {"secret_key": "sk_live_x", "publishable_key": "pk_live_x", "sandbox_url": ""}
    body, signature = signed(EVENT, secret=WEBHOOK_SECRET, at=CLOCK())
    with pytest.raises(ForgedWebhook, match="other mode"):
        read(body, signature, **keys)
    live_body, live_signature = signed(EVENT | {"livemode": True}, secret=WEBHOOK_SECRET, at=CLOCK())
    assert read(live_body, live_signature, **keys).event_id == "evt_1"
