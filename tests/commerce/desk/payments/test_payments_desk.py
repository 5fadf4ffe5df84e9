from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commerce.accounts.models import User
from commerce.kit import outbox
from commerce.kit.clock import now
from commerce.kit.models import OutboxDelivery, OutboxEvent
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.orders.models import Order, OrderPayment
from commerce.payments import disputing, settling
from commerce.payments.methods import methods_for
from commerce.payments.models import Payment, PaymentMethodOffer, Refund, WebhookEvent
from commerce.payments.receiving import record_receipt
from demo.staff import CLERK, hire
from tests.commerce.desk.promotions.pages import browser_with
from tests.commerce.payments.paying import ACTOR, authorised, deliver, euros, fresh, opened, paid, prepared, refund
from tests.factories import Shop
from tests.till import Till

pytestmark = pytest.mark.django_db

PAGE = "/admin/payments-attention/"


@pytest.fixture
def teller(shop: Shop) -> Client:
    """Somebody who may act on payments and nothing else."""
    return browser_with("view_payment", "change_payment")


def _do(browser: Client, kind: str, row: Any, action: str, written: str = "") -> Any:
    wanted = {"kind": kind, "key": str(getattr(row, "pk", row)), "action": action, "written": written}
    return browser.post(PAGE, wanted, follow=True)


def _seen(browser: Client, address: str = PAGE) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def _failed(till: Till) -> Refund:
    payment = paid(till, now())
    made = refund(payment, 1000, now())
    till.dashboard("disputes", payment_intent=payment.gateway_id)
    deliver(now())
    [dispute] = till.gateway.list_disputes(gateway_id=payment.gateway_id)
    till.dashboard(f"disputes/{dispute.gateway_id}/decide", outcome="won")
    failed: Refund = fresh(made)
    assert failed.status == "failed"
    return failed


def _transferred(minor: int) -> Payment:
    payment = prepared(now(), method="bank_transfer")
    with transaction.atomic():
        record_receipt(payment=payment, amount=euros(minor), reference="line 3", actor=ACTOR, at=now())
    return payment


def test_only_who_may_look_at_payments_sees_them(writer: Client, teller: Client, till: Till) -> None:
    payment = paid(till, now())
    for address in (PAGE, "/admin/payments/", f"/admin/payments/inspect/{payment.pk}/"):
        assert writer.get(address).status_code in {302, 403}
        assert teller.get(address).status_code == 200


def test_only_who_may_change_payments_acts_on_them(shop: Shop, till: Till) -> None:
    failed = _failed(till)
    looker = browser_with("view_payment")
    assert "Try again" not in _seen(looker)
    assert _do(looker, "failed_refund", failed, "waive", "x").status_code in {302, 403, 200}
    assert fresh(failed).status == "failed"


def test_where_nothing_waits_the_page_says_so(teller: Client, till: Till) -> None:
    assert "Nothing waits for anybody." in _seen(teller)


def test_a_matter_names_its_order(order: Order, teller: Client) -> None:
    payment = Payment.objects.get(pk=order.payment_id)
    with transaction.atomic():
        settling.quarantine(payment, "Another reference", at=now())
    page = _seen(teller)
    assert order.number in page
    assert "Another reference" in page


def test_a_failed_refund_is_tried_again(teller: Client, till: Till) -> None:
    failed = _failed(till)
    assert "€10.00 could not be refunded" in _seen(teller)
    _do(teller, "failed_refund", failed, "try_again")
    deliver(now())
    assert fresh(failed).status == "succeeded"


def test_a_failed_refund_is_paid_back_by_hand_or_waived_with_a_word_of_why(teller: Client, till: Till) -> None:
    by_hand, waived = _failed(till), _failed(till)
    assert "Write what is asked for" in _do(teller, "failed_refund", by_hand, "paid_back", "  ").content.decode()
    _do(teller, "failed_refund", by_hand, "paid_back", "transfer\x00 12")
    _do(teller, "failed_refund", waived, "waive", "Settled with the customer")
    assert [fresh(each).status for each in (by_hand, waived)] == ["succeeded", "waived"]
    assert waived.events.last().reason == "Settled with the customer"
    assert "is on its way, has been made" in _do(teller, "failed_refund", waived, "waive", "again").content.decode()


def test_a_refund_outside_the_gateway_is_said_to_be_paid(teller: Client) -> None:
    owed = refund(_transferred(4488), 1000, now())
    _do(teller, "refund_to_pay", owed, "paid_back", "transfer 12")
    assert fresh(owed).status == "succeeded"


def test_what_was_overpaid_is_given_back_once(teller: Client) -> None:
    payment = _transferred(5000)
    assert "€5.12 more was paid than was due" in _seen(teller)
    for _ in range(2):
        _do(teller, "overpaid", payment, "give_back")
    assert Refund.objects.get().amount == euros(512)
    assert "more was paid" not in _seen(teller)


