"""Faults 10, 13, 14, 18, 24 and 25: impatient shoppers, staff who change things meanwhile, odd currencies.

The races are real threads; each has a negative control, the same story with the protection taken away.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.models import ProtectedError
from rest_framework.test import APIClient
from wagtail.models import Locale

from cms.catalogue.models import Product, Variant
from commerce.cart import filling
from commerce.cart.models import Cart
from commerce.checkout import completing, expiring, locking, starting
from commerce.checkout.completing import finish
from commerce.checkout.models import Checkout
from commerce.checkout.starting import start
from commerce.inventory import reservations
from commerce.kit import outbox
from commerce.kit.money import Money
from commerce.kit.states import IllegalTransition
from commerce.orders.models import Order
from commerce.orders.refunding import refund
from commerce.payments.models import Payment
from tests.factories import Shop, open_shop
from tests.factories.promotions import PromotionFactory
from tests.races.runners import at_once
from tests.till import Till

racing = pytest.mark.django_db(transaction=True)
CLICKS = 20


def _start(cart: Cart, at: datetime) -> Checkout:
    return start(cart_id=cart.pk, locale=Locale.get_default(), at=at)


def _work(at: datetime) -> None:
    while outbox.deliver_due(at=at):
        pass


# Fault 10


def _click(path: str, body: dict[str, str], key: str) -> Callable[[], Any]:
    return lambda: APIClient().post(path, body, format="json", headers={"Idempotency-Key": key})


@racing
@pytest.mark.parametrize("is_one_key", [True, False], ids=["one key", "a key each"])
def test_fault_10_twenty_clicks_on_buy_open_one_checkout_and_one_intent(till: Till, is_one_key: bool) -> None:
    shop = open_shop()
    cart = shop.cart((shop.sell(stock=3), 1))
    keys = [str(uuid.uuid4())] * CLICKS if is_one_key else [str(uuid.uuid4()) for _ in range(CLICKS)]
    answers = at_once(*[_click("/api/v1/checkouts/", {"cart": str(cart.pk)}, key) for key in keys])
    assert {answer.status_code for answer in answers} <= {201, 409}, answers
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"idempotency_key_in_flight"}
    assert {answer.json()["id"] for answer in answers if answer.status_code == 201} == {str(Checkout.objects.get().pk)}
    with till.store.transaction() as records:
        assert len(list(records.newest("payment_intent"))) == 1


@racing
def test_fault_10_twenty_clicks_on_done_make_one_order(till: Till, at: datetime) -> None:
    shop = open_shop()
    checkout = _start(shop.cart((shop.sell(stock=3), 1)), at)
    till.pay(checkout.payment)
    path = f"/api/v1/checkouts/{checkout.pk}/complete/"
    answers = at_once(*[_click(path, {}, str(uuid.uuid4())) for _ in range(CLICKS)])
    assert {answer.status_code for answer in answers} == {200}, [answer.content for answer in answers]
    assert {answer.json()["order"]["number"] for answer in answers} == {Order.objects.get().number}
    call_command("audit")


@racing
def test_without_the_lock_on_the_checkout_two_clicks_on_done_collide(
    till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the unique constraint stands between the shopper and a second order: one click ends in an error."""
    shop = open_shop()
    checkout = _start(shop.cart((shop.sell(stock=3), 1)), at)
    till.pay(checkout.payment)
    _read_without_waiting(monkeypatch, completing, "lock_checkout", locking.lock_checkout)
    outcomes = at_once(*[lambda: finish(checkout_id=checkout.pk, actor="shopper", at=at)] * 2)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes


def _read_without_waiting(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, lock: Any) -> None:
    """Take the lock away, and hold both until both have read."""
    both_have_read = threading.Barrier(2)

    def unlocked(checkout_id: uuid.UUID) -> Checkout:
        checkout = Checkout.objects.select_related("cart").get(pk=checkout_id)
        both_have_read.wait(timeout=20)
        return checkout

    monkeypatch.setattr(module, name, unlocked)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")


