from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commerce.kit import outbox
from commerce.orders.models import Order
from commerce.orders.noting import note


def resend_confirmation(*, order: Order, actor: str, at: datetime) -> None:
    """Ask for the confirmation to be sent once more, and keep who asked."""
    with transaction.atomic():
        kept = note(order=order, text="Confirmation sent again", is_visible=False, actor=actor, at=at)
        outbox.record("orders.confirmation_requested", {"order": str(order.pk), "request": str(kept.pk)}, at=at)
