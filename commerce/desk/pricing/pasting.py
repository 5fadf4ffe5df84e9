"""Lines of a spreadsheet as rows of a price plan. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commerce.desk.pricing.amounts import with_currency
from commerce.pricing.repricing import Row

_SKU = {"sku", "article", "article number", "item", "artikel", "artikelnummer", "référence", "reference"}
_PRICE = {"price", "regular", "regular price", "new price", "amount", "preis", "prix"}
_CURRENCY = {"currency", "währung", "devise"}


@dataclass(frozen=True, slots=True)
class Pasted:
    """A row with the line it was written on, from 1, and the amount as it was written."""

    line: int
    row: Row
    written: str


def read_lines(text: str) -> list[Pasted]:
    """SKU, price and perhaps currency on each line, separated by tabs or semicolons; blank lines do not count.

    A first line whose cells name both a SKU and a price column is a header, and says in which order they come.
    """
    lines = [(number, _cells(line)) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    places = _header(lines[0][1]) if lines else None
    return list(_rows(lines[1:] if places else lines, places or (0, 1, 2)))


def _rows(lines: list[tuple[int, list[str]]], places: tuple[int, int, int]) -> Iterator[Pasted]:
    for number, cells in lines:
        sku, written, currency = (cells[place] if place < len(cells) else "" for place in places)
        amount, found = with_currency(written)
        yield Pasted(number, Row(sku, amount, currency or found), written)


def _cells(line: str) -> list[str]:
    separator = "\t" if "\t" in line else ";"
    return [_unquoted(cell.strip()) for cell in line.split(separator)]


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _header(cells: list[str]) -> tuple[int, int, int] | None:
    names = [cell.casefold().partition("(")[0].strip() for cell in cells]
    sku, price, currency = (
        next((place for place, name in enumerate(names) if name in known), None) for known in (_SKU, _PRICE, _CURRENCY)
    )
    if sku is None or price is None:
        return None
    return sku, price, len(cells) if currency is None else currency
