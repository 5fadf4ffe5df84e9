from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction
from django.db.models import F

from cms.catalogue.models import Variant
from commerce.credit.adjusting import adjust
from commerce.credit.issuing import BoughtCards, issue_for_purchase
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.orders import auditing, refunding, searching, tasks
from commerce.orders.cancelling import cancel
from commerce.orders.fulfilling import cancel_fulfilment, pack, ship
from commerce.orders.gift_cards import GiftCardSpent
from commerce.orders.giving_back import GoodsNotSent, MoneyDisputed, OrderNotPaid
from commerce.orders.locking import lock_order
from commerce.orders.models import Order, OrderLine, OrderRefund
from commerce.orders.paying import money_back, payments_of
from commerce.orders.refund_shares import MoreThanIsLeft, ReturnQuantityRefused
from commerce.orders.refund_sums import OrderRefundTooLarge, RefundAmountRefused
from commerce.orders.refunding import NothingToRefund, OrderNotRefundable
from commerce.orders.states import PAYMENT_STATE
from commerce.orders.timeline import timeline
from commerce.orders.units import UnitsArePacked
from commerce.payments.models import Dispute, LedgerEntry, Payment, Refund
from commerce.payments.refunding import WaiverUnexplained, waive
from commerce.payments.states import PaymentStatus, RefundState
from tests.factories import Shop
from tests.factories.credit import gift_card
from tests.factories.orders import Bought, asked_of_payments, buy, capture, hear, pay_out

pytestmark = pytest.mark.django_db


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def _lines(order: Order) -> list[OrderLine]:
    return list(order.lines.all())


def _refund(order: Order, at: datetime, *units: int, restock: bool = True, **how: Money) -> OrderRefund:
    lines = dict(zip(_lines(order), units, strict=False))
    return refunding.refund(
        order=order, lines=lines, reason="Sent too late", restock=restock, actor="clerk", at=at, **how
    )


def test_units_give_back_what_was_paid_for_them_and_are_in_stock_again(
    shop: Shop, order: Order, lamp: Variant, at: datetime
) -> None:
    refund = _refund(order, at, 1, 1)
    assert refund.total == euro(1999 + 333)
    assert [(each.quantity, each.amount_minor) for each in refund.lines.all()] == [(1, 1999), (1, 333)]
    assert asked_of_payments(refund) == [2332]
    assert shop.level(lamp).on_hand == 9
    order.refresh_from_db()
    assert (order.refunded, order.refundable) == (euro(2332), euro(5488 - 2332))
    assert [(line.cancelled, line.refunded, line.to_fulfil) for line in _lines(order)] == [(1, 1, 1), (1, 1, 2)]
    assert list(auditing.discrepancies()) == []


def test_all_units_and_the_shipping_give_back_exactly_everything(order: Order, at: datetime) -> None:
    for units in ((1, 1), (1, 0), (0, 1)):
        _refund(order, at, *units)
    last = _refund(order, at, 0, 1, shipping=euro(490))
    assert last.total == euro(333 + 490)
    order.refresh_from_db()
    assert order.refundable == euro(0)
    assert order.status == "confirmed", "the money is not back yet"
    pay_out(order, at=at)
    assert (order.status, order.payment_state) == ("refunded", "refunded")
    assert list(auditing.discrepancies()) == []


def test_money_without_goods_is_taken_off_the_units_that_come_last(order: Order, at: datetime) -> None:
    _refund(order, at, other=euro(500))
    last = _refund(order, at, 2, 3, shipping=euro(490))
    assert last.total == euro(5488 - 500)
    assert last.adjustment_minor == -500


@pytest.mark.parametrize("rounding", [-2, 2])
def test_a_complete_return_gives_back_what_rounding_left_over(lamp: Variant, at: datetime, rounding: int) -> None:
    order = buy(Bought(lamp, 2), at=at, rounding=rounding)
    first, last = _refund(order, at, 1), _refund(order, at, 1, shipping=euro(490))
    assert (first.total, last.total) == (euro(1999), euro(1999 + 490 + rounding))


def test_where_prices_are_without_tax_a_line_gives_its_tax_back(lamp: Variant, mug: Variant, at: datetime) -> None:
    order = buy(
        Bought(lamp, 2, tax=760), Bought(mug, 1, price=1000, tax=70), at=at, tax_inclusive=False, shipping_tax=93
    )
    assert order.total == euro(3998 + 1000 + 490 + 760 + 70 + 93)
    refund = _refund(order, at, 1)
    assert (refund.total, refund.lines.get().tax_minor) == (euro(1999 + 380), 380)
    rest = _refund(order, at, 1, 1, shipping=euro(583))
    assert (rest.total, rest.shipping_tax_minor) == (order.total - refund.total, 93)


