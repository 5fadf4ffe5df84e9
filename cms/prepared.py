"""Queries whose SQL is worked out once in a process, and then only run with other values.

Working the SQL of a query out costs several times what running it costs. A purchase asks a few dozen fixed questions;
those are written as functions under `@prepared`. On SQLite, which serves development, they are built each time.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from itertools import count
from typing import Any, TypeVar

from django.db import connections
from django.db.models import Field, Lookup, QuerySet
from django.db.models.lookups import In

Row = TypeVar("Row")
_numbers = count(1)


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
    forms: dict[tuple[bool, ...], _Form] = {}

    @wraps(build)
    def run(**values: Any) -> list[Any]:
        shape = tuple(value is None for value in values.values())
        form = forms.get(shape)
        if form is None:
            rows = build(**values)
            if connections[rows.db].vendor != "postgresql":
                return list(rows)
            form = forms[shape] = _Form.of(build, values)
        return form.rows(values)

    return run


@dataclass(frozen=True, slots=True)
class _Form:
    queryset: QuerySet[Any]
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    names: tuple[str | None, ...]
    """By place, which value stands there; None where the parameter belongs to the query itself."""

    @classmethod
    def of(cls, build: Callable[..., QuerySet[Any]], values: dict[str, Any]) -> _Form:
        stand_ins = {name: _stand_in(value) for name, value in values.items()}
        queryset = build(**stand_ins)
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, parameters = compiler.as_sql()
        named = {_mark(value): name for name, value in stand_ins.items() if value is not None}
        names = tuple(named.get(_mark(parameter)) for parameter in parameters)
        if lost := set(named.values()) - set(names):
            raise TypeError(f"{build.__qualname__}: {', '.join(sorted(lost))} does not reach the database as it is")
        return cls(queryset, compiler, sql, tuple(parameters), names)

    def rows(self, values: dict[str, Any]) -> list[Any]:
        parameters = tuple(
            constant if name is None else values[name]
            for name, constant in zip(self.names, self.parameters, strict=True)
        )
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.queryset.db]
        compiler.as_sql = lambda *args, **options: (self.sql, parameters)
        # A shallow copy by hand: that of a queryset would run it, and `_clone` copies the whole query.
        queryset, query = _twin(self.queryset), _twin(self.queryset.query)
        queryset._result_cache, queryset._query = None, query
        query.get_compiler = lambda *args, **options: compiler
        return list(queryset)


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
