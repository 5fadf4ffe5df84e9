"""Handing mails over to the mail server, by the worker alone: no shopper waits for it, an hour without it loses none.

A mail is marked as sent after the server has taken it. If the process dies in between, or the server takes the mail
and the line breaks before it says so, the mail is sent again: at least once, always with the same Message-ID, by which
mail programs tell that it is the same. Every other repetition is excluded by the key and the lease.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction

from commerce.kit import outbox
from commerce.notifications.letters import Letter, NothingToSay, letter_of
from commerce.notifications.models import Mail
from commerce.notifications.rendering import render

LEASE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=5)
"""As long as mail servers themselves try (RFC 5321, section 4.5.4.1)."""

_SERVICE_NOT_AVAILABLE = 421
_PERMANENT = range(500, 600)
_AWAY = "the mail server is away"

logger = logging.getLogger(__name__)


class _ServerAway(Exception):
    """Nobody's mail can be sent now."""


class _Refused(Exception):
    """The server does not want this one mail: for ever, or for now."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.is_final = code in _PERMANENT


def send_due(*, at: datetime, limit: int = 50) -> int:
    """Send what is due; several workers may do so at once. Called outside any transaction. Returns how many were sent.

    When the server is away all wait, new ones too, and one asks again after a pause that doubles up to ten minutes. So
    a server that hangs takes up ten seconds of a worker, then and now, and not ten seconds for each mail.
    """
    if _all_wait(at=at):
        return 0
    sent = 0
    connection: Any = None
    try:
        for mail in list(Mail.objects.waiting().filter(due_at__lte=at).order_by("due_at")[:limit]):
            if not _claim(mail, at=at):
                continue
            try:
                letter = letter_of(mail, at=at)
                if connection is None:
                    connection = _connect()
                _hand_over(connection, mail, letter)
            except NothingToSay as error:
                _give_up(mail, str(error), at=at)
            except _Refused as error:
                _failed(mail, error, is_final=error.is_final, at=at)
            except _ServerAway as error:
                _let_all_wait(mail, error, at=at)
                break
            except Exception as error:  # one mail that cannot be written must not hold up the others
                _failed(mail, error, is_final=False, at=at)
            else:
                _sent(mail, at=at)
                sent += 1
    finally:
        _close(connection)
    return sent


def _claim(mail: Mail, *, at: datetime) -> bool:
    unclaimed = Mail.objects.waiting().filter(pk=mail.pk, due_at=mail.due_at)
    return bool(unclaimed.update(due_at=at + LEASE, attempts=models.F("attempts") + 1, last_error=""))


def _connect() -> Any:
    """Raises `_ServerAway`."""
    # Django before 6.1 has no mailers.
    mailers = getattr(django_mail, "mailers", None)
    connection = mailers.default if mailers is not None else django_mail.get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise _ServerAway(_name_of(error)) from None
    return connection


def _hand_over(connection: Any, mail: Mail, letter: Letter) -> None:
    """Raises `_ServerAway`, `_Refused`."""
    text, html = render(letter)
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=text,
        to=[mail.recipient],
        headers={
            "Message-ID": f"<{mail.pk}@{urlsplit(settings.BASE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(html, "text/html")
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        raise _Refused(max(code for code, _ in error.recipients.values())) from None
    except smtplib.SMTPResponseException as error:
        if error.smtp_code == _SERVICE_NOT_AVAILABLE or isinstance(error, smtplib.SMTPAuthenticationError):
            raise _ServerAway(_name_of(error)) from None
        raise _Refused(error.smtp_code) from None
    except (smtplib.SMTPException, OSError) as error:
        raise _ServerAway(_name_of(error)) from None


def _close(connection: Any) -> None:
    if connection is None:
        return
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        logger.info("the mail server was gone before it was taken leave of")


def _sent(mail: Mail, *, at: datetime) -> None:
    with transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(sent_at=at, last_error="")
        payload = {"mail": str(mail.pk), "kind": mail.kind, "order": str(mail.order) if mail.order else None}
        outbox.record("notifications.mailed", payload, at=at)


def _failed(mail: Mail, error: Exception, *, is_final: bool, at: datetime) -> None:
    """The error's own text may hold the address, so only its name and number are kept."""
    said = f"{_name_of(error)} {error}" if isinstance(error, _Refused) else _name_of(error)
    if is_final or at - mail.queued_at >= GIVEN_UP_AFTER:
        _give_up(mail, said, at=at)
        return
    logger.warning("mail %s was not sent (attempt %s): %s", mail, mail.attempts + 1, said)
    Mail.objects.filter(pk=mail.pk).update(due_at=at + _pause(mail.attempts + 1), last_error=said)


def _give_up(mail: Mail, why: str, *, at: datetime) -> None:
    logger.error("mail %s is given up: %s", mail, why)
    Mail.objects.filter(pk=mail.pk).update(given_up_at=at, last_error=why)


def _let_all_wait(tried: Mail, error: _ServerAway, *, at: datetime) -> None:
    attempts = tried.attempts + 1
    logger.warning("the mail server is away (attempt %s): %s", attempts, error)
    waiting = Mail.objects.waiting()
    waiting.filter(queued_at__lte=at - GIVEN_UP_AFTER).update(given_up_at=at, last_error=_AWAY)
    due = waiting.filter(models.Q(due_at__lte=at) | models.Q(pk=tried.pk))
    due.update(due_at=at + _pause(attempts), attempts=attempts, last_error=_AWAY)


def _all_wait(*, at: datetime) -> bool:
    """Whether the server is not to be asked again yet."""
    waiting = Mail.objects.waiting()
    until = waiting.filter(last_error=_AWAY, due_at__gt=at).order_by("due_at").first()
    if until is None:
        return False
    waiting.filter(due_at__lte=at).update(due_at=until.due_at, attempts=until.attempts, last_error=_AWAY)
    return True


def _pause(attempts: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(attempts, 10)), LONGEST_PAUSE)


def _name_of(error: Exception) -> str:
    return type(error).__name__.lstrip("_")
