"""The state machine behind both doors: a request and an instant in, a status and a JSON body out."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from commerce.payments.stripe.sandbox import clockwork, errors, expanding, faults, idempotency, routes
from commerce.payments.stripe.sandbox.calls import Call, NewId, random_id
from commerce.payments.stripe.sandbox.errors import ApiError
from commerce.payments.stripe.sandbox.faults import Fault, FaultKind
from commerce.payments.stripe.sandbox.routes import Access, Route
from commerce.payments.stripe.sandbox.store import Document, Records, Store

_LIVE_KEY = re.compile(r"(sk|rk|pk)_live_")
_HANGS_FOR = timedelta(seconds=80)


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
    takes: timedelta = timedelta(0)
    """The door answers only after so long."""
    hang_id: str = ""
    """The door answers earlier when this hanging request is released."""


class Machine:
    def __init__(
        self, *, store: Store, keys: Keys, address: str, told: Collection[str] = ("*",), new_id: NewId = random_id
    ) -> None:
        """`address` is where a browser finds the sandbox's own pages; `told` are the types of events that the shop's
        own webhook address wants."""
        self._store = store
        self._keys = keys
        self._address = address
        self._told = told
        self._new_id = new_id

    def provoke(self, fault: Fault) -> None:
        with self._store.transaction() as records:
            faults.provoke(records, fault, fault_id=self._new_id("flt"))

    def let_time_pass(self, *, at: datetime) -> None:
        """What has fallen due happens now, nobody asking."""
        with self._store.transaction() as records:
            self._let_time_pass(records, at)

    def _let_time_pass(self, records: Records, at: datetime) -> None:
        clockwork.let_time_pass(Call(records, {}, at, self._new_id, self._address, self._told))

    def is_hanging(self, hang_id: str) -> bool:
        with self._store.transaction() as records:
            return records.find("hang", hang_id) is not None

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
        route, ids = routes.find(method, path)
        by_shopper = self._authorise(route, headers)
        key = headers.get("idempotency-key") if method == "POST" else None
        subject = f"{method} {path}"
        request: dict[str, str | None] = {"id": request_id, "idempotency_key": key}
        with self._store.transaction() as records:
            self._let_time_pass(records, at)
            before = _struck(records, faults.BEFORE_EFFECT, subject)
            if before is not None:
                return _without_effect(before)
            if key:
                known = idempotency.claim(records, key, method=method, path=path, params=params, at=at)
                if known is not None:
                    lost = _struck(records, [FaultKind.LOSE_REPLY], subject) is not None
                    return Reply(known.status, known.body, {"Idempotent-Replayed": "true"}, lost=lost)
            call = Call(records, params, at, self._new_id, self._address, self._told, by_shopper, request)
            return _carry_out(call, route, ids, key, subject)

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


def _carry_out(call: Call, route: Route, ids: tuple[str, ...], key: str | None, subject: str) -> Reply:
    """Effect, fault and remembered answer in one transaction.

    Raises:
        ApiError: the request was refused before it began to act; the transaction keeps nothing of it.
    """
    status, body = _attempt(call, route, ids)
    fault = _struck(call.records, faults.AFTER_EFFECT, subject)
    headers = {}
    if fault is not None and fault.kind is FaultKind.SERVER_ERROR:
        error = errors.server_error()
        status, body = error.status, error.body
        # Asking again under the key would only hear the same 500.
        headers = {"Stripe-Should-Retry": "false"}
    takes, hang_id = _slowed(call, key, subject)
    if key:
        idempotency.remember(call.records, key, status=status, body=body, busy_until=call.at + takes)
    lost = fault is not None and fault.kind is FaultKind.LOSE_REPLY
    return Reply(status, body, headers, lost=lost, takes=takes, hang_id=hang_id)


def _slowed(call: Call, key: str | None, subject: str) -> tuple[timedelta, str]:
    """How long the answer takes, and the hanging request that may be released before."""
    fault = _struck(call.records, faults.SLOW, subject)
    if fault is None:
        return timedelta(0), ""
    if fault.kind is FaultKind.LATENCY:
        return timedelta(milliseconds=fault.milliseconds), ""
    hang_id = call.new_id("hang")
    call.records.save("hang", {"id": hang_id, "idempotency_key": key})
    return _HANGS_FOR, hang_id


def _struck(records: Records, kinds: Collection[FaultKind], subject: str) -> Fault | None:
    """Only Stripe's own addresses are hit: the switches of the sandbox itself always answer."""
    return faults.strike(records, kinds, subject) if "/v1/" in subject else None


def _attempt(call: Call, route: Route, ids: tuple[str, ...]) -> tuple[int, Document]:
    """Status and body. A refused card has effects: its error is an answer."""
    try:
        for param in call.params:
            if param not in route.params:
                raise errors.parameter_unknown(param)
        return 200, expanding.expanded(call, route.answer(call, *ids))
    except ApiError as error:
        if not error.executed:
            raise
        return error.status, error.body


def _without_effect(fault: Fault) -> Reply:
    error = errors.too_many_requests() if fault.kind is FaultKind.RATE_LIMIT else errors.key_in_use()
    return Reply(error.status, error.body)
