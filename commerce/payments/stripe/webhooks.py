"""Verifying what claims to be a webhook of Stripe's. Source: docs.stripe.com/webhooks/signature."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import stripe

from commerce.kit.nesting import is_nested_too_deep
from commerce.payments.gateways import ForgedWebhook, GatewayEvent

TOLERANCE_SECONDS = 300
MAX_BODY_BYTES = 256 * 1024


def read(*, body: bytes, signature: str, secrets: Sequence[str], livemode: bool, at: datetime) -> GatewayEvent:
    """The event in a signed body. Any one of the secrets may have signed it, so that they can be rotated.

    Raises:
        ForgedWebhook: too large, not signed by us and Stripe, stamped more than 300 s before *or after* `at`,
            not a snapshot event in JSON, or from the other mode (live or test) than our keys.
    """
    if len(body) > MAX_BODY_BYTES:
        raise ForgedWebhook("The body is too large.")
    _require_signature(body, signature, secrets)
    _require_recent(signature, at)
    event = _parse(body)
    if event["livemode"] is not livemode:
        raise ForgedWebhook("The event is from the other mode, live or test, than this shop's keys.")
    return GatewayEvent(
        event_id=event["id"],
        type=event["type"],
        intent_id=_intent_id(event["data"]["object"]),
        payload=event,
    )


def _require_signature(body: bytes, signature: str, secrets: Sequence[str]) -> None:
    for secret in secrets:
        try:
            # Without a tolerance the library leaves the stamp to us: its own check reads the wall clock
            # and accepts any stamp in the future.
            stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None)
            return
        except (stripe.SignatureVerificationError, UnicodeDecodeError, TypeError):
            # TypeError: a signature outside ASCII cannot be compared.
            continue
    raise ForgedWebhook("The signature does not match.")


def _require_recent(signature: str, at: datetime) -> None:
    stamp = next(int(value) for name, _, value in _signature_items(signature) if name == "t")
    if abs(int(at.timestamp()) - stamp) > TOLERANCE_SECONDS:
        raise ForgedWebhook("The signature is too old, or from the future.")


def _signature_items(signature: str) -> list[tuple[str, str, str]]:
    return [item.partition("=") for item in signature.split(",")]


def _parse(body: bytes) -> dict[str, Any]:
    if is_nested_too_deep(body):
        raise ForgedWebhook("The body is nested too deep.")
    try:
        event = json.loads(body)
    except ValueError as error:
        raise ForgedWebhook("The body is not JSON.") from error
    if not isinstance(event, dict) or event.get("object") != "event":
        raise ForgedWebhook("The body is not a snapshot event.")
    data = event.get("data")
    if not (
        isinstance(event.get("id"), str)
        and isinstance(event.get("type"), str)
        and isinstance(event.get("livemode"), bool)
        and isinstance(data, dict)
        and isinstance(data.get("object"), dict)
    ):
        raise ForgedWebhook("The event lacks what every event has.")
    return event


def _intent_id(subject: dict[str, Any]) -> str:
    """Of the payment intent itself, or of the one that a charge, a refund or a dispute belongs to."""
    found = subject.get("id" if subject.get("object") == "payment_intent" else "payment_intent")
    return found if isinstance(found, str) else ""
