from __future__ import annotations

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency, get_currency_symbol
from django import template
from django.utils.translation import get_language, to_locale

from commerce.kit.currencies import exponent
from commerce.kit.money import Money

register = template.Library()


@register.filter
def money(amount: Money) -> str:
    """An amount as people in the reader's language write it, with the currency's ISO decimals."""
    locale = to_locale(get_language() or "en")
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    # Left alone, Babel takes the decimals of the pattern, or CLDR's, which are others than ISO's for some currencies.
    decimals = exponent(amount.currency)
    pattern = re.sub(r"\.0+", "." + "0" * decimals if decimals else "", pattern)
    if get_currency_symbol(amount.currency, locale=locale)[-1].isalpha():
        pattern = pattern.replace("¤#", "¤\xa0#")
    return format_currency(
        Decimal(amount.amount), amount.currency, format=pattern, locale=locale, currency_digits=False
    )


@register.filter
def money_document(document: dict[str, object]) -> str:
    """The same for an amount as frozen documents hold it."""
    return money(Money(int(str(document["minor"])), str(document["currency"])))
