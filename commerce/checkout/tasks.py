from __future__ import annotations

import uuid
from datetime import datetime

from commerce.checkout import expiring
from commerce.checkout.completing import complete
from commerce.checkout.models import Checkout
from commerce.kit.outbox import Payload, subscribe
from commerce.kit.schedule import every
from commerce.payments.settling import cancel


@subscribe("payments.succeeded")
def complete_paid_checkout(*, payload: Payload, at: datetime) -> None:
    reference = uuid.UUID(payload["reference"])
    if Checkout.objects.filter(pk=reference).exists():
        complete(checkout_id=reference, actor="payment task", at=at)


@subscribe("checkout.expired")
def take_back_the_chance_to_pay(*, payload: Payload, at: datetime) -> None:
    cancel(payment_id=uuid.UUID(payload["payment"]), actor="expiry task", at=at)


@every(seconds=30)
def expire_checkouts(*, at: datetime) -> None:
    expiring.expire_due(at=at)
