from __future__ import annotations

import logging
import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cms.prepared import prepared
from commerce.checkout import expiring, purging
from commerce.checkout.completing import ENDED, complete
from commerce.checkout.gift_cards import issue_once_paid
from commerce.checkout.models import Checkout
from commerce.checkout.queries import paid_and_not_ended
from commerce.checkout.states import CheckoutStatus
from commerce.kit.outbox import Payload, subscribe
from commerce.kit.schedule import every

logger = logging.getLogger(__name__)


@subscribe("payments.authorised")
@subscribe("payments.succeeded")
def complete_paid_checkout(*, payload: Payload, at: datetime) -> None:
    reference = uuid.UUID(payload["reference"])
    if _may_wait_for_it(checkout=reference):
        complete(checkout_id=reference, actor="payment task", at=at)


@prepared
def _may_wait_for_it(*, checkout: uuid.UUID) -> QuerySet[Any]:
    """Most often the shopper's own return has made the order already. Looked at again under the lock."""
    return Checkout.objects.filter(pk=checkout).exclude(status__in=ENDED).values_list("pk")


@subscribe("orders.paid")
def issue_bought_gift_cards(*, payload: Payload, at: datetime) -> None:
    issue_once_paid(order_id=uuid.UUID(payload["order"]), actor="payment task", at=at)


@subscribe("cart.merged")
def let_go_of_the_guests_checkout(*, payload: Payload, at: datetime) -> None:
    """The customer's own cart goes on; what the guest's held would be missing there."""
    for checkout in Checkout.objects.filter(cart=payload["guest"], status=CheckoutStatus.OPEN):
        reason = "The cart was taken over at login"
        expiring.expire(checkout_id=checkout.pk, reason=reason, actor="merge task", at=at)


@every(seconds=60)
def complete_what_is_paid(*, at: datetime) -> None:
    """However often the delivery above has failed: money never waits for a message (invariant I6)."""
    for checkout_id in paid_and_not_ended():
        try:
            Checkout.objects.filter(pk=checkout_id).update(checked_at=at)
            complete(checkout_id=checkout_id, actor="clock", at=at)
        except Exception:  # one checkout that cannot be completed must not hold up the others
            logger.exception("paid checkout %s could not be completed", checkout_id)


@every(seconds=30)
def expire_checkouts(*, at: datetime) -> None:
    expiring.expire_due(at=at)


@every(seconds=3600)
def purge_carts(*, at: datetime) -> None:
    purging.purge_carts(at=at)
