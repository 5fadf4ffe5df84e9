"""Staff edit an order before it is packed: what stays costs what it cost; the difference goes back or is asked for."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Locale

from cms.catalogue.models import Product, Variant
from commerce.cart.filling import VariantNotSellable
from commerce.checkout.amending import GiftCardFixed, NothingChanged, amend, propose
from commerce.checkout.collecting import collect
from commerce.checkout.completing import finish
from commerce.checkout.quoting.amending import NothingLeft, NotInTheOrder
from commerce.checkout.quoting.replaying import differences
from commerce.checkout.starting import Means, start
from commerce.inventory.bundling import set_parts
from commerce.inventory.reservations import OutOfStock
from commerce.kit import outbox
from commerce.orders.cancelling import cancel
from commerce.orders.editing import OrderNotEditable
from commerce.orders.fulfilling import pack
from commerce.orders.models import Order, OrderRevision
from commerce.payments.models import Method, Payment, PaymentMethodOffer
from commerce.payments.opening import open_payment
from commerce.payments.settling import settle
from commerce.shipping.models import ShippingMethod
from tests.factories import Shop
from tests.factories.credit import gift_card
from tests.factories.stock import allow_backorders, bundle_of
from tests.till import Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp(shop: Shop) -> Variant:
    return shop.sell(price=2000, stock=10)


def _bought(
    shop: Shop, till: Till, at: datetime, lamp: Variant, *, many: int = 2, method: str = Method.STRIPE, **cart: Any
) -> Order:
    filled = shop.cart((lamp, many), **cart)
    checkout = start(cart_id=filled.pk, locale=Locale.get_default(), means=Means(method=method), at=at)
    if checkout.payment and method == Method.STRIPE:
        till.pay(checkout.payment)
    order = finish(checkout_id=checkout.pk, actor="shopper", at=at).order
    assert order is not None
    return order


def _amend(order: Order, at: datetime, quantities: Any = None, added: Any = None) -> Order:
    amended = amend(
        order=order,
        quantities={variant.pk: many for variant, many in (quantities or {}).items()},
        added={variant.pk: many for variant, many in (added or {}).items()},
        reason="The shopper called",
        actor="clerk",
        at=at,
    )
    _deliver(at)
    call_command("audit", verbosity=0)
    amended.refresh_from_db()
    return amended


def _deliver(at: datetime) -> None:
    while outbox.deliver_due(at=at):
        pass


def test_fewer_units_cost_less_go_back_on_the_shelf_and_give_the_money_back(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp), at, {lamp: 1})
    assert (order.total_minor, order.edited, order.payment_state) == (2000 + 490, 1, "paid")
    assert [line.quantity for line in order.lines.all()] == [1]
    assert shop.level(lamp).on_hand == 9
    payment = Payment.objects.get()
    assert (payment.captured.minor, payment.refunded.minor) == (4490, 2000)
    assert till.intent(payment)["amount_received"] == 4490


def test_the_price_of_what_stays_is_the_one_that_was_paid_though_it_is_dearer_now(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp, many=3)
    shop.price(lamp, 9900, kind="sale", valid_from=at)
    assert _amend(order, at, {lamp: 1}).total_minor == 2000 + 490


def test_what_is_added_costs_what_it_costs_now_and_is_asked_for_in_a_payment_of_its_own(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    vase = shop.sell(price=1500, stock=3)
    order = _amend(_bought(shop, till, at, lamp), at, added={vase: 2})
    assert order.total_minor == 4000 + 3000 + 490
    assert [(line.sku, line.quantity) for line in order.lines.all()] == [(lamp.sku, 2), (vase.sku, 2)]
    assert shop.level(vase).on_hand == 1
    difference = Payment.objects.get(status="opening")
    assert difference.amount.minor == 3000
    open_payment(payment_id=difference.pk, actor="shopper", at=at)
    difference.refresh_from_db()
    till.pay(difference)
    settle(payment_id=difference.pk, actor="webhook", at=at)
    _deliver(at)
    order.refresh_from_db()
    assert (order.payment_state, order.status) == ("paid", "confirmed")
    call_command("audit", verbosity=0)


def test_what_is_added_and_has_to_come_first_takes_the_promised_days_away(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    ShippingMethod.objects.update(min_days=1, max_days=2)
    there, ahead = shop.sell(stock=5), shop.sell(stock=0)
    allow_backorders(shop, ahead, 3)
    order = _bought(shop, till, at, lamp)
    promised = order.quote["shipping"]["latest"]
    assert promised
    order = _amend(order, at, added={there: 1})
    assert (order.quote["shipping"]["latest"], order.quote["shipping"]["wait"]) == (promised, None)
    order = _amend(order, at, added={ahead: 1})
    assert (order.quote["shipping"]["latest"], order.quote["shipping"]["wait"]) == (None, {"expected_on": None})
    assert [line["wait"] for line in order.quote["lines"]] == [None, None, {"expected_on": None}]
    assert differences(order.quote) == []


@pytest.mark.parametrize("through", ["quantities", "added"])
def test_more_of_a_line_that_has_to_come_first_takes_the_promised_days_away(
    shop: Shop, till: Till, at: datetime, through: str
) -> None:
    ShippingMethod.objects.update(min_days=1, max_days=2)
    lamp = shop.sell(stock=2)
    allow_backorders(shop, lamp, 5)
    order = _bought(shop, till, at, lamp, many=1)
    promised = order.quote["shipping"]["latest"]
    assert promised
    order = _amend(order, at, **{through: {lamp: 2 if through == "quantities" else 1}})
    assert (order.quote["shipping"]["latest"], order.quote["lines"][0]["wait"]) == (promised, None), "it is there"
    order = _amend(order, at, **{through: {lamp: 5 if through == "quantities" else 3}})
    assert shop.level(lamp).on_hand == -3
    assert order.quote["lines"][0]["wait"] == {"expected_on": None}
    assert (order.quote["shipping"]["latest"], order.quote["shipping"]["wait"]) == (None, {"expected_on": None})
    assert differences(order.quote) == []


def test_a_bundle_and_its_part_that_are_added_wait_when_there_is_not_enough_for_both(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    cup = shop.sell(stock=3)
    allow_backorders(shop, cup, 5)
    bundle = bundle_of(shop, (cup, 2))
    order = _amend(_bought(shop, till, at, lamp), at, added={bundle: 1, cup: 2})
    waits = {line["sku"]: line["wait"] for line in order.quote["lines"]}
    assert waits == {lamp.sku: None, bundle.sku: {"expected_on": None}, cup.sku: {"expected_on": None}}


def test_goods_that_are_not_shipped_and_have_to_come_first_leave_the_promised_days(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    ShippingMethod.objects.update(min_days=1, max_days=2)
    ahead = shop.sell(stock=0)
    Product.objects.filter(pk=ahead.product_id).update(shipping_class="none")
    allow_backorders(shop, ahead, 3)
    order = _bought(shop, till, at, lamp)
    promised = order.quote["shipping"]["latest"]
    order = _amend(order, at, added={ahead: 1})
    assert order.quote["lines"][1]["wait"] == {"expected_on": None}
    assert (order.quote["shipping"]["latest"], order.quote["shipping"]["wait"]) == (promised, None)


def test_more_of_a_line_and_less_of_another_in_one_go(shop: Shop, till: Till, at: datetime, lamp: Variant) -> None:
    vase = shop.sell(price=2000, stock=5)
    order = _bought(shop, till, at, lamp)
    order = _amend(order, at, {lamp: 1}, {vase: 1})
    assert order.total_minor == 4490, "even: nothing to pay, nothing to give back"
    assert Payment.objects.count() == 1
    assert not Payment.objects.get().refunds.exists()
    assert (shop.level(lamp).on_hand, shop.level(vase).on_hand) == (9, 4)


def test_an_amended_order_replays_to_the_same_cents_and_keeps_what_it_was(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp)
    before = order.quote
    order = _amend(order, at, {lamp: 1}, {shop.sell(price=333): 3})
    assert differences(order.quote) == []
    kept = OrderRevision.objects.get()
    assert (kept.quote["total"], kept.actor, kept.reason) == (before["total"], "clerk", "The shopper called")


def test_what_a_gift_card_paid_it_goes_on_paying(shop: Shop, till: Till, at: datetime, lamp: Variant) -> None:
    card = gift_card("30.00")
    cart = shop.cart((lamp, 2))
    cart.credits.create(account=card, added_at=at)
    checkout = start(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    till.pay(checkout.payment)
    order = finish(checkout_id=checkout.pk, actor="shopper", at=at).order
    assert order is not None
    order = _amend(order, at, {lamp: 1})
    card.refresh_from_db()
    payment = Payment.objects.get()
    assert (order.total_minor, order.credit_minor, payment.refunded.minor) == (2490, 2490, 1490)
    assert card.balance_minor == 510


def test_money_that_is_only_authorised_stays_so_and_less_of_it_is_owed(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _amend(_bought(shop, till, at, lamp), at, {lamp: 1})
    assert (order.total_minor, order.payment_state) == (2490, "authorised")
    assert Payment.objects.get().status == "authorised"


def test_an_authorisation_is_let_go_when_gift_cards_pay_for_all_that_is_left(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    cart = shop.cart((lamp, 2))
    cart.credits.create(account=gift_card("24.90"), added_at=at)
    checkout = start(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    till.pay(checkout.payment)
    order = finish(checkout_id=checkout.pk, actor="shopper", at=at).order
    assert order is not None
    order = _amend(order, at, {lamp: 1})
    assert (order.total_minor, order.credit_minor, order.status, order.payment_state) == (
        2490,
        2490,
        "confirmed",
        "paid",
    )
    assert till.intent(Payment.objects.get())["status"] == "canceled"


def test_a_bank_transfer_that_was_promised_is_asked_for_with_the_new_amount(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    PaymentMethodOffer.objects.create(market=shop.market, method=Method.BANK_TRANSFER)
    order = _bought(shop, till, at, lamp, method=Method.BANK_TRANSFER)
    order = _amend(order, at, {lamp: 3})
    amounts = Payment.objects.order_by("created_at", "status").values_list("status", "amount_minor")
    assert sorted(amounts) == [("open", 6490)]
    assert (order.status, order.payment_state) == ("pending", "pending")


def test_an_edit_that_was_worked_out_before_another_is_refused(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    """Sent twice, or by two at once: each took the order for what it was before."""
    seen = _bought(shop, till, at, lamp)
    vase = shop.sell(price=1500, stock=3)
    _amend(seen, at, added={vase: 1})
    with pytest.raises(OrderNotEditable, match="edited meanwhile"):
        _amend(seen, at, added={vase: 1})
    assert (Order.objects.get().edited, shop.level(vase).on_hand) == (1, 2)


def test_an_edit_that_changes_nothing_is_none(shop: Shop, till: Till, at: datetime, lamp: Variant) -> None:
    order = _bought(shop, till, at, lamp)
    for quantities in ({}, {lamp: 2}):
        with pytest.raises(NothingChanged):
            _amend(order, at, quantities)
    assert Order.objects.get().edited == 0


def test_too_little_stock_refuses_it_all(shop: Shop, till: Till, at: datetime, lamp: Variant) -> None:
    order = _bought(shop, till, at, lamp)
    with pytest.raises(OutOfStock):
        _amend(order, at, {lamp: 11})
    order.refresh_from_db()
    assert (order.total_minor, order.edited, shop.level(lamp).on_hand) == (4490, 0, 8)


def test_what_cannot_be_is_refused(shop: Shop, till: Till, at: datetime, lamp: Variant) -> None:
    order = _bought(shop, till, at, lamp)
    with pytest.raises(NothingLeft):
        _amend(order, at, {lamp: 0})
    with pytest.raises(NotInTheOrder):
        propose(order=order, quantities={uuid.uuid4(): 1}, added={}, at=at)
    with pytest.raises(VariantNotSellable):
        _amend(order, at, added={shop.sell(live=False): 1})
    pack(order=order, lines={order.lines.get(): 1}, actor="clerk", at=at)
    with pytest.raises(OrderNotEditable) as refusal:
        _amend(order, at, {lamp: 1})
    assert refusal.value.facts == {"because": "packed"}


def test_gift_cards_that_were_bought_are_neither_more_nor_fewer_by_an_edit(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp)
    order.quote["facts"]["lines"][0]["goods"]["is_gift_card"] = True
    for change in ({"quantities": {lamp.pk: 1}, "added": {}}, {"quantities": {}, "added": {lamp.pk: 1}}):
        with pytest.raises(GiftCardFixed):
            propose(order=order, **change, at=at)


def test_a_proposal_changes_nothing(shop: Shop, till: Till, at: datetime, lamp: Variant) -> None:
    order = _bought(shop, till, at, lamp)
    proposal = propose(order=order, quantities={lamp.pk: 5}, added={}, at=at)
    assert proposal["total"]["minor"] == 10000
    order.refresh_from_db()
    assert (order.total_minor, shop.level(lamp).on_hand) == (4490, 8)


def test_a_difference_that_is_paid_after_another_edit_called_it_off_goes_back(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp), at, {lamp: 3})
    shown = collect(order=order, actor="shopper", at=at)
    assert shown is not None
    order = amend(order=order, quantities={lamp.pk: 2}, added={}, reason="Two will do", actor="clerk", at=at)
    assert collect(order=order, actor="shopper", at=at) is None
    till.pay(shown)
    settle(payment_id=shown.pk, actor="webhook", at=at)
    _deliver(at)
    payments = Payment.objects.all()
    assert sum(each.captured.minor - each.refunded.minor for each in payments) == order.total_minor == 4490
    call_command("audit", verbosity=0)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=1)])
def test_a_bundle_that_is_made_otherwise_by_the_time_of_the_edit_comes_back_as_what_it_was_made_of_each_time(
    shop: Shop, till: Till, at: datetime, later: timedelta
) -> None:
    cup, mug = shop.sell(price=500, stock=20), shop.sell(price=500, stock=20)
    bundle = bundle_of(shop, (cup, 1))
    order = _bought(shop, till, at, bundle, many=1)
    set_parts(bundle=bundle, parts={mug.pk: 1}, at=at)
    order = _amend(order, at + later, {bundle: 2})
    assert (shop.level(cup).on_hand, shop.level(mug).on_hand) == (19, 19)
    cancel(order=order, reason="Not wanted", actor="clerk", at=at + later)
    assert (shop.level(cup).on_hand, shop.level(mug).on_hand) == (20, 20)


def test_an_edit_takes_back_the_bundle_that_was_sold_last(shop: Shop, till: Till, at: datetime) -> None:
    cup, mug = shop.sell(price=500, stock=20), shop.sell(price=500, stock=20)
    bundle = bundle_of(shop, (cup, 1))
    order = _bought(shop, till, at, bundle, many=1)
    set_parts(bundle=bundle, parts={mug.pk: 2}, at=at)
    order = _amend(order, at + timedelta(hours=1), {bundle: 2})
    assert (shop.level(cup).on_hand, shop.level(mug).on_hand) == (19, 18)
    order = _amend(order, at + timedelta(hours=2), {bundle: 1})
    assert (shop.level(cup).on_hand, shop.level(mug).on_hand) == (19, 20)
    cancel(order=order, reason="Not wanted", actor="clerk", at=at + timedelta(hours=3))
    assert (shop.level(cup).on_hand, shop.level(mug).on_hand) == (20, 20)
