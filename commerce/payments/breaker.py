"""Not asking who does not answer: after some failures in a row nobody waits for the gateway for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

FAILURES = 5
PAUSE_SECONDS = 10
_NANOSECONDS = 1_000_000_000


class CircuitBreaker:
    """One per process and gateway. After `failures` in a row it is open for `pause` seconds; then a single caller
    may try, and only their success closes it."""

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        pause: int = PAUSE_SECONDS,
        nanoseconds: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._most = failures
        self._pause = pause * _NANOSECONDS
        self._nanoseconds = nanoseconds
        self._failures = 0
        self._closed_again_at = 0
        self._lock = Lock()

    def may_ask(self) -> bool:
        """Whether this caller may ask. Of those who come when the pause is over, the first one only."""
        with self._lock:
            if self._failures < self._most:
                return True
            if self._nanoseconds() < self._closed_again_at:
                return False
            # Should the one who tries never come back, another may after the next pause.
            self._closed_again_at = self._nanoseconds() + self._pause
            return True

    def answered(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures = min(self._failures + 1, self._most)
            self._closed_again_at = self._nanoseconds() + self._pause
