"""Payment intents: their life from opening to success or cancellation.

Source: docs.stripe.com/payments/paymentintents/lifecycle.
"""

from __future__ import annotations

from commerce.payments.stripe.sandbox import capturing, cards, charging, errors, events, lists, methods, objects
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
_ALWAYS_CHANGEABLE = {"metadata", "receipt_email", "description", "expand"}
_CANCELLATION_REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")

# In Stripe's own units. Source: docs.stripe.com/currencies, minimum and maximum charge amounts.
_MINIMUMS = {
    "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30,
    "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "pln": 200,
    "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
_MAXIMUM = 99_999_999


def open_intent(call: Call) -> Document:
    """Opened, and confirmed at once if the call says so."""
    amount, currency = call.integer("amount"), call.currency()
    _require_chargeable(amount, currency)
    intent = objects.payment_intent(
        call,
        amount=amount,
        currency=currency,
        capture_method=call.choice("capture_method", capturing.METHODS, "automatic_async"),
        customer=_customer(call),
    )
    record = methods.given(call, intent)
    if record is not None:
        intent |= {"payment_method": record["id"], "status": "requires_confirmation"}
    call.records.save("payment_intent", intent)
    events.record(call, "payment_intent.created", intent)
    return _confirm(call, intent, record) if call.flag("confirm") else intent


def _customer(call: Call) -> str | None:
    if "customer" not in call.params:
        return None
    found: str = methods.customer(call, call.text("customer"), param="customer")["id"]
    return found


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


def update(call: Call, intent_id: str) -> Document:
    """What the merchant may still change: all while nothing is paid, the metadata and the receipt's address always."""
    intent = _found(call, intent_id)
    late = set(call.params) - _ALWAYS_CHANGEABLE
    if late and intent["status"] not in CONFIRMABLE:
        message = (
            f"This PaymentIntent's {min(late)} could not be updated because it has a status of {intent['status']}."
        )
        raise errors.unexpected_state(message, intent)
    if "amount" in call.params:
        intent["amount"] = call.integer("amount")
        _require_chargeable(intent["amount"], intent["currency"])
    if "customer" in call.params:
        intent["customer"] = _customer(call)
    for name in ("description", "receipt_email"):
        if name in call.params:
            intent[name] = call.text(name, "") or None
    if "setup_future_usage" in call.params:
        intent["setup_future_usage"] = call.choice("setup_future_usage", objects.USAGES, "") or None
    intent["metadata"] = objects.metadata(call, intent["metadata"])
    call.records.save("payment_intent", intent)
    return intent


def list_newest(call: Call) -> Document:
    """A page of the intents, of one customer if asked."""
    return lists.newest(call, "payment_intent", url="/v1/payment_intents", owner=call.text("customer", ""))


def confirm(call: Call, intent_id: str) -> Document:
    """Try to take the money, or ask for the shopper's authentication first.

    Raises:
        ApiError: 402 when the card is refused (the intent then waits for another payment method), 400 in
            another state.
    """
    intent = _found(call, intent_id)
    if intent["status"] not in CONFIRMABLE:
        raise errors.unexpected_state(_not_confirmable(intent), _as_seen(call, intent))
    intent["setup_future_usage"] = call.choice("setup_future_usage", objects.USAGES, intent["setup_future_usage"] or "")
    intent["setup_future_usage"] = intent["setup_future_usage"] or None
    return _confirm(call, intent, methods.given(call, intent))


def _confirm(call: Call, intent: Document, record: Document | None) -> Document:
    if record is None:
        raise errors.unexpected_state(
            "You cannot confirm this PaymentIntent because it's missing a payment method.", _as_seen(call, intent)
        )
    off_session = call.flag("off_session") and not call.by_shopper
    decline = methods.card_of(record).decline
    if charging.needs_authentication(record, off_session=off_session):
        if not off_session:
            charging.ask_authentication(call, intent, record)
            return _as_seen(call, intent)
        decline = cards.AUTHENTICATION_REQUIRED
    charging.charge(call, intent, record, decline)
    if decline is not None:
        raise errors.card_error(
            decline.message,
            code=decline.code,
            decline_code=decline.decline_code,
            charge=intent["latest_charge"],
            payment_intent=_as_seen(call, intent),
            payment_method=record["shown"],
        )
    return _as_seen(call, intent)


def authenticate(call: Call, intent_id: str) -> Document:
    """The shopper's answer to 3-D Secure: the parameter `outcome` is "succeeded" or "failed"."""
    intent = _found(call, intent_id)
    outcome = call.choice("outcome", ("succeeded", "failed"), "failed")
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
    reason = call.choice("cancellation_reason", _CANCELLATION_REASONS, "") or None
    if intent["status"] not in CANCELLABLE:
        message = (
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a "
            f"PaymentIntent with one of the following statuses may be canceled: {', '.join(CANCELLABLE)}."
        )
        raise errors.unexpected_state(message, intent)
    if intent["status"] == "requires_capture":
        capturing.release(call, intent, reason=reason, how="charge.refunded")
        return intent
    intent |= {
        "status": "canceled",
        "canceled_at": call.timestamp,
        "cancellation_reason": reason,
        "next_action": None,
    }
    call.records.save("payment_intent", intent)
    events.record(call, "payment_intent.canceled", intent)
    return intent


def _found(call: Call, intent_id: str) -> Document:
    intent = call.records.find("payment_intent", intent_id)
    if intent is None:
        raise errors.missing("payment_intent", intent_id, param="intent")
    call.require_holder(intent)
    return intent


def _as_seen(call: Call, intent: Document) -> Document:
    return objects.shown_to_shopper(intent) if call.by_shopper else intent


def _not_confirmable(intent: Document) -> str:
    if intent["status"] == "succeeded":
        return (
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
        )
    return f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}."
