"""Intents that name this shop and that it knows nothing of, as after a backup was restored: nobody will ever ask for
what they paid for, so what was paid goes back and what was not can be paid no more.

Intents that name another shop, or none, are left alone: several shops may share one account at the gateway.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from commerce.kit.states import advance, begin
from commerce.payments import refunding, settling
from commerce.payments.gateways import Intent, IntentStatus, payment_gateway
from commerce.payments.models import Payment
from commerce.payments.opening import keep_intent
from commerce.payments.states import PaymentStatus

WAITS = timedelta(minutes=8)
"""The intent exists a moment before we have written it down, so a young one is nobody's stranger. Within ten minutes
its money is on its way back (invariant I6)."""

logger = logging.getLogger(__name__)


def look_at(*, gateway_id: str, actor: str, at: datetime) -> datetime | None:
    """Adopt the intent if it is ours and old enough; called outside any transaction.

    Returns when to look again at one that is still too young. Raises `GatewayUnavailable`.
    """
    intent = payment_gateway().fetch_intent(gateway_id=gateway_id)
    if intent.shop != settings.SHOP_ID or intent.status == IntentStatus.CANCELLED:
        return None
    if at < intent.created_at + WAITS:
        return intent.created_at + WAITS
    if intent.reference and Payment.objects.filter(pk=intent.reference, status=PaymentStatus.OPENING).exists():
        # We asked for it and have forgotten the answer: it is no stranger.
        payment = keep_intent(intent, payment_id=intent.reference, actor=actor, at=at)
        settling.apply(intent, payment_id=payment.pk, actor=actor, at=at)
        return None
    if intent.status in {IntentStatus.AWAITING_SHOPPER, IntentStatus.AUTHORISED}:
        intent = payment_gateway().cancel_intent(gateway_id=gateway_id)
    if intent.status == IntentStatus.PROCESSING:
        return at + WAITS
    if intent.status == IntentStatus.SUCCEEDED:
        _give_back(intent, actor=actor, at=at)
    return None


def _give_back(intent: Intent, *, actor: str, at: datetime) -> None:
    """As a payment of its own, so that its books stand beside all others'. Refunds that it had already count."""
    payment = _adopted(intent, actor=actor, at=at)
    settling.apply(intent, payment_id=payment.pk, actor=actor, at=at, whatever_it_carries=True)
    refunding.look_at(payment, actor=actor, at=at)
    with transaction.atomic():
        if left := refunding.refundable(payment):
            refunding.request_refund(payment=payment, amount=left, reason="Paid for nothing", actor=actor, at=at)
    logger.error("intent %s of an unknown payment was paid; payment %s gives it back", intent.gateway_id, payment.pk)


def _adopted(intent: Intent, *, actor: str, at: datetime) -> Payment:
    """Under its old id, if no other payment has it: the gateway goes on telling us of that one."""
    with transaction.atomic():
        known = Payment.objects.filter(gateway_id=intent.gateway_id).first()
        if known is not None:
            return known
        key = intent.reference or uuid.uuid4()
        payment = Payment(
            id=uuid.uuid4() if Payment.objects.filter(pk=key).exists() else key,
            reference=key,
            amount_minor=intent.amount.minor,
            currency=intent.amount.currency,
            gateway_id=intent.gateway_id,
            created_at=at,
            checked_at=at,
        )
        begin(payment, PaymentStatus.OPENING, actor=actor, reason="Found at the gateway", at=at)
        advance(payment, PaymentStatus.OPEN, actor=actor, reason="Found at the gateway", at=at)
    return payment
