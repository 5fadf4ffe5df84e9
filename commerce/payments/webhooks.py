"""The webhook inbox: verify, keep, answer; a task then asks the gateway itself what happened."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commerce.kit import outbox
from commerce.payments.gateways import payment_gateway
from commerce.payments.models import Payment, WebhookEvent
from commerce.payments.settling import settle

GATEWAY = "stripe"


def receive(*, body: bytes, signature: str, at: datetime) -> WebhookEvent:
    """Keep a genuine webhook, once. Raises `ForgedWebhook`, and then nothing is written."""
    event = payment_gateway().read_webhook(body=body, signature=signature, at=at)
    with transaction.atomic():
        kept, is_new = WebhookEvent.objects.get_or_create(
            gateway=GATEWAY,
            event_id=event.event_id,
            defaults={
                "type": event.type,
                "intent_id": event.intent_id,
                "payload": event.payload,
                "received_at": at,
            },
        )
        if is_new:
            outbox.record("payments.webhook_received", {"webhook": kept.pk}, at=at)
    return kept


def process(*, webhook_id: int, at: datetime) -> None:
    """Take the event as a hint to look at its payment. An intent that is not ours is nobody's business here."""
    webhook = WebhookEvent.objects.get(pk=webhook_id)
    payment = Payment.objects.filter(gateway_id=webhook.intent_id).first() if webhook.intent_id else None
    if payment is not None:
        settle(payment_id=payment.pk, actor=f"webhook {webhook.event_id}"[:100], at=at)
    WebhookEvent.objects.filter(pk=webhook_id).update(processed_at=at)
