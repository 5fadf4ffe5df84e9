"""The inbox of what the gateway says: verify, keep, answer; a task then asks the gateway itself what has happened.

Events come by webhook, several times, late, in any order or not at all, and from the gateway's own list of events,
which `polling` reads. Both are kept once and handled alike.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from cms.prepared import prepared
from commerce.kit import outbox
from commerce.kit.crashing import crash_point
from commerce.kit.errors import DomainError, ErrorKind
from commerce.payments import disputing, refunding, strangers
from commerce.payments.gateways import GatewayEvent, GatewayUnavailable, Topic, payment_gateway
from commerce.payments.models import Payment, WebhookEvent
from commerce.payments.settling import settle

GATEWAY = "stripe"
ATTEMPTS_BEFORE_PARKING = 5
PARKED_UNANSWERED_AFTER = timedelta(days=3)
AWAY_AFTER = 2
LOOKED_AT_AGAIN_AFTER = timedelta(minutes=5)
KEPT_FOR = timedelta(days=45)
"""Longer than the gateway itself remembers, so that none is kept twice."""

logger = logging.getLogger(__name__)


class NotParked(DomainError):
    code = "webhook_not_parked"
    title = "This event was not given up"
    kind = ErrorKind.CONFLICT


def receive(*, body: bytes, signature: str, at: datetime) -> WebhookEvent:
    """Keep a genuine webhook, once. Raises `ForgedWebhook`, and then nothing is written."""
    kept = keep(payment_gateway().read_webhook(body=body, signature=signature, at=at), at=at)
    if __debug__:
        crash_point("webhook_kept")
    return kept


def keep(event: GatewayEvent, *, at: datetime) -> WebhookEvent:
    """Into the inbox, once. What cannot be news to us is done with at once."""
    is_news = event.topic != Topic.NOTHING
    with transaction.atomic():
        kept, is_new = WebhookEvent.objects.get_or_create(
            gateway=GATEWAY,
            event_id=event.event_id,
            defaults={
                "type": event.type,
                "topic": event.topic,
                "intent_id": event.intent_id,
                "object_id": event.object_id,
                "payload": event.payload,
                "received_at": at,
                "look_again_at": at + LOOKED_AT_AGAIN_AFTER if is_news else None,
                "processed_at": None if is_news else at,
            },
        )
        if is_new and is_news:
            outbox.record("payments.webhook_received", {"webhook": kept.pk}, at=at)
    return kept


def process(*, webhook_id: int, at: datetime) -> None:
    """Take the event as a hint to look at what it is about; outside any transaction, safe to repeat.

    One that fails again and again, though the gateway answers, is parked and shown to staff; so is one about which
    the gateway has had no answer for days, for it may be its answer that cannot be read.

    Raises:
        GatewayUnavailable: call again later.
    """
    [webhook] = _kept(pk=webhook_id)
    row = WebhookEvent.objects.filter(pk=webhook_id)
    if webhook.processed_at or webhook.parked_at:
        return
    try:
        look_again_at = _handle(webhook, at=at)
    except GatewayUnavailable as silence:
        # To the end of the line: behind it may stand others that are answered.
        is_hopeless = at - webhook.received_at > PARKED_UNANSWERED_AFTER
        row.update(
            last_error=f"{type(silence).__name__}: {silence}"[:500],
            look_again_at=at + LOOKED_AT_AGAIN_AFTER,
            parked_at=at if is_hopeless else None,
        )
        raise
    except Exception as error:  # whatever is wrong with one event, the others go on
        logger.exception("%s cannot be handled", webhook)
        is_poison = webhook.attempts + 1 >= ATTEMPTS_BEFORE_PARKING
        row.update(
            attempts=F("attempts") + 1,
            last_error=f"{type(error).__name__}: {error}"[:500],
            look_again_at=at + LOOKED_AT_AGAIN_AFTER,
            parked_at=at if is_poison else None,
        )
        if not is_poison:
            raise
    else:
        row.update(look_again_at=look_again_at, processed_at=None if look_again_at else at)


def process_waiting(*, at: datetime, limit: int = 500) -> int:
    """Handle the events whose task was given up, or that are to be looked at again. Returns how many.

    Two in a row that the gateway does not answer end the round, for then it is away.
    """
    waiting = WebhookEvent.objects.filter(processed_at=None, parked_at=None, look_again_at__lte=at)
    keys = list(waiting.order_by("look_again_at").values_list("pk", flat=True)[:limit])
    handled, unanswered = 0, 0
    for key in keys:
        try:
            process(webhook_id=key, at=at)
            handled, unanswered = handled + 1, 0
        except GatewayUnavailable:
            unanswered += 1
        except Exception:  # its own failure is written down where it happened
            unanswered = 0
        if unanswered == AWAY_AFTER:
            break
    return handled


def retry(*, webhook: WebhookEvent, at: datetime) -> None:
    """Staff have put right what was in the way of a parked event; in the caller's transaction. Raises `NotParked`."""
    parked = WebhookEvent.objects.filter(pk=webhook.pk, parked_at__isnull=False)
    if not parked.update(parked_at=None, attempts=0, look_again_at=at + LOOKED_AT_AGAIN_AFTER):
        raise NotParked()
    outbox.record("payments.webhook_received", {"webhook": webhook.pk}, at=at)


def forget(*, at: datetime) -> int:
    """Delete what was handled long ago: the events name shoppers. Returns how many."""
    deleted, _ = WebhookEvent.objects.filter(processed_at__lt=at - KEPT_FOR).delete()
    return deleted


def _handle(webhook: WebhookEvent, *, at: datetime) -> datetime | None:
    """Returns when to look again, if it is too early to say."""
    actor = f"webhook {webhook.event_id}"[:100]
    match webhook.topic:
        case Topic.PAYMENT:
            return _look_at_payment(webhook, actor=actor, at=at)
        case Topic.REFUND:
            _look_at_refunds(webhook, actor=actor, at=at)
        case Topic.DISPUTE:
            disputing.adopt(payment_gateway().fetch_dispute(dispute_id=webhook.object_id), actor=actor, at=at)
    return None


def _look_at_payment(webhook: WebhookEvent, *, actor: str, at: datetime) -> datetime | None:
    payment = _payment_of(webhook.intent_id)
    if payment is None:
        return strangers.look_at(gateway_id=webhook.intent_id, actor=actor, at=at)
    settle(payment_id=payment.pk, actor=actor, at=at)
    return None


def _look_at_refunds(webhook: WebhookEvent, *, actor: str, at: datetime) -> None:
    """All refunds of the payment, whichever the event was about."""
    intent_id = webhook.intent_id or payment_gateway().fetch_refund(refund_id=webhook.object_id).intent_id
    payment = _payment_of(intent_id)
    if payment is not None:
        refunding.look_at(payment, actor=actor, at=at)


def _payment_of(intent_id: str) -> Payment | None:
    found: list[Payment] = _paid_by(intent=intent_id) if intent_id else []
    return found[0] if found else None


@prepared
def _paid_by(*, intent: str) -> QuerySet[Payment]:
    return Payment.objects.filter(gateway_id=intent)


@prepared
def _kept(*, pk: int) -> QuerySet[WebhookEvent]:
    return WebhookEvent.objects.defer("payload").filter(pk=pk)
