"""A shopper who is still there keeps what was put aside for them, but not for ever."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from commerce.checkout.locking import lock_checkout
from commerce.checkout.models import Checkout
from commerce.checkout.states import CheckoutStatus
from commerce.inventory import reservations

WORTH_WRITING = timedelta(minutes=1)


def lifetime() -> timedelta:
    return timedelta(seconds=settings.CHECKOUT_LIFETIME_SECONDS)


def keep_alive(*, checkout_id: uuid.UUID, at: datetime) -> None:
    """Give an open checkout and its stock a new lifetime from `at`, up to `CHECKOUT_LONGEST_SECONDS` in all."""
    with transaction.atomic():
        extend(lock_checkout(checkout_id), at=at)


def extend(checkout: Checkout, *, at: datetime) -> None:
    """The same for a checkout that the caller has locked."""
    longest = checkout.created_at + timedelta(seconds=settings.CHECKOUT_LONGEST_SECONDS)
    until = min(at + lifetime(), longest)
    if checkout.status != CheckoutStatus.OPEN or checkout.expires_at <= at:
        return
    if until - checkout.expires_at < WORTH_WRITING:
        return
    checkout.expires_at = until
    checkout.save(update_fields=["expires_at"])
    reservations.extend(holder=checkout.holder, until=until, at=at)
