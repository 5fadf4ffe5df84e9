from __future__ import annotations

from django.db import models

from commerce.kit.ledgers import InsertOnly
from commerce.orders.models.orders import Order


class OrderRevision(InsertOnly):
    """An order as it was before staff edited it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(help_text="How often it had been edited before.")
    quote = models.JSONField()
    actor = models.CharField(max_length=100)
    reason = models.CharField(max_length=255)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="order_revision_once")]

    def __str__(self) -> str:
        return f"before edit {self.number + 1}: {self.reason}"
