"""The JSON shape of Stripe's objects. A test holds every field against the types that the stripe package ships."""

from __future__ import annotations

from typing import Any

from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.cards import Decline
from commerce.payments.stripe.sandbox.store import Document

# What Stripe shows of a payment intent to a browser, which holds only the publishable key.
_INTENT_FIELDS_FOR_SHOPPERS = frozenset(
    {
        "id",
        "object",
        "amount",
        "automatic_payment_methods",
        "canceled_at",
        "cancellation_reason",
        "capture_method",
        "client_secret",
        "confirmation_method",
        "created",
        "currency",
        "description",
        "last_payment_error",
        "livemode",
        "next_action",
        "payment_method",
        "payment_method_types",
        "processing",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "status",
    }
)


ADDRESS_FIELDS = ("city", "country", "line1", "line2", "postal_code", "state")
_EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
    "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file",
    "uncategorized_text",
)  # fmt: skip
USAGES = ("on_session", "off_session")
# Fields that Stripe shows and that nothing in the sandbox ever fills.
_UNUSED_ON_INTENTS = (
    "application",
    "application_fee_amount",
    "on_behalf_of",
    "processing",
    "review",
    "shipping",
    "source",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
)
_UNUSED_ON_CHARGES = (
    "application",
    "application_fee",
    "application_fee_amount",
    "failure_balance_transaction",
    "on_behalf_of",
    "receipt_number",
    "review",
    "shipping",
    "source_transfer",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
)


def payment_intent(call: Call, *, amount: int, currency: str, capture_method: str, customer: str | None) -> Document:
    intent_id = call.new_id("pi")
    return dict.fromkeys(_UNUSED_ON_INTENTS) | {
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "allowed_payment_method_types": call.texts("allowed_payment_method_types") or None,
        "automatic_payment_methods": automatic_payment_methods(call),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": capture_method,
        "client_secret": call.new_id(f"{intent_id}_secret"),
        "confirmation_method": "automatic",
        "created": call.timestamp,
        "currency": currency,
        "customer": customer,
        "description": call.text("description", "") or None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": metadata(call, {}),
        "next_action": None,
        "payment_method": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "receipt_email": call.text("receipt_email", "") or None,
        "setup_future_usage": call.choice("setup_future_usage", USAGES, "") or None,
        "status": "requires_payment_method",
    }


def automatic_payment_methods(call: Call) -> Document:
    given = call.inside("automatic_payment_methods")
    redirects = given.choice("allow_redirects", ("always", "never"), "always")
    return {"allow_redirects": redirects, "enabled": True}


def metadata(call: Call, known: dict[str, str]) -> dict[str, str]:
    """What is given is added to what is known; an empty value takes a key away."""
    return {name: value for name, value in (known | call.metadata()).items() if value != ""}


def three_d_secure(call: Call, intent: Document) -> Document:
    """The next action of a payment intent or a setup intent whose card asks for its holder."""
    page = f"{call.address}/_sandbox/authentications/{intent['id']}?client_secret={intent['client_secret']}"
    return {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {
            "type": "three_d_secure_redirect",
            "source": call.new_id("payatt"),
            "stripe_js": page,
        },
    }


def authentication_failure(intent: Document) -> dict[str, Any]:
    what = "PaymentIntent" if intent["object"] == "payment_intent" else "SetupIntent"
    return {
        "type": "invalid_request_error",
        "code": f"{intent['object']}_authentication_failure",
        "message": (
            "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new "
            f"PaymentMethod to attempt to fulfill this {what} again."
        ),
    }


def decline(decline: Decline, **fields: Any) -> dict[str, Any]:
    return {
        "type": "card_error",
        "code": decline.code,
        "decline_code": decline.decline_code,
        "message": decline.message,
        **fields,
    }


def shown_to_shopper(intent: Document) -> Document:
    return {name: value for name, value in intent.items() if name in _INTENT_FIELDS_FOR_SHOPPERS}


def charge(call: Call, *, intent: Document, method: Document, decline: Decline | None) -> Document:
    paid = decline is None
    captured = paid and intent["capture_method"] != "manual"
    card = method["card"]
    charge_id = call.new_id("ch")
    return dict.fromkeys(_UNUSED_ON_CHARGES) | {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if captured else 0,
        "amount_refunded": 0,
        "balance_transaction": call.new_id("txn") if captured else None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SANDBOX",
        "captured": captured,
        "created": call.timestamp,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "outcome": _outcome(decline),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {
            "card": {
                name: card[name] for name in ("brand", "country", "exp_month", "exp_year", "funding", "last4", "wallet")
            },
            "type": "card",
        },
        "receipt_email": intent["receipt_email"],
        "receipt_url": f"{call.address}/_sandbox/receipts/{charge_id}" if paid else None,
        "refunded": False,
        "status": "succeeded" if paid else "failed",
    }


def refund(call: Call, *, charge: Document, amount: int, status: str) -> Document:
    return {
        "id": call.new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": call.new_id("txn"),
        "charge": charge["id"],
        "created": call.timestamp,
        "currency": charge["currency"],
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": metadata(call, {}),
        "payment_intent": charge["payment_intent"],
        "reason": call.text("reason", "") or None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }


def dispute(call: Call, *, charge: Document, reason: str, amount: int, due_by: int, is_inquiry: bool) -> Document:
    return {
        "id": call.new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": call.timestamp,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(_EVIDENCE),
        "evidence_details": {
            "due_by": due_by,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": is_inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": charge["payment_method_details"]["card"]["brand"],
                "case_type": "inquiry" if is_inquiry else "chargeback",
                "network_reason_code": "10" if reason == "fraudulent" else "13",
            },
            "type": "card",
        },
        "reason": reason,
        "status": "warning_needs_response" if is_inquiry else "needs_response",
    }


def event(call: Call, *, type: str, subject: Document, api_version: str) -> Document:
    return {
        "id": call.new_id("evt"),
        "object": "event",
        "api_version": api_version,
        "created": call.timestamp,
        "data": {"object": subject},
        "livemode": False,
        "pending_webhooks": 0,
        "request": call.request,
        "type": type,
    }


def no_billing_details() -> dict[str, Any]:
    return {"address": dict.fromkeys(ADDRESS_FIELDS), "email": None, "name": None, "phone": None}


def _outcome(decline: Decline | None) -> dict[str, Any]:
    if decline is None:
        return {
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        "network_status": "declined_by_network",
        "reason": decline.decline_code,
        "risk_level": "normal",
        "seller_message": "The bank declined the payment.",
        "type": "issuer_declined",
    }
