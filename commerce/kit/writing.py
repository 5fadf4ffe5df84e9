"""Amounts and dates as people write them, in the language that is passed in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from commerce.kit.currencies import exponent
from commerce.kit.money import Money


def money_written(amount: Money, *, language: str) -> str:
    """With the currency's ISO decimals. Left alone, Babel takes the decimals of the pattern, or CLDR's, which are
    others than ISO's for some currencies."""
    locale = _locale(language)
    pattern = locale.currency_formats["standard"].pattern
    decimals = exponent(amount.currency)
    pattern = re.sub(r"\.0+", "." + "0" * decimals if decimals else "", pattern)
    if get_currency_symbol(amount.currency, locale=locale)[-1].isalpha():
        pattern = pattern.replace("¤#", "¤\xa0#")
    return format_currency(
        Decimal(amount.amount), amount.currency, format=pattern, locale=locale, currency_digits=False
    )


def number_written(number: Decimal, *, language: str, decimals: int = 0) -> str:
    """With as many decimals as it has, and at least so many."""
    pattern = f"#,##0.{'0' * decimals}"
    return format_decimal(number, format=pattern, locale=_locale(language), decimal_quantization=False)


def date_written(day: date, *, language: str) -> str:
    return format_date(day, format="long", locale=_locale(language))


def instant_written(instant: datetime, *, language: str) -> str:
    """Day and time in UTC, and says so: whoever reads it may be in any zone."""
    time = format_time(instant, format="short", tzinfo=UTC, locale=_locale(language))
    return f"{date_written(instant.astimezone(UTC).date(), language=language)}, {time} UTC"


def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")
