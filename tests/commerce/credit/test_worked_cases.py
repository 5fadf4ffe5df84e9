"""Worked cases: cards, what happens to them, what is left. `stories.py` says how to read them."""

from __future__ import annotations

from datetime import datetime

import pytest

from commerce.credit.adjusting import CreditIsHeld
from commerce.credit.auditing import problems
from commerce.credit.booking import CreditAmountRefused
from commerce.credit.models import CreditEntry
from commerce.credit.redeeming import CreditChanged, CreditHeldOtherwise, MoreThanWasRedeemed, NothingHeld
from commerce.kit.errors import DomainError
from tests.commerce.credit.stories import Story

pytestmark = pytest.mark.django_db

CASES = [
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00"], {"A": "50.00, 30.00 held"},
        id="what is held is still on the card"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "1 pays"], {"A": "20.00"},
        id="a card pays a part of itself"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 50.00", "1 pays"], {"A": "0.00"},
        id="a card pays all that is on it"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "1 pays", "2 holds A 20.00", "2 pays"], {"A": "0.00"},
        id="a card pays twice, the second time the rest"),
    pytest.param("EUR", {"A": "50.00", "B": "10.00", "C": "5.00"}, ["1 holds A 50.00 B 3.99", "1 pays"],
        {"A": "0.00", "B": "6.01", "C": "5.00"}, id="two cards pay together, the third is not touched"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "1 lets go"], {"A": "50.00"},
        id="what is let go is free again"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "1 lets go", "1 lets go"], {"A": "50.00"},
        id="letting go twice frees it once"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "1 lets go", "1 holds A 40.00", "1 pays"], {"A": "10.00"},
        id="a purchase that let go may hold anew"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "1 holds A 30.00"], {"A": "50.00, 30.00 held"},
        id="holding the same twice holds it once"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "2 holds A 20.00"], {"A": "50.00, 50.00 held"},
        id="two purchases hold what the card has for both"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "1 pays", "1 pays"], {"A": "20.00"},
        id="paying twice pays once"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "1 pays", "1 lets go"], {"A": "20.00"},
        id="what has paid cannot be let go any more"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "1 pays", "1 gets back 12.50 for return-1"], {"A": "32.50"},
        id="a part comes back to the card"),
    pytest.param("EUR", {"A": "50.00"},
        ["1 holds A 30.00", "1 pays", "1 gets back 12.50 for return-1", "1 gets back 12.50 for return-1"],
        {"A": "32.50"}, id="the same return comes back once"),
    pytest.param("EUR", {"A": "50.00"},
        ["1 holds A 30.00", "1 pays", "1 gets back 12.50 for return-1", "1 gets back 17.50 for return-2"],
        {"A": "50.00"}, id="two returns bring back all that was paid"),
    pytest.param("EUR", {"A": "20.00", "B": "20.00"},
        ["1 holds A 20.00 B 5.00", "1 pays", "1 gets back 25.00 for return-1"],
        {"A": "20.00", "B": "20.00"}, id="each of two cards gets back what it paid"),
    pytest.param("EUR", {"A": "50.00 for 30 days"}, ["1 holds A 30.00", "31 days pass", "1 pays"], {"A": "20.00"},
        id="a card that expires while it is held still pays"),
    pytest.param("EUR", {"A": "50.00 for 30 days"}, ["31 days pass", "the clock runs"], {"A": "0.00"},
        id="the clock takes what is left on an expired card"),
    pytest.param("EUR", {"A": "50.00 for 30 days"}, ["29 days pass", "the clock runs"], {"A": "50.00"},
        id="the clock leaves a card that has a day to go"),
    pytest.param("EUR", {"A": "50.00 for 30 days"}, ["30 days pass", "the clock runs"], {"A": "0.00"},
        id="a card is worth nothing from the very instant at which it expires"),
    pytest.param("EUR", {"A": "50.00 for 30 days"}, ["1 holds A 30.00", "31 days pass", "the clock runs"],
        {"A": "30.00, 30.00 held"}, id="the clock leaves what is held"),
    pytest.param("EUR", {"A": "50.00 for 30 days"},
        ["1 holds A 30.00", "31 days pass", "the clock runs", "1 lets go", "the clock runs"],
        {"A": "0.00"}, id="what is let go after the expiry goes with the next round"),
    pytest.param("EUR", {"A": "50.00 for 30 days"},
        ["1 holds A 30.00", "1 pays", "31 days pass", "the clock runs", "1 gets back 30.00 for return-1",
         "300 days pass", "the clock runs", "2 holds A 30.00", "2 pays"],
        {"A": "0.00"}, id="what comes back to an expired card can be spent for a year"),
    pytest.param("EUR", {"A": "50.00"}, ["1 holds A 30.00", "A is blocked", "1 pays"], {"A": "20.00"},
        id="a card that is blocked while it is held still pays"),
    pytest.param("EUR", {"A": "50.00"}, ["A is blocked", "A is unblocked", "1 holds A 50.00"],
        {"A": "50.00, 50.00 held"}, id="a card that is unblocked works again"),
    pytest.param("EUR", {"A": "50.00"}, ["A changes by -20.00", "A changes by 5.00"], {"A": "35.00"},
        id="staff take from a card and add to it"),
    pytest.param("JPY", {"A": "5000"}, ["1 holds A 3210", "1 pays", "1 gets back 210 for return-1"], {"A": "2000"},
        id="yen have no decimals"),
    pytest.param("KWD", {"A": "5.000", "B": "0.250"},
        ["1 holds A 5.000 B 0.125", "1 pays", "1 gets back 0.001 for return-1"],
        {"A": "0.001", "B": "0.125"}, id="dinars have three decimals"),
]  # fmt: skip


