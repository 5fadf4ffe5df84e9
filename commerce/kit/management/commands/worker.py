from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections, connection

from commerce.kit import clock, outbox, schedule
from commerce.kit.stopping import Stopping

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Delivers outbox events and runs what is due by the clock. Run as many as you like."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
        parser.add_argument("--pause", type=int, default=500, help="milliseconds to wait when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            while _work():
                pass
            return
        stopping = Stopping()
        self.stdout.write("worker: waiting for work")
        while not stopping.wait(seconds=0 if _work_through_outages() else options["pause"] / 1000):
            pass


def _work() -> int:
    """One delivery at a time, so that each lease is counted from the moment it is taken."""
    return schedule.run_due(at=clock.now()) + outbox.deliver_due(at=clock.now(), limit=1)


def _work_through_outages() -> int:
    """A database that is away for a while must not end the worker."""
    try:
        close_old_connections()
        return _work()
    except OperationalError:
        logger.exception("the database did not answer; trying again")
        connection.close()
        return 0
