"""The sandbox's in-process door: stripe's client calls the machine directly. No sockets, no deadlock."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import stripe

from commerce.kit import clock
from commerce.payments.stripe.sandbox import forms
from commerce.payments.stripe.sandbox.machine import Machine


class SandboxTransport(stripe.HTTPClient):
    name = "sandbox"

    def __init__(
        self, machine: Machine, *, now: Callable[[], datetime] = clock.now, patience_seconds: int = 10
    ) -> None:
        """An answer that would take longer than the client's patience never arrives; a faster one is there at once."""
        super().__init__()
        self._machine = machine
        self._now = now
        self._patience_seconds = patience_seconds

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        address = urlsplit(url)
        reply = self._machine.answer(
            method=method.upper(),
            path=address.path,
            params=forms.parse(post_data or address.query),
            headers={name.lower(): value for name, value in (headers or {}).items()},
            at=self._now(),
        )
        if reply.lost or reply.takes.total_seconds() > self._patience_seconds:
            raise _broken_connection()
        return (
            json.dumps(reply.body),
            reply.status,
            {name.lower(): value for name, value in reply.headers.items()},
        )

    def _sleep_time_seconds(self, num_retries: int) -> float:
        """Between retries: nothing gets better by waiting in one process."""
        return 0

    def close(self) -> None:
        """Nothing is held open."""


def _broken_connection() -> stripe.APIConnectionError:
    error: stripe.APIConnectionError = stripe.APIConnectionError(  # type: ignore[no-untyped-call]
        "The sandbox broke the connection.", should_retry=True
    )
    return error
