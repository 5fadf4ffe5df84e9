"""Which request is answered by which use case, for whom, and with which parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from commerce.payments.stripe.sandbox import (
    calculations,
    capturing,
    customers,
    dashboard,
    disputes,
    endpoints,
    errors,
    events,
    intents,
    methods,
    refunds,
    sessions,
    setups,
)
from commerce.payments.stripe.sandbox.store import Document


class Access(Enum):
    MERCHANT = "the secret key"
    SHOPPER = "the secret key, or the publishable key and the client secret"
    HOLDER = "the client secret alone"


@dataclass(frozen=True, slots=True)
class Route:
    address: str
    """Method and path, with {id} where ids stand."""
    method: str
    path: re.Pattern[str]
    answer: Callable[..., Document]
    access: Access
    params: frozenset[str]


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """Raises `ApiError` 404 when there is none."""
    for route in ALL:
        match = route.path.fullmatch(path)
        if match and route.method == method:
            return route, match.groups()
    raise errors.unknown_address(method, path)


def _common(method: str) -> set[str]:
    return set() if method == "DELETE" else {"expand"}


def _route(address: str, answer: Callable[..., Document], params: str = "", access: Access = Access.MERCHANT) -> Route:
    method, path = address.split()
    pattern = re.compile(re.escape(path).replace(r"\{id\}", "([A-Za-z0-9_]+)"))
    return Route(address, method, pattern, answer, access, frozenset(params.split()) | _common(method))


_PAGE = "limit starting_after ending_before"
_CONFIRMATION = "payment_method payment_method_data return_url use_stripe_sdk"
_ENDPOINT = "url enabled_events description metadata"
_CUSTOMER = "address description email invoice_settings metadata name phone preferred_locales shipping"
ALL = (
    _route(
        "POST /v1/payment_intents",
        intents.open_intent,
        "amount currency allowed_payment_method_types automatic_payment_methods metadata description receipt_email"
        f" capture_method customer setup_future_usage confirm off_session {_CONFIRMATION}",
    ),
    _route("GET /v1/payment_intents", intents.list_newest, f"customer created {_PAGE}"),
    _route(
        "POST /v1/payment_intents/{id}",
        intents.update,
        "amount customer description metadata receipt_email setup_future_usage",
    ),
    _route("GET /v1/payment_intents/{id}", intents.show, "client_secret", Access.SHOPPER),
    _route(
        "POST /v1/payment_intents/{id}/confirm",
        intents.confirm,
        f"client_secret off_session setup_future_usage {_CONFIRMATION}",
        Access.SHOPPER,
    ),
    _route("POST /v1/payment_intents/{id}/cancel", intents.cancel, "cancellation_reason"),
    _route("POST /v1/payment_intents/{id}/capture", capturing.capture, "amount_to_capture metadata"),
    _route("POST /v1/refunds", refunds.refund, "payment_intent charge amount reason metadata"),
    _route("GET /v1/refunds", refunds.list_newest, f"payment_intent charge created {_PAGE}"),
    _route("GET /v1/refunds/{id}", refunds.show),
    _route("POST /v1/refunds/{id}", refunds.update, "metadata"),
    _route("GET /v1/charges", refunds.list_charges, f"payment_intent customer created {_PAGE}"),
    _route("GET /v1/charges/{id}", refunds.show_charge),
    _route("GET /v1/disputes", disputes.list_newest, f"charge payment_intent created {_PAGE}"),
    _route("GET /v1/disputes/{id}", disputes.show),
    _route("POST /v1/disputes/{id}", disputes.update, "evidence submit metadata"),
    _route("POST /v1/disputes/{id}/close", disputes.close),
    _route("POST /v1/customers", customers.create, f"payment_method {_CUSTOMER}"),
    _route("GET /v1/customers", customers.list_newest, f"email created {_PAGE}"),
    _route("GET /v1/customers/{id}", customers.show),
    _route("POST /v1/customers/{id}", customers.update, _CUSTOMER),
    _route("DELETE /v1/customers/{id}", customers.delete),
    _route("GET /v1/customers/{id}/payment_methods", methods.list_of_customer, f"type allow_redisplay {_PAGE}"),
    _route("GET /v1/customers/{id}/payment_methods/{id}", methods.show_of_customer),
    _route("POST /v1/payment_methods", methods.create, "type card billing_details allow_redisplay metadata"),
    _route("GET /v1/payment_methods", methods.list_newest, f"customer type allow_redisplay {_PAGE}"),
    _route("GET /v1/payment_methods/{id}", methods.show),
    _route("POST /v1/payment_methods/{id}", methods.update, "card billing_details allow_redisplay metadata"),
    _route("POST /v1/payment_methods/{id}/attach", methods.attach, "customer"),
    _route("POST /v1/payment_methods/{id}/detach", methods.detach),
    _route("POST /v1/customer_sessions", sessions.create, "customer components"),
    _route(
        "POST /v1/setup_intents",
        setups.create,
        "customer usage description metadata allowed_payment_method_types automatic_payment_methods confirm"
        f" {_CONFIRMATION}",
    ),
    _route("GET /v1/setup_intents", setups.list_newest, f"customer payment_method created {_PAGE}"),
    _route("GET /v1/setup_intents/{id}", setups.show, "client_secret", Access.SHOPPER),
    _route("POST /v1/setup_intents/{id}/confirm", setups.confirm, f"client_secret {_CONFIRMATION}", Access.SHOPPER),
    _route("POST /v1/setup_intents/{id}/cancel", setups.cancel, "cancellation_reason"),
    _route(
        "POST /v1/tax/calculations",
        calculations.calculate,
        "currency line_items shipping_cost customer_details ship_from_details tax_date",
    ),
    _route("GET /v1/tax/calculations/{id}/line_items", calculations.list_items, "limit"),
    _route("POST /v1/webhook_endpoints", endpoints.create, f"api_version {_ENDPOINT}"),
    _route("GET /v1/webhook_endpoints", endpoints.list_newest, _PAGE),
    _route("GET /v1/webhook_endpoints/{id}", endpoints.show),
    _route("POST /v1/webhook_endpoints/{id}", endpoints.update, f"disabled {_ENDPOINT}"),
    _route("DELETE /v1/webhook_endpoints/{id}", endpoints.delete),
    _route("GET /v1/events", events.list_newest, f"type types created delivery_success {_PAGE}"),
    _route("GET /v1/events/{id}", events.show),
    _route("POST /_sandbox/authentications/{id}", dashboard.authenticate, "client_secret outcome", Access.HOLDER),
    _route("GET /_sandbox/receipts/{id}/facts", refunds.show_receipt, "", Access.HOLDER),
    _route("GET /_sandbox/customer_sessions/{id}", sessions.show_to_holder, "", Access.HOLDER),
    _route("POST /_sandbox/payment_intents/{id}/expire", dashboard.expire_authorisation),
    _route("POST /_sandbox/refunds", dashboard.refund, "payment_intent charge amount reason"),
    _route("POST /_sandbox/refunds/{id}/succeed", dashboard.succeed_refund),
    _route("POST /_sandbox/refunds/{id}/fail", dashboard.fail_refund, "reason"),
    _route("POST /_sandbox/disputes", dashboard.open_dispute, "payment_intent reason amount"),
    _route("POST /_sandbox/disputes/{id}/decide", dashboard.decide_dispute, "outcome"),
    _route("GET /_sandbox/faults", dashboard.list_faults),
    _route("POST /_sandbox/faults", dashboard.add_fault, "kind match times copies milliseconds"),
    _route("DELETE /_sandbox/faults", dashboard.clear_faults),
    _route("POST /_sandbox/hangs/release", dashboard.release),
    _route("POST /_sandbox/reset", dashboard.reset),
)
