"""Money in Stripe's units and back. Stripe's minor units are not always ISO 4217's.

Source: docs.stripe.com/currencies. ISK and UGX are written with two decimals that must be zero, MGA with
none, and the last of three decimals must be zero.
"""

from __future__ import annotations

from commerce.kit.currencies import exponent
from commerce.kit.money import Money

_EXPONENTS_AT_STRIPE = {"ISK": 2, "UGX": 2, "MGA": 0}
_WHOLE_UNITS_ONLY = frozenset({"ISK", "UGX"})


class AmountNotChargeable(ValueError):
    """Stripe has no way to write this amount."""


class AmountNotUnderstood(ValueError):
    """Stripe sent an amount that the currency cannot have."""


def to_stripe(amount: Money) -> int:
    """The integer that Stripe's API takes for this amount.

    Raises:
        AmountNotChargeable: for example 1.255 KWD or 10.50 MGA.
    """
    units = _rescaled(amount.minor, exponent(amount.currency), _exponent_at_stripe(amount.currency))
    if units is None or units % step(amount.currency):
        raise AmountNotChargeable(f"{amount} is not an amount that Stripe can charge")
    return units


def from_stripe(units: int, currency: str) -> Money:
    """Money from Stripe's integer and its lower-case currency code.

    Raises:
        AmountNotUnderstood: it is not a whole number of the currency's minor units.
        UnknownCurrency: the code is not an ISO 4217 currency.
    """
    code = currency.upper()
    minor = _rescaled(units, _exponent_at_stripe(code), exponent(code)) if type(units) is int else None
    if minor is None:
        raise AmountNotUnderstood(f"{units!r} {code}")
    return Money(minor, code)


def _exponent_at_stripe(currency: str) -> int:
    return _EXPONENTS_AT_STRIPE.get(currency, exponent(currency))


def step(currency: str) -> int:
    """The smallest amount that Stripe can charge, in its own units: 1 EUR cent, 10 KWD fils, 100 for one ISK."""
    if currency in _WHOLE_UNITS_ONLY:
        return 100
    return 10 if _exponent_at_stripe(currency) == 3 else 1


def _rescaled(units: int, have: int, want: int) -> int | None:
    """None when decimals would be lost."""
    factor: int = 10 ** abs(want - have)
    if want >= have:
        return units * factor
    return None if units % factor else units // factor
