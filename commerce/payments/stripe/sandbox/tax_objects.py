"""The JSON shape of Stripe's tax calculations. A test holds every field against the types of the stripe package."""

from __future__ import annotations

from typing import Any

from commerce.payments.stripe.sandbox import errors
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.objects import ADDRESS_FIELDS
from commerce.payments.stripe.sandbox.store import Document


def customer(given: Call) -> Document:
    address = given.group("address")
    return {
        "address": dict.fromkeys(ADDRESS_FIELDS) | address if address else None,
        "address_source": given.text("address_source", "") or None,
        "ip_address": given.text("ip_address", "") or None,
        "tax_ids": [{"type": each.text("type"), "value": each.text("value")} for each in given.groups("tax_ids")],
        "taxability_override": given.text("taxability_override", "none"),
    }


def calculation(
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
    ship_from = call.inside("ship_from_details").group("address")
    return {
        "id": calculation_id,
        "object": "tax.calculation",
        "amount_total": sum(part["amount"] for part in parts) + sum(on_top),
        "currency": currency,
        "customer": None,
        "customer_details": customer,
        "expires_at": expires_at,
        "livemode": False,
        "ship_from_details": {"address": dict.fromkeys(ADDRESS_FIELDS) | ship_from} if ship_from else None,
        "shipping_cost": shipping,
        "tax_amount_exclusive": sum(on_top),
        "tax_amount_inclusive": sum(within),
        "tax_breakdown": [_tax_of_part(part) for part in parts],
        "tax_date": call.integer("tax_date", call.timestamp),
    }


def line_item(call: Call, *, reference: str, quantity: str, **priced: Any) -> Document:
    return {
        "id": call.new_id("tax_li"),
        "object": "tax.calculation_line_item",
        "livemode": False,
        "metadata": None,
        "performance_location": None,
        "product": None,
        "quantity": errors.whole_number("line_items[quantity]", quantity),
        "reference": reference,
        **priced,
    }


def breakdown(*, country: str, percent: str, reason: str, amount: int, taxable_amount: int) -> Document:
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
