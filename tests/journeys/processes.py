"""The shop as separate processes on loopback: web, worker and the sandbox, each of which a test may kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


def until(condition: Callable[[], Any], *, what: str) -> Any:
    """Ask again and again until the answer is true; fail loudly when it never is."""
    pause = threading.Event()
    for _ in range(PATIENCE_SECONDS * 10):
        if answer := condition():
            return answer
        pause.wait(0.1)
    raise AssertionError(f"waited {PATIENCE_SECONDS} seconds for: {what}")


@dataclass
class Processes:
    folder: Path
    web_port: int
    sandbox_port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @classmethod
    def on_free_ports(cls, folder: Path) -> Processes:
        return cls(folder, *_free_ports(2))

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    def start_sandbox(self) -> None:
        webhook = f"{self.web}/api/v1/webhooks/stripe/"
        self._start("sandbox", "stripe_sandbox", "--port", str(self.sandbox_port), "--webhook-url", webhook)
        until(lambda: _answers(f"{self.sandbox}/healthz"), what="the sandbox")

    def start_web(self) -> None:
        self._start("web", "runserver", "--noreload", f"127.0.0.1:{self.web_port}")
        until(lambda: _answers(f"{self.web}/healthz"), what="the web process")

    def start_worker(self) -> None:
        self._start("worker", "worker", "--pause", "50")

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def _start(self, name: str, *command: str) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATABASE_URL": url_of_this_database(),
            "DEBUG": "false",
            "STRIPE_SANDBOX_URL": self.sandbox,
            "STRIPE_SANDBOX_STORE": str(self.folder / "stripe.sqlite3"),
        }
        log = (self.folder / f"{name}.log").open("ab")
        with log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, stdout=log, stderr=log
            )


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def url_of_this_database() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return f"postgres://{database['USER']}{password}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
