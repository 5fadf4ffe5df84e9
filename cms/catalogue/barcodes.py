"""Barcodes by which goods are known everywhere: GTINs of 8, 12, 13 or 14 digits (GS1 General Specifications)."""

from __future__ import annotations

from stdnum import ean
from stdnum.exceptions import ValidationError

_LENGTHS = (8, 12, 13, 14)


class NotABarcode(ValueError):
    """Says in its text what is wrong."""


def read_barcode(written: str) -> str:
    """The digits alone. Raises `NotABarcode`."""
    digits = ean.compact(written)
    if not digits.isascii() or not digits.isdigit() or len(digits) not in _LENGTHS:
        raise NotABarcode("A barcode has 8, 12, 13 or 14 digits.")
    try:
        return str(ean.validate(digits))
    except ValidationError:
        right = ean.calc_check_digit(digits[:-1])
        raise NotABarcode(f"The last digit is to check the others and would be {right}; one was mistyped.") from None


def spellings(barcode: str) -> set[str]:
    """The same number in all lengths: a UPC-A of 12 digits is an EAN-13 with a zero before it."""
    number = barcode.lstrip("0")
    return {number.zfill(length) for length in _LENGTHS if len(number) <= length}
