from __future__ import annotations

import logging
import uuid
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import F

from commerce.cart.locking import hold
from commerce.checkout.holding import let_go
from commerce.checkout.locking import lock_checkout
from commerce.checkout.models import Checkout
from commerce.checkout.states import CheckoutStatus
from commerce.kit.states import advance
from commerce.payments.cancelling import CancelRefused, request_cancel

logger = logging.getLogger(__name__)


def expire(*, checkout_id: uuid.UUID, reason: str, actor: str, at: datetime) -> None:
    """End an open checkout: its stock, coupons and gift cards are free again, and a task takes back the chance to pay.

    Should the money come all the same, `completing` decides between an order and a refund.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        if checkout.status != CheckoutStatus.OPEN:
            return
        advance(checkout, CheckoutStatus.EXPIRED, actor=actor, reason=reason, at=at)
        let_go(checkout, at=at)
        hold(checkout.cart, checkout_id=None)
        if checkout.payment:
            # Refused where the money has come meanwhile: then `completing` has the last word.
            with suppress(CancelRefused):
                request_cancel(payment=checkout.payment, reason=reason, actor=actor, at=at)


def expire_due(*, at: datetime, limit: int = 200) -> int:
    """End the open checkouts whose time is over. Returns how many."""
    due = Checkout.objects.filter(status=CheckoutStatus.OPEN, expires_at__lte=at)
    longest_first = due.order_by(F("checked_at").asc(nulls_first=True), "expires_at")
    keys = list(longest_first.values_list("pk", flat=True)[:limit])
    for key in keys:
        try:
            Checkout.objects.filter(pk=key).update(checked_at=at)
            expire(checkout_id=key, reason="Time is over", actor="clock", at=at)
        except Exception:  # one that cannot end must not keep the others' stock
            logger.exception("checkout %s could not expire", key)
    return len(keys)
