"""Twenty shoppers, one card: what is promised is never more than what is on it.

PostgreSQL is protected by the row lock on the account, SQLite by the write lock that a transaction takes when it
begins. The negative control takes the protection away and waits until all have read the balance.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, OperationalError, connection, connections
from django.test import Client

from commerce.credit import redeeming
from commerce.credit.auditing import problems
from commerce.credit.issuing import BoughtCards, give_store_credit, issue_for_purchase
from commerce.credit.models import CreditAccount, CreditHold
from commerce.credit.redeeming import CreditChanged, NothingHeld, hold, redeem, refund, release
from commerce.kit.money import Money
from tests.factories import UserFactory, open_shop
from tests.factories.credit import gift_card
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db(transaction=True)

THIRTY = Money(3000, "EUR")


def _holds(card: CreditAccount, shoppers: int, at: datetime) -> list[Callable[[], Any]]:
    return [lambda: hold(amounts={card.pk: THIRTY}, holder=uuid.uuid4(), at=at)] * shoppers


def _is_one_hold_and_clear_refusals(card: CreditAccount, outcomes: list[Any]) -> bool:
    card.refresh_from_db()
    held = [outcome for outcome in outcomes if outcome is None]
    refused = [outcome for outcome in outcomes if isinstance(outcome, CreditChanged)]
    return (len(held), len(refused), card.held_minor, CreditHold.objects.count()) == (1, len(outcomes) - 1, 3000, 1)


@pytest.mark.parametrize("round_", range(3))
def test_of_twenty_who_hold_thirty_of_fifty_exactly_one_does(at: datetime, round_: int) -> None:
    card = gift_card("50.00")
    outcomes = at_once(*_holds(card, 20, at))
    assert _is_one_hold_and_clear_refusals(card, outcomes), outcomes
    assert list(problems()) == []


def test_without_the_lock_the_same_holds_go_wrong(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    card = gift_card("50.00")
    all_have_read = threading.Barrier(5)
    seen: list[int] = []

    def unlocked(ids: Iterable[uuid.UUID]) -> list[CreditAccount]:
        accounts = list(CreditAccount.objects.filter(pk__in=list(ids)))
        seen.extend(account.available.minor for account in accounts)
        all_have_read.wait(timeout=10)
        return accounts

    monkeypatch.setattr(redeeming, "lock_accounts", unlocked)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
    outcomes = at_once(*_holds(card, 5, at))
    assert seen == [5000] * 5, "all must have seen a full card, or nothing was tried"
    assert not _is_one_hold_and_clear_refusals(card, outcomes), outcomes
    crashes = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(crashes) == 4
    if connection.vendor == "sqlite":
        assert all(isinstance(crash, OperationalError) and "locked" in str(crash) for crash in crashes)
    else:
        # Only the constraint stood between the other shoppers and money that was not there.
        assert all(isinstance(crash, IntegrityError) for crash in crashes)
        assert all("credit_held_within_balance" in str(crash) for crash in crashes)


def test_one_purchase_that_holds_many_times_at_once_holds_once(at: datetime) -> None:
    card, holder = gift_card("50.00"), uuid.uuid4()
    outcomes = at_once(*[lambda: hold(amounts={card.pk: THIRTY}, holder=holder, at=at)] * 8)
    assert outcomes == [None] * 8
    card.refresh_from_db()
    assert (card.held_minor, CreditHold.objects.count()) == (3000, 1)


@pytest.mark.parametrize("round_", range(5))
def test_redeeming_and_releasing_at_once_do_one_of_the_two(at: datetime, round_: int) -> None:
    card, holder = gift_card("50.00"), uuid.uuid4()
    hold(amounts={card.pk: THIRTY}, holder=holder, at=at)
    paid, released = at_once(
        lambda: redeem(holder=holder, reference="M-1", actor="test", at=at), lambda: release(holder=holder, at=at)
    )
    card.refresh_from_db()
    assert released is None
    assert (paid, card.balance_minor, card.held_minor) in [({card.pk: THIRTY}, 2000, 0)] or (
        isinstance(paid, NothingHeld) and (card.balance_minor, card.held_minor) == (5000, 0)
    )
    assert list(problems()) == []


def test_redeeming_many_times_at_once_pays_once(at: datetime) -> None:
    card, holder = gift_card("50.00"), uuid.uuid4()
    hold(amounts={card.pk: THIRTY}, holder=holder, at=at)
    outcomes = at_once(*[lambda: redeem(holder=holder, reference="M-1", actor="test", at=at)] * 8)
    assert outcomes == [{card.pk: THIRTY}] * 8
    card.refresh_from_db()
    assert (card.balance_minor, card.held_minor) == (2000, 0)


def test_the_same_refund_many_times_at_once_gives_back_once(at: datetime) -> None:
    card, holder = gift_card("50.00"), uuid.uuid4()
    hold(amounts={card.pk: THIRTY}, holder=holder, at=at)
    redeem(holder=holder, reference="M-1", actor="test", at=at)
    back = Money(1000, "EUR")
    outcomes = at_once(*[lambda: refund(holder=holder, amount=back, reference="R-1", actor="test", at=at)] * 8)
    assert outcomes == [{card.pk: back}] * 8
    card.refresh_from_db()
    assert card.balance_minor == 3000


def test_two_cards_held_in_either_order_never_wait_in_a_circle(at: datetime) -> None:
    one, two = gift_card("500.00"), gift_card("500.00")
    cent = Money(1, "EUR")
    ways = [{one.pk: cent, two.pk: cent}, {two.pk: cent, one.pk: cent}] * 8
    outcomes = at_once(*[lambda way=way: hold(amounts=way, holder=uuid.uuid4(), at=at) for way in ways])
    assert outcomes == [None] * 16
    assert list(problems()) == []


def test_a_purchase_whose_cards_are_issued_twice_at_once_has_them_once(at: datetime) -> None:
    lines = [BoughtCards(key=key, amount=THIRTY, quantity=2) for key in ("a", "b")]
    outcomes = at_once(
        lambda: issue_for_purchase(reference="M-1", lines=lines, actor="shop", at=at),
        lambda: issue_for_purchase(reference="M-1", lines=lines[::-1], actor="shop", at=at),
    )
    issued = [{card.code for card in outcome} for outcome in outcomes]
    assert issued[0] == issued[1]
    assert CreditAccount.objects.count() == 4
    assert list(problems()) == []


def test_a_page_at_the_desk_that_is_sent_many_times_at_once_issues_one_card() -> None:
    open_shop()
    staff = UserFactory.create(is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "add_creditaccount"]))
    page = {"kind": "gift_card", "amount": "25", "currency": "EUR", "reason": "Prize", "token": str(uuid.uuid4())}
    browsers = [Client() for _ in range(6)]
    for browser in browsers:
        browser.force_login(staff)
    answers = at_once(*[lambda browser=browser: browser.post("/admin/credit/new/", page) for browser in browsers])  # type: ignore[misc]
    card = CreditAccount.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {f"/admin/credit/{card.pk}/"}
    assert card.balance == Money(2500, "EUR")
    assert list(problems()) == []


def test_the_first_store_credit_of_a_user_given_twice_at_once_is_one_account(at: datetime) -> None:
    user = UserFactory.create()
    give = [
        lambda reference=reference: give_store_credit(  # type: ignore[misc]
            owner=user, amount=THIRTY, reference=reference, actor="staff", reason="Return", at=at
        )
        for reference in ("R-1", "R-2", "R-1", "R-2")
    ]
    outcomes = at_once(*give)
    assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
    assert CreditAccount.objects.get().balance_minor == 6000
    assert list(problems()) == []
