from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from wagtail.models import Locale

from commerce.cart.models import Cart
from commerce.checkout import expiring, tasks
from commerce.checkout.completing import CheckoutExpired, PaymentRequired, PaymentReturned, complete, finish
from commerce.checkout.expiring import expire_due
from commerce.checkout.models import Checkout
from commerce.checkout.queries import CheckoutNotFound, paid_and_not_ended
from commerce.checkout.starting import start
from commerce.checkout.tasks import complete_what_is_paid
from commerce.inventory.adjusting import adjust
from commerce.inventory.models import StockMovement
from commerce.kit import outbox
from commerce.kit.models import OutboxDelivery, OutboxEvent
from commerce.orders.models import Order
from commerce.payments.gateways import GatewayRefused
from commerce.payments.models import LedgerEntry, Refund
from commerce.payments.settling import settle
from tests.factories import Shop
from tests.till import DECLINED_CARD, Till

pytestmark = pytest.mark.django_db


def _start(shop: Shop, at: datetime, *, quantity: int = 2, stock: int = 10) -> Checkout:
    variant = shop.sell(price=1999, stock=stock)
    return start(cart_id=shop.cart((variant, quantity)).pk, locale=Locale.get_default(), at=at)


def _finish(checkout: Checkout, at: datetime) -> Checkout:
    return finish(checkout_id=checkout.pk, actor="shopper", at=at)


