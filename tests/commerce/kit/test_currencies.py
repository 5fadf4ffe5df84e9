"""The table against what ISO 4217 says, written down a second time, and against today's money in CLDR."""

from __future__ import annotations

from collections import Counter

import pytest
from babel.core import get_global

from commerce.kit import currencies
from commerce.kit.currencies import EXPONENTS, UnknownCurrency, exponent

# The euro replaced the lev on 2026-01-01; CLDR 48 still lists it as tender.
NO_LONGER_MONEY = {"BGN"}


def test_every_code_is_listed_once() -> None:
    listed = [*currencies._TWO_DECIMALS, *currencies._EXPONENTS_OTHER_THAN_TWO]
    assert [code for code, times in Counter(listed).items() if times > 1] == []
    assert len(listed) == len(EXPONENTS)


def test_every_code_is_three_capital_letters() -> None:
    assert [code for code in EXPONENTS if not (len(code) == 3 and code.isascii() and code.isupper())] == []


def test_the_money_of_every_territory_is_known() -> None:
    tender = {
        code
        for territory in get_global("territory_currencies").values()
        for code, _, end, is_tender in territory
        if is_tender and end is None
    }
    assert len(tender) > 140
    assert tender - NO_LONGER_MONEY - set(EXPONENTS) == set()


@pytest.mark.parametrize(
    ("decimals", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_the_exceptions_to_two_decimals_are_those_of_the_standard(decimals: int, codes: str) -> None:
    assert sorted(code for code, exponent in EXPONENTS.items() if exponent == decimals) == codes.split()


@pytest.mark.parametrize("code", ["EUR", "USD", "GBP", "HUF", "TWD", "MGA", "MRU", "RSD", "IDR", "LBP"])
def test_where_cldr_or_gateways_count_otherwise_the_standard_still_says_two(code: str) -> None:
    assert exponent(code) == 2


@pytest.mark.parametrize("code", ["eur", "XXX", "XTS", "DEM", "HRK", "BGN", ""])
def test_what_is_no_active_currency_has_no_exponent(code: str) -> None:
    with pytest.raises(UnknownCurrency):
        exponent(code)
