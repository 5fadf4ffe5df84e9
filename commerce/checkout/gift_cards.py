"""Gift cards that are bought as a product."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from commerce.credit.issuing import BoughtCards, issue_for_purchase
from commerce.credit.models import CreditAccount
from commerce.kit.money import Money
from commerce.orders.locking import lock_order
from commerce.orders.models import Order
from commerce.orders.states import OrderStatus, PaymentState

_CALLED_OFF = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})


def issue_gift_cards(order: Order, *, actor: str, at: datetime) -> None:
    """The cards that the order bought, each worth its price, once it is paid; in the caller's transaction.

    A promise to pay buys nothing that could be spent at once. Safe to repeat.
    """
    is_owed = order.payment_state == PaymentState.PAID and order.status not in _CALLED_OFF
    if is_owed and _has_gift_cards(order) and (bought := list(_bought(order))):
        issue_for_purchase(reference=order.number, lines=bought, actor=actor, at=at)


def issue_once_paid(*, order_id: uuid.UUID, actor: str, at: datetime) -> None:
    with transaction.atomic():
        issue_gift_cards(lock_order(order_id), actor=actor, at=at)


def bought_cards(order: Order) -> QuerySet[CreditAccount]:
    """The cards that the order bought, for the one who bought them."""
    return CreditAccount.objects.filter(bought_reference=order.number).order_by("bought_line", "bought_unit")


def _has_gift_cards(order: Order) -> bool:
    return any(line["goods"]["is_gift_card"] for line in order.quote["facts"]["lines"])


def _bought(order: Order) -> Iterable[BoughtCards]:
    """Without the units that were paid back before any card was issued for them."""
    left = {str(line.variant_id): line.quantity - line.refunded for line in order.lines.all()}
    for line in order.quote["facts"]["lines"]:
        key = line["goods"]["variant"]
        if line["goods"]["is_gift_card"] and left.get(key, 0):
            amount = Money.from_document(line["unit_price"])
            yield BoughtCards(key=key, amount=amount, quantity=left[key], email=order.email)
