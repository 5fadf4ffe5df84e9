"""Row locks in one order, so that two transactions never wait for each other in a circle."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar

from django.db import models, transaction

from cms.prepared import prepared

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


def locked_row(model: type[M], pk: uuid.UUID | int) -> M:
    """The row with this key, locked. Raises the model's `DoesNotExist`."""
    rows: list[M] = _row_of(model)(pk=pk)
    if not rows:
        missing: type[Exception] = model.DoesNotExist  # type: ignore[attr-defined]
        raise missing(f"There is no {model._meta.verbose_name} {pk}")
    return rows[0]


def locking(build: Callable[..., models.QuerySet[Any]]) -> Callable[..., list[Any]]:
    """As `locked`, of a query whose SQL is worked out once: see `cms.prepared`."""
    fetch = prepared(wraps(build)(lambda **values: _for_update(build(**values)).order_by("pk")))

    @wraps(build)
    def run(**values: Any) -> list[Any]:
        require_transaction()
        return fetch(**values)

    return run


@cache
def _row_of(model: type[models.Model]) -> Callable[..., list[Any]]:
    @locking
    def row(*, pk: Any) -> models.QuerySet[Any]:
        return model._default_manager.filter(pk=pk)

    return row


def require_transaction(using: str | None = None) -> None:
    if not transaction.get_connection(using).in_atomic_block:
        raise transaction.TransactionManagementError("outside a transaction a lock is gone as soon as it is taken")


def _for_update(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    require_transaction(rows.db)
    return rows.select_for_update(of=("self",))
