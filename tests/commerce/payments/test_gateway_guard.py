"""The one way to the gateway: never inside a transaction, and not while it does not answer."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from commerce.payments import gateways
from commerce.payments.breaker import FAILURES, PAUSE_SECONDS, CircuitBreaker
from commerce.payments.gateways import (
    AskedInsideTransaction,
    GatewayBusy,
    GatewayFailed,
    GatewayRefused,
    GatewayUnavailable,
    GuardedGateway,
    PaymentGateway,
    payment_gateway,
)
from commerce.payments.opening import open_payment
from tests.commerce.payments.paying import ACTOR, prepared
from tests.races.runners import at_once
from tests.till import Till

ASKING = sorted(name for name in vars(PaymentGateway) if not name.startswith("_") and name not in gateways.LOCAL)


class Scripted:
    """Raises or returns what it was told, and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.outcome: Any = None

    def fetch_intent(self, **_: Any) -> Any:
        self.asked += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class Clock:
    def __init__(self) -> None:
        self.seconds = 0

    def __call__(self) -> int:
        return self.seconds * 1_000_000_000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
def guarded(scripted: Scripted, clock: Clock) -> Any:
    gateway: Any = scripted
    return GuardedGateway(gateway, CircuitBreaker(nanoseconds=clock))


def _ask(guarded: Any, times: int = 1) -> list[str]:
    heard = []
    for _ in range(times):
        try:
            guarded.fetch_intent(gateway_id="pi_1")
            heard.append("answer")
        except Exception as error:
            heard.append(type(error).__name__)
    return heard


def test_all_that_the_protocol_asks_crosses_the_network_but_two() -> None:
    assert set(vars(PaymentGateway)) > gateways.LOCAL
    assert "open_intent" in ASKING
    assert "capture_intent" in ASKING


@pytest.mark.django_db
@pytest.mark.parametrize("name", ASKING)
def test_nothing_is_asked_inside_a_transaction(till: Till, name: str) -> None:
    with transaction.atomic(), pytest.raises(AskedInsideTransaction, match=name):
        getattr(payment_gateway(), name)()


@pytest.mark.django_db
def test_a_use_case_that_is_called_inside_a_transaction_fails_loudly(till: Till, at: datetime) -> None:
    payment = prepared(at)
    with transaction.atomic(), pytest.raises(AskedInsideTransaction):
        open_payment(payment_id=payment.pk, actor=ACTOR, at=at)
    assert till.events() == []


@pytest.mark.django_db
def test_what_crosses_no_network_may_be_asked_anywhere(till: Till) -> None:
    with transaction.atomic():
        assert payment_gateway().browser_config().publishable_key


@pytest.mark.parametrize("failure", [GatewayUnavailable(), GatewayFailed()])
def test_after_some_failures_in_a_row_nobody_waits_for_the_gateway(
    db: None, guarded: Any, scripted: Scripted, failure: Exception
) -> None:
    scripted.outcome = failure
    _ask(guarded, FAILURES)
    assert _ask(guarded, 3) == ["GatewayUnavailable"] * 3
    assert scripted.asked == FAILURES


def test_one_answer_in_between_starts_the_count_anew(db: None, guarded: Any, scripted: Scripted) -> None:
    for outcome in (GatewayUnavailable(), GatewayRefused(), GatewayUnavailable(), GatewayBusy(), None):
        scripted.outcome = outcome
        _ask(guarded, FAILURES - 1)
    assert scripted.asked == 5 * (FAILURES - 1)


def test_when_the_pause_is_over_one_tries_and_their_success_lets_all_in(
    db: None, guarded: Any, scripted: Scripted, clock: Clock
) -> None:
    scripted.outcome = GatewayUnavailable()
    _ask(guarded, FAILURES)
    clock.seconds += PAUSE_SECONDS
    scripted.outcome = "an intent"
    assert _ask(guarded, 3) == ["answer"] * 3


def test_when_the_one_who_tries_fails_the_pause_begins_anew(
    db: None, guarded: Any, scripted: Scripted, clock: Clock
) -> None:
    scripted.outcome = GatewayUnavailable()
    _ask(guarded, FAILURES)
    clock.seconds += PAUSE_SECONDS
    _ask(guarded, 3)
    assert scripted.asked == FAILURES + 1
    clock.seconds += PAUSE_SECONDS - 1
    _ask(guarded)
    assert scripted.asked == FAILURES + 1
    clock.seconds += 1
    _ask(guarded)
    assert scripted.asked == FAILURES + 2


def test_while_one_tries_the_others_do_not_wait(guarded: Any, scripted: Scripted, clock: Clock) -> None:
    scripted.outcome = GatewayUnavailable()
    _ask(guarded, FAILURES)
    clock.seconds += PAUSE_SECONDS
    tried, others_are_done = threading.Event(), threading.Event()

    def slow(**_: Any) -> str:
        tried.set()
        others_are_done.wait(timeout=20)
        return "an intent"

    scripted.fetch_intent = slow  # type: ignore[method-assign]

    def others() -> list[str]:
        tried.wait(timeout=20)
        heard = _ask(guarded, 3)
        others_are_done.set()
        return heard

    assert at_once(lambda: _ask(guarded), others) == [["answer"], ["GatewayUnavailable"] * 3]
