"""An order bought a gift card and was paid with another. It is cancelled while a checkout takes both cards: nobody
waits in a circle."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from commerce.credit import redeeming
from commerce.credit.models import CreditAccount
from commerce.orders import gift_cards, giving_back
from commerce.orders.cancelling import cancel
from commerce.orders.models import Order
from tests.factories import open_shop
from tests.factories.credit import gift_card
from tests.factories.orders import Bought, buy
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_SECONDS = 1


@pytest.fixture
def cards() -> list[CreditAccount]:
    """In the order in which everybody locks them."""
    return sorted([gift_card("50.00"), gift_card("50.00")], key=lambda card: card.pk)


@pytest.fixture
def order(cards: list[CreditAccount], at: datetime) -> Order:
    """The first card has paid for the second."""
    paid_with, bought = cards
    order = buy(Bought(open_shop().sell(stock=10)), at=at, card=paid_with, card_pays=2000)
    CreditAccount.objects.filter(pk=bought.pk).update(
        bought_reference=order.number, bought_line=str(order.lines.get().variant_id), bought_unit=1
    )
    return order


def _at_once(order: Order, cards: list[CreditAccount], at: datetime, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The checkout reaches for its first card when the cancellation has taken back the bought one, and has not yet
    paid the other."""
    taken_back, has_the_first = threading.Event(), threading.Event()
    refund = redeeming.refund

    def paused_refund(**options: Any) -> Any:
        taken_back.set()
        has_the_first.wait(WAIT_SECONDS)
        return refund(**options)

    def check_out() -> None:
        taken_back.wait(WAIT_SECONDS)
        with transaction.atomic():
            redeeming.lock_accounts([cards[0].pk])
            has_the_first.set()
            redeeming.lock_accounts([card.pk for card in cards])

    monkeypatch.setattr(giving_back.redeeming, "refund", paused_refund)
    return at_once(lambda: cancel(order=order, reason="x", actor="clerk", at=at), check_out)


def test_both_are_served(
    order: Order, cards: list[CreditAccount], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = _at_once(order, cards, at, monkeypatch)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    paid_with, bought = (CreditAccount.objects.get(pk=card.pk) for card in cards)
    assert (paid_with.balance_minor, bought.balance_minor, bought.is_active) == (5000, 0, False)


def test_without_the_one_sweep_they_wait_in_a_circle(
    order: Order, cards: list[CreditAccount], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control. SQLite has one lock for everything and knows no circles."""
    monkeypatch.setattr(gift_cards, "payers_of", lambda *, holder: set())
    failed = [each for each in _at_once(order, cards, at, monkeypatch) if isinstance(each, Exception)]
    if connection.vendor == "postgresql":
        assert ["deadlock detected" in str(each) for each in failed] == [True]
    else:
        assert failed == []
