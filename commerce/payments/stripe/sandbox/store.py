"""Where the sandbox remembers: one SQLite file, shared by processes and threads.

A store holds one connection, which its threads take in turn; it is closed when the store is forgotten.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

Document = dict[str, Any]

_SCHEMA_VERSION = 4
_SCHEMA = f"""
DROP TABLE IF EXISTS documents;
CREATE TABLE documents (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX documents_of_a_kind ON documents (kind, sequence);
CREATE INDEX documents_of_an_owner ON documents (kind, owner, sequence);
DROP TABLE IF EXISTS deliveries;
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    twist TEXT NOT NULL,
    first_due_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    newest_first INTEGER NOT NULL
);
CREATE INDEX deliveries_due ON deliveries (due_at);
CREATE INDEX deliveries_of_an_event ON deliveries (event_id);
DROP TABLE IF EXISTS alarms;
CREATE TABLE alarms (
    kind TEXT NOT NULL,
    document_id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (kind, document_id)
);
CREATE INDEX alarms_due ON alarms (due_at);
PRAGMA user_version = {_SCHEMA_VERSION};
"""

_OWNER_FIELD = {
    "charge": "payment_intent",
    "dispute": "payment_intent",
    "payment_intent": "customer",
    "payment_method": "customer",
    "refund": "payment_intent",
    "setup_intent": "customer",
}
"""By which field a kind is listed most often: the store finds those of one owner without reading the others."""


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds since 1970, both ends included."""

    first: int = 0
    last: int = 2**53


EVER = Span()


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something happens to this document when its time has come."""

    kind: str
    document_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    id: int
    event_id: str
    endpoint_id: str
    """Empty for the shop's own webhook address."""
    twist: str
    """What is wrong with it on purpose; empty when nothing is."""
    seconds_late: int
    """Since it was due for the first time."""
    attempts: int
    """How often it was tried before."""


class Records(Protocol):
    """What one transaction can see and change."""

    def find(self, kind: str, document_id: str) -> Document | None: ...

    def save(self, kind: str, document: Document) -> None: ...

    def discard(self, kind: str, document_id: str) -> None: ...

    def newest(self, kind: str, *, after: str = "", owner: str = "", created: Span = EVER) -> Iterator[Document]:
        """Newest first; with `after`, those older than that document."""
        ...

    def oldest(self, kind: str, *, after: str = "", owner: str = "", created: Span = EVER) -> Iterator[Document]:
        """Oldest first; with `after`, those newer than that document."""
        ...

    def erase(self) -> None: ...

    def set_alarm(self, kind: str, document_id: str, *, due_at: datetime) -> None: ...

    def clear_alarm(self, kind: str, document_id: str) -> None: ...

    def take_alarms(self, *, at: datetime) -> list[Alarm]:
        """Those that are due, which are thereby cleared, in the order of their time."""
        ...

    def enqueue(
        self, event_id: str, *, due_at: datetime, endpoint_id: str = "", twist: str = "", newest_first: bool = False
    ) -> None: ...

    def take_due(self, *, at: datetime, until: datetime, limit: int) -> list[Delivery]:
        """Due deliveries, hidden from other takers until `until`."""
        ...

    def postpone(self, delivery_id: int, *, due_at: datetime) -> None: ...

    def settle(self, delivery_id: int) -> None: ...

    def undelivered(self, event_id: str) -> int:
        """How many addresses still wait for it."""
        ...


class Store(Protocol):
    def transaction(self) -> AbstractContextManager[Records]:
        """Commits at the end, rolls back on an exception; one at a time."""
        ...


