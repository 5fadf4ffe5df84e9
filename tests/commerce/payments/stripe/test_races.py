"""Requests that meet each other, with the negative control that proves they really do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from commerce.kit.money import Money
from commerce.payments.gateways import GatewayRefused, GatewayUnavailable
from commerce.payments.stripe.sandbox import idempotency
from tests.commerce.payments.stripe.doors import Door

BUYERS = 6


def in_parallel(action: Any) -> list[Any]:
    barrier = Barrier(BUYERS)

    def act(number: int) -> Any:
        barrier.wait(timeout=10)
        try:
            return action(number)
        except (GatewayRefused, GatewayUnavailable) as error:
            return error

    with ThreadPoolExecutor(BUYERS) as pool:
        return list(pool.map(act, range(BUYERS)))


def test_one_key_in_parallel_opens_one_intent(door: Door) -> None:
    outcomes = in_parallel(lambda number: door.open(idempotency_key="same"))
    opened = {outcome.gateway_id for outcome in outcomes if not isinstance(outcome, Exception)}
    assert len(opened) == 1
    assert all(isinstance(outcome, GatewayUnavailable) for outcome in outcomes if isinstance(outcome, Exception))
    assert door.event_types() == ["payment_intent.created"]


def test_without_the_keys_the_same_requests_open_many(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "claim", lambda *args, **options: None)
    in_parallel(lambda number: door.open(idempotency_key="same"))
    assert door.event_types() == ["payment_intent.created"] * BUYERS


def test_refunds_in_parallel_stop_at_what_was_charged(door: Door) -> None:
    intent = door.paid(Money(1000, "EUR"))
    outcomes = in_parallel(lambda number: door.refund(intent, 400, idempotency_key=f"refund-{number}"))
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 2
