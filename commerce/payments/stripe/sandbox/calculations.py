"""Tax calculations, by a small table of rates that is true of a few countries and collects nothing elsewhere.

Source: docs.stripe.com/api/tax/calculations. Stripe knows far more: thresholds, kinds of goods, districts.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from commerce.kit.money import round_half_up
from commerce.payments.stripe import amounts
from commerce.payments.stripe.sandbox import errors, tax_objects
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document

# Standard rate, and the rate of printed books. European Commission, Taxes in Europe database, November 2026.
_PERCENTS = {
    "AT": ("20", "10"),
    "BE": ("21", "6"),
    "DE": ("19", "7"),
    "FR": ("20", "5.5"),
    "NL": ("21", "9"),
    "PT": ("23", "6"),
}
_NONTAXABLE, _BOOKS, _GOODS, _SHIPPING = "txcd_00000000", "txcd_35010000", "txcd_99999999", "txcd_92010001"
_TAX_CODES = (_NONTAXABLE, _BOOKS, _GOODS, _SHIPPING)
_BEHAVIOURS = ("exclusive", "inclusive")
_OVERRIDES = ("customer_exempt", "none", "reverse_charge")
_SECONDS_KEPT = 90 * 24 * 3600
_MOST_ITEMS = 100
_FIELDS = frozenset({"amount", "reference", "tax_behavior", "tax_code", "quantity", "metadata"})


@dataclass(frozen=True, slots=True)
class _Sale:
    """What all lines have in common."""

    call: Call
    currency: str
    country: str
    untaxed: str
    """The reason why nothing is taxed, or empty."""


def calculate(call: Call) -> Document:
    currency = call.currency()
    customer = tax_objects.customer(call.inside("customer_details"))
    sale = _Sale(call, currency, _country(customer), _untaxed(call, customer))
    calculation_id = call.new_id("taxcalc")
    items = [_line_item(sale, position, given) for position, given in enumerate(_given_items(call))]
    shipping = _shipping_cost(sale, call.group("shipping_cost"))
    document = tax_objects.calculation(
        call,
        calculation_id=calculation_id,
        currency=currency,
        customer=customer,
        shipping=shipping,
        parts=[*items, *([shipping] if shipping else [])],
        expires_at=call.timestamp + _SECONDS_KEPT,
    )
    call.records.save("tax.calculation", {**document, "items": items})
    return document


def list_items(call: Call, calculation_id: str) -> Document:
    """In the order in which they were given."""
    limit = call.integer("limit", 10)
    if not 1 <= limit <= _MOST_ITEMS:
        raise errors.parameter_invalid("limit", "Invalid integer: limit must be between 1 and 100.")
    found = call.records.find("tax.calculation", calculation_id)
    if found is None:
        raise errors.missing("tax calculation", calculation_id, param="calculation")
    items = found["items"]
    url = f"/v1/tax/calculations/{calculation_id}/line_items"
    return {"object": "list", "data": items[:limit], "has_more": len(items) > limit, "url": url}


def _country(customer: Document) -> str:
    country: Any = (customer["address"] or {}).get("country")
    if not isinstance(country, str) or len(country) != 2:
        raise errors.parameter_invalid(
            "customer_details[address]",
            "We could not determine the customer's tax location based on the provided customer address.",
            code="customer_tax_location_invalid",
        )
    return country


def _untaxed(call: Call, customer: Document) -> str:
    override = customer["taxability_override"]
    if override not in _OVERRIDES:
        raise errors.parameter_invalid("customer_details[taxability_override]", f"Invalid override: {override}")
    if override != "none":
        return str(override)
    origin = call.inside("ship_from_details").inside("address").text("country", "")
    abroad = origin and origin != customer["address"]["country"]
    identified = any(tax_id["type"] == "eu_vat" for tax_id in customer["tax_ids"])
    return "reverse_charge" if abroad and identified else ""


def _given_items(call: Call) -> list[dict[str, Any]]:
    given = [item.params for item in call.groups("line_items")]
    if not given:
        raise errors.parameter_missing("line_items")
    if len(given) > _MOST_ITEMS:
        raise errors.parameter_invalid("line_items", f"At most {_MOST_ITEMS} line items can be passed.")
    for item in given:
        unknown = set(item) - _FIELDS
        if unknown:
            raise errors.parameter_unknown(f"line_items[{min(unknown)}]")
        if not all(isinstance(value, str) for value in item.values() if value is not item.get("metadata")):
            raise errors.parameter_invalid("line_items", "Invalid string")
    references = [item.get("reference") for item in given]
    if len(set(references)) != len(references):
        raise errors.parameter_invalid("line_items", "Each line item's reference must be unique.")
    return given


def _line_item(sale: _Sale, position: int, given: dict[str, Any]) -> Document:
    priced = _priced(sale, given, f"line_items[{position}]", _GOODS)
    return tax_objects.line_item(
        sale.call, reference=given.get("reference") or f"L{position + 1}", quantity=given.get("quantity", "1"), **priced
    )


def _shipping_cost(sale: _Sale, given: dict[str, Any]) -> Document | None:
    return {"shipping_rate": None, **_priced(sale, given, "shipping_cost", _SHIPPING)} if given else None


def _priced(sale: _Sale, given: dict[str, Any], param: str, usual_code: str) -> Document:
    """Amount, tax and breakdown of a line or of the shipping."""
    written, behaviour = given.get("amount", ""), given.get("tax_behavior", "exclusive")
    tax_code = given.get("tax_code", usual_code)
    if not (isinstance(written, str) and written.isdecimal() and len(written) <= 18):
        raise errors.parameter_invalid(f"{param}[amount]", f"Invalid integer: {written}")
    if behaviour not in _BEHAVIOURS:
        raise errors.parameter_invalid(f"{param}[tax_behavior]", f"Invalid tax_behavior: {behaviour}")
    if tax_code not in _TAX_CODES:
        raise errors.missing("tax code", str(tax_code), param=f"{param}[tax_code]")
    amount = int(written)
    percent, reason = _rate(sale, tax_code)
    tax = _tax(sale.currency, amount, percent, inclusive=behaviour == "inclusive")
    return {
        "amount": amount,
        "amount_tax": tax,
        "tax_behavior": behaviour,
        "tax_breakdown": [
            tax_objects.breakdown(
                country=sale.country,
                percent=percent,
                reason=reason,
                amount=tax,
                taxable_amount=amount - tax if behaviour == "inclusive" else amount,
            )
        ],
        "tax_code": tax_code,
    }


def _rate(sale: _Sale, tax_code: str) -> tuple[str, str]:
    """Percentage and the reason for it."""
    if sale.untaxed:
        return "0", sale.untaxed
    if tax_code == _NONTAXABLE:
        return "0", "not_subject_to_tax"
    if sale.country not in _PERCENTS:
        return "0", "not_collecting"
    standard, books = _PERCENTS[sale.country]
    return (books, "reduced_rated") if tax_code == _BOOKS else (standard, "standard_rated")


def _tax(currency: str, amount: int, percent: str, *, inclusive: bool) -> int:
    """Half up, to the smallest amount that Stripe can write in this currency."""
    rate = Fraction(percent) / 100
    exact = amount * (rate / (1 + rate) if inclusive else rate)
    step = amounts.step(currency.upper())
    return round_half_up(exact / step) * step
