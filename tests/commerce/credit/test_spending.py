"""What codes are worth at an instant, and how they share in what is due."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.credit.models import CreditAccount
from commerce.credit.redeeming import Balance, hold, spread, usable
from commerce.kit.money import CurrencyMismatch, Money
from tests.factories import LONG_AGO, UserFactory
from tests.factories.credit import gift_card, store_credit

TOMORROW = datetime(2026, 11, 22, 9, 0, tzinfo=LONG_AGO.tzinfo)
YESTERDAY = datetime(2026, 11, 20, 9, 0, tzinfo=LONG_AGO.tzinfo)
THIS_INSTANT = datetime(2026, 11, 21, 9, 0, tzinfo=LONG_AGO.tzinfo)


def _card(amount: str, currency: str = "EUR", **more: Any) -> tuple[str, str, dict[str, Any]]:
    return amount, currency, more


# What is entered, what is due, what each pays, and what is wrong with those that pay nothing.
CASES = [
    pytest.param([_card("50.00")], "30.00", "EUR", ["30.00"], [], id="a card pays the whole"),
    pytest.param([_card("50.00")], "80.00", "EUR", ["50.00"], [], id="a card pays what it has"),
    pytest.param([_card("50.00")], "50.00", "EUR", ["50.00"], [], id="a card pays to the cent"),
    pytest.param([_card("50.00"), _card("20.00")], "60.00", "EUR", ["50.00", "10.00"], [],
        id="the second card pays what the first leaves"),
    pytest.param([_card("20.00"), _card("50.00")], "60.00", "EUR", ["20.00", "40.00"], [],
        id="the other way round when they are entered so"),
    pytest.param([_card("50.00"), _card("20.00")], "40.00", "EUR", ["40.00"], [],
        id="the second card is spared when the first is enough"),
    pytest.param([_card("50.00")], "0.00", "EUR", [], [], id="nothing is due"),
    pytest.param([], "40.00", "EUR", [], [], id="no card"),
    pytest.param([_card("50.00", "USD")], "30.00", "EUR", [], ["credit_wrong_currency"], id="dollars do not pay euros"),
    pytest.param([_card("50.00", "USD"), _card("9.00")], "30.00", "EUR", ["9.00"], ["credit_wrong_currency"],
        id="the card in euros pays beside the one in dollars"),
    pytest.param([_card("50.00", expires_at=YESTERDAY)], "30.00", "EUR", [], ["credit_expired"],
        id="expired yesterday"),
    pytest.param([_card("50.00", expires_at=THIS_INSTANT)], "30.00", "EUR", [], ["credit_expired"],
        id="expires at this very instant"),
    pytest.param([_card("50.00", expires_at=TOMORROW)], "30.00", "EUR", ["30.00"], [], id="expires tomorrow"),
    pytest.param([_card("50.00", blocked=True)], "30.00", "EUR", [], ["credit_blocked"], id="blocked"),
    pytest.param([_card("5000", "JPY")], "3210", "JPY", ["3210"], [], id="yen"),
    pytest.param([_card("5.000", "KWD"), _card("0.125", "KWD")], "5.001", "KWD", ["5.000", "0.001"], [], id="dinars"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("entered", "due", "currency", "pays", "wrong"), CASES)
def test_cards_pay_in_the_order_in_which_they_are_entered(
    entered: list[Any], due: str, currency: str, pays: list[str], wrong: list[str], at: datetime
) -> None:
    cards = [gift_card(amount, its_currency, **more) for amount, its_currency, more in entered]
    found = usable(codes=[card.code for card in cards], currency=currency, at=at)
    amounts = spread(due=Money.from_decimal(due, currency), balances=found.balances)
    assert [amount.amount for amount in amounts.values()] == pays
    assert [problem.code for problem in found.problems.values()] == wrong
    assert list(amounts) == [card.pk for card in cards if card.pk in amounts]


@pytest.mark.django_db
class TestUsable:
    def test_a_code_is_read_however_it_is_typed(self, at: datetime) -> None:
        card = gift_card()
        for typed in (card.code, card.code.lower(), card.code.replace("-", ""), f"  {card.code.replace('-', ' ')} "):
            assert [each.account for each in usable(codes=[typed], currency="EUR", at=at).balances] == [card.pk]

    @pytest.mark.parametrize("typed", ["", "-", "SUMMER", "0" * 20, "ß" * 20, "\ud800" * 20, "\x00" * 20, "A" * 10**6])
    def test_what_is_no_code_is_unknown(self, typed: str, at: datetime) -> None:
        gift_card()
        found = usable(codes=[typed], currency="EUR", at=at)
        assert (found.balances, found.problems[typed].code) == ((), "credit_unknown")

    def test_a_code_entered_twice_is_spent_once(self, at: datetime) -> None:
        card = gift_card()
        found = usable(codes=[card.code, card.code, card.code.lower()], currency="EUR", at=at)
        assert [each.account for each in found.balances] == [card.pk]

    def test_what_others_hold_is_not_available(self, at: datetime) -> None:
        card = gift_card("50.00")
        hold(amounts={card.pk: Money(3000, "EUR")}, holder=uuid.uuid4(), at=at)
        [balance] = usable(codes=[card.code], currency="EUR", at=at).balances
        assert balance.available == Money(2000, "EUR")

    def test_a_card_that_others_hold_wholly_is_empty(self, at: datetime) -> None:
        card = gift_card("50.00")
        hold(amounts={card.pk: Money(5000, "EUR")}, holder=uuid.uuid4(), at=at)
        assert usable(codes=[card.code], currency="EUR", at=at).problems[card.code].code == "credit_empty"

    def test_what_a_purchase_holds_itself_is_available_to_it(self, at: datetime) -> None:
        card, mine = gift_card("50.00"), uuid.uuid4()
        hold(amounts={card.pk: Money(5000, "EUR")}, holder=mine, at=at)
        [balance] = usable(codes=[card.code], currency="EUR", at=at, holder=mine).balances
        assert balance.available == Money(5000, "EUR")

    def test_the_store_credit_of_a_user_pays_after_the_cards(self, at: datetime) -> None:
        user, card = UserFactory.create(), gift_card("10.00")
        mine = store_credit(user, "40.00")
        store_credit(UserFactory.create(), "99.00")
        store_credit(user, "77.00", "USD")
        found = usable(codes=[card.code], currency="EUR", at=at, owner=user)
        assert [each.account for each in found.balances] == [card.pk, mine.pk]
        amounts = spread(due=Money(2500, "EUR"), balances=found.balances)
        assert amounts == {card.pk: Money(1000, "EUR"), mine.pk: Money(1500, "EUR")}

    def test_blocked_store_credit_is_silently_left_out(self, at: datetime) -> None:
        user = UserFactory.create()
        store_credit(user)
        CreditAccount.objects.update(is_active=False)
        found = usable(codes=[], currency="EUR", at=at, owner=user)
        assert (found.balances, found.problems) == ((), {})

    def test_many_codes_cost_as_many_queries_as_one(self, at: datetime, django_assert_num_queries: Any) -> None:
        cards, user = [gift_card() for _ in range(8)], UserFactory.create()
        for some in (cards[:1], cards):
            with django_assert_num_queries(3):
                codes = [card.code for card in some]
                usable(codes=codes, currency="EUR", at=at, owner=user, holder=uuid.uuid4())


balances = st.lists(st.integers(min_value=0, max_value=10**9), max_size=6)


@given(minors=balances, due=st.integers(min_value=0, max_value=10**9), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_no_card_pays_more_than_it_has_and_all_pay_as_much_as_they_can(
    minors: list[int], due: int, currency: str
) -> None:
    able = [Balance(uuid.UUID(int=n), "gift_card", "", Money(minor, currency)) for n, minor in enumerate(minors)]
    amounts = spread(due=Money(due, currency), balances=able)
    assert sum(amount.minor for amount in amounts.values()) == min(due, sum(minors))
    assert all(0 < amounts[each.account].minor <= each.available.minor for each in able if each.account in amounts)


def test_a_balance_is_written_down_and_read_again() -> None:
    for expires_at in (None, LONG_AGO + timedelta(days=1)):
        balance = Balance(uuid.uuid4(), "gift_card", "7QXZ", Money(1250, "KWD"), expires_at)
        assert Balance.from_document(balance.document()) == balance


def test_spreading_over_another_currency_is_a_defect() -> None:
    with pytest.raises(CurrencyMismatch):
        spread(due=Money(1, "EUR"), balances=[Balance(uuid.uuid4(), "gift_card", "", Money(1, "JPY"))])
