"""Saving what was changed in the grid: all of it or nothing, and no row that nobody touched.

Lock order: the product, so that nobody else changes which variants it has; options; price lists; stock levels;
variants. Whoever sells takes price lists or stock levels before a variant, too.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import Max

from cms.catalogue.archiving import CannotArchive, Removed, remove_variants
from cms.catalogue.models import Option, Variant
from commerce.cart.holding import held, open_carts_with
from commerce.desk.pricing.entering import Edits, RowEdit, RowRefused, RowsAreStale, enter, planned, seen
from commerce.desk.pricing.tiers import changed_tiers
from commerce.desk.variants.form import VariantForm
from commerce.desk.variants.rows import Row, Rows
from commerce.desk.variants.sheet import Sheet
from commerce.desk.variants.stock import change_stock
from commerce.inventory.bundling import set_parts
from commerce.inventory.models import StockLevel
from commerce.kit.errors import DomainError
from commerce.kit.locks import locked
from commerce.pricing.repricing import Row as PriceRow

_PLAIN = ("sku", "barcode", "weight_grams", "image", "is_active", "available_from", "available_until")


class NotSaved(Exception):
    """A row was refused; its problems say why. Nothing was saved."""


@dataclass(frozen=True, slots=True)
class Saved:
    changed: int
    removed: Removed
    carts: int
    """How many open carts hold what was removed."""


def save(rows: Rows, *, actor: str) -> Saved:
    """Called in a transaction that holds the product's lock since before the sheet was read.

    Raises `NotSaved`.
    """
    sheet = rows.sheet
    touched = [row for row in rows.touched if row.form is not None]
    gone = [row for row in rows.touched if row.is_removed]
    _refuse_renamed(rows, touched)
    variants = _inserted(sheet, touched)
    _enter_prices(rows, touched, variants, actor=actor)
    _change_goods(touched, variants, sheet, actor=actor)
    _update(touched, variants, sheet)
    keys = [row.key for row in gone if row.key]
    carts = open_carts_with(keys) if keys else 0
    return Saved(len(touched), _remove(gone, held(keys) if keys else set(), sheet), carts)


def _refuse_renamed(rows: Rows, touched: Sequence[Row]) -> None:
    """Locks the options, so that none is renamed while a variant takes its value."""
    named = {name for row in touched if row.form for name in row.form.options}
    if not named:
        return
    present = {option.name for option in locked(Option.objects.filter(name__in=named))}
    known = {option.name for option in rows.sheet.vocabulary}
    if gone := sorted((named & known) - present):
        rows.problems.append(f"Somebody has just renamed {', '.join(gone)}. Open the page again.")
        raise NotSaved()


def _inserted(sheet: Sheet, touched: Sequence[Row]) -> dict[int, Variant]:
    """The variant of each row, by the row's identity; new ones are made."""
    last = sheet.product.variants.aggregate(last=Max("position"))["last"]
    place = 0 if last is None else last + 1
    found: dict[int, Variant] = {}
    for row in touched:
        variant = row.variant
        if variant is None:
            variant = Variant(product=sheet.product, position=place)
            place += 1
            _write(variant, _form(row), sheet)
            variant.save(force_insert=True)
        found[id(row)] = variant
    return found