@pytest.mark.parametrize(("currency", "cards", "steps", "left"), CASES)
def test_a_story_leaves(
    currency: str, cards: dict[str, str], steps: list[str], left: dict[str, str], at: datetime
) -> None:
    story = Story(at=at, currency=currency)
    story.open(cards)
    for step in steps:
        story.tell(step)
    assert story.books() == left
    assert list(problems()) == []


REFUSED = [
    pytest.param({"A": "50.00"}, ["1 holds A 50.01"], CreditChanged, id="a cent more than is on the card"),
    pytest.param({"A": "50.00"}, ["1 holds A 30.00", "2 holds A 20.01"], CreditChanged,
        id="a cent more than the other purchase leaves"),
    pytest.param({"A": "50.00", "B": "1.00"}, ["1 holds A 50.00 B 1.01"], CreditChanged,
        id="one card is short, so the other is not held either"),
    pytest.param({"A": "50.00"}, ["A is blocked", "1 holds A 10.00"], CreditChanged, id="a blocked card"),
    pytest.param({"A": "50.00 for 30 days"}, ["30 days pass", "1 holds A 10.00"], CreditChanged,
        id="an expired card, although the clock has not run yet"),
    pytest.param({"A": "50.00"}, ["1 holds A 0.00"], CreditAmountRefused, id="nothing cannot be held"),
    pytest.param({"A": "50.00"}, ["1 holds A -1.00"], CreditAmountRefused, id="less than nothing cannot be held"),
    pytest.param({"A": "50.00"}, ["1 holds A 30.00", "1 holds A 20.00"], CreditHeldOtherwise,
        id="another amount for the same purchase"),
    pytest.param({"A": "50.00", "B": "9.00"}, ["1 holds A 30.00", "1 holds B 9.00"], CreditHeldOtherwise,
        id="another card for the same purchase"),
    pytest.param({"A": "50.00"}, ["1 holds A 20.00", "1 pays", "1 holds A 20.00"], CreditHeldOtherwise,
        id="a purchase that has been paid holds nothing more"),
    pytest.param({"A": "50.00"}, ["1 pays"], NothingHeld, id="paying without holding"),
    pytest.param({"A": "50.00"}, ["1 holds A 30.00", "1 lets go", "1 pays"], NothingHeld, id="paying after letting go"),
    pytest.param({"A": "50.00"}, ["1 holds A 30.00", "1 gets back 1.00 for return-1"], MoreThanWasRedeemed,
        id="giving back before it was paid"),
    pytest.param({"A": "50.00"}, ["1 holds A 30.00", "1 pays", "1 gets back 30.01 for return-1"], MoreThanWasRedeemed,
        id="giving back a cent more than was paid"),
    pytest.param({"A": "50.00"},
        ["1 holds A 30.00", "1 pays", "1 gets back 20.00 for return-1", "1 gets back 10.01 for return-2"],
        MoreThanWasRedeemed, id="giving back a cent more than is left of it"),
    pytest.param({"A": "50.00"}, ["1 holds A 30.00", "1 pays", "2 gets back 1.00 for return-1"], MoreThanWasRedeemed,
        id="giving back to a purchase that paid nothing"),
    pytest.param({"A": "50.00"}, ["1 holds A 30.00", "1 pays", "1 gets back -1.00 for return-1"], CreditAmountRefused,
        id="giving back less than nothing"),
    pytest.param({"A": "50.00"}, ["1 holds A 30.00", "A changes by -20.01"], CreditIsHeld,
        id="staff cannot take what a purchase holds"),
    pytest.param({"A": "50.00"}, ["A changes by -50.01"], CreditIsHeld, id="staff cannot take more than there is"),
    pytest.param({"A": "50.00"}, ["A changes by 0.00"], CreditAmountRefused, id="a change of nothing"),
    pytest.param({"A": "50.00"}, ["A changes by 99999999999.00"], CreditAmountRefused, id="a change beyond all reason"),
]  # fmt: skip


@pytest.mark.parametrize(("cards", "steps", "error"), REFUSED)
def test_the_last_step_is_refused_and_changes_nothing(
    cards: dict[str, str], steps: list[str], error: type[DomainError], at: datetime
) -> None:
    story = Story(at=at, currency="EUR")
    story.open(cards)
    for step in steps[:-1]:
        story.tell(step)
    before, entries = story.books(), CreditEntry.objects.count()
    with pytest.raises(error):
        story.tell(steps[-1])
    assert (story.books(), CreditEntry.objects.count()) == (before, entries)
    assert list(problems()) == []
