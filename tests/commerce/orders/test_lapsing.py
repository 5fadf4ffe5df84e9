"""Orders whose bank transfer never comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from cms.catalogue.models import Variant
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.orders import auditing
from commerce.orders.lapsing import lapse
from commerce.orders.models import Order
from commerce.orders.paying import payments_of
from commerce.orders.tasks import cancel_what_was_not_paid_in_time
from commerce.payments.attention import needing_a_person
from commerce.payments.models import Payment
from commerce.payments.receiving import record_receipt
from tests.factories import Shop
from tests.factories.credit import gift_card
from tests.factories.orders import Bought, buy

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _promised(
    lamp: Variant, at: datetime, *, method: str = "bank_transfer", days: int | None = 14, **how: Any
) -> Order:
    order = buy(Bought(lamp, 2), at=at, method=method, state="pending", **how)
    Payment.objects.update(pay_by=days and at + days * DAY)
    return order


def _receive(order: Order, minor: int, at: datetime) -> None:
    [payment] = payments_of(order)
    with transaction.atomic():
        record_receipt(payment=payment, amount=Money(minor, "EUR"), reference="R1", actor="clerk", at=at)


def _after(order: Order, at: datetime) -> tuple[str, str]:
    cancel_what_was_not_paid_in_time(at=at)
    order.refresh_from_db()
    return order.status, order.payment_state


def test_what_is_not_paid_in_time_is_cancelled_and_in_stock_again(shop: Shop, lamp: Variant, at: datetime) -> None:
    order = _promised(lamp, at)
    assert shop.level(lamp).on_hand == 8
    assert _after(order, at + 14 * DAY - timedelta(seconds=1)) == ("pending", "pending")
    assert _after(order, at + 14 * DAY) == ("cancelled", "voided")
    assert shop.level(lamp).on_hand == 10
    assert OutboxEvent.objects.get(name="orders.cancelled").payload["by_customer"] is False
    assert needing_a_person(at + 30 * DAY) == []
    assert list(auditing.discrepancies()) == []


def test_a_gift_card_that_paid_a_part_has_its_money_again(lamp: Variant, at: datetime) -> None:
    card = gift_card("30.00")
    order = _promised(lamp, at, card=card, card_pays=3000)
    assert _after(order, at + 14 * DAY)[0] == "cancelled"
    card.refresh_from_db()
    assert card.balance_minor == 3000


@pytest.mark.parametrize(("method", "days"), [("bank_transfer", None), ("cash_on_delivery", None)])
def test_without_a_last_day_it_waits_for_ever(lamp: Variant, at: datetime, method: str, days: int | None) -> None:
    order = _promised(lamp, at, method=method, days=days)
    before = order.status
    assert _after(order, at + 999 * DAY) == (before, "pending")
    assert needing_a_person(at + 999 * DAY) == []


def test_of_which_a_part_has_come_waits_for_a_person(shop: Shop, lamp: Variant, at: datetime) -> None:
    order = _promised(lamp, at)
    _receive(order, 100, at)
    assert needing_a_person(at + 13 * DAY) == []
    assert _after(order, at + 14 * DAY) == ("pending", "pending")
    assert shop.level(lamp).on_hand == 8
    [matter] = needing_a_person(at + 14 * DAY)
    assert (matter.kind, matter.reference) == ("not_paid_in_time", order.checkout_id)
    assert matter.title.startswith("€1.00 of €44.88 came in time")


def test_a_receipt_that_was_faster_keeps_the_order(lamp: Variant, at: datetime) -> None:
    order = _promised(lamp, at)
    _receive(order, 4488, at)
    assert not lapse(order_id=order.pk, actor="clock", at=at + 14 * DAY)
    order.refresh_from_db()
    assert order.status == "pending"


def test_a_difference_that_never_comes_waits_for_a_person_and_keeps_the_order(lamp: Variant, at: datetime) -> None:
    order = _promised(lamp, at)
    Order.objects.filter(pk=order.pk).update(status="confirmed")
    assert _after(order, at + 14 * DAY)[0] == "confirmed"
    assert [matter.kind for matter in needing_a_person(at + 15 * DAY)] == ["not_paid_in_time"]