def _enter_prices(rows: Rows, touched: Sequence[Row], variants: dict[int, Variant], *, actor: str) -> None:
    sheet, price_list = rows.sheet, rows.sheet.price_list
    if price_list is None:
        return
    new = [variants[id(row)] for row in touched if row.key is None]
    standings = {**sheet.standings, **(seen(new, price_list=price_list, at=sheet.at) if new else {})}
    regular, edits = [], []
    for row in touched:
        form, variant = _form(row), variants[id(row)]
        standing = standings[variant.pk]
        tiers = changed_tiers(standing.own_tiers, form.cleaned_data["tiers"]) if "tiers" in form.fields else ()
        edit = RowEdit(variant.pk, variant.sku, standing.mark, form.sale_edit, form.new_cost, tiers)
        price = form.new_price
        if price is not None:
            regular.append(PriceRow(variant.sku, price.amount))
        if price is not None or edit.sale or edit.cost is not None or edit.tiers:
            edits.append(edit)
    if not edits:
        return
    plan = planned(regular, price_list=price_list, effective_at=None, at=sheet.at)
    by_key = {variants[id(row)].pk: row for row in touched}
    try:
        enter(Edits(plan, tuple(edits)), at=sheet.at, actor=actor)
    except RowRefused as refusal:
        by_key[uuid.UUID(str(refusal.facts["variant"]))].problems.append(refusal.detail)
        raise NotSaved() from refusal
    except RowsAreStale as refusal:
        rows.problems.append(f"{refusal.detail}: {', '.join(refusal.facts['skus'])}.")
        raise NotSaved() from refusal
    except DomainError as refusal:
        rows.problems.append(refusal.detail)
        raise NotSaved() from refusal


def _change_goods(touched: Sequence[Row], variants: dict[int, Variant], sheet: Sheet, *, actor: str) -> None:
    stocked = [row for row in touched if _form(row).changes]
    # All at once and in their one order; row by row would follow the page's order instead.
    locked(StockLevel.objects.filter(variant__in=[variants[id(row)] for row in stocked]))
    for row in stocked:
        form = _form(row)
        with _refused_at(row):
            change_stock(
                variants[id(row)], form.changes, reason=form.cleaned_data.get("reason", ""), actor=actor, at=sheet.at
            )
    for row in touched:
        form = _form(row)
        if form.changed("parts"):
            with _refused_at(row):
                set_parts(bundle=variants[id(row)], parts=form.cleaned_data["parts"], at=sheet.at)


def _update(touched: Sequence[Row], variants: dict[int, Variant], sheet: Sheet) -> None:
    """Only columns that say something else. Locked last, and read again: an option may have been renamed meanwhile."""
    kept = [row for row in touched if row.key]
    rows = Variant.objects.filter(pk__in=[row.key for row in kept]).select_for_update(no_key=True)
    present = {variant.pk: variant for variant in rows.order_by("pk")}
    for row in kept:
        variant = variants[id(row)]
        now = present.get(variant.pk)
        if now is None or now.options != variant.options or now.archived_at is not None:
            row.problems.append(f"Somebody has just changed {row.label}. Open the page again.")
            raise NotSaved()
        _write(now, _form(row), sheet)
        names = [name for name in (*_PLAIN, "options") if getattr(now, name) != getattr(variant, name)]
        if names:
            now.save(update_fields=names)


def _write(variant: Variant, form: VariantForm, sheet: Sheet) -> None:
    """What was typed; a moment that was not is kept to the second."""
    said = form.cleaned_data
    if variant._state.adding or any(form.changed(each.name) for each in sheet.options):
        variant.options = form.options
    for name in _PLAIN:
        if name in form.fields and (variant._state.adding or form.changed(name)):
            if name == "image":
                variant.image_id = said["image"]
            else:
                setattr(variant, name, said[name] if name != "weight_grams" else said[name] or 0)


def _remove(gone: Sequence[Row], keep: set[uuid.UUID], sheet: Sheet) -> Removed:
    variants = [row.variant for row in gone if row.variant]
    if not variants:
        return Removed((), ())
    try:
        return remove_variants(variants=variants, keep=keep, at=sheet.at)
    except CannotArchive as refusal:
        named = next((row for row in gone if str(refusal).startswith(f"{row.label} ")), gone[0])
        named.problems.append(str(refusal))
        raise NotSaved() from refusal


@contextmanager
def _refused_at(row: Row) -> Iterator[None]:
    try:
        yield
    except DomainError as refusal:
        row.problems.append(refusal.detail)
        raise NotSaved() from refusal


def _form(row: Row) -> VariantForm:
    assert row.form is not None, "only rows that were looked at are saved"
    return row.form
