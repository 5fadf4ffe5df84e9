"""The sandbox and the adapter held against the types that the stripe package ships.

This proves that no field is invented. It does not prove that Stripe behaves the same.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from operator import attrgetter
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
from commerce.payments.stripe.sandbox import forms, routes
from commerce.payments.stripe.sandbox.refunds import SECONDS_PENDING
from commerce.payments.stripe.sandbox.transport import SandboxTransport
from commerce.payments.stripe.taxes import StripeTaxes
from commerce.payments.tax_gateways import TaxedItem, TaxQuestion, Untaxed
from tests.commerce.payments.stripe.doors import REFERENCE, SECRET_KEY, Door, gateway


def fields(shape: type) -> set[str]:
    return {name for name in shape.__annotations__ if not name.startswith("_") and name != "OBJECT_NAME"}


def literals(shape: Any, field: str) -> set[str]:
    """The words that a field may say."""
    return set(str(shape.__annotations__[field]).replace('"', "'").split("'")[1::2])


SHAPES: dict[str, Any] = {
    "charge": stripe.Charge,
    "customer": stripe.Customer,
    "customer_session": stripe.CustomerSession,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "refund": stripe.Refund,
    "setup_intent": stripe.SetupIntent,
    "webhook_endpoint": stripe.WebhookEndpoint,
}


class Story:
    """Brings every kind of object to every state that the sandbox knows, and keeps each answer."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.seen: dict[str, list[dict[str, Any]]] = {}
        self.owner = self.post("customers", email="reader@example.org", **{"address[country]": "DE"})["id"]

    def post(self, path: str, **params: str) -> dict[str, Any]:
        return self.ask("POST", f"/v1/{path}", params)

    def ask(self, method: str, path: str, params: dict[str, str] | None = None) -> dict[str, Any]:
        body = self.door.send(method, path, params).body
        self.keep(body)
        return body

    def keep(self, body: dict[str, Any]) -> None:
        if body.get("object") in SHAPES:
            self.seen.setdefault(body["object"], []).append(body)

    def pay(self, card: str, **params: str) -> dict[str, Any]:
        opened = self.post("payment_intents", amount="2000", currency="eur", customer=self.owner, **params)
        return self.post(f"payment_intents/{opened['id']}/confirm", payment_method=card)

    def tell(self) -> None:
        self.about_payments()
        self.about_saved_cards()
        self.about_disputes()
        self.post("webhook_endpoints", url="https://shop.example/", **{"enabled_events[]": "*"})
        for page in ("charges", "refunds", "disputes", "payment_intents", "setup_intents"):
            for document in self.ask("GET", f"/v1/{page}", {"limit": "100"})["data"]:
                self.keep(document)
        for document in self.ask("GET", "/v1/events", {"limit": "100"})["data"]:
            self.keep(document)
            self.keep(document["data"]["object"])

    def about_payments(self) -> None:
        self.post("payment_intents", amount="2000", currency="eur", payment_method="pm_card_visa")
        self.pay("pm_card_visa_chargeDeclined")
        asking = self.pay("pm_card_authenticationRequired")
        answer = {"client_secret": asking["client_secret"], "outcome": "failed"}
        self.ask("POST", f"/_sandbox/authentications/{asking['id']}", answer)
        self.post(f"payment_intents/{asking['id']}/cancel", cancellation_reason="abandoned")
        captured, released, expired = (self.pay("pm_card_visa", capture_method="manual") for _ in range(3))
        self.post(f"payment_intents/{captured['id']}/capture", amount_to_capture="1500")
        self.post(f"payment_intents/{released['id']}/cancel")
        self.ask("POST", f"/_sandbox/payment_intents/{expired['id']}/expire")
        for card in ("pm_card_visa", "pm_card_pendingRefund", "pm_card_refundFail"):
            self.post("refunds", payment_intent=self.pay(card)["id"], amount="999", reason="duplicate")
        self.door.clock.advance(seconds=SECONDS_PENDING)

    def about_saved_cards(self) -> None:
        self.pay("pm_card_visa", setup_future_usage="off_session")
        card = self.post("payment_methods/pm_card_visa/attach", customer=self.owner)["id"]
        self.post(f"payment_methods/{card}", allow_redisplay="always", **{"card[exp_year]": "2040"})
        element = "components[payment_element]"
        params = {f"{element}[enabled]": "true", f"{element}[features][payment_method_save]": "enabled"}
        self.post("customer_sessions", customer=self.owner, **params)
        self.post(f"payment_methods/{card}/detach")
        for kit in ("pm_card_visa", "pm_card_visa_chargeDeclined", "pm_card_authenticationRequired"):
            setup = self.post("setup_intents", customer=self.owner)
            self.post(f"setup_intents/{setup['id']}/confirm", payment_method=kit)
            self.post(f"setup_intents/{setup['id']}/cancel")
        self.post(f"customers/{self.owner}", name="A Reader", **{"shipping[name]": "A Reader"})
        gone = self.post("customers")["id"]
        self.ask("DELETE", f"/v1/customers/{gone}")

    def about_disputes(self) -> None:
        for card, evidence in (
            ("pm_card_createDispute", "winning_evidence"),
            ("pm_card_createDisputeProductNotReceived", "losing_evidence"),
            ("pm_card_createDisputeInquiry", "enough"),
        ):
            intent = self.pay(card)["id"]
            (dispute,) = self.ask("GET", "/v1/disputes", {"payment_intent": intent})["data"]
            self.post(f"disputes/{dispute['id']}", **{"evidence[uncategorized_text]": evidence})
            self.post(f"disputes/{dispute['id']}/close")


