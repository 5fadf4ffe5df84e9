"""Gift cards and store credit for tests. What a test does not say is ordinary: a card in euros that never expires."""

from __future__ import annotations

from datetime import datetime

from commerce.accounts.models import User
from commerce.credit.adjusting import block
from commerce.credit.issuing import give_store_credit, issue_gift_card
from commerce.credit.models import CreditAccount
from commerce.kit.money import Money
from tests.factories import LONG_AGO


def gift_card(
    amount: str = "50.00", currency: str = "EUR", *, expires_at: datetime | None = None, blocked: bool = False
) -> CreditAccount:
    card = issue_gift_card(
        amount=Money.from_decimal(amount, currency),
        actor="test",
        reason="For a test",
        at=LONG_AGO,
        expires_at=expires_at,
    )
    if blocked:
        card = block(account_id=card.pk, actor="test", reason="Lost", at=LONG_AGO)
    return card


def store_credit(owner: User, amount: str = "50.00", currency: str = "EUR") -> CreditAccount:
    money = Money.from_decimal(amount, currency)
    return give_store_credit(owner=owner, amount=money, actor="test", reason="For a test", at=LONG_AGO)
