"""Each lie in the books is found."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from django.db import connection

from commerce.credit.auditing import problems
from commerce.credit.models import CreditAccount, CreditEntry, CreditHold
from commerce.credit.redeeming import hold, redeem, refund
from commerce.kit.ledgers import LedgerIsInsertOnly
from commerce.kit.money import Money
from tests.factories.credit import gift_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(at: datetime) -> CreditAccount:
    """50.00, of which 10.00 paid, 4.00 came back and 5.00 are held: 44.00 left."""
    card, holder = gift_card("50.00"), uuid.uuid4()
    hold(amounts={card.pk: Money(1000, "EUR")}, holder=holder, at=at)
    redeem(holder=holder, reference="M-1", actor="test", at=at)
    refund(holder=holder, amount=Money(400, "EUR"), reference="R-1", actor="test", at=at)
    hold(amounts={card.pk: Money(500, "EUR")}, holder=uuid.uuid4(), at=at)
    return card


def _rewrite(entry: CreditEntry, column: str, value: int) -> None:
    """Past the model, as a hand in the database would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE credit_creditentry SET {column} = %s WHERE id = %s", [value, entry.pk])


def test_books_that_are_in_order_have_no_problems(card: CreditAccount) -> None:
    assert list(problems()) == []
    card.refresh_from_db()
    assert (card.balance_minor, card.held_minor) == (4400, 500)


def test_a_balance_that_nobody_booked_is_found(card: CreditAccount) -> None:
    CreditAccount.objects.update(balance_minor=9900)
    [problem] = problems()
    assert "balance 9900 and 4400 booked" in problem


def test_a_hold_that_nobody_holds_is_found(card: CreditAccount) -> None:
    CreditAccount.objects.update(held_minor=4400)
    [problem] = problems()
    assert "4400 held and 500 in open holds" in problem


def test_a_hold_that_ended_without_a_trace_is_found(card: CreditAccount) -> None:
    CreditHold.objects.filter(state="held").update(state="redeemed")
    [problem] = problems()
    assert "500 held and 0 in open holds" in problem


def test_an_entry_that_was_rewritten_is_found(card: CreditAccount) -> None:
    _rewrite(CreditEntry.objects.get(kind="issue"), "balance_minor", 4999)
    [problem] = problems()
    assert "balance 4999 written, 5000 booked until then" in problem


def test_a_payment_without_its_hold_is_found(card: CreditAccount) -> None:
    CreditHold.objects.filter(state="redeemed").update(state="released")
    [problem] = problems()
    assert "1000 redeemed, 0 in the holder's hold" in problem


def test_more_given_back_than_paid_is_found(card: CreditAccount) -> None:
    _rewrite(CreditEntry.objects.get(kind="refund"), "amount_minor", 1001)
    assert any("1001 given back of 1000" in problem for problem in problems())


def test_the_ledger_cannot_be_rewritten_through_the_models(card: CreditAccount) -> None:
    entry = CreditEntry.objects.get(kind="refund")
    with pytest.raises(LedgerIsInsertOnly):
        entry.save()
    with pytest.raises(LedgerIsInsertOnly):
        CreditEntry.objects.all().delete()
