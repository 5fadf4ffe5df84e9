"""What is awaited, taken and given back of an order after it was edited, cancelled or refunded in part."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from wagtail.models import Locale

from cms.catalogue.models import Product, Variant
from commerce.checkout.amending import amend
from commerce.checkout.collecting import collect
from commerce.checkout.completing import finish
from commerce.checkout.quoting.amending import NothingLeft
from commerce.checkout.starting import Means, start
from commerce.credit.models import CreditAccount
from commerce.desk.payments.acting import Doing, act
from commerce.invoicing.models import Invoice
from commerce.kit import outbox
from commerce.kit.models import OutboxDelivery, OutboxEvent
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.notifications.letters import NothingToSay, letter_of, order_url
from commerce.notifications.models import Mail
from commerce.notifications.rendering import render
from commerce.orders.asking import ask_for_what_is_lacking
from commerce.orders.cancelling import OrderNotCancellable, cancel, may_cancel
from commerce.orders.capturing import MoreThanIsOwed, capture
from commerce.orders.editing import OrderNotEditable
from commerce.orders.fulfilling import OrderNotPackable, OrderUnpaid, pack, ship
from commerce.orders.models import Condition, Order, OrderRefund, ReturnReason
from commerce.orders.paying import (
    balance_of,
    follow_payments,
    instructions_for,
    lacking,
    overpaid,
    pay_by_of,
    standing_of,
    to_pay,
    unsecured,
)
from commerce.orders.refunding import refund
from commerce.orders.returning import Asked, Came, approve, receive, request
from commerce.orders.searching import to_be_paid
from commerce.orders.tasks import follow_what_moved, take_as_decided_by_the_bank
from commerce.orders.timeline import for_shopper, timeline
from commerce.payments.attention import needing_a_person
from commerce.payments.cancelling import request_cancel
from commerce.payments.capturing import CaptureRefused, request_capture
from commerce.payments.models import Dispute, LedgerEntry, Method, Payment, PaymentMethodOffer, Refund
from commerce.payments.receiving import record_receipt
from commerce.payments.refunding import record_paid_back
from commerce.payments.settling import settle
from commerce.shipping.models import ShippingMethod
from tests.factories import Shop
from tests.factories.credit import gift_card
from tests.factories.invoicing import seller_of
from tests.till import Till

pytestmark = pytest.mark.django_db


def _euro(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def lamp(shop: Shop) -> Variant:
    return shop.sell(price=2000, stock=20)


def _deliver(at: datetime) -> None:
    while outbox.deliver_due(at=at):
        pass


def _bought(
    shop: Shop,
    till: Till,
    at: datetime,
    lamp: Variant,
    *,
    method: str = Method.STRIPE,
    card: CreditAccount | None = None,
) -> Order:
    """Two lamps: 40.00 and 4.90 for shipping."""
    if method != Method.STRIPE:
        PaymentMethodOffer.objects.create(market=shop.market, method=method)
    filled = shop.cart((lamp, 2))
    if card is not None:
        filled.credits.create(account=card, added_at=at)
    checkout = start(cart_id=filled.pk, locale=Locale.get_default(), means=Means(method=method), at=at)
    if checkout.payment and method == Method.STRIPE:
        till.pay(checkout.payment)
    order = finish(checkout_id=checkout.pk, actor="shopper", at=at).order
    assert order is not None
    _deliver(at)
    order.refresh_from_db()
    return order


def _amend(order: Order, at: datetime, lamp: Variant, many: int) -> Order:
    amended = amend(order=order, quantities={lamp.pk: many}, added={}, reason="They called", actor="clerk", at=at)
    _deliver(at)
    amended.refresh_from_db()
    return amended


def _cancel(order: Order, at: datetime) -> OrderRefund:
    cancel(order=order, reason="Not wanted", actor="shopper", at=at, by_customer=True)
    _deliver(at)
    return OrderRefund.objects.get(purpose=OrderRefund.Purpose.CANCELLATION)


def _receive(payment: Payment, amount: Money, reference: str, at: datetime) -> None:
    with transaction.atomic():
        record_receipt(payment=payment, amount=amount, reference=reference, actor="clerk", at=at)
    _deliver(at)


def _capture_directly(payment: Payment, amount: Money | None, at: datetime) -> None:
    with transaction.atomic():
        request_capture(payment=payment, amount=amount, reason="It is sent", actor="clerk", at=at)


def _balance(card: CreditAccount) -> int:
    card.refresh_from_db()
    return card.balance_minor


def _undelivered() -> list[Any]:
    return list(OutboxDelivery.objects.filter(delivered_at=None).values_list("subscriber", "last_error"))


@pytest.mark.parametrize("method", [Method.CASH_ON_DELIVERY, Method.BANK_TRANSFER])
def test_a_promised_order_that_was_edited_can_be_cancelled(
    shop: Shop, till: Till, at: datetime, lamp: Variant, method: str
) -> None:
    order = _amend(_bought(shop, till, at, lamp, method=method), at, lamp, 3)
    given = _cancel(order, at)
    order.refresh_from_db()
    assert (order.status, order.payment_state) == ("cancelled", "voided")
    assert given.voided_minor == given.total_minor == order.total_minor
    assert set(Payment.objects.values_list("status", flat=True)) == {"cancelled"}


def test_a_promise_that_was_replaced_is_not_awaited_and_credit_goes_back(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    card = gift_card("30.00")
    order = _amend(_bought(shop, till, at, lamp, method=Method.BANK_TRANSFER, card=card), at, lamp, 3)
    payment = Payment.objects.get(status="open")
    _receive(payment, payment.amount, "T1", at)
    given = _cancel(order, at)
    assert (given.credit_minor, given.voided_minor, _balance(card)) == (3000, 0, 3000)


def test_what_a_capture_left_out_is_not_awaited_and_credit_goes_back(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    card = gift_card("10.00")
    order = _amend(_bought(shop, till, at, lamp, card=card), at, lamp, 1)
    _capture_directly(Payment.objects.get(), order.due, at)
    _deliver(at)
    given = _cancel(order, at)
    assert (given.credit_minor, given.voided_minor, _balance(card)) == (1000, 0, 1000)


def test_what_an_edit_took_off_an_authorised_payment_is_not_awaited_and_credit_goes_back(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    card = gift_card("10.00")
    order = _amend(_bought(shop, till, at, lamp, card=card), at, lamp, 1)
    given = _cancel(order, at)
    assert (given.credit_minor, given.voided_minor, _balance(card)) == (1000, 1490, 1000)
    assert Payment.objects.get().status == "cancelled"


@pytest.mark.parametrize("worth", ["30.00", "24.90"])
def test_an_order_edited_down_to_what_a_card_pays_is_paid_and_not_cancelled(
    shop: Shop, till: Till, at: datetime, lamp: Variant, worth: str
) -> None:
    card = gift_card(worth)
    order = _amend(_bought(shop, till, at, lamp, method=Method.CASH_ON_DELIVERY, card=card), at, lamp, 1)
    assert (order.status, order.payment_state) == ("confirmed", "paid")
    assert _undelivered() == []


def test_an_order_paid_by_card_and_edited_up_and_back_stays_paid(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp, card=gift_card("44.90"))
    order = _amend(_amend(order, at, lamp, 3), at, lamp, 2)
    assert (order.status, order.payment_state) == ("confirmed", "paid")
    assert _undelivered() == []


def test_a_captured_order_whose_difference_is_still_awaited_waits_for_it(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    _capture_directly(Payment.objects.get(status="authorised"), None, at)
    _deliver(at)
    order.refresh_from_db()
    assert (order.status, order.payment_state) == ("confirmed", "pending")
    assert _undelivered() == []


def test_a_surplus_that_went_back_to_a_card_is_no_refund_of_the_order(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp, card=gift_card("30.00")), at, lamp, 1)
    assert (order.payment_state, order.refunded) == ("paid", _euro(0))


def test_a_surplus_that_went_back_to_a_card_does_not_count_towards_the_refund_of_all(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp, card=gift_card("30.00")), at, lamp, 1)
    refund(order=order, lines={}, other=_euro(2000), reason="Scratched", restock=True, actor="clerk", at=at)
    _deliver(at)
    order.refresh_from_db()
    assert (order.status, order.payment_state) == ("confirmed", "partially_refunded")
    refund(
        order=order,
        lines={order.lines.get(): 1},
        shipping=_euro(490),
        reason="Scratched",
        restock=True,
        actor="clerk",
        at=at,
    )
    _deliver(at)
    order.refresh_from_db()
    assert (order.status, order.payment_state) == ("refunded", "refunded")


def _paid_back(at: datetime) -> None:
    with transaction.atomic():
        record_paid_back(refund=Refund.objects.get(), reference="B1", actor="clerk", at=at)
    _deliver(at)


def test_an_overpayment_that_is_given_back_is_no_refund_of_the_order(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp, method=Method.BANK_TRANSFER)
    payment = Payment.objects.get()
    _receive(payment, _euro(5490), "T1", at)
    act("overpaid", "give_back", Doing(key=str(payment.pk), written="", actor="clerk", at=at))
    _paid_back(at)
    order.refresh_from_db()
    assert (order.payment_state, order.refunded) == ("paid", _euro(0))
    assert not order.refunds.exists()


def _asked(order: Order) -> tuple[int, int] | None:
    """What is still to pay, and what of that payment has come."""
    awaited = to_pay(order)
    return (awaited.amount.minor, awaited.received.minor) if awaited else None


@pytest.mark.parametrize("method", [Method.CASH_ON_DELIVERY, Method.BANK_TRANSFER])
def test_what_came_of_a_promise_stays_when_an_edit_makes_it_another_amount(
    shop: Shop, till: Till, at: datetime, lamp: Variant, method: str
) -> None:
    order = _bought(shop, till, at, lamp, method=method)
    _receive(Payment.objects.get(), _euro(1000), "T1", at)
    order = _amend(order, at, lamp, 3)
    assert _asked(order) == (5490, 1000)
    order = _amend(order, at, lamp, 2)
    assert _asked(order) == (3490, 1000)
    _receive(Payment.objects.get(), _euro(3490), "T2", at)
    order.refresh_from_db()
    assert (order.status, order.payment_state, _asked(order)) == ("confirmed", "paid", None)
    assert not Refund.objects.exists()
    parts = [each.detail for each in timeline(order) if each.kind == "payment" and each.actor == "clerk"]
    assert parts == ["10.00 EUR received, T1", "44.90 EUR received, T2"]
    call_command("audit")


def test_what_came_of_a_promise_beyond_what_an_edit_left_goes_back(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp, method=Method.BANK_TRANSFER)
    _receive(Payment.objects.get(), _euro(4000), "T1", at)
    order = _amend(order, at, lamp, 1)
    assert (order.payment_state, _asked(order), Refund.objects.get().amount_minor) == ("paid", None, 1510)
    call_command("audit")


def test_a_promise_of_a_difference_is_called_off_when_an_edit_takes_it_back(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp, method=Method.BANK_TRANSFER)
    _receive(Payment.objects.get(), _euro(4490), "T1", at)
    order = _amend(_amend(order, at, lamp, 3), at, lamp, 2)
    assert (order.payment_state, _asked(order)) == ("paid", None)
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["cancelled", "succeeded"]


def test_a_refund_while_a_difference_is_awaited_makes_it_less(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 4)
    assert _asked(order) == (4000, 0)
    for many, asked in ((2, (4000, 0)), (1, (2490, 0))):
        refund(order=order, lines={order.lines.get(): many}, reason="Gone", restock=True, actor="clerk", at=at)
        _deliver(at)
        assert _asked(order) == asked
    till.pay(collected := _collected(order, at))
    assert collected.amount == _euro(2490)
    _deliver(at)
    collect(order=order, actor="shopper", at=at)
    order.refresh_from_db()
    kept = sum(each.captured.minor - each.refunded.minor for each in Payment.objects.all())
    assert (order.refundable.minor, kept, _asked(order)) == (2490, 2490, None)
    call_command("audit")


def _collected(order: Order, at: datetime) -> Payment:
    payment = collect(order=order, actor="shopper", at=at)
    assert payment is not None
    return payment


def _dispute(order: Order, at: datetime) -> Dispute:
    payment = order.payments.get().payment
    dispute = Dispute.objects.create(
        payment=payment, gateway_id="dp_1", amount_minor=payment.amount_minor, currency="EUR", opened_at=at
    )
    advance(dispute, "needs_response", actor="bank", reason="fraudulent", at=at)
    return dispute


def test_a_disputed_order_is_not_edited_nor_cancelled_by_its_shopper(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp)
    dispute = _dispute(order, at)
    with pytest.raises(OrderNotEditable) as refused:
        _amend(order, at, lamp, 3)
    assert refused.value.facts["because"] == "disputed"
    assert not may_cancel(order, by_customer=True)
    with pytest.raises(OrderNotCancellable):
        _cancel(order, at)
    advance(dispute, "won", actor="bank", reason="Won", at=at)
    assert may_cancel(_amend(order, at, lamp, 3), by_customer=True)


def test_a_difference_is_what_it_was_while_the_rest_is_disputed(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp)
    dearer = _amend(order, at, lamp, 3)
    Dispute.objects.create(
        payment=order.payments.order_by("id")[0].payment, gateway_id="dp_1", amount_minor=4490, currency="EUR",
        opened_at=at,
    )  # fmt: skip
    advance(Dispute.objects.get(), "needs_response", actor="bank", reason="fraudulent", at=at)
    ask_for_what_is_lacking(dearer, reason="Looked at", actor="clerk", at=at)
    assert _asked(dearer) == (2000, 0)


def test_an_order_whose_money_the_bank_took_back_ends_and_its_goods_are_given_back_for_nothing(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp)
    dispute = _dispute(order, at)
    with transaction.atomic():
        LedgerEntry.objects.create(
            payment=dispute.payment, kind="dispute", amount_minor=-4490, currency="EUR", gateway_reference="dp_1", at=at
        )
        advance(dispute, "lost", actor="bank", reason="Lost", at=at)
    take_as_decided_by_the_bank(payload={"dispute": str(dispute.pk), "payment": str(dispute.payment_id)}, at=at)
    order.refresh_from_db()
    assert (order.status, order.payment_state) == ("refunded", "refunded")
    with pytest.raises(OrderNotPackable):
        pack(order=order, actor="clerk", at=at)
    before = shop.level(lamp).on_hand
    given = refund(order=order, lines={order.lines.get(): 2}, reason="Lost", restock=True, actor="clerk", at=at)
    assert (given.total_minor, shop.level(lamp).on_hand - before) == (0, 2)
    call_command("audit")


def _refund_one(order: Order, at: datetime) -> None:
    line = order.lines.get()
    refund(order=order, lines={line: 1}, reason="Only one", restock=True, actor="clerk", at=at)


def _kept() -> Money:
    payment = Payment.objects.get()
    return payment.captured - payment.refunded


def _capture_at_the_desk(at: datetime) -> None:
    payment = Payment.objects.get()
    act("lapsing_authorisation", "capture", Doing(key=str(payment.pk), written="", actor="clerk", at=at))
    _deliver(at)


def test_what_is_refunded_while_all_of_it_is_being_captured_goes_back_as_a_surplus(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _bought(shop, till, at, lamp)
    _capture_directly(Payment.objects.get(), None, at)
    _refund_one(order, at)
    _deliver(at)
    order.refresh_from_db()
    assert (_kept(), order.refunded, order.payment_state) == (_euro(2490), _euro(2000), "paid")
    assert order.refunds.get(purpose=OrderRefund.Purpose.SURPLUS).total == _euro(2000)
    call_command("audit")


def test_all_of_an_order_can_be_refunded_while_it_is_being_captured(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _bought(shop, till, at, lamp)
    _capture_directly(Payment.objects.get(), None, at)
    lines = {order.lines.get(): 2}
    refund(order=order, lines=lines, shipping=_euro(490), reason="Too late", restock=False, actor="clerk", at=at)
    _deliver(at)
    assert (_kept(), Order.objects.get().refunded) == (_euro(0), order.total)
    assert _undelivered() == []
    call_command("audit")


def test_an_order_can_be_edited_cheaper_while_its_difference_is_being_captured(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    _pay_difference(order, till, at)
    first, second = (link.payment for link in order.payments.order_by("id"))
    capture(payment=first, amount=None, reason="Sent", actor="clerk", at=at)
    _deliver(at)
    capture(payment=second, amount=None, reason="Sent", actor="clerk", at=at)
    order = _amend(order, at, lamp, 1)
    assert sum(each.captured.minor - each.refunded.minor for each in Payment.objects.all()) == order.total_minor == 2490
    assert (order.payment_state, _undelivered()) == ("paid", [])


def _awaited(order: Order) -> list[int]:
    return [each.open.minor for each in standing_of(order) if each.open]


def test_what_is_being_called_off_does_not_secure_an_order_that_becomes_dearer_again(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    _pay_difference(order, till, at)
    capture(payment=Payment.objects.get(amount_minor=4490), amount=None, reason="Sent", actor="clerk", at=at)
    _deliver(at)
    order.refresh_from_db()
    order = amend(order=order, quantities={lamp.pk: 2}, added={}, reason="Two will do", actor="clerk", at=at)
    order = _amend(order, at, lamp, 3)
    assert _awaited(order) == [2000]
    assert Payment.objects.filter(status="cancelled").count() == 1


def test_what_a_capture_under_way_leaves_out_is_asked_for_when_the_order_becomes_dearer_again(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 1)
    capture(payment=Payment.objects.get(), amount=None, reason="Sent", actor="clerk", at=at)
    order = _amend(order, at, lamp, 2)
    assert (Payment.objects.get(status="succeeded").captured, _awaited(order)) == (_euro(2490), [2000])


def test_a_difference_that_was_paid_after_it_was_replaced_leaves_nothing_to_pay(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    difference = collect(order=order, actor="shopper", at=at)
    assert difference is not None
    till.pay(difference)
    vase = shop.sell(price=1500, stock=5)
    swapped = {"quantities": {lamp.pk: 2}, "added": {vase.pk: 1}}
    amend(order=order, **swapped, reason="A vase instead", actor="clerk", at=at)
    _deliver(at)
    order.refresh_from_db()
    assert (order.payment_state, _awaited(order), _undelivered()) == ("paid", [], [])
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["cancelled", "succeeded", "succeeded"]


def test_what_is_authorised_beyond_what_was_captured_is_set_free(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    _pay_difference(order, till, at)
    first, second = (link.payment for link in order.payments.order_by("id"))
    order = _amend(order, at, lamp, 1)
    capture(payment=first, amount=None, reason="Sent", actor="clerk", at=at)
    _deliver(at)
    second.refresh_from_db()
    assert (second.status, Order.objects.get().payment_state) == ("cancelled", "paid")


def test_a_capture_takes_no_more_than_a_refund_has_left(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _bought(shop, till, at, lamp)
    _refund_one(order, at)
    _deliver(at)
    _capture_at_the_desk(at)
    assert (Payment.objects.get().captured, _kept()) == (_euro(2490), _euro(2490))


def test_a_capture_takes_no_more_than_an_edit_has_left(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    _amend(_bought(shop, till, at, lamp), at, lamp, 1)
    _capture_at_the_desk(at)
    assert (Payment.objects.get().captured, _kept()) == (_euro(2490), _euro(2490))
    call_command("audit")


def test_no_capture_is_asked_for_that_is_more_than_the_order_owes(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    _amend(_bought(shop, till, at, lamp), at, lamp, 1)
    with pytest.raises(MoreThanIsOwed) as refused:
        capture(payment=Payment.objects.get(), amount=_euro(2491), reason="Sent", actor="clerk", at=at)
    assert refused.value.facts["owed"]["minor"] == 2490
    assert not Payment.objects.get().captures.exists()


def test_what_others_are_being_captured_for_is_not_captured_again(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    difference = collect(order=order, actor="shopper", at=at)
    assert difference is not None
    till.pay(difference)
    collect(order=order, actor="shopper", at=at)
    _deliver(at)
    first, second = (link.payment for link in order.payments.order_by("id"))
    refund(order=order, lines={order.lines.get(): 2}, reason="One will do", restock=True, actor="clerk", at=at)
    assert capture(payment=first, amount=None, reason="Sent", actor="clerk", at=at).amount == _euro(2490)
    with pytest.raises(CaptureRefused):
        capture(payment=second, amount=None, reason="Sent", actor="clerk", at=at)


def _pay_difference(order: Order, till: Till, at: datetime) -> None:
    difference = collect(order=order, actor="shopper", at=at)
    assert difference is not None
    till.pay(difference)
    assert collect(order=order, actor="shopper", at=at) is None
    _deliver(at)
    order.refresh_from_db()


def test_a_paid_order_that_an_edit_made_dearer_is_partly_paid_until_the_difference_came(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    assert (order.status, order.payment_state) == ("confirmed", "partially_paid")
    assert list(to_be_paid()) == [order]
    _pay_difference(order, till, at)
    assert (order.payment_state, list(to_be_paid())) == ("paid", [])
    call_command("audit")


def test_a_difference_that_is_edited_away_leaves_the_order_paid_at_once(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    amend(order=order, quantities={lamp.pk: 2}, added={}, reason="Two will do", actor="clerk", at=at)
    assert Order.objects.get().payment_state == "paid"
    _deliver(at)
    assert (Order.objects.get().payment_state, _undelivered()) == ("paid", [])


def test_a_difference_that_came_is_announced_and_doubles_nothing(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    seller_of(shop)
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    before = list(Invoice.objects.values_list("number", flat=True))
    mails = set(Mail.objects.values_list("key", flat=True))
    _pay_difference(order, till, at)
    assert OutboxEvent.objects.filter(name="orders.paid").count() == 2
    assert list(Invoice.objects.values_list("number", flat=True)) == before
    assert set(Mail.objects.values_list("key", flat=True)) == mails
    assert _undelivered() == []


def test_gift_cards_that_were_bought_are_issued_once_though_the_order_is_paid_twice(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    Product.objects.filter(pk=lamp.product_id).update(kind=Product.Kind.GIFT_CARD, shipping_class="none")
    order = _bought(shop, till, at, lamp)
    mug = shop.sell(price=1000, stock=5)
    amend(order=order, quantities={}, added={mug.pk: 1}, reason="And a mug", actor="clerk", at=at)
    _deliver(at)
    order.refresh_from_db()
    assert order.payment_state == "partially_paid"
    _pay_difference(order, till, at)
    assert order.payment_state == "paid"
    assert CreditAccount.objects.filter(bought_reference=order.number).count() == 2


def test_a_difference_by_transfer_after_the_transfer_came_is_asked_for_and_cancels_nothing(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp, method=Method.BANK_TRANSFER)
    PaymentMethodOffer.objects.update(instructions="IBAN DE02 1203")
    _receive(Payment.objects.get(), _euro(4490), "T1", at)
    order = _amend(order, at, lamp, 3)
    assert (order.payment_state, instructions_for(order)) == ("partially_paid", "IBAN DE02 1203")
    assert pay_by_of(order) is None
    _receive(Payment.objects.get(status="open"), _euro(2000), "T2", at)
    order.refresh_from_db()
    assert (order.payment_state, instructions_for(order)) == ("paid", "")


def test_what_is_not_paid_is_packed_when_somebody_confirms_it(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    with pytest.raises(OrderUnpaid) as refused:
        pack(order=order, actor="clerk", at=at)
    assert refused.value.facts["unpaid"]["minor"] == 2000
    pack(order=order, although_unpaid=True, actor="clerk", at=at)


def test_what_is_paid_on_delivery_is_packed_unasked(shop: Shop, till: Till, at: datetime, lamp: Variant) -> None:
    order = _amend(_bought(shop, till, at, lamp, method=Method.CASH_ON_DELIVERY), at, lamp, 3)
    pack(order=order, actor="clerk", at=at)


def test_what_is_authorised_is_packed_unasked_but_not_what_an_edit_added(
    shop: Shop, till: Till, at: datetime, lamp: Variant, settings: Any
) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    order = _bought(shop, till, at, lamp)
    assert unsecured(order) == _euro(0)
    order = _amend(order, at, lamp, 3)
    assert unsecured(order) == _euro(2000)
    _capture_directly(Payment.objects.get(status="authorised"), None, at)
    _deliver(at)
    order.refresh_from_db()
    assert unsecured(order) == _euro(2000)


def test_an_order_that_a_card_paid_and_whose_difference_lapses_is_not_cancelled(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp, card=gift_card("44.90")), at, lamp, 3)
    with transaction.atomic():
        request_cancel(payment=Payment.objects.get(), reason="Lapsed", actor="clock", at=at)
    _deliver(at)
    order.refresh_from_db()
    assert (order.status, order.payment_state, _undelivered()) == ("confirmed", "partially_paid", [])


def test_a_partly_paid_order_that_is_cancelled_gives_back_what_came(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    given = _cancel(order, at)
    order.refresh_from_db()
    assert (given.total_minor, given.voided_minor) == (6490, 2000)
    assert (order.status, order.payment_state, _undelivered()) == ("cancelled", "refunded", [])
    call_command("audit")


def test_an_edit_from_before_the_state_said_so_is_found_by_the_clock(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_bought(shop, till, at, lamp), at, lamp, 3)
    Order.objects.update(payment_state="paid")
    follow_what_moved(at=at + timedelta(hours=1))
    order.refresh_from_db()
    assert order.payment_state == "partially_paid"


def test_the_history_tells_an_edit_with_both_totals_and_staff_the_reason(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _amend(_amend(_bought(shop, till, at, lamp), at, lamp, 3), at, lamp, 1)
    edits = [each for each in timeline(order) if each.kind == "edit"]
    assert [(each.words, each.detail, each.actor) for each in edits] == [
        ("Order changed: €64.90 instead of €44.90", "They called", "clerk"),
        ("Order changed: €24.90 instead of €64.90", "They called", "clerk"),
    ]
    assert {each.detail for each in for_shopper(edits)} == {""}


@pytest.mark.parametrize(
    ("language", "asked"),
    [("en", "€20.00 of it is not paid yet"), ("de", "Davon sind 20,00 € noch nicht bezahlt")],
)
def test_the_shopper_is_told_of_an_edit_and_where_its_difference_is_paid(
    shop: Shop, till: Till, at: datetime, lamp: Variant, language: str, asked: str
) -> None:
    order = _bought(shop, till, at, lamp)
    Order.objects.update(language=language)
    order = _amend(order, at, lamp, 3)
    mail = Mail.objects.get(kind="order_edited")
    said = " ".join(render(letter_of(mail, at=at))[0].split()).replace("\xa0", " ")
    assert asked in said
    assert order_url(order) in said
    order = _amend(order, at, lamp, 1)
    with pytest.raises(NothingToSay):
        letter_of(mail, at=at)
    cheaper = letter_of(Mail.objects.filter(kind="order_edited").latest("queued_at", "key"), at=at)
    assert len(cheaper.paragraphs) == 1
    assert len(cheaper.actions) == 1


def _lose(order: Order, payment: Payment, minor: int, at: datetime) -> None:
    dispute = Dispute.objects.create(
        payment=payment, gateway_id="dp_1", amount_minor=minor, currency="EUR", opened_at=at
    )
    advance(dispute, "needs_response", actor="bank", reason="fraudulent", at=at)
    with transaction.atomic():
        LedgerEntry.objects.create(
            payment=payment, kind="dispute", amount_minor=-minor, currency="EUR", gateway_reference="dp_1", at=at
        )
        advance(dispute, "lost", actor="bank", reason="Lost", at=at)
    take_as_decided_by_the_bank(payload={"dispute": str(dispute.pk), "payment": str(payment.pk)}, at=at)
    order.refresh_from_db()


def test_late_money_of_an_order_whose_money_is_gone_goes_back(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp)
    first = Payment.objects.get()
    order = _amend(order, at, lamp, 3)
    late = _collected(order, at)
    # Called off, and the gateway has not been told yet.
    order = amend(order=order, quantities={lamp.pk: 2}, added={}, reason="No", actor="clerk", at=at)
    _lose(order, first, 4490, at)
    assert order.status == "refunded"
    till.pay(late)
    settle(payment_id=late.pk, actor="webhook", at=at)
    _deliver(at)
    late.refresh_from_db()
    assert late.refunded == late.captured == _euro(2000), _undelivered()


def test_a_partly_paid_order_whose_money_the_bank_took_ends_unpaid(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    seller_of(shop)
    order = _bought(shop, till, at, lamp)
    first = Payment.objects.get()
    order = _amend(order, at, lamp, 3)
    _collected(order, at)
    before = OutboxEvent.objects.filter(name="orders.paid").count()
    _lose(order, first, 4490, at)
    _deliver(at)
    order.refresh_from_db()
    told = OutboxEvent.objects.filter(name="orders.paid").count() - before
    assert (order.status, order.payment_state, _asked(order), told) == ("refunded", "refunded", None, 0)


def test_a_partly_paid_order_of_whose_money_the_bank_took_a_part_stays_so(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp)
    first = Payment.objects.get()
    order = _amend(order, at, lamp, 3)
    before = OutboxEvent.objects.filter(name="orders.paid").count()
    _lose(order, first, 2000, at)
    _deliver(at)
    order.refresh_from_db()
    told = OutboxEvent.objects.filter(name="orders.paid").count() - before
    assert (order.payment_state, _asked(order), unsecured(order), told) == ("partially_paid", (2000, 0), _euro(2000), 0)


def _sent_unpaid(shop: Shop, till: Till, at: datetime, lamp: Variant) -> Order:
    order = _bought(shop, till, at, lamp, method=Method.BANK_TRANSFER)
    _receive(Payment.objects.get(), _euro(4490), "T1", at)
    order = _amend(order, at, lamp, 3)
    parcel = pack(order=order, although_unpaid=True, actor="clerk", at=at)
    ship(fulfilment=parcel, although_unpaid=True, actor="clerk", at=at)
    return order


def test_goods_come_back_while_a_promised_difference_is_open(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _sent_unpaid(shop, till, at, lamp)
    line = order.lines.get()
    parent = request(order=order, asked=[Asked(line, 1, ReturnReason.values[0])], actor="shopper", at=at)
    parent = approve(parent=parent, actor="clerk", at=at)
    receive(parent=parent, came={parent.lines.get(): Came(1, Condition.RESTOCK)}, actor="clerk", at=at)
    assert (_asked(order), [each.amount_minor for each in Refund.objects.all()]) == ((2000, 0), [2000])


def test_refund_of_what_came_while_a_promised_difference_is_open(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _sent_unpaid(shop, till, at, lamp)
    refund(order=order, lines={order.lines.get(): 1}, reason="x", restock=False, actor="clerk", at=at)
    assert (_asked(order), [each.amount_minor for each in Refund.objects.all()]) == ((2000, 0), [2000])


def test_goodwill_of_what_came_while_a_promised_difference_is_open(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _sent_unpaid(shop, till, at, lamp)
    refund(order=order, lines={}, other=_euro(500), reason="x", restock=False, actor="clerk", at=at)
    assert (_asked(order), [each.amount_minor for each in Refund.objects.all()]) == ((2000, 0), [500])


def test_what_an_edit_uses_of_an_overpayment_is_not_too_much_any_more(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp, method=Method.BANK_TRANSFER)
    payment = Payment.objects.get()
    _receive(payment, _euro(6490), "T1", at)
    order = _amend(order, at, lamp, 3)
    assert (order.payment_state, balance_of(order), _asked(order)) == ("paid", _euro(0), None)
    matters = [(m.kind, m.title) for m in needing_a_person(at)]
    assert (overpaid(order), matters, balance_of(order)) == (_euro(0), [], _euro(0))


def test_a_difference_that_was_paid_with_the_first_transfer_is_not_asked_for(
    shop: Shop, till: Till, at: datetime, lamp: Variant
) -> None:
    order = _bought(shop, till, at, lamp, method=Method.BANK_TRANSFER)
    payment = Payment.objects.get()
    _receive(payment, _euro(4490), "T1", at)
    order = _amend(order, at, lamp, 3)
    _receive(payment, _euro(2000), "T2", at)
    order = follow_payments(order_id=order.pk, actor="clerk", reason="As the desk does", at=at)
    assert (order.payment_state, lacking(order), _asked(order), overpaid(order)) == ("paid", _euro(0), None, _euro(0))


def _with_a_free_one(shop: Shop, at: datetime, lamp: Variant, method: str) -> Order:
    filled = shop.cart((lamp, 2), (shop.sell(price=0, stock=5), 1))
    if method != Method.STRIPE:
        PaymentMethodOffer.objects.create(market=shop.market, method=method)
    checkout = start(cart_id=filled.pk, locale=Locale.get_default(), means=Means(method=method), at=at)
    order = finish(checkout_id=checkout.pk, actor="shopper", at=at).order
    assert order is not None
    _deliver(at)
    order.refresh_from_db()
    return order


def test_an_edit_leaves_something_to_pay(shop: Shop, at: datetime, lamp: Variant) -> None:
    ShippingMethod.objects.update(price_minor=0)
    order = _with_a_free_one(shop, at, lamp, Method.BANK_TRANSFER)
    with pytest.raises(NothingLeft, match="left to pay"):
        _amend(order, at, lamp, 0)


def test_free_units_are_given_back_while_cash_is_awaited(shop: Shop, at: datetime, lamp: Variant) -> None:
    order = _with_a_free_one(shop, at, lamp, Method.CASH_ON_DELIVERY)
    line = order.lines.exclude(variant=lamp).get()
    refund(order=order, lines={line: 1}, reason="Gone", restock=True, actor="clerk", at=at)
    assert _asked(order) == (4490, 0)
