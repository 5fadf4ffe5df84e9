"""What a price leaves once the tax in it and the cost are taken off."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from commerce.kit.money import Money, round_half_up


def margin_percent(price: Money, cost: Money, *, tax_percent: Decimal, decimals: int = 2) -> Decimal | None:
    """The share of the price, without tax, that is left after the cost; None for a price of nothing."""
    net = _without_tax(price, tax_percent)
    if not net:
        return None
    return Decimal(round_half_up((net - cost.minor) / net * 100 * 10**decimals)).scaleb(-decimals)


def is_below_cost(price: Money, cost: Money, *, tax_percent: Decimal) -> bool:
    return _without_tax(price, tax_percent) < cost.minor


def _without_tax(price: Money, percent: Decimal) -> Fraction:
    """Minor units, exact."""
    return Fraction(price.minor) / (1 + Fraction(percent) / 100)
