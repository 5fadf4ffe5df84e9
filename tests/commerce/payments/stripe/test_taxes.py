"""The sandbox's tax calculations, the same through both of its doors."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from django.core.exceptions import ImproperlyConfigured

from commerce.kit.money import Money
from commerce.payments.stripe.sandbox.transport import SandboxTransport
from commerce.payments.stripe.taxes import StripeTaxes
from commerce.payments.tax_gateways import TaxGateway, TaxServiceRefused, TaxServiceUnavailable
from tests.commerce.payments.stripe.doors import PUBLISHABLE_KEY, SECRET_KEY, Door
from tests.commerce.payments.stripe.test_adapter import Broken, Canned
from tests.commerce.payments.stripe.test_drift import question


def sale(**changes: str) -> dict[str, str]:
    return {
        "currency": "eur",
        "line_items[0][amount]": "10000",
        "line_items[0][reference]": "coat",
        "customer_details[address][country]": "DE",
    } | changes


def calculate(door: Door, **changes: str) -> Any:
    return door.send("POST", "/v1/tax/calculations", sale(**changes))


def test_tax_comes_on_top_of_an_exclusive_amount(door: Door) -> None:
    body = calculate(door, **{"shipping_cost[amount]": "500"}).body
    assert (body["tax_amount_exclusive"], body["tax_amount_inclusive"], body["amount_total"]) == (1995, 0, 12495)
    assert body["shipping_cost"]["amount_tax"] == 95


def test_tax_is_within_an_inclusive_amount(door: Door) -> None:
    changes = {"line_items[0][amount]": "11900", "line_items[0][tax_behavior]": "inclusive"}
    body = calculate(door, **changes).body
    assert (body["tax_amount_exclusive"], body["tax_amount_inclusive"], body["amount_total"]) == (0, 1900, 11900)
    listed = door.send("GET", f"/v1/tax/calculations/{body['id']}/line_items").body
    (item,) = listed["data"]
    assert (item["reference"], item["amount_tax"], listed["has_more"]) == ("coat", 1900, False)


@pytest.mark.parametrize(
    ("changes", "tax", "reason"),
    [
        ({}, 1900, "standard_rated"),
        ({"line_items[0][tax_code]": "txcd_35010000"}, 700, "reduced_rated"),
        ({"line_items[0][tax_code]": "txcd_00000000"}, 0, "not_subject_to_tax"),
        ({"customer_details[address][country]": "BR"}, 0, "not_collecting"),
        ({"customer_details[taxability_override]": "customer_exempt"}, 0, "customer_exempt"),
        (
            {
                "customer_details[tax_ids][0][type]": "eu_vat",
                "customer_details[tax_ids][0][value]": "DE136695976",
                "ship_from_details[address][country]": "FR",
            },
            0,
            "reverse_charge",
        ),
        (
            {
                "customer_details[tax_ids][0][type]": "eu_vat",
                "customer_details[tax_ids][0][value]": "DE136695976",
                "ship_from_details[address][country]": "DE",
            },
            1900,
            "standard_rated",
        ),
    ],
    ids=["goods", "books", "nontaxable", "not registered there", "exempt", "a business abroad", "a business at home"],
)
def test_the_reason_for_the_tax_is_told(in_process: Door, changes: dict[str, str], tax: int, reason: str) -> None:
    body = calculate(in_process, **changes).body
    assert (body["tax_amount_exclusive"], body["tax_breakdown"][0]["taxability_reason"]) == (tax, reason)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"line_items[0][amount]": "-1"}, None),
        ({"line_items[0][amount]": "1.5"}, None),
        ({"line_items[0][tax_behavior]": "perhaps"}, None),
        ({"line_items[0][tax_code]": "txcd_1"}, "resource_missing"),
        ({"line_items[0][colour]": "red"}, "parameter_unknown"),
        ({"line_items[1][amount]": "1", "line_items[1][reference]": "coat"}, None),
        ({"customer_details[address][country]": ""}, "customer_tax_location_invalid"),
        ({"customer_details[taxability_override]": "perhaps"}, None),
        ({"colour": "red"}, "parameter_unknown"),
    ],
)
def test_what_stripe_would_refuse_is_refused(in_process: Door, changes: dict[str, str], code: str | None) -> None:
    reply = calculate(in_process, **changes)
    assert (reply.status, reply.body["error"].get("code")) == (400 if code != "resource_missing" else 404, code)


def test_a_shopper_may_not_calculate(in_process: Door) -> None:
    assert in_process.send("POST", "/v1/tax/calculations", sale(), key=PUBLISHABLE_KEY).status == 401


def test_the_lines_of_no_calculation_are_not_found(in_process: Door) -> None:
    assert in_process.send("GET", "/v1/tax/calculations/taxcalc_x/line_items").status == 404


def taxes(transport: stripe.HTTPClient, **options: str) -> StripeTaxes:
    defaults = {"secret_key": SECRET_KEY, "sandbox_url": "http://localhost:8002"}
    return StripeTaxes(transport=transport, **defaults | options)


def test_stripe_taxes_fit_the_protocol_and_refuse_a_live_key_with_the_sandbox(in_process: Door) -> None:
    fits: TaxGateway = taxes(Canned(200, "{}"))
    assert isinstance(fits, StripeTaxes)
    with pytest.raises(ImproperlyConfigured, match="STRIPE_SECRET_KEY"):
        taxes(Canned(200, "{}"), secret_key="sk_live_x")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, "{}"),
        (503, "busy"),
        (401, '{"error": {"message": "no"}}'),
        (403, '{"error": {"message": "no"}}'),
        (409, '{"error": {"message": "no"}}'),
        (429, '{"error": {"message": "slow down"}}'),
        (200, "<html>"),
        (200, "{}"),
        (200, '{"id": "taxcalc_1", "object": "tax.calculation", "currency": "eur"}'),
    ],
)
def test_what_says_nothing_of_the_tax_may_be_asked_again(status: int, body: str) -> None:
    with pytest.raises(TaxServiceUnavailable) as refusal:
        taxes(Canned(status, body)).calculate_tax(question=question())
    assert refusal.value.may_be_repeated


def test_a_broken_connection_may_be_tried_again() -> None:
    with pytest.raises(TaxServiceUnavailable):
        taxes(Broken(200, "")).calculate_tax(question=question())


def test_a_refusal_names_its_code_and_none_of_stripes_words() -> None:
    body = '{"error": {"type": "invalid_request_error", "code": "tax_id_invalid", "message": "key sk_test_secret"}}'
    with pytest.raises(TaxServiceRefused) as refusal:
        taxes(Canned(400, body)).calculate_tax(question=question())
    assert refusal.value.facts == {"gateway_code": "tax_id_invalid"}
    assert "sk_test" not in refusal.value.detail


def test_the_reply_has_the_tax_and_percent_of_each_part(in_process: Door) -> None:
    found = taxes(SandboxTransport(in_process.machine, now=in_process.clock)).calculate_tax(question=question())
    assert {key: (part.tax, part.percent) for key, part in found.items.items()} == {
        "coat": (Money(0, "EUR"), 0),
        "water": (Money(0, "EUR"), 0),
    }
    assert found.shipping.tax == Money(0, "EUR")
