"""Verifying what claims to be a webhook of Stripe's. Source: docs.stripe.com/webhooks/signature."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime

import stripe

from commerce.kit.nesting import is_nested_too_deep
from commerce.payments.gateways import ForgedWebhook, GatewayEvent
from commerce.payments.stripe.events import NotAnEvent, event_from

TOLERANCE_SECONDS = 300
MAX_BODY_BYTES = 256 * 1024

logger = logging.getLogger(__name__)


def read(*, body: bytes, signature: str, secrets: Sequence[str], livemode: bool, at: datetime) -> GatewayEvent:
    """The event in a signed body. Any one of the secrets may have signed it, so that they can be rotated.

    Raises:
        ForgedWebhook: too large, not signed by us and Stripe, stamped more than 300 s before *or after* `at`,
            not an event in JSON, or from the other mode (live or test) than our keys.
    """
    if len(body) > MAX_BODY_BYTES:
        raise ForgedWebhook("The body is too large.")
    _require_signature(body, signature, secrets)
    _require_recent(signature, at)
    event = _parse(body)
    if event.payload["livemode"] is not livemode:
        raise ForgedWebhook("The event is from the other mode, live or test, than this shop's keys.")
    return event


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
    away = int(at.timestamp()) - stamp
    if abs(away) > TOLERANCE_SECONDS:
        # Genuine, and yet refused: a replay, or all of them are because of our own clock, and nobody would notice.
        logger.error("a signed webhook is stamped %s seconds away from our clock: is the clock right?", away)
        raise ForgedWebhook("The signature is too old, or from the future.")


def _signature_items(signature: str) -> list[tuple[str, str, str]]:
    return [item.partition("=") for item in signature.split(",")]


def _parse(body: bytes) -> GatewayEvent:
    if is_nested_too_deep(body):
        raise ForgedWebhook("The body is nested too deep.")
    try:
        # Numbers that are not whole mean nothing to us, and some of them are none: 1e999, NaN.
        return event_from(json.loads(body, parse_float=str, parse_constant=str))
    except NotAnEvent as error:
        raise ForgedWebhook(f"The body is not an event: {error}.") from error
    except ValueError as error:
        raise ForgedWebhook("The body is not JSON.") from error