def test_payments_give_back_first_and_credit_the_rest(lamp: Variant, at: datetime) -> None:
    card = gift_card("30.00")
    order = buy(Bought(lamp, 2), at=at, card=card, card_pays=3000)
    assert order.due == euro(1488)
    first = _refund(order, at, 1)
    assert (asked_of_payments(first), first.credit) == ([1488], euro(511))
    second = _refund(order, at, 1, shipping=euro(490))
    assert (asked_of_payments(second), second.credit) == ([], euro(2489))
    card.refresh_from_db()
    assert card.balance == euro(3000)
    assert list(auditing.discrepancies()) == []


def test_what_is_all_paid_by_gift_card_is_paid_back_at_once(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 1), at=at, card=gift_card("50.00"), card_pays=2489)
    _refund(order, at, 1)
    order.refresh_from_db()
    assert order.payment_state == "partially_refunded"
    _refund(order, at, shipping=euro(490))
    order.refresh_from_db()
    assert (order.payment_state, order.status) == ("refunded", "refunded")


def test_more_units_than_are_left_are_refused_and_nothing_is_written(order: Order, at: datetime) -> None:
    _refund(order, at, 2)
    with pytest.raises(MoreThanIsLeft):
        _refund(order, at, 1)
    assert OrderRefund.objects.count() == Refund.objects.count() == 1


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"shipping": euro(491)}, OrderRefundTooLarge),
        ({"other": euro(5489)}, OrderRefundTooLarge),
        ({"other": euro(-1)}, RefundAmountRefused),
        ({"other": Money(100, "USD")}, RefundAmountRefused),
        ({"other": euro(0)}, NothingToRefund),
    ],
)
def test_an_amount_that_does_not_fit_is_refused(
    order: Order, at: datetime, how: dict[str, Money], error: type[Exception]
) -> None:
    with pytest.raises(error):
        _refund(order, at, **how)
    assert not OrderRefund.objects.exists()


def test_fewer_than_no_units_and_lines_of_other_orders_are_refused(order: Order, lamp: Variant, at: datetime) -> None:
    with pytest.raises(ReturnQuantityRefused):
        _refund(order, at, -1)
    stranger = buy(Bought(lamp, 1), at=at)
    with pytest.raises(MoreThanIsLeft):
        refunding.refund(order=order, lines={stranger.lines.get(): 1}, reason="x", restock=True, actor="clerk", at=at)


def test_shipping_is_given_back_once(order: Order, at: datetime) -> None:
    _refund(order, at, shipping=euro(300))
    with pytest.raises(OrderRefundTooLarge):
        _refund(order, at, shipping=euro(191))
    _refund(order, at, shipping=euro(190))


def test_units_that_were_sent_come_back_or_stay(shop: Shop, order: Order, lamp: Variant, at: datetime) -> None:
    ship(fulfilment=pack(order=order, actor="clerk", at=at), actor="clerk", at=at)
    _refund(order, at, 1, restock=False)
    line = _lines(order)[0]
    assert (line.returned, line.refunded, shop.level(lamp).on_hand) == (0, 1, 8)
    _refund(order, at, 1, restock=True)
    line.refresh_from_db()
    assert (line.returned, line.refunded, shop.level(lamp).on_hand) == (1, 2, 9)


def test_units_in_a_parcel_that_has_not_left_are_unpacked_first(order: Order, at: datetime) -> None:
    parcel = pack(order=order, actor="clerk", at=at)
    with pytest.raises(UnitsArePacked):
        _refund(order, at, 1)
    cancel_fulfilment(fulfilment=parcel, reason="Refund", actor="clerk", at=at)
    _refund(order, at, 1)


def test_the_last_of_the_money_stays_while_goods_are_still_to_be_sent(
    shop: Shop, order: Order, lamp: Variant, at: datetime
) -> None:
    with pytest.raises(GoodsNotSent) as refused:
        _refund(order, at, other=order.total)
    assert refused.value.facts["sku"] == [line.sku for line in _lines(order)]
    _refund(order, at, other=order.total - euro(100))
    parcel = pack(order=order, actor="clerk", at=at)
    with pytest.raises(GoodsNotSent):
        _refund(order, at, other=euro(100))
    assert OrderRefund.objects.count() == 1
    ship(fulfilment=parcel, actor="clerk", at=at)
    _refund(order, at, other=euro(100))


