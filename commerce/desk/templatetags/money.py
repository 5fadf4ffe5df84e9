from __future__ import annotations

from django import template
from django.utils.translation import get_language

from commerce.kit.money import Money
from commerce.kit.writing import money_written

register = template.Library()


@register.filter
def money(amount: Money) -> str:
    """An amount as people in the reader's language write it, with the currency's ISO decimals."""
    return money_written(amount, language=get_language() or "en")


@register.filter
def money_document(document: dict[str, object]) -> str:
    """The same for an amount as frozen documents hold it."""
    return money(Money(int(str(document["minor"])), str(document["currency"])))
