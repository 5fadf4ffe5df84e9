"""Threads that start together, each with its own database connection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

TOGETHER_SECONDS = 30


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run the actions at the same moment. Returns what each returned, or the exception that it raised."""
    line = threading.Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        try:
            line.wait(timeout=TOGETHER_SECONDS)
            return action()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(actions)) as threads:
        return list(threads.map(run, actions))