class SqliteStore:
    """A file of an older shape is emptied: it held no money."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._turn = Lock()
        self._connection = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._connection.close)
        self._connection.execute("PRAGMA journal_mode=WAL")
        # What a killed process wrote is safe with the operating system; only a machine that loses power loses it.
        self._connection.execute("PRAGMA synchronous=OFF")
        with self.transaction():
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version != _SCHEMA_VERSION:
                for statement in _SCHEMA.split(";"):
                    self._connection.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[Records]:
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield _SqliteRecords(self._connection)
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()


class _SqliteRecords:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, kind: str, document_id: str) -> Document | None:
        row = self._connection.execute(
            "SELECT body FROM documents WHERE kind = ? AND id = ?", (kind, document_id)
        ).fetchone()
        return _document(row) if row else None

    def save(self, kind: str, document: Document) -> None:
        owner = document.get(_OWNER_FIELD.get(kind, "")) or ""
        self._connection.execute(
            "INSERT INTO documents (kind, id, owner, created, body) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET owner = excluded.owner, body = excluded.body",
            (kind, document["id"], owner, document.get("created", 0), json.dumps(document)),
        )

    def discard(self, kind: str, document_id: str) -> None:
        self._connection.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, document_id))

    def newest(self, kind: str, *, after: str = "", owner: str = "", created: Span = EVER) -> Iterator[Document]:
        return self._listed(kind, after, owner, created, "<", "DESC")

    def oldest(self, kind: str, *, after: str = "", owner: str = "", created: Span = EVER) -> Iterator[Document]:
        return self._listed(kind, after, owner, created, ">", "ASC")

    def _listed(self, kind: str, after: str, owner: str, created: Span, beyond: str, order: str) -> Iterator[Document]:
        wanted = ["kind = :kind", "created BETWEEN :first AND :last"]
        if owner:
            wanted.append("owner = :owner")
        if after:
            wanted.append(f"sequence {beyond} (SELECT sequence FROM documents WHERE kind = :kind AND id = :after)")
        rows = self._connection.execute(
            f"SELECT body FROM documents WHERE {' AND '.join(wanted)} ORDER BY sequence {order}",
            {"kind": kind, "owner": owner, "after": after, "first": created.first, "last": created.last},
        )
        return map(_document, rows)

    def erase(self) -> None:
        for table in ("documents", "deliveries", "alarms"):
            self._connection.execute(f"DELETE FROM {table}")

    def set_alarm(self, kind: str, document_id: str, *, due_at: datetime) -> None:
        self._connection.execute("REPLACE INTO alarms VALUES (?, ?, ?)", (kind, document_id, _milliseconds(due_at)))

    def clear_alarm(self, kind: str, document_id: str) -> None:
        self._connection.execute("DELETE FROM alarms WHERE kind = ? AND document_id = ?", (kind, document_id))

    def take_alarms(self, *, at: datetime) -> list[Alarm]:
        due = [
            Alarm(*row)
            for row in self._connection.execute(
                "SELECT kind, document_id FROM alarms WHERE due_at <= ? ORDER BY due_at", (_milliseconds(at),)
            )
        ]
        for alarm in due:
            self.clear_alarm(alarm.kind, alarm.document_id)
        return due

    def enqueue(
        self, event_id: str, *, due_at: datetime, endpoint_id: str = "", twist: str = "", newest_first: bool = False
    ) -> None:
        due = _milliseconds(due_at)
        self._connection.execute(
            "INSERT INTO deliveries (event_id, endpoint_id, twist, first_due_at, due_at, newest_first)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (event_id, endpoint_id, twist, due, due, newest_first),
        )

    def take_due(self, *, at: datetime, until: datetime, limit: int) -> list[Delivery]:
        now = _milliseconds(at)
        rows = self._connection.execute(
            "SELECT id, event_id, endpoint_id, twist, (? - first_due_at) / 1000, attempts FROM deliveries"
            " WHERE due_at <= ? ORDER BY CASE newest_first WHEN 1 THEN -id ELSE id END LIMIT ?",
            (now, now, limit),
        ).fetchall()
        self._connection.executemany(
            "UPDATE deliveries SET due_at = ?, attempts = attempts + 1 WHERE id = ?",
            [(_milliseconds(until), row[0]) for row in rows],
        )
        return [Delivery(*row) for row in rows]

    def postpone(self, delivery_id: int, *, due_at: datetime) -> None:
        self._connection.execute("UPDATE deliveries SET due_at = ? WHERE id = ?", (_milliseconds(due_at), delivery_id))

    def settle(self, delivery_id: int) -> None:
        self._connection.execute("DELETE FROM deliveries WHERE id = ?", (delivery_id,))

    def undelivered(self, event_id: str) -> int:
        (count,) = self._connection.execute(
            "SELECT count(DISTINCT endpoint_id) FROM deliveries WHERE event_id = ?", (event_id,)
        ).fetchone()
        return int(count)


def _document(row: tuple[str]) -> Document:
    found: Document = json.loads(row[0])
    return found


def _milliseconds(at: datetime) -> int:
    return (at - datetime.fromtimestamp(0, tz=at.tzinfo)) // timedelta(milliseconds=1)
