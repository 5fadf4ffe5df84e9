"""What happens by itself when its time has come: before every request, and on every round of the courier."""

from __future__ import annotations

from collections.abc import Callable

from commerce.payments.stripe.sandbox import capturing, disputes, refunds
from commerce.payments.stripe.sandbox.calls import Call
from commerce.payments.stripe.sandbox.store import Document

_ALARMS: dict[str, Callable[[Call, Document], object]] = {
    "dispute": disputes.run_out,
    "payment_intent": capturing.expire,
    "refund": refunds.settle,
}


def let_time_pass(call: Call) -> None:
    for alarm in call.records.take_alarms(at=call.at):
        document = call.records.find(alarm.kind, alarm.document_id)
        if document is not None:
            _ALARMS[alarm.kind](call, document)
