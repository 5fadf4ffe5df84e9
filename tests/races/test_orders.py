"""Two clerks, or a clerk and a shopper, at one order: one of them is first, the other is told clearly, and goods and
money move once.

The order's lock protects all of it; on SQLite the write lock that a transaction takes when it begins. The negative
controls take the locks away and wait until both have read; the very same story then no longer ends so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.models import F, Model, QuerySet, Sum

from cms.catalogue.models import Variant
from commerce.inventory.models import StockMovement
from commerce.kit.errors import DomainError
from commerce.kit.money import Money
from commerce.orders import asking
from commerce.orders.cancelling import cancel
from commerce.orders.fulfilling import pack, ship
from commerce.orders.lapsing import lapse
from commerce.orders.locking import lock_order
from commerce.orders.models import Condition, Fulfilment, Order, OrderRefund, Return, ReturnReason
from commerce.orders.paying import follow_payments, payments_of
from commerce.orders.refunding import refund
from commerce.orders.returning import Asked, Came, approve, receive, request
from commerce.orders.states import OrderStatus
from commerce.payments.models import Payment
from commerce.payments.receiving import record_receipt
from tests.factories import Shop, open_shop
from tests.factories.orders import Bought, buy
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(3)


@dataclass
class Story:
    """What two do at once, and the rows that both must have read for the control to try anything."""

    shop: Shop
    variant: Variant
    order: Order
    actions: list[Callable[[], Any]]
    read: type[Model]
    most_back: int
    """How many units may be in stock again at most."""

    def is_sound(self, outcomes: list[Any]) -> bool:
        """One is done, the other is refused in so many words, and stock moved once."""
        refused = [each for each in outcomes if isinstance(each, DomainError)]
        failed = [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, DomainError)]
        back = StockMovement.objects.filter(reference=self.order.number, kind="return").aggregate(n=Sum("quantity"))
        given = OrderRefund.objects.filter(order=self.order).aggregate(minor=Sum("total_minor"))
        return (
            (len(refused), failed) == (1, [])
            and (back["n"] or 0) <= self.most_back
            and (given["minor"] or 0) <= self.order.total_minor
        )


def _sold(at: datetime) -> tuple[Shop, Variant, Order]:
    shop = open_shop()
    variant = shop.sell(price=1000, stock=10)
    return shop, variant, buy(Bought(variant, 3, price=1000), at=at)


def two_refunds(at: datetime) -> Story:
    shop, variant, order = _sold(at)
    line = order.lines.get()

    def give_back() -> OrderRefund:
        return refund(order=order, lines={line: 2}, reason="x", restock=True, actor="clerk", at=at)

    return Story(shop, variant, order, [give_back, give_back], Order, most_back=2)


def cancelling_and_shipping(at: datetime) -> Story:
    shop, variant, order = _sold(at)
    parcel = pack(order=order, actor="clerk", at=at)
    actions: list[Callable[[], Any]] = [
        lambda: cancel(order=order, reason="x", actor="clerk", at=at),
        lambda: ship(fulfilment=parcel, actor="packer", at=at),
    ]
    return Story(shop, variant, order, actions, Fulfilment, most_back=3)


def cancelling_and_packing(at: datetime) -> Story:
    shop, variant, order = _sold(at)
    actions: list[Callable[[], Any]] = [
        lambda: cancel(order=order, reason="x", actor="shopper", at=at, by_customer=True),
        lambda: pack(order=order, actor="packer", at=at),
    ]
    return Story(shop, variant, order, actions, Order, most_back=3)


def receiving_twice(at: datetime) -> Story:
    shop, variant, order = _sold(at)
    ship(fulfilment=pack(order=order, actor="clerk", at=at), actor="clerk", at=at)
    asked = [Asked(order.lines.get(), 2, ReturnReason.UNWANTED)]
    parent = approve(parent=request(order=order, asked=asked, actor="shopper", at=at), actor="clerk", at=at)
    row = parent.lines.get()

    def take_in() -> Return:
        return receive(parent=parent, came={row: Came(2, Condition.RESTOCK)}, actor="clerk", at=at)

    return Story(shop, variant, order, [take_in, take_in], Return, most_back=2)


STORIES = [two_refunds, cancelling_and_shipping, cancelling_and_packing, receiving_twice]
every_story = pytest.mark.parametrize("tell", STORIES, ids=lambda each: each.__name__)


@every_story
@pytest.mark.parametrize("round_", ROUNDS)
def test_one_is_first_and_the_other_is_told(tell: Callable[[datetime], Story], at: datetime, round_: int) -> None:
    story = tell(at)
    outcomes = at_once(*story.actions)
    assert story.is_sound(outcomes), outcomes
    call_command("audit")


@every_story
def test_without_the_locks_the_same_story_goes_wrong(
    tell: Callable[[datetime], Story], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = tell(at)
    both_have_read, readers = threading.Barrier(2), set()

    def unlocked(rows: QuerySet[Any]) -> QuerySet[Any]:
        if rows.model is story.read and threading.get_ident() not in readers:
            readers.add(threading.get_ident())
            list(rows)
            both_have_read.wait(timeout=10)
        return rows

    def unlocked_row(model: Any) -> Any:
        return lambda *, pk: list(unlocked(model._default_manager.filter(pk=pk)))

    monkeypatch.setattr("commerce.kit.locks._for_update", unlocked)
    monkeypatch.setattr("commerce.kit.locks._row_of", unlocked_row)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
    outcomes = at_once(*story.actions)
    assert len(readers) == 2, "both must have read, or nothing was tried"
    assert not story.is_sound(outcomes), outcomes


def _overdue(at: datetime) -> Order:
    order = buy(Bought(open_shop().sell(price=1999, stock=10), 2), at=at, method="bank_transfer", state="pending")
    Payment.objects.update(pay_by=at)
    return order


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_receipt_that_comes_while_two_clocks_cancel_is_kept_or_goes_back(at: datetime, round_: int) -> None:
    order = _overdue(at)
    [payment] = payments_of(order)

    def take_note() -> None:
        with transaction.atomic():
            record_receipt(payment=payment, amount=order.total, reference="R1", actor="clerk", at=at)
        follow_payments(order_id=order.pk, actor="clerk", reason="Received", at=at)

    def lapses() -> bool:
        return lapse(order_id=order.pk, actor="clock", at=at)

    first, second, received = at_once(lapses, lapses, take_note)
    order.refresh_from_db()
    lapsed = order.status == OrderStatus.CANCELLED
    assert (sorted([first, second]), received) == ([False, lapsed], None)
    assert lapsed or (order.status, order.payment_state) == ("confirmed", "paid")
    assert payment.refunds.filter(amount_minor=order.total_minor).exists() == lapsed
    call_command("audit")


def _edited_while_ten_euros_come(at: datetime, monkeypatch: pytest.MonkeyPatch, *, wait: bool) -> Order:
    """An edit makes the order 5.00 dearer; with `wait` the receipt comes after its sums were read."""
    order = buy(Bought(open_shop().sell(price=1999, stock=10), 2), at=at, method="bank_transfer", state="pending")
    [payment] = payments_of(order)
    summed, received, pay_by = threading.Event(), threading.Event(), asking.pay_by

    def slow(*args: Any, **options: Any) -> Any:
        summed.set()
        assert not wait or received.wait(timeout=10)
        return pay_by(*args, **options)

    def edit() -> None:
        with transaction.atomic():
            locked = lock_order(order.pk)
            dearer = {name: F(name) + 500 for name in ("subtotal_minor", "total_minor")}
            Order.objects.filter(pk=order.pk).update(**dearer)
            locked.refresh_from_db()
            asking.ask_for_what_is_lacking(locked, reason="Edited", actor="clerk", at=at)

    def take_note() -> None:
        assert not wait or summed.wait(timeout=10)
        with transaction.atomic():
            record_receipt(payment=payment, amount=Money(1000, "EUR"), reference="R1", actor="clerk", at=at)
        received.set()

    monkeypatch.setattr(asking, "pay_by", slow)
    assert at_once(edit, take_note) == [None, None]
    order.refresh_from_db()
    return order


@pytest.mark.parametrize("round_", ROUNDS)
def test_what_comes_during_an_edit_counts_once(at: datetime, monkeypatch: pytest.MonkeyPatch, round_: int) -> None:
    order = _edited_while_ten_euros_come(at, monkeypatch, wait=False)
    assert Payment.objects.get().amount == order.total


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has but one lock")
def test_without_the_lock_of_its_payments_what_comes_during_an_edit_is_asked_for_again(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_lock_payments", lambda order: None)
    order = _edited_while_ten_euros_come(at, monkeypatch, wait=True)
    assert Payment.objects.get().amount.minor == order.total_minor + 1000
