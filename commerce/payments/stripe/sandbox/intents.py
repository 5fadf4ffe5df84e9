"""Payment intents: their life from opening to success or cancellation.

Source: docs.stripe.com/payments/paymentintents/lifecycle.
"""

from __future__ import annotations

import hmac

from commerce.payments.stripe.sandbox import charging, errors, events, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELLABLE = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
    "processing",
)
_CANCELLATION_REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")

# In Stripe's own units. Source: docs.stripe.com/currencies, minimum and maximum charge amounts.
_MINIMUMS = {
    "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30,
    "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "pln": 200,
    "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
_MAXIMUM = 99_999_999


def open_intent(call: Call) -> Document:
    amount, currency = call.integer("amount"), call.text("currency").lower()
    if len(currency) != 3 or not currency.isalpha() or not currency.isascii():
        raise errors.parameter_invalid("currency", f"Invalid currency: {currency}.")
    _require_chargeable(amount, currency)
    intent = objects.payment_intent(call, amount=amount, currency=currency)
    call.records.save("payment_intent", intent)
    events.record(call, "payment_intent.created", intent)
    return intent


def _require_chargeable(amount: int, currency: str) -> None:
    if amount < 1:
        raise errors.parameter_invalid(
            "amount", "This value must be greater than or equal to 1.", code="parameter_invalid_integer"
        )
    if amount < _MINIMUMS.get(currency, 1):
        raise errors.parameter_invalid(
            "amount", f"Amount must be at least {_MINIMUMS[currency]} {currency}.", code="amount_too_small"
        )
    if amount > _MAXIMUM:
        raise errors.parameter_invalid(
            "amount", f"Amount must be no more than {_MAXIMUM} {currency}.", code="amount_too_large"
        )


def show(call: Call, intent_id: str) -> Document:
    return _as_seen(call, _found(call, intent_id))


def confirm(call: Call, intent_id: str) -> Document:
    """Try to take the money, or ask for the shopper's authentication first.

    Raises:
        ApiError: 402 when the card is refused (the intent then waits for another payment method), 400 in
            another state.
    """
    intent = _found(call, intent_id)
    if intent["status"] not in CONFIRMABLE:
        raise errors.unexpected_state(_not_confirmable(intent), _as_seen(call, intent))
    method, card = charging.payment_method(call, intent)
    if card.asks_authentication:
        charging.ask_authentication(call, intent, method)
        return _as_seen(call, intent)
    decline = charging.charge(call, intent, method, card)
    if decline is not None:
        raise errors.card_error(
            decline.message,
            code=decline.code,
            decline_code=decline.decline_code,
            charge=intent["latest_charge"],
            payment_intent=_as_seen(call, intent),
            payment_method=method,
        )
    return _as_seen(call, intent)


def authenticate(call: Call, intent_id: str) -> Document:
    """The shopper's answer to 3-D Secure: the parameter `outcome` is "succeeded" or "failed"."""
    intent = _found(call, intent_id)
    outcome = call.text("outcome")
    if outcome not in ("succeeded", "failed"):
        raise errors.parameter_invalid("outcome", "The outcome is either succeeded or failed.")
    if intent["status"] != "requires_action":
        message = f"This PaymentIntent has a status of {intent['status']} and waits for no authentication."
        raise errors.unexpected_state(message, _as_seen(call, intent))
    if outcome == "succeeded":
        charging.charge_authenticated(call, intent)
    else:
        charging.refuse_authentication(call, intent)
    return _as_seen(call, intent)


def cancel(call: Call, intent_id: str) -> Document:
    intent = _found(call, intent_id)
    reason = call.text("cancellation_reason", "")
    if reason and reason not in _CANCELLATION_REASONS:
        raise errors.parameter_invalid("cancellation_reason", f"Invalid cancellation_reason: {reason}")
    if intent["status"] not in CANCELLABLE:
        message = (
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a "
            f"PaymentIntent with one of the following statuses may be canceled: {', '.join(CANCELLABLE)}."
        )
        raise errors.unexpected_state(message, intent)
    intent |= {
        "status": "canceled",
        "canceled_at": call.timestamp,
        "cancellation_reason": reason or None,
        "next_action": None,
    }
    call.records.save("payment_intent", intent)
    events.record(call, "payment_intent.canceled", intent)
    return intent


def _found(call: Call, intent_id: str) -> Document:
    """Whoever has no secret key must name the intent's client secret."""
    intent = call.records.find("payment_intent", intent_id)
    if intent is None:
        raise errors.missing("payment_intent", intent_id, param="intent")
    if call.by_shopper or "client_secret" in call.params:
        given = call.text("client_secret")
        if not hmac.compare_digest(given.encode(), intent["client_secret"].encode()):
            raise errors.parameter_invalid(
                "client_secret",
                "The client_secret provided does not match the client_secret associated with the PaymentIntent.",
                code="payment_intent_invalid_parameter",
            )
    return intent


def _as_seen(call: Call, intent: Document) -> Document:
    return objects.shown_to_shopper(intent) if call.by_shopper else intent


def _not_confirmable(intent: Document) -> str:
    if intent["status"] == "succeeded":
        return (
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
        )
    return f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}."
