"""Telling a command that runs for ever to stop."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from typing import Any

_LOOKS_UP_SECONDS = 0.5


class Stopping:
    """Whether this process was told to stop, by SIGTERM or Ctrl-C.

    A `threading.Event` would not do: its lock is not reentrant, so a signal that arrives in the middle of `wait()`
    would have its handler wait for a lock that its own thread holds, for ever. `SimpleQueue.put` is reentrant.
    And a signal that arrives just before the wait begins wakes nobody, so a long wait looks up now and then.
    """

    def __init__(self, *, signals: Iterable[int] = (signal.SIGTERM, signal.SIGINT)) -> None:
        self._told: SimpleQueue[int] = SimpleQueue()
        self._is_told = False
        for number in signals:
            signal.signal(number, self._tell)

    def wait(self, *, seconds: float | None = None) -> bool:
        """Wait that long, or for ever, and say whether it is time to stop."""
        left = seconds
        while not self._is_told:
            pause = _LOOKS_UP_SECONDS if left is None else min(left, _LOOKS_UP_SECONDS)
            try:
                self._told.get(timeout=pause)
                self._is_told = True
            except Empty:
                if left is not None:
                    left -= pause
                    if left <= 0:
                        return False
        return True

    def _tell(self, number: int, frame: Any) -> None:
        self._told.put(number)
