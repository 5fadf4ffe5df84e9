from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from commerce.kit import outbox
from commerce.kit.models import OutboxDelivery, OutboxEvent
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db

BELL = "test.bell_rang"
Subscribe = Callable[[Callable[..., None]], str]


@pytest.fixture
def subscribe() -> Iterator[Subscribe]:
    """Subscribers of the bell, for this test only. Returns the name under which each is known."""

    def register(handler: Callable[..., None]) -> str:
        before = set(outbox._subscribers[BELL])
        outbox.subscribe(BELL)(handler)
        return (set(outbox._subscribers[BELL]) - before).pop()

    yield register
    outbox._subscribers.pop(BELL, None)


def _ring(at: datetime, **payload: Any) -> OutboxEvent:
    with transaction.atomic():
        return outbox.record(BELL, payload, at=at)


def _failing(*, payload: outbox.Payload, at: datetime) -> None:
    raise RuntimeError("the bell is broken")


def test_every_subscriber_hears_an_event_once(subscribe: Subscribe, at: datetime) -> None:
    heard: list[Any] = []

    def first(*, payload: outbox.Payload, at: datetime) -> None:
        heard.append(("first", payload, at))

    def second(*, payload: outbox.Payload, at: datetime) -> None:
        heard.append(("second", payload, at))

    subscribe(first)
    subscribe(second)
    _ring(at, times=3)
    later = at + timedelta(seconds=1)
    assert outbox.deliver_due(at=later) == 2
    assert sorted(heard) == [("first", {"times": 3}, later), ("second", {"times": 3}, later)]
    assert outbox.deliver_due(at=later + timedelta(days=1)) == 0
    assert len(heard) == 2


def test_nothing_is_delivered_while_the_change_is_being_made(subscribe: Subscribe, at: datetime) -> None:
    heard: list[Any] = []

    def listener(*, payload: outbox.Payload, at: datetime) -> None:
        heard.append(payload)

    subscribe(listener)
    _ring(at)
    assert heard == []


def test_an_event_goes_when_its_change_goes(subscribe: Subscribe, at: datetime) -> None:
    subscribe(_failing)
    with transaction.atomic():
        outbox.record(BELL, {}, at=at)
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.exists()
    assert not OutboxDelivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_without_a_transaction_is_refused(at: datetime) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        outbox.record(BELL, {}, at=at)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_subscribers_are_called_outside_any_transaction(subscribe: Subscribe, at: datetime) -> None:
    inside: list[bool] = []

    def listener(*, payload: outbox.Payload, at: datetime) -> None:
        inside.append(transaction.get_connection().in_atomic_block)

    subscribe(listener)
    _ring(at)
    outbox.deliver_due(at=at)
    assert inside == [False]


def test_an_event_that_nobody_subscribed_to_is_kept_and_delivered_to_nobody(at: datetime) -> None:
    _ring(at)
    assert OutboxEvent.objects.get().name == BELL
    assert outbox.deliver_due(at=at) == 0


def test_a_failing_subscriber_is_asked_again_and_the_others_go_on(subscribe: Subscribe, at: datetime) -> None:
    heard: list[Any] = []

    def listener(*, payload: outbox.Payload, at: datetime) -> None:
        heard.append(payload)

    broken = subscribe(_failing)
    subscribe(listener)
    _ring(at)
    outbox.deliver_due(at=at)
    delivery = OutboxDelivery.objects.get(subscriber=broken)
    assert (delivery.delivered_at, delivery.parked_at, delivery.attempts) == (None, None, 1)
    assert delivery.last_error == "RuntimeError: the bell is broken"
    assert delivery.due_at > at
    assert heard == [{}]
    assert outbox.deliver_due(at=at) == 0


def test_after_it_recovered_a_subscriber_hears_what_it_missed(subscribe: Subscribe, at: datetime) -> None:
    broken = [True]
    heard: list[Any] = []

    def listener(*, payload: outbox.Payload, at: datetime) -> None:
        if broken[0]:
            raise RuntimeError("not now")
        heard.append(payload)

    subscribe(listener)
    _ring(at)
    outbox.deliver_due(at=at)
    broken[0] = False
    outbox.deliver_due(at=OutboxDelivery.objects.get().due_at)
    assert heard == [{}]
    delivery = OutboxDelivery.objects.get()
    assert delivery.delivered_at is not None
    assert delivery.last_error == ""


def test_the_pauses_grow_to_ten_minutes_and_the_fifteenth_failure_parks(subscribe: Subscribe, at: datetime) -> None:
    subscribe(_failing)
    _ring(at)
    pauses = []
    moment = at
    while not (delivery := OutboxDelivery.objects.get()).parked_at:
        moment = delivery.due_at
        assert outbox.deliver_due(at=moment) == 1
        pauses.append((OutboxDelivery.objects.get().due_at - moment).total_seconds())
        assert len(pauses) <= 15
    assert delivery.attempts == len(pauses) == 15
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (2, 600)
    assert outbox.deliver_due(at=moment + timedelta(days=30)) == 0


