"""Lists as Stripe pages them: newest first, continued from an id. Source: docs.stripe.com/api/pagination."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from commerce.payments.stripe.sandbox import errors
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document


def newest(call: Call, kind: str, *, url: str, wanted: Callable[[Document], bool]) -> Document:
    """At most `limit` (1 to 100, else 10) wanted documents, older than `starting_after`."""
    limit = call.integer("limit", 10)
    if not 1 <= limit <= 100:
        raise errors.parameter_invalid("limit", "Invalid integer: limit must be between 1 and 100.")
    after = call.text("starting_after", "")
    if after and call.records.find(kind, after) is None:
        raise errors.missing(kind, after, param="starting_after")
    page = list(islice(filter(wanted, call.records.newest(kind, after=after)), limit + 1))
    return {"object": "list", "data": page[:limit], "has_more": len(page) > limit, "url": url}
