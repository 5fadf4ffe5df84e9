"""Stripe Tax: what tax a purchase bears, by POST /v1/tax/calculations.

Source: docs.stripe.com/tax/custom and docs.stripe.com/api/tax/calculations. Amounts are in Stripe's units.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import stripe
from django.conf import settings

from commerce.kit.money import Money
from commerce.payments.stripe import amounts
from commerce.payments.stripe.adapter import NOT_ABOUT_THE_REQUEST, connect
from commerce.payments.tax_gateways import (
    TaxedAmount,
    TaxQuestion,
    TaxReply,
    TaxServiceRefused,
    TaxServiceUnavailable,
    Untaxed,
)

# docs.stripe.com/tax/tax-codes: tangible goods, nontaxable, shipping.
GOODS, NONTAXABLE, SHIPPING = "txcd_99999999", "txcd_00000000", "txcd_92010001"
_MOST_ITEMS = 100
_OVERRIDES = {Untaxed.EXEMPT: "customer_exempt", Untaxed.REVERSE_CHARGE: "reverse_charge"}
# Where a rate applied, though the tax may round to nothing.
_RATED = frozenset({"standard_rated", "reduced_rated"})
_VAT_ID_TYPES = {"GB": "gb_vat", "CH": "ch_vat", "NO": "no_vat"}


class StripeTaxes:
    """`TaxGateway` over Stripe's API. A `transport` replaces the network; tests pass the sandbox's."""

    def __init__(
        self,
        *,
        secret_key: str | None = None,
        sandbox_url: str | None = None,
        transport: stripe.HTTPClient | None = None,
    ) -> None:
        self._client = connect(
            secret_key=settings.STRIPE_SECRET_KEY if secret_key is None else secret_key,
            sandbox_url=(settings.STRIPE_SANDBOX_URL if sandbox_url is None else sandbox_url).rstrip("/"),
            transport=transport,
        )

    def calculate_tax(self, *, question: TaxQuestion) -> TaxReply:
        """Two calls: Stripe shows only the first ten lines of a new calculation, and all of them on a list.

        Neither carries a key of ours: a second calculation is harmless, and a kept 500 would be replayed for a day.
        """
        with _tax_errors():
            params: Any = _params(question)
            calculation = self._client.v1.tax.calculations.create(params).to_dict()
            listed = self._client.v1.tax.calculations.line_items.list(calculation["id"], {"limit": _MOST_ITEMS})
            return _reply(calculation, [item.to_dict() for item in listed.data], question)


def _params(question: TaxQuestion) -> dict[str, Any]:
    behaviour = "inclusive" if question.included else "exclusive"
    params: dict[str, Any] = {
        "currency": question.currency.lower(),
        "line_items": [
            {
                "amount": amounts.to_stripe(item.amount),
                "reference": item.key,
                "tax_behavior": behaviour,
                "tax_code": _tax_code(item.tax_class),
            }
            for item in question.items
        ],
        "customer_details": _customer(question),
        "tax_date": int(question.at.timestamp()),
    }
    if question.shipping:
        params["shipping_cost"] = {
            "amount": amounts.to_stripe(question.shipping),
            "tax_behavior": behaviour,
            "tax_code": SHIPPING if question.shipping_is_taxed else NONTAXABLE,
        }
    if question.origin_country:
        params["ship_from_details"] = {"address": {"country": question.origin_country}}
    return params


def _customer(question: TaxQuestion) -> dict[str, Any]:
    address = {
        "country": question.country,
        "state": question.region,
        "postal_code": question.postal_code,
        "city": question.city,
        "line1": question.street,
    }
    customer: dict[str, Any] = {
        "address": {name: value for name, value in address.items() if value},
        "address_source": "shipping",
    }
    if question.vat_id:
        kind = _VAT_ID_TYPES.get(question.vat_id[:2], "eu_vat")
        customer["tax_ids"] = [{"type": kind, "value": question.vat_id}]
    if question.untaxed:
        customer["taxability_override"] = _OVERRIDES[question.untaxed]
    return customer


def _tax_code(tax_class: str) -> str:
    """Stripe knows kinds of goods and no "reduced rate", so the shop must say what its reduced goods are."""
    if tax_class == "zero":
        return NONTAXABLE
    if tax_class != "reduced":
        return GOODS
    code: str = settings.STRIPE_REDUCED_TAX_CODE
    if not code:
        raise TaxServiceRefused("STRIPE_REDUCED_TAX_CODE is empty.", gateway_code="tax_code_missing")
    return code


def _reply(calculation: dict[str, Any], listed: list[dict[str, Any]], question: TaxQuestion) -> TaxReply:
    currency = calculation["currency"]
    items = {item["reference"]: _taxed(item, currency) for item in listed}
    if set(items) != {item.key for item in question.items}:
        raise ValueError("other lines than were asked for")
    nothing = TaxedAmount(tax=Money.zero(question.currency), percent=Decimal(0))
    shipping = _taxed(calculation["shipping_cost"], currency) if question.shipping else nothing
    return TaxReply(reference=calculation["id"], items=items, shipping=shipping)


def _taxed(part: dict[str, Any], currency: str) -> TaxedAmount:
    """Several jurisdictions may tax the same line; their percentages add up as their amounts do."""
    percents = [
        Decimal(row["tax_rate_details"]["percentage_decimal"])
        for row in part["tax_breakdown"] or []
        if row["tax_rate_details"] and (row["amount"] or row["taxability_reason"] in _RATED)
    ]
    return TaxedAmount(tax=amounts.from_stripe(part["amount_tax"], currency), percent=sum(percents, start=Decimal(0)))


@contextmanager
def _tax_errors() -> Iterator[None]:
    """Stripe's errors in the shop's words: ask again, or no."""
    try:
        yield
    except amounts.AmountNotChargeable as error:
        raise TaxServiceRefused(str(error), gateway_code="amount_not_chargeable") from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise TaxServiceUnavailable from error
    except stripe.StripeError as error:
        status = error.http_status
        if status is None or not 400 <= status < 500 or status in NOT_ABOUT_THE_REQUEST:
            raise TaxServiceUnavailable from error
        raise TaxServiceRefused(gateway_code=error.code or "") from error
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise TaxServiceUnavailable("The tax service's answer could not be understood.") from error