def test_before_its_time_nothing_is_delivered(subscribe: Subscribe, at: datetime) -> None:
    subscribe(_failing)
    _ring(at)
    assert outbox.deliver_due(at=at - timedelta(seconds=1)) == 0
    assert OutboxDelivery.objects.get().attempts == 0


def test_a_delivery_of_a_worker_that_died_is_taken_over_when_its_lease_is_out(
    subscribe: Subscribe, at: datetime
) -> None:
    calls: list[datetime] = []

    def listener(*, payload: outbox.Payload, at: datetime) -> None:
        calls.append(at)
        if len(calls) == 1:
            raise SystemExit("the power went")

    subscribe(listener)
    _ring(at)
    with pytest.raises(SystemExit):
        outbox.deliver_due(at=at)
    assert outbox.deliver_due(at=at + outbox.LEASE - timedelta(seconds=1)) == 0
    assert outbox.deliver_due(at=at + outbox.LEASE) == 1
    assert calls == [at, at + outbox.LEASE]
    assert OutboxDelivery.objects.get().delivered_at == at + outbox.LEASE


def test_a_delivery_for_a_subscriber_that_is_gone_is_parked(subscribe: Subscribe, at: datetime) -> None:
    name = subscribe(_failing)
    _ring(at)
    del outbox._subscribers[BELL][name]
    outbox.deliver_due(at=at)
    delivery = OutboxDelivery.objects.get()
    assert (delivery.parked_at, delivery.last_error) == (at, "no such subscriber any more")


def test_no_more_than_the_limit_is_delivered_in_one_go_and_the_oldest_first(subscribe: Subscribe, at: datetime) -> None:
    heard: list[int] = []

    def listener(*, payload: outbox.Payload, at: datetime) -> None:
        heard.append(payload["number"])

    subscribe(listener)
    for number in (3, 1, 2):
        _ring(at + timedelta(seconds=number), number=number)
    assert outbox.deliver_due(at=at + timedelta(minutes=1), limit=2) == 2
    assert heard == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_deliver_each_event_once(subscribe: Subscribe, at: datetime) -> None:
    heard: list[int] = []

    def listener(*, payload: outbox.Payload, at: datetime) -> None:
        heard.append(payload["number"])

    subscribe(listener)
    for number in range(10):
        _ring(at, number=number)
    tried = at_once(*[lambda: outbox.deliver_due(at=at)] * 2)
    assert sum(tried) == 10
    assert sorted(heard) == list(range(10))


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_two_workers_deliver_twice(
    subscribe: Subscribe, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    both_have_read = threading.Barrier(2)

    def listener(*, payload: outbox.Payload, at: datetime) -> None:
        heard.append(payload["number"])

    def unclaimed(delivery: OutboxDelivery, *, at: datetime) -> bool:
        both_have_read.wait(timeout=10)
        return True

    subscribe(listener)
    _ring(at, number=1)
    monkeypatch.setattr(outbox, "_claim", unclaimed)
    tried = at_once(*[lambda: outbox.deliver_due(at=at)] * 2)
    assert tried == [1, 1]
    assert heard == [1, 1]


def test_a_lease_is_counted_from_the_instant_its_delivery_is_begun(subscribe: Subscribe, at: datetime) -> None:
    """However long those before it took: else another worker would take over what is in hand."""
    leases: list[datetime] = []
    instants = iter([at, at + timedelta(minutes=1)])

    def listener(*, payload: outbox.Payload, at: datetime) -> None:
        leases.append(OutboxDelivery.objects.get(event__payload=payload).due_at - outbox.LEASE)

    subscribe(listener)
    for number in range(2):
        _ring(at, number=number)
    assert outbox.deliver_due(at=at, now=lambda: next(instants)) == 2
    assert leases == [at, at + timedelta(minutes=1)]


def test_events_are_forgotten_long_after_everybody_heard_them(
    subscribe: Subscribe, at: datetime, settings: Any
) -> None:
    settings.OUTBOX_KEPT_DAYS = 14
    subscribe(lambda *, payload, at: None)
    _ring(at)
    outbox.deliver_due(at=at)
    assert outbox.purge(at=at + timedelta(days=14)) == 0
    assert outbox.purge(at=at + timedelta(days=14, seconds=1)) == 1
    assert not OutboxEvent.objects.exists()
    assert not OutboxDelivery.objects.exists()


def test_what_waits_or_was_parked_is_never_forgotten(subscribe: Subscribe, at: datetime) -> None:
    subscribe(_failing)
    waiting, parked = _ring(at), _ring(at)
    OutboxDelivery.objects.filter(event=parked).update(parked_at=at)
    assert outbox.purge(at=at + timedelta(days=365)) == 0
    assert set(OutboxEvent.objects.all()) == {waiting, parked}


def test_the_oldest_go_first_and_no_more_than_the_limit(at: datetime) -> None:
    older, newer = _ring(at), _ring(at + timedelta(seconds=1))
    assert outbox.purge(at=at + timedelta(days=60), limit=1) == 1
    assert list(OutboxEvent.objects.all()) == [newer]
    assert older.pk < newer.pk
