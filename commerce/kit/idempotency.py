"""Idempotency keys, as Stripe documents them and draft-ietf-httpapi-idempotency-key-header words them.

Same key and same request: the first answer again. Same key, another request: refused. First one still
running: come back later. Answers that say nothing about the request (5xx, 409, 429) are not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.models import IdempotentRequest

LEASE = timedelta(seconds=60)
KEPT_FOR = timedelta(hours=24)
MIN_KEY_LENGTH, MAX_KEY_LENGTH = 16, 255


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    title = "This Idempotency-Key was used for another request"
    kind = ErrorKind.REFUSED


class KeyInFlight(DomainError):
    code = "idempotency_key_in_flight"
    title = "The first request with this Idempotency-Key is still running"
    kind = ErrorKind.CONFLICT
    may_be_repeated = True


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any


def begin(*, scope: str, key: str, fingerprint: str, at: datetime) -> Answer | None:
    """Claim the key for this request; returns the kept answer when there is one.

    A claim whose process died is taken over when its lease has run out.

    Raises:
        KeyReused: the key stands for a request with another fingerprint.
        KeyInFlight: the claim is held by a request that is still running.
    """
    if _claim(scope, key, fingerprint, at):
        return None
    request = IdempotentRequest.objects.filter(scope=scope, key=key).first()
    if request is None:  # freed in between
        raise KeyInFlight()
    if request.fingerprint != fingerprint:
        raise KeyReused()
    if request.http_status is not None:
        return Answer(status=request.http_status, body=request.body)
    taken = IdempotentRequest.objects.filter(pk=request.pk, http_status=None, leased_until__lte=at)
    if not taken.update(leased_until=at + LEASE):
        raise KeyInFlight()
    return None


def _claim(scope: str, key: str, fingerprint: str, at: datetime) -> bool:
    """Whether the key was free. One statement, which nobody can come between."""
    instants = [connection.ops.adapt_datetimefield_value(instant) for instant in (at, at + LEASE)]
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO kit_idempotentrequest (scope, "key", fingerprint, created_at, leased_until)'
            ' VALUES (%s, %s, %s, %s, %s) ON CONFLICT (scope, "key") DO NOTHING',
            [scope, key, fingerprint, *instants],
        )
        return bool(cursor.rowcount)


def finish(*, scope: str, key: str, answer: Answer) -> None:
    """Keep the answer for replays, or free the key when the answer must not be kept."""
    if answer.status in {409, 429} or answer.status >= 500:
        IdempotentRequest.objects.filter(scope=scope, key=key, http_status=None).delete()
        return
    kept: list[Any] = [answer.status, connection.ops.adapt_json_value(answer.body, None)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kit_idempotentrequest SET http_status = %s, body = %s"
            ' WHERE scope = %s AND "key" = %s AND http_status IS NULL',
            [*kept, scope, key],
        )


def purge(*, at: datetime) -> int:
    """Forget keys older than a day."""
    deleted, _ = IdempotentRequest.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    return deleted
