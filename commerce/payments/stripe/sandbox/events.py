"""Events: recorded with the change that they tell of, queued as webhooks, listed newest first."""

from __future__ import annotations

from datetime import timedelta
from fnmatch import fnmatchcase

import stripe

from commerce.payments.stripe.sandbox import deliveries, endpoints, errors, faults, lists, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.faults import Fault, FaultKind
from commerce.payments.stripe.sandbox.store import Document

KEPT_FOR = timedelta(days=30)
"""Who missed a webhook finds it in the list for so long."""


def record(call: Call, type: str, subject: Document) -> None:
    """Keep the event and queue it for the shop's webhook address and for every endpoint that wants its type."""
    event = objects.event(call, type=type, subject=subject, api_version=stripe.api_version)
    fault = faults.strike(call.records, faults.OF_WEBHOOKS, type)
    own = [""] if {"*", type} & set(call.told) else []
    addresses = [*own, *endpoints.wanting(call, type)]
    for endpoint_id in addresses:
        _enqueue(call, event["id"], endpoint_id, fault)
    event["pending_webhooks"] = len(addresses)
    call.records.save("event", event)


def _enqueue(call: Call, event_id: str, endpoint_id: str, fault: Fault | None) -> None:
    kind = fault.kind if fault else None
    due_at = call.at
    if kind is FaultKind.WEBHOOK_DROP:
        due_at = deliveries.NEVER
    elif fault is not None and kind is FaultKind.WEBHOOK_DELAY:
        due_at += timedelta(milliseconds=fault.milliseconds)
    for _ in range(fault.copies if fault is not None and kind is FaultKind.WEBHOOK_DUPLICATE else 1):
        call.records.enqueue(
            event_id,
            due_at=due_at,
            endpoint_id=endpoint_id,
            twist=kind if kind in deliveries.TWISTS else "",
            newest_first=kind is FaultKind.WEBHOOK_REORDER,
        )


def show(call: Call, event_id: str) -> Document:
    event = call.records.find("event", event_id)
    if event is None or event["created"] < _forgotten_before(call):
        raise errors.missing("event", event_id, param="id")
    return event


def list_newest(call: Call) -> Document:
    """A page of the last thirty days' events: of one type (or charge.*), of several, delivered or not."""
    types = [written for written in [call.text("type", ""), *call.texts("types")] if written]
    if "type" in call.params and "types" in call.params:
        raise errors.parameter_invalid("types", "You may only specify one of these: type, types.")
    delivered = call.choice("delivery_success", ("true", "false"), "")

    def wanted(event: Document) -> bool:
        if types and not any(fnmatchcase(event["type"], type) for type in types):
            return False
        return not delivered or (event["pending_webhooks"] == 0) is (delivered == "true")

    return lists.newest(call, "event", url="/v1/events", wanted=wanted, since=_forgotten_before(call))


def _forgotten_before(call: Call) -> int:
    return int((call.at - KEPT_FOR).timestamp())
