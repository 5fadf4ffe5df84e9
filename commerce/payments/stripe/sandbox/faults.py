"""Faults to be provoked, as data: what goes wrong, where, and how often. Used by tests only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from commerce.payments.stripe.sandbox.store import Records


class FaultKind(StrEnum):
    LOSE_REPLY = "lose_reply"
    """The effect happens, then the connection breaks; a replay can be lost like the first answer."""
    SERVER_ERROR = "server_error"
    """The effect happens, then the answer is 500; the idempotency key remembers the 500."""
    RATE_LIMIT = "rate_limit"
    """No effect; 429."""
    WEBHOOK_DROP = "webhook_drop"
    WEBHOOK_DUPLICATE = "webhook_duplicate"
    WEBHOOK_REORDER = "webhook_reorder"
    """Matching events are delivered before all others, the newest first."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    match: str = "*"
    """A shell pattern for "POST /v1/refunds" or, for webhooks, for the event's type."""
    times: int = 1
    copies: int = 2
    """How often a duplicated webhook is delivered."""


def provoke(records: Records, fault: Fault, *, fault_id: str) -> None:
    records.save("fault", {"id": fault_id, **asdict(fault)})


def strike(records: Records, kinds: Collection[FaultKind], subject: str) -> Fault | None:
    """The fault that hits this request or event, used up by one."""
    for document in list(records.newest("fault"))[::-1]:
        if document["kind"] in kinds and fnmatchcase(subject, document["match"]):
            document["times"] -= 1
            if document["times"] > 0:
                records.save("fault", document)
            else:
                records.discard("fault", document["id"])
            return Fault(FaultKind(document["kind"]), document["match"], document["times"], document["copies"])
    return None
