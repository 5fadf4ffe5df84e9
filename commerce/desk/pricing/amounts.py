"""Amounts as people and spreadsheets write them. Pure."""

from __future__ import annotations

import re

from commerce.kit.money import Money

_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_NUMBER = re.compile(r"-?[0-9]{1,30}([.,][0-9]{1,30})*")
_SIGNS = {"€": "EUR", "£": "GBP"}


def plain(written: str) -> str:
    """ "1.234,50", "1,234.50" and "1234,5" as Decimal reads them; "" for what is no number.

    Where both signs occur the last one begins the decimals. A single one always does: "1.234" is refused later by
    a currency of two decimals rather than guessed to be a thousand.
    """
    text = _SPACES.sub("", written)
    if not _NUMBER.fullmatch(text):
        return ""
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return text
    whole, decimals = text[:last], text[last + 1 :]
    if text[last] in whole:
        # The same sign twice separates thousands: 1.234.567
        return "" if any(len(part) != 3 for part in re.split("[.,]", text)[1:]) else re.sub("[.,]", "", text)
    thousands = re.split("[.,]", whole)
    if any(len(part) != 3 for part in thousands[1:]):
        return ""
    return f"{''.join(thousands)}.{decimals}"


def with_currency(written: str) -> tuple[str, str]:
    """ "19.99 EUR", "€ 19.99" or "19.99" as number and currency code, which may be empty."""
    text = written.strip()
    for sign, code in _SIGNS.items():
        if text.startswith(sign) or text.endswith(sign):
            return plain(text.strip(sign)), code
    if found := re.fullmatch(r"([A-Za-z]{3})\s*([^A-Za-z]+)|([^A-Za-z]+?)\s*([A-Za-z]{3})", text):
        return plain(found[2] or found[3]), (found[1] or found[4]).upper()
    return plain(text), ""


def read_amount(written: str, currency: str) -> Money:
    """
    Raises:
        ValueError: no number, or more decimals than the currency has.
    """
    return Money.from_decimal(plain(written), currency)
