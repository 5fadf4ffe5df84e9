"""Notes, the timeline, searching, access, and the confirmation that is sent again."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.catalogue.models import Variant
from commerce.kit.ledgers import LedgerIsInsertOnly
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.orders import searching
from commerce.orders.access import OrderNotFound, access_signature, order_for
from commerce.orders.cancelling import cancel
from commerce.orders.confirming import resend_confirmation
from commerce.orders.fulfilling import OrderDisputed, pack, ship
from commerce.orders.giving_back import told_refunds
from commerce.orders.models import Order
from commerce.orders.noting import NoteRefused, note
from commerce.orders.paying import payments_of
from commerce.orders.refunding import refund
from commerce.orders.returning import Asked, ReturnReason, request
from commerce.orders.searching import Wanted, search
from commerce.orders.timeline import Entry, for_shopper, timeline
from commerce.payments.models import Dispute, Refund
from commerce.payments.states import DisputeState, PaymentStatus, RefundState
from tests.factories import Shop, UserFactory
from tests.factories.credit import gift_card
from tests.factories.orders import Bought, buy, hear, pay_out

pytestmark = pytest.mark.django_db


def test_a_note_is_kept_and_never_changed(order: Order, at: datetime) -> None:
    kept = note(order=order, text="  Gift wrap \x00 ", is_visible=False, actor="clerk", at=at)
    assert kept.text == "Gift wrap"
    with pytest.raises(LedgerIsInsertOnly):
        kept.save()


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_a_note_of_no_words_or_too_many_is_refused(order: Order, at: datetime, text: str) -> None:
    with pytest.raises(NoteRefused):
        note(order=order, text=text, is_visible=True, actor="clerk", at=at)


def test_the_timeline_tells_all_in_the_order_in_which_it_happened(order: Order, at: datetime) -> None:
    parcel = pack(order=order, actor="clerk", at=at + timedelta(hours=1))
    ship(fulfilment=parcel, tracking_number="A1", actor="clerk", at=at + timedelta(hours=2))
    line = order.lines.first()
    assert line is not None
    request(order=order, asked=[Asked(line, 1, ReturnReason.DAMAGED)], actor="shopper", at=at + timedelta(hours=3))
    refund(
        order=order, lines={}, other=Money(100, "EUR"), reason="Scratch", restock=False, actor="clerk",
        at=at + timedelta(hours=4),
    )  # fmt: skip
    note(order=order, text="Called her", is_visible=False, actor="clerk", at=at + timedelta(hours=5))
    mail = Entry(at + timedelta(hours=6), "mail", "shipped", "Mail sent", "", "shop", True)
    entries = timeline(order, further=[mail])
    told = [(entry.kind, entry.name) for entry in entries]
    assert told == [
        ("payment", "opening"), ("payment", "open"), ("payment", "succeeded"), ("order", "confirmed"),
        ("payment_state", "paid"), ("fulfilment", "packed"), ("order", "processing"), ("fulfilment", "shipped"),
        ("order", "shipped"), ("return", "requested"), ("refund", "refund"), ("payment_refund", "requested"),
        ("note", "internal"), ("mail", "shipped"),
    ]  # fmt: skip
    seen = [(entry.kind, entry.name) for entry in for_shopper(entries)]
    assert ("note", "internal") not in seen
    assert ("fulfilment", "packed") not in seen
    assert next(entry for entry in entries if entry.name == "shipped").facts["tracking_number"] == "A1"


def test_a_long_timeline_costs_no_more_queries_than_a_short_one(order: Order, at: datetime) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            timeline(order)
        return len(captured)

    few = queries()
    for number in range(8):
        note(order=order, text=f"Note {number}", is_visible=True, actor="clerk", at=at)
        refund(order=order, lines={}, other=Money(100, "EUR"), reason="x", restock=False, actor="clerk", at=at)
    assert queries() == few


@pytest.mark.parametrize("typed", ["{number}", "{short}", "CUSTOMER@", "customer", "{sku}"])
def test_an_order_is_found_by_what_is_typed(shop: Shop, order: Order, lamp: Variant, at: datetime, typed: str) -> None:
    other = buy(Bought(shop.sell(), 1), at=at)
    Order.objects.filter(pk=other.pk).update(email="somebody@example.com", shipping_address={"name": "Somebody"})
    text = typed.format(number=order.number.lower(), short=order.number[2:6], sku=lamp.sku.lower())
    assert list(search(Wanted(text=text))) == [order]


@pytest.mark.parametrize("text", ["nobody", "\x00nobody", "%", "customer somebody"])
def test_what_nothing_is_called_finds_nothing(order: Order, text: str) -> None:
    assert list(search(Wanted(text=text))) == []


def test_orders_are_found_by_state_market_and_dates(order: Order, at: datetime) -> None:
    day = timedelta(days=1)
    for wanted in (
        Wanted(status="confirmed"), Wanted(payment_state="paid"), Wanted(fulfilment_state="unfulfilled"),
        Wanted(market="eu"), Wanted(since=at), Wanted(before=at + day),
    ):  # fmt: skip
        assert list(search(wanted)) == [order]
    for wanted in (Wanted(status="pending"), Wanted(market="us"), Wanted(since=at + day), Wanted(before=at)):
        assert list(search(wanted)) == []


def test_the_queues_of_the_desk(lamp: Variant, order: Order, at: datetime) -> None:
    waiting = buy(Bought(lamp, 1), at=at, method="bank_transfer", state="pending")
    emptied = buy(Bought(lamp, 1), at=at)
    refund(order=emptied, lines={emptied.lines.get(): 1}, reason="x", restock=True, actor="clerk", at=at)
    assert list(searching.to_send()) == [order]
    assert list(searching.to_be_paid()) == [waiting]
    ship(fulfilment=pack(order=order, actor="clerk", at=at), actor="clerk", at=at)
    assert list(searching.to_send()) == []
    assert list(searching.on_their_way()) == [order]


def test_a_signed_in_customer_sees_the_order_that_is_theirs(lamp: Variant, at: datetime) -> None:
    owner, stranger = UserFactory.create(), UserFactory.create()
    order = buy(Bought(lamp, 1), at=at, customer=owner)
    assert order_for(order_id=order.pk, access="", customer=owner) == order
    assert order_for(order_id=order.pk, access=access_signature(order.pk), customer=stranger) == order
    for customer in (stranger, None):
        with pytest.raises(OrderNotFound):
            order_for(order_id=order.pk, access="", customer=customer)
    with pytest.raises(OrderNotFound):
        order_for(order_id=uuid.uuid4(), access="", customer=owner)


def test_the_confirmation_is_asked_for_once_more_each_time(order: Order, at: datetime) -> None:
    for _ in range(2):
        resend_confirmation(order=order, actor="clerk", at=at)
    asked = OutboxEvent.objects.filter(name="orders.confirmation_requested")
    assert len({event.payload["request"] for event in asked}) == 2


def _told(order: Order, *kinds: str) -> list[str]:
    return [entry.words for entry in timeline(order) if entry.kind in kinds]


def test_at_one_instant_the_cause_is_told_before_its_effect(order: Order, lamp: Variant, at: datetime) -> None:
    ship(fulfilment=pack(order=order, actor="clerk", at=at), actor="clerk", at=at)
    assert _told(order, "order", "fulfilment")[1:] == ["Parcel packed", "Order in work", "Parcel sent", "Order sent"]
    card = gift_card("30.00")
    other = buy(Bought(lamp, 2), at=at, card=card, card_pays=3000)
    cancel(order=other, reason="x", actor="clerk", at=at)
    assert _told(other, "order", "refund", "payment_state") == [
        "Order confirmed", "Paid", "Order cancelled", "€44.88 to be paid back", "Partly paid back"
    ]  # fmt: skip


def test_who_calls_off_a_promise_is_told_so_first(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp), at=at, method="bank_transfer", state="pending")
    cancel(order=order, reason="x", actor="shopper", at=at, by_customer=True)
    assert _told(order, "order", "refund", "payment_state")[2:] == [
        "Order cancelled", "€24.89 no longer to be paid", "Payment called off"
    ]  # fmt: skip


def test_a_payment_that_lapses_is_told_before_what_it_cancels(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp), at=at, state="authorised")
    [payment] = payments_of(order)
    advance(payment, PaymentStatus.CANCELLED, actor="gateway", reason="Expired", at=at)
    hear("payments.cancelled", payment=payment, at=at)
    assert _told(order, "order", "refund", "payment_state")[2:] == [
        "Payment called off", "Order cancelled", "€24.89 no longer to be paid"
    ]  # fmt: skip


def test_a_refund_that_came_back_is_told_to_the_shopper_as_owed(order: Order, at: datetime) -> None:
    refund(order=order, lines={}, other=Money(1000, "EUR"), reason="x", restock=False, actor="clerk", at=at)
    assert [each.status for each in told_refunds(order)] == ["requested"]
    pay_out(order, at=at)
    assert [each.status for each in told_refunds(order)] == ["succeeded"]
    back = Refund.objects.get()
    advance(back, RefundState.FAILED, actor="gateway", reason="The account is closed", at=at)
    hear("payments.refund_failed", refund=back, at=at)
    assert [(each.amount, each.status) for each in told_refunds(order)] == [(Money(1000, "EUR"), "failed")]
    seen = [(entry.words, entry.detail) for entry in for_shopper(timeline(order)) if entry.kind == "payment_refund"]
    assert seen == [("Refund of €10.00 did not arrive: it is still owed", "")]
    assert _told(order, "payment_state")[1:] == ["Partly paid back", "Not paid back after all"]


def _disputed(order: Order, at: datetime) -> Dispute:
    dispute = Dispute.objects.create(
        payment=payments_of(order)[0], gateway_id="dp_1", amount_minor=5488, currency="EUR", reason="fraudulent",
        opened_at=at,
    )  # fmt: skip
    advance(dispute, DisputeState.NEEDS_RESPONSE, actor="bank", reason="54.88 EUR disputed: fraudulent", at=at)
    return dispute


def test_what_is_disputed_is_sent_when_somebody_confirms_it(order: Order, at: datetime) -> None:
    packed = pack(order=order, lines={order.lines.all()[0]: 1}, actor="clerk", at=at)
    dispute = _disputed(order, at)
    with pytest.raises(OrderDisputed):
        pack(order=order, actor="clerk", at=at)
    with pytest.raises(OrderDisputed):
        ship(fulfilment=packed, actor="clerk", at=at)
    ship(fulfilment=packed, although_disputed=True, actor="clerk", at=at)
    pack(order=order, lines={order.lines.all()[0]: 1}, although_disputed=True, actor="clerk", at=at)
    advance(dispute, DisputeState.WON, actor="bank", reason="Won", at=at)
    pack(order=order, actor="clerk", at=at)
    assert _told(order, "dispute") == ["Disputed: €54.88", "Dispute won: €54.88"]
    assert "dispute" not in {entry.kind for entry in for_shopper(timeline(order))}


def test_a_tracking_number_stays_with_the_parcel_that_it_was_packed_with(order: Order, at: datetime) -> None:
    parcel = pack(order=order, tracking_number=" A1 ", actor="clerk", at=at)
    assert parcel.tracking_number == "A1"
    assert ship(fulfilment=parcel, actor="clerk", at=at).tracking_number == "A1"
