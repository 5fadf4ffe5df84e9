"""Trying a card against a payment intent, with 3-D Secure in between where the card asks for it."""

from __future__ import annotations

from typing import Any

from commerce.payments.stripe.sandbox import capturing, disputes, events, methods, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.cards import Decline
from commerce.payments.stripe.sandbox.store import Document


def needs_authentication(record: Document, *, off_session: bool) -> bool:
    card = methods.card_of(record)
    if card.until_set_up and record["is_set_up"]:
        return False
    return card.asks_authentication and not (card.unless_off_session and off_session)


def ask_authentication(call: Call, intent: Document, record: Document) -> None:
    intent |= {
        "status": "requires_action",
        "payment_method": record["id"],
        "last_payment_error": None,
        "next_action": objects.three_d_secure(call, intent),
    }
    call.records.save("payment_intent", intent)
    events.record(call, "payment_intent.requires_action", intent)


def charge_authenticated(call: Call, intent: Document) -> None:
    record = call.records.find("payment_method", intent["payment_method"])
    assert record is not None, "an intent names only payment methods that were remembered with it"
    record["is_set_up"] = True
    charge(call, intent, record, methods.card_of(record).decline)


def refuse_authentication(call: Call, intent: Document) -> None:
    record = call.records.find("payment_method", intent["payment_method"])
    assert record is not None, "an intent names only payment methods that were remembered with it"
    _await_another_method(call, intent, objects.authentication_failure(intent), record)


def charge(call: Call, intent: Document, record: Document, decline: Decline | None) -> None:
    """Take the money, or say why not; either way with a charge and its events."""
    method = record["shown"]
    attempt = objects.charge(call, intent=intent, method=method, decline=decline)
    intent["latest_charge"] = attempt["id"]
    if decline is not None:
        call.records.save("charge", attempt)
        events.record(call, "charge.failed", attempt)
        _await_another_method(call, intent, objects.decline(decline, charge=attempt["id"]), record)
        return
    intent |= {"payment_method": method["id"], "last_payment_error": None, "next_action": None}
    _keep_or_use_up(call, intent, record)
    if intent["capture_method"] == "manual":
        capturing.authorise(call, intent, attempt)
    else:
        _succeed(call, intent, attempt)


def _keep_or_use_up(call: Call, intent: Document, record: Document) -> None:
    """Saved for later when the intent says so, and with authentication if there was one; else good for once."""
    if intent["customer"] and intent["setup_future_usage"]:
        call.records.save("payment_method", record)
        methods.attach_to(call, record, intent["customer"])
    elif record["customer"] is None:
        call.records.save("payment_method", record | {"is_used_up": True})


def _succeed(call: Call, intent: Document, attempt: Document) -> None:
    intent |= {"status": "succeeded", "amount_received": intent["amount"]}
    call.records.save("charge", attempt)
    call.records.save("payment_intent", intent)
    events.record(call, "charge.succeeded", attempt)
    events.record(call, "payment_intent.succeeded", intent)
    disputes.open_as_card_says(call, attempt)


def _await_another_method(call: Call, intent: Document, error: dict[str, Any], record: Document) -> None:
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": error | {"payment_method": record["shown"]},
        "next_action": None,
    }
    call.records.save("payment_intent", intent)
    events.record(call, "payment_intent.payment_failed", intent)
