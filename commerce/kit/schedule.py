"""Work by the clock: each job runs once per period, however many workers there are."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from commerce.kit.models import ScheduledJob

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    period: timedelta
    run: Callable[..., None]


_jobs: dict[str, Job] = {}


def every(*, seconds: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register `job(at=…)` to run once in each period."""

    def register(job: Callable[..., None]) -> Callable[..., None]:
        _jobs[f"{job.__module__}.{job.__qualname__}"] = Job(period=timedelta(seconds=seconds), run=job)
        return job

    return register


def run_due(*, at: datetime) -> int:
    """Run the jobs whose time has come and that no other worker has taken. Returns how many ran.

    One query where none is due.
    """
    resting = set(ScheduledJob.objects.filter(due_at__gt=at).values_list("name", flat=True))
    return sum(_run(name, at=at) for name in _jobs if name not in resting and _take(name, at=at))


def run(name: str, *, at: datetime) -> bool:
    """Run the job of that name now, whenever it is due. Returns whether there is one."""
    if name not in _jobs:
        return False
    _jobs[name].run(at=at)
    return True


def _take(name: str, *, at: datetime) -> bool:
    ScheduledJob.objects.get_or_create(name=name, defaults={"due_at": at})
    due = ScheduledJob.objects.filter(name=name, due_at__lte=at)
    return bool(due.update(due_at=at + _jobs[name].period))


def _run(name: str, *, at: datetime) -> bool:
    try:
        _jobs[name].run(at=at)
    except Exception:  # one failing job must not stop the others; it runs again in its next period
        logger.exception("scheduled job %s failed", name)
    return True
