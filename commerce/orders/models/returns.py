from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from cms.catalogue.models import Variant
from commerce.kit.states import StateEvent, Stateful, Transitions
from commerce.orders.models.orders import Order, OrderLine
from commerce.orders.states import RETURN_TRANSITIONS


class ReturnReason(models.TextChoices):
    UNWANTED = "unwanted", "No longer wanted"
    TOO_SMALL = "too_small", "Too small"
    TOO_LARGE = "too_large", "Too large"
    NOT_AS_DESCRIBED = "not_as_described", "Not as described"
    DAMAGED = "damaged", "Damaged"
    WRONG_ITEM = "wrong_item", "Not what was ordered"
    OTHER = "other", "Something else"


class Condition(models.TextChoices):
    """What becomes of goods that came back."""

    RESTOCK = "restock", "Back into stock"
    DAMAGED = "damaged", "Damaged: written off"
    KEPT_OUT = "kept_out", "Not put back"


class Return(Stateful):
    """Goods that a shopper sends back, from asking to do so until it is settled."""

    transitions: ClassVar[Transitions] = RETURN_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    words = models.CharField(max_length=1000, blank=True, help_text="What the shopper says about it.")
    requested_at = models.DateTimeField()

    class Meta:
        ordering = ["requested_at", "id"]

    def __str__(self) -> str:
        return f"Return {self.status}"


class ReturnLine(models.Model):
    """Units to come back, and how many of them did, in which condition."""

    parent = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, choices=ReturnReason.choices)
    received = models.PositiveIntegerField(default=0)
    condition = models.CharField(max_length=10, choices=Condition.choices, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "line"], name="return_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__lte=F("quantity")), name="return_line_receives_what_was_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"


class Replacement(models.Model):
    """Units that are sent in exchange for as many that come back, at the same price: no money moves.

    The line that was sold stays as it is; `fulfilled` counts as on a line.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parent = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="replacements")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="replacements")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=255)
    name = models.CharField(max_length=255, blank=True)
    quantity = models.PositiveIntegerField()
    fulfilled = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    arranged_at = models.DateTimeField()

    class Meta:
        ordering = ["arranged_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity__gte=F("fulfilled") + F("cancelled")),
                name="replacement_sends_what_was_promised",
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def to_fulfil(self) -> int:
        return self.quantity - self.fulfilled - self.cancelled


class ReturnEvent(StateEvent):
    parent = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="events")
