"""What a payment gateway must be able to do, in the shop's own words, and the guarded way to it.

Every call may cross the network: none is made inside a database transaction or under a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.payments.breaker import CircuitBreaker
from commerce.payments.states import DisputeState

T = TypeVar("T")


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


class GatewayBusy(GatewayUnavailable):
    """The gateway is at work on the very same request already; it is there, so nobody else need wait for it."""


class GatewayRefused(DomainError):
    """The gateway understood and said no; asking again with the same key says no again."""

    code = "payment_gateway_refused"
    title = "The payment service refused the request"
    kind = ErrorKind.CONFLICT

    @property
    def why(self) -> str:
        """With the gateway's own code, for staff."""
        code = self.facts.get("gateway_code")
        return f"{self.detail}: {code}" if code else self.detail


class ForgedWebhook(DomainError):
    """The signature, its age, or the body's form is not the gateway's."""

    code = "webhook_not_verified"
    title = "The webhook could not be verified"
    kind = ErrorKind.INVALID


class IntentStatus(StrEnum):
    AWAITING_SHOPPER = "awaiting_shopper"
    PROCESSING = "processing"
    AUTHORISED = "authorised"
    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Intent:
    """The gateway's record of one payment, as it stands there now."""

    gateway_id: str
    reference: UUID | None
    """The payment's id as we sent it; None when the gateway holds none or one that is not ours."""
    shop: str
    """The shop that opened it, by the setting `SHOP_ID`; several may share one account."""
    status: IntentStatus
    amount: Money
    captured: Money
    authorised: Money
    """What can still be captured."""
    client_secret: str
    created_at: datetime
    decline_code: str = ""
    receipt_url: str = ""
    capture_before: datetime | None = None
    """When an authorisation lapses, if the gateway says so."""


class RefundStatus(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class GatewayRefund:
    gateway_id: str
    intent_id: str
    reference: UUID | None
    """The refund's id with us; None when it did not begin here."""
    status: RefundStatus
    amount: Money


@dataclass(frozen=True, slots=True)
class GatewayDispute:
    gateway_id: str
    intent_id: str
    status: DisputeState
    amount: Money
    reason: str
    holds_money: bool
    """False for a mere inquiry of the bank's."""
    due_by: datetime | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class SavedCard:
    gateway_id: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list that may be long."""

    items: list[T]
    more_after: str
    """Where the next page begins; empty when this is the last one."""


class Topic(StrEnum):
    """What an event is about, as far as it can be news to us."""

    NOTHING = ""
    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """Something the gateway says has happened. It is a hint only: whoever handles it fetches what it is about."""

    event_id: str
    type: str
    topic: Topic
    intent_id: str
    """Empty when the event is about something other than a payment, or does not say which."""
    object_id: str
    created_at: datetime | None
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BrowserConfig:
    """What a storefront needs to show the gateway's own payment form."""

    publishable_key: str
    script_url: str


class PaymentGateway(Protocol):
    """All methods raise `GatewayUnavailable` or `GatewayRefused`."""

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
        """`customer` is the gateway's id of one, whose saved cards may then pay. The same key always comes with the
        same of all the others."""
        ...

    def fetch_intent(self, *, gateway_id: str) -> Intent: ...

    def capture_intent(self, *, gateway_id: str, amount: Money, idempotency_key: str) -> Intent:
        """Take what was authorised, or less of it; the rest is given free."""
        ...

    def cancel_intent(self, *, gateway_id: str) -> Intent:
        """Cancel, or return the intent as it is when it can no longer be cancelled. Safe to repeat without a key."""
        ...

    def refund(self, *, gateway_id: str, reference: UUID, amount: Money, idempotency_key: str) -> GatewayRefund:
        """Give money back; `reference` is the refund's id with us, by which it can be found again."""
        ...

    def find_refund(self, *, gateway_id: str, reference: UUID, besides: Collection[str] = ()) -> GatewayRefund | None:
        """The intent's refund that carries our reference and is none of `besides`; None if there is no such one."""
        ...

    def list_refunds(self, *, gateway_id: str) -> Iterable[GatewayRefund]:
        """All refunds of an intent, as they stand now, newest first."""
        ...

    def fetch_refund(self, *, refund_id: str) -> GatewayRefund: ...

    def fetch_dispute(self, *, dispute_id: str) -> GatewayDispute: ...

    def list_disputes(self, *, gateway_id: str) -> Iterable[GatewayDispute]:
        """All disputes about an intent."""
        ...

    def list_intents(self, *, since: datetime, after: str = "") -> Page[Intent]:
        """Those opened since then, newest first, as they stand now."""
        ...

    def list_events(self, *, since: datetime, after: str = "") -> Page[GatewayEvent]:
        """What has happened since then and may be news to us, newest first; the gateway remembers 30 days."""
        ...

    def create_customer(self, *, email: str, reference: UUID, idempotency_key: str) -> str:
        """The gateway's id of the new customer."""
        ...

    def list_cards(self, *, customer: str) -> Iterable[SavedCard]:
        """The cards that the gateway keeps for this customer."""
        ...

    def forget_card(self, *, card_id: str) -> None: ...

    def read_webhook(self, *, body: bytes, signature: str, at: datetime) -> GatewayEvent:
        """Verify and parse. Raises `ForgedWebhook`."""
        ...

    def browser_config(self) -> BrowserConfig: ...


LOCAL = frozenset({"read_webhook", "browser_config"})
"""Methods that cross no network."""


class AskedInsideTransaction(RuntimeError):
    """A lock would be held for as long as a stranger's computer likes. This is a defect and not an answer."""


class GuardedGateway:
    """A gateway whose every call that crosses the network is refused inside a transaction (ADR 4) and, while the
    circuit breaker is open, answered with `GatewayUnavailable` at once."""

    def __init__(self, gateway: PaymentGateway, breaker: CircuitBreaker | None = None) -> None:
        self._gateway = gateway
        self._breaker = breaker or CircuitBreaker()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._gateway, name)
        return method if name in LOCAL else self._guarded(method)

    def _guarded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def ask(**request: Any) -> Any:
            with self._asking(method.__name__):
                return method(**request)

        return ask

    @contextmanager
    def _asking(self, name: str) -> Iterator[None]:
        if in_transaction():
            raise AskedInsideTransaction(f"{name} inside a transaction")
        if not self._breaker.may_ask():
            raise GatewayUnavailable()
        try:
            yield
        except GatewayBusy:
            self._breaker.answered()
            raise
        except GatewayUnavailable:
            self._breaker.failed()
            raise
        except BaseException:
            self._breaker.answered()
            raise
        self._breaker.answered()


def in_transaction() -> bool:
    """Whether the caller has begun a transaction; the one that a test case wraps around itself does not count."""
    blocks = transaction.get_connection().atomic_blocks
    return any(not getattr(block, "_from_testcase", False) for block in blocks)


@lru_cache(maxsize=1)
def payment_gateway() -> PaymentGateway:
    """The gateway that the setting `PAYMENT_GATEWAY` names, guarded."""
    guarded: Any = GuardedGateway(import_string(settings.PAYMENT_GATEWAY)())
    return cast(PaymentGateway, guarded)
