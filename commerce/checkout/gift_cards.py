"""Gift cards that are bought as a product."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from commerce.credit.issuing import BoughtCards, issue_for_purchase
from commerce.credit.models import CreditAccount
from commerce.kit.money import Money
from commerce.orders.models import Order


def issue_gift_cards(order: Order, *, actor: str, at: datetime) -> None:
    """The cards that the order bought, each worth its price, in the caller's transaction."""
    if bought := list(_bought(order)):
        issue_for_purchase(reference=order.number, lines=bought, actor=actor, at=at)


def bought_cards(order: Order) -> QuerySet[CreditAccount]:
    """The cards that the order bought, for the one who bought them."""
    return CreditAccount.objects.filter(bought_reference=order.number).order_by("bought_line", "bought_unit")


def _bought(order: Order) -> Iterable[BoughtCards]:
    for line in order.quote["facts"]["lines"]:
        if line["goods"]["is_gift_card"]:
            amount = Money.from_document(line["unit_price"])
            yield BoughtCards(key=line["goods"]["variant"], amount=amount, quantity=line["quantity"], email=order.email)
