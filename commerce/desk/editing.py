"""What forms of the desk share: a save that would undo a colleague's is refused, amounts are typed as people write
them, and rows of a thing are saved with it or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse

from commerce.kit.money import Money

STALE = "Somebody has changed this since you opened the page. Open it again to see what it says now."
_MOST_MINOR_UNITS = 99_999_999_999


class MarkedForm(forms.ModelForm):
    """Carries a mark of what the row said when the page was opened."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_new:
            self.initial["shown"] = self.mark(self.instance)

    def mark(self, row: Any) -> str:
        return mark_of(row)

    @property
    def is_new(self) -> bool:
        return bool(self.instance._state.adding)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.is_new:
            row = type(self.instance)._default_manager.filter(pk=self.instance.pk).first()
            if row is None or cleaned.get("shown") != self.mark(row):
                self.add_error(None, STALE)
        return cleaned

    def fix(self, *names: str, because: str) -> None:
        """Fields that are shown and no longer change."""
        for name in names:
            self.fields[name].disabled = True
            self.fields[name].help_text = because


class AmountField(forms.CharField):
    """An amount as people write it. Its currency follows from the rest of the form: see `minor_units`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 20, "required": False, **options})


def minor_units(written: str, currency: str) -> int:
    """
    Raises:
        ValidationError: no amount of the currency, negative, or absurdly high.
    """
    try:
        amount = Money.from_decimal(written.strip().replace(",", "."), currency)
    except ValueError:
        raise forms.ValidationError(f"Write an amount in {currency}, such as {_example(currency)}.") from None
    if not 0 <= amount.minor <= _MOST_MINOR_UNITS:
        raise forms.ValidationError("An amount is not negative and not that high.")
    return amount.minor


def mark_of(row: models.Model) -> str:
    said = {field.attname: str(getattr(row, field.attname)) for field in row._meta.concrete_fields}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def mark_of_rows(rows: Iterable[models.Model]) -> str:
    return hashlib.sha256("".join(mark_of(row) for row in rows).encode()).hexdigest()


class SavesRows:
    """For create and edit views: formsets beside the form, saved with it in one transaction.

    A view names them in `rows_of(data)`; its template shows what `rows` holds. Domain code may still refuse when they
    are saved: then nothing is, and the form says why.
    """

    request: HttpRequest
    template_name = "desk/shipping/form.html"

    def rows_of(self, data: Any, instance: Any) -> Mapping[str, Any]:
        raise NotImplementedError

    def save_rows(self, instance: Any, rows: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def is_valid(self, form: Any) -> bool:
        is_right = bool(super().is_valid(form))  # type: ignore[misc]
        self.rows = self.rows_of(self.request.POST, form.instance)
        return all([is_right, *(each.is_valid() for each in self.rows.values())])

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)  # type: ignore[misc]
        except forms.ValidationError as refusal:
            form.add_error(None, refusal)
        except IntegrityError:
            form.add_error(None, "Somebody has just saved something that this does not go together with.")
        return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        return super().form_invalid(form)  # type: ignore[misc]

    def save_instance(self) -> Any:
        instance = super().save_instance()  # type: ignore[misc]
        self.save_rows(instance, self.rows)
        return instance

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**context)  # type: ignore[misc]
        rows = getattr(self, "rows", None)
        found["rows"] = rows if rows is not None else self.rows_of(None, found["form"].instance)
        return found


def _example(currency: str) -> str:
    return Money(1250, currency).amount
