"""By the clock: open payments are compared with the gateway, so that no lost message loses money (invariant I6)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from commerce.payments.gateways import GatewayRefused, GatewayUnavailable
from commerce.payments.models import Payment
from commerce.payments.settling import settle
from commerce.payments.states import PaymentStatus

LEFT_ALONE_FOR = timedelta(seconds=60)

logger = logging.getLogger(__name__)


def reconcile(*, at: datetime, limit: int = 100) -> int:
    """Settle the open payments that nobody looked at for a minute, oldest look first. Returns how many."""
    stale = Payment.objects.filter(status=PaymentStatus.OPEN, checked_at__lte=at - LEFT_ALONE_FOR)
    keys = list(stale.order_by("checked_at").values_list("pk", flat=True)[:limit])
    for position, payment_id in enumerate(keys):
        try:
            settle(payment_id=payment_id, actor="reconciler", at=at)
        except GatewayUnavailable:
            logger.warning("the gateway is away; %s payments wait for the next round", len(keys) - position)
            return position
        except GatewayRefused:
            logger.exception("payment %s is unknown to the gateway", payment_id)
            Payment.objects.filter(pk=payment_id).update(checked_at=at)
    return len(keys)