def test_a_payment_in_quarantine_is_looked_at_again_or_given_up(teller: Client, till: Till) -> None:
    ours, not_ours = opened(now()), opened(now())
    till.pay(ours)
    for payment in (ours, not_ours):
        with transaction.atomic():
            settling.quarantine(payment, "Another reference", at=now())
    _do(teller, "quarantined", ours, "release")
    _do(teller, "quarantined", not_ours, "give_up", "Another shop's")
    assert [fresh(each).status for each in (ours, not_ours)] == ["succeeded", "cancelled"]


def test_an_authorisation_is_captured_or_cancelled_before_it_lapses(teller: Client, till: Till) -> None:
    wanted, unwanted = authorised(till, now()), authorised(till, now())
    Payment.objects.update(authorisation_expires_at=now() + timedelta(hours=3))
    assert _seen(teller).count("is about to lapse") == 2
    _do(teller, "lapsing_authorisation", wanted, "capture")
    _do(teller, "lapsing_authorisation", unwanted, "cancel", "Out of stock")
    deliver(now())
    assert [fresh(each).status for each in (wanted, unwanted)] == ["succeeded", "cancelled"]


def test_a_dispute_is_shown_and_answered_elsewhere(teller: Client, till: Till) -> None:
    payment = paid(till, now(), card="4000000000000259")
    [fetched] = till.gateway.list_disputes(gateway_id=payment.gateway_id)
    dispute = disputing.adopt(fetched, actor=ACTOR, at=now())
    assert "disputed: answer at the gateway" in _seen(teller)
    assert _do(teller, "dispute", dispute, "try_again").status_code == 404


def test_what_was_given_up_is_tried_again(teller: Client) -> None:
    event = OutboxEvent.objects.create(name="payments.refunded", payload={}, occurred_at=now())
    delivery = OutboxDelivery.objects.create(event=event, subscriber="a.task", due_at=now(), parked_at=now())
    webhook = WebhookEvent.objects.create(
        gateway="stripe", event_id="evt_1", type="x", payload={}, received_at=now(), parked_at=now(), attempts=5
    )
    _do(teller, "parked_delivery", delivery, "retry")
    _do(teller, "parked_webhook", webhook, "retry")
    assert OutboxDelivery.objects.get(pk=delivery.pk).parked_at is None
    assert WebhookEvent.objects.get().parked_at is None
    assert not outbox.retry(delivery_id=delivery.pk, at=now())
    assert _do(teller, "parked_delivery", delivery, "retry").status_code == 404


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"kind": "magic", "action": "x", "key": "1"},
        {"kind": "failed_refund", "action": "magic", "key": "1"},
        {"kind": "failed_refund", "action": "try_again", "key": "not-a-uuid"},
        {"kind": "failed_refund", "action": "try_again", "key": "6f0d2f0e-3c56-4a1e-9b6b-0c1a5a0f7d11"},
        {"kind": "quarantined", "action": "release", "key": "\x00"},
        {"kind": "parked_webhook", "action": "retry", "key": "9" * 30},
        {"kind": "parked_webhook", "action": "retry", "key": "²"},
        {"kind": "parked_delivery", "action": "retry", "key": "7"},
    ],
)
def test_there_is_no_such_matter(teller: Client, wanted: dict[str, str]) -> None:
    assert teller.post(PAGE, wanted).status_code == 404


def test_a_payment_shows_its_books_and_all_that_happened(teller: Client, till: Till) -> None:
    failed = _failed(till)
    page = _seen(teller, f"/admin/payments/inspect/{failed.payment_id}/")
    for told in ("Ledger", "€44.88", "Returned", "Intent opened at the gateway", failed.payment.gateway_id):
        assert told in page, told
    assert failed.payment.gateway_id in _seen(teller, f"/admin/payments/?q={failed.payment.gateway_id}")


@pytest.fixture
def setter(shop: Shop) -> Client:
    return browser_with("view_paymentmethodoffer", "add_paymentmethodoffer", "change_paymentmethodoffer")


def _offer(**fields: Any) -> dict[str, Any]:
    market = Market.objects.get(is_default=True)
    return {"market": market.pk, "method": "cash_on_delivery", "name": "Cash", "position": "1"} | fields


