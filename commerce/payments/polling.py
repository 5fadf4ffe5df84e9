"""Reading the gateway's own list of events, so that lost webhooks of any kind lose nothing (invariant I5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from commerce.payments.gateways import GatewayEvent, payment_gateway
from commerce.payments.models import EventCursor, WebhookEvent
from commerce.payments.webhooks import GATEWAY, keep

REMEMBERED_FOR = timedelta(days=30)
"""By the gateway. Source: docs.stripe.com/api/events."""
LEFT_TO_WEBHOOKS = timedelta(seconds=30)
OVERLAP = timedelta(seconds=60)
"""An event may show up in the list after one that was made later."""


def read_events(*, at: datetime) -> int:
    """Keep the events that no webhook has brought. Returns how many; raises `GatewayUnavailable`.

    The cursor moves on when all pages were read; until then they are read again, and each event is kept once.
    """
    until = at - LEFT_TO_WEBHOOKS
    cursor = EventCursor.objects.filter(gateway=GATEWAY).first()
    since = at - REMEMBERED_FOR
    if cursor is not None:
        since = max(since, cursor.read_until - OVERLAP)
    kept, after = 0, ""
    while True:
        page = payment_gateway().list_events(since=since, after=after)
        kept += _keep_unknown([event for event in page.items if _is_due(event, until)], at=at)
        after = page.more_after
        if not after:
            break
    EventCursor.objects.update_or_create(gateway=GATEWAY, defaults={"read_until": until})
    return kept


def _is_due(event: GatewayEvent, until: datetime) -> bool:
    return event.created_at is None or event.created_at <= until


def _keep_unknown(events: list[GatewayEvent], *, at: datetime) -> int:
    names = [event.event_id for event in events]
    known = set(WebhookEvent.objects.filter(gateway=GATEWAY, event_id__in=names).values_list("event_id", flat=True))
    unknown = [event for event in events if event.event_id not in known]
    for event in reversed(unknown):
        keep(event, at=at)
    return len(unknown)
