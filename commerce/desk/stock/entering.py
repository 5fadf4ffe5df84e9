"""Goods as people list them: a SKU and a quantity on each line."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Mapping

from django import forms
from django.db.models import Q
from django.db.models.functions import Upper

from cms.catalogue.models import Variant

MOST_LINES = 2000
MOST_UNITS = 1_000_000
_BETWEEN = re.compile(r"\t|;|,|\s+(?=\d+\s*$)")


class GoodsField(forms.CharField):
    """Lines of a SKU and a quantity, typed or pasted from a spreadsheet; the value is a dict by variant.

    Capitals of a SKU do not matter unless two SKUs differ by them alone. One that comes twice is added up. A first
    line whose second cell is no number and that names no SKU is a header.
    """

    def __init__(self, **options: object) -> None:
        attrs = {"rows": 10, "spellcheck": "false", "placeholder": "MUG-MOSS  12\nLAMP-1  3"}
        super().__init__(widget=forms.Textarea(attrs), max_length=200_000, **options)  # type: ignore[arg-type]

    def clean(self, value: object) -> dict[uuid.UUID, int]:
        rows = [(number, line) for number, line in enumerate(super().clean(value).splitlines(), 1) if line.strip()]
        if len(rows) > MOST_LINES:
            raise forms.ValidationError(f"At most {MOST_LINES} lines at once.")
        read = [(number, *_cells(line)) for number, line in rows]
        known = variants_by_sku({each for _, sku, _ in read for each in (sku, _before_last_word(sku))})
        if len(read) > 1 and _is_header(*read[0][1:], known):
            read = read[1:]
        return _units(read, known)


def _cells(line: str) -> tuple[str, str]:
    cells = [cell.strip().strip('"').strip() for cell in _BETWEEN.split(line.strip(), maxsplit=1)]
    return cells[0], cells[1] if len(cells) > 1 else ""


def _before_last_word(text: str) -> str:
    """The SKU of a line whose last word was meant as a quantity and is none."""
    return (text.rsplit(maxsplit=1) or [""])[0]


def _is_header(sku: str, quantity: str, known: Mapping[str, uuid.UUID]) -> bool:
    return not _is_number(quantity) and sku not in known and _before_last_word(sku) not in known


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def variants_by_sku(written: set[str]) -> dict[str, uuid.UUID]:
    """By what was written: the variant of that SKU, or the only one whose SKU differs by nothing but capitals."""
    capitals: dict[str, list[uuid.UUID]] = {}
    exact: dict[str, uuid.UUID] = {}
    rows = Variant.objects.annotate(in_capitals=Upper("sku")).filter(
        Q(sku__in=written) | Q(in_capitals__in={sku.upper() for sku in written})
    )
    for sku, key in rows.values_list("sku", "pk"):
        exact[sku] = key
        capitals.setdefault(sku.upper(), []).append(key)
    alike = {sku: capitals.get(sku.upper(), []) for sku in written - exact.keys()}
    return exact | {sku: keys[0] for sku, keys in alike.items() if len(keys) == 1}


def _units(read: list[tuple[int, str, str]], known: Mapping[str, uuid.UUID]) -> dict[uuid.UUID, int]:
    units: Counter[uuid.UUID] = Counter()
    wrong = []
    for number, sku, quantity in read:
        if sku not in known and (meant := _before_last_word(sku)) in known:
            wrong.append(
                f"Line {number}: the quantity cannot be read; write how many of {meant}, such as “{meant} 12”."
            )
        elif sku not in known:
            wrong.append(f"Line {number}: there is no SKU “{sku[:64]}”.")
        elif not _is_number(quantity) or not 0 < len(quantity) < 8 or not 1 <= int(quantity) <= MOST_UNITS:
            wrong.append(f"Line {number}: write how many of {sku}, such as “{sku} 12”.")
        else:
            units[known[sku]] += int(quantity)
    if wrong:
        raise forms.ValidationError(wrong)
    return dict(units)
