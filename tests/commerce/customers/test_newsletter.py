"""The newsletter: asked for, confirmed by mail, left again; and who at the desk may see and take along the list."""

from __future__ import annotations

import csv
import io
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from commerce.customers import newsletter
from commerce.customers.models import NewsletterSubscription
from commerce.customers.tasks import forget_addresses
from commerce.kit import outbox
from commerce.kit.clock import now
from commerce.kit.models import OutboxEvent
from commerce.notifications.letters import letter_of
from commerce.notifications.models import Mail
from tests.factories import Shop

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/newsletter/"


def _ask(email: str = "reader@example.com", *, at: datetime) -> NewsletterSubscription:
    newsletter.ask(email=email, language="en", source="/journal", at=at)
    return NewsletterSubscription.objects.get(email=email.lower())


def _token(url: str) -> str:
    return url.partition("=")[2]


def _confirmed(at: datetime, email: str = "reader@example.com") -> NewsletterSubscription:
    return newsletter.confirm(token=_token(newsletter.confirm_url(_ask(email, at=at))), at=at)


def _asked() -> int:
    return OutboxEvent.objects.filter(name="customers.newsletter_asked").count()


def test_a_mail_with_a_link_makes_a_subscription_and_another_link_ends_it(api: APIClient, shop: Shop) -> None:
    answer = api.post(ADDRESS, {"email": "Reader@Example.com", "source": "/journal"}, format="json")
    assert (answer.status_code, answer.json()) == (202, {"result": "asked"})
    assert not NewsletterSubscription.objects.subscribed().exists()
    outbox.deliver_due(at=now())
    mail = Mail.objects.get()
    assert (mail.recipient, mail.kind) == ("reader@example.com", "newsletter_asked")
    confirm, leave = (action.value for action in letter_of(mail, at=now()).actions)
    assert "/newsletter#confirm=" in confirm

    for _ in range(2):
        done = api.post(f"{ADDRESS}confirm/", {"token": _token(confirm)}, format="json")
        assert done.json() == {"result": "confirmed"}
    subscription = NewsletterSubscription.objects.subscribed().get()
    assert subscription.proof.startswith("Asked on /journal at ")
    assert subscription.proof.count("confirmed at") == 1

    for _ in range(2):
        done = api.post(f"{ADDRESS}unsubscribe/", {"token": _token(leave)}, format="json")
        assert done.json() == {"result": "unsubscribed"}
    assert not NewsletterSubscription.objects.subscribed().exists()
    # What was agreed to before is over; only asking anew makes it good again.
    assert api.post(f"{ADDRESS}confirm/", {"token": _token(confirm)}, format="json").status_code == 410


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(api: APIClient, shop: Shop) -> None:
    _confirmed(now(), "known@example.com")
    answers = [
        api.post(ADDRESS, {"email": email}, format="json") for email in ("known@example.com", "new@example.com") * 2
    ]
    assert {(each.status_code, each.content) for each in answers} == {(202, b'{"result":"asked"}')}
    assert _asked() == 2


def test_an_address_is_sent_one_mail_an_hour_and_none_once_it_is_confirmed(at: datetime, db: None) -> None:
    for minutes in (0, 1, 59):
        _ask(at=at + timedelta(minutes=minutes))
    assert _asked() == 1
    subscription = _ask(at=at + timedelta(minutes=61))
    assert _asked() == 2
    newsletter.confirm(token=_token(newsletter.confirm_url(subscription)), at=at + timedelta(minutes=62))
    _ask(at=at + timedelta(days=2))
    assert _asked() == 2


def test_who_has_left_can_come_back(at: datetime, db: None) -> None:
    subscription = _confirmed(at)
    newsletter.unsubscribe(token=_token(newsletter.unsubscribe_url(subscription)), at=at + timedelta(days=1))
    again = _confirmed(at + timedelta(days=2))
    assert again.is_subscribed
    assert len(again.proof.splitlines()) == 3


def test_a_link_to_confirm_is_over_after_a_week(at: datetime, db: None) -> None:
    token = _token(newsletter.confirm_url(_ask(at=at)))
    with pytest.raises(newsletter.NewsletterLinkExpired):
        newsletter.confirm(token=token, at=at + newsletter.CONFIRMABLE_FOR)
    assert newsletter.confirm(token=token, at=at + timedelta(days=6)).is_subscribed


def test_what_nobody_confirmed_is_forgotten(at: datetime, db: None) -> None:
    _ask(at=at)
    _confirmed(at, "kept@example.com")
    forget_addresses(at=at + timedelta(days=29))
    assert NewsletterSubscription.objects.count() == 2
    forget_addresses(at=at + timedelta(days=31))
    assert NewsletterSubscription.objects.get().email == "kept@example.com"


@pytest.mark.parametrize(
    "body", [{}, {"email": "nobody"}, {"email": f"{'x' * 255}@example.com"}, {"email": "a@b.example", "source": "x y"}]
)
def test_what_is_no_address_is_a_400(api: APIClient, shop: Shop, body: dict[str, Any]) -> None:
    assert api.post(ADDRESS, body, format="json").status_code == 400
    assert not NewsletterSubscription.objects.exists()


def test_one_links_token_does_not_do_for_the_other(api: APIClient, at: datetime, db: None) -> None:
    subscription = _ask(at=at)
    confirm, leave = newsletter.confirm_url(subscription), newsletter.unsubscribe_url(subscription)
    for word, url in {"confirm": leave, "unsubscribe": confirm}.items():
        assert api.post(f"{ADDRESS}{word}/", {"token": _token(url)}, format="json").status_code == 404
    subscription.delete()
    assert api.post(f"{ADDRESS}unsubscribe/", {"token": _token(leave)}, format="json").status_code == 404


def _clerk(*permissions: str) -> Client:
    group = Group.objects.create(name=f"Group {time.monotonic_ns()}")
    group.permissions.set(Permission.objects.filter(codename__in=["access_admin", *permissions]))
    user = get_user_model().objects.create_user(f"{time.monotonic_ns()}@example.com", "a-long-password")
    user.groups.add(group)
    browser = Client()
    browser.force_login(user)
    return browser


def test_the_list_is_for_those_who_may_see_it(at: datetime, shop: Shop) -> None:
    subscription = _confirmed(at)
    delete = reverse("newsletter:delete", args=[subscription.pk])
    assert _clerk().get("/admin/newsletter/").status_code == 302
    looking = _clerk("view_newslettersubscription")
    assert b"reader@example.com" in looking.get("/admin/newsletter/").content
    assert b"reader@example.com" not in looking.get("/admin/newsletter/", {"state": "waiting"}).content
    for browser in (looking, _clerk("change_newslettersubscription")):
        browser.post(delete)
        assert NewsletterSubscription.objects.exists()
    _clerk("view_newslettersubscription", "delete_newslettersubscription").post(delete)
    assert not NewsletterSubscription.objects.exists()


def test_an_exported_address_is_never_a_formula_and_comes_with_its_link_to_unsubscribe(
    at: datetime, shop: Shop
) -> None:
    _confirmed(at, "=1+1@example.com")
    sheet = _clerk("view_newslettersubscription").get("/admin/newsletter/", {"export": "csv"})
    [row] = csv.DictReader(io.StringIO(b"".join(sheet).decode()))  # type: ignore[call-overload]
    assert row["E-mail"] == "'=1+1@example.com"
    assert newsletter.unsubscribe(token=_token(row["Link to unsubscribe"]), at=at).email == "=1+1@example.com"
