"""Idempotency keys as Stripe documents them (docs.stripe.com/api/idempotent_requests).

The first status and body are replayed for 24 hours, a 500 too. Other parameters under the same key are an
error, and so is a second request while the first is still at work. A request that failed validation is not
remembered. A claim that its process never finished lapses after a minute.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commerce.payments.stripe.sandbox import errors
from commerce.payments.stripe.sandbox.store import Document, Records

KEPT_FOR = timedelta(hours=24)
CLAIM_LAPSES_AFTER = timedelta(minutes=1)
MAX_KEY_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Remembered:
    status: int
    body: Document


def claim(records: Records, key: str, *, method: str, path: str, params: Any, at: datetime) -> Remembered | None:
    """Take the key for this request, or return what it answered before.

    Raises:
        ApiError: 400 the key is too long or belongs to another request, 409 that request is still at work.
    """
    if len(key) > MAX_KEY_LENGTH:
        raise errors.parameter_invalid("Idempotency-Key", "Idempotency keys are at most 255 characters long.")
    fingerprint = json.dumps([method, path, params], sort_keys=True)
    known = records.find("idempotency_key", key)
    if known is None or _has_lapsed(known, at):
        records.save(
            "idempotency_key",
            {
                "id": key,
                "fingerprint": fingerprint,
                "at": at.isoformat(),
                "busy_until": at.isoformat(),
                "status": None,
                "body": None,
            },
        )
        return None
    if known["fingerprint"] != fingerprint:
        raise errors.other_request_under_key(key)
    if known["status"] is None or at < datetime.fromisoformat(known["busy_until"]):
        raise errors.key_in_use()
    return Remembered(known["status"], known["body"])


def remember(records: Records, key: str, *, status: int, body: Document, busy_until: datetime) -> None:
    """Until `busy_until` the answer is on its way, and the request counts as still at work."""
    known = records.find("idempotency_key", key)
    if known is not None:
        answer = {"status": status, "body": body, "busy_until": busy_until.isoformat()}
        records.save("idempotency_key", known | answer)


def finish(records: Records, key: str, *, at: datetime) -> None:
    """The answer has arrived."""
    known = records.find("idempotency_key", key)
    if known is not None:
        records.save("idempotency_key", known | {"busy_until": at.isoformat()})


def _has_lapsed(known: Document, at: datetime) -> bool:
    kept_for = CLAIM_LAPSES_AFTER if known["status"] is None else KEPT_FOR
    return at - datetime.fromisoformat(known["at"]) >= kept_for