def test_a_paid_checkout_becomes_an_order_with_its_frozen_quote(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    till.pay(checkout.payment)
    order = _finish(checkout, at).order
    assert order is not None
    assert (order.subtotal_minor, order.shipping_minor, order.total_minor) == (3998, 490, 4488)
    assert order.quote == checkout.quote
    assert [(line.quantity, line.total_minor) for line in order.lines.all()] == [(2, 3998)]
    assert [event.to_status for event in order.events.all()] == ["confirmed", "paid", "unfulfilled"]
    assert order.number.startswith("M-")


def test_the_stock_leaves_with_a_movement_that_names_the_order(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    till.pay(checkout.payment)
    order = _finish(checkout, at).order
    assert order is not None
    level = shop.level(order.lines.get().variant)
    assert (level.on_hand, level.reserved) == (8, 0)
    sale = StockMovement.objects.get(kind="sale")
    assert (sale.quantity, sale.reference) == (-2, order.number)


def test_returning_twice_gives_the_same_order(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    till.pay(checkout.payment)
    assert _finish(checkout, at).order == _finish(checkout, at).order
    assert Order.objects.count() == 1


def test_the_webhook_alone_completes_the_checkout(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    till.pay(checkout.payment)
    settle(payment_id=checkout.payment_id, actor="webhook", at=at)
    outbox.deliver_due(at=at)
    checkout.refresh_from_db()
    assert checkout.status == "completed"
    assert _finish(checkout, at).order_id == checkout.order_id
    assert Order.objects.count() == 1


def test_an_unpaid_checkout_asks_for_payment_and_changes_nothing(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    with pytest.raises(PaymentRequired):
        _finish(checkout, at)
    assert not Order.objects.exists()


def test_after_a_declined_card_another_one_may_pay(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    assert till.pay(checkout.payment, DECLINED_CARD).status == 402
    with pytest.raises(PaymentRequired):
        _finish(checkout, at)
    till.pay(checkout.payment)
    assert _finish(checkout, at).status == "completed"


def test_a_checkout_that_nobody_knows_is_not_found(shop: Shop, till: Till, at: datetime) -> None:
    with pytest.raises(CheckoutNotFound):
        finish(checkout_id=uuid.uuid4(), actor="shopper", at=at)


def test_money_that_comes_too_late_still_buys_while_the_stock_is_there(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    till.pay(checkout.payment)
    later = at + timedelta(hours=1)
    expire_due(at=later)
    assert _finish(checkout, later).status == "completed"
    assert shop.level(Order.objects.get().lines.get().variant).reserved == 0


def test_money_that_comes_after_the_stock_was_sold_goes_back(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at, stock=2)
    till.pay(checkout.payment)
    later = at + timedelta(hours=1)
    expire_due(at=later)
    variant = checkout.cart.lines.get().variant
    adjust(
        variant=variant, location=shop.warehouse, change=-1, kind=StockMovement.Kind.ADJUSTMENT,
        actor="test", reason="Broken", at=later,
    )  # fmt: skip
    with pytest.raises(PaymentReturned):
        _finish(checkout, later)
    outbox.deliver_due(at=later)
    assert Refund.objects.get().status == "succeeded"
    assert sum(entry.amount_minor for entry in LedgerEntry.objects.all()) == 0
    assert not Order.objects.exists()
    assert till.events("charge.refunded")


def test_an_expired_checkout_that_was_not_paid_says_so_and_can_no_longer_be_paid(
    shop: Shop, till: Till, at: datetime
) -> None:
    checkout = _start(shop, at)
    later = at + timedelta(hours=1)
    expire_due(at=later)
    outbox.deliver_due(at=later)
    with pytest.raises(CheckoutExpired):
        _finish(checkout, later)
    assert till.pay(checkout.payment).status == 400
    assert till.intent(checkout.payment)["status"] == "canceled"


def test_a_cart_that_was_paid_for_twice_makes_one_order_and_one_refund(shop: Shop, till: Till, at: datetime) -> None:
    first = _start(shop, at)
    cart = first.cart
    cart.lines.update(quantity=3)
    second = start(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    assert second.pk != first.pk
    till.pay(first.payment)
    till.pay(second.payment)
    assert _finish(second, at).status == "completed"
    with pytest.raises(PaymentReturned):
        _finish(first, at)
    outbox.deliver_due(at=at)
    assert Order.objects.get().total_minor == second.due_minor
    assert Refund.objects.get().amount_minor == first.due_minor


def test_a_later_price_change_leaves_the_order_as_it_was_quoted(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    variant = checkout.cart.lines.get().variant
    variant.prices.update(amount_minor=99999)
    till.pay(checkout.payment)
    order = _finish(checkout, at).order
    assert order is not None
    assert order.total == checkout.due


def test_completing_writes_its_announcement_in_the_same_breath(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    till.pay(checkout.payment)
    _finish(checkout, at)
    order = Order.objects.get()
    announced = OutboxEvent.objects.get(name="orders.placed")
    assert announced.payload == {"order": str(order.pk), "number": order.number}


def test_completing_what_is_not_paid_does_nothing(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at)
    assert complete(checkout_id=checkout.pk, actor="test", at=at).status == "open"


def test_a_paid_checkout_whose_message_was_given_up_is_completed_by_the_clock(
    shop: Shop, till: Till, at: datetime
) -> None:
    checkout = _start(shop, at)
    till.pay(checkout.payment)
    settle(payment_id=checkout.payment_id, actor="webhook", at=at)
    OutboxDelivery.objects.update(parked_at=at)
    complete_what_is_paid(at=at)
    checkout.refresh_from_db()
    assert checkout.status == "completed"


def test_one_checkout_that_cannot_be_completed_holds_up_no_other(
    shop: Shop, till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = _start(shop, at), _start(shop, at)
    for checkout in (broken, whole):
        till.pay(checkout.payment)
        settle(payment_id=checkout.payment_id, actor="webhook", at=at)

    def fails_once(*, checkout_id: uuid.UUID, actor: str, at: datetime) -> Checkout:
        if checkout_id == broken.pk:
            raise RuntimeError("a defect")
        return complete(checkout_id=checkout_id, actor=actor, at=at)

    monkeypatch.setattr("commerce.checkout.tasks.complete", fails_once)
    complete_what_is_paid(at=at)
    assert Order.objects.get().checkout_id == whole.pk


def test_the_shoppers_own_second_checkout_does_not_keep_the_last_unit_from_the_first(
    shop: Shop, till: Till, at: datetime
) -> None:
    first = _start(shop, at, quantity=1, stock=1)
    Cart.objects.update(email="other@example.com")
    second = start(cart_id=first.cart_id, locale=Locale.get_default(), at=at)
    assert second.pk != first.pk
    till.pay(first.payment)
    assert _finish(first, at).status == "completed"
    second.refresh_from_db()
    assert second.status == "expired"


def test_an_amount_that_the_gateway_does_not_take_leaves_no_stock_held(shop: Shop, till: Till, at: datetime) -> None:
    variant = shop.sell(price=99_999_999)
    with pytest.raises(GatewayRefused):
        start(cart_id=shop.cart((variant, 2)).pk, locale=Locale.get_default(), at=at)
    assert shop.level(variant).reserved == 0
    assert Checkout.objects.get().status == "expired"


def test_a_paid_checkout_that_cannot_be_completed_keeps_no_newer_one_waiting(
    shop: Shop, till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, due = _start(shop, at), _start(shop, at + timedelta(seconds=1))
    for checkout in (stuck, due):
        till.pay(checkout.payment)
        settle(payment_id=checkout.payment_id, actor="webhook", at=at)

    def complete_but_one(*, checkout_id: uuid.UUID, **how: Any) -> Checkout:
        if checkout_id == stuck.pk:
            raise RuntimeError("cannot be completed")
        return complete(checkout_id=checkout_id, **how)

    monkeypatch.setattr(tasks, "complete", complete_but_one)
    monkeypatch.setattr(tasks, "paid_and_not_ended", partial(paid_and_not_ended, limit=1))
    for minutes in (1, 2):
        complete_what_is_paid(at=at + timedelta(minutes=minutes))
    assert [Checkout.objects.get(pk=each.pk).status for each in (stuck, due)] == ["open", "completed"]


def test_a_checkout_that_cannot_end_keeps_no_newer_one_from_ending(
    shop: Shop, till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, due = _start(shop, at), _start(shop, at + timedelta(seconds=1))
    expire = expiring.expire

    def expire_but_one(*, checkout_id: uuid.UUID, **how: Any) -> None:
        if checkout_id == stuck.pk:
            raise RuntimeError("cannot end")
        expire(checkout_id=checkout_id, **how)

    monkeypatch.setattr(expiring, "expire", expire_but_one)
    for days in (1, 2):
        expire_due(at=at + timedelta(days=days), limit=1)
    assert [Checkout.objects.get(pk=each.pk).status for each in (stuck, due)] == ["open", "expired"]