@pytest.fixture
def documents(in_process: Door) -> dict[str, list[dict[str, Any]]]:
    story = Story(in_process)
    story.tell()
    return story.seen


def test_every_field_that_the_sandbox_shows_exists_at_stripe(documents: dict[str, list[dict[str, Any]]]) -> None:
    assert set(documents) == set(SHAPES)
    for kind, shape in SHAPES.items():
        for document in documents[kind]:
            assert set(document) <= fields(shape), kind


def test_nested_fields_exist_at_stripe_too(documents: dict[str, list[dict[str, Any]]]) -> None:
    for intent in documents["payment_intent"]:
        error = intent["last_payment_error"] or {}
        assert set(error) <= fields(stripe.PaymentIntent.LastPaymentError)
        assert set(error.get("payment_method") or {}) <= fields(stripe.PaymentMethod)
        assert set((error.get("payment_method") or {}).get("card", {})) <= fields(stripe.PaymentMethod.Card)
        assert set(intent["next_action"] or {}) <= fields(stripe.PaymentIntent.NextAction)
    for setup in documents["setup_intent"]:
        assert set(setup["last_setup_error"] or {}) <= fields(stripe.SetupIntent.LastSetupError)
        assert set(setup["next_action"] or {}) <= fields(stripe.SetupIntent.NextAction)
    for charge in documents["charge"]:
        assert set(charge["payment_method_details"]["card"]) <= fields(stripe.Charge.PaymentMethodDetails.Card)
        assert set(charge["outcome"]) <= fields(stripe.Charge.Outcome)
    for method in documents["payment_method"]:
        assert set(method["card"]) <= fields(stripe.PaymentMethod.Card)
        assert set(method["billing_details"]) <= fields(stripe.PaymentMethod.BillingDetails)
    for dispute in documents["dispute"]:
        assert set(dispute["evidence"]) <= fields(stripe.Dispute.Evidence)
        assert set(dispute["evidence_details"]) <= fields(stripe.Dispute.EvidenceDetails)
        assert set(dispute["payment_method_details"]) <= fields(stripe.Dispute.PaymentMethodDetails)
        assert set(dispute["payment_method_details"]["card"]) <= fields(stripe.Dispute.PaymentMethodDetails.Card)
    for customer in documents["customer"]:
        assert set(customer.get("invoice_settings") or {}) <= fields(stripe.Customer.InvoiceSettings)
        assert set(customer.get("address") or {}) <= fields(stripe.Customer.Address)
    for session in documents["customer_session"]:
        components = session["components"]
        assert set(components) <= fields(stripe.CustomerSession.Components)
        element = stripe.CustomerSession.Components.PaymentElement
        assert set(components["payment_element"]) <= fields(element)
        assert set(components["payment_element"]["features"]) <= fields(element.Features)


@pytest.mark.parametrize(
    ("kind", "field", "least"),
    [
        ("payment_intent", "status", 6),
        ("payment_intent", "cancellation_reason", 2),
        ("payment_intent", "capture_method", 2),
        ("setup_intent", "status", 4),
        ("dispute", "status", 7),
        ("charge", "status", 2),
        ("event", "type", 31),
        ("payment_method", "allow_redisplay", 2),
    ],
)
def test_every_word_that_a_field_says_exists_at_stripe(
    documents: dict[str, list[dict[str, Any]]], kind: str, field: str, least: int
) -> None:
    said = {document[field] for document in documents[kind] if document.get(field)}
    assert said <= literals(SHAPES[kind], field)
    assert len(said) >= least, said


