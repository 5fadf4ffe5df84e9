"""The state machine behind both doors: a request and an instant in, a status and a JSON body out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from commerce.payments.stripe.sandbox import calculations, errors, events, faults, idempotency, intents, refunds
from commerce.payments.stripe.sandbox.calls import Call, NewId, random_id
from commerce.payments.stripe.sandbox.errors import ApiError
from commerce.payments.stripe.sandbox.faults import Fault, FaultKind
from commerce.payments.stripe.sandbox.store import Document, Store

_LIVE_KEY = re.compile(r"(sk|rk|pk)_live_")
_AFTER_EFFECT = (FaultKind.LOSE_REPLY, FaultKind.SERVER_ERROR)


class Access(Enum):
    MERCHANT = "the secret key"
    SHOPPER = "the secret key, or the publishable key and the client secret"
    HOLDER = "the client secret alone"


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: re.Pattern[str]
    answer: Callable[..., Document]
    access: Access = Access.MERCHANT
    params: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Keys:
    secret: str
    publishable: str


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Document
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    """The door breaks the connection instead of answering."""


def _add_fault(call: Call) -> Document:
    try:
        kind = FaultKind(call.text("kind"))
    except ValueError:
        raise errors.parameter_invalid("kind", f"Unknown fault: {call.text('kind')}") from None
    fault = Fault(kind, call.text("match", "*"), call.integer("times", 1), call.integer("copies", 2))
    faults.provoke(call.records, fault, fault_id=call.new_id("flt"))
    return {"object": "sandbox.fault", "kind": kind}


def _reset(call: Call) -> Document:
    call.records.erase()
    return {"object": "sandbox", "empty": True}


def _route(method: str, path: str, answer: Callable[..., Document], access: Access, params: str) -> Route:
    return Route(method, re.compile(path), answer, access, frozenset(params.split()))


_ID = r"([A-Za-z0-9_]+)"
_ROUTES = (
    _route(
        "POST",
        "/v1/payment_intents",
        intents.open_intent,
        Access.MERCHANT,
        "amount currency automatic_payment_methods payment_method_types metadata description receipt_email",
    ),
    _route("GET", f"/v1/payment_intents/{_ID}", intents.show, Access.SHOPPER, "client_secret"),
    _route(
        "POST",
        f"/v1/payment_intents/{_ID}/confirm",
        intents.confirm,
        Access.SHOPPER,
        "client_secret payment_method payment_method_data return_url use_stripe_sdk",
    ),
    _route("POST", f"/v1/payment_intents/{_ID}/cancel", intents.cancel, Access.MERCHANT, "cancellation_reason"),
    _route("POST", "/v1/refunds", refunds.refund, Access.MERCHANT, "payment_intent charge amount reason metadata"),
    _route("GET", "/v1/refunds", refunds.list_newest, Access.MERCHANT, "payment_intent limit starting_after"),
    _route("GET", f"/v1/refunds/{_ID}", refunds.show, Access.MERCHANT, ""),
    _route("GET", f"/v1/charges/{_ID}", refunds.show_charge, Access.MERCHANT, ""),
    _route(
        "POST",
        "/v1/tax/calculations",
        calculations.calculate,
        Access.MERCHANT,
        "currency line_items shipping_cost customer_details ship_from_details tax_date",
    ),
    _route("GET", f"/v1/tax/calculations/{_ID}/line_items", calculations.list_items, Access.MERCHANT, "limit"),
    _route("GET", "/v1/events", events.list_newest, Access.MERCHANT, "limit starting_after type"),
    _route("GET", f"/v1/events/{_ID}", events.show, Access.MERCHANT, ""),
    _route(
        "POST",
        f"/_sandbox/authentications/{_ID}",
        intents.authenticate,
        Access.HOLDER,
        "client_secret outcome",
    ),
    _route("POST", "/_sandbox/faults", _add_fault, Access.MERCHANT, "kind match times copies"),
    _route("POST", "/_sandbox/reset", _reset, Access.MERCHANT, ""),
)


class Machine:
    def __init__(self, *, store: Store, keys: Keys, address: str, new_id: NewId = random_id) -> None:
        """`address` is where a browser finds the sandbox's own pages."""
        self._store = store
        self._keys = keys
        self._address = address
        self._new_id = new_id

    def provoke(self, fault: Fault) -> None:
        with self._store.transaction() as records:
            faults.provoke(records, fault, fault_id=self._new_id("flt"))

    def answer(
        self, *, method: str, path: str, params: dict[str, Any], headers: Mapping[str, str], at: datetime
    ) -> Reply:
        """Header names are in lower case."""
        request_id = self._new_id("req")
        try:
            reply = self._answer(method, path, params, headers, at, request_id)
        except ApiError as error:
            reply = Reply(error.status, error.body)
        return replace(reply, headers={"Request-Id": request_id, **reply.headers})

    def _answer(
        self,
        method: str,
        path: str,
        params: dict[str, Any],
        headers: Mapping[str, str],
        at: datetime,
        request_id: str,
    ) -> Reply:
        route, ids = _find_route(method, path)
        by_shopper = self._authorise(route, headers)
        key = headers.get("idempotency-key") if method == "POST" else None
        subject = f"{method} {path}"
        with self._store.transaction() as records:
            if faults.strike(records, [FaultKind.RATE_LIMIT], subject):
                return _too_many_requests()
            if key:
                known = idempotency.claim(records, key, method=method, path=path, params=params, at=at)
                if known is not None:
                    lost = faults.strike(records, [FaultKind.LOSE_REPLY], subject) is not None
                    return Reply(known.status, known.body, {"Idempotent-Replayed": "true"}, lost=lost)
        request: dict[str, str | None] = {"id": request_id, "idempotency_key": key}
        try:
            with self._store.transaction() as records:
                call = Call(records, params, at, self._new_id, self._address, by_shopper, request)
                return _carry_out(call, route, ids, key, subject)
        except Exception:
            if key:
                with self._store.transaction() as records:
                    idempotency.release(records, key)
            raise

    def _authorise(self, route: Route, headers: Mapping[str, str]) -> bool:
        """Whether the caller is a shopper, who sees less and must name the client secret."""
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if _LIVE_KEY.match(key):
            raise errors.live_key()
        if route.access is Access.HOLDER:
            return True
        if scheme.lower() != "bearer" or not key:
            raise errors.missing_key()
        if key == self._keys.secret:
            return False
        if key != self._keys.publishable:
            raise errors.invalid_key()
        if route.access is not Access.SHOPPER:
            raise errors.secret_key_required()
        return True


