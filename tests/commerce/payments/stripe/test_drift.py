"""The sandbox and the adapter held against the types that the stripe package ships.

This proves that no field is invented. It does not prove that Stripe behaves the same.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe
from stripe.params import (
    PaymentIntentCancelParams,
    PaymentIntentCreateParams,
    RefundCreateParams,
    RefundListParams,
)
from stripe.params.tax import CalculationCreateParams, CalculationLineItemListParams
from stripe.params.tax import _calculation_create_params as tax_params
from stripe.tax import Calculation, CalculationLineItem

from commerce.kit.money import Money
from commerce.payments.gateways import IntentStatus
from commerce.payments.stripe.sandbox import forms
from commerce.payments.stripe.sandbox.refunds import SECONDS_PENDING
from commerce.payments.stripe.sandbox.transport import SandboxTransport
from commerce.payments.stripe.taxes import StripeTaxes
from commerce.payments.tax_gateways import TaxedItem, TaxQuestion, Untaxed
from tests.commerce.payments.stripe.doors import REFERENCE, SECRET_KEY, Door, gateway


def fields(shape: type) -> set[str]:
    return {name for name in shape.__annotations__ if not name.startswith("_") and name != "OBJECT_NAME"}


@pytest.fixture
def documents(in_process: Door) -> dict[str, list[dict[str, Any]]]:
    """Every kind of object in every state that the sandbox can bring it to."""
    for number in ("4242424242424242", "4000000000007726", "4000000000000002", "4000002760003184"):
        intent = in_process.open(idempotency_key=f"open-{number}")
        in_process.confirm(intent, number)
        if in_process.gateway.fetch_intent(gateway_id=intent.gateway_id).status is IntentStatus.SUCCEEDED:
            in_process.refund(intent, 999, idempotency_key=f"refund-{number}")
            in_process.clock.advance(seconds=SECONDS_PENDING)
            in_process.gateway.find_refund(gateway_id=intent.gateway_id, reference=REFERENCE)
        else:
            in_process.gateway.cancel_intent(gateway_id=intent.gateway_id)
    events = in_process.send("GET", "/v1/events", {"limit": "100"}).body["data"]
    found: dict[str, list[dict[str, Any]]] = {"event": events}
    for event in events:
        subject = event["data"]["object"]
        found.setdefault(subject["object"], []).append(subject)
    return found


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("payment_intent", stripe.PaymentIntent),
        ("charge", stripe.Charge),
        ("refund", stripe.Refund),
        ("event", stripe.Event),
    ],
)
def test_every_field_that_the_sandbox_shows_exists_at_stripe(
    documents: dict[str, list[dict[str, Any]]], kind: str, shape: type
) -> None:
    assert documents[kind]
    for document in documents[kind]:
        assert set(document) <= fields(shape)


def test_nested_fields_exist_at_stripe_too(documents: dict[str, list[dict[str, Any]]]) -> None:
    for intent in documents["payment_intent"]:
        error = intent["last_payment_error"] or {}
        assert set(error) <= fields(stripe.PaymentIntent.LastPaymentError)
        assert set(error.get("payment_method") or {}) <= fields(stripe.PaymentMethod)
        assert set((error.get("payment_method") or {}).get("card", {})) <= fields(stripe.PaymentMethod.Card)
        assert set(intent["next_action"] or {}) <= fields(stripe.PaymentIntent.NextAction)
    for charge in documents["charge"]:
        assert set(charge["payment_method_details"]["card"]) <= fields(stripe.Charge.PaymentMethodDetails.Card)
        assert set(charge["outcome"]) <= fields(stripe.Charge.Outcome)


def test_every_field_of_an_error_exists_at_stripe(in_process: Door) -> None:
    error = in_process.confirm(in_process.open(), "4000000000000002").body["error"]
    assert set(error) <= fields(stripe.ErrorObject)


def test_every_event_type_exists_at_stripe(in_process: Door, documents: dict[str, list[dict[str, Any]]]) -> None:
    known = set(str(stripe.Event.__annotations__["type"]).replace('"', "'").split("'"))
    types = {event["type"] for event in documents["event"]}
    assert len(types) == 10
    assert types <= known


class Recording(SandboxTransport):
    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **options: Any) -> Any:
        address = urlsplit(url)
        subject = f"{method.upper()} {address.path.rsplit('/', 1)[-1]}"
        self.sent[subject] = set(forms.parse(post_data or address.query))
        return super().request(method, url, headers, post_data, **options)


def test_every_parameter_that_the_adapter_sends_exists_at_stripe(in_process: Door) -> None:
    transport = Recording(in_process.machine, now=in_process.clock)
    transport.sent = {}
    in_process.gateway = gateway(transport=transport)
    in_process.gateway.cancel_intent(gateway_id=in_process.open().gateway_id)
    paid = in_process.open(idempotency_key="open-2")
    in_process.confirm(paid, "4242424242424242")
    in_process.refund(paid, 999, idempotency_key="refund")
    in_process.gateway.find_refund(gateway_id=paid.gateway_id, reference=REFERENCE)
    assert transport.sent["POST payment_intents"] <= fields(PaymentIntentCreateParams)
    assert transport.sent["POST cancel"] <= fields(PaymentIntentCancelParams)
    assert transport.sent["POST refunds"] <= fields(RefundCreateParams)
    assert transport.sent["GET refunds"] <= fields(RefundListParams)


def question(untaxed: Untaxed = Untaxed.REVERSE_CHARGE) -> TaxQuestion:
    """With everything that can be said."""
    return TaxQuestion(
        currency="EUR",
        included=False,
        items=(TaxedItem("coat", Money(10000, "EUR"), "standard"), TaxedItem("water", Money(100, "EUR"), "zero")),
        shipping=Money(490, "EUR"),
        shipping_is_taxed=True,
        country="FR",
        region="75",
        postal_code="75001",
        city="Paris",
        street="1 rue de Rivoli",
        origin_country="DE",
        vat_id="FR40303265045",
        untaxed=untaxed,
        at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
    )


class Remembering(SandboxTransport):
    """Requests and answers of the tax calculations."""

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **options: Any) -> Any:
        answer = super().request(method, url, headers, post_data, **options)
        self.seen.append((forms.parse(post_data or urlsplit(url).query), json.loads(answer[0])))
        return answer


@pytest.fixture
def calculations(in_process: Door) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    transport = Remembering(in_process.machine, now=in_process.clock)
    transport.seen = []
    taxes = StripeTaxes(secret_key=SECRET_KEY, sandbox_url="http://localhost:8002", transport=transport)
    for untaxed in Untaxed:
        taxes.calculate_tax(question=question(untaxed))
    return transport.seen


def test_every_field_of_a_tax_calculation_exists_at_stripe(calculations: list[Any]) -> None:
    made = [answer for _, answer in calculations if answer["object"] == "tax.calculation"]
    assert len(made) == len(Untaxed)
    for calculation in made:
        assert set(calculation) <= fields(Calculation)
        customer = calculation["customer_details"]
        assert set(customer) <= fields(Calculation.CustomerDetails)
        assert set(customer["address"]) <= fields(Calculation.CustomerDetails.Address)
        assert set(customer["tax_ids"][0]) <= fields(Calculation.CustomerDetails.TaxId)
        assert set(calculation["ship_from_details"]["address"]) <= fields(Calculation.ShipFromDetails.Address)
        assert set(calculation["shipping_cost"]) <= fields(Calculation.ShippingCost)
        assert_breakdown(calculation["shipping_cost"], Calculation.ShippingCost)
        for row in calculation["tax_breakdown"]:
            assert set(row) <= fields(Calculation.TaxBreakdown)
            assert set(row["tax_rate_details"]) <= fields(Calculation.TaxBreakdown.TaxRateDetails)


def test_every_field_of_its_lines_exists_at_stripe(calculations: list[Any]) -> None:
    listed = [answer for _, answer in calculations if answer["object"] == "list"]
    assert len(listed) == len(Untaxed)
    for item in (item for page in listed for item in page["data"]):
        assert set(item) <= fields(CalculationLineItem)
        assert_breakdown(item, CalculationLineItem)


def assert_breakdown(part: dict[str, Any], shape: Any) -> None:
    reasons = str(shape.TaxBreakdown.__annotations__["taxability_reason"])
    for row in part["tax_breakdown"]:
        assert set(row) <= fields(shape.TaxBreakdown)
        assert set(row["jurisdiction"]) <= fields(shape.TaxBreakdown.Jurisdiction)
        assert set(row["tax_rate_details"]) <= fields(shape.TaxBreakdown.TaxRateDetails)
        assert f"'{row['taxability_reason']}'" in reasons.replace('"', "'")


def test_every_parameter_of_a_tax_calculation_exists_at_stripe(calculations: list[Any]) -> None:
    made = [sent for sent, answer in calculations if answer["object"] == "tax.calculation"]
    listed = [sent for sent, answer in calculations if answer["object"] == "list"]
    for sent in made:
        customer = sent["customer_details"]
        assert set(sent) <= fields(CalculationCreateParams)
        assert set(customer) <= fields(tax_params.CalculationCreateParamsCustomerDetails)
        assert set(customer["address"]) <= fields(tax_params.CalculationCreateParamsCustomerDetailsAddress)
        assert set(customer["tax_ids"]["0"]) <= fields(tax_params.CalculationCreateParamsCustomerDetailsTaxId)
        assert set(sent["line_items"]["0"]) <= fields(tax_params.CalculationCreateParamsLineItem)
        assert set(sent["shipping_cost"]) <= fields(tax_params.CalculationCreateParamsShippingCost)
        assert set(sent["ship_from_details"]) <= fields(tax_params.CalculationCreateParamsShipFromDetails)
    assert all(set(sent) <= fields(CalculationLineItemListParams) for sent in listed)
    overrides = {sent["customer_details"].get("taxability_override") for sent in made}
    assert overrides == {None, "customer_exempt", "reverse_charge"}
    known = str(tax_params.CalculationCreateParamsCustomerDetails.__annotations__["taxability_override"])
    assert all(f"'{override}'" in known for override in overrides - {None})
