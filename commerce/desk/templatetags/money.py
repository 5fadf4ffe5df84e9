from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency
from django import template
from django.utils.translation import get_language, to_locale

from commerce.kit.money import Money

register = template.Library()


@register.filter
def money(amount: Money) -> str:
    """An amount as people in the reader's language write it, with the currency's ISO decimals."""
    locale = to_locale(get_language() or "en")
    return format_currency(Decimal(amount.amount), amount.currency, locale=locale, currency_digits=False)


@register.filter
def money_document(document: dict[str, object]) -> str:
    """The same for an amount as frozen documents hold it."""
    return money(Money(int(str(document["minor"])), str(document["currency"])))
