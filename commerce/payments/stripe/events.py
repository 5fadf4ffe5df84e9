"""Stripe's events, whether they come by webhook or are read from its own list, as hints to look.

Source: docs.stripe.com/api/events/types.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from commerce.payments.gateways import GatewayEvent, Topic

_TOPICS = {
    "payment_intent.succeeded": Topic.PAYMENT,
    "payment_intent.canceled": Topic.PAYMENT,
    "payment_intent.amount_capturable_updated": Topic.PAYMENT,
    "charge.refunded": Topic.REFUND,
    "charge.refund.updated": Topic.REFUND,
    "refund.created": Topic.REFUND,
    "refund.updated": Topic.REFUND,
    "refund.failed": Topic.REFUND,
    "charge.dispute.created": Topic.DISPUTE,
    "charge.dispute.updated": Topic.DISPUTE,
    "charge.dispute.closed": Topic.DISPUTE,
    "charge.dispute.funds_withdrawn": Topic.DISPUTE,
    "charge.dispute.funds_reinstated": Topic.DISPUTE,
}
NEWS = sorted(_TOPICS)
"""The types that can be news to us; Stripe's list takes up to twenty."""

_REPLACEMENT = "\ufffd"
_MOST = {"id": 255, "type": 100}
_THIN = "v2.core.event"
_THIN_TYPE_PREFIX = "v1."


class NotAnEvent(ValueError):
    """It lacks what every event has, or has it in another form."""


def event_from(document: Any) -> GatewayEvent:
    """From a snapshot event, which shows its subject, or a thin one, which only names it.

    Raises:
        NotAnEvent
    """
    if not isinstance(document, dict):
        raise NotAnEvent("not an object")
    if document.get("object") not in {"event", _THIN}:
        raise NotAnEvent("neither a snapshot event nor a thin one")
    storable: dict[str, Any] = _storable(document)
    event_id, kind = (_text(storable, name) for name in ("id", "type"))
    if not isinstance(storable.get("livemode"), bool):
        raise NotAnEvent("no mode")
    subject = _related(storable) if storable["object"] == _THIN else _snapshot(storable)
    plain_type = kind.removeprefix(_THIN_TYPE_PREFIX) if storable["object"] == _THIN else kind
    return GatewayEvent(
        event_id=event_id,
        type=kind,
        topic=_TOPICS.get(plain_type, Topic.NOTHING),
        intent_id=_intent_id(subject),
        object_id=_id(subject.get("id")),
        created_at=_created_at(storable.get("created")),
        payload=storable,
    )


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _MOST[name]:
        raise NotAnEvent(f"no {name}")
    return value


def _snapshot(event: dict[str, Any]) -> dict[str, Any]:
    data = event.get("data")
    subject = data.get("object") if isinstance(data, dict) else None
    if not isinstance(subject, dict):
        raise NotAnEvent("no subject")
    return subject


def _related(event: dict[str, Any]) -> dict[str, Any]:
    related = event.get("related_object")
    if not isinstance(related, dict):
        raise NotAnEvent("no related object")
    return {"object": related.get("type"), "id": related.get("id")}


def _intent_id(subject: dict[str, Any]) -> str:
    """Of the payment intent itself, or of the one that a charge, a refund or a dispute belongs to."""
    return _id(subject.get("id" if subject.get("object") == "payment_intent" else "payment_intent"))


def _id(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= _MOST["id"] else ""


def _created_at(value: Any) -> datetime | None:
    """Snapshots count seconds, thin events write the instant out."""
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else datetime.fromtimestamp(value, tz=UTC)
    except (OSError, OverflowError, TypeError, ValueError) as error:
        raise NotAnEvent("no time") from error


def _storable(value: Any) -> Any:
    """The same without what no database can keep: NUL, and halves of characters that stand alone."""
    if isinstance(value, str):
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\x00", _REPLACEMENT)
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list) else value
