"""What can go wrong on the way to Stripe and back, provoked through both doors of the sandbox."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest

from commerce.payments.gateways import ForgedWebhook, GatewayEvent, GatewayUnavailable, IntentStatus
from commerce.payments.stripe.adapter import MAX_NETWORK_RETRIES
from commerce.payments.stripe.sandbox.deliveries import GIVE_UP_AFTER, Courier
from commerce.payments.stripe.sandbox.faults import Fault, FaultKind
from commerce.payments.stripe.sandbox.machine import Machine
from commerce.payments.stripe.sandbox.server import SandboxServer
from commerce.payments.stripe.sandbox.store import SqliteStore
from tests.commerce.payments.stripe.doors import WEBHOOK_SECRET, Clock, Door, PromptClient, gateway

OPENING = "POST /v1/payment_intents"


def provoke(door: Door, kind: FaultKind, **where: Any) -> None:
    params = {"kind": kind.value} | {name: str(value) for name, value in where.items()}
    assert door.send("POST", "/_sandbox/faults", params).status == 200


def deliver(door: Door, *, secret: str = WEBHOOK_SECRET) -> list[GatewayEvent | ForgedWebhook]:
    """What the shop makes of each webhook that is due."""
    seen: list[GatewayEvent | ForgedWebhook] = []

    def send(body: bytes, signature: str) -> int:
        try:
            seen.append(door.gateway.read_webhook(body=body, signature=signature, at=door.clock()))
        except ForgedWebhook as forged:
            seen.append(forged)
            return 400
        return 200

    Courier(store=door.store, secret=secret, send=send).deliver_due(at=door.clock())
    return seen


def test_a_conflict_has_no_effect_and_is_healed_by_asking_again(door: Door) -> None:
    provoke(door, FaultKind.CONFLICT, match=OPENING)
    assert door.open().status is IntentStatus.AWAITING_SHOPPER
    provoke(door, FaultKind.CONFLICT, match=OPENING, times=MAX_NETWORK_RETRIES + 1)
    with pytest.raises(GatewayUnavailable):
        door.open(idempotency_key="another")
    assert door.event_types() == ["payment_intent.created"]


def test_a_request_that_hangs_has_its_effect_and_its_key_stays_in_use(in_process: Door) -> None:
    provoke(in_process, FaultKind.HANG, match=OPENING)
    with pytest.raises(GatewayUnavailable):
        in_process.open(idempotency_key="slow")
    assert in_process.event_types() == ["payment_intent.created"]
    with pytest.raises(GatewayUnavailable):
        in_process.open(idempotency_key="slow")
    assert in_process.send("POST", "/_sandbox/hangs/release").body["released"] == 1
    assert in_process.open(idempotency_key="slow").status is IntentStatus.AWAITING_SHOPPER
    assert in_process.event_types() == ["payment_intent.created"]


def test_a_request_that_nobody_releases_ends_after_eighty_seconds(in_process: Door) -> None:
    provoke(in_process, FaultKind.HANG, match=OPENING)
    with pytest.raises(GatewayUnavailable):
        in_process.open(idempotency_key="slow")
    in_process.clock.advance(seconds=80)
    assert in_process.open(idempotency_key="slow").status is IntentStatus.AWAITING_SHOPPER


def test_over_http_a_hanging_request_waits_until_it_is_released(over_http: Door) -> None:
    provoke(over_http, FaultKind.HANG, match=OPENING)
    params = {"amount": "500", "currency": "eur"}
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(over_http.send, "POST", "/v1/payment_intents", params)
        while not (released := over_http.send("POST", "/_sandbox/hangs/release").body["released"]):
            assert not asked.done()
        assert (released, asked.result(timeout=10).status) == (1, 200)


def test_a_server_that_stops_lets_go_of_hanging_requests(machine: Machine, store: SqliteStore, clock: Clock) -> None:
    client = PromptClient(timeout=10)
    with ThreadPoolExecutor(1) as pool:
        with SandboxServer(machine=machine, now=clock) as server:
            door = Door(gateway(sandbox_url=server.url, transport=client), machine, store, clock, server)
            provoke(door, FaultKind.HANG, match=OPENING)
            asked = pool.submit(door.open)
            while door.event_types() != ["payment_intent.created"]:
                assert not asked.done()
        client.close()
        assert asked.exception(timeout=10) is None or isinstance(asked.exception(), GatewayUnavailable)


def test_a_slow_answer_keeps_its_key_in_use_until_it_is_there(in_process: Door) -> None:
    provoke(in_process, FaultKind.LATENCY, match=OPENING, milliseconds=2400)
    first = in_process.open(idempotency_key="slow")
    with pytest.raises(GatewayUnavailable):
        in_process.open(idempotency_key="slow")
    in_process.clock.advance(seconds=3)
    assert in_process.open(idempotency_key="slow") == first


def test_an_answer_slower_than_the_clients_patience_never_arrives(in_process: Door) -> None:
    provoke(in_process, FaultKind.LATENCY, match=OPENING, milliseconds=11_000)
    with pytest.raises(GatewayUnavailable):
        in_process.open()
    assert in_process.event_types() == ["payment_intent.created"]


def test_over_http_a_slow_answer_takes_its_time_and_others_do_not_wait_for_it(over_http: Door) -> None:
    provoke(over_http, FaultKind.LATENCY, match=OPENING, milliseconds=400)
    with ThreadPoolExecutor(1) as pool:
        began = monotonic()
        asked = pool.submit(over_http.open)
        while over_http.event_types() != ["payment_intent.created"]:
            assert not asked.done()
        assert not asked.done()
        asked.result(timeout=10)
        assert monotonic() - began >= 0.4


def test_a_sandbox_far_away_is_slow_in_its_api_only(machine: Machine, store: SqliteStore, clock: Clock) -> None:
    with SandboxServer(machine=machine, now=clock, latency=timedelta(milliseconds=300)) as server:
        door = Door(gateway(), machine, store, clock, server)
        began = monotonic()
        door.send("GET", "/v1/events")
        assert monotonic() - began >= 0.3
        began = monotonic()
        door.send("GET", "/_sandbox/faults")
        assert monotonic() - began < 0.3


def test_a_delayed_webhook_arrives_days_later(in_process: Door) -> None:
    three_days = timedelta(days=3)
    milliseconds = three_days // timedelta(milliseconds=1)
    provoke(in_process, FaultKind.WEBHOOK_DELAY, match="payment_intent.created", milliseconds=milliseconds)
    in_process.open()
    assert deliver(in_process) == []
    in_process.clock.now += three_days
    (event,) = deliver(in_process)
    assert isinstance(event, GatewayEvent)
    assert event.type == "payment_intent.created"


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (FaultKind.WEBHOOK_STALE, "too old"),
        (FaultKind.WEBHOOK_WRONG_SECRET, "does not match"),
    ],
)
def test_a_badly_signed_webhook_is_forged_every_time(in_process: Door, kind: FaultKind, says: str) -> None:
    provoke(in_process, kind, match="payment_intent.created")
    in_process.open()
    for _ in range(2):
        (forged,) = deliver(in_process)
        assert isinstance(forged, ForgedWebhook)
        assert says in str(forged)
        in_process.clock.advance(seconds=1)
    in_process.clock.now += GIVE_UP_AFTER
    deliver(in_process)
    undelivered = in_process.send("GET", "/v1/events", {"delivery_success": "false"}).body["data"]
    assert [event["type"] for event in undelivered] == ["payment_intent.created"]


def test_a_thin_event_is_believed_and_names_its_object_without_showing_it(in_process: Door) -> None:
    provoke(in_process, FaultKind.WEBHOOK_THIN, match="payment_intent.succeeded")
    intent = in_process.paid()
    thin = deliver(in_process)[-1]
    assert isinstance(thin, GatewayEvent)
    assert (thin.type, thin.intent_id) == ("v1.payment_intent.succeeded", intent.gateway_id)
    assert "data" not in thin.payload


def test_faults_are_listed_and_cleared(door: Door) -> None:
    provoke(door, FaultKind.RATE_LIMIT, times=1000)
    provoke(door, FaultKind.LATENCY, match="GET *", milliseconds=10)
    listed = door.send("GET", "/_sandbox/faults").body["data"]
    assert [(fault["kind"], fault["times"]) for fault in listed] == [("rate_limit", 1000), ("latency", 1)]
    assert door.send("GET", "/v1/events").status == 429
    door.send("DELETE", "/_sandbox/faults")
    assert door.send("GET", "/v1/events").status == 200


def test_the_first_matching_fault_strikes_as_often_as_it_says(in_process: Door) -> None:
    in_process.machine.provoke(Fault(FaultKind.RATE_LIMIT, match="GET /v1/events", times=2))
    in_process.machine.provoke(Fault(FaultKind.CONFLICT, match="GET *"))
    assert [in_process.send("GET", "/v1/events").status for _ in range(4)] == [429, 429, 409, 200]
