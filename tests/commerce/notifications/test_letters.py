"""What each mail says, to whom, in which language, and of which fact there is one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from commerce.inventory.models import StockPolicy
from commerce.kit import outbox
from commerce.kit.models import OutboxDelivery
from commerce.notifications import tasks
from commerce.notifications.letters import KINDS, NothingToSay, letter_of
from commerce.notifications.models import Mail
from commerce.notifications.posting import send_due
from commerce.notifications.rendering import render
from commerce.notifications.wording import languages, words
from commerce.orders import fulfilling, refunding, returning
from commerce.orders.confirming import resend_confirmation
from commerce.orders.lapsing import lapse
from commerce.orders.models import Order, OrderRefund, ReturnReason
from commerce.orders.states import PaymentState
from commerce.payments.models import Payment, PaymentMethodOffer
from tests.factories import LONG_AGO, Shop
from tests.factories.invoicing import placed
from tests.factories.orders import Bought, buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shop: Shop, at: datetime) -> Order:
    return placed(shop, (shop.sell(price=1999), 2), at=at, email="buyer@example.com")


def _told(at: datetime) -> dict[str, Mail]:
    """The mails by kind, once all that was announced has been heard."""
    while outbox.deliver_due(at=at):
        pass
    waiting = OutboxDelivery.objects.waiting().filter(subscriber__contains="notifications")
    assert list(waiting.values_list("subscriber", "last_error")) == []
    return {mail.kind: mail for mail in Mail.objects.all()}


def _text(mail: Mail, at: datetime) -> str:
    return " ".join(render(letter_of(mail, at=at))[0].split())


def test_a_confirmed_order_is_told_with_its_goods_and_sums(order: Order, at: datetime) -> None:
    mail = _told(at)["order_confirmed"]
    assert (mail.recipient, mail.language, mail.order) == ("buyer@example.com", "en", order.pk)
    said = _text(mail, at)
    line = order.lines.get()
    for words_ in (f"2 × {line.title}", "€39.98", "Shipping: €4.90", "Total: €44.88", order.number):
        assert words_ in said


def test_it_speaks_the_language_of_the_order(shop: Shop, at: datetime) -> None:
    placed(shop, (shop.sell(price=1999), 2), at=at, language="de")
    said = _text(_told(at)["order_confirmed"], at)
    assert "Vielen Dank für Ihre Bestellung" in said
    assert "Gesamt: 44,88 €" in said


def test_who_pays_by_transfer_is_told_how_and_is_not_told_that_it_is_confirmed(shop: Shop, at: datetime) -> None:
    PaymentMethodOffer.objects.create(market=shop.market, method="bank_transfer", instructions="IBAN DE02 1203")
    order = placed(shop, (shop.sell(price=1999), 1), at=at, payment_state=PaymentState.PENDING)
    told = _told(at)
    assert set(told) == {"payment_instructions"}
    said = _text(told["payment_instructions"], at)
    assert f"Please transfer €24.89 and name the order {order.number}" in said
    assert "IBAN DE02 1203" in said


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Please pay by: December 5, 2026, 3:00 AM UTC"), ("de", "Bitte zahlen bis: 5. Dezember 2026, 03:00 UTC")],
)
def test_who_pays_by_transfer_is_told_until_when_the_same_in_every_zone(
    shop: Shop, at: datetime, language: str, told: str
) -> None:
    order = buy(
        Bought(shop.sell(price=1999, stock=1)), at=at, method="bank_transfer", state="pending", language=language
    )
    pay_by = datetime(2026, 12, 5, 3, 0, tzinfo=UTC)
    Payment.objects.update(pay_by=pay_by)
    assert told in _text(_told(at)["payment_instructions"], at)
    assert not lapse(order_id=order.pk, actor="clock", at=pay_by - timedelta(seconds=1))
    assert lapse(order_id=order.pk, actor="clock", at=pay_by)


def test_a_confirmation_that_is_asked_for_comes_again(order: Order, at: datetime) -> None:
    _told(at)
    resend_confirmation(order=order, actor="test", at=at)
    _told(at)
    assert Mail.objects.filter(kind="order_confirmed").count() == 2


def test_a_parcel_is_told_with_its_goods_and_its_tracking(order: Order, at: datetime) -> None:
    parcel = fulfilling.pack(order=order, actor="test", at=at)
    fulfilling.ship(fulfilment=parcel, tracking_number="TRACK-1", actor="test", at=at)
    told = _told(at)
    said = _text(told["order_shipped"], at)
    for words_ in (f"2 × {order.lines.get().title}", "Tracking number: TRACK-1", "10115 Berlin"):
        assert words_ in said
    assert "order_delivered" not in told
    fulfilling.deliver(fulfilment=parcel, actor="test", at=at)
    assert "has arrived" in _text(_told(at)["order_delivered"], at)


def test_a_refund_is_told_with_its_amount(order: Order, at: datetime) -> None:
    refunding.refund(order=order, lines={order.lines.get(): 1}, reason="Broken", restock=False, actor="test", at=at)
    said = _text(_told(at)["order_refunded"], at)
    assert "You get €19.99 back" in said


def test_money_that_was_never_taken_is_not_told_to_go_back(order: Order, at: datetime) -> None:
    refund = OrderRefund.objects.create(
        order=order, purpose="cancellation", total_minor=500, voided_minor=500, currency="EUR", actor="t", at=at
    )
    tasks.tell_what_goes_back(payload={"order": str(order.pk), "refund": str(refund.pk)}, at=at)
    assert not Mail.objects.filter(kind="order_refunded").exists()


def test_a_return_is_told_step_by_step(order: Order, at: datetime) -> None:
    parcel = fulfilling.pack(order=order, actor="test", at=at)
    fulfilling.ship(fulfilment=parcel, actor="test", at=at)
    asked = [returning.Asked(line=order.lines.get(), quantity=1, reason=ReturnReason.UNWANTED)]
    wanted = returning.request(order=order, asked=asked, actor="shopper", at=at)
    said = _text(_told(at)["return_requested"], at)
    assert f"1 × {order.lines.get().title}" in said
    returning.approve(parent=wanted, actor="test", at=at)
    assert "Please send the goods back" in _text(_told(at)["return_approved"], at)


def test_a_cart_is_reminded_of_once_with_a_link_to_it_and_not_against_its_owners_will(shop: Shop, at: datetime) -> None:
    cart = shop.cart((shop.sell(), 1), mail_consent_at=LONG_AGO, abandoned_at=at)
    for _ in range(2):
        tasks.remind_of_a_cart(payload={"cart": str(cart.pk)}, at=at)
    mail = Mail.objects.get()
    assert f"{django_settings.STOREFRONT_URL}/resume#" in _text(mail, at)
    cart.mail_consent_at = None
    cart.save()
    with pytest.raises(NothingToSay):
        letter_of(mail, at=at)
    assert send_due(at=at) == 0
    assert Mail.objects.get().given_up_at == at


def test_staff_are_told_what_runs_low_once_each_time(shop: Shop, at: datetime, settings: Any) -> None:
    settings.STAFF_EMAILS = ["one@example.com", "two@example.com"]
    variant = shop.sell()
    policy = StockPolicy.objects.create(variant=variant, low_stock_threshold=3, low_since=at)
    payload = {"variant": str(variant.pk), "sku": variant.sku, "left": 2, "threshold": 3}
    for _ in range(2):
        tasks.tell_staff_what_runs_low(payload=payload, at=at)
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == settings.STAFF_EMAILS
    assert f"Low on stock: {variant.sku}" == letter_of(Mail.objects.first(), at=at).subject
    StockPolicy.objects.filter(pk=policy.pk).update(low_since=None)
    Mail.objects.all().delete()
    tasks.tell_staff_what_runs_low(payload=payload, at=at)
    assert not Mail.objects.exists()


def test_a_title_cannot_bring_markup_into_a_mail(shop: Shop, at: datetime) -> None:
    variant = shop.sell()
    content = shop.content(variant)
    content.title = "<script>alert(1)</script>"
    content.save()
    placed(shop, (variant, 1), at=at)
    text, html = render(letter_of(_told(at)["order_confirmed"], at=at))
    assert "<script>" not in html
    assert "<script>alert(1)</script>" in text


def test_what_the_mail_was_about_may_be_gone(at: datetime) -> None:
    mail = Mail(kind="order_confirmed", language="en", about={"order": str(uuid.uuid4())})
    with pytest.raises(NothingToSay):
        letter_of(mail, at=at)


def test_every_language_has_words_for_every_kind() -> None:
    assert {"en", "de"} <= languages()
    for language in languages():
        said = words(language)
        assert set(said) == {*KINDS, "label"}
        assert set(said["label"]) == set(words("en")["label"])
        for kind in KINDS:
            assert said[kind]["subject"]
            assert said[kind]["title"]
            assert said[kind]["text"]


def test_no_kind_is_left_without_a_fact_that_brings_it() -> None:
    source = Path(tasks.__file__).read_text()
    assert {kind for kind in KINDS if f'"{kind}"' not in source} == set()
