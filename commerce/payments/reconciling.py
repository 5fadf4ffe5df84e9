"""By the clock: open payments are compared with the gateway, so that no lost message loses money (invariant I6)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from commerce.payments.gateways import GatewayUnavailable
from commerce.payments.models import Payment, Refund
from commerce.payments.refunding import carry_out
from commerce.payments.settling import settle
from commerce.payments.states import PaymentStatus, RefundState

LEFT_ALONE_FOR = timedelta(seconds=60)
REFUNDS_LEFT_ALONE_FOR = timedelta(minutes=5)
AWAY_AFTER = 2

logger = logging.getLogger(__name__)


def reconcile(*, at: datetime, limit: int = 100) -> int:
    """Settle the open payments that nobody looked at for a minute, oldest look first. Returns how many.

    Each stands alone: one that cannot be looked up goes to the end of the line. Two in a row that the gateway
    does not answer end the round, for then it is away.
    """
    stale = Payment.objects.filter(status=PaymentStatus.OPEN, checked_at__lte=at - LEFT_ALONE_FOR)
    keys = list(stale.order_by("checked_at").values_list("pk", flat=True)[:limit])
    settled, unanswered = 0, 0
    for payment_id in keys:
        Payment.objects.filter(pk=payment_id).update(checked_at=at)
        try:
            settle(payment_id=payment_id, actor="reconciler", at=at)
            settled, unanswered = settled + 1, 0
        except Exception as error:  # whatever is wrong with one payment, the others go on
            logger.warning("payment %s cannot be looked up: %s", payment_id, error, exc_info=True)
            unanswered = unanswered + 1 if isinstance(error, GatewayUnavailable) else 0
        if unanswered == AWAY_AFTER:
            break
    return settled


def reconcile_refunds(*, at: datetime, limit: int = 100) -> int:
    """Carry out the refunds that are still only requested, however often their task has failed. Returns how many."""
    waiting = Refund.objects.filter(status=RefundState.REQUESTED, created_at__lte=at - REFUNDS_LEFT_ALONE_FOR)
    keys = list(waiting.order_by("created_at").values_list("pk", flat=True)[:limit])
    carried_out, unanswered = 0, 0
    for refund_id in keys:
        try:
            carry_out(refund_id=refund_id, actor="reconciler", at=at)
            carried_out, unanswered = carried_out + 1, 0
        except Exception as error:  # whatever is wrong with one refund, the others go on
            logger.warning("refund %s waits for the next round: %s", refund_id, error, exc_info=True)
            unanswered = unanswered + 1 if isinstance(error, GatewayUnavailable) else 0
        if unanswered == AWAY_AFTER:
            break
    return carried_out
