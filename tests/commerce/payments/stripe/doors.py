"""A sandbox, the gateway that talks to it, and the raw requests that a browser would send, through one of its doors."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

import stripe

from commerce.kit.money import Money
from commerce.payments.gateways import GatewayRefund, Intent
from commerce.payments.stripe.adapter import StripeGateway
from commerce.payments.stripe.sandbox import forms
from commerce.payments.stripe.sandbox.machine import Machine, Reply
from commerce.payments.stripe.sandbox.server import SandboxServer
from commerce.payments.stripe.sandbox.store import SqliteStore

SECRET_KEY, PUBLISHABLE_KEY, WEBHOOK_SECRET = "sk_test_contract", "pk_test_contract", "whsec_contract"
REFERENCE = UUID("6f0d2f0e-3c56-4a1e-9b6b-0c1a5a0f7d11")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: int) -> None:
        self.now += timedelta(**by)


class PromptClient(stripe.RequestsClient):
    """The real HTTP client, without the pause between retries."""

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0


@dataclass
class Door:
    gateway: StripeGateway
    machine: Machine
    store: SqliteStore
    clock: Clock
    server: SandboxServer | None = None
    client: stripe.HTTPClient | None = None

    def send(
        self,
        method: str,
        path: str,
        params: dict[str, str] | None = None,
        *,
        key: str = SECRET_KEY,
        **headers: str,
    ) -> Reply:
        """A raw request, as a browser or another client would make it."""
        encoded = urlencode(params or {})
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            headers["authorization"] = f"Bearer {key}"
        if self.server is None:
            return self.machine.answer(
                method=method, path=path, params=forms.parse(encoded), headers=headers, at=self.clock()
            )
        return _over_http(self.server.url, method, path, encoded, headers)

    def open(self, amount: Money | None = None, *, idempotency_key: str = "open-1") -> Intent:
        return self.gateway.open_intent(
            amount=amount or Money(1999, "EUR"), reference=REFERENCE, idempotency_key=idempotency_key
        )

    def confirm(self, intent: Intent, number: str, **card: str) -> Reply:
        """What the browser's script sends when the shopper presses "pay"."""
        fields = {"number": number, "exp_month": "12", "exp_year": "2034", "cvc": "123"} | card
        params = {f"payment_method_data[card][{name}]": value for name, value in fields.items()}
        params |= {"payment_method_data[type]": "card", "client_secret": intent.client_secret}
        return self.send("POST", f"/v1/payment_intents/{intent.gateway_id}/confirm", params, key=PUBLISHABLE_KEY)

    def authenticate(self, intent: Intent, outcome: str) -> Reply:
        params = {"client_secret": intent.client_secret, "outcome": outcome}
        return self.send("POST", f"/_sandbox/authentications/{intent.gateway_id}", params, key="")

    def paid(self, amount: Money | None = None) -> Intent:
        intent = self.open(amount)
        assert self.confirm(intent, "4242424242424242").status == 200
        return intent

    def refund(
        self, intent: Intent, minor: int, *, idempotency_key: str, reference: UUID | None = None
    ) -> GatewayRefund:
        return self.gateway.refund(
            gateway_id=intent.gateway_id,
            reference=reference or uuid4(),
            amount=Money(minor, "EUR"),
            idempotency_key=idempotency_key,
        )

    def event_types(self) -> list[str]:
        """Oldest first."""
        events = self.send("GET", "/v1/events").body["data"]
        return [event["type"] for event in reversed(events)]


def _over_http(url: str, method: str, path: str, encoded: str, headers: dict[str, str]) -> Reply:
    address = urlsplit(url)
    assert address.hostname
    assert address.port
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    try:
        if method == "GET":
            connection.request(method, f"{path}?{encoded}", headers=headers)
        else:
            headers |= {"content-type": "application/x-www-form-urlencoded"}
            connection.request(method, path, body=encoded, headers=headers)
        answer = connection.getresponse()
        return Reply(answer.status, json.loads(answer.read()), dict(answer.getheaders()))
    finally:
        connection.close()


def gateway(**options: Any) -> StripeGateway:
    defaults = {
        "secret_key": SECRET_KEY,
        "publishable_key": PUBLISHABLE_KEY,
        "webhook_secret": WEBHOOK_SECRET,
        "sandbox_url": "http://localhost:8002",
    }
    return StripeGateway(**defaults | options)
