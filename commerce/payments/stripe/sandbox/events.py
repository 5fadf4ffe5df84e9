"""Events: recorded with the change that they tell of, queued as webhooks, listed newest first."""

from __future__ import annotations

from itertools import islice

import stripe

from commerce.payments.stripe.sandbox import errors, faults, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.faults import FaultKind
from commerce.payments.stripe.sandbox.store import Document

_WEBHOOK_FAULTS = (FaultKind.WEBHOOK_DROP, FaultKind.WEBHOOK_DUPLICATE, FaultKind.WEBHOOK_REORDER)


def record(call: Call, type: str, subject: Document) -> None:
    event = objects.event(call, type=type, subject=subject, api_version=stripe.api_version)
    fault = faults.strike(call.records, _WEBHOOK_FAULTS, type)
    for _ in range(_copies(fault)):
        call.records.enqueue(
            event["id"],
            due_at=call.at,
            newest_first=fault is not None and fault.kind is FaultKind.WEBHOOK_REORDER,
        )
    event["pending_webhooks"] = min(_copies(fault), 1)
    call.records.save("event", event)


def _copies(fault: faults.Fault | None) -> int:
    if fault is None or fault.kind is FaultKind.WEBHOOK_REORDER:
        return 1
    return fault.copies if fault.kind is FaultKind.WEBHOOK_DUPLICATE else 0


def show(call: Call, event_id: str) -> Document:
    event = call.records.find("event", event_id)
    if event is None:
        raise errors.missing("event", event_id, param="id")
    return event


def list_newest(call: Call) -> Document:
    """At most `limit` (1 to 100, else 10) events, older than `starting_after`, of one type if asked."""
    limit = call.integer("limit", 10)
    if not 1 <= limit <= 100:
        raise errors.parameter_invalid("limit", "Invalid integer: limit must be between 1 and 100.")
    after = call.text("starting_after", "")
    if after and call.records.find("event", after) is None:
        raise errors.missing("event", after, param="starting_after")
    wanted = call.text("type", "")
    found = (event for event in call.records.newest("event", after=after) if wanted in ("", event["type"]))
    page = list(islice(found, limit + 1))
    return {"object": "list", "data": page[:limit], "has_more": len(page) > limit, "url": "/v1/events"}
