"""The transactional outbox: an announcement is written with the change it announces and delivered afterwards.

Delivery is at least once and in no fixed order; a subscriber must be able to hear the same thing twice.
A room that reacts to a room above it subscribes by event name and takes what it needs from the payload.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction

from cms.prepared import insert, prepared, prepared_update
from commerce.kit.crashing import crash_point
from commerce.kit.models import OutboxDelivery, OutboxEvent

Payload = dict[str, Any]
Subscriber = Callable[..., None]

ATTEMPTS_BEFORE_PARKING = 15
LONGEST_PAUSE = timedelta(minutes=10)
LEASE = timedelta(seconds=45)
"""So that others go on with the work of a worker that died within a minute. One that is slower than this loses nothing:
a subscriber may be called twice."""
AT_ONCE = 100
SPARE = 20
"""Candidates beyond the limit, in case other workers take the first ones."""

logger = logging.getLogger(__name__)
_subscribers: dict[str, dict[str, Subscriber]] = defaultdict(dict)


def subscribe(name: str) -> Callable[[Subscriber], Subscriber]:
    """Register `handler(payload=…, at=…)` for an event name. It is called outside any transaction."""

    def register(handler: Subscriber) -> Subscriber:
        _subscribers[name][f"{handler.__module__}.{handler.__qualname__}"] = handler
        return handler

    return register


def record(name: str, payload: Payload, *, at: datetime) -> OutboxEvent:
    """Write the event and a delivery for each subscriber, in the caller's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an event is recorded with the change it announces")
    event = OutboxEvent(name=name, payload=payload, occurred_at=at)
    insert([event])
    insert([OutboxDelivery(event=event, subscriber=subscriber, due_at=at) for subscriber in _subscribers.get(name, {})])
    return event


def deliver_due(*, at: datetime, limit: int = AT_ONCE, now: Callable[[], datetime] | None = None) -> int:
    """Deliver what is due; several workers may do so at once. Returns how many deliveries were tried.

    With `now` each delivery is taken at the instant it is begun, so that its lease is whole however long those before
    it took; else all are taken at `at`.
    """
    tried = 0
    for delivery in _due(at=at):
        if tried == min(limit, AT_ONCE):
            break
        instant = now() if now else at
        if _claim(delivery, at=instant):
            if __debug__:
                crash_point("event_claimed")
            _deliver(delivery, at=instant)
            tried += 1
    return tried


def retry(*, delivery_id: int, at: datetime) -> bool:
    """Try a parked delivery anew. Returns whether there was one."""
    parked = OutboxDelivery.objects.filter(pk=delivery_id, delivered_at=None, parked_at__isnull=False)
    return bool(parked.update(parked_at=None, attempts=0, due_at=at))


@prepared
def _due(*, at: datetime) -> models.QuerySet[OutboxDelivery]:
    due = OutboxDelivery.objects.waiting().filter(due_at__lte=at).order_by("due_at", "id")
    return due.select_related("event")[: AT_ONCE + SPARE]


def purge(*, at: datetime, limit: int = 10_000) -> int:
    """Forget the events of long ago that were delivered to everybody; what was parked waits for a person.

    Returns how many went; the oldest go first.
    """
    open_ones = OutboxDelivery.objects.filter(event=models.OuterRef("pk"), delivered_at=None)
    old = OutboxEvent.objects.filter(occurred_at__lt=at - timedelta(days=settings.OUTBOX_KEPT_DAYS))
    gone = list(old.exclude(models.Exists(open_ones)).order_by("pk").values_list("pk", flat=True)[:limit])
    OutboxEvent.objects.filter(pk__in=gone).delete()
    return len(gone)


def _claim(delivery: OutboxDelivery, *, at: datetime) -> bool:
    """Take the delivery for the time of the lease; a worker that dies gives it back by letting the lease run out."""
    return bool(_lease(pk=delivery.pk, due_at=delivery.due_at, until=at + LEASE))


@prepared_update
def _lease(*, pk: int, due_at: datetime, until: datetime) -> tuple[models.QuerySet[OutboxDelivery], dict[str, Any]]:
    unclaimed = OutboxDelivery.objects.waiting().filter(pk=pk, due_at=due_at)
    return unclaimed, {"due_at": until, "attempts": models.F("attempts") + 1}


@prepared_update
def _mark_delivered(*, pk: int, at: datetime) -> tuple[models.QuerySet[OutboxDelivery], dict[str, Any]]:
    return OutboxDelivery.objects.filter(pk=pk), {"delivered_at": at, "last_error": ""}


def _deliver(delivery: OutboxDelivery, *, at: datetime) -> None:
    handler = _subscribers.get(delivery.event.name, {}).get(delivery.subscriber)
    row = OutboxDelivery.objects.filter(pk=delivery.pk)
    if handler is None:
        row.update(parked_at=at, last_error="no such subscriber any more")
        return
    if delivery.attempts >= ATTEMPTS_BEFORE_PARKING:
        # Failures park themselves; who comes this far has taken its worker down each time.
        row.update(parked_at=at, last_error="the worker never came back from it")
        return
    try:
        handler(payload=delivery.event.payload, at=at)
    except Exception as error:  # whatever a subscriber raises, the others go on
        attempts = delivery.attempts + 1
        logger.warning("%s failed on %s (attempt %s)", delivery.subscriber, delivery.event, attempts, exc_info=True)
        pause = min(timedelta(seconds=2**attempts), LONGEST_PAUSE)
        parked = at if attempts >= ATTEMPTS_BEFORE_PARKING else None
        row.update(due_at=at + pause, parked_at=parked, last_error=f"{type(error).__name__}: {error}"[:500])
    else:
        if __debug__:
            crash_point("event_handled")
        _mark_delivered(pk=delivery.pk, at=at)
