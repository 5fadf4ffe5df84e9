"""Whatever is sent to whatever address, the sandbox answers and never breaks."""

from __future__ import annotations

import pytest

from commerce.payments.stripe.sandbox import routes
from commerce.payments.stripe.sandbox.routes import Route
from tests.commerce.payments.stripe.doors import Door

CARD = {"type": "card", "card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2034"}
# What makes a request good but for the one parameter that is not.
GOOD = {
    "POST /v1/payment_intents": {"amount": "500", "currency": "eur"},
    "POST /v1/payment_methods": CARD,
    "POST /v1/webhook_endpoints": {"url": "https://shop.example/", "enabled_events[]": "*"},
    "POST /v1/tax/calculations": {
        "currency": "eur",
        "customer_details[address][country]": "DE",
        "line_items[0][amount]": "100",
    },
    "POST /_sandbox/faults": {"kind": "rate_limit", "match": "nothing"},
}
NONSENSE = ["{}[a]=x", "{}=x", "{}=", "{}[a][b]=x", "{}[]=x", "{}[0][a]=x", "{}=%00%ff%ed%a0%80", "{}=-1", "{}=true"]
INNER = {
    "evidence": ["uncategorized_text", "customer_name"],
    "payment_method_data": ["type", "card", "billing_details", "allow_redisplay"],
    "card": ["number", "exp_month", "exp_year", "cvc"],
    "created": ["gte", "lt"],
    "components": ["payment_element"],
    "customer_details": ["address", "address][country", "tax_ids", "tax_ids][0", "taxability_override"],
    "ship_from_details": ["address", "address][country"],
    "line_items": ["0", "0][amount", "0][quantity", "0][reference", "0][tax_code", "0][tax_behavior"],
    "shipping_cost": ["amount", "tax_code", "tax_behavior"],
}


def targets(door: Door) -> dict[str, list[str]]:
    """Ids that there are, by the first word of the address that takes them."""
    owner = door.send("POST", "/v1/customers").body["id"]
    card = door.send("POST", "/v1/payment_methods/pm_card_visa/attach", {"customer": owner}).body["id"]
    params = {"amount": "2000", "currency": "eur", "confirm": "true", "payment_method": "pm_card_createDispute"}
    paid = door.send("POST", "/v1/payment_intents", params).body
    opened = door.open().gateway_id
    other = door.send("POST", "/v1/payment_intents", params | {"payment_method": "pm_card_visa"}).body["id"]
    endpoint = {"url": "https://shop.example/", "enabled_events[]": "*"}
    return {
        "customers": [owner, card],
        "payment_methods": [card],
        "payment_intents": [opened],
        "charges": [paid["latest_charge"]],
        "receipts": [paid["latest_charge"]],
        "disputes": [door.send("GET", "/v1/disputes").body["data"][0]["id"]],
        "refunds": [door.send("POST", "/v1/refunds", {"payment_intent": other, "amount": "1"}).body["id"]],
        "setup_intents": [door.send("POST", "/v1/setup_intents", {"customer": owner}).body["id"]],
        "authentications": [opened],
        "webhook_endpoints": [door.send("POST", "/v1/webhook_endpoints", endpoint).body["id"]],
        "events": [door.send("GET", "/v1/events").body["data"][0]["id"]],
        "customer_sessions": ["cuss_secret_unknown"],
        "calculations": ["taxcalc_unknown"],
    }


@pytest.mark.parametrize("route", routes.ALL, ids=lambda route: route.address)
def test_no_parameter_breaks_an_address(in_process: Door, route: Route) -> None:
    known = targets(in_process)
    method, path = route.address.split()
    for name in path.split("/"):
        for found in known.get(name, []):
            path = path.replace("{id}", found, 1)
    for name in [*sorted(route.params), "colour"]:
        for target in [name, *(f"{name}[{inner}]" for inner in INNER.get(name, []))]:
            for form in NONSENSE:
                sent = dict([form.format(target).split("=", 1)])
                reply = in_process.send(method, path, GOOD.get(route.address, {}) | sent)
                assert reply.status in {200, 400, 402, 404}, (route.address, sent)
