from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from commerce.kit import idempotency
from commerce.kit.idempotency import Answer, KeyInFlight, KeyReused
from commerce.kit.models import IdempotentRequest
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db

DONE = Answer(status=201, body={"id": "42"})


def _begin(at: datetime, *, key: str = "key", scope: str = "carts", fingerprint: str = "one") -> Answer | None:
    return idempotency.begin(scope=scope, key=key, fingerprint=fingerprint, at=at)


def _finish(answer: Answer) -> None:
    idempotency.finish(scope="carts", key="key", answer=answer)


def test_the_first_request_goes_ahead(at: datetime) -> None:
    assert _begin(at) is None


def test_the_same_request_again_gets_the_first_answer(at: datetime) -> None:
    _begin(at)
    _finish(DONE)
    assert _begin(at + timedelta(hours=23)) == DONE


def test_a_refusal_is_an_answer_too(at: datetime) -> None:
    _begin(at)
    _finish(Answer(status=422, body={"code": "no"}))
    assert _begin(at) == Answer(status=422, body={"code": "no"})


@pytest.mark.parametrize("is_finished", [True, False])
def test_the_key_with_another_request_is_refused(at: datetime, is_finished: bool) -> None:
    _begin(at)
    if is_finished:
        _finish(DONE)
    with pytest.raises(KeyReused):
        _begin(at, fingerprint="another")


def test_while_the_first_request_runs_the_second_must_come_back_later(at: datetime) -> None:
    _begin(at)
    with pytest.raises(KeyInFlight) as refusal:
        _begin(at + idempotency.LEASE - timedelta(seconds=1))
    assert refusal.value.may_be_repeated


def test_a_claim_whose_process_died_is_taken_over_when_its_lease_is_out(at: datetime) -> None:
    _begin(at)
    later = at + idempotency.LEASE
    assert _begin(later) is None
    with pytest.raises(KeyInFlight):
        _begin(later)


def test_keys_of_one_scope_mean_nothing_in_another(at: datetime) -> None:
    _begin(at)
    assert _begin(at, scope="checkouts", fingerprint="another") is None


@pytest.mark.parametrize("status", [409, 429, 500, 502, 503])
def test_an_answer_that_says_nothing_about_the_request_frees_the_key(at: datetime, status: int) -> None:
    _begin(at)
    _finish(Answer(status=status, body={}))
    assert _begin(at) is None
    _finish(DONE)
    assert _begin(at) == DONE


@pytest.mark.parametrize("body", [None, {}, [], "text", {"deep": [1, {"ü": None}]}])
def test_a_body_is_replayed_as_it_was(at: datetime, body: Any) -> None:
    _begin(at)
    _finish(Answer(status=200, body=body))
    assert _begin(at) == Answer(status=200, body=body)


def test_keys_older_than_a_day_are_forgotten_and_younger_ones_kept(at: datetime) -> None:
    _begin(at, key="old")
    _begin(at + timedelta(seconds=1), key="young")
    assert idempotency.purge(at=at + idempotency.KEPT_FOR + timedelta(seconds=1)) == 1
    assert IdempotentRequest.objects.get().key == "young"


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_goes_ahead(at: datetime) -> None:
    outcomes = at_once(*[lambda: _begin(at)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["KeyInFlight", "NoneType"]


@pytest.mark.django_db(transaction=True)
def test_of_two_that_take_over_a_dead_claim_at_once_one_gets_it(at: datetime) -> None:
    _begin(at)
    outcomes = at_once(*[lambda: _begin(at + idempotency.LEASE)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["KeyInFlight", "NoneType"]
