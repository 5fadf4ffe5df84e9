"""Stripe as a payment gateway. Without an account the same code talks to the sandbox.

Timeouts, retries and the API version are set explicitly: a `StripeClient` retries nothing by default and
waits 80 seconds. Every call that moves money or may make a thing twice carries the caller's own, stored
idempotency key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

import stripe
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from commerce.kit.money import Money
from commerce.payments.gateways import (
    BrowserConfig,
    GatewayBusy,
    GatewayDispute,
    GatewayEvent,
    GatewayFailed,
    GatewayRefund,
    GatewayRefused,
    GatewayUnavailable,
    Intent,
    IntentStatus,
    Page,
    RefundStatus,
    SavedCard,
)
from commerce.payments.states import DisputeState
from commerce.payments.stripe import amounts, webhooks
from commerce.payments.stripe.events import NEWS, event_from

T = TypeVar("T")

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
    "requires_capture": IntentStatus.AUTHORISED,
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
# Of an inquiry no money is taken, and a dispute that was prevented never was one.
_DISPUTE_STATUSES = {
    "warning_needs_response": DisputeState.NEEDS_RESPONSE,
    "warning_under_review": DisputeState.UNDER_REVIEW,
    "warning_closed": DisputeState.WON,
    "needs_response": DisputeState.NEEDS_RESPONSE,
    "under_review": DisputeState.UNDER_REVIEW,
    "won": DisputeState.WON,
    "prevented": DisputeState.WON,
    "lost": DisputeState.LOST,
}
_MOST_AT_ONCE = 100
_WITH_CHARGE = {"expand": ["latest_charge"]}


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

    def open_intent(
        self,
        *,
        amount: Money,
        reference: UUID,
        idempotency_key: str,
        captures_later: bool = False,
        customer: str = "",
        saves_card: bool = False,
        receipt_email: str = "",
    ) -> Intent:
        with _stripe_errors():
            params: Any = {
                "amount": amounts.to_stripe(amount),
                "currency": amount.currency.lower(),
                "automatic_payment_methods": {"enabled": True},
                "metadata": {"payment": str(reference), "shop": settings.SHOP_ID},
            }
            if captures_later:
                params["capture_method"] = "manual"
            if customer:
                params["customer"] = customer
            if customer and saves_card:
                params["setup_future_usage"] = "off_session"
            if receipt_email:
                params["receipt_email"] = receipt_email
            return _intent(self._client.v1.payment_intents.create(params, {"idempotency_key": idempotency_key}))

    def fetch_intent(self, *, gateway_id: str) -> Intent:
        with _stripe_errors():
            return _intent(self._client.v1.payment_intents.retrieve(gateway_id, _params(_WITH_CHARGE)))

    def capture_intent(self, *, gateway_id: str, amount: Money, idempotency_key: str) -> Intent:
        with _stripe_errors():
            params = _params({"amount_to_capture": amounts.to_stripe(amount)} | _WITH_CHARGE)
            options: Any = {"idempotency_key": idempotency_key}
            return _intent(self._client.v1.payment_intents.capture(gateway_id, params, options))

    def cancel_intent(self, *, gateway_id: str) -> Intent:
        try:
            with _stripe_errors():
                # No stored key: a second cancellation changes nothing, and a kept 500 would be replayed for a day.
                return _intent(self._client.v1.payment_intents.cancel(gateway_id, {"cancellation_reason": "abandoned"}))
        except GatewayRefused as refusal:
            if refusal.facts.get("gateway_code") != "payment_intent_unexpected_state":
                raise
            return self.fetch_intent(gateway_id=gateway_id)

    def list_intents(self, *, since: datetime, after: str = "") -> Page[Intent]:
        with _stripe_errors():
            listed = self._client.v1.payment_intents.list(_page_params(since, after))
            return _page(listed, [_intent(intent) for intent in listed.data])

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

    def find_refund(self, *, gateway_id: str, reference: UUID, besides: Collection[str] = ()) -> GatewayRefund | None:
        for refund in self.list_refunds(gateway_id=gateway_id):
            if refund.reference == reference and refund.gateway_id not in besides:
                return refund
        return None

    def list_refunds(self, *, gateway_id: str) -> list[GatewayRefund]:
        with _stripe_errors():
            listed = self._client.v1.refunds.list({"payment_intent": gateway_id, "limit": _MOST_AT_ONCE})
            return [_refund(refund) for refund in listed.auto_paging_iter()]

    def fetch_refund(self, *, refund_id: str) -> GatewayRefund:
        with _stripe_errors():
            return _refund(self._client.v1.refunds.retrieve(refund_id))

    def fetch_dispute(self, *, dispute_id: str) -> GatewayDispute:
        with _stripe_errors():
            return _dispute(self._client.v1.disputes.retrieve(dispute_id))

    def list_disputes(self, *, gateway_id: str) -> list[GatewayDispute]:
        with _stripe_errors():
            listed = self._client.v1.disputes.list({"payment_intent": gateway_id, "limit": _MOST_AT_ONCE})
            return [_dispute(dispute) for dispute in listed.auto_paging_iter()]

    def list_events(self, *, since: datetime, after: str = "") -> Page[GatewayEvent]:
        with _stripe_errors():
            listed = self._client.v1.events.list(_page_params(since, after) | {"types": NEWS})
            return _page(listed, [event_from(event.to_dict()) for event in listed.data])

    def create_customer(self, *, email: str, reference: UUID, idempotency_key: str) -> str:
        with _stripe_errors():
            params: Any = {"email": email, "metadata": {"customer": str(reference), "shop": settings.SHOP_ID}}
            return self._client.v1.customers.create(params, {"idempotency_key": idempotency_key}).id

    def list_cards(self, *, customer: str) -> list[SavedCard]:
        with _stripe_errors():
            listed = self._client.v1.customers.payment_methods.list(customer, {"type": "card", "limit": _MOST_AT_ONCE})
            return [_card(method) for method in listed.auto_paging_iter()]

    def forget_card(self, *, card_id: str) -> None:
        with _stripe_errors():
            self._client.v1.payment_methods.detach(card_id)

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
        if status == HTTPStatus.CONFLICT:
            raise GatewayBusy from error
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


def _params(params: dict[str, Any]) -> Any:
    """Stripe's types know each call's parameters by a class of its own."""
    return params


def _page_params(since: datetime, after: str) -> Any:
    params: dict[str, Any] = {"created": {"gte": int(since.timestamp())}, "limit": _MOST_AT_ONCE}
    return params | ({"starting_after": after} if after else {})


def _page(listed: stripe.ListObject[Any], items: list[T]) -> Page[T]:
    return Page(items=items, more_after=listed.data[-1].id if listed.has_more else "")


def _intent(answer: stripe.PaymentIntent) -> Intent:
    fields: dict[str, Any] = answer.to_dict()
    failure = fields.get("last_payment_error") or {}
    charge = fields.get("latest_charge")
    charge = charge if isinstance(charge, dict) else {}
    currency = fields["currency"]
    return Intent(
        gateway_id=fields["id"],
        reference=_reference(fields, "payment"),
        shop=_shop(fields),
        status=_INTENT_STATUSES[fields["status"]],
        amount=amounts.from_stripe(fields["amount"], currency),
        captured=amounts.from_stripe(fields["amount_received"], currency),
        authorised=amounts.from_stripe(fields["amount_capturable"], currency),
        client_secret=fields["client_secret"],
        created_at=_instant(fields["created"]),
        decline_code=failure.get("decline_code") or failure.get("code") or "",
        receipt_url=charge.get("receipt_url") or "",
        capture_before=_capture_before(charge),
    )


def _capture_before(charge: dict[str, Any]) -> datetime | None:
    """Source: docs.stripe.com/payments/place-a-hold-on-a-payment-method; cards alone say it."""
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    return _instant(card["capture_before"]) if card.get("capture_before") else None


def _instant(timestamp: int) -> datetime:
    try:
        return datetime.fromtimestamp(timestamp, tz=UTC)
    except (OSError, OverflowError) as error:
        raise ValueError(f"not a time: {timestamp!r}") from error


def _shop(fields: dict[str, Any]) -> str:
    metadata = fields.get("metadata")
    shop = metadata.get("shop") if isinstance(metadata, dict) else None
    return shop if isinstance(shop, str) else ""


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
        intent_id=fields["payment_intent"] or "",
        reference=_reference(fields, "refund"),
        status=_REFUND_STATUSES[fields["status"]],
        amount=amounts.from_stripe(fields["amount"], fields["currency"]),
    )


def _dispute(answer: stripe.Dispute) -> GatewayDispute:
    fields: dict[str, Any] = answer.to_dict()
    due_by = (fields.get("evidence_details") or {}).get("due_by")
    return GatewayDispute(
        gateway_id=fields["id"],
        intent_id=fields["payment_intent"] or "",
        status=_DISPUTE_STATUSES[fields["status"]],
        amount=amounts.from_stripe(fields["amount"], fields["currency"]),
        reason=fields["reason"],
        holds_money=not fields["status"].startswith("warning_"),
        due_by=_instant(due_by) if due_by else None,
        opened_at=_instant(fields["created"]),
    )


def _card(answer: stripe.PaymentMethod) -> SavedCard:
    fields: dict[str, Any] = answer.to_dict()
    card = fields["card"]
    return SavedCard(
        gateway_id=fields["id"],
        brand=card["brand"],
        last4=card["last4"],
        exp_month=card["exp_month"],
        exp_year=card["exp_year"],
    )
