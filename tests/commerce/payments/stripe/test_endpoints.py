"""Webhook endpoints beside the shop's own address, through both doors of the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from commerce.payments.stripe.sandbox import deliveries
from commerce.payments.stripe.sandbox.deliveries import Courier
from tests.commerce.payments.stripe.doors import WEBHOOK_SECRET, Door, gateway

URL = "http://shop.invalid/hooks"


def endpoint(door: Door, *types: str, **params: str) -> dict[str, Any]:
    wanted = {f"enabled_events[{number}]": type for number, type in enumerate(types)}
    reply = door.send("POST", "/v1/webhook_endpoints", {"url": URL, **wanted, **params})
    assert reply.status == 200, reply.body
    return reply.body


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes, str]]:
    """What was sent to further endpoints: address, body, signature."""
    sent: list[tuple[str, bytes, str]] = []

    def post_to(url: str) -> deliveries.Send:
        def send(body: bytes, signature: str) -> int:
            sent.append((url, body, signature))
            return 200

        return send

    monkeypatch.setattr(deliveries, "post_to", post_to)
    return sent


def deliver(door: Door, status: int = 200) -> None:
    courier = Courier(store=door.store, secret=WEBHOOK_SECRET, send=lambda body, signature: status)
    courier.deliver_due(at=door.clock())


def test_an_endpoint_shows_its_secret_once(door: Door) -> None:
    made = endpoint(door, "*", **{"metadata[for]": "test"}, description="Test")
    assert made["secret"].startswith("whsec_")
    path = f"/v1/webhook_endpoints/{made['id']}"
    shown = door.send("GET", path).body
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert door.send("GET", "/v1/webhook_endpoints").body["data"] == [shown]
    changed = door.send("POST", path, {"disabled": "true", "url": "https://other.invalid", "description": ""}).body
    assert (changed["status"], changed["url"], changed["description"]) == ("disabled", "https://other.invalid", None)
    assert door.send("DELETE", path).body == {"id": made["id"], "object": "webhook_endpoint", "deleted": True}
    assert door.send("GET", path).status == 404


@pytest.mark.parametrize(
    "params", [{}, {"url": URL}, {"url": "ftp://x", "enabled_events[]": "*"}, {"url": URL, "enabled_events": "*"}]
)
def test_an_endpoint_needs_an_address_and_events(door: Door, params: dict[str, str]) -> None:
    assert door.send("POST", "/v1/webhook_endpoints", params).status == 400


def test_an_endpoint_hears_of_what_it_wants_under_its_own_secret(
    door: Door, posted: list[tuple[str, bytes, str]]
) -> None:
    made = endpoint(door, "payment_intent.succeeded", "charge.refunded")
    door.paid()
    deliver(door)
    ((url, body, signature),) = posted
    shop = gateway(webhook_secret=made["secret"])
    event = shop.read_webhook(body=body, signature=signature, at=door.clock())
    assert (url, event.type) == (URL, "payment_intent.succeeded")


def test_an_event_is_delivered_when_all_have_it(door: Door, posted: list[tuple[str, bytes, str]]) -> None:
    endpoint(door, "*")
    door.open()

    def pending() -> int:
        found: int = door.send("GET", "/v1/events").body["data"][0]["pending_webhooks"]
        return found

    assert pending() == 2
    deliver(door, status=500)
    assert (pending(), len(posted)) == (1, 1)
    door.clock.advance(seconds=1)
    deliver(door)
    assert (pending(), len(posted)) == (0, 1)


@pytest.mark.parametrize("how", ["disabled", "deleted"])
def test_an_endpoint_that_is_gone_gets_nothing_more(door: Door, posted: list[tuple[str, bytes, str]], how: str) -> None:
    path = f"/v1/webhook_endpoints/{endpoint(door, '*')['id']}"
    door.open(idempotency_key="before")
    if how == "disabled":
        door.send("POST", path, {"disabled": "true"})
    else:
        door.send("DELETE", path)
    door.open(idempotency_key="after")
    deliver(door)
    assert posted == []