def _find_route(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    for route in _ROUTES:
        match = route.path.fullmatch(path)
        if match and route.method == method:
            return route, match.groups()
    raise errors.unknown_address(method, path)


def _carry_out(call: Call, route: Route, ids: tuple[str, ...], key: str | None, subject: str) -> Reply:
    """Effect, fault and remembered answer in one transaction."""
    status, body, executed = _attempt(call, route, ids)
    fault = faults.strike(call.records, _AFTER_EFFECT, subject) if executed else None
    headers = {}
    if fault is not None and fault.kind is FaultKind.SERVER_ERROR:
        error = errors.server_error()
        status, body = error.status, error.body
        # Asking again under the key would only hear the same 500.
        headers = {"Stripe-Should-Retry": "false"}
    if key and executed:
        idempotency.remember(call.records, key, status=status, body=body)
    elif key:
        idempotency.release(call.records, key)
    return Reply(status, body, headers, lost=fault is not None and fault.kind is FaultKind.LOSE_REPLY)


def _attempt(call: Call, route: Route, ids: tuple[str, ...]) -> tuple[int, Document, bool]:
    """Status, body, and whether the request began to act. A refused card has effects: its error is an answer."""
    try:
        for param in call.params:
            if param not in route.params:
                raise errors.parameter_unknown(param)
        return 200, route.answer(call, *ids), True
    except ApiError as error:
        return error.status, error.body, error.executed


def _too_many_requests() -> Reply:
    error = errors.too_many_requests()
    return Reply(error.status, error.body)
