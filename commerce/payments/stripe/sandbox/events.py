"""Events: recorded with the change that they tell of, queued as webhooks, listed newest first."""

from __future__ import annotations

import stripe

from commerce.payments.stripe.sandbox import errors, faults, lists, objects
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
    """A page of the events, of one type if asked."""
    type = call.text("type", "")
    return lists.newest(call, "event", url="/v1/events", wanted=lambda event: type in ("", event["type"]))
