from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.kit.errors import DomainError
from commerce.kit.money import Money
from commerce.orders.refund_shares import MoreThanIsLeft, ReturnQuantityRefused, refund_shares

# What was paid for how many units, how many come back at a time, and what each time gives back.
CASES = [
    pytest.param("10.00", "EUR", 1, [1], ["10.00"], id="the only unit"),
    pytest.param("10.00", "EUR", 2, [1, 1], ["5.00", "5.00"], id="two halves"),
    pytest.param("10.00", "EUR", 3, [1, 1, 1], ["3.33", "3.34", "3.33"], id="ten euros for three, one by one"),
    pytest.param("10.00", "EUR", 3, [2, 1], ["6.67", "3.33"], id="ten euros for three, two and then one"),
    pytest.param("10.00", "EUR", 3, [1, 2], ["3.33", "6.67"], id="ten euros for three, one and then two"),
    pytest.param("10.00", "EUR", 3, [3], ["10.00"], id="ten euros for three, all at once"),
    pytest.param("0.01", "EUR", 3, [1, 1, 1], ["0.00", "0.01", "0.00"], id="one cent for three"),
    pytest.param("0.02", "EUR", 3, [1, 1, 1], ["0.01", "0.00", "0.01"], id="two cents for three"),
    pytest.param("0.01", "EUR", 2, [1, 1], ["0.01", "0.00"], id="half a cent is rounded up, and taken off the next"),
    pytest.param("0.00", "EUR", 5, [2, 3], ["0.00", "0.00"], id="a gift gives nothing back"),
    pytest.param("19.99", "EUR", 7, [3, 0, 4], ["8.57", "0.00", "11.42"], id="no unit gives nothing back"),
    pytest.param("1000", "JPY", 3, [1, 1, 1], ["333", "334", "333"], id="yen"),
    pytest.param("1", "JPY", 2, [1, 1], ["1", "0"], id="one yen for two"),
    pytest.param("1.000", "KWD", 3, [1, 1, 1], ["0.333", "0.334", "0.333"], id="dinars"),
    pytest.param("0.005", "KWD", 2, [1, 1], ["0.003", "0.002"], id="five fils for two"),
]


@pytest.mark.parametrize(("total", "currency", "quantity", "portions", "shares"), CASES)
def test_returning_gives_back(total: str, currency: str, quantity: int, portions: list[int], shares: list[str]) -> None:
    paid = {"line": (Money.from_decimal(total, currency), quantity)}
    before, given_back = 0, []
    for units in portions:
        shared = refund_shares(paid=paid, returned={"line": units}, already={"line": before})
        given_back.append(shared["line"].amount)
        before += units
    assert given_back == shares


@st.composite
def purchases_returned_bit_by_bit(draw: st.DrawFn) -> tuple[dict[int, tuple[Money, int]], list[dict[int, int]]]:
    """Lines, and portions that together are all of their units."""
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    money = st.integers(min_value=0, max_value=10**9).map(lambda minor: Money(minor, currency))
    lines = draw(st.lists(st.tuples(money, st.integers(min_value=1, max_value=40)), min_size=1, max_size=5))
    paid = dict(enumerate(lines))
    left = {key: quantity for key, (_, quantity) in paid.items()}
    portions = []
    for _ in range(draw(st.integers(min_value=0, max_value=6))):
        portion = {key: draw(st.integers(min_value=0, max_value=units)) for key, units in left.items()}
        portions.append(portion)
        left = {key: units - portion[key] for key, units in left.items()}
    return paid, [*portions, left]


@given(purchase=purchases_returned_bit_by_bit())
def test_whatever_the_portions_they_give_back_what_was_paid_by_line_and_in_total(purchase: Any) -> None:
    paid, portions = purchase
    [currency] = {total.currency for total, _ in paid.values()}
    back = {key: Money.zero(currency) for key in paid}
    already = dict.fromkeys(paid, 0)
    for portion in portions:
        shares = refund_shares(paid=paid, returned=portion, already=already)
        for key, share in shares.items():
            assert Money.zero(currency) <= share
            back[key] += share
            already[key] += portion[key]
            assert back[key] <= paid[key][0]
    assert back == {key: total for key, (total, _) in paid.items()}
    totals = [total for total, _ in paid.values()]
    assert Money.total(back.values(), currency=currency) == Money.total(totals, currency=currency)


@given(purchase=purchases_returned_bit_by_bit())
def test_what_is_given_back_depends_on_how_many_came_back_and_not_on_the_portions(purchase: Any) -> None:
    paid, portions = purchase
    [currency] = {total.currency for total, _ in paid.values()}
    already = dict.fromkeys(paid, 0)
    back = {key: Money.zero(currency) for key in paid}
    for portion in portions:
        for key, share in refund_shares(paid=paid, returned=portion, already=already).items():
            back[key] += share
            already[key] += portion[key]
        assert refund_shares(paid=paid, returned=already, already={}) == back


@given(
    minor=st.integers(min_value=0, max_value=10**9),
    quantity=st.integers(min_value=1, max_value=99),
    data=st.data(),
)
def test_no_unit_is_a_whole_minor_unit_away_from_its_exact_worth(minor: int, quantity: int, data: Any) -> None:
    before = data.draw(st.integers(min_value=0, max_value=quantity - 1))
    [share] = refund_shares(
        paid={"line": (Money(minor, "EUR"), quantity)}, returned={"line": 1}, already={"line": before}
    ).values()
    assert abs(share.minor * quantity - minor) < quantity


REFUSED = [
    pytest.param({"a": 4}, {}, MoreThanIsLeft, id="four of three"),
    pytest.param({"a": 2}, {"a": 2}, MoreThanIsLeft, id="two of the one that is left"),
    pytest.param({"a": 1}, {"a": 3}, MoreThanIsLeft, id="one after all came back"),
    pytest.param({"b": 1}, {}, MoreThanIsLeft, id="a line that was never bought"),
    pytest.param({"b": 0}, {}, MoreThanIsLeft, id="none of a line that was never bought"),
    pytest.param({"a": -1}, {"a": 2}, ReturnQuantityRefused, id="fewer than none"),
    pytest.param({"a": 1}, {"a": -1}, ReturnQuantityRefused, id="fewer than none came back before"),
]


@pytest.mark.parametrize(("returned", "already", "error"), REFUSED)
def test_a_return_is_refused(returned: dict[str, int], already: dict[str, int], error: type[DomainError]) -> None:
    with pytest.raises(error):
        refund_shares(paid={"a": (Money(1000, "EUR"), 3)}, returned=returned, already=already)


def test_a_refusal_says_how_many_are_left_of_each_line() -> None:
    paid = {"a": (Money(1000, "EUR"), 3), "b": (Money(500, "EUR"), 1)}
    with pytest.raises(MoreThanIsLeft) as refusal:
        refund_shares(paid=paid, returned={"a": 2, "b": 1}, already={"a": 2})
    assert refusal.value.facts == {"lines": [{"line": "a", "requested": 2, "left": 1}]}
