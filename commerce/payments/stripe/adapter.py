"""Stripe as a payment gateway. Without an account the same code talks to the sandbox.

Timeouts, retries and the API version are set explicitly: a `StripeClient` retries nothing by default and
waits 80 seconds. Every call that moves money or may make a thing twice carries the caller's own, stored
idempotency key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import stripe
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from commerce.kit.money import Money
from commerce.payments.gateways import (
    BrowserConfig,
    GatewayEvent,
    GatewayFailed,
    GatewayRefund,
    GatewayRefused,
    GatewayUnavailable,
    Intent,
    IntentStatus,
    RefundStatus,
)
from commerce.payments.stripe import amounts, webhooks

API_VERSION = "2026-10-28.endive"
MAX_NETWORK_RETRIES = 2
TIMEOUT_SECONDS = 10
STRIPE_SCRIPT_URL = "https://js.stripe.com/v3/"
# A wrong key (401), a key without the right (403) and a key in flight (409) say nothing of the payment itself:
# once they are put right the same request goes through.
NOT_ABOUT_THE_REQUEST = frozenset({401, 403, 409})
_LIVE_KEYS = ("sk_live_", "rk_live_", "pk_live_")

_INTENT_STATUSES = {
    "requires_payment_method": IntentStatus.AWAITING_SHOPPER,
    "requires_confirmation": IntentStatus.AWAITING_SHOPPER,
    "requires_action": IntentStatus.AWAITING_SHOPPER,
    "processing": IntentStatus.PROCESSING,
    "requires_capture": IntentStatus.PROCESSING,
    "succeeded": IntentStatus.SUCCEEDED,
    "canceled": IntentStatus.CANCELLED,
}
_REFUND_STATUSES = {
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}


class StripeGateway:
    """`PaymentGateway` over Stripe's API. A `transport` replaces the network; tests pass the sandbox's."""

    def __init__(
        self,
        *,
        secret_key: str | None = None,
        publishable_key: str | None = None,
        webhook_secret: str | None = None,
        sandbox_url: str | None = None,
        transport: stripe.HTTPClient | None = None,
    ) -> None:
        secret_key = settings.STRIPE_SECRET_KEY if secret_key is None else secret_key
        self._publishable_key = settings.STRIPE_PUBLISHABLE_KEY if publishable_key is None else publishable_key
        webhook_secret = settings.STRIPE_WEBHOOK_SECRET if webhook_secret is None else webhook_secret
        self._webhook_secrets = [secret.strip() for secret in webhook_secret.split(",") if secret.strip()]
        self._sandbox_url = (settings.STRIPE_SANDBOX_URL if sandbox_url is None else sandbox_url).rstrip("/")
        self._livemode = secret_key.startswith(_LIVE_KEYS)
        _require_key("STRIPE_PUBLISHABLE_KEY", self._publishable_key, self._sandbox_url)
        self._client = connect(secret_key=secret_key, sandbox_url=self._sandbox_url, transport=transport)

    def open_intent(self, *, amount: Money, reference: UUID, idempotency_key: str) -> Intent:
        with _stripe_errors():
            return _intent(
                self._client.v1.payment_intents.create(
                    {
                        "amount": amounts.to_stripe(amount),
                        "currency": amount.currency.lower(),
                        "automatic_payment_methods": {"enabled": True},
                        "metadata": {"payment": str(reference)},
                    },
                    {"idempotency_key": idempotency_key},
                )
            )

    def fetch_intent(self, *, gateway_id: str) -> Intent:
        with _stripe_errors():
            return _intent(self._client.v1.payment_intents.retrieve(gateway_id))

    def cancel_intent(self, *, gateway_id: str) -> Intent:
        try:
            with _stripe_errors():
                # No stored key: a second cancellation changes nothing, and a kept 500 would be replayed for a day.
                return _intent(self._client.v1.payment_intents.cancel(gateway_id, {"cancellation_reason": "abandoned"}))
        except GatewayRefused as refusal:
            if refusal.facts.get("gateway_code") != "payment_intent_unexpected_state":
                raise
            return self.fetch_intent(gateway_id=gateway_id)

    def refund(self, *, gateway_id: str, reference: UUID, amount: Money, idempotency_key: str) -> GatewayRefund:
        with _stripe_errors():
            return _refund(
                self._client.v1.refunds.create(
                    {
                        "payment_intent": gateway_id,
                        "amount": amounts.to_stripe(amount),
                        "metadata": {"refund": str(reference)},
                    },
                    {"idempotency_key": idempotency_key},
                )
            )

    def find_refund(self, *, gateway_id: str, reference: UUID) -> GatewayRefund | None:
        with _stripe_errors():
            listed = self._client.v1.refunds.list({"payment_intent": gateway_id, "limit": 100})
            for refund in listed.auto_paging_iter():
                if _reference(refund.to_dict(), "refund") == reference:
                    return _refund(refund)
        return None

    def read_webhook(self, *, body: bytes, signature: str, at: datetime) -> GatewayEvent:
        return webhooks.read(
            body=body, signature=signature, secrets=self._webhook_secrets, livemode=self._livemode, at=at
        )

    def browser_config(self) -> BrowserConfig:
        sandbox_script = f"{self._sandbox_url}/v3/stripe.js"
        return BrowserConfig(
            publishable_key=self._publishable_key,
            script_url=sandbox_script if self._sandbox_url else STRIPE_SCRIPT_URL,
        )


def connect(*, secret_key: str, sandbox_url: str, transport: stripe.HTTPClient | None) -> stripe.StripeClient:
    """Stripe's client, its version, timeout and retries set.

    Raises:
        ImproperlyConfigured: the key is missing, or a live one together with the sandbox.
    """
    _require_key("STRIPE_SECRET_KEY", secret_key, sandbox_url)
    return stripe.StripeClient(
        secret_key,
        stripe_version=API_VERSION,
        base_addresses={"api": sandbox_url} if sandbox_url else {},
        max_network_retries=MAX_NETWORK_RETRIES,
        http_client=transport or stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def _require_key(name: str, key: str, sandbox_url: str) -> None:
    if not key:
        raise ImproperlyConfigured(f"{name} is empty")
    if sandbox_url and key.startswith(_LIVE_KEYS):
        raise ImproperlyConfigured(f"{name} is a live key, and STRIPE_SANDBOX_URL is set: the sandbox moves no money")


@contextmanager
def _stripe_errors() -> Iterator[None]:
    """Stripe's errors in the gateway's words: ask again, ask again under another key, or no.

    A reply that cannot be understood says nothing about the effect, so it counts as no answer.
    """
    try:
        yield
    except amounts.AmountNotChargeable as error:
        raise GatewayRefused(str(error), gateway_code="amount_not_chargeable") from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise GatewayUnavailable from error
    except stripe.StripeError as error:
        status = error.http_status
        if status is not None and status >= 500:
            raise GatewayFailed from error
        if status is None or status < 400 or status in NOT_ABOUT_THE_REQUEST:
            raise GatewayUnavailable from error
        raise _refusal(error) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise GatewayUnavailable("The payment service's answer could not be understood.") from error


def _refusal(error: stripe.StripeError) -> GatewayRefused:
    """Only a card's refusal is worded for shoppers; other messages may name keys and ids."""
    details: dict[str, Any] = error.error.to_dict() if error.error else {}
    facts = {"gateway_code": details.get("code") or details.get("type") or ""}
    if details.get("decline_code"):
        facts["decline_code"] = details["decline_code"]
    message = error.user_message if isinstance(error, stripe.CardError) else ""
    return GatewayRefused(message or "", **facts)


def _intent(answer: stripe.PaymentIntent) -> Intent:
    fields: dict[str, Any] = answer.to_dict()
    failure = fields.get("last_payment_error") or {}
    return Intent(
        gateway_id=fields["id"],
        reference=_reference(fields, "payment"),
        status=_INTENT_STATUSES[fields["status"]],
        amount=amounts.from_stripe(fields["amount"], fields["currency"]),
        captured=amounts.from_stripe(fields["amount_received"], fields["currency"]),
        client_secret=fields["client_secret"],
        decline_code=failure.get("decline_code") or failure.get("code") or "",
    )


def _reference(fields: dict[str, Any], name: str) -> UUID | None:
    """Our own id in the object's metadata; others may write there too, or nothing at all."""
    try:
        return UUID(fields["metadata"][name])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _refund(answer: stripe.Refund) -> GatewayRefund:
    fields: dict[str, Any] = answer.to_dict()
    return GatewayRefund(
        gateway_id=fields["id"],
        status=_REFUND_STATUSES[fields["status"]],
        amount=amounts.from_stripe(fields["amount"], fields["currency"]),
    )
