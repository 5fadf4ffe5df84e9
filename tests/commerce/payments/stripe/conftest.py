"""The sandbox behind both of its doors. A contract test takes `door` and runs once through each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from commerce.payments.stripe.sandbox.machine import Keys, Machine
from commerce.payments.stripe.sandbox.server import SandboxServer
from commerce.payments.stripe.sandbox.store import SqliteStore
from commerce.payments.stripe.sandbox.transport import SandboxTransport
from tests.commerce.payments.stripe.doors import (
    PUBLISHABLE_KEY,
    SECRET_KEY,
    Clock,
    Door,
    PromptClient,
    gateway,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "sandbox.sqlite3")


@pytest.fixture
def machine(store: SqliteStore) -> Machine:
    keys = Keys(secret=SECRET_KEY, publishable=PUBLISHABLE_KEY)
    return Machine(store=store, keys=keys, address="http://localhost:8002")


@pytest.fixture
def in_process(machine: Machine, store: SqliteStore, clock: Clock) -> Door:
    return Door(gateway(transport=SandboxTransport(machine, now=clock)), machine, store, clock)


@pytest.fixture
def over_http(machine: Machine, store: SqliteStore, clock: Clock) -> Iterator[Door]:
    client = PromptClient(timeout=10)
    with SandboxServer(machine=machine, now=clock) as server:
        yield Door(gateway(sandbox_url=server.url, transport=client), machine, store, clock, server, client)
        client.close()


@pytest.fixture(params=["in_process", "over_http"])
def door(request: pytest.FixtureRequest) -> Door:
    found: Door = request.getfixturevalue(request.param)
    return found
