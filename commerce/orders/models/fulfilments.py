from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from commerce.kit.states import StateEvent, Stateful, Transitions
from commerce.orders.models.orders import Order, OrderLine
from commerce.orders.models.returns import Replacement
from commerce.orders.states import FULFILMENT_TRANSITIONS


class Fulfilment(Stateful):
    """A parcel of an order, from the moment it is packed. One order may need several."""

    transitions: ClassVar[Transitions] = FULFILMENT_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fulfilments")
    method = models.CharField(max_length=100, blank=True, help_text="The way it is sent, as the order calls it.")
    tracking_number = models.CharField(max_length=100, blank=True)
    tracking_url = models.CharField(max_length=500, blank=True)
    packed_at = models.DateTimeField()

    class Meta:
        ordering = ["packed_at", "id"]

    def __str__(self) -> str:
        return f"{self.method} {self.tracking_number} {self.status}".strip()


class FulfilmentLine(models.Model):
    """Units in a parcel: of a line of the order, or of what replaces goods that came back."""

    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(
        OrderLine, null=True, blank=True, on_delete=models.PROTECT, related_name="fulfilment_lines"
    )
    replacement = models.ForeignKey(
        Replacement, null=True, blank=True, on_delete=models.PROTECT, related_name="fulfilment_lines"
    )
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, line__isnull=False, replacement=None)
                | Q(quantity__gt=0, line=None, replacement__isnull=False),
                name="fulfilment_line_sends_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sold.sku}"

    @property
    def sold(self) -> OrderLine | Replacement:
        found = self.line or self.replacement
        assert found is not None
        return found


class FulfilmentEvent(StateEvent):
    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.PROTECT, related_name="events")