def test_every_field_of_an_error_exists_at_stripe(in_process: Door) -> None:
    error = in_process.confirm(in_process.open(), "4000000000000002").body["error"]
    assert set(error) <= fields(stripe.ErrorObject)


# What only a browser sends, which the stripe package does not type.
FROM_BROWSERS = {"client_secret"}
PARAMETERS = {
    "POST /v1/payment_intents": "PaymentIntentCreateParams",
    "GET /v1/payment_intents": "PaymentIntentListParams",
    "POST /v1/payment_intents/{id}": "PaymentIntentModifyParams",
    "GET /v1/payment_intents/{id}": "PaymentIntentRetrieveParams",
    "POST /v1/payment_intents/{id}/confirm": "PaymentIntentConfirmParams",
    "POST /v1/payment_intents/{id}/cancel": "PaymentIntentCancelParams",
    "POST /v1/payment_intents/{id}/capture": "PaymentIntentCaptureParams",
    "POST /v1/refunds": "RefundCreateParams",
    "GET /v1/refunds": "RefundListParams",
    "GET /v1/refunds/{id}": "RefundRetrieveParams",
    "POST /v1/refunds/{id}": "RefundModifyParams",
    "GET /v1/charges": "ChargeListParams",
    "GET /v1/charges/{id}": "ChargeRetrieveParams",
    "GET /v1/disputes": "DisputeListParams",
    "GET /v1/disputes/{id}": "DisputeRetrieveParams",
    "POST /v1/disputes/{id}": "DisputeModifyParams",
    "POST /v1/disputes/{id}/close": "DisputeCloseParams",
    "POST /v1/customers": "CustomerCreateParams",
    "GET /v1/customers": "CustomerListParams",
    "GET /v1/customers/{id}": "CustomerRetrieveParams",
    "POST /v1/customers/{id}": "CustomerModifyParams",
    "DELETE /v1/customers/{id}": "CustomerDeleteParams",
    "GET /v1/customers/{id}/payment_methods": "CustomerListPaymentMethodsParams",
    "GET /v1/customers/{id}/payment_methods/{id}": "CustomerRetrievePaymentMethodParams",
    "POST /v1/payment_methods": "PaymentMethodCreateParams",
    "GET /v1/payment_methods": "PaymentMethodListParams",
    "GET /v1/payment_methods/{id}": "PaymentMethodRetrieveParams",
    "POST /v1/payment_methods/{id}": "PaymentMethodModifyParams",
    "POST /v1/payment_methods/{id}/attach": "PaymentMethodAttachParams",
    "POST /v1/payment_methods/{id}/detach": "PaymentMethodDetachParams",
    "POST /v1/customer_sessions": "CustomerSessionCreateParams",
    "POST /v1/setup_intents": "SetupIntentCreateParams",
    "GET /v1/setup_intents": "SetupIntentListParams",
    "GET /v1/setup_intents/{id}": "SetupIntentRetrieveParams",
    "POST /v1/setup_intents/{id}/confirm": "SetupIntentConfirmParams",
    "POST /v1/setup_intents/{id}/cancel": "SetupIntentCancelParams",
    "POST /v1/tax/calculations": "tax.CalculationCreateParams",
    "GET /v1/tax/calculations/{id}/line_items": "tax.CalculationListLineItemsParams",
    "POST /v1/webhook_endpoints": "WebhookEndpointCreateParams",
    "GET /v1/webhook_endpoints": "WebhookEndpointListParams",
    "GET /v1/webhook_endpoints/{id}": "WebhookEndpointRetrieveParams",
    "POST /v1/webhook_endpoints/{id}": "WebhookEndpointModifyParams",
    "DELETE /v1/webhook_endpoints/{id}": "WebhookEndpointDeleteParams",
    "GET /v1/events": "EventListParams",
    "GET /v1/events/{id}": "EventRetrieveParams",
}


def test_every_parameter_that_the_sandbox_takes_exists_at_stripe() -> None:
    public = {route.address: route.params for route in routes.ALL if "/v1/" in route.address}
    assert set(public) == set(PARAMETERS)
    shapes = {address: attrgetter(name)(stripe.params) for address, name in PARAMETERS.items()}
    invented = {address: params - fields(shapes[address]) - FROM_BROWSERS for address, params in public.items()}
    assert {address: params for address, params in invented.items() if params} == {}


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