# Fault 13


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["price", "promotion", "tax"])
def test_fault_13_what_changes_after_the_payment_was_opened_is_never_charged(
    shop: Shop, till: Till, at: datetime, what: str
) -> None:
    """Who pays the frozen quote gets the frozen quote; who asks anew with what they were shown is told."""
    variant = shop.sell(price=1999)
    cart = shop.cart((variant, 2))
    checkout = _start(cart, at)
    later = at + timedelta(seconds=1)
    if what == "price":
        shop.prices.prices.update(amount_minor=2999)
    elif what == "tax":
        type(shop.market)._default_manager.filter(pk=shop.market.pk).update(tax_inclusive=False)
    else:
        PromotionFactory.create(level="order")
    if what != "tax":
        with pytest.raises(starting.QuoteChanged), transaction.atomic():
            start(cart_id=cart.pk, locale=Locale.get_default(), due_minor=checkout.due_minor, at=later)
    till.pay(checkout.payment)
    order = finish(checkout_id=checkout.pk, actor="shopper", at=later).order
    assert (order.total_minor, order.quote) == (checkout.due_minor, checkout.quote)


# Fault 14


@racing
@pytest.mark.parametrize("round_", range(3))
def test_fault_14_a_cart_that_is_edited_while_it_is_paid_sells_what_was_paid_for(
    till: Till, at: datetime, round_: int
) -> None:
    shop = open_shop()
    variant, other = shop.sell(price=1999), shop.sell(price=4550)
    cart = shop.cart((variant, 1))
    checkout = _start(cart, at)
    till.pay(checkout.payment)
    at_once(
        lambda: filling.add_line(cart_id=cart.pk, variant_id=other.pk, quantity=1, at=at),
        lambda: finish(checkout_id=checkout.pk, actor="shopper", at=at),
    )
    order = Order.objects.get()
    assert order.total_minor == checkout.due_minor
    assert [line.variant_id for line in order.lines.all()] == [variant.pk]
    assert shop.level(other).reserved == 0
    call_command("audit")


@racing
@pytest.mark.parametrize("round_", range(3))
def test_fault_14_a_cart_that_is_checked_out_anew_while_it_is_paid_ends_in_one_order_and_the_rest_goes_back(
    till: Till, at: datetime, round_: int
) -> None:
    shop = open_shop()
    variant = shop.sell(price=1999)
    cart = shop.cart((variant, 1))
    first = _start(cart, at)
    till.pay(first.payment)
    cart.lines.update(quantity=2)
    at_once(lambda: _start(cart, at), lambda: finish(checkout_id=first.pk, actor="shopper", at=at))
    _work(at)
    first.refresh_from_db()
    assert first.status == "completed"
    assert Order.objects.get().total_minor == first.due_minor
    assert (shop.level(variant).on_hand, shop.level(variant).reserved) == (9, 0)
    call_command("audit")


# Fault 18


@racing
@pytest.mark.parametrize("round_", range(3))
def test_fault_18_a_payment_that_succeeds_as_its_reservation_runs_out_still_has_one_end(
    till: Till, at: datetime, round_: int
) -> None:
    shop = open_shop()
    variant = shop.sell(stock=1)
    checkout = _start(shop.cart((variant, 1)), at)
    till.pay(checkout.payment)
    over = checkout.expires_at
    at_once(
        lambda: finish(checkout_id=checkout.pk, actor="shopper", at=over),
        lambda: expiring.expire_due(at=over),
        lambda: reservations.expire_due(at=over),
    )
    _work(over)
    assert Order.objects.get().checkout_id == checkout.pk
    assert (shop.level(variant).on_hand, shop.level(variant).reserved) == (0, 0)
    call_command("audit")


