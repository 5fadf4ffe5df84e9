"""Mails reach the server once for each fact, whatever happens to it in between; no shopper waits for it (fault 28)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from commerce.kit import outbox
from commerce.kit.models import OutboxEvent
from commerce.notifications import posting, tasks
from commerce.notifications.models import Mail
from commerce.notifications.posting import send_due
from commerce.notifications.queueing import queue
from commerce.orders.models import Order
from tests.commerce.notifications.sink import Sink, mail_server, nobody_listens
from tests.factories import GERMAN_ADDRESS, Shop
from tests.factories.invoicing import placed
from tests.till import Till

pytestmark = pytest.mark.django_db

ADDRESS = "buyer.canary@example.com"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with mail_server() as sink:
        _use(settings, sink.port)
        yield sink


@pytest.fixture
def order(shop: Shop, at: datetime) -> Order:
    return placed(shop, (shop.sell(price=1999), 2), at=at, email=ADDRESS)


def _use(settings: Any, port: int) -> None:
    """The setting names it by itself on Django 6.1; before, the old settings do."""
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    if hasattr(settings, "MAILERS"):
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def _confirmed(order: Order, at: datetime) -> Mail:
    tasks.tell_that_it_is_confirmed(payload={"order": str(order.pk)}, at=at)
    return Mail.objects.get()


def test_a_fact_is_told_once_however_often_it_is_heard(order: Order, sink: Sink, at: datetime) -> None:
    for _ in range(3):
        _confirmed(order, at)
        send_due(at=at)
    [mail] = sink.taken
    assert mail["To"] == ADDRESS
    assert mail["Subject"] == f"Your order {order.number}"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert OutboxEvent.objects.filter(name="notifications.mailed").count() == 1


def test_a_mail_is_text_and_html_with_the_signed_link_to_the_order(
    order: Order, sink: Sink, at: datetime, api: APIClient
) -> None:
    _confirmed(order, at)
    send_due(at=at)
    [mail] = sink.taken
    assert mail.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert order.number in text
    assert order.number in html
    [link] = {word for word in text.split() if word.startswith("http")}
    assert link.replace("&", "&amp;") in html
    access = link.split("access=")[1]
    assert api.get(f"/api/v1/orders/{order.pk}/", {"access": access}).json()["number"] == order.number


def test_while_the_server_is_down_mails_wait_and_come_once_when_it_is_back(
    order: Order, settings: Any, at: datetime
) -> None:
    _use(settings, nobody_listens())
    _confirmed(order, at)
    now, tries = at, 0
    while now < at + timedelta(hours=1):
        assert send_due(at=now) == 0
        tries = Mail.objects.get().attempts
        now += timedelta(seconds=5)
    assert tries < 20
    with mail_server() as sink:
        _use(settings, sink.port)
        while now < at + timedelta(hours=2):
            send_due(at=now)
            now += timedelta(seconds=5)
        assert len(sink.taken) == 1
    assert Mail.objects.get().sent_at <= at + timedelta(hours=1, minutes=11)


def test_a_server_that_is_down_is_asked_about_one_mail_and_not_about_each(
    order: Order, settings: Any, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(settings, nobody_listens())
    asked: list[datetime] = []
    connect = posting._connect

    def counted() -> Any:
        asked.append(now)
        return connect()

    monkeypatch.setattr(posting, "_connect", counted)
    for minute in range(60):
        now = at + timedelta(minutes=minute)
        fields = {"kind": "order_confirmed", "recipient": ADDRESS, "language": "en", "about": {"order": str(order.pk)}}
        for each in range(5):
            queue(key=f"{minute} {each}", at=now, **fields)
        send_due(at=now)
    assert Mail.objects.waiting().count() == 300
    assert len(asked) < 20
    with mail_server() as sink:
        _use(settings, sink.port)
        later = at + timedelta(hours=2)
        for second in range(10):
            send_due(at=later + timedelta(seconds=5 * second))
        assert len(sink.taken) == 300
        assert len({mail["Message-ID"] for mail in sink.taken}) == 300


def test_a_server_that_takes_a_mail_and_hangs_up_gets_it_again_with_the_same_id(
    order: Order, sink: Sink, at: datetime
) -> None:
    """Nobody can know whether it will deliver it; mail programs tell by the id that it is the same."""
    sink.drops = 1
    _confirmed(order, at)
    assert send_due(at=at) == 0
    assert send_due(at=at + timedelta(minutes=1)) == 1
    assert send_due(at=at + timedelta(minutes=2)) == 0
    assert len(sink.heard) == 2
    assert len(sink.taken) == 1
    assert sink.heard[0]["Message-ID"] == sink.heard[1]["Message-ID"]


def test_a_server_that_hangs_up_on_everybody_loses_nothing(order: Order, sink: Sink, at: datetime) -> None:
    sink.drops_at_once = True
    _confirmed(order, at)
    assert send_due(at=at) == 0
    sink.drops_at_once = False
    assert send_due(at=at + timedelta(minutes=1)) == 1


def test_a_recipient_that_is_refused_for_ever_is_given_up_and_one_refused_for_now_is_not(
    order: Order, sink: Sink, at: datetime
) -> None:
    sink.refuses = "451 later"
    _confirmed(order, at)
    send_due(at=at)
    assert Mail.objects.waiting().count() == 1
    sink.refuses = "550 nobody here"
    send_due(at=at + timedelta(minutes=1))
    mail = Mail.objects.get()
    assert (mail.given_up_at is not None, mail.last_error) == (True, "Refused 550")
    sink.refuses = ""
    assert send_due(at=at + timedelta(minutes=2)) == 0


def test_one_that_is_refused_holds_up_nobody_else(order: Order, sink: Sink, at: datetime) -> None:
    fields = {"recipient": ADDRESS, "language": "en", "at": at}
    queue(key="broken", kind="order_confirmed", about={"order": "no uuid"}, **fields)
    queue(key="unknown", kind="of_no_kind", about={}, **fields)
    queue(key="gone", kind="order_refunded", about={"refund": str(order.pk)}, **fields)
    _confirmed_mail = queue(key="good", kind="order_confirmed", about={"order": str(order.pk)}, **fields)
    assert _confirmed_mail
    assert send_due(at=at) == 1
    assert set(Mail.objects.filter(given_up_at__isnull=False).values_list("key", flat=True)) == {"unknown", "gone"}


def test_after_five_days_a_mail_is_given_up(order: Order, settings: Any, at: datetime) -> None:
    _use(settings, nobody_listens())
    _confirmed(order, at)
    send_due(at=at + timedelta(days=5))
    assert Mail.objects.get().given_up_at == at + timedelta(days=5)


def test_two_workers_send_a_mail_once(order: Order, sink: Sink, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    _confirmed(order, at)
    hand_over = posting._hand_over

    def meanwhile_another_comes(*args: Any) -> None:
        assert send_due(at=at) == 0
        hand_over(*args)

    monkeypatch.setattr(posting, "_hand_over", meanwhile_another_comes)
    assert send_due(at=at) == 1
    assert len(sink.taken) == 1


def test_a_worker_that_dies_after_sending_sends_again_and_never_loses(
    order: Order, sink: Sink, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _confirmed(order, at)

    def dies(*args: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(posting, "_sent", dies)
        with pytest.raises(KeyboardInterrupt):
            send_due(at=at)
    assert send_due(at=at + timedelta(minutes=1)) == 0
    assert send_due(at=at + timedelta(minutes=3)) == 1
    assert len({mail["Message-ID"] for mail in sink.taken}) == 1


def test_neither_address_nor_secret_is_logged(
    order: Order, sink: Sink, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _confirmed(order, at)
    for place, answer in enumerate([f"451 <{ADDRESS}> later", f"550 <{ADDRESS}> unknown"]):
        sink.refuses = answer
        send_due(at=at + timedelta(minutes=place))
    assert "was not sent" in caplog.text
    assert ADDRESS not in caplog.text
    assert "access=" not in caplog.text
    assert ADDRESS not in Mail.objects.get().last_error


def test_a_checkout_does_not_notice_that_the_mail_server_is_away(
    shop: Shop, till: Till, api: APIClient, settings: Any, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(settings, nobody_listens())
    monkeypatch.setattr(posting, "_connect", lambda: pytest.fail("a shopper waited for the mail server"))
    cart = shop.cart((shop.sell(), 1), email=ADDRESS, address=GERMAN_ADDRESS.document())
    checkout = api.post("/api/v1/checkouts/", {"cart": str(cart.pk)}, format="json").json()
    till.confirm(checkout["payment"]["client_secret"])
    done = api.post(f"/api/v1/checkouts/{checkout['id']}/complete/", {}, format="json")
    assert done.json()["status"] == "completed"
    monkeypatch.undo()
    later = Order.objects.get().placed_at + timedelta(minutes=1)
    while outbox.deliver_due(at=later):
        pass
    assert Mail.objects.filter(kind="order_confirmed", recipient=ADDRESS).count() == 1
    assert send_due(at=later) == 0
    with mail_server() as sink:
        _use(settings, sink.port)
        assert send_due(at=later + timedelta(minutes=10)) >= 1
        assert [mail["Subject"] for mail in sink.taken].count(f"Your order {Order.objects.get().number}") == 1
