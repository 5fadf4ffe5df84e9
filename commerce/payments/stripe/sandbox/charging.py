"""Trying a card against a payment intent, with 3-D Secure in between where the card asks for it."""

from __future__ import annotations

from typing import Any

from commerce.payments.stripe.sandbox import cards, errors, events, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.cards import Card, Decline
from commerce.payments.stripe.sandbox.store import Document

_AUTHENTICATION_FAILED = (
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new "
    "PaymentMethod to attempt to fulfill this PaymentIntent again."
)


def payment_method(call: Call, intent: Document) -> tuple[Document, Card]:
    """The payment method that the call brings, and what its card does.

    Raises:
        ApiError: none was given, it does not exist, or the card's fields cannot be right.
    """
    if "payment_method_data" in call.params:
        return _remembered(call, *_card_typed_in(call))
    if "payment_method" not in call.params:
        raise errors.unexpected_state(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            objects.shown_to_shopper(intent) if call.by_shopper else intent,
        )
    name = call.text("payment_method")
    if name not in cards.NUMBER_BY_PAYMENT_METHOD or call.by_shopper:
        raise errors.missing("PaymentMethod", name, param="payment_method")
    number = cards.NUMBER_BY_PAYMENT_METHOD[name]
    return _remembered(
        call, number, cards.payment_method_card(number, exp_month=call.at.month, exp_year=call.at.year + 1)
    )


def _card_typed_in(call: Call) -> tuple[str, dict[str, Any]]:
    data = call.group("payment_method_data")
    if data.get("type") != "card" or not isinstance(data.get("card"), dict):
        raise errors.parameter_invalid("payment_method_data[type]", "The sandbox takes cards only.")
    card = data["card"]
    cards.require_well_formed(card, at=call.at)
    number = cards.digits_of(card["number"])
    year = int(card["exp_year"])
    return number, cards.payment_method_card(
        number, exp_month=int(card["exp_month"]), exp_year=year + 2000 if year < 100 else year
    )


def _remembered(call: Call, number: str, card: dict[str, Any]) -> tuple[Document, Card]:
    method = objects.payment_method(call, method_id=call.new_id("pm"), card=card)
    # A number is kept only when it is a published test card: somebody might type in a real one.
    known = number if number in cards.BY_NUMBER else ""
    call.records.save("payment_method", {"id": method["id"], "shown": method, "number": known})
    return method, cards.card_for(number)


def ask_authentication(call: Call, intent: Document, method: Document) -> None:
    intent |= {
        "status": "requires_action",
        "payment_method": method["id"],
        "last_payment_error": None,
        "next_action": {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {
                "type": "three_d_secure_redirect",
                "source": call.new_id("payatt"),
                "stripe_js": (
                    f"{call.address}/_sandbox/authentications/{intent['id']}?client_secret={intent['client_secret']}"
                ),
            },
        },
    }
    call.records.save("payment_intent", intent)
    events.record(call, "payment_intent.requires_action", intent)


def charge_authenticated(call: Call, intent: Document) -> None:
    record = call.records.find("payment_method", intent["payment_method"])
    assert record is not None, "an intent names only payment methods that were remembered with it"
    charge(call, intent, record["shown"], cards.card_for(record["number"]))


def refuse_authentication(call: Call, intent: Document) -> None:
    record = call.records.find("payment_method", intent["payment_method"])
    error = {
        "type": "invalid_request_error",
        "code": "payment_intent_authentication_failure",
        "message": _AUTHENTICATION_FAILED,
    }
    _await_another_method(call, intent, error, record["shown"] if record else None)


def charge(call: Call, intent: Document, method: Document, card: Card) -> Decline | None:
    """Take the money, or say why not; either way with a charge and its events."""
    attempt = objects.charge(call, intent=intent, method=method, decline=card.decline)
    call.records.save("charge", attempt)
    intent["latest_charge"] = attempt["id"]
    if card.decline is None:
        _succeed(call, intent, attempt, method)
        return None
    events.record(call, "charge.failed", attempt)
    error = {
        "type": "card_error",
        "code": card.decline.code,
        "decline_code": card.decline.decline_code,
        "message": card.decline.message,
        "charge": attempt["id"],
    }
    _await_another_method(call, intent, error, method)
    return card.decline


def _succeed(call: Call, intent: Document, attempt: Document, method: Document) -> None:
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "payment_method": method["id"],
        "last_payment_error": None,
        "next_action": None,
    }
    call.records.save("payment_intent", intent)
    events.record(call, "charge.succeeded", attempt)
    events.record(call, "payment_intent.succeeded", intent)


def _await_another_method(call: Call, intent: Document, error: dict[str, Any], method: Document | None) -> None:
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": error | {"payment_method": method},
        "next_action": None,
    }
    call.records.save("payment_intent", intent)
    events.record(call, "payment_intent.payment_failed", intent)
