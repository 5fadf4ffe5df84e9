"""Whether the rows with states have come to them by legal steps (invariant I8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import F, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, Lag

from commerce.kit.states import STATUS, Stateful, Transitions


def illegal_histories() -> Iterator[str]:
    """Steps that no table allows or that do not begin where the one before ended, and rows that stand where no step
    has led. Three queries for each machine, however many rows there are."""
    for model in apps.get_models():
        if issubclass(model, Stateful):
            yield from _of(model, STATUS, model.transitions)
            for field, table in model.further_transitions.items():
                yield from _of(model, field, table)


def _of(model: type[Stateful], field: str, table: Transitions) -> Iterator[str]:
    meta: Any = model._meta
    relation = meta.get_field("events").field
    events: QuerySet[Any] = relation.model._default_manager.order_by()
    if model.further_transitions:
        events = events.filter(field=field)
    name = f"{model._meta.model_name}.{field}"
    for came, went in events.values_list("from_status", "to_status").distinct():
        if went not in table.get(came, frozenset()):
            for key in events.filter(from_status=came, to_status=went).values_list(relation.attname, flat=True):
                yield f"I8 {name} {key}: {came or 'new'} → {went} is no legal step"
    before = Window(Lag("to_status", default=Value("")), partition_by=[F(relation.attname)], order_by=F("id").asc())
    broken = events.annotate(before=before).exclude(from_status=F("before"))
    for key, came, stood in broken.values_list(relation.attname, "from_status", "before"):
        yield f"I8 {name} {key}: a step from {came or 'new'} where it stood at {stood or 'new'}"
    last = events.filter(**{relation.attname: OuterRef("pk")}).order_by("-id").values("to_status")[:1]
    rows = model._default_manager.order_by().annotate(led_to=Coalesce(Subquery(last), Value("")))
    for key, stands, led_to in rows.exclude(**{field: F("led_to")}).values_list("pk", field, "led_to"):
        yield f"I8 {name} {key}: stands at {stands or 'new'}, its steps lead to {led_to or 'new'}"
