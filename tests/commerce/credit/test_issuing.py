from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commerce.credit.auditing import problems
from commerce.credit.booking import CreditAmountRefused
from commerce.credit.issuing import (
    BoughtCards,
    CreditExpiryRefused,
    IssuedOtherwise,
    give_store_credit,
    issue_for_purchase,
    issue_gift_card,
)
from commerce.credit.models import CreditAccount, CreditEntry
from commerce.kit.money import Money
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

FIFTY = Money(5000, "EUR")


def _issue(amount: Money = FIFTY, **more: Any) -> CreditAccount:
    return issue_gift_card(amount=amount, actor="staff", reason="A kind word", **more)


def _buy(at: datetime, *lines: BoughtCards, reference: str = "M-1") -> list[CreditAccount]:
    return issue_for_purchase(reference=reference, lines=lines, actor="shop", at=at)


def test_a_new_card_has_its_amount_and_a_ledger_row_that_says_why(at: datetime) -> None:
    card = _issue(at=at, email="friend@example.com", expires_at=at + timedelta(days=1))
    entry = CreditEntry.objects.get(account=card)
    assert (card.balance, card.available) == (FIFTY, FIFTY)
    assert (entry.kind, entry.amount_minor, entry.balance_minor, entry.actor, entry.reason) == (
        "issue", 5000, 5000, "staff", "A kind word"
    )  # fmt: skip


@pytest.mark.parametrize("minor", [0, -1, 10**12 + 1, 10**30])
def test_a_card_with_an_amount_that_means_nothing_is_refused(minor: int, at: datetime) -> None:
    with pytest.raises(CreditAmountRefused):
        _issue(Money(minor, "EUR"), at=at)
    assert not CreditAccount.objects.exists()


def test_a_card_that_would_have_expired_already_is_refused(at: datetime) -> None:
    with pytest.raises(CreditExpiryRefused):
        _issue(at=at, expires_at=at)


def test_store_credit_adds_up_in_one_account_for_each_currency(at: datetime) -> None:
    user = UserFactory.create()
    for amount in (FIFTY, Money(1, "EUR"), Money(700, "JPY")):
        give_store_credit(owner=user, amount=amount, actor="staff", reason="Sorry", at=at)
    accounts = CreditAccount.objects.filter(owner=user).order_by("currency")
    assert [account.balance for account in accounts] == [Money(5001, "EUR"), Money(700, "JPY")]
    assert list(problems()) == []


def test_store_credit_for_the_same_reference_is_given_once(at: datetime) -> None:
    user = UserFactory.create()
    for _ in range(2):
        give_store_credit(owner=user, amount=FIFTY, reference="R-7", actor="staff", reason="Return", at=at)
    assert CreditAccount.objects.get().balance == FIFTY


def test_each_unit_that_is_bought_becomes_a_card(at: datetime) -> None:
    big = BoughtCards(key="b", amount=Money(10000, "EUR"), quantity=1, email="one@example.com")
    small = BoughtCards(key="a", amount=FIFTY, quantity=2)
    cards = _buy(at, big, small)
    assert [card.balance_minor for card in cards] == [10000, 5000, 5000]
    assert len({card.code for card in cards}) == 3
    assert cards[0].email == "one@example.com"


def test_the_same_purchase_again_gives_the_same_cards_and_codes(at: datetime) -> None:
    line = BoughtCards(key="a", amount=FIFTY, quantity=2)
    first, again = _buy(at, line), _buy(at + timedelta(days=1), line)
    assert [card.code for card in again] == [card.code for card in first]
    assert CreditAccount.objects.count() == 2
    assert CreditEntry.objects.count() == 2


def test_another_purchase_has_cards_of_its_own(at: datetime) -> None:
    line = BoughtCards(key="a", amount=FIFTY, quantity=1)
    assert _buy(at, line)[0].pk != _buy(at, line, reference="M-2")[0].pk


@pytest.mark.parametrize(
    "other",
    [
        BoughtCards(key="a", amount=FIFTY, quantity=3),
        BoughtCards(key="a", amount=Money(5001, "EUR"), quantity=2),
        BoughtCards(key="a", amount=Money(5000, "USD"), quantity=2),
    ],
)
def test_the_same_line_with_something_else_is_refused(other: BoughtCards, at: datetime) -> None:
    _buy(at, BoughtCards(key="a", amount=FIFTY, quantity=2))
    with pytest.raises(IssuedOtherwise):
        _buy(at, other)
    assert CreditAccount.objects.count() == 2


def test_a_line_that_cannot_be_issued_keeps_the_others_from_it(at: datetime) -> None:
    with pytest.raises(CreditExpiryRefused):
        _buy(
            at,
            BoughtCards(key="a", amount=FIFTY, quantity=1),
            BoughtCards(key="b", amount=FIFTY, quantity=1, expires_at=at),
        )
    with pytest.raises(CreditAmountRefused):
        _buy(at, BoughtCards(key="a", amount=FIFTY, quantity=0))
    assert not CreditAccount.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"held_minor": 5001},
        {"balance_minor": -1},
        {"held_minor": -1},
        {"code_digest": None},
        {"kind": "store_credit"},
    ],
    ids=str,
)
def test_the_database_itself_refuses(change: dict[str, Any], at: datetime) -> None:
    card = _issue(at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditAccount.objects.filter(pk=card.pk).update(**change)
