"""Lists as Stripe pages them: newest first, continued from an id. Source: docs.stripe.com/api/pagination."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from commerce.payments.stripe.sandbox import errors
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import EVER, Document, Span


def newest(
    call: Call,
    kind: str,
    *,
    url: str,
    owner: str = "",
    wanted: Callable[[Document], bool] = lambda document: True,
    since: int = 0,
) -> Document:
    """At most `limit` (1 to 100, else 10) wanted documents, older than `starting_after` or newer than
    `ending_before`, that were `created` in the span asked for."""
    limit = call.integer("limit", 10)
    if not 1 <= limit <= 100:
        raise errors.parameter_invalid("limit", "Invalid integer: limit must be between 1 and 100.")
    after, before = _cursor(call, kind, "starting_after"), _cursor(call, kind, "ending_before")
    if after and before:
        message = "You may only specify one of these: starting_after, ending_before."
        raise errors.parameter_invalid("ending_before", message)
    created = _created(call, since)
    if before:
        listed = call.records.oldest(kind, after=before, owner=owner, created=created)
    else:
        listed = call.records.newest(kind, after=after, owner=owner, created=created)
    found = list(islice(filter(wanted, listed), limit + 1))
    page = found[:limit][:: -1 if before else 1]
    return {"object": "list", "data": page, "has_more": len(found) > limit, "url": url}


def _cursor(call: Call, kind: str, name: str) -> str:
    cursor = call.text(name, "")
    if cursor and call.records.find(kind, cursor) is None:
        raise errors.missing(kind, cursor, param=name)
    return cursor


def _created(call: Call, since: int) -> Span:
    given = call.params.get("created")
    first, last = since, EVER.last
    bounds: dict[str, Any] = given if isinstance(given, dict) else {"gte": given, "lte": given} if given else {}
    for name, written in bounds.items():
        if name not in ("gt", "gte", "lt", "lte"):
            raise errors.parameter_unknown(f"created[{name}]")
        second = errors.whole_number(f"created[{name}]", written)
        if name.startswith("gt"):
            first = max(first, second + (name == "gt"))
        else:
            last = min(last, second - (name == "lt"))
    return Span(first, last)
