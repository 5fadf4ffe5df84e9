"""A checkout holds stock, coupons and gift cards together, and nothing is left to pay where they pay it all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Locale

from cms.catalogue.models import Product, Variant
from commerce.cart import coupons, credits
from commerce.cart.models import Cart
from commerce.checkout.completing import CheckoutExpired, PaymentReturned, finish
from commerce.checkout.expiring import expire_due
from commerce.checkout.models import Checkout
from commerce.checkout.quoting.gathering import LinesUnavailable
from commerce.checkout.quoting.replaying import differences
from commerce.checkout.starting import start
from commerce.credit.models import CreditAccount
from commerce.kit import outbox
from commerce.orders.models import Order
from commerce.payments.models import Payment, Refund
from commerce.promotions.coupons import CouponUsedUp
from commerce.promotions.models import Coupon, CouponUse
from commerce.shipping.models import ShippingMethod, ShippingRule
from tests.factories import Shop
from tests.factories.credit import gift_card
from tests.factories.promotions import CouponFactory, PromotionFactory
from tests.till import Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def coupon() -> Coupon:
    """Ten percent off the order, once."""
    promotion = PromotionFactory.create(
        kind="percentage", level="order", percent="10", amount_minor=None, requires_coupon=True
    )
    made: Coupon = CouponFactory.create(promotion=promotion, code="WELCOME10", total_limit=1)
    return made


def _cart(shop: Shop, variant: Variant | None = None, **fields: Any) -> Cart:
    return shop.cart((variant or shop.sell(price=2000), 2), **fields)


def _start(cart: Cart, at: datetime) -> Checkout:
    return start(cart_id=cart.pk, locale=Locale.get_default(), at=at)


def _finish(checkout: Checkout, at: datetime) -> Checkout:
    return finish(checkout_id=checkout.pk, actor="shopper", at=at)


def _counts(coupon: Coupon) -> tuple[int, int]:
    coupon.refresh_from_db()
    return coupon.held, coupon.used


def test_a_coupon_is_held_by_the_checkout_and_used_by_the_order(
    shop: Shop, till: Till, coupon: Coupon, at: datetime
) -> None:
    cart = _cart(shop)
    coupons.enter(cart_id=cart.pk, code=" welcome10 ", at=at)
    checkout = _start(cart, at)
    assert (checkout.due_minor, _counts(coupon)) == (3600 + 490, (1, 0))
    till.pay(checkout.payment)
    order = _finish(checkout, at).order
    assert order is not None
    assert (order.subtotal_minor, order.discount_minor, order.total_minor) == (4000, 400, 4090)
    assert [(line.discount_minor, line.total_minor) for line in order.lines.all()] == [(400, 3600)]
    assert _counts(coupon) == (0, 1)
    assert differences(order.quote) == []
    call_command("audit")


def test_a_coupon_comes_back_when_the_time_to_pay_is_over(shop: Shop, till: Till, coupon: Coupon, at: datetime) -> None:
    cart = _cart(shop)
    coupons.enter(cart_id=cart.pk, code="WELCOME10", at=at)
    _start(cart, at)
    expire_due(at=at + timedelta(days=1))
    assert _counts(coupon) == (0, 0)


def test_who_comes_second_to_a_single_coupon_is_told_and_holds_nothing(
    shop: Shop, till: Till, coupon: Coupon, at: datetime
) -> None:
    variant = shop.sell(price=2000)
    first, second = _cart(shop, variant), _cart(shop, variant, email="other@example.com")
    for cart in (first, second):
        coupons.enter(cart_id=cart.pk, code="WELCOME10", at=at)
    _start(first, at)
    with pytest.raises(CouponUsedUp):
        coupons.enter(cart_id=_cart(shop, variant).pk, code="WELCOME10", at=at)
    # The second entered it in time, but its quote goes without by now.
    checkout = _start(second, at)
    assert checkout.due_minor == 4490
    assert checkout.quote["promotions"][-1]["reason"] == "coupon_used_up"
    assert _counts(coupon) == (1, 0)


def test_money_that_comes_when_the_coupon_is_gone_goes_back(
    shop: Shop, till: Till, coupon: Coupon, at: datetime
) -> None:
    variant = shop.sell(price=2000)
    first, second = _cart(shop, variant), _cart(shop, variant, email="other@example.com")
    for cart in (first, second):
        coupons.enter(cart_id=cart.pk, code="WELCOME10", at=at)
    late = _start(first, at)
    expire_due(at=at + timedelta(days=1))
    quick = _start(second, at + timedelta(days=1))
    till.pay(quick.payment)
    assert _finish(quick, at + timedelta(days=1)).order is not None
    till.pay(late.payment)
    with pytest.raises(PaymentReturned):
        _finish(late, at + timedelta(days=1))
    outbox.deliver_due(at=at + timedelta(days=1))
    assert Refund.objects.get().amount_minor == 4090
    assert CouponUse.objects.filter(state="used").count() == 1
    assert shop.level(variant).on_hand == 8
    call_command("audit")


def test_a_gift_card_pays_a_part_and_the_payment_the_rest(shop: Shop, till: Till, at: datetime) -> None:
    card = gift_card("25.00")
    cart = _cart(shop)
    credits.enter(cart_id=cart.pk, code=card.code, at=at)
    checkout = _start(cart, at)
    assert checkout.due_minor == 4490 - 2500
    assert Payment.objects.get().amount_minor == 1990
    till.pay(checkout.payment)
    order = _finish(checkout, at).order
    assert order is not None
    assert (order.total_minor, order.credit_minor, order.due.minor) == (4490, 2500, 1990)
    assert CreditAccount.objects.get(pk=card.pk).balance_minor == 0
    call_command("audit")


def test_where_nothing_is_left_to_pay_no_payment_is_opened(shop: Shop, till: Till, at: datetime) -> None:
    card = gift_card("50.00")
    cart = _cart(shop)
    credits.enter(cart_id=cart.pk, code=card.code, at=at)
    checkout = _start(cart, at)
    assert (checkout.due_minor, checkout.payment) == (0, None)
    assert not Payment.objects.exists()
    assert _start(cart, at).pk == checkout.pk
    first, second = _finish(checkout, at), _finish(checkout, at)
    assert first.order_id == second.order_id
    assert Order.objects.get().payment_id is None
    assert CreditAccount.objects.get(pk=card.pk).balance_minor == 510
    call_command("audit")


def test_a_checkout_without_a_payment_makes_no_order_once_its_time_is_over(
    shop: Shop, till: Till, at: datetime
) -> None:
    card = gift_card("50.00")
    cart = _cart(shop)
    credits.enter(cart_id=cart.pk, code=card.code, at=at)
    checkout = _start(cart, at)
    later = at + timedelta(days=1)
    expire_due(at=later)
    assert CreditAccount.objects.get(pk=card.pk).available.minor == 5000
    with pytest.raises(CheckoutExpired):
        _finish(checkout, later)
    assert not Order.objects.exists()
    outbox.deliver_due(at=later)


def test_a_gift_card_that_is_bought_is_worth_its_price(shop: Shop, till: Till, at: datetime) -> None:
    variant = shop.sell(price=5000)
    Product.objects.filter(pk=variant.product_id).update(kind="gift_card", tax_class="zero", shipping_class="none")
    checkout = _start(_cart(shop, variant), at)
    assert checkout.due_minor == 10000
    till.pay(checkout.payment)
    order = _finish(checkout, at).order
    assert order is not None
    cards = CreditAccount.objects.filter(bought_reference=order.number)
    assert [card.balance_minor for card in cards] == [5000, 5000]
    assert order.tax_minor == 0
    _finish(checkout, at)
    assert cards.count() == 2
    call_command("audit")


def test_a_gift_that_the_promotion_adds_leaves_the_stock_with_the_order(shop: Shop, till: Till, at: datetime) -> None:
    tea = shop.sell(price=500, stock=3)
    promotion = PromotionFactory.build(kind="gift", percent=None, gift_variant=tea, gift_quantity=1)
    promotion.save()
    checkout = _start(_cart(shop), at)
    assert [(line["gift"], line["quantity"]) for line in checkout.quote["lines"]] == [(False, 2), (True, 1)]
    assert shop.level(tea).reserved == 1
    till.pay(checkout.payment)
    assert _finish(checkout, at).order is not None
    assert shop.level(tea).on_hand == 2
    call_command("audit")


def test_a_gift_of_which_none_is_left_is_not_promised(shop: Shop, till: Till, at: datetime) -> None:
    tea = shop.sell(price=500, stock=0)
    PromotionFactory.build(kind="gift", percent=None, gift_variant=tea, gift_quantity=1).save()
    quote = _start(_cart(shop), at).quote
    assert len(quote["lines"]) == 1
    assert [(each["applied"], each["reason"]) for each in quote["promotions"]] == [(False, "gift_out_of_stock")]


def test_a_gift_that_may_not_be_shipped_there_does_not_stand_in_the_way(shop: Shop, till: Till, at: datetime) -> None:
    lighter = shop.sell(price=500)
    Product.objects.filter(pk=lighter.product_id).update(shipping_class="hazardous")
    zone = ShippingMethod.objects.get().zone
    ShippingRule.objects.create(zone=zone, name="No fire", shipping_class="hazardous", effect="refuse")
    PromotionFactory.create(kind="gift", gift_variant=lighter)
    quote = _start(_cart(shop), at).quote
    assert len(quote["lines"]) == 1
    assert differences(quote) == []


def test_a_gift_card_that_costs_nothing_cannot_be_bought(shop: Shop, till: Till, at: datetime) -> None:
    variant = shop.sell(price=0)
    Product.objects.filter(pk=variant.product_id).update(kind="gift_card", shipping_class="none")
    with pytest.raises(LinesUnavailable):
        _start(_cart(shop, variant), at)


def test_money_for_a_quote_of_an_earlier_version_goes_back(shop: Shop, till: Till, at: datetime) -> None:
    checkout = _start(_cart(shop), at)
    Checkout.objects.filter(pk=checkout.pk).update(quote={"lines": [], "total": checkout.quote["total"]})
    till.pay(checkout.payment)
    with pytest.raises(PaymentReturned):
        _finish(checkout, at)
    outbox.deliver_due(at=at)
    assert Refund.objects.get().amount_minor == checkout.due_minor
