from __future__ import annotations

import logging
import uuid
from datetime import datetime

from commerce.checkout import expiring
from commerce.checkout.completing import complete
from commerce.checkout.models import Checkout
from commerce.checkout.queries import paid_and_not_ended
from commerce.kit.outbox import Payload, subscribe
from commerce.kit.schedule import every
from commerce.payments.settling import cancel

logger = logging.getLogger(__name__)


@subscribe("payments.succeeded")
def complete_paid_checkout(*, payload: Payload, at: datetime) -> None:
    reference = uuid.UUID(payload["reference"])
    if Checkout.objects.filter(pk=reference).exists():
        complete(checkout_id=reference, actor="payment task", at=at)


@subscribe("checkout.expired")
def take_back_the_chance_to_pay(*, payload: Payload, at: datetime) -> None:
    cancel(payment_id=uuid.UUID(payload["payment"]), actor="expiry task", at=at)


@every(seconds=60)
def complete_what_is_paid(*, at: datetime) -> None:
    """However often the delivery above has failed: money never waits for a message (invariant I6)."""
    for checkout_id in paid_and_not_ended():
        try:
            complete(checkout_id=checkout_id, actor="clock", at=at)
        except Exception:  # one checkout that cannot be completed must not hold up the others
            logger.exception("paid checkout %s could not be completed", checkout_id)


@every(seconds=30)
def expire_checkouts(*, at: datetime) -> None:
    expiring.expire_due(at=at)
