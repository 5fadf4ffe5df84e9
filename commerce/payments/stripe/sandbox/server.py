"""The sandbox's HTTP door, on loopback only: the API, the browser's script, and the webhook courier."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from commerce.kit import clock
from commerce.payments.stripe.sandbox import forms, pages
from commerce.payments.stripe.sandbox.deliveries import Courier
from commerce.payments.stripe.sandbox.machine import Machine, Reply

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
MAX_BODY_BYTES = 256 * 1024
_COURIER_PAUSE_SECONDS = 0.25
_CLOCK_PAUSE_SECONDS = 1
_LOOK_AGAIN_SECONDS = 0.05
_AT_ONCE = timedelta(0)
_TAKEN_AT_ONCE = 5
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, idempotency-key, stripe-version",
    "Access-Control-Expose-Headers": "request-id, idempotent-replayed",
    "Access-Control-Max-Age": "600",
}


class SandboxServer:
    """Serves between `start` and `stop`, or as a context manager. Port 0 takes a free one."""

    def __init__(
        self,
        *,
        machine: Machine,
        courier: Courier | None = None,
        port: int = 0,
        now: Callable[[], datetime] = clock.now,
        latency: timedelta = _AT_ONCE,
        carriers: int = 1,
    ) -> None:
        """`latency` is how long every answer takes, `carriers` how many webhooks are under way at once."""
        self._machine = machine
        self._courier = courier
        self._now = now
        self._stopping = Event()
        self._something_happened = Event()
        self._http = _HttpServer((HOST, port), machine, now, self._something_happened, self._stopping, latency)
        self._threads = [
            Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, name="sandbox-http"),
            Thread(target=self._let_time_pass, name="sandbox-clock"),
            *(Thread(target=self._carry, name=f"sandbox-courier-{n}") for n in range(carriers if courier else 0)),
        ]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._http.server_port}"

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take no more requests, let the courier finish its delivery, free the port."""
        self._stopping.set()
        self._something_happened.set()
        self._http.shutdown()
        for thread in self._threads:
            thread.join()
        self._http.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _let_time_pass(self) -> None:
        while not self._stopping.wait(_CLOCK_PAUSE_SECONDS):
            try:
                self._machine.let_time_pass(at=self._now())
            except Exception:
                logger.exception("what fell due could not happen; trying again")

    def _carry(self) -> None:
        assert self._courier is not None
        while not self._stopping.is_set():
            self._something_happened.clear()
            try:
                busy = self._courier.deliver_due(at=self._now(), limit=_TAKEN_AT_ONCE)
            except Exception:
                # A courier that stopped would silently lose every later webhook.
                logger.exception("delivering webhooks failed; trying again")
                busy = 0
            if not busy:
                self._something_happened.wait(_COURIER_PAUSE_SECONDS)


class _HttpServer(ThreadingHTTPServer):
    """One thread for each connection, which a client keeps open over many requests."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        machine: Machine,
        now: Callable[[], datetime],
        something_happened: Event,
        stopping: Event,
        latency: timedelta,
    ) -> None:
        super().__init__(address, _Handler)
        self.machine = machine
        self.now = now
        self.something_happened = something_happened
        self.latency = latency
        self._stopping = stopping

    def wait_for(self, reply: Reply, *, usually: timedelta) -> None:
        """As long as the answer takes, unless its request is released or the server stops."""
        ends = monotonic() + (reply.takes or usually).total_seconds()
        while (left := ends - monotonic()) > 0 and not self._stopping.is_set():
            if reply.hang_id and not self.machine.is_hanging(reply.hang_id):
                return
            self._stopping.wait(min(left, _LOOK_AGAIN_SECONDS) if reply.hang_id else left)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up waiting is no error here."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _HttpServer
    protocol_version = "HTTP/1.1"
    server_version = "MagpieSandbox"
    timeout = 30
    # Headers and body in two packets would wait for the other side's delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_OPTIONS(self) -> None:
        self._send(HTTPStatus.NO_CONTENT, b"", "text/plain")

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        page = pages.find(address.path)
        if page is not None:
            self._send(HTTPStatus.OK, page.content, page.content_type)
        else:
            self._answer("GET", address, forms.parse(address.query))

    def do_DELETE(self) -> None:
        address = urlsplit(self.path)
        self._answer("DELETE", address, forms.parse(address.query))

    def do_POST(self) -> None:
        body = self._read_body()
        if body is not None:
            self._answer("POST", urlsplit(self.path), forms.parse(body))

    def _read_body(self) -> str | None:
        written = self.headers.get("Content-Length", "0")
        length = int(written) if written.isascii() and written.isdigit() else MAX_BODY_BYTES + 1
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"", "text/plain")
            return None
        return self.rfile.read(length).decode("utf-8", errors="replace")

    def _answer(self, method: str, address: SplitResult, params: dict[str, Any]) -> None:
        reply = self.server.machine.answer(
            method=method,
            path=address.path,
            params=params,
            headers={name.lower(): value for name, value in self.headers.items()},
            at=self.server.now(),
        )
        self.server.something_happened.set()
        self.server.wait_for(reply, usually=self.server.latency if address.path.startswith("/v1/") else _AT_ONCE)
        self._reply(reply)

    def _reply(self, reply: Reply) -> None:
        if reply.lost:
            self.close_connection = True
            return
        self._send(reply.status, json.dumps(reply.body).encode(), "application/json", reply.headers)

    def _send(self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**_CORS, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        logger.debug(format, *args)
