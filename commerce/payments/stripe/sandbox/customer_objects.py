"""The JSON shape of customers and of what they keep. A test holds every field against the stripe package's types."""

from __future__ import annotations

from typing import Any

from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.objects import automatic_payment_methods, no_billing_details
from commerce.payments.stripe.sandbox.store import Document

_SETUP_FIELDS_FOR_SHOPPERS = frozenset(
    {
        "id",
        "object",
        "automatic_payment_methods",
        "cancellation_reason",
        "client_secret",
        "created",
        "description",
        "last_setup_error",
        "livemode",
        "next_action",
        "payment_method",
        "payment_method_types",
        "status",
        "usage",
    }
)


def customer(call: Call) -> Document:
    return {
        "id": call.new_id("cus"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": call.timestamp,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def payment_method(call: Call, *, card: dict[str, Any], billing: dict[str, Any], allow_redisplay: str) -> Document:
    return {
        "id": call.new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": allow_redisplay,
        "billing_details": no_billing_details() | billing,
        "card": card,
        "created": call.timestamp,
        "customer": None,
        "livemode": False,
        "metadata": call.metadata(),
        "type": "card",
    }


def setup_intent(call: Call, *, customer: str | None, usage: str) -> Document:
    setup_id = call.new_id("seti")
    return {
        "id": setup_id,
        "object": "setup_intent",
        "application": None,
        "allowed_payment_method_types": call.texts("allowed_payment_method_types") or None,
        "automatic_payment_methods": automatic_payment_methods(call),
        "cancellation_reason": None,
        "client_secret": call.new_id(f"{setup_id}_secret"),
        "created": call.timestamp,
        "customer": customer,
        "description": call.text("description", "") or None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": call.metadata(),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": usage,
    }


def setup_shown_to_shopper(setup: Document) -> Document:
    return {name: value for name, value in setup.items() if name in _SETUP_FIELDS_FOR_SHOPPERS}
