from __future__ import annotations

from datetime import datetime

from commerce.kit import idempotency, outbox
from commerce.kit.schedule import every


@every(seconds=3600)
def purge_idempotency_keys(*, at: datetime) -> None:
    idempotency.purge(at=at)


@every(seconds=3600)
def purge_delivered_events(*, at: datetime) -> None:
    outbox.purge(at=at)
