from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.kit import clock, idempotency

Handler = Callable[..., Response]
_not_freed: deque[tuple[dict[str, str], datetime]] = deque(maxlen=1000)


def idempotent(handler: Handler) -> Handler:
    """Honour `Idempotency-Key` on a POST: the same key and body give the same answer again.

    Guests have no other name than their key, so a short one, which two of them might choose, is refused.
    When the process dies between the work and the answer, a retry after the lease does the work again.
    """

    @wraps(handler)
    def answer(view: Any, request: Request, **parameters: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return handler(view, request, **parameters)
        if not idempotency.MIN_KEY_LENGTH <= len(key) <= idempotency.MAX_KEY_LENGTH:
            raise ValidationError({"Idempotency-Key": ["From 16 to 255 characters that nobody else would choose."]})
        claim = {"scope": request.path, "key": key}
        _free_what_was_left()
        at = clock.now()
        kept = idempotency.begin(**claim, fingerprint=_fingerprint(request), at=at)
        if kept is not None:
            return Response(kept.body, status=kept.status, headers={"Idempotent-Replayed": "true"})
        return _run(handler, view, request, parameters, claim, until=at + idempotency.LEASE)

    return answer


def _run(
    handler: Handler,
    view: Any,
    request: Request,
    parameters: dict[str, Any],
    claim: dict[str, str],
    *,
    until: datetime,
) -> Response:
    try:
        response = handler(view, request, **parameters)
    except Exception:
        # Refusals changed nothing, so the key is free again and a later try is judged afresh.
        _free(claim, until=until)
        raise
    idempotency.finish(**claim, answer=idempotency.Answer(status=response.status_code, body=response.data))
    return response


def _free(claim: dict[str, str], *, until: datetime) -> bool:
    """Where the database is away the key waits until it is back, which is sooner than its lease runs out.

    From `until` on, the end of the lease, the key may be in other hands.
    """
    try:
        if clock.now() < until:
            idempotency.finish(**claim, answer=idempotency.Answer(status=500, body=None))
    except (OperationalError, InterfaceError):
        _not_freed.append((claim, until))
        return False
    return True


def _free_what_was_left() -> None:
    while _not_freed:
        claim, until = _not_freed.popleft()
        if not _free(claim, until=until):
            break


def _fingerprint(request: Request) -> str:
    parts = json.dumps([request.method, request.get_full_path(), request.data], sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()
