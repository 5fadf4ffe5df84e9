"""Signed webhooks, tried until the receiver answers 2xx. They wait in the store: a restart forgets none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import stripe

from commerce.payments.stripe.sandbox.store import Delivery, Document, Store

Send = Callable[[bytes, str], int]
"""Takes a body and its Stripe-Signature, returns the receiver's status; 0 when there was no answer."""
Backoff = Callable[[int], timedelta]
"""How long to wait after so many attempts."""

LEASE = timedelta(seconds=30)
"""A delivery that its sender took and never finished is taken again after this."""
GIVE_UP_AFTER = timedelta(hours=12)
_LONGEST_WAIT_SECONDS = 30
_BATCH = 20


def doubling(attempts: int) -> timedelta:
    """1 s, 2 s, 4 s … 30 s."""
    return timedelta(seconds=min(2 ** min(attempts - 1, 10), _LONGEST_WAIT_SECONDS))


class Courier:
    def __init__(self, *, store: Store, secret: str, send: Send, backoff: Backoff = doubling) -> None:
        self._store = store
        self._secret = secret
        self._send = send
        self._backoff = backoff

    def deliver_due(self, *, at: datetime) -> int:
        """Try every delivery that is due, in order; returns how many were tried."""
        with self._store.transaction() as records:
            taken = records.take_due(at=at, until=at + LEASE, limit=_BATCH)
            events = {delivery.id: records.find("event", delivery.event_id) for delivery in taken}
        for delivery in taken:
            self._deliver(delivery, events[delivery.id], at)
        return len(taken)

    def _deliver(self, delivery: Delivery, event: Document | None, at: datetime) -> None:
        if event is None or at - datetime.fromtimestamp(event["created"], tz=at.tzinfo) > GIVE_UP_AFTER:
            with self._store.transaction() as records:
                records.settle(delivery.id)
            return
        body, signature = signed(event, secret=self._secret, at=at)
        status = self._send(body, signature)
        with self._store.transaction() as records:
            if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                records.postpone(delivery.id, due_at=at + self._backoff(delivery.attempts + 1))
                return
            records.settle(delivery.id)
            if not records.undelivered(delivery.event_id):
                records.save("event", event | {"pending_webhooks": 0})


def signed(event: Document, *, secret: str, at: datetime) -> tuple[bytes, str]:
    """The body of a webhook and its Stripe-Signature header."""
    body = json.dumps(event, indent=2)
    header: str = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=int(at.timestamp()))
    return body.encode(), header


def post_to(url: str, *, timeout_seconds: int = 10) -> Send:
    """Sends over HTTP to the shop's webhook address, never through a proxy."""
    opener = build_opener(ProxyHandler({}))

    def send(body: bytes, signature: str) -> int:
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}
        request = Request(url, data=body, headers=headers, method="POST")
        try:
            with opener.open(request, timeout=timeout_seconds) as answer:
                return int(answer.status)
        except HTTPError as refusal:
            with refusal:
                return refusal.code
        except (URLError, OSError):
            return 0

    return send
