from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.kit.money import Money
from commerce.tax.computing import NoTaxRate, rates, tax_on
from commerce.tax.models import TaxRate
from tests.factories import LONG_AGO, Shop

percents = st.decimals(min_value=0, max_value=100, places=2)
minors = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("minor", "currency", "percent", "tax"),
    [
        (11900, "EUR", "19", 1900),
        (1999, "EUR", "19", 319),
        (1, "EUR", "19", 0),
        (3, "EUR", "20", 1),
        (550, "JPY", "10", 50),
        (1050, "KWD", "5", 50),
        (1000, "EUR", "0", 0),
        (1000, "EUR", "100", 500),
        (2110, "EUR", "5.5", 110),
    ],
)
def test_tax_within_an_amount_that_includes_it(minor: int, currency: str, percent: str, tax: int) -> None:
    found = tax_on(Money(minor, currency), percent=Decimal(percent), included=True)
    assert found == Money(tax, currency)


@pytest.mark.parametrize(
    ("minor", "percent", "tax"),
    [(10000, "19", 1900), (50, "19", 10), (50, "5", 3), (10, "5", 1), (9, "5", 0), (1050, "8.875", 93), (77, "0", 0)],
)
def test_tax_on_top_of_an_amount_is_rounded_half_up(minor: int, percent: str, tax: int) -> None:
    assert tax_on(Money(minor, "EUR"), percent=Decimal(percent), included=False) == Money(tax, "EUR")


@given(minor=minors, percent=percents)
def test_included_tax_is_within_half_a_unit_of_the_exact_share(minor: int, percent: Decimal) -> None:
    tax = tax_on(Money(minor, "EUR"), percent=percent, included=True)
    exact = minor - minor / (1 + Fraction(percent) / 100)
    assert abs(tax.minor - exact) <= Fraction(1, 2)
    assert 0 <= tax.minor <= minor


@given(net=minors, percent=percents)
def test_net_and_gross_agree_on_the_tax(net: int, percent: Decimal) -> None:
    on_top = tax_on(Money(net, "EUR"), percent=percent, included=False)
    within = tax_on(Money(net, "EUR") + on_top, percent=percent, included=True)
    assert abs(on_top.minor - within.minor) <= 1


@pytest.mark.django_db
def test_the_rates_of_the_country_and_the_classes_asked_for(shop: Shop, at: datetime) -> None:
    found = rates(country="DE", tax_classes={"standard", "reduced"}, at=at)
    assert (found["standard"], found["reduced"]) == (Decimal(19), Decimal(7))
    assert rates(country="FR", tax_classes={"standard"}, at=at)["standard"] == Decimal(20)


@pytest.mark.django_db
def test_a_rate_holds_from_its_first_moment_until_just_before_its_end(at: datetime) -> None:
    for percent, start, end in ((19, LONG_AGO, at), (16, at, at + timedelta(days=30)), (18, at + timedelta(30), None)):
        TaxRate.objects.create(
            country="DE", tax_class="standard", percent=percent, valid_from=start, valid_until=end
        )  # fmt: skip
    moments = (at - timedelta(microseconds=1), at, at + timedelta(days=30))
    found = [rates(country="DE", tax_classes={"standard"}, at=moment)["standard"] for moment in moments]
    assert found == [19, 16, 18]


@pytest.mark.django_db
def test_of_two_rates_that_overlap_the_later_one_holds(at: datetime) -> None:
    TaxRate.objects.create(country="DE", tax_class="standard", percent=19, valid_from=at)
    TaxRate.objects.create(country="DE", tax_class="standard", percent=16, valid_from=LONG_AGO)
    assert rates(country="DE", tax_classes={"standard"}, at=at)["standard"] == 19


@pytest.mark.django_db
def test_a_missing_rate_is_not_guessed(shop: Shop, at: datetime) -> None:
    with pytest.raises(NoTaxRate) as refusal:
        rates(country="CH", tax_classes={"standard", "reduced"}, at=at)
    assert refusal.value.facts == {"country": "CH"}
    assert "reduced, standard" in refusal.value.detail


@pytest.mark.django_db
def test_one_missing_class_among_others_is_refused_too(shop: Shop, at: datetime) -> None:
    TaxRate.objects.filter(tax_class="reduced").delete()
    with pytest.raises(NoTaxRate, match="reduced"):
        rates(country="DE", tax_classes={"standard", "reduced"}, at=at)


@pytest.mark.django_db
def test_a_rate_that_has_not_begun_is_missing(at: datetime) -> None:
    TaxRate.objects.create(country="DE", tax_class="standard", percent=19, valid_from=at + timedelta(days=1))
    with pytest.raises(NoTaxRate):
        rates(country="DE", tax_classes={"standard"}, at=at)


@pytest.mark.django_db
def test_the_zero_class_needs_no_rate(at: datetime) -> None:
    assert rates(country="CH", tax_classes={"zero"}, at=at) == {"zero": Decimal(0)}


@pytest.mark.django_db
def test_the_zero_class_stays_zero_whatever_was_entered(at: datetime) -> None:
    TaxRate.objects.create(country="DE", tax_class="zero", percent=5, valid_from=LONG_AGO)
    assert rates(country="DE", tax_classes={"zero"}, at=at)["zero"] == 0
