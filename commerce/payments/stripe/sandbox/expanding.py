"""Ids replaced by what they stand for, where the request asks for it. Source: docs.stripe.com/expand."""

from __future__ import annotations

from typing import Any

from commerce.payments.stripe.sandbox import errors
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document, Records

_KINDS = {
    "charge": "charge",
    "customer": "customer",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
}


def expanded(call: Call, body: Document) -> Document:
    for path in call.texts("expand"):
        body = _expanded(call.records, body, path.split("."), path)
    return body


def _expanded(records: Records, body: Any, steps: list[str], path: str) -> Any:
    if not steps:
        return body
    if isinstance(body, list):
        return [_expanded(records, each, steps, path) for each in body]
    if not isinstance(body, dict) or steps[0] not in body:
        raise errors.parameter_invalid("expand", f"This property cannot be expanded ({path}).")
    inner = body[steps[0]]
    if isinstance(inner, str):
        if steps[0] not in _KINDS:
            raise errors.parameter_invalid("expand", f"This property cannot be expanded ({path}).")
        inner = records.find(_KINDS[steps[0]], inner) or inner
    return body | {steps[0]: None if inner is None else _expanded(records, inner, steps[1:], path)}
