from __future__ import annotations

from django.db import models

from commerce.kit.ledgers import InsertOnly
from commerce.orders.models.orders import Order


class OrderNote(InsertOnly):
    """A note on an order: for the shop alone, or for the shopper to read."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=2000)
    is_visible = models.BooleanField(default=False)
    actor = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]
