"""By the clock: open payments are compared with the gateway, so that no lost message loses money (invariant I6)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from commerce.payments.gateways import GatewayFailed, GatewayRefused, GatewayUnavailable
from commerce.payments.models import Payment, Refund
from commerce.payments.refunding import RefundPending, carry_out
from commerce.payments.settling import settle
from commerce.payments.states import PaymentStatus, RefundState

LEFT_ALONE_FOR = timedelta(seconds=60)
REFUNDS_LEFT_ALONE_FOR = timedelta(minutes=5)

logger = logging.getLogger(__name__)


def reconcile(*, at: datetime, limit: int = 100) -> int:
    """Settle the open payments that nobody looked at for a minute, oldest look first. Returns how many."""
    stale = Payment.objects.filter(status=PaymentStatus.OPEN, checked_at__lte=at - LEFT_ALONE_FOR)
    keys = list(stale.order_by("checked_at").values_list("pk", flat=True)[:limit])
    for position, payment_id in enumerate(keys):
        try:
            settle(payment_id=payment_id, actor="reconciler", at=at)
        except (GatewayRefused, GatewayFailed):
            # Something is wrong with this one; the others must not wait behind it.
            logger.exception("payment %s cannot be looked up", payment_id)
            Payment.objects.filter(pk=payment_id).update(checked_at=at)
        except GatewayUnavailable:
            logger.warning("the gateway is away; %s payments wait for the next round", len(keys) - position)
            return position
    return len(keys)


def reconcile_refunds(*, at: datetime, limit: int = 100) -> int:
    """Carry out the refunds that are still only requested, however often their task has failed. Returns how many."""
    waiting = Refund.objects.filter(status=RefundState.REQUESTED, created_at__lte=at - REFUNDS_LEFT_ALONE_FOR)
    keys = list(waiting.order_by("created_at").values_list("pk", flat=True)[:limit])
    for refund_id in keys:
        try:
            carry_out(refund_id=refund_id, actor="reconciler", at=at)
        except (GatewayUnavailable, RefundPending) as delay:
            logger.warning("refund %s waits for the next round: %s", refund_id, type(delay).__name__)
    return len(keys)