def test_an_authorised_order_takes_less_instead_of_giving_back(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 2), at=at, state="authorised")
    refund = _refund(order, at, 1)
    assert (asked_of_payments(refund), refund.voided_minor) == ([], 1999)
    order.refresh_from_db()
    assert order.payment_state == "authorised"
    assert list(auditing.discrepancies()) == []


def test_what_a_gift_card_paid_stays_paid_when_the_rest_is_never_taken(lamp: Variant, at: datetime) -> None:
    card = gift_card("30.00")
    order = buy(Bought(lamp, 2), at=at, state="authorised", card=card, card_pays=3000)
    refund = _refund(order, at, 1)
    assert (refund.voided_minor, refund.credit) == (1488, euro(511))
    [payment] = payments_of(order)
    advance(payment, PaymentStatus.CANCELLED, actor="gateway", reason="Called off", at=at)
    hear("payments.cancelled", payment=payment, at=at)
    order.refresh_from_db()
    assert (order.status, order.payment_state) == ("confirmed", "partially_refunded")
    assert list(auditing.discrepancies()) == []


def _book(payment: Payment, kind: str, minor: int, at: datetime) -> None:
    LedgerEntry.objects.create(
        payment=payment, kind=kind, amount_minor=minor, currency="EUR", gateway_reference="fact", at=at
    )


def test_what_a_bank_took_back_is_not_paid_back_again(order: Order, at: datetime) -> None:
    payment = order.payments.get().payment
    dispute = Dispute.objects.create(
        payment=payment, gateway_id="dp_1", amount_minor=5000, currency="EUR", reason="fraudulent", opened_at=at
    )
    for status in ("needs_response", "lost"):
        advance(dispute, status, actor="bank", reason="Fraud", at=at)
    _book(payment, "dispute", -5000, at)
    for _ in range(2):
        payload = {"payment": str(payment.pk), "dispute": str(dispute.pk)}
        tasks.take_as_decided_by_the_bank(payload=payload, at=at)
    last = _refund(order, at, 2, 3, shipping=euro(490))
    assert last.total == euro(488)
    told = {each.words for each in timeline(order) if each.kind == "refund"}
    assert told == {"€50.00 went back", "€4.88 to be paid back"}
    assert list(auditing.discrepancies()) == []


def test_a_refund_that_fails_is_not_asked_for_anew(order: Order, at: datetime) -> None:
    cancel(order=order, reason="x", actor="clerk", at=at)
    [asked] = Refund.objects.all()
    advance(asked, "failed", actor="gateway", reason="Account closed", at=at)
    hear("payments.refund_failed", refund=asked, at=at)
    hear("payments.succeeded", payment=asked.payment, at=at)
    assert Refund.objects.count() == 1


def test_what_is_promised_and_not_received_cannot_be_given_back_in_part(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 2), at=at, method="cash_on_delivery", state="pending")
    with pytest.raises(OrderNotPaid):
        _refund(order, at, 1)


def test_an_order_that_waits_for_its_transfer_is_cancelled_and_not_refunded(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 2), at=at, method="bank_transfer", state="pending")
    with pytest.raises(OrderNotRefundable):
        _refund(order, at, 1)


def test_a_refund_is_announced_with_its_order(order: Order, at: datetime) -> None:
    refund = _refund(order, at, 1)
    event = OutboxEvent.objects.get(name="orders.refunded")
    assert event.payload == {"order": str(order.pk), "refund": str(refund.pk), "purpose": "refund"}


def test_a_part_that_is_back_makes_the_order_partly_paid_back(order: Order, at: datetime) -> None:
    _refund(order, at, 1)
    pay_out(order, at=at)
    assert (order.payment_state, order.status) == ("partially_refunded", "confirmed")


def _refunded_at_the_gateway(order: Order, at: datetime, minor: int) -> Refund:
    payment = order.payments.get().payment
    outside = Refund.objects.create(
        payment=payment, amount_minor=minor, currency="EUR", reason="Dashboard", created_at=at
    )
    for status in ("requested", "succeeded"):
        advance(outside, status, actor="gateway", reason="Dashboard", at=at)
    _book(payment, "refund", -minor, at)
    hear("payments.refunded", refund=outside, at=at)
    return outside


