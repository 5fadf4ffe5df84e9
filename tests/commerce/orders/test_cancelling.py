from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from cms.catalogue.models import Variant
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.orders import auditing, tasks
from commerce.orders.cancelling import OrderNotCancellable, cancel, may_cancel
from commerce.orders.fulfilling import pack, ship
from commerce.orders.models import Order, OrderRefund
from commerce.orders.paying import payments_of
from commerce.orders.refunding import refund
from commerce.orders.timeline import timeline
from commerce.payments.models import Payment
from commerce.payments.receiving import record_receipt
from commerce.payments.states import PaymentStatus
from tests.factories import Shop
from tests.factories.credit import gift_card
from tests.factories.orders import Bought, asked_of_payments, buy, capture, hear, pay_out

pytestmark = pytest.mark.django_db


def _cancel(order: Order, at: datetime, *, by_customer: bool = False) -> Order:
    return cancel(order=order, reason="Changed my mind", actor="somebody", at=at, by_customer=by_customer)


def _states(order: Order) -> tuple[str, str]:
    order.refresh_from_db()
    return order.status, order.payment_state


@pytest.mark.parametrize("by_customer", [True, False])
def test_everything_goes_back(shop: Shop, order: Order, lamp: Variant, at: datetime, by_customer: bool) -> None:
    assert may_cancel(order, by_customer=by_customer)
    _cancel(order, at, by_customer=by_customer)
    given = OrderRefund.objects.get()
    assert (given.total, given.purpose) == (order.total, "cancellation")
    assert shop.level(lamp).on_hand == 10
    pay_out(order, at=at)
    assert _states(order) == ("cancelled", "refunded")
    assert [(line.cancelled, line.refunded) for line in order.lines.all()] == [(2, 2), (3, 3)]
    assert OutboxEvent.objects.get(name="orders.cancelled").payload["by_customer"] is by_customer
    assert list(auditing.discrepancies()) == []


def test_a_customer_cancels_until_it_is_packed_and_staff_until_it_is_sent(
    shop: Shop, order: Order, lamp: Variant, at: datetime
) -> None:
    parcel = pack(order=order, actor="clerk", at=at)
    assert not may_cancel(order, by_customer=True)
    with pytest.raises(OrderNotCancellable):
        _cancel(order, at, by_customer=True)
    _cancel(order, at)
    parcel.refresh_from_db()
    assert (parcel.status, shop.level(lamp).on_hand) == ("cancelled", 10)
    assert list(auditing.discrepancies()) == []


def test_what_is_sent_is_not_cancelled(order: Order, at: datetime) -> None:
    ship(fulfilment=pack(order=order, actor="clerk", at=at), actor="clerk", at=at)
    order.refresh_from_db()
    with pytest.raises(OrderNotCancellable):
        _cancel(order, at)


def test_an_order_is_cancelled_once(order: Order, at: datetime) -> None:
    _cancel(order, at)
    with pytest.raises(OrderNotCancellable):
        _cancel(order, at)
    assert OrderRefund.objects.count() == 1


def test_what_was_given_back_before_is_not_given_back_again(
    shop: Shop, order: Order, lamp: Variant, at: datetime
) -> None:
    line = order.lines.first()
    assert line is not None
    refund(order=order, lines={line: 1}, reason="x", restock=True, actor="clerk", at=at)
    _cancel(order, at)
    totals = [each.total_minor for each in OrderRefund.objects.order_by("total_minor")]
    assert totals == [1999, 5488 - 1999]
    assert shop.level(lamp).on_hand == 10


def test_the_card_gets_its_part_back(lamp: Variant, at: datetime) -> None:
    card = gift_card("30.00")
    order = buy(Bought(lamp, 2), at=at, card=card, card_pays=3000)
    _cancel(order, at)
    card.refresh_from_db()
    assert card.balance == Money(3000, "EUR")
    assert asked_of_payments(OrderRefund.objects.get()) == [1488]


@pytest.mark.parametrize("method", ["bank_transfer", "cash_on_delivery"])
def test_what_nobody_has_paid_is_called_off(lamp: Variant, at: datetime, method: str) -> None:
    order = buy(Bought(lamp, 2), at=at, method=method, state="pending")
    _cancel(order, at, by_customer=True)
    [payment] = payments_of(order)
    assert payment.status == PaymentStatus.CANCELLED
    assert OrderRefund.objects.get().voided_minor == order.total_minor
    hear("payments.cancelled", payment=payment, at=at)
    assert _states(order) == ("cancelled", "voided")
    assert not OrderRefund.objects.filter(purpose="surplus").exists()
    assert list(auditing.discrepancies()) == []


