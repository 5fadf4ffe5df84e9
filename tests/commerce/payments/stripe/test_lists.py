"""Lists of events and intents: filters and pages, through both doors of the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from commerce.payments.stripe.sandbox.deliveries import Courier
from commerce.payments.stripe.sandbox.events import KEPT_FOR
from commerce.payments.stripe.sandbox.faults import Fault, FaultKind
from tests.commerce.payments.stripe.doors import WEBHOOK_SECRET, Door

SECONDS = 10


@pytest.fixture
def opened(door: Door) -> list[str]:
    """Five intents, ten seconds apart, oldest first."""
    ids = []
    for number in range(5):
        ids.append(door.open(idempotency_key=f"open-{number}").gateway_id)
        door.clock.advance(seconds=SECONDS)
    return ids


def listed(door: Door, what: str = "events", **params: str) -> dict[str, Any]:
    reply = door.send("GET", f"/v1/{what}", params)
    assert reply.status == 200, reply.body
    return reply.body


def intents_of(events: dict[str, Any]) -> list[str]:
    return [event["data"]["object"]["id"] for event in events["data"]]


def test_intents_are_listed_newest_first_page_by_page_in_both_directions(door: Door, opened: list[str]) -> None:
    newest_first = opened[::-1]
    page = listed(door, "payment_intents", limit="2")
    assert ([each["id"] for each in page["data"]], page["has_more"]) == (newest_first[:2], True)
    page = listed(door, "payment_intents", limit="3", starting_after=newest_first[1])
    assert ([each["id"] for each in page["data"]], page["has_more"]) == (newest_first[2:], False)
    page = listed(door, "payment_intents", limit="2", ending_before=newest_first[4])
    assert ([each["id"] for each in page["data"]], page["has_more"]) == (newest_first[2:4], True)
    page = listed(door, "payment_intents", limit="2", ending_before=newest_first[2])
    assert ([each["id"] for each in page["data"]], page["has_more"]) == (newest_first[:2], False)


def test_intents_of_one_customer_are_listed_alone(door: Door, opened: list[str]) -> None:
    owner = door.send("POST", "/v1/customers").body["id"]
    params = {"amount": "500", "currency": "eur", "customer": owner}
    mine = door.send("POST", "/v1/payment_intents", params).body["id"]
    assert [each["id"] for each in listed(door, "payment_intents", customer=owner)["data"]] == [mine]
    assert len(listed(door, "payment_intents")["data"]) == 6


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({"gte": 20}, [2, 3, 4]),
        ({"gt": 20}, [3, 4]),
        ({"lte": 20}, [0, 1, 2]),
        ({"lt": 20}, [0, 1]),
        ({"gte": 10, "lt": 30}, [1, 2]),
        ({"gt": 90}, []),
    ],
)
def test_events_of_a_span_of_time(door: Door, opened: list[str], bounds: dict[str, int], found: list[int]) -> None:
    start = listed(door)["data"][-1]["created"]
    params = {f"created[{name}]": str(start + seconds) for name, seconds in bounds.items()}
    assert intents_of(listed(door, **params)) == [opened[number] for number in reversed(found)]


def test_events_of_one_second(door: Door, opened: list[str]) -> None:
    second = str(listed(door)["data"][0]["created"])
    assert intents_of(listed(door, created=second)) == [opened[4]]


def test_events_since_a_cursor_are_read_page_by_page(door: Door, opened: list[str]) -> None:
    """As a shop does that missed its webhooks: what is newer than the last one it knows."""
    known = listed(door)["data"][-1]["id"]
    page = listed(door, ending_before=known, limit="3")
    assert (intents_of(page), page["has_more"]) == (opened[3:0:-1], True)
    rest = listed(door, ending_before=page["data"][0]["id"], limit="3")
    assert (intents_of(rest), rest["has_more"]) == ([opened[4]], False)


@pytest.mark.parametrize(
    ("params", "types"),
    [
        ({"type": "charge.succeeded"}, {"charge.succeeded"}),
        ({"type": "payment_intent.*"}, {"payment_intent.created", "payment_intent.succeeded"}),
        ({"types[]": "charge.succeeded"}, {"charge.succeeded"}),
        (
            {"types[0]": "charge.succeeded", "types[1]": "payment_intent.created"},
            {"charge.succeeded", "payment_intent.created"},
        ),
        ({"type": "payout.paid"}, set()),
    ],
)
def test_events_of_some_types(door: Door, params: dict[str, str], types: set[str]) -> None:
    door.paid()
    assert {event["type"] for event in listed(door, **params)["data"]} == types


def test_undelivered_events_are_found(door: Door) -> None:
    door.machine.provoke(Fault(FaultKind.WEBHOOK_DROP, match="charge.succeeded"))
    door.paid()
    assert len(listed(door, delivery_success="false")["data"]) == 3
    Courier(store=door.store, secret=WEBHOOK_SECRET, send=lambda body, signature: 200).deliver_due(at=door.clock())
    assert [event["type"] for event in listed(door, delivery_success="false")["data"]] == ["charge.succeeded"]
    assert len(listed(door, delivery_success="true")["data"]) == 2


def test_after_thirty_days_an_event_is_forgotten(door: Door) -> None:
    door.open()
    event = listed(door)["data"][0]["id"]
    door.clock.now += KEPT_FOR
    assert len(listed(door)["data"]) == 1
    door.clock.advance(seconds=1)
    assert listed(door)["data"] == []
    assert door.send("GET", f"/v1/events/{event}").status == 404


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"starting_after": "evt_unknown"},
        {"ending_before": "evt_unknown"},
        {"created[gte]": "yesterday"},
        {"created[near]": "1"},
        {"created": "-1"},
        {"created[gte][x]": "1"},
        {"delivery_success": "perhaps"},
        {"type": "a", "types[]": "b"},
        {"types": "b"},
        {"types[0][x]": "b"},
        {"starting_after": "", "ending_before[x]": "1"},
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(door: Door, params: dict[str, str]) -> None:
    assert door.send("GET", "/v1/events", params).status in {400, 404}


def test_two_cursors_at_once_are_refused(door: Door, opened: list[str]) -> None:
    params = {"starting_after": opened[0], "ending_before": opened[1]}
    assert door.send("GET", "/v1/payment_intents", params).status == 400
