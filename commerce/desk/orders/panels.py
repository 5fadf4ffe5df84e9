"""What may be done to an order as it stands: for each step a form and the one domain call behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms

from commerce.desk.orders.access import WORK
from commerce.desk.orders.forms import NothingForm, UnitsForm
from commerce.kit.errors import DomainError
from commerce.orders.locking import lines_of
from commerce.orders.models import Order, OrderLine, Replacement
from commerce.orders.states import OrderStatus

ENDED = (OrderStatus.CANCELLED, OrderStatus.REFUNDED)
PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Doing:
    """Who acts, when, and by which of the form's buttons."""

    actor: str
    at: datetime
    step: str = ""


@dataclass
class Panel:
    """`about` names the parcel or return that the step is for; a place of the page shows the panels meant for it.

    `run` returns the words of success. With a button of its own, `preview` returns rows that say what would be done.
    """

    name: str
    title: str
    button: str
    form: forms.Form
    run: Callable[[Any, Doing], str]
    place: str
    about: str = ""
    needs: str = WORK
    is_grave: bool = False
    preview: Callable[[Any, Doing], list[tuple[str, str]]] | None = None
    is_open: bool = False
    shown: list[tuple[str, str]] = field(default_factory=list)
    intro: str = ""

    @property
    def key(self) -> str:
        return f"{self.name}-{self.about}" if self.about else self.name

    @property
    def is_button(self) -> bool:
        return isinstance(self.form, NothingForm)

    @property
    def has_preview(self) -> bool:
        return self.preview is not None

    @property
    def has_units(self) -> bool:
        return isinstance(self.form, UnitsForm)

    @property
    def fields(self) -> list[Any]:
        return self.form.other_fields if isinstance(self.form, UnitsForm) else self.form.visible_fields()


class Steps:
    """Some of the steps of one order, for one request. `data` is bound to the panel that was sent, and to no other."""

    def __init__(self, order: Order, *, data: Any = None, sent: str = "") -> None:
        self.order = order
        self._data, self._sent = data, sent

    def panels(self) -> Iterator[Panel]:
        raise NotImplementedError

    @cached_property
    def lines(self) -> dict[int, OrderLine]:
        return lines_of(self.order)

    @cached_property
    def by_key(self) -> dict[str, OrderLine]:
        return {str(pk): line for pk, line in self.lines.items()}

    def form(self, key: str, kind: type[forms.Form], **options: Any) -> Any:
        """`key` is the panel's own."""
        data = self._data if key == self._sent else None
        return kind(data, prefix=key, **options)


def carry_out(panel: Panel, doing: Doing) -> str:
    """The words of success; empty where the form says what is wrong, or what would be done."""
    form = panel.form
    panel.is_open = True
    if not form.is_valid():
        return ""
    try:
        if doing.step == PREVIEW and panel.preview is not None:
            panel.shown = panel.preview(form, doing)
            return ""
        return panel.run(form, doing)
    except forms.ValidationError as error:
        form.add_error(None, error)
    except DomainError as refusal:
        form.add_error(None, _refusal(refusal))
    return ""


def _refusal(refusal: DomainError) -> str:
    lines = refusal.facts.get("lines") or []
    named = [f"{each['sku']}: {each.get('left', each.get('free', 0))} left" for each in lines if "sku" in each]
    return f"{refusal.detail.rstrip('.')}{' (' + ', '.join(named) + ')' if named else ''}."


def name_of(sold: OrderLine | Replacement) -> str:
    return f"{sold.title} {sold.name}".strip() + f" · {sold.sku}"
