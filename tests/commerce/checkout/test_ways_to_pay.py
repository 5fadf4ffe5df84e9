"""Paying at once, by an authorisation that is captured later, by bank transfer or on delivery."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from wagtail.models import Locale

from cms.catalogue.models import Variant
from commerce.checkout.completing import CheckoutExpired, complete, finish
from commerce.checkout.expiring import expire_due
from commerce.checkout.gift_cards import bought_cards, issue_once_paid
from commerce.checkout.models import Checkout
from commerce.checkout.starting import Means, start
from commerce.inventory.adjusting import adjust
from commerce.inventory.models import StockMovement, StockPolicy
from commerce.kit import outbox
from commerce.orders.models import Order
from commerce.payments.gateways import payment_gateway
from commerce.payments.methods import MethodNotOffered
from commerce.payments.models import Method, Payment, PaymentMethodOffer
from commerce.payments.receiving import record_receipt
from commerce.payments.settling import settle
from tests.factories import ProductContentFactory, ProductFactory, Shop
from tests.factories.promotions import CouponFactory, PromotionFactory
from tests.till import Till

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offers(shop: Shop) -> None:
    for position, method in enumerate(Method):
        PaymentMethodOffer.objects.create(market=shop.market, method=method, position=position)


@pytest.fixture
def captured_later(settings: Any) -> None:
    settings.PAYMENT_CAPTURE = "manual"


def _start(shop: Shop, at: datetime, method: str = Method.STRIPE, *, stock: int = 10) -> Checkout:
    cart = shop.cart((shop.sell(price=1999, stock=stock), 2))
    return start(cart_id=cart.pk, locale=Locale.get_default(), means=Means(method=method), at=at)


def _finish(checkout: Checkout, at: datetime) -> Order:
    order = finish(checkout_id=checkout.pk, actor="shopper", at=at).order
    assert order is not None
    return order


def _states(order: Order) -> tuple[str, str, str]:
    order.refresh_from_db()
    return order.status, order.payment_state, order.payment_method


def test_an_order_by_bank_transfer_waits_for_its_money_with_its_stock_gone_from_the_shelf(
    shop: Shop, till: Till, at: datetime
) -> None:
    checkout = _start(shop, at, Method.BANK_TRANSFER)
    order = _finish(checkout, at)
    assert _states(order) == ("pending", "pending", "bank_transfer")
    assert shop.level(order.lines.get().variant).on_hand == 8
    assert till.events() == [], "the gateway has nothing to do with it"


def test_a_bank_transfer_is_awaited_for_as_long_as_its_market_says(shop: Shop, till: Till, at: datetime) -> None:
    def awaited_until(method: str) -> datetime | None:
        payment = _start(shop, at, method).payment
        assert payment is not None
        return payment.pay_by

    assert awaited_until(Method.BANK_TRANSFER) == at + timedelta(days=14)
    assert awaited_until(Method.CASH_ON_DELIVERY) is None
    assert awaited_until(Method.STRIPE) is None
    PaymentMethodOffer.objects.update(days_to_pay=None)
    assert awaited_until(Method.BANK_TRANSFER) is None


def test_the_money_of_a_bank_transfer_confirms_the_order(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at, Method.BANK_TRANSFER)
    order = _finish(checkout, at)
    assert checkout.payment is not None
    record_receipt(payment=checkout.payment, amount=checkout.due, reference="statement 7", actor="clerk", at=at)
    while outbox.deliver_due(at=at):
        pass
    assert _states(order) == ("confirmed", "paid", "bank_transfer")


def test_an_order_on_delivery_is_confirmed_at_once_and_not_paid(shop: Shop, till: Till, at: datetime) -> None:
    order = _finish(_start(shop, at, Method.CASH_ON_DELIVERY), at)
    assert _states(order) == ("confirmed", "pending", "cash_on_delivery")


def test_a_promise_counts_only_from_the_shopper_and_only_in_time(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(shop, at, Method.BANK_TRANSFER)
    assert complete(checkout_id=checkout.pk, actor="clock", at=at).status == "open"
    later = at + timedelta(hours=1)
    expire_due(at=later)
    with pytest.raises(CheckoutExpired):
        finish(checkout_id=checkout.pk, actor="shopper", at=later)
    assert Payment.objects.get().status == "cancelled"
    assert not Order.objects.exists()


def test_a_method_that_the_market_does_not_offer_is_refused_and_changes_nothing(
    shop: Shop, till: Till, at: datetime
) -> None:
    PaymentMethodOffer.objects.filter(method=Method.CASH_ON_DELIVERY).delete()
    with pytest.raises(MethodNotOffered):
        _start(shop, at, Method.CASH_ON_DELIVERY)
    assert not Checkout.objects.exists()
    assert not Payment.objects.exists()


def test_choosing_another_method_begins_a_new_checkout_and_ends_the_old_payment(
    shop: Shop, till: Till, at: datetime
) -> None:
    checkout = _start(shop, at)
    other = start(
        cart_id=checkout.cart_id, locale=Locale.get_default(), means=Means(method=Method.BANK_TRANSFER), at=at
    )
    while outbox.deliver_due(at=at):
        pass
    checkout.refresh_from_db()
    assert (checkout.status, other.status) == ("expired", "open")
    assert checkout.payment is not None
    assert till.intent(checkout.payment)["status"] == "canceled"
    assert _states(_finish(other, at))[2] == "bank_transfer"


def test_money_that_is_authorised_makes_the_order_and_is_not_taken(
    shop: Shop, till: Till, at: datetime, captured_later: None
) -> None:
    checkout = _start(shop, at)
    assert checkout.payment is not None
    till.pay(checkout.payment)
    order = _finish(checkout, at)
    assert _states(order) == ("confirmed", "authorised", "stripe")
    payment = Payment.objects.get()
    assert (payment.authorised, payment.captured.minor) == (checkout.due, 0)
    assert till.intent(payment)["status"] == "requires_capture"


def test_the_webhook_of_an_authorisation_completes_the_checkout_too(
    shop: Shop, till: Till, at: datetime, captured_later: None
) -> None:
    checkout = _start(shop, at)
    assert checkout.payment is not None
    till.pay(checkout.payment)
    settle(payment_id=checkout.payment.pk, actor="webhook", at=at)
    while outbox.deliver_due(at=at):
        pass
    assert Order.objects.get().payment_state == "authorised"


def test_an_authorisation_whose_stock_is_gone_is_let_go_and_nothing_is_taken(
    shop: Shop, till: Till, at: datetime, captured_later: None
) -> None:
    checkout = _start(shop, at, stock=2)
    assert checkout.payment is not None
    later = at + timedelta(hours=1)
    till.pay(checkout.payment)
    expire_due(at=later)
    variant = checkout.cart.lines.get().variant
    level = shop.level(variant)
    adjust(
        variant=variant,
        location=level.location,
        change=-2,
        kind=StockMovement.Kind.ADJUSTMENT,
        actor="clerk",
        reason="Broken",
        at=later,
    )
    complete(checkout_id=checkout.pk, actor="clock", at=later)
    while outbox.deliver_due(at=later):
        pass
    assert not Order.objects.exists()
    payment = Payment.objects.get()
    assert payment.status == "cancelled"
    assert till.intent(payment)["status"] == "canceled"
    assert not payment.ledger.exists()


def _gift_card_for_sale(shop: Shop) -> Variant:
    product = ProductFactory.create(kind="gift_card", tax_class="zero", shipping_class="none")
    ProductContentFactory.create(product=product)
    variant = shop.sell(product=product, price=5000, stock=0)
    StockPolicy.objects.create(variant=variant, is_tracked=False)
    return variant


def test_a_gift_card_is_issued_once_it_is_paid_and_not_for_a_promise(shop: Shop, till: Till, at: datetime) -> None:
    cart = shop.cart((_gift_card_for_sale(shop), 1))
    means = Means(method=Method.BANK_TRANSFER)
    checkout = start(cart_id=cart.pk, locale=Locale.get_default(), means=means, at=at)
    order = _finish(checkout, at)
    assert not bought_cards(order).exists()
    assert checkout.payment is not None
    record_receipt(payment=checkout.payment, amount=checkout.due, reference="statement 1", actor="clerk", at=at)
    while outbox.deliver_due(at=at):
        pass
    issue_once_paid(order_id=order.pk, actor="clock", at=at)
    assert bought_cards(order).get().balance.minor == 5000


def test_a_payment_that_was_cancelled_at_the_gateway_is_not_handed_out_again(
    shop: Shop, till: Till, at: datetime
) -> None:
    checkout = _start(shop, at)
    assert checkout.payment is not None
    payment_gateway().cancel_intent(gateway_id=checkout.payment.gateway_id)
    settle(payment_id=checkout.payment.pk, actor="webhook", at=at)
    again = start(cart_id=checkout.cart_id, locale=Locale.get_default(), at=at)
    assert again.payment is not None
    assert (again.pk != checkout.pk, again.payment.status) == (True, "open")


def test_a_coupon_for_what_is_never_out_of_stock_is_held_again_when_the_money_comes_late(
    shop: Shop, till: Till, at: datetime
) -> None:
    """Nothing was reserved, so no missing reservation tells that the coupon was let go."""
    promotion = PromotionFactory.create(
        kind="percentage", level="order", percent="10", amount_minor=None, requires_coupon=True
    )
    CouponFactory.create(promotion=promotion, code="WELCOME10", total_limit=1)
    lamp = shop.sell(price=2000)
    StockPolicy.objects.create(variant=lamp, is_tracked=False)
    cart = shop.cart((lamp, 1), coupons=["WELCOME10"])
    checkout = start(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    assert checkout.payment is not None
    till.pay(checkout.payment)
    later = at + timedelta(hours=1)
    expire_due(at=later)
    while outbox.deliver_due(at=later):
        pass
    assert complete(checkout_id=checkout.pk, actor="clock", at=later).status == "completed"
