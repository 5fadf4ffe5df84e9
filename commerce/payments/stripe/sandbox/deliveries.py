"""Signed webhooks, tried until the receiver answers 2xx. They wait in the store: a restart forgets none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit, urlunsplit

import stripe

from commerce.payments.stripe.sandbox.faults import FaultKind
from commerce.payments.stripe.sandbox.store import Delivery, Document, Records, Store

Send = Callable[[bytes, str], int]
"""Takes a body and its Stripe-Signature, returns the receiver's status; 0 when there was no answer."""
Backoff = Callable[[int], timedelta]
"""How long to wait after so many attempts."""

LEASE = timedelta(seconds=30)
"""A delivery that its sender took and never finished is taken again after this."""
GIVE_UP_AFTER = timedelta(hours=12)
_LONGEST_WAIT_SECONDS = 30
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""When a delivery is due that was lost or given up; it counts as not delivered for as long as its event is kept."""
_STALE = timedelta(minutes=10)
TWISTS = frozenset({FaultKind.WEBHOOK_STALE, FaultKind.WEBHOOK_WRONG_SECRET, FaultKind.WEBHOOK_THIN})


def doubling(attempts: int) -> timedelta:
    """1 s, 2 s, 4 s … 30 s."""
    return timedelta(seconds=min(2 ** min(attempts - 1, 10), _LONGEST_WAIT_SECONDS))


class Courier:
    """Carries to the shop's own webhook address by `send`, and to other endpoints over HTTP."""

    def __init__(self, *, store: Store, secret: str, send: Send, backoff: Backoff = doubling) -> None:
        self._store = store
        self._secret = secret
        self._send = send
        self._backoff = backoff

    def deliver_due(self, *, at: datetime, limit: int = 20) -> int:
        """Try deliveries that are due, in order; returns how many were tried."""
        with self._store.transaction() as records:
            taken = [
                (delivery, records.find("event", delivery.event_id), self._address(records, delivery.endpoint_id))
                for delivery in records.take_due(at=at, until=at + LEASE, limit=limit)
            ]
        for delivery, event, address in taken:
            if event is None or address is None:
                with self._store.transaction() as records:
                    _settle(records, delivery, event)
            elif delivery.seconds_late > GIVE_UP_AFTER.total_seconds():
                with self._store.transaction() as records:
                    records.postpone(delivery.id, due_at=NEVER)
            else:
                self._deliver(delivery, event, *address, at)
        return len(taken)

    def _address(self, records: Records, endpoint_id: str) -> tuple[Send, str] | None:
        """Where to and under which secret; None when the endpoint is gone or disabled."""
        if not endpoint_id:
            return self._send, self._secret
        endpoint = records.find("webhook_endpoint", endpoint_id)
        if endpoint is None or endpoint["status"] != "enabled":
            return None
        return post_to(endpoint["url"]), endpoint["secret"]

    def _deliver(self, delivery: Delivery, event: Document, send: Send, secret: str, at: datetime) -> None:
        status = send(*_twisted(event, delivery.twist, secret=secret, at=at))
        with self._store.transaction() as records:
            if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                records.postpone(delivery.id, due_at=at + self._backoff(delivery.attempts + 1))
                return
            _settle(records, delivery, event)


def _settle(records: Records, delivery: Delivery, event: Document | None) -> None:
    records.settle(delivery.id)
    if event is not None:
        records.save("event", event | {"pending_webhooks": records.undelivered(delivery.event_id)})


def signed(event: Document, *, secret: str, at: datetime) -> tuple[bytes, str]:
    """The body of a webhook and its Stripe-Signature header."""
    body = json.dumps(event)
    header: str = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=int(at.timestamp()))
    return body.encode(), header


def thin(event: Document) -> Document:
    """The event as Stripe tells it to those who want no snapshots. Source: docs.stripe.com/event-destinations."""
    subject = event["data"]["object"]
    return {
        "id": event["id"],
        "object": "v2.core.event",
        "context": None,
        "created": f"{datetime.fromtimestamp(event['created'], UTC):%Y-%m-%dT%H:%M:%S.000Z}",
        "livemode": False,
        "reason": {"type": "request", "request": event["request"]},
        "related_object": {
            "id": subject["id"],
            "type": subject["object"],
            "url": f"/v1/{subject['object']}s/{subject['id']}",
        },
        "type": f"v1.{event['type']}",
    }


def _twisted(event: Document, twist: str, *, secret: str, at: datetime) -> tuple[bytes, str]:
    if twist == FaultKind.WEBHOOK_STALE:
        return signed(event, secret=secret, at=at - _STALE)
    if twist == FaultKind.WEBHOOK_WRONG_SECRET:
        return signed(event, secret=f"{secret}_of_somebody_else", at=at)
    return signed(thin(event) if twist == FaultKind.WEBHOOK_THIN else event, secret=secret, at=at)


def post_to(url: str, *, timeout_seconds: int = 10) -> Send:
    """Sends over HTTP to a webhook address, never through a proxy. A redirect is followed by nobody."""
    address = urlsplit(url)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    path = urlunsplit(("", "", address.path or "/", address.query, ""))

    def send(body: bytes, signature: str) -> int:
        connection = kind(address.hostname or "", address.port, timeout=timeout_seconds)
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        except (HTTPException, OSError):
            return 0
        finally:
            connection.close()

    return send
