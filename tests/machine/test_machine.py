"""Two hundred episodes of the machine, and proof that it can fail. `./dev episodes` plays as many as one likes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from commerce.checkout import amending, completing, expiring
from commerce.kit.money import Money
from commerce.payments import settling
from commerce.payments.refunding import request_refund
from commerce.payments.stripe.adapter import StripeGateway
from tests.machine.running import Episode, play
from tests.machine.world import World, episodes


@pytest.fixture
def episode(db: None, tmp_path: Path) -> Iterator[Episode]:
    with episodes(tmp_path) as episode:
        yield episode


@pytest.mark.parametrize("seed_", [200, 201, 202, 203] if connection.vendor == "sqlite" else [8])
def test_fifty_episodes_end_with_every_cent_and_every_unit_in_its_place(episode: Episode, seed_: int) -> None:
    """Two hundred in all on SQLite, by fifties that may run side by side; on PostgreSQL fifty others."""
    count = 50
    outcome = play(episode, count=count, seed_=seed_, steps=10, shrink=True)
    assert not outcome.violation, outcome.violation
    assert outcome.tally.episodes >= count
    assert outcome.tally.drift == 0
    assert outcome.tally.orders > count / 2, "the episodes hardly sell anything, and so prove nothing"
    assert outcome.tally.refunds > count / 20


def _never_an_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completing, "_obstacle", lambda checkout: "")


def _refunds_counted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = StripeGateway.refund

    def doubled(self: StripeGateway, **asked: Any) -> Any:
        answer = ask(self, **asked)
        return replace(answer, amount=answer.amount * 2)

    monkeypatch.setattr(StripeGateway, "refund", doubled)


def _a_cent_of_a_refund_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_less(*, amount: Money, **asked: Any) -> Any:
        return request_refund(amount=max(amount - Money(1, amount.currency), Money(1, amount.currency)), **asked)

    monkeypatch.setattr("commerce.orders.giving_back.request_refund", one_less)


def _stock_kept_after_expiry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiring, "let_go", lambda checkout, *, at: None)


def _capture_of_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Believing a webhook that says nothing of money: every intent looked at counts as paid."""
    apply = settling.apply

    def believing(intent: Any, **where: Any) -> None:
        apply(replace(intent, status=settling.IntentStatus.SUCCEEDED, captured=intent.amount), **where)

    monkeypatch.setattr(settling, "apply", believing)


def _a_clock_that_never_looks_at_payments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither at the payments themselves nor at the gateway's list of events."""
    monkeypatch.setattr("commerce.payments.reconciling.reconcile", lambda **asked: 0)
    monkeypatch.setattr("commerce.payments.polling.read_events", lambda **asked: 0)


def _units_taken_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    take = completing.take

    def twice(checkout: Any, **how: Any) -> None:
        take(checkout, **how)
        take(checkout, **how)

    monkeypatch.setattr(completing, "take", twice)


def _surplus_of_an_edit_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amending, "give_back_surplus", lambda **asked: None)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="whether the machine can fail is told on SQLite")
@pytest.mark.parametrize(
    ("mutate", "seed_"),
    [
        (_never_an_obstacle, 6),
        (_refunds_counted_twice, 2),
        (_a_cent_of_a_refund_kept, 7),
        (_stock_kept_after_expiry, 9),
        (_capture_of_what_was_asked_for, 7),
        (_a_clock_that_never_looks_at_payments, 7),
        (_units_taken_twice, 7),
        (_surplus_of_an_edit_kept, 2),
    ],
)
def test_a_shop_with_a_defect_does_not_get_through(
    episode: Episode, monkeypatch: pytest.MonkeyPatch, mutate: Any, seed_: int
) -> None:
    """The seeds are some that find it soon."""
    mutate(monkeypatch)
    assert play(episode, count=100, seed_=seed_, steps=20).violation


def test_a_model_with_another_opinion_is_noticed(episode: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "drift", lambda world: 1)
    assert "1 minor units away" in play(episode, count=1, seed_=1).violation
