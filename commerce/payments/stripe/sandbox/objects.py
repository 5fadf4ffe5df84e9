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


_ADDRESS_FIELDS = ("city", "country", "line1", "line2", "postal_code", "state")
# Fields that Stripe shows and that nothing in the sandbox ever fills.
_UNUSED_ON_INTENTS = (
    "application",
    "application_fee_amount",
    "customer",
    "on_behalf_of",
    "processing",
    "review",
    "setup_future_usage",
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
    "customer",
    "failure_balance_transaction",
    "on_behalf_of",
    "receipt_number",
    "receipt_url",
    "review",
    "shipping",
    "source_transfer",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
)


def payment_intent(call: Call, *, amount: int, currency: str) -> Document:
    intent_id = call.new_id("pi")
    return dict.fromkeys(_UNUSED_ON_INTENTS) | {
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": call.new_id(f"{intent_id}_secret"),
        "confirmation_method": "automatic",
        "created": call.timestamp,
        "currency": currency,
        "description": call.text("description", "") or None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": call.group("metadata"),
        "next_action": None,
        "payment_method": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "receipt_email": call.text("receipt_email", "") or None,
        "status": "requires_payment_method",
    }


def shown_to_shopper(intent: Document) -> Document:
    return {name: value for name, value in intent.items() if name in _INTENT_FIELDS_FOR_SHOPPERS}


def payment_method(call: Call, *, method_id: str, card: dict[str, Any]) -> Document:
    return {
        "id": method_id,
        "object": "payment_method",
        "billing_details": _no_billing_details(),
        "card": card,
        "created": call.timestamp,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def charge(call: Call, *, intent: Document, method: Document, decline: Decline | None) -> Document:
    paid = decline is None
    card = method["card"]
    return dict.fromkeys(_UNUSED_ON_CHARGES) | {
        "id": call.new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "balance_transaction": call.new_id("txn") if paid else None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SANDBOX",
        "captured": paid,
        "created": call.timestamp,
        "currency": intent["currency"],
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
        "metadata": call.group("metadata"),
        "payment_intent": charge["payment_intent"],
        "reason": call.text("reason", "") or None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }


def tax_customer(given: dict[str, Any]) -> Document:
    address = given.get("address")
    tax_ids = given.get("tax_ids") or {}
    return {
        "address": dict.fromkeys(_ADDRESS_FIELDS) | address if address else None,
        "address_source": given.get("address_source"),
        "ip_address": given.get("ip_address"),
        "tax_ids": [{"type": each.get("type"), "value": each.get("value")} for each in tax_ids.values()],
        "taxability_override": given.get("taxability_override") or "none",
    }


def tax_calculation(
    call: Call,
    *,
    calculation_id: str,
    currency: str,
    customer: Document,
    shipping: Document | None,
    parts: list[Document],
    expires_at: int,
) -> Document:
    """`parts` are the line items and the shipping: all that bears tax."""
    on_top = [part["amount_tax"] for part in parts if part["tax_behavior"] == "exclusive"]
    within = [part["amount_tax"] for part in parts if part["tax_behavior"] == "inclusive"]
    ship_from = call.group("ship_from_details").get("address")
    return {
        "id": calculation_id,
        "object": "tax.calculation",
        "amount_total": sum(part["amount"] for part in parts) + sum(on_top),
        "currency": currency,
        "customer": None,
        "customer_details": customer,
        "expires_at": expires_at,
        "livemode": False,
        "ship_from_details": {"address": dict.fromkeys(_ADDRESS_FIELDS) | ship_from} if ship_from else None,
        "shipping_cost": shipping,
        "tax_amount_exclusive": sum(on_top),
        "tax_amount_inclusive": sum(within),
        "tax_breakdown": [_tax_of_part(part) for part in parts],
        "tax_date": call.integer("tax_date", call.timestamp),
    }


def tax_line_item(call: Call, *, reference: str, quantity: str, **priced: Any) -> Document:
    return {
        "id": call.new_id("tax_li"),
        "object": "tax.calculation_line_item",
        "livemode": False,
        "metadata": None,
        "performance_location": None,
        "product": None,
        "quantity": int(quantity),
        "reference": reference,
        **priced,
    }


def tax_breakdown(*, country: str, percent: str, reason: str, amount: int, taxable_amount: int) -> Document:
    return {
        "amount": amount,
        "jurisdiction": {"country": country, "display_name": country, "level": "country", "state": None},
        "sourcing": "destination",
        "tax_rate_details": {"display_name": "VAT", "percentage_decimal": percent, "tax_type": "vat"},
        "taxability_reason": reason,
        "taxable_amount": taxable_amount,
    }


def _tax_of_part(part: Document) -> Document:
    """Of the whole calculation: the same in other words."""
    (row,) = part["tax_breakdown"]
    return {
        "amount": row["amount"],
        "inclusive": part["tax_behavior"] == "inclusive",
        "tax_rate_details": {
            "country": row["jurisdiction"]["country"],
            "flat_amount": None,
            "percentage_decimal": row["tax_rate_details"]["percentage_decimal"],
            "rate_type": "percentage",
            "state": None,
            "tax_type": "vat",
        },
        "taxability_reason": row["taxability_reason"],
        "taxable_amount": row["taxable_amount"],
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


def _no_billing_details() -> dict[str, Any]:
    return {"address": dict.fromkeys(_ADDRESS_FIELDS), "email": None, "name": None, "phone": None}


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
