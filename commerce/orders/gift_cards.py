"""Gift cards that an order bought are goods too: who gets the money back gives the cards back, unspent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from commerce.credit.adjusting import adjust, block
from commerce.credit.models import CreditAccount, CreditEntry
from commerce.credit.redeeming import lock_accounts, payers_of
from commerce.kit.errors import DomainError, ErrorKind
from commerce.orders.models import Order, OrderLine


class GiftCardSpent(DomainError):
    """`facts["unspent"]` is how many of the line's cards are still whole."""

    code = "gift_card_spent"
    title = "A gift card of this order has been used; only cards that are still whole are taken back"
    kind = ErrorKind.CONFLICT


def take_back(*, order: Order, units: Mapping[OrderLine, int], actor: str, reason: str, at: datetime) -> None:
    """Empty and block as many cards of each line as are paid back, in the caller's transaction. Others are left alone.

    Locks the cards that have paid for the order as well, in the same sorted sweep: money goes back to them next, and a
    checkout may hold cards of both kinds.

    Raises:
        GiftCardSpent: fewer cards of a line are whole; nothing may stand.
    """
    bought = set(CreditAccount.objects.filter(bought_reference=order.number).values_list("pk", flat=True))
    if not bought:
        return
    of_order = [card for card in lock_accounts(bought | payers_of(holder=order.checkout_id)) if card.pk in bought]
    worth = dict(
        CreditEntry.objects.filter(account__in=of_order, kind=CreditEntry.Kind.ISSUE).values_list(
            "account_id", "amount_minor"
        )
    )
    for line, many in units.items():
        mine = [card for card in of_order if card.bought_line == str(line.variant_id)]
        whole = [card for card in mine if card.balance_minor == worth[card.pk] and not card.held_minor]
        if mine and len(whole) < many:
            raise GiftCardSpent(unspent=len(whole))
        for card in whole[:many]:
            adjust(account_id=card.pk, change=-card.balance, actor=actor, reason=reason, at=at)
            block(account_id=card.pk, actor=actor, reason=reason, at=at)
