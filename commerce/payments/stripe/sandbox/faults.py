"""Faults to be provoked, as data: what goes wrong, where, and how often. Used by tests and rehearsals only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase

from commerce.payments.stripe.sandbox.store import Document, Records


class FaultKind(StrEnum):
    LOSE_REPLY = "lose_reply"
    """The effect happens, then the connection breaks; a replay can be lost like the first answer."""
    SERVER_ERROR = "server_error"
    """The effect happens, then the answer is 500; the idempotency key remembers the 500."""
    RATE_LIMIT = "rate_limit"
    """No effect; 429."""
    CONFLICT = "conflict"
    """No effect; 409, as if another request were at work under this key."""
    LATENCY = "latency"
    """The effect happens, the answer takes `milliseconds`; until then the key is in use."""
    HANG = "hang"
    """The effect happens, the answer takes 80 seconds or until the hanging requests are released."""
    WEBHOOK_DROP = "webhook_drop"
    """Never delivered, and told so in the list of events."""
    WEBHOOK_DUPLICATE = "webhook_duplicate"
    WEBHOOK_DELAY = "webhook_delay"
    """Delivered `milliseconds` later."""
    WEBHOOK_REORDER = "webhook_reorder"
    """Matching events are delivered before all others, the newest first."""
    WEBHOOK_STALE = "webhook_stale"
    """The signature is ten minutes old."""
    WEBHOOK_WRONG_SECRET = "webhook_wrong_secret"
    WEBHOOK_THIN = "webhook_thin"
    """A thin event: it names its object and holds none."""


BEFORE_EFFECT = frozenset({FaultKind.RATE_LIMIT, FaultKind.CONFLICT})
AFTER_EFFECT = frozenset({FaultKind.LOSE_REPLY, FaultKind.SERVER_ERROR})
SLOW = frozenset({FaultKind.LATENCY, FaultKind.HANG})
OF_WEBHOOKS = frozenset(kind for kind in FaultKind if kind.startswith("webhook_"))


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    match: str = "*"
    """A shell pattern for "POST /v1/refunds" or, for webhooks, for the event's type."""
    times: int = 1
    copies: int = 2
    """How often a duplicated webhook is delivered."""
    milliseconds: int = 0
    """How slow a slow answer or a delayed webhook is."""


def provoke(records: Records, fault: Fault, *, fault_id: str) -> None:
    records.save("fault", {"id": fault_id, **asdict(fault)})


def waiting(records: Records) -> list[Document]:
    """Oldest first."""
    return list(records.oldest("fault"))


def strike(records: Records, kinds: Collection[FaultKind], subject: str) -> Fault | None:
    """The fault that hits this request or event, used up by one."""
    for document in waiting(records):
        if document["kind"] in kinds and fnmatchcase(subject, document["match"]):
            fault_id = document.pop("id")
            fault = Fault(**document | {"kind": FaultKind(document["kind"])})
            if fault.times > 1:
                provoke(records, replace(fault, times=fault.times - 1), fault_id=fault_id)
            else:
                records.discard("fault", fault_id)
            return fault
    return None
