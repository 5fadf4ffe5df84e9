"""An account that the contract is held against: the sandbox through one of its doors, or a test account at Stripe."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeVar

import pytest
import stripe

from commerce.payments.stripe.adapter import StripeGateway
from tests.commerce.payments.stripe.doors import Clock

CONTRACT_KEY = os.environ.get("STRIPE_CONTRACT_KEY", "")
PATIENCE_SECONDS = 120
# Else Stripe asks for an address to come back to from a bank's page, which cards do not need.
WITHOUT_REDIRECTS: Any = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
Found = TypeVar("Found")


@dataclass
class Account:
    client: stripe.StripeClient
    gateway: StripeGateway
    clock: Clock | None = None
    """None at Stripe, where time passes by itself."""

    def eventually(self, look: Callable[[], Found | None]) -> Found:
        """What is there at once in one place may take its time in another."""
        pause = Event()
        for _ in range(PATIENCE_SECONDS // 2):
            if found := look():
                return found
            if self.clock is None:
                pause.wait(2)
            else:
                self.clock.advance(seconds=2)
        raise AssertionError(f"waited {PATIENCE_SECONDS} seconds in vain")

    def open(self, amount: int = 2000, **params: Any) -> dict[str, Any]:
        fields = {"amount": amount, "currency": "eur", **WITHOUT_REDIRECTS} | params
        return self.client.v1.payment_intents.create(fields).to_dict()

    def paid(self, card: str = "pm_card_visa", **params: Any) -> dict[str, Any]:
        return self.open(confirm=True, payment_method=card, **params)

    def look(self, intent: dict[str, Any]) -> dict[str, Any]:
        """As it stands now, with its charge."""
        return self.client.v1.payment_intents.retrieve(intent["id"], {"expand": ["latest_charge"]}).to_dict()

    def types_of(self, intent: dict[str, Any]) -> list[str]:
        """The events that tell of this intent, in no order that could be relied on."""
        listed = self.client.v1.events.list({"limit": 100}).to_dict()["data"]
        subjects = [(event["type"], event["data"]["object"]) for event in listed]
        return [type for type, subject in subjects if intent["id"] in (subject["id"], subject.get("payment_intent"))]


@contextmanager
def refused(code: str | None, *, status: int | None = 400) -> Iterator[None]:
    """Stripe answers 404 or 400 for what is missing, by where it was named: `status` None takes either."""
    with pytest.raises(stripe.StripeError) as refusal:
        yield
    assert refusal.value.code == code
    assert status in (None, refusal.value.http_status)


def at_stripe() -> Account:
    """The user's own test account. A live key is refused: the contract moves money."""
    if not CONTRACT_KEY.startswith(("sk_test_", "rk_test_")):
        pytest.fail("STRIPE_CONTRACT_KEY is no test key: the contract is never held against live money")
    keys = {"publishable_key": "pk_test_unused", "webhook_secret": "whsec_unused", "sandbox_url": ""}
    gateway = StripeGateway(secret_key=CONTRACT_KEY, **keys)
    return Account(gateway._client, gateway)
