from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction

from commerce.kit import clock, outbox, schedule
from commerce.kit.models import OutboxDelivery, ScheduledJob
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(schedule, "_jobs", {})
    return


def test_a_job_runs_once_in_each_period(at: datetime) -> None:
    runs: list[datetime] = []

    @schedule.every(seconds=60)
    def job(*, at: datetime) -> None:
        runs.append(at)

    assert schedule.run_due(at=at) == 1
    assert schedule.run_due(at=at) == 0
    assert schedule.run_due(at=at + timedelta(seconds=59)) == 0
    assert schedule.run_due(at=at + timedelta(seconds=60)) == 1
    assert runs == [at, at + timedelta(seconds=60)]


def test_after_a_long_silence_a_job_runs_once_and_not_once_for_every_missed_period(at: datetime) -> None:
    @schedule.every(seconds=60)
    def job(*, at: datetime) -> None: ...

    schedule.run_due(at=at)
    later = at + timedelta(hours=3)
    assert [schedule.run_due(at=later), schedule.run_due(at=later)] == [1, 0]


def test_a_failing_job_stops_no_other_and_runs_again_in_its_next_period(at: datetime) -> None:
    runs: list[str] = []

    @schedule.every(seconds=60)
    def broken(*, at: datetime) -> None:
        runs.append("broken")
        raise RuntimeError("not today")

    @schedule.every(seconds=60)
    def sound(*, at: datetime) -> None:
        runs.append("sound")

    assert schedule.run_due(at=at) == 2
    assert schedule.run_due(at=at + timedelta(seconds=1)) == 0
    schedule.run_due(at=at + timedelta(seconds=60))
    assert runs == ["broken", "sound"] * 2


def test_each_job_keeps_its_own_time(at: datetime) -> None:
    runs: list[str] = []

    @schedule.every(seconds=10)
    def often(*, at: datetime) -> None:
        runs.append("often")

    @schedule.every(seconds=60)
    def seldom(*, at: datetime) -> None:
        runs.append("seldom")

    for seconds in range(0, 61, 10):
        schedule.run_due(at=at + timedelta(seconds=seconds))
    assert (runs.count("often"), runs.count("seldom")) == (7, 2)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_run_a_job_once(at: datetime) -> None:
    runs: list[datetime] = []

    @schedule.every(seconds=60)
    def job(*, at: datetime) -> None:
        runs.append(at)

    assert sorted(at_once(*[lambda: schedule.run_due(at=at)] * 2)) == [0, 1]
    later = at + timedelta(seconds=60)
    assert sorted(at_once(*[lambda: schedule.run_due(at=later)] * 2)) == [0, 1]
    assert runs == [at, later]


def test_the_worker_does_once_what_is_due_and_stops(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(outbox, "_subscribers", {"test.first": {}, "test.second": {}})
    heard: list[str] = []

    @schedule.every(seconds=60)
    def ring(*, at: datetime) -> None:
        with transaction.atomic():
            outbox.record("test.first", {}, at=at)

    @outbox.subscribe("test.first")
    def first(*, payload: outbox.Payload, at: datetime) -> None:
        heard.append("first")
        with transaction.atomic():
            outbox.record("test.second", {}, at=at)

    @outbox.subscribe("test.second")
    def second(*, payload: outbox.Payload, at: datetime) -> None:
        heard.append("second")

    call_command("worker", "--once", stdout=io.StringIO())
    assert heard == ["first", "second"]
    assert ScheduledJob.objects.get().due_at == at + timedelta(seconds=60)
    assert not OutboxDelivery.objects.waiting().exists()


def test_the_worker_stops_though_something_fails(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(outbox, "_subscribers", {"test.bell": {}})

    @outbox.subscribe("test.bell")
    def broken(*, payload: outbox.Payload, at: datetime) -> None:
        raise RuntimeError("not today")

    with transaction.atomic():
        outbox.record("test.bell", {}, at=at)
    call_command("worker", "--once", stdout=io.StringIO())
    assert OutboxDelivery.objects.waiting().get().attempts == 1
