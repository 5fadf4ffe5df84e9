"""Customer sessions: for half an hour a browser may see a customer's saved cards. No others may be shown.

Source: docs.stripe.com/api/customer_sessions.
"""

from __future__ import annotations

from typing import Any

from commerce.payments.stripe.sandbox import errors, methods, objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document

SECONDS_OPEN = 30 * 60
_SWITCHES = ("payment_method_redisplay", "payment_method_remove", "payment_method_save")


def create(call: Call) -> Document:
    owner = methods.customer(call, call.text("customer"), param="customer")["id"]
    secret = call.new_id("cuss_secret")
    session = {
        "object": "customer_session",
        "client_secret": secret,
        "components": {
            "buy_button": {"enabled": False},
            "payment_element": _payment_element(call),
            "pricing_table": {"enabled": False},
        },
        "created": call.timestamp,
        "customer": owner,
        "expires_at": call.timestamp + SECONDS_OPEN,
        "livemode": False,
    }
    call.records.save("customer_session", {"id": secret, "created": call.timestamp, "shown": session})
    return session


def show_to_holder(call: Call, secret: str) -> Document:
    """What the browser's payment form shows: the customer's cards, and whether a new one may be saved."""
    found = call.records.find("customer_session", secret)
    if found is None or found["shown"]["expires_at"] <= call.timestamp:
        raise errors.missing("customer session", secret, param="client_secret")
    session = found["shown"]
    element = session["components"]["payment_element"]
    features = element["features"] or {}
    cards: list[Document] = []
    if features.get("payment_method_redisplay") == "enabled":
        filters = features["payment_method_allow_redisplay_filters"]
        kept = call.records.newest("payment_method", owner=session["customer"])
        cards = [record["shown"] for record in kept if record["shown"]["allow_redisplay"] in filters]
    is_saving = features.get("payment_method_save") == "enabled"
    return {
        "object": "sandbox.saved_cards",
        "data": [{name: card[name] for name in ("id", "card")} for card in cards],
        "save_usage": features["payment_method_save_usage"] if is_saving else None,
    }


def _payment_element(call: Call) -> dict[str, Any]:
    unknown = set(call.group("components")) - {"payment_element"}
    if unknown:
        raise errors.parameter_unknown(f"components[{min(unknown)}]")
    element = call.inside("components").inside("payment_element")
    if not element.flag("enabled"):
        return {"enabled": False, "features": None}
    features = element.inside("features")
    chosen: dict[str, Any] = {name: features.choice(name, ("enabled", "disabled"), "disabled") for name in _SWITCHES}
    filters = features.texts("payment_method_allow_redisplay_filters") or ["always"]
    if set(filters) - set(methods.REDISPLAY):
        raise errors.parameter_invalid("components", "Invalid payment_method_allow_redisplay_filters")
    return {
        "enabled": True,
        "features": chosen
        | {
            "payment_method_allow_redisplay_filters": filters,
            "payment_method_redisplay_limit": features.integer("payment_method_redisplay_limit", 3),
            "payment_method_save_usage": features.choice("payment_method_save_usage", objects.USAGES, "") or None,
        },
    }