def test_a_refund_that_is_made_at_the_gateway_counts_once(order: Order, at: datetime) -> None:
    outside = _refunded_at_the_gateway(order, at, 1000)
    hear("payments.refunded", refund=outside, at=at)
    order.refresh_from_db()
    assert (order.refunded, order.payment_state) == (euro(1000), "partially_refunded")
    assert OrderRefund.objects.get().purpose == "gateway"
    with pytest.raises(OrderRefundTooLarge):
        _refund(order, at, other=euro(4489))
    assert list(auditing.discrepancies()) == []


def test_a_surplus_is_no_part_of_what_the_order_costs(order: Order, at: datetime) -> None:
    """An edit made it a euro cheaper."""
    Order.objects.update(subtotal_minor=F("subtotal_minor") - 100, total_minor=F("total_minor") - 100)
    with transaction.atomic():
        refunding.give_back_surplus(order=lock_order(order.pk), amount=euro(100), reason="Edited", actor="clerk", at=at)
    pay_out(order, at=at)
    assert (order.refunded, order.payment_state) == (euro(0), "paid")


def test_a_gift_card_is_paid_back_only_while_it_is_whole(shop: Shop, at: datetime) -> None:
    card_goods = shop.sell(price=2500, stock=10)
    order = buy(Bought(card_goods, 2, price=2500, shipping_class="none"), at=at, shipping=0)
    bought = BoughtCards(key=str(card_goods.pk), amount=euro(2500), quantity=2, email=order.email)
    spent, whole = issue_for_purchase(reference=order.number, lines=[bought], actor="test", at=at)
    adjust(account_id=spent.pk, change=euro(-100), actor="test", reason="Spent", at=at)
    with pytest.raises(GiftCardSpent):
        _refund(order, at, 2)
    _refund(order, at, 1)
    whole.refresh_from_db()
    assert (whole.balance_minor, whole.is_active) == (0, False)


def test_an_order_that_was_captured_for_less_than_is_due_is_not_paid(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 2), at=at, state="authorised")
    [payment] = payments_of(order)
    capture(payment, at=at, minor=2489)
    hear("payments.succeeded", payment=payment, at=at)
    order.refresh_from_db()
    assert (order.status, order.payment_state) == ("confirmed", "partially_paid")
    assert not OutboxEvent.objects.filter(name="orders.paid").exists()
    assert list(searching.to_be_paid()) == [order]
    assert list(auditing.discrepancies()) == []


@pytest.mark.parametrize("is_heard", [True, False])
def test_it_is_paid_once_what_was_not_captured_is_refunded(lamp: Variant, at: datetime, is_heard: bool) -> None:
    order = buy(Bought(lamp, 2), at=at, state="authorised")
    [payment] = payments_of(order)
    capture(payment, at=at, minor=2489)
    if is_heard:
        hear("payments.succeeded", payment=payment, at=at)
    given = _refund(order, at, 1)
    assert (given.total_minor, given.voided_minor) == (1999, 1999)
    hear("payments.succeeded", payment=payment, at=at)
    order.refresh_from_db()
    assert (order.payment_state, OutboxEvent.objects.filter(name="orders.paid").count()) == ("paid", 1)
    assert list(auditing.discrepancies()) == []


def test_an_order_that_counts_as_paid_and_was_captured_short_is_put_right_by_a_refund(
    lamp: Variant, at: datetime
) -> None:
    """As orders stand that were captured for less than is due before there was *partly paid*."""
    order = buy(Bought(lamp, 2), at=at, state="authorised")
    [payment] = payments_of(order)
    capture(payment, at=at, minor=2489)
    with transaction.atomic():
        advance(order, "paid", field=PAYMENT_STATE, actor="payment task", reason="The payment was made", at=at)
    assert list(auditing.discrepancies()) == [f"I1 order {order.number}: paid, and 2489 of 4488 is there"]
    assert _refund(order, at, 1).voided_minor == 1999
    assert not Refund.objects.exists()
    assert list(auditing.discrepancies()) == []


@pytest.mark.parametrize("portions", [[(1, 0), (1, 490)], [(2, 490)]])
def test_an_order_that_was_captured_short_is_refunded_to_the_end(
    lamp: Variant, at: datetime, portions: list[tuple[int, int]]
) -> None:
    order = buy(Bought(lamp, 2), at=at, state="authorised")
    [payment] = payments_of(order)
    capture(payment, at=at, minor=2489)
    hear("payments.succeeded", payment=payment, at=at)
    for units, shipping in portions:
        _refund(order, at, units, shipping=euro(shipping))
    pay_out(order, at=at)
    assert (order.status, order.payment_state, money_back(order)) == ("refunded", "refunded", euro(2489))
    assert list(auditing.discrepancies()) == []


