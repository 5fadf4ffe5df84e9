"""Row locks in one order, so that two transactions never wait for each other in a circle."""

from __future__ import annotations

from typing import TypeVar

from django.db import models, transaction

M = TypeVar("M", bound=models.Model)


def locked(rows: models.QuerySet[M]) -> list[M]:
    """Fetch the rows locked until the transaction ends, in primary-key order.

    PostgreSQL locks each row. SQLite has one write lock, which `transaction_mode=IMMEDIATE` takes when the
    transaction begins, so there the fetch itself is enough.
    """
    return list(_for_update(rows).order_by("pk"))


def locked_one(rows: models.QuerySet[M]) -> M:
    """The single matching row, locked. Raises the model's `DoesNotExist`."""
    return _for_update(rows).get()


def require_transaction(using: str | None = None) -> None:
    if not transaction.get_connection(using).in_atomic_block:
        raise transaction.TransactionManagementError("outside a transaction a lock is gone as soon as it is taken")


def _for_update(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    require_transaction(rows.db)
    return rows.select_for_update(of=("self",))