def test_a_market_is_given_a_way_to_pay(setter: Client) -> None:
    answer = setter.post("/admin/payment-methods/new/", _offer(least_minor="10", most_minor="200,50"))
    assert answer.status_code == 302
    offer = PaymentMethodOffer.objects.get()
    assert (offer.method, offer.least_minor, offer.most_minor) == ("cash_on_delivery", 1000, 20_050)
    assert "from €10.00 up to €200.50" in _seen(setter, "/admin/payment-methods/")
    page = _seen(setter, f"/admin/payment-methods/edit/{offer.pk}/")
    assert "200.50" in page


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({"keep_cards": "on"}, ["stripe", "cash_on_delivery"]),
        ({}, ["cash_on_delivery"]),
        ({"keep_cards": "on", "method": "stripe"}, ["stripe"]),
    ],
)
def test_the_first_method_of_a_market_keeps_its_cards_if_that_is_ticked(
    setter: Client, fields: dict[str, str], offered: list[str]
) -> None:
    assert "Go on taking cards" in _seen(setter, "/admin/payment-methods/new/")
    assert setter.post("/admin/payment-methods/new/", _offer(**fields)).status_code == 302
    market = Market.objects.get(is_default=True)
    assert [each.code for each in methods_for(market, Money(100, market.currency))] == offered
    last = PaymentMethodOffer.objects.order_by("pk").last()
    assert last is not None
    assert "Go on taking cards" not in _seen(setter, f"/admin/payment-methods/edit/{last.pk}/")
    assert setter.post(
        "/admin/payment-methods/new/", _offer(method="bank_transfer", instructions="To this account", keep_cards="on")
    )
    assert PaymentMethodOffer.objects.filter(method="stripe").exists() is ("stripe" in offered)


@pytest.mark.parametrize(
    "fields",
    [
        {"least_minor": "x"},
        {"least_minor": "-1"},
        {"least_minor": "20", "most_minor": "10"},
        {"method": "y"},
        {"method": "bank_transfer", "instructions": " "},
        {"days_to_pay": "0"},
    ],
)
def test_what_is_no_offer_is_refused(setter: Client, fields: dict[str, str]) -> None:
    assert setter.post("/admin/payment-methods/new/", _offer(**fields)).status_code == 200
    assert not PaymentMethodOffer.objects.exists()


def test_a_market_offers_a_method_once(setter: Client) -> None:
    for expected in (302, 200):
        assert setter.post("/admin/payment-methods/new/", _offer()).status_code == expected


def test_the_clerk_of_the_demo_sees_what_needs_a_person(shop: Shop) -> None:
    hire(home=shop.home)
    clerk = Client()
    clerk.force_login(User.objects.get(email=CLERK))
    assert "Payments that need a person" in _seen(clerk)
    assert PAGE in _seen(clerk, "/admin/")


def test_the_list_says_in_words_how_a_payment_stands(teller: Client) -> None:
    _transferred(5000)
    prepared(now(), method="bank_transfer")
    listed = _seen(teller, "/admin/payments/")
    assert "Not paid yet" in listed
    assert "Succeeded" not in listed


def test_the_list_names_the_order_of_each_payment_at_a_constant_number_of_queries(
    order: Order, teller: Client, django_assert_num_queries: Any
) -> None:
    _transferred(5000)
    assert order.number in _seen(teller, "/admin/payments/")
    with CaptureQueriesContext(connection) as few:
        _seen(teller, "/admin/payments/")
    for _ in range(3):
        payment = _transferred(5000)
        copy = Order.objects.get(pk=order.pk)
        copy.pk, copy.number, copy.checkout_id, copy.payment_id = uuid4(), f"M-{uuid4().hex[:9]}", uuid4(), payment.pk
        copy._state.adding = True
        copy.save()
        OrderPayment.objects.create(order=copy, payment=payment, purpose="initial")
    with django_assert_num_queries(len(few)):
        assert copy.number in _seen(teller, "/admin/payments/?ordering=-order_number")


@pytest.mark.parametrize("shorten", [str, str.lower, lambda number: number[2:6], lambda number: f" {number} "])
def test_a_payment_is_found_by_the_number_of_its_order(
    order: Order, teller: Client, shorten: Callable[[str], str]
) -> None:
    other = _transferred(1234)
    page = teller.get("/admin/payments/", {"q": shorten(order.number)}).content.decode()
    assert str(order.payment_id) in page
    assert str(other.pk) not in page


def test_a_payment_is_headed_in_the_words_of_its_badge(teller: Client, till: Till) -> None:
    unwanted = authorised(till, now())
    Payment.objects.update(authorisation_expires_at=now() + timedelta(hours=3))
    _do(teller, "lapsing_authorisation", unwanted, "cancel", "Out of stock")
    deliver(now())
    page = _seen(teller, f"/admin/payments/inspect/{unwanted.pk}/")
    assert "€44.88 Called off" in page
    assert "cancelled" not in page


def test_what_came_by_transfer_was_received_and_not_captured(teller: Client) -> None:
    page = _seen(teller, f"/admin/payments/inspect/{_transferred(5000).pk}/")
    assert "Received (outside the gateway)" in page
    assert "Capture<" not in page
