"""Money in Stripe's units. The table is from docs.stripe.com/currencies."""

from __future__ import annotations

import pytest

from commerce.kit.currencies import EXPONENTS
from commerce.kit.money import Money
from commerce.payments.stripe.amounts import AmountNotChargeable, AmountNotUnderstood, from_stripe, to_stripe

CONVERSIONS = [
    ("19.99", "EUR", 1999),
    ("10", "USD", 1000),
    ("500", "JPY", 500),
    ("500", "KRW", 500),
    ("5", "ISK", 500),
    ("5", "UGX", 500),
    ("10.45", "HUF", 1045),
    ("800.45", "TWD", 80045),
    ("5.120", "KWD", 5120),
    ("5.120", "BHD", 5120),
    ("10", "MGA", 10),
]
ZERO_DECIMAL = ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]


@pytest.mark.parametrize(("amount", "currency", "units"), CONVERSIONS)
def test_amounts_go_to_stripe_and_come_back_the_same(amount: str, currency: str, units: int) -> None:
    money = Money.from_decimal(amount, currency)
    assert to_stripe(money) == units
    assert from_stripe(units, currency.lower()) == money


@pytest.mark.parametrize("currency", ZERO_DECIMAL)
def test_zero_decimal_currencies_are_written_as_they_are(currency: str) -> None:
    assert to_stripe(Money.from_decimal("7", currency)) == 7


@pytest.mark.parametrize(("amount", "currency"), [("5.124", "KWD"), ("1.255", "JOD"), ("10.50", "MGA")])
def test_an_amount_that_stripe_cannot_write_is_not_rounded(amount: str, currency: str) -> None:
    with pytest.raises(AmountNotChargeable):
        to_stripe(Money.from_decimal(amount, currency))


@pytest.mark.parametrize(
    ("units", "currency"), [(550, "isk"), (1, "ugx"), ("1999", "eur"), (True, "eur"), (None, "eur")]
)
def test_an_amount_that_the_currency_cannot_have_is_not_believed(units: object, currency: str) -> None:
    with pytest.raises(AmountNotUnderstood):
        from_stripe(units, currency)  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", sorted(EXPONENTS))
def test_a_thousand_whole_units_survive_the_journey_in_every_currency(currency: str) -> None:
    money = Money.from_decimal("1000", currency)
    assert from_stripe(to_stripe(money), currency.lower()) == money
