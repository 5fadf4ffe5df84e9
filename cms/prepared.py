"""Statements whose SQL is worked out once in a process, and then only run with other values.

Working the SQL of a query out costs several times what running it costs. A purchase asks a few dozen fixed questions;
those are written as functions under `@prepared`. On SQLite, which serves development, they are built each time.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, wraps
from itertools import count
from typing import Any

from django.db import connections, router
from django.db.models import AutoField, Field, ForeignObject, Lookup, Model, QuerySet
from django.db.models.lookups import In
from django.db.models.sql import UpdateQuery

_numbers = count(1)


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`__in` that is the same SQL however many values there are."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return In(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, self.rhs]


def prepared(build: Callable[..., Any]) -> Callable[..., list[Any]]:
    """A function of plain values that returns a queryset becomes one that returns its rows.

    Every value must reach the database as it is: an id, a number, a text, an instant, or a list of them under
    `__among`. None is another question, with SQL of its own.
    """
    forms: dict[frozenset[tuple[str, bool]], _Form] = {}

    @wraps(build)
    def run(**values: Any) -> list[Any]:
        shape = frozenset((name, value is None) for name, value in values.items())
        form = forms.get(shape)
        if form is None:
            rows = build(**values)
            if connections[rows.db].vendor != "postgresql":
                return list(rows)
            form = forms[shape] = _Form.of(build, values)
        return form.rows(values)

    return run


def prepared_update(build: Callable[..., tuple[QuerySet[Any], dict[str, Any]]]) -> Callable[..., int]:
    """A function of plain values that returns rows and what is to be written into them, as `update` takes it, becomes
    one that writes it. Returns how many rows there were. As of `prepared`, what is None makes another statement.
    """
    forms: dict[frozenset[tuple[str, bool]], _Update] = {}

    @wraps(build)
    def run(**values: Any) -> int:
        shape = frozenset((name, value is None) for name, value in values.items())
        form = forms.get(shape)
        if form is None:
            rows, changes = build(**values)
            if connections[rows.db].vendor != "postgresql":
                return rows.update(**changes)
            form = forms[shape] = _Update.of(build, values)
        return form.write(values)

    return run


FEW = 20
"""More rows than this at once are no part of a purchase, and not worth a statement of their own."""


def insert(rows: Sequence[Model]) -> None:
    """As `bulk_create` of new rows of one plain model: no signals, and the keys that the database gives are theirs."""
    if not rows:
        return
    model, using = type(rows[0]), router.db_for_write(type(rows[0]))
    connection = connections[using]
    is_made = isinstance(model._meta.pk, AutoField)
    if connection.vendor != "postgresql" or len(rows) > FEW or (is_made and any(row.pk is not None for row in rows)):
        everything: QuerySet[Any] = QuerySet(model, using=using)
        everything.bulk_create(rows)
        return
    sql, fields, key = _insert_sql(model, len(rows), using)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        keys = cursor.fetchall() if key else ()
    for row, (given,) in zip(rows, keys, strict=False):
        setattr(row, key, given)
    for row in rows:
        row._state.adding, row._state.db = False, using


@cache
def _insert_sql(model: type[Model], many: int, using: str) -> tuple[str, tuple[Any, ...], str]:
    """The statement, whose values it takes, and the name of the key that it returns, if the database makes it."""
    quoted, key = connections[using].ops.quote_name, model._meta.pk
    is_made = isinstance(key, AutoField)
    fields = tuple(field for field in model._meta.local_concrete_fields if not (is_made and field is key))
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * many)
    returned = f" RETURNING {quoted(str(key.column))}" if is_made else ""
    sql = f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES {places}{returned}"
    return sql, fields, str(key.attname) if is_made else ""


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    parameters: tuple[Any, ...]
    names: tuple[str | None, ...]
    """By place, which value stands there; None where the parameter belongs to the statement itself."""

    @classmethod
    def of(cls, build: Callable[..., Any], values: dict[str, Any], compiler_of: Callable[..., Any]) -> _Statement:
        """Worked out twice, for other values: whatever differs and is none of them was made out of one.

        Raises `TypeError`: a value does not reach the database as it is.
        """
        one, other = (cls._with(build, values, compiler_of) for _ in range(2))
        same = zip(one.parameters, other.parameters, one.names, strict=True)
        changed = any(name is None and constant != again for constant, again, name in same)
        lost = {name for name, value in values.items() if value is not None} - set(one.names)
        if changed or lost or one.sql != other.sql:
            culprit = ", ".join(sorted(lost)) or "a value"
            raise TypeError(f"{build.__qualname__}: {culprit} does not reach the database as it is")
        return one

    @classmethod
    def _with(cls, build: Callable[..., Any], values: dict[str, Any], compiler_of: Callable[..., Any]) -> _Statement:
        stand_ins = {name: _stand_in(value) for name, value in values.items()}
        sql, parameters = compiler_of(build(**stand_ins)).as_sql()
        marked = {_mark(value): name for name, value in stand_ins.items() if value is not None}
        return cls(sql, tuple(parameters), tuple(marked.get(_mark(parameter)) for parameter in parameters))

    def filled(self, values: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(
            constant if name is None else values[name]
            for name, constant in zip(self.names, self.parameters, strict=True)
        )


@dataclass(frozen=True, slots=True)
class _Update:
    using: str
    statement: _Statement

    @classmethod
    def of(cls, build: Callable[..., Any], values: dict[str, Any]) -> _Update:
        def compiler_of(asked: tuple[QuerySet[Any], dict[str, Any]]) -> Any:
            rows, changes = asked
            query: Any = rows.query.chain(UpdateQuery)
            query.add_update_values(changes)
            query.clear_ordering(force=True)
            return query.get_compiler(using=rows.db)

        rows, _ = build(**values)
        return cls(rows.db, _Statement.of(build, values, compiler_of))

    def write(self, values: dict[str, Any]) -> int:
        with connections[self.using].cursor() as cursor:
            cursor.execute(self.statement.sql, self.statement.filled(values))
            return int(cursor.rowcount)


@dataclass(frozen=True, slots=True)
class _Form:
    queryset: QuerySet[Any]
    compiler: Any
    statement: _Statement
    converters: tuple[tuple[int, tuple[list[Any], Any]], ...]

    @classmethod
    def of(cls, build: Callable[..., QuerySet[Any]], values: dict[str, Any]) -> _Form:
        statement = _Statement.of(build, values, lambda rows: rows.query.get_compiler(using=rows.db))
        queryset = build(**values)
        compiler = queryset.query.get_compiler(using=queryset.db)
        compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        return cls(queryset, compiler, statement, tuple(converters.items()))

    def rows(self, values: dict[str, Any]) -> list[Any]:
        compiler = _Answer(self, self.statement.filled(values))
        # A shallow copy by hand: that of a queryset would run it, and `_clone` copies the whole query.
        queryset, query = _twin(self.queryset), _twin(self.queryset.query)
        queryset._result_cache, queryset._query = None, query
        query.get_compiler = lambda *args, **options: compiler
        return list(queryset)


class _Answer:
    """Stands in for the compiler while one answer is read: nothing is worked out again."""

    def __init__(self, form: _Form, parameters: tuple[Any, ...]) -> None:
        self._form, self._parameters = form, parameters
        worked_out = form.compiler
        self.select, self.klass_info = worked_out.select, worked_out.klass_info
        self.annotation_col_map = worked_out.annotation_col_map

    def execute_sql(self, *args: Any, **options: Any) -> list[Any]:
        with connections[self._form.queryset.db].cursor() as cursor:
            cursor.execute(self._form.statement.sql, self._parameters)
            rows: list[Any] = cursor.fetchall()
        return rows

    def results_iter(self, results: Any = None, **options: Any) -> Iterator[Any]:
        rows = self.execute_sql() if results is None else results
        converters = self._form.converters
        if not converters:
            return iter(rows)
        connection = connections[self._form.queryset.db]
        return (_converted(row, converters, connection) for row in rows)


def _converted(row: Sequence[Any], converters: Any, connection: Any) -> tuple[Any, ...]:
    values = list(row)
    for place, (steps, expression) in converters:
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return tuple(values)


def _twin(original: Any) -> Any:
    copied = object.__new__(type(original))
    copied.__dict__.update(original.__dict__)
    return copied


def _mark(value: Any) -> int:
    """What tells a stand-in from everything else; Django copies a list, though not what is in it."""
    return id(value[0]) if isinstance(value, list) and value else id(value)


def _stand_in(value: Any) -> Any:
    """Another object of the type, which nothing else in the query can be."""
    number = 1_900_000_000 + next(_numbers)
    match value:
        case None:
            return None
        case bool():
            raise TypeError("a yes or no makes another query: write two")
        case int():
            return number
        case str():
            return f"stand-in {number}"
        case uuid.UUID():
            return uuid.UUID(int=number)
        case datetime():
            return datetime.fromtimestamp(number, tz=UTC)
        case list():
            return [number]
    raise TypeError(f"{type(value).__name__} does not reach the database as it is")
