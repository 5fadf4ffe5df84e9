"""State machines as data: a transition table and the one function that moves a row along it (invariant I8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, NamedTuple

from django.db import connection, models

from commerce.kit.ledgers import InsertOnly
from commerce.kit.locks import locked_row, require_transaction

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
    # Nobody edits what refers to such rows, so nobody asks where they are used.
    wagtail_reference_index_ignore = True
    status = models.CharField(max_length=20, default="")

    class Meta:
        abstract = True


class FirstStep(NamedTuple):
    """Where a further state begins, and why there."""

    field: str
    to: str
    reason: str


def begin(row: Stateful, to: str, *, further: Iterable[FirstStep] = (), actor: str, reason: str, at: datetime) -> None:
    """Insert a new row in its first state, and in those of its further ones, with an event for each.

    Raises:
        IllegalTransition: no row begins there; nothing was written.
    """
    require_transaction()
    model = type(row)
    steps = [FirstStep(STATUS, to, reason), *further]
    for step in steps:
        if step.to not in _table(model, step.field).get("", frozenset()):
            raise IllegalTransition(f"{model._meta.label}.{step.field}: new → {step.to}")
    for step in steps:
        setattr(row, step.field, step.to)
    row.save(force_insert=True)
    meta: Any = model._meta
    events = meta.get_field("events")
    events.related_model.objects.bulk_create(
        events.related_model(
            **{events.field.name: row}, **_which(model, step.field), to_status=step.to, actor=actor,
            reason=step.reason, at=at,
        )
        for step in steps
    )  # fmt: skip


def advance(
    row: Stateful,
    to: str,
    *,
    field: str = STATUS,
    saving: Sequence[str] = (),
    actor: str,
    reason: str,
    at: datetime,
) -> None:
    """Lock the row, check the step against the table, write it and append its event.

    `saving` names fields of the row in hand that are written with the step, as `update_fields` of `save`.

    Raises:
        IllegalTransition: the row, as it stands in the database now, may not go there.
    """
    require_transaction()
    model = type(row)
    current = getattr(row, field)
    saving = tuple(saving)
    if to not in _table(model, field).get(current, frozenset()) or not _move(row, field, current, to, saving):
        # The row in hand is not what the database has, or the step is not allowed: the database's word counts.
        current = getattr(locked_row(model, row.pk), field)
        if to not in _table(model, field).get(current, frozenset()):
            raise IllegalTransition(f"{model._meta.label}.{field}: {current or 'new'} → {to}")
        _move(row, field, current, to, saving)
    row.events.create(from_status=current, to_status=to, actor=actor, reason=reason, at=at, **_which(model, field))
    setattr(row, field, to)


def _which(model: type[Stateful], field: str) -> dict[str, str]:
    return {"field": field} if model.further_transitions else {}


def _move(row: Stateful, field: str, current: str, to: str, saving: tuple[str, ...]) -> bool:
    """Write the step if the row stands where it is taken from. The UPDATE locks the row, then looks."""
    meta = type(row)._meta
    fields: list[Any] = [meta.get_field(name) for name in saving]
    written = [each.get_db_prep_save(getattr(row, each.attname), connection) for each in fields]
    key = meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(_move_sql(type(row), field, saving), [to, *written, key, current])
        return bool(cursor.rowcount)


@cache
def _move_sql(model: type[Stateful], field: str, saving: tuple[str, ...]) -> str:
    """By hand: a purchase takes ten steps, and working the SQL out costs several times what running it does."""
    quoted, meta = connection.ops.quote_name, model._meta
    columns = [quoted(str(meta.get_field(name).column)) for name in (field, *saving)]  # type: ignore[union-attr]
    written = ", ".join(f"{column} = %s" for column in columns)
    where = f"{quoted(str(meta.pk.column))} = %s AND {columns[0]} = %s"
    return f"UPDATE {quoted(meta.db_table)} SET {written} WHERE {where}"


def _table(model: type[Stateful], field: str) -> Transitions:
    return model.transitions if field == STATUS else model.further_transitions[field]
