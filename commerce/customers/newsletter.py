"""Who wants the newsletter. Nobody is written to who has not confirmed the address by a link in a mail to it.

Whoever asks is told the same whether an address is known or not, and an address is sent at most one mail an hour, so
that nobody can learn who is a customer here, or have the shop pester a stranger.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction

from commerce.customers.models import NewsletterSubscription
from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_one

PAUSE = timedelta(hours=1)
CONFIRMABLE_FOR = timedelta(days=7)
FORGOTTEN_AFTER = timedelta(days=30)
LONGEST_PROOF = 4000

_CONFIRM, _LEAVE = "customers.newsletter.confirm", "customers.newsletter.leave"


class NewsletterLinkWrong(DomainError):
    code = "newsletter_link_wrong"
    title = "This is no link to the newsletter"
    kind = ErrorKind.MISSING


class NewsletterLinkExpired(DomainError):
    code = "newsletter_link_expired"
    title = "The link is too old. Enter the address once more, and a new one comes"
    kind = ErrorKind.GONE


def ask(*, email: str, language: str, source: str, at: datetime) -> None:
    """Somebody entered this address: have a mail sent to it, by which its owner confirms, unless that is done already.

    Records `customers.newsletter_asked` at most once an hour for an address.
    """
    address = email.strip().lower()
    asked = NewsletterSubscription(email=address, language=language, source=source, asked_at=at)
    with transaction.atomic():
        # Of two that are at it at the same moment the database takes one.
        NewsletterSubscription.objects.bulk_create([asked], ignore_conflicts=True)
        subscription = locked_one(NewsletterSubscription.objects.filter(email=address))
        is_new = subscription.pk == asked.pk
        if subscription.is_subscribed or (not is_new and subscription.asked_at > at - PAUSE):
            return
        if not is_new:
            subscription.language, subscription.source, subscription.asked_at = language, source, at
            subscription.save(update_fields=["language", "source", "asked_at"])
        outbox.record("customers.newsletter_asked", {"subscription": str(subscription.pk)}, at=at)


def confirm(*, token: str, at: datetime) -> NewsletterSubscription:
    """The owner of the address agrees. A second time changes nothing.

    Raises:
        NewsletterLinkWrong
        NewsletterLinkExpired: older than a week, or the owner has unsubscribed since it was asked for.
    """
    signed = _read(token, salt=_CONFIRM)
    if signed["until"] <= at.timestamp():
        raise NewsletterLinkExpired()
    with transaction.atomic():
        subscription = _locked(signed["subscription"])
        if subscription.is_subscribed:
            return subscription
        left = subscription.unsubscribed_at
        if left and left.timestamp() >= signed["asked"]:
            raise NewsletterLinkExpired()
        subscription.confirmed_at, subscription.unsubscribed_at = at, None
        where = f" on {subscription.source}" if subscription.source else ""
        _prove(
            subscription,
            f"Asked{where} at {_written(subscription.asked_at)}; "
            f"confirmed at {_written(at)} by the link in a mail to the address.",
        )
    return subscription


def unsubscribe(*, token: str, at: datetime) -> NewsletterSubscription:
    """By the link that never expires. A second time changes nothing. Raises `NewsletterLinkWrong`."""
    signed = _read(token, salt=_LEAVE)
    with transaction.atomic():
        subscription = _locked(signed["subscription"])
        if subscription.unsubscribed_at is None:
            subscription.unsubscribed_at = at
            _prove(subscription, f"Unsubscribed at {_written(at)}.")
    return subscription


def confirm_url(subscription: NewsletterSubscription) -> str:
    """In the storefront. The token stands behind the #, which no browser sends to any server."""
    asked = subscription.asked_at
    signed = {
        "subscription": str(subscription.pk),
        "asked": asked.timestamp(),
        "until": int((asked + CONFIRMABLE_FOR).timestamp()),
    }
    return f"{settings.STOREFRONT_URL}/newsletter#confirm={signing.dumps(signed, salt=_CONFIRM)}"


def unsubscribe_url(subscription: NewsletterSubscription) -> str:
    token = signing.dumps({"subscription": str(subscription.pk)}, salt=_LEAVE)
    return f"{settings.STOREFRONT_URL}/newsletter#unsubscribe={token}"


def forget_unconfirmed(*, at: datetime) -> int:
    """Addresses that nobody confirmed for a month are nobody's wish. Returns how many went."""
    deleted, _ = NewsletterSubscription.objects.waiting().filter(asked_at__lt=at - FORGOTTEN_AFTER).delete()
    return deleted


def _read(token: str, *, salt: str) -> dict[str, Any]:
    try:
        signed: dict[str, Any] = signing.loads(token, salt=salt)
    except signing.BadSignature:
        raise NewsletterLinkWrong() from None
    return signed


def _locked(key: str) -> NewsletterSubscription:
    try:
        return locked_one(NewsletterSubscription.objects.filter(pk=key))
    except NewsletterSubscription.DoesNotExist:
        raise NewsletterLinkWrong() from None


def _prove(subscription: NewsletterSubscription, words: str) -> None:
    subscription.proof = f"{subscription.proof}\n{words}".strip()[-LONGEST_PROOF:]
    subscription.save(update_fields=["confirmed_at", "unsubscribed_at", "proof"])


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
