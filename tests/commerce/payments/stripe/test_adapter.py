"""How the adapter is set up, and what it makes of answers that are not Stripe's best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
import stripe
from django.core.exceptions import ImproperlyConfigured

from commerce.kit.money import Money
from commerce.payments.gateways import GatewayFailed, GatewayRefused, GatewayUnavailable, PaymentGateway
from commerce.payments.stripe.adapter import API_VERSION, StripeGateway
from tests.commerce.payments.stripe.doors import Door, gateway


class Canned(stripe.HTTPClient):
    """Answers every request with the same body, or breaks."""

    name = "canned"

    def __init__(self, status: int, body: str) -> None:
        super().__init__()
        self.status, self.body = status, body
        self.requests: list[tuple[str, str, dict[str, str], Any]] = []

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[str, int, dict[str, str]]:
        self.requests.append((method, url, dict(headers or {}), post_data))
        return self.body, self.status, {}

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0

    def close(self) -> None:
        pass


class Broken(Canned):
    def request(self, *args: Any, **options: Any) -> tuple[str, int, dict[str, str]]:
        super().request(*args, **options)
        raise stripe.APIConnectionError("timed out", should_retry=True)


def test_the_gateway_fits_the_protocol() -> None:
    fits: PaymentGateway = gateway()
    assert isinstance(fits, StripeGateway)


@pytest.mark.parametrize(
    "keys",
    [
        {"secret_key": "sk_live_x"},
        {"secret_key": "rk_live_x"},
        {"publishable_key": "pk_live_x"},
        {"secret_key": ""},
        {"publishable_key": ""},
    ],
)
def test_live_keys_with_a_sandbox_and_missing_keys_stop_the_start(keys: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured):
        gateway(**keys)


def test_live_keys_without_a_sandbox_are_what_production_has() -> None:
    config = gateway(secret_key="sk_live_x", publishable_key="pk_live_x", sandbox_url="").browser_config()
    assert (config.publishable_key, config.script_url) == ("pk_live_x", "https://js.stripe.com/v3/")


def test_browsers_load_the_look_alike_from_the_sandbox() -> None:
    assert gateway().browser_config().script_url == "http://localhost:8002/v3/stripe.js"


def test_settings_are_the_defaults(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = "sk_live_from_settings"
    settings.STRIPE_SANDBOX_URL = "http://localhost:8002"
    with pytest.raises(ImproperlyConfigured, match="STRIPE_SECRET_KEY"):
        StripeGateway()


def test_a_request_carries_our_key_and_the_pinned_version() -> None:
    transport = Canned(500, "{}")
    with pytest.raises(GatewayUnavailable):
        gateway(transport=transport).open_intent(amount=Money(1999, "EUR"), reference=uuid4(), idempotency_key="ours")
    _, url, headers, _ = transport.requests[0]
    assert url == "http://localhost:8002/v1/payment_intents"
    assert (headers["Idempotency-Key"], headers["Stripe-Version"]) == ("ours", API_VERSION)
    assert len(transport.requests) == 3


def test_the_pinned_version_is_the_one_that_the_package_was_made_for() -> None:
    assert stripe.api_version == API_VERSION


def test_without_a_sandbox_requests_go_to_stripe() -> None:
    transport = Canned(500, "{}")
    with pytest.raises(GatewayUnavailable):
        gateway(transport=transport, sandbox_url="").fetch_intent(gateway_id="pi_1")
    assert transport.requests[0][1].startswith("https://api.stripe.com/v1/payment_intents/pi_1?")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, '{"error": {"message": "oops"}}'),
        (503, "<html>"),
        (409, '{"error": {"type": "idempotency_error", "code": "idempotency_key_in_use"}}'),
        (429, '{"error": {"type": "invalid_request_error"}}'),
        (401, '{"error": {"type": "invalid_request_error", "message": "Invalid API Key provided"}}'),
        (403, '{"error": {"type": "invalid_request_error"}}'),
        (200, "<html>"),
        (200, "[]"),
        (200, "{}"),
        (200, '{"id": "pi_1", "status": "surprising", "amount": 1, "amount_received": 0, "currency": "eur"}'),
        (200, '{"id": "pi_1", "status": "succeeded", "amount": 1, "amount_received": 0, "currency": "xyz"}'),
        (400, '{"error": []}'),
    ],
)
def test_an_answer_that_is_late_busy_or_not_understood_says_nothing_about_the_effect(status: int, body: str) -> None:
    with pytest.raises(GatewayUnavailable) as unknown:
        gateway(transport=Canned(status, body)).fetch_intent(gateway_id="pi_1")
    assert isinstance(unknown.value, GatewayFailed) == (status >= 500)


def test_no_connection_is_unavailable() -> None:
    with pytest.raises(GatewayUnavailable):
        gateway(transport=Broken(0, "")).fetch_intent(gateway_id="pi_1")


@pytest.mark.parametrize("status", [400, 402, 404])
def test_a_refusal_carries_stripes_code_and_tells_no_secrets(status: int) -> None:
    body = '{"error": {"type": "invalid_request_error", "code": "some_code", "message": "Invalid: sk_test_abc"}}'
    with pytest.raises(GatewayRefused) as refusal:
        gateway(transport=Canned(status, body)).fetch_intent(gateway_id="pi_1")
    assert refusal.value.facts == {"gateway_code": "some_code"}
    assert "sk_test" not in refusal.value.detail or status == 402


def test_an_intent_of_somebody_else_has_no_reference(in_process: Door) -> None:
    params = {"amount": "500", "currency": "eur", "metadata[payment]": "not-a-uuid"}
    made = in_process.send("POST", "/v1/payment_intents", params).body
    assert in_process.gateway.fetch_intent(gateway_id=made["id"]).reference is None
