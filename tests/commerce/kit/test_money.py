from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.kit.currencies import EXPONENTS, UnknownCurrency
from commerce.kit.money import CurrencyMismatch, Money

minors = st.integers(min_value=-(10**12), max_value=10**12)
weightings = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=30).filter(any)


@given(minor=minors, weights=weightings)
def test_the_parts_of_an_amount_add_up_to_it(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "EUR").allocate(weights)
    assert len(parts) == len(weights)
    assert Money.total(parts, currency="EUR") == Money(minor, "EUR")


@given(minor=minors, weights=weightings)
def test_no_part_is_a_whole_minor_unit_away_from_its_exact_share(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "EUR").allocate(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor - Fraction(minor * weight, sum(weights))) < 1


@given(minor=minors, weights=weightings)
def test_giving_back_is_split_as_taking_was(minor: int, weights: list[int]) -> None:
    assert [-part for part in Money(minor, "EUR").allocate(weights)] == Money(-minor, "EUR").allocate(weights)


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [1, 1], [3, 2]),
        (1, [1, 1], [1, 0]),
        (2, [1, 1, 1], [1, 1, 0]),
        (10, [1, 2, 1], [3, 5, 2]),
        (100, [0, 1, 0], [0, 100, 0]),
        (0, [3, 4], [0, 0]),
        (10, [1, 8], [1, 9]),
    ],
)
def test_the_largest_remainder_gets_the_odd_unit_and_the_earlier_part_on_a_tie(
    minor: int, weights: list[int], parts: list[int]
) -> None:
    assert [part.minor for part in Money(minor, "EUR").allocate(weights)] == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1], [-1]])
def test_weights_that_mean_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100, "EUR").allocate(weights)


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        ("19.99", "EUR", 1999),
        ("19.9", "EUR", 1990),
        ("19", "EUR", 1900),
        ("19.990", "EUR", 1999),
        ("-0.01", "EUR", -1),
        ("500", "JPY", 500),
        ("1.25", "KWD", 1250),
        ("0.001", "KWD", 1),
        ("0.0001", "CLF", 1),
    ],
)
def test_a_written_amount_becomes_minor_units(written: str, currency: str, minor: int) -> None:
    assert Money.from_decimal(written, currency).minor == minor
    assert Money.from_decimal(Decimal(written), currency).minor == minor


@pytest.mark.parametrize(
    ("written", "currency"), [("19.999", "EUR"), ("0.5", "JPY"), ("1.2345", "KWD"), ("1e-3", "EUR")]
)
def test_more_decimals_than_the_currency_has_are_refused(written: str, currency: str) -> None:
    with pytest.raises(ValueError, match="decimals"):
        Money.from_decimal(written, currency)


@pytest.mark.parametrize("written", ["NaN", "sNaN", "Infinity", "-Infinity", "", "ten", "1,99"])
def test_what_is_no_finite_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Money.from_decimal(written, "EUR")


def test_an_amount_with_more_digits_than_decimal_keeps_is_not_rounded_silently() -> None:
    huge = "12345678901234567890123456789.01"
    try:
        minor = Money.from_decimal(huge, "EUR").minor
    except ValueError:
        return
    assert minor == 1234567890123456789012345678901


@pytest.mark.parametrize("amount", [19.99, 19.5, 20.0])
def test_a_float_is_no_written_amount(amount: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        Money.from_decimal(amount, "EUR")


@pytest.mark.parametrize("minor", [19.0, "19", Decimal(19), True, None, Fraction(19)])
def test_minor_units_are_whole_numbers_and_nothing_else(minor: Any) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        Money(minor, "EUR")


def test_multiplying_by_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        Money(1000, "EUR") * 1.5  # type: ignore[operator]


@pytest.mark.parametrize("currency", ["XXX", "eur", "", "EURO", "DEM"])
def test_there_is_no_money_without_a_known_currency(currency: str) -> None:
    with pytest.raises(UnknownCurrency):
        Money(1, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [
        (1999, "EUR", "19.99"),
        (0, "EUR", "0.00"),
        (5, "EUR", "0.05"),
        (-5, "EUR", "-0.05"),
        (500, "JPY", "500"),
        (0, "JPY", "0"),
        (1250, "KWD", "1.250"),
        (10**15, "EUR", "10000000000000.00"),
        (1, "CLF", "0.0001"),
    ],
)
def test_an_amount_is_written_with_the_decimals_of_its_currency(minor: int, currency: str, amount: str) -> None:
    money = Money(minor, currency)
    assert money.amount == amount
    assert str(money) == f"{amount} {currency}"
    assert money.document() == {"amount": amount, "minor": minor, "currency": currency}


@given(minor=minors, currency=st.sampled_from(sorted(EXPONENTS)))
def test_writing_and_reading_give_the_same_money(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.from_decimal(money.amount, currency) == money
    assert Money.from_document(money.document()) == money


def test_two_currencies_are_never_mixed() -> None:
    euro, yen = Money(100, "EUR"), Money(100, "JPY")
    for mix in (
        lambda: euro + yen,
        lambda: euro - yen,
        lambda: euro < yen,
        lambda: euro <= yen,
        lambda: euro > yen,
        lambda: Money.total([euro, yen], currency="EUR"),
        lambda: Money.total([yen], currency="EUR"),
    ):
        with pytest.raises(CurrencyMismatch):
            mix()
    assert euro != yen


def test_the_sum_of_nothing_is_zero_in_the_currency_asked_for() -> None:
    assert Money.total([], currency="KWD") == Money(0, "KWD")
    assert not Money.zero("KWD")
    assert Money(-1, "KWD")


@pytest.mark.parametrize(
    ("minor", "factor", "scaled"),
    [
        (5, Fraction(1, 2), 3),
        (-5, Fraction(1, 2), -3),
        (1, Fraction(1, 2), 1),
        (-1, Fraction(1, 2), -1),
        (4, Fraction(1, 3), 1),
        (5, Fraction(1, 3), 2),
        (-4, Fraction(1, 3), -1),
        (1999, Fraction(19, 119), 319),
        (1050, Fraction(19, 100), 200),
        (100, Fraction(-1, 200), -1),
        (7, Fraction(0), 0),
    ],
)
def test_scaling_rounds_halves_away_from_zero(minor: int, factor: Fraction, scaled: int) -> None:
    assert Money(minor, "EUR").scaled(factor) == Money(scaled, "EUR")


@given(minor=minors, factor=st.fractions(min_value=-3, max_value=3))
def test_scaling_is_never_further_than_half_a_unit_from_the_truth(minor: int, factor: Fraction) -> None:
    assert abs(Money(minor, "EUR").scaled(factor).minor - minor * factor) <= Fraction(1, 2)


def test_money_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Money(1, "EUR").minor = 2  # type: ignore[misc]
