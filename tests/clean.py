"""The database as the migrations left it: what every test finds, also after one that committed.

Django empties all tables after such a test, and so takes away what migrations put into them. This puts everything back
instead, schema and sequences too: it is quicker, and no test needs to know which ones ran before it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql


@contextmanager
def clean_after_commits() -> Iterator[None]:
    """Takes a copy of the test database as it is now, and puts it back after each test with `transaction=True`."""
    taken = _in_memory() if connection.vendor == "sqlite" else _on_the_server()
    with taken as put_back:
        left_to_django = TransactionTestCase._fixture_teardown
        TransactionTestCase._fixture_teardown = lambda case: put_back()
        try:
            yield
        finally:
            TransactionTestCase._fixture_teardown = left_to_django


def copy_file(migrated: str, *, to: str) -> None:
    """Copy an SQLite database as a whole, what is still in its write-ahead log too."""
    for name in (to, f"{to}-wal", f"{to}-shm"):
        Path(name).unlink(missing_ok=True)
    with closing(sqlite3.connect(f"file:{migrated}?mode=rw", uri=True)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy)


@contextmanager
def _in_memory() -> Iterator[Callable[[], None]]:
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)

        def put_back() -> None:
            connection.ensure_connection()
            copy.backup(connection.connection)

        yield put_back


@contextmanager
def _on_the_server() -> Iterator[Callable[[], None]]:
    """A second database; whoever is still connected to the first one when it is replaced is cut off."""
    ours = connection.settings_dict["NAME"]
    copy = f"{ours}_clean"

    def replace(name: str, *, by: str = "") -> None:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            if by:
                create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
                cursor.execute(create.format(sql.Identifier(name), sql.Identifier(by)))

    replace(copy, by=ours)
    try:
        yield lambda: replace(ours, by=copy)
    finally:
        replace(copy)