@racing
def test_without_the_lock_on_the_checkout_it_can_end_twice(
    till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock has read an open checkout, and the shopper is faster: only the table of states stands in the way."""
    shop = open_shop()
    checkout = _start(shop.cart((shop.sell(stock=1), 1)), at)
    till.pay(checkout.payment)
    over = checkout.expires_at
    read_before = Checkout.objects.select_related("cart", "payment").get(pk=checkout.pk)
    assert finish(checkout_id=checkout.pk, actor="shopper", at=over).status == "completed"
    monkeypatch.setattr(expiring, "lock_checkout", lambda checkout_id: read_before)
    with pytest.raises(IllegalTransition):
        expiring.expire(checkout_id=checkout.pk, reason="Time is over", actor="clock", at=over)


# Fault 24


def _unpublish(shop: Shop, variant: Variant) -> None:
    shop.content(variant).unpublish()


def _rename_the_sku(shop: Shop, variant: Variant) -> None:
    Variant.objects.filter(pk=variant.pk).update(sku="RENAMED")


def _delete_the_content(shop: Shop, variant: Variant) -> None:
    shop.content(variant).delete()


def _delete_the_product(shop: Shop, variant: Variant) -> None:
    """Refused: what is promised or was sold stays."""
    with pytest.raises(ProtectedError), transaction.atomic():
        Product.objects.get(pk=variant.product_id).delete()


@pytest.mark.django_db
@pytest.mark.parametrize("happens", [_unpublish, _rename_the_sku, _delete_the_content, _delete_the_product])
@pytest.mark.parametrize("is_paid_first", [True, False])
def test_fault_24_what_becomes_of_a_product_in_checkout_does_not_change_what_is_bought(
    shop: Shop, till: Till, at: datetime, happens: Callable[[Shop, Variant], None], is_paid_first: bool
) -> None:
    variant = shop.sell(price=1999, sku="SKU-AS-SOLD")
    checkout = _start(shop.cart((variant, 1)), at)
    title = checkout.quote["lines"][0]["title"]
    if is_paid_first:
        till.pay(checkout.payment)
    happens(shop, variant)
    if not is_paid_first:
        till.pay(checkout.payment)
    order = finish(checkout_id=checkout.pk, actor="shopper", at=at).order
    line = order.lines.get()
    assert (line.sku, line.title, order.total_minor) == ("SKU-AS-SOLD", title, checkout.due_minor)
    assert order.quote == checkout.quote


@racing
@pytest.mark.parametrize("round_", range(3))
def test_fault_24_an_unpublish_at_the_very_moment_of_the_return_changes_nothing(
    till: Till, at: datetime, round_: int
) -> None:
    shop = open_shop()
    variant = shop.sell(price=1999)
    checkout = _start(shop.cart((variant, 1)), at)
    till.pay(checkout.payment)
    at_once(
        lambda: _unpublish(shop, variant),
        lambda: finish(checkout_id=checkout.pk, actor="shopper", at=at),
    )
    assert Order.objects.get().total_minor == checkout.due_minor
    call_command("audit")


# Fault 25


@pytest.mark.django_db
@pytest.mark.parametrize(("currency", "price"), [("JPY", 333), ("KWD", 3330), ("EUR", 333), ("HUF", 33300)])
def test_fault_25_in_every_currency_seven_units_go_back_one_by_one_to_the_last_coin(
    till: Till, at: datetime, currency: str, price: int
) -> None:
    shop = open_shop(currency=currency)
    checkout = _start(shop.cart((shop.sell(price=price), 7)), at)
    till.pay(checkout.payment)
    order = finish(checkout_id=checkout.pk, actor="shopper", at=at).order
    for unit in range(7):
        rest = order.shipping if unit == 6 else None
        refund(order=order, lines={order.lines.get(): 1}, shipping=rest, reason="Back", restock=True, actor="s", at=at)
        _work(at)
    payment = Payment.objects.get(pk=order.payment_id)
    assert payment.refunded == Money(checkout.due_minor, currency)
    assert sum(payment.ledger.values_list("amount_minor", flat=True)) == 0
    call_command("audit")
