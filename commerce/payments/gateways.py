"""What a payment gateway must be able to do, in the shop's own words.

Every call may cross the network: none is made inside a database transaction or under a lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money


class GatewayUnavailable(DomainError):
    """The gateway did not answer, or asked to come back later. The effect is unknown: ask again with the same key."""

    code = "payment_gateway_unavailable"
    title = "The payment service is not answering"
    kind = ErrorKind.UNAVAILABLE
    may_be_repeated = True


class GatewayFailed(GatewayUnavailable):
    """The gateway answered with an error of its own (5xx): what it did is unknown, and this key will say so again.

    Source: docs.stripe.com/api/idempotent_requests; the first answer is replayed for a day, a 500 too.
    """


class GatewayRefused(DomainError):
    """The gateway understood and said no; asking again with the same key says no again."""

    code = "payment_gateway_refused"
    title = "The payment service refused the request"
    kind = ErrorKind.CONFLICT


class ForgedWebhook(DomainError):
    """The signature, its age, or the body's form is not the gateway's."""

    code = "webhook_not_verified"
    title = "The webhook could not be verified"
    kind = ErrorKind.INVALID


class IntentStatus(StrEnum):
    AWAITING_SHOPPER = "awaiting_shopper"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Intent:
    """The gateway's record of one payment, as it stands there now."""

    gateway_id: str
    reference: UUID | None
    """The payment's id as we sent it; None when the gateway holds none or one that is not ours."""
    status: IntentStatus
    amount: Money
    captured: Money
    client_secret: str
    decline_code: str = ""


class RefundStatus(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class GatewayRefund:
    gateway_id: str
    status: RefundStatus
    amount: Money


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """A verified webhook. It is a hint only: whoever handles it fetches the intent and believes that."""

    event_id: str
    type: str
    intent_id: str
    """Empty when the event is about something other than a payment."""
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BrowserConfig:
    """What a storefront needs to show the gateway's own payment form."""

    publishable_key: str
    script_url: str


class PaymentGateway(Protocol):
    """All methods raise `GatewayUnavailable` or `GatewayRefused`."""

    def open_intent(self, *, amount: Money, reference: UUID, idempotency_key: str) -> Intent: ...

    def fetch_intent(self, *, gateway_id: str) -> Intent: ...

    def cancel_intent(self, *, gateway_id: str) -> Intent:
        """Cancel, or return the intent as it is when it can no longer be cancelled. Safe to repeat without a key."""
        ...

    def refund(self, *, gateway_id: str, reference: UUID, amount: Money, idempotency_key: str) -> GatewayRefund:
        """Give money back; `reference` is the refund's id with us, by which it can be found again."""
        ...

    def find_refund(self, *, gateway_id: str, reference: UUID) -> GatewayRefund | None:
        """The intent's refund that carries our reference, as it stands now; None if the gateway has made none."""
        ...

    def read_webhook(self, *, body: bytes, signature: str, at: datetime) -> GatewayEvent:
        """Verify and parse. Raises `ForgedWebhook`."""
        ...

    def browser_config(self) -> BrowserConfig: ...


@lru_cache(maxsize=1)
def payment_gateway() -> PaymentGateway:
    """The gateway that the setting `PAYMENT_GATEWAY` names."""
    gateway: PaymentGateway = import_string(settings.PAYMENT_GATEWAY)()
    return gateway
