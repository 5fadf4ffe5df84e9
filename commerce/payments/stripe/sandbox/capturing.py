"""Money that is authorised first and captured later, in full or in part, or released again.

Source: docs.stripe.com/payments/place-a-hold-on-a-payment-method. An authorisation lasts seven days; what is not
captured with the one capture is released.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from commerce.payments.stripe.sandbox import disputes, errors, events, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document

AUTHORISED_FOR = timedelta(days=7)
METHODS = ("automatic", "automatic_async", "manual")


def authorise(call: Call, intent: Document, charge: Document) -> None:
    """The card is good for the amount, which stays on it until it is captured."""
    until = call.at + AUTHORISED_FOR
    charge["payment_method_details"]["card"]["capture_before"] = int(until.timestamp())
    intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
    call.records.save("charge", charge)
    call.records.save("payment_intent", intent)
    call.records.set_alarm("payment_intent", intent["id"], due_at=until)
    events.record(call, "charge.succeeded", charge)
    events.record(call, "payment_intent.amount_capturable_updated", intent)


def capture(call: Call, intent_id: str) -> Document:
    """Take what was authorised, or less of it.

    Raises:
        ApiError: 400 in another state, or when more is asked for than was authorised.
    """
    intent = call.records.find("payment_intent", intent_id)
    if intent is None:
        raise errors.missing("payment_intent", intent_id, param="intent")
    if intent["status"] != "requires_capture":
        message = (
            f"This PaymentIntent could not be captured because it has a status of {intent['status']}. Only a "
            f"PaymentIntent with one of the following statuses may be captured: requires_capture."
        )
        raise errors.unexpected_state(message, intent)
    amount = _amount_to_capture(call, intent)
    charge = _charge_of(call, intent)
    charge |= {"captured": True, "amount_captured": amount, "balance_transaction": call.new_id("txn")}
    intent |= {
        "status": "succeeded",
        "amount_capturable": 0,
        "amount_received": amount,
        "metadata": objects.metadata(call, intent["metadata"]),
    }
    _settle(call, intent, charge)
    events.record(call, "charge.captured", charge)
    events.record(call, "payment_intent.succeeded", intent)
    disputes.open_as_card_says(call, charge)
    return intent


def release(call: Call, intent: Document, *, reason: str | None, how: str) -> None:
    """Cancel an authorised intent: the hold on the card ends. `how` is the charge's event."""
    charge = _charge_of(call, intent)
    charge |= {"amount_refunded": charge["amount"], "refunded": True}
    intent |= {
        "status": "canceled",
        "amount_capturable": 0,
        "canceled_at": call.timestamp,
        "cancellation_reason": reason,
    }
    _settle(call, intent, charge)
    events.record(call, how, charge)
    events.record(call, "payment_intent.canceled", intent)


def expire(call: Call, intent: Document) -> None:
    """After seven days the bank lets the money go."""
    if intent["status"] == "requires_capture":
        release(call, intent, reason="expired", how="charge.expired")


def _amount_to_capture(call: Call, intent: Document) -> int:
    amount = call.integer("amount_to_capture", intent["amount_capturable"])
    if amount < 1:
        raise errors.parameter_invalid(
            "amount_to_capture",
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
        )
    if amount > intent["amount_capturable"]:
        raise errors.ApiError(
            400,
            "The requested capture amount is greater than the amount you can capture for this charge.",
            executed=True,
            code="amount_too_large",
            param="amount_to_capture",
        )
    return amount


def _charge_of(call: Call, intent: Document) -> dict[str, Any]:
    charge = call.records.find("charge", intent["latest_charge"])
    assert charge is not None, "an authorised intent has the charge that authorised it"
    return charge


def _settle(call: Call, intent: Document, charge: Document) -> None:
    call.records.save("charge", charge)
    call.records.save("payment_intent", intent)
    call.records.clear_alarm("payment_intent", intent["id"])
