from __future__ import annotations

import gc
import logging
from argparse import ArgumentParser
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections, connection

from commerce.kit import clock, outbox, schedule
from commerce.kit.stopping import Stopping

_IN_A_ROW = 20
"""How many events are delivered before somebody looks what the clock wants."""

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Delivers outbox events and runs what is due by the clock. Run as many as you like."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
        parser.add_argument("--pause", type=int, default=500, help="milliseconds to wait when nothing is due")
        parser.add_argument(
            "--threads", type=int, default=1, help="how many events at the same time, for they may wait for Stripe"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            while _run_jobs() + _deliver():
                pass
            return
        stopping, over, pause = Stopping(), Event(), options["pause"] / 1000
        further = [Thread(target=_deliver_until, args=(over, pause)) for _ in range(1, options["threads"])]
        for thread in further:
            thread.start()
        # What was loaded stays: the collector need not walk through it again and again.
        gc.collect()
        gc.freeze()
        self.stdout.write("worker: waiting for work")
        try:
            work = _Work()
            while not stopping.wait(seconds=0 if _through_outages(work) else pause):
                pass
        finally:
            over.set()
            for thread in further:
                thread.join()


class _Work:
    """The jobs are looked at once a second, however many events there are."""

    def __init__(self) -> None:
        self._looked_at = 0.0

    def __call__(self) -> int:
        ran = 0
        if monotonic() - self._looked_at >= 1:
            self._looked_at = monotonic()
            ran = _run_jobs()
        return ran + _deliver()


def _deliver_until(over: Event, pause: float) -> None:
    while not over.wait(0 if _through_outages(_deliver) else pause):
        pass


def _run_jobs() -> int:
    return schedule.run_due(at=clock.now())


def _deliver() -> int:
    return outbox.deliver_due(at=clock.now(), limit=_IN_A_ROW, now=clock.now)


def _through_outages(work: Callable[[], int]) -> int:
    """A database that is away for a while must not end the worker."""
    try:
        close_old_connections()
        return work()
    except OperationalError:
        logger.exception("the database did not answer; trying again")
        connection.close()
        return 0