def test_half_a_transfer_that_came_goes_back(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 2), at=at, method="bank_transfer", state="pending")
    [payment] = payments_of(order)
    record_receipt(payment=payment, amount=Money(2000, "EUR"), reference="R1", actor="clerk", at=at)
    _cancel(order, at)
    given = OrderRefund.objects.get()
    assert (asked_of_payments(given), given.voided_minor) == ([2000], order.total_minor - 2000)
    hear("payments.cancelled", payment=payment, at=at)
    assert _states(order) == ("cancelled", "partially_paid")
    assert list(auditing.discrepancies()) == []
    pay_out(order, at=at)
    assert _states(order) == ("cancelled", "refunded")
    assert "Paid" not in {entry.words for entry in timeline(order)}
    assert list(auditing.discrepancies()) == []


def test_an_authorisation_is_called_off_and_a_late_capture_goes_back(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 2), at=at, state="authorised")
    _cancel(order, at)
    [payment] = payments_of(order)
    assert payment.cancel_requested_at is not None
    capture(payment, at=at)
    hear("payments.succeeded", payment=payment, at=at)
    hear("payments.succeeded", payment=payment, at=at)
    surplus = OrderRefund.objects.get(purpose="surplus")
    assert asked_of_payments(surplus) == [order.total_minor]
    pay_out(order, at=at)
    assert _states(order) == ("cancelled", "refunded")
    assert list(auditing.discrepancies()) == []


def test_an_authorisation_that_runs_out_cancels_the_order(shop: Shop, lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 2), at=at, state="authorised")
    [payment] = payments_of(order)
    advance(payment, PaymentStatus.CANCELLED, actor="gateway", reason="Expired", at=at)
    hear("payments.cancelled", payment=payment, at=at)
    assert _states(order) == ("cancelled", "voided")
    assert shop.level(lamp).on_hand == 10
    assert list(auditing.discrepancies()) == []


def test_a_transfer_that_arrives_confirms_the_order(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 2), at=at, method="bank_transfer", state="pending")
    assert _states(order) == ("pending", "pending")
    [payment] = payments_of(order)
    record_receipt(payment=payment, amount=payment.amount, reference="R1", actor="clerk", at=at)
    hear("payments.succeeded", payment=payment, at=at)
    assert _states(order) == ("confirmed", "paid")
    names = set(OutboxEvent.objects.values_list("name", flat=True))
    assert {"orders.placed", "orders.confirmed", "orders.paid"} <= names


def test_the_clock_finds_what_no_message_told(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 2), at=at, state="authorised")
    capture(Payment.objects.get(), at=at)
    tasks.follow_what_moved(at=at + timedelta(minutes=5))
    assert _states(order) == ("confirmed", "paid")


def test_what_was_delivered_with_the_purchase_is_not_cancelled_by_the_customer(shop: Shop, at: datetime) -> None:
    file = shop.sell(price=500)
    order = buy(Bought(file, 1, price=500, shipping_class="none"), at=at, shipping=0)
    with pytest.raises(OrderNotCancellable):
        _cancel(order, at, by_customer=True)
    _cancel(order, at)


def test_an_order_that_cannot_follow_keeps_no_newer_one_waiting(
    lamp: Variant, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, due = (buy(Bought(lamp), at=at + timedelta(seconds=n), state="authorised") for n in range(2))
    for payment in Payment.objects.all():
        capture(payment, at=at)
    follow = tasks.follow_payments

    def follow_but_one(*, order_id: uuid.UUID, **how: Any) -> Order:
        if order_id == stuck.pk:
            raise RuntimeError("cannot follow")
        return follow(order_id=order_id, **how)

    monkeypatch.setattr(tasks, "follow_payments", follow_but_one)
    monkeypatch.setattr(tasks, "MOST_AT_ONCE", 1)
    for minutes in (5, 10):
        tasks.follow_what_moved(at=at + timedelta(minutes=minutes))
    assert (_states(stuck), _states(due)) == (("confirmed", "authorised"), ("confirmed", "paid"))
