"""Telling a command that runs for ever to stop."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from typing import Any


class Stopping:
    """Whether this process was told to stop, by SIGTERM or Ctrl-C.

    A `threading.Event` would not do: its lock is not reentrant, so a signal that arrives in the middle of `wait()`
    would have its handler wait for a lock that its own thread holds, for ever. `SimpleQueue.put` is reentrant.
    """

    def __init__(self, *, signals: Iterable[int] = (signal.SIGTERM, signal.SIGINT)) -> None:
        self._told: SimpleQueue[int] = SimpleQueue()
        self._is_told = False
        for number in signals:
            signal.signal(number, self._tell)

    def wait(self, *, seconds: float | None = None) -> bool:
        """Wait that long, or for ever, and say whether it is time to stop."""
        if not self._is_told:
            try:
                self._told.get(timeout=seconds)
            except Empty:
                return False
            self._is_told = True
        return True

    def _tell(self, number: int, frame: Any) -> None:
        self._told.put(number)
