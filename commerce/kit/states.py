"""State machines as data: a transition table and the one function that moves a row along it (invariant I8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from django.db import connection, models

from commerce.kit.ledgers import InsertOnly
from commerce.kit.locks import locked_one, require_transaction

Transitions = Mapping[str, frozenset[str]]


class IllegalTransition(RuntimeError):
    """The table does not allow this step; callers check first, so this is a defect and not an answer."""


class StateEvent(InsertOnly):
    """Who moved a row from one state to another, when and why. Subclasses add the foreign key, as `events`."""

    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    actor = models.CharField(max_length=100)
    reason = models.CharField(max_length=255)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status}: {self.reason}"


STATUS = "status"


class Stateful(models.Model):
    """A row with a status. Subclasses name their table of transitions; the key "" holds the first states.

    A row may have further states that move by themselves, each a field with a table of its own; the events of such a
    row say in `field` which of them moved.
    """

    transitions: ClassVar[Transitions]
    further_transitions: ClassVar[Mapping[str, Transitions]] = {}
    events: Any
    status = models.CharField(max_length=20, default="")

    class Meta:
        abstract = True


def advance(row: Stateful, to: str, *, field: str = STATUS, actor: str, reason: str, at: datetime) -> None:
    """Lock the row, check the step against the table, write it and append its event.

    Raises:
        IllegalTransition: the row, as it stands in the database now, may not go there.
    """
    require_transaction()
    model = type(row)
    current = getattr(row, field)
    if to not in _table(model, field).get(current, frozenset()) or not _move(row, field, current, to):
        # The row in hand is not what the database has, or the step is not allowed: the database's word counts.
        current = getattr(locked_one(model._default_manager.filter(pk=row.pk)), field)
        if to not in _table(model, field).get(current, frozenset()):
            raise IllegalTransition(f"{model._meta.label}.{field}: {current or 'new'} → {to}")
        _move(row, field, current, to)
    which = {"field": field} if model.further_transitions else {}
    row.events.create(from_status=current, to_status=to, actor=actor, reason=reason, at=at, **which)
    setattr(row, field, to)


def _move(row: Stateful, field: str, current: str, to: str) -> bool:
    """Write the step if the row stands where it is taken from. The UPDATE locks the row, then looks."""
    key = type(row)._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(_move_sql(type(row), field), [to, key, current])
        return bool(cursor.rowcount)


@cache
def _move_sql(model: type[Stateful], field: str) -> str:
    """By hand: a purchase takes ten steps, and working the SQL out costs several times what running it does."""
    quoted, meta = connection.ops.quote_name, model._meta
    column = quoted(field)
    return (
        f"UPDATE {quoted(meta.db_table)} SET {column} = %s WHERE {quoted(str(meta.pk.column))} = %s AND {column} = %s"
    )


def _table(model: type[Stateful], field: str) -> Transitions:
    return model.transitions if field == STATUS else model.further_transitions[field]