def test_what_a_bank_holds_of_a_paid_order_takes_nothing_from_a_refund(order: Order, at: datetime) -> None:
    [payment] = payments_of(order)
    dispute = Dispute.objects.create(
        payment=payment, gateway_id="dp_1", amount_minor=1000, currency="EUR", reason="fraudulent", opened_at=at
    )
    advance(dispute, "needs_response", actor="bank", reason="Fraud", at=at)
    refund = _refund(order, at, 1)
    assert (refund.voided_minor, asked_of_payments(refund)) == (0, [1999])


def test_what_a_bank_holds_is_refused_until_the_dispute_is_decided(order: Order, at: datetime) -> None:
    [payment] = payments_of(order)
    dispute = Dispute.objects.create(
        payment=payment, gateway_id="dp_1", amount_minor=5488, currency="EUR", reason="fraudulent", opened_at=at
    )
    advance(dispute, "needs_response", actor="bank", reason="Fraud", at=at)
    with pytest.raises(MoneyDisputed):
        refunding.refund(order=order, lines={}, other=euro(500), reason="x", restock=False, actor="clerk", at=at)
    with pytest.raises(MoneyDisputed):
        cancel(order=order, reason="x", actor="clerk", at=at)
    order.refresh_from_db()
    assert (order.refunded, order.status, OrderRefund.objects.count()) == (euro(0), "confirmed", 0)
    advance(dispute, "won", actor="bank", reason="Won", at=at)
    assert (refund := _refund(order, at, 1)).voided_minor == 0
    assert asked_of_payments(refund) == [1999]
    assert list(auditing.discrepancies()) == []


def test_the_audit_names_an_order_that_counts_as_paid_and_is_not(order: Order, at: datetime) -> None:
    LedgerEntry.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    [named] = auditing.discrepancies()
    assert named == f"I1 order {order.number}: paid, and 0 of 5488 is there"


def _failed(order: Order, at: datetime, minor: int = 1000) -> Refund:
    """A refund that the bank has sent back."""
    given = refunding.refund(
        order=order, lines={}, other=euro(minor), reason="Goodwill", restock=False, actor="clerk", at=at
    )
    refund = given.parts.get().payment_refund
    advance(refund, RefundState.FAILED, actor="gateway", reason="The account is closed", at=at)
    hear("payments.refund_failed", refund=refund, at=at)
    return refund


def test_a_waived_refund_says_why_on_the_timeline_and_stays_in_the_books(order: Order, at: datetime) -> None:
    refund = _failed(order, at)
    with pytest.raises(WaiverUnexplained), transaction.atomic():
        waive(refund=refund, reason="  ", actor="clerk", at=at)
    with transaction.atomic():
        waive(refund=refund, reason="Settled on the telephone", actor="clerk", at=at)
    told = [(each.words, each.detail) for each in timeline(order) if each.kind == "payment_refund"]
    assert told[-1] == ("Refund of €10.00 is not owed any more", "Settled on the telephone")
    order.refresh_from_db()
    assert (order.refunded, money_back(order)) == (euro(1000), euro(0))
    assert list(auditing.discrepancies()) == []


def test_a_refund_that_failed_and_was_made_at_the_gateway_instead_is_no_discrepancy(order: Order, at: datetime) -> None:
    refund = _failed(order, at, 5000)
    assert list(auditing.discrepancies()) == []
    _refunded_at_the_gateway(order, at, 5000)
    assert list(auditing.discrepancies()) == []
    with transaction.atomic():
        waive(refund=refund, reason="Made at the payment service itself", actor="clerk", at=at)
    order.refresh_from_db()
    assert money_back(order) == euro(5000)
    assert list(auditing.discrepancies()) == []


def test_the_audit_names_what_was_given_back_and_is_in_no_ledger(order: Order, at: datetime) -> None:
    refund = _failed(order, at)
    Refund.objects.filter(pk=refund.pk).update(status="succeeded")
    assert list(auditing.discrepancies()) == [
        f"I1 order {order.number}: 1000 given back, of which 0 went, is owed or was waived"
    ]
