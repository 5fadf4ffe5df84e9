"""Databases for the proofs that run outside pytest: made once, copied for each process, gone in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment


@contextmanager
def database(*, copies: int = 0) -> Iterator[None]:
    """The test database of the settings, empty but for what migrations make, with copies numbered from 1."""
    with surroundings():
        yield from _made(copies)


@contextmanager
def surroundings() -> Iterator[None]:
    """Mail that stays in memory and the like, as pytest has it; the database is the one that the settings name."""
    setup_test_environment(debug=False)
    try:
        yield
    finally:
        teardown_test_environment()


def _made(copies: int) -> Iterator[None]:
    made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    numbers = [str(number) for number in range(1, copies + 1)]
    # The write-ahead log is part of the file only once the last connection is closed.
    connection.close()
    for number in numbers:
        connection.creation.clone_test_db(suffix=number, verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.close()
        for number in numbers:
            connection.creation.destroy_test_db(suffix=number, verbosity=0)
        teardown_databases(made, verbosity=0)


def use_copy(number: int) -> None:
    """Have this process, which must be a fork, work with the copy of that number."""
    connection.close()
    connection.settings_dict.update(connection.creation.get_test_db_clone_settings(str(number)))
