from __future__ import annotations

import io
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from wagtail.models import Locale

from commerce.checkout.completing import finish
from commerce.checkout.models import Checkout
from commerce.checkout.starting import start
from commerce.inventory.models import Reservation, StockLevel
from commerce.orders.models import Order, OrderLine
from commerce.payments.models import Payment
from commerce.pricing.models import Price
from tests.factories import Shop
from tests.till import Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shop: Shop, till: Till, at: datetime) -> Order:
    """A purchase, and a second checkout that is still open."""
    carts = [shop.cart((shop.sell(), 2)) for _ in range(2)]
    bought, _ = (start(cart_id=cart.pk, locale=Locale.get_default(), at=at) for cart in carts)
    till.pay(bought.payment)
    finish(checkout_id=bought.pk, actor="shopper", at=at)
    return Order.objects.get()


def _audit() -> str:
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("audit", stderr=said)
    return said.getvalue()


def test_a_shop_that_was_used_adds_up(order: Order) -> None:
    said = io.StringIO()
    call_command("audit", stdout=said)
    assert said.getvalue() == "everything adds up\n"


def test_stock_that_its_movements_do_not_explain(order: Order) -> None:
    StockLevel.objects.update(on_hand=F("on_hand") + 1)
    assert _audit().count("I3 stock level") == 2


def test_stock_that_is_reserved_for_nobody(order: Order) -> None:
    Reservation.objects.filter(state="open").update(state="released")
    assert "I3 stock level" in _audit()


def test_an_order_whose_lines_make_another_sum(order: Order) -> None:
    OrderLine.objects.update(quantity=3, total_minor=F("unit_price_minor") * 3)
    assert f"I7 order {order.number}" in _audit()


def test_a_payment_that_succeeded_without_money(order: Order) -> None:
    open_payment = Payment.objects.get(status="open")
    Payment.objects.filter(pk=open_payment.pk).update(status="succeeded")
    assert f"I1 payment {open_payment.pk}" in _audit()


def test_a_price_that_its_ledger_does_not_tell(order: Order) -> None:
    Price.objects.update(amount_minor=F("amount_minor") + 1)
    said = _audit()
    assert said.count("in list") == 2
    assert "it is 20.00 EUR (regular 20.00 EUR), the ledger tells 19.99 EUR (regular 19.99 EUR)" in said


def test_a_price_that_was_taken_away_behind_its_ledger(order: Order) -> None:
    Price.objects.all().delete()
    assert _audit().count("it is none, the ledger tells 19.99 EUR") == 2


def test_a_completed_checkout_without_its_order(order: Order) -> None:
    Checkout.objects.filter(order=order).update(order=None)
    said = _audit()
    assert "I4 checkout" in said
    assert "I6 checkout" in said


def test_a_state_that_no_step_has_led_to(order: Order) -> None:
    Order.objects.update(status="nonsense")
    assert f"I8 order.status {order.pk}" in _audit()


def test_an_open_checkout_at_a_price_that_nothing_asked(order: Order) -> None:
    [checkout] = Checkout.objects.filter(status="open")
    checkout.quote["facts"]["lines"][0]["unit_price"]["minor"] = 1
    checkout.save()
    assert f"I10 checkout {checkout.pk}" in _audit()


def test_a_product_that_is_listed_and_cannot_be_bought(
    order: Order, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr("commerce.listings.auditing.offers_of_products", lambda **_: {})
    assert _audit().count("I10 product") == 2
