from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from cms.catalogue.models import Product
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.tax.models import TaxRate


class NoTaxRate(DomainError):
    """Selling without knowing the tax would be guessing; staff must enter the rate first."""

    code = "no_tax_rate"
    title = "No tax rate is known for this country"
    kind = ErrorKind.REFUSED


def rates(*, country: str, tax_classes: Collection[str], at: datetime) -> dict[str, Decimal]:
    """Percentages by tax class that hold in the country at `at`. The zero class is always 0.

    Raises:
        NoTaxRate: a class has none.
    """
    holding = TaxRate.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=at),
        country=country,
        tax_class__in=tax_classes,
        valid_from__lte=at,
    ).order_by("valid_from")
    found = {rate.tax_class: rate.percent for rate in holding} | {Product.TaxClass.ZERO.value: Decimal(0)}
    missing = set(tax_classes) - set(found)
    if missing:
        raise NoTaxRate(f"{country}: no rate for {', '.join(sorted(missing))}", country=country)
    return found


def tax_on(amount: Money, *, percent: Decimal, included: bool) -> Money:
    """The tax within an amount that includes it, or on top of one that does not; half up to the minor unit.

    Rounded per line, as article 226 of Directive 2006/112/EC leaves open and invoices by line show it.
    """
    rate = Fraction(percent) / 100
    return amount.scaled(rate / (1 + rate) if included else rate)
