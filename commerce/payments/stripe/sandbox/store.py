"""Where the sandbox remembers: one SQLite file, shared by processes and threads.

A connection lives for one transaction only, so that any thread of any process may hold one and none is left open.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

Document = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX IF NOT EXISTS documents_of_a_kind ON documents (kind, sequence);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    newest_first INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at);
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    id: int
    event_id: str
    attempts: int
    """How often it was tried before."""


class Records(Protocol):
    """What one transaction can see and change."""

    def find(self, kind: str, document_id: str) -> Document | None: ...

    def save(self, kind: str, document: Document) -> None: ...

    def discard(self, kind: str, document_id: str) -> None: ...

    def newest(self, kind: str, *, after: str = "") -> Iterator[Document]:
        """Newest first; with `after`, those older than that document."""
        ...

    def erase(self) -> None: ...

    def enqueue(self, event_id: str, *, due_at: datetime, newest_first: bool = False) -> None: ...

    def take_due(self, *, at: datetime, until: datetime, limit: int) -> list[Delivery]:
        """Due deliveries, hidden from other takers until `until`."""
        ...

    def postpone(self, delivery_id: int, *, due_at: datetime) -> None: ...

    def settle(self, delivery_id: int) -> None: ...

    def undelivered(self, event_id: str) -> int: ...


class Store(Protocol):
    def transaction(self) -> AbstractContextManager[Records]:
        """Commits at the end, rolls back on an exception; one at a time."""
        ...


class SqliteStore:
    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[Records]:
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield _SqliteRecords(connection)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=20, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous=NORMAL")
            yield connection
        finally:
            connection.close()


class _SqliteRecords:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, kind: str, document_id: str) -> Document | None:
        row = self._connection.execute(
            "SELECT body FROM documents WHERE kind = ? AND id = ?", (kind, document_id)
        ).fetchone()
        return _document(row) if row else None

    def save(self, kind: str, document: Document) -> None:
        self._connection.execute(
            "INSERT INTO documents (kind, id, body) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            (kind, document["id"], json.dumps(document)),
        )

    def discard(self, kind: str, document_id: str) -> None:
        self._connection.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, document_id))

    def newest(self, kind: str, *, after: str = "") -> Iterator[Document]:
        rows = self._connection.execute(
            "SELECT body FROM documents WHERE kind = :kind AND (:after = '' OR sequence <"
            " (SELECT sequence FROM documents WHERE kind = :kind AND id = :after)) ORDER BY sequence DESC",
            {"kind": kind, "after": after},
        )
        return map(_document, rows)

    def erase(self) -> None:
        self._connection.execute("DELETE FROM documents")
        self._connection.execute("DELETE FROM deliveries")

    def enqueue(self, event_id: str, *, due_at: datetime, newest_first: bool = False) -> None:
        self._connection.execute(
            "INSERT INTO deliveries (event_id, due_at, newest_first) VALUES (?, ?, ?)",
            (event_id, _milliseconds(due_at), newest_first),
        )

    def take_due(self, *, at: datetime, until: datetime, limit: int) -> list[Delivery]:
        rows = self._connection.execute(
            "SELECT id, event_id, attempts FROM deliveries WHERE due_at <= ?"
            " ORDER BY CASE newest_first WHEN 1 THEN -id ELSE id END LIMIT ?",
            (_milliseconds(at), limit),
        ).fetchall()
        self._connection.executemany(
            "UPDATE deliveries SET due_at = ?, attempts = attempts + 1 WHERE id = ?",
            [(_milliseconds(until), delivery_id) for delivery_id, _, _ in rows],
        )
        return [Delivery(*row) for row in rows]

    def postpone(self, delivery_id: int, *, due_at: datetime) -> None:
        self._connection.execute("UPDATE deliveries SET due_at = ? WHERE id = ?", (_milliseconds(due_at), delivery_id))

    def settle(self, delivery_id: int) -> None:
        self._connection.execute("DELETE FROM deliveries WHERE id = ?", (delivery_id,))

    def undelivered(self, event_id: str) -> int:
        (count,) = self._connection.execute(
            "SELECT count(*) FROM deliveries WHERE event_id = ?", (event_id,)
        ).fetchone()
        return int(count)


def _document(row: tuple[str]) -> Document:
    found: Document = json.loads(row[0])
    return found


def _milliseconds(at: datetime) -> int:
    return (at - datetime.fromtimestamp(0, tz=at.tzinfo)) // timedelta(milliseconds=1)
