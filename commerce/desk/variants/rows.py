"""The rows as they came back from a browser: which were touched, what stands in their way, and how they are shown."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q

from cms.catalogue.barcodes import spellings
from cms.catalogue.matrix import MOST_VARIANTS, same_options
from cms.catalogue.models import Variant
from commerce.desk.pricing.standing import Standing
from commerce.desk.variants.columns import Column, choices_written
from commerce.desk.variants.form import VariantForm
from commerce.desk.variants.sheet import Picture, Sheet, Shown

_NEW = {"is_active": "on"}
"""What the empty row says before anybody types."""


@dataclass
class Row:
    """One row. `typed` are the cells that were sent; a cell that was not sent was not touched."""

    prefix: str
    sheet: Sheet
    key: uuid.UUID | None = None
    typed: dict[str, str] = field(default_factory=dict)
    seen: Shown = field(default_factory=dict)
    """What the row said when the page was opened."""
    is_removed: bool = False
    is_gone: bool = False
    form: VariantForm | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def variant(self) -> Variant | None:
        return self.sheet.by_key.get(self.key) if self.key else None

    @property
    def standing(self) -> Standing | None:
        return self.sheet.standings.get(self.key) if self.key else None

    @property
    def standing_values(self) -> Shown:
        return self.sheet.shown[self.key] if self.key in self.sheet.shown else dict(_NEW)

    @property
    def touched(self) -> set[str]:
        return {name for name, text in self.typed.items() if text != self.seen.get(name, "")}

    @property
    def is_touched(self) -> bool:
        return bool(self.touched) or self.is_removed

    @property
    def values(self) -> Shown:
        """What the cells say: what was typed, and where nothing was, what is so now."""
        return {**self.standing_values, **{name: self.typed[name] for name in self.touched}}

    @property
    def carried(self) -> str:
        """What the row was shown with, for the next time it is sent."""
        return json.dumps(self.standing_values, separators=(",", ":"), ensure_ascii=False)

    @property
    def overtaken(self) -> list[tuple[Column, str]]:
        """Where somebody else has changed what this row showed, and to what."""
        if self.key is None:
            return []
        names = {column.name: column for column in self.sheet.columns}
        changed = [name for name in self.standing_values if self.standing_values[name] != self.seen.get(name, "")]
        return [(names[name], self.standing_values[name]) for name in changed]

    @property
    def label(self) -> str:
        return self.variant.sku if self.variant else "New variant"

    @property
    def picture(self) -> Picture | None:
        chosen = self.values.get("image", "")
        return self.sheet.pictures.get(int(chosen)) if chosen.isdigit() else None

    @property
    def cells(self) -> Iterator[Cell]:
        values: Shown = self.values
        errors: Mapping[str, Any] = self.form.errors if self.form else {}
        for column in self.sheet.columns:
            yield Cell(column, self, values.get(column.name, ""), list(errors.get(column.name, ())))

    @property
    def errors(self) -> list[str]:
        of_form = list(self.form.non_field_errors()) if self.form else []
        return [*self.problems, *map(str, of_form)]

    @property
    def is_wrong(self) -> bool:
        return bool(self.problems or (self.form and self.form.errors))


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    row: Row
    value: str
    errors: Sequence[str] = ()

    @property
    def name(self) -> str:
        return f"{self.row.prefix}-{self.column.name}"

    @property
    def before(self) -> str:
        return self.row.standing_values.get(self.column.name, "")

    @property
    def choices(self) -> str:
        return choices_written(self.column.choices, self.value)

    @property
    def is_fixed(self) -> bool:
        return self.row.sheet.is_fixed(self.column.name)

    @property
    def placeholder(self) -> str:
        standing = self.row.standing
        if self.column.name != "price" or standing is None or not standing.is_derived or standing.regular is None:
            return ""
        return standing.regular.amount

    @property
    def fact(self) -> Any:
        """What a market asks."""
        key = int(self.column.name.rpartition("_")[2])
        return self.row.sheet.prices_elsewhere.get((self.row.key, key)) if self.row.key else None

    @property
    def lying(self) -> tuple[int, int] | None:
        """On hand and reserved."""
        if not self.column.name.startswith("change_") or self.row.key is None:
            return None
        return self.row.sheet.lying.get((self.row.key, int(self.column.name.rpartition("_")[2])), (0, 0))


@dataclass
class Rows:
    sheet: Sheet
    rows: list[Row]
    problems: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, sheet: Sheet) -> Rows:
        rows = [Row(f"form-{place}", sheet, each.pk) for place, each in enumerate(sheet.variants)]
        return cls(sheet, [*rows, Row(f"form-{len(rows)}", sheet)])

    @classmethod
    def sent(cls, sheet: Sheet, data: Mapping[str, Any]) -> Rows:
        """In the order of the page, with those that were not sent because nobody touched them."""
        sent = list(_sent(sheet, data))
        by_key = {row.key: row for row in sent if row.key}
        known = [by_key.get(each.pk) or Row("", sheet, each.pk) for each in sheet.variants]
        rows = [*known, *(row for row in sent if row.key not in sheet.by_key)]
        if all(row.key for row in rows):
            rows.append(Row("", sheet))
        for place, row in enumerate(rows):
            row.prefix = f"form-{place}"
        found = cls(sheet, rows)
        found._check()
        return found

    @property
    def touched(self) -> list[Row]:
        return [row for row in self.rows if row.is_touched]

    @property
    def strange_keys(self) -> list[uuid.UUID]:
        return [row.key for row in self.rows if row.key and row.key not in self.sheet.by_key]

    @property
    def is_right(self) -> bool:
        return not self.problems and not any(row.is_wrong for row in self.rows)

    @cached_property
    def wrong_groups(self) -> list[str]:
        """The groups of columns in which something is to be mended."""
        wrong = {name for row in self.rows if row.form for name in row.form.errors}
        return list(dict.fromkeys(column.group for column in self.sheet.columns if column.name in wrong))

    def _check(self) -> None:
        for row in self.touched:
            if row.is_gone:
                row.problems.append("This variant is gone. Copy what you typed, and open the page again.")
            elif changed := row.overtaken:
                said = "; ".join(f"{column.label} is “{text or 'empty'}” now" for column, text in changed)
                row.problems.append(
                    f"Somebody has changed {row.label} since you opened the page: {said}. "
                    "What you typed is kept; look at it and save again."
                )
            elif not row.is_removed:
                row.form = VariantForm(row.values, sheet=self.sheet, key=row.key)
        forms = [row.form for row in self.touched if row.form]
        for form in forms:
            form.is_valid()
        if len(self.rows) - 1 > MOST_VARIANTS:
            self.problems.append(f"A product has at most {MOST_VARIANTS} variants.")
        self._refuse_taken(forms)
        self._refuse_same_options(forms)

    def _refuse_taken(self, forms: Sequence[VariantForm]) -> None:
        skus = [form.cleaned_data["sku"] for form in forms if form.cleaned_data.get("sku") and form.changed("sku")]
        codes = [form.cleaned_data["barcode"] for form in forms if form.cleaned_data.get("barcode")]
        alike = {spelling for code in codes for spelling in spellings(code)}
        taken = list(
            Variant.objects.filter(Q(sku__in=skus) | Q(barcode__in=alike)).values_list(
                "pk", "sku", "barcode", "archived_at"
            )
            if skus or codes
            else []
        )
        for form in forms:
            sku, code = form.cleaned_data.get("sku"), form.cleaned_data.get("barcode")
            for key, other_sku, other_code, archived_at in taken:
                whose = "An archived" if archived_at else "Another"
                if key != form.key and sku == other_sku:
                    form.add_error("sku", f"{whose} variant has this SKU.")
                if code and key != form.key and other_code in spellings(code):
                    form.add_error("barcode", f"{other_sku} has this barcode.")
        if any(count > 1 for count in Counter(skus).values()):
            self.problems.append("Two rows have the same SKU.")
        if any(count > 1 for count in Counter(code.lstrip("0") for code in codes).values()):
            self.problems.append("Two rows have the same barcode.")

    def _refuse_same_options(self, forms: Sequence[VariantForm]) -> None:
        """Shoppers could not tell them apart. Rows whose options were let alone are not judged."""
        of_forms = {id(form): form.options for form in forms}
        kept = [
            (each.sku, each.options)
            for each in self.sheet.variants
            if not any(row.is_touched and row.key == each.pk for row in self.rows)
        ]
        for form in forms:
            if form.key and not any(form.changed(each.name) for each in self.sheet.options):
                continue
            others = [(other.cleaned_data.get("sku", ""), of_forms[id(other)]) for other in forms if other is not form]
            twin = next((sku for sku, options in [*kept, *others] if same_options(options, form.options)), None)
            if twin is not None:
                form.add_error(
                    None, f"{twin} has the same options. Choose others, for shoppers could not tell them apart."
                )


def _sent(sheet: Sheet, data: Mapping[str, Any]) -> Iterator[Row]:
    for place in _places(data):
        prefix = f"form-{place}-"
        typed = {
            name: _written(data[f"{prefix}{name}"])
            for name in sheet.names
            if f"{prefix}{name}" in data and not sheet.is_fixed(name)
        }
        key, has_key = _key(data.get(f"{prefix}id", ""))
        row = Row(f"form-{place}", sheet, key, typed, _shown(data.get(f"{prefix}shown", "")) if key else dict(_NEW))
        row.is_removed = bool(key and data.get(f"{prefix}remove"))
        row.is_gone = has_key and key not in sheet.by_key
        # The empty row counts once something was typed into it; a tick alone says nothing.
        if key or row.touched - {"is_active"}:
            yield row


def _places(data: Mapping[str, Any]) -> Iterable[int]:
    written = str(data.get("form-TOTAL_FORMS", ""))
    total = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 0
    return range(min(total, MOST_VARIANTS + 1))


def _written(text: Any) -> str:
    return str(text).replace("\r\n", "\n").replace("\x00", "").strip()


def _key(written: str) -> tuple[uuid.UUID | None, bool]:
    try:
        return uuid.UUID(written), True
    except ValueError:
        return None, bool(written)


def _shown(written: str) -> Shown:
    try:
        found = json.loads(written)
    except ValueError:
        return {}
    return {str(name): str(text) for name, text in found.items()} if isinstance(found, dict) else {}
