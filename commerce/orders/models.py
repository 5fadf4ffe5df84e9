from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from cms.catalogue.models import Variant
from commerce.kit.money import Money
from commerce.kit.states import StateEvent, Stateful, Transitions
from commerce.orders.states import ORDER_TRANSITIONS

_BEFORE_TAX = F("subtotal_minor") - F("discount_minor") - F("relief_minor") + F("shipping_minor") + F("rounding_minor")


class Order(Stateful):
    """A purchase as it was made. Later changes of catalogue or prices never reach it (invariant I7)."""

    transitions: ClassVar[Transitions] = ORDER_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    checkout_id = models.UUIDField(unique=True)
    payment_id = models.UUIDField(unique=True, null=True, blank=True, help_text="None where nothing was left to pay.")
    market = models.CharField(max_length=50)
    currency = models.CharField(max_length=3)
    email = models.EmailField()
    shipping_address = models.JSONField()
    subtotal_minor = models.PositiveBigIntegerField()
    discount_minor = models.PositiveBigIntegerField(default=0)
    relief_minor = models.PositiveBigIntegerField("tax taken off the prices", default=0)
    shipping_minor = models.PositiveBigIntegerField()
    tax_minor = models.PositiveBigIntegerField()
    tax_inclusive = models.BooleanField()
    rounding_minor = models.SmallIntegerField(default=0)
    total_minor = models.PositiveBigIntegerField()
    credit_minor = models.PositiveBigIntegerField("paid by gift card or store credit", default=0)
    quote = models.JSONField()
    placed_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-placed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tax_inclusive=True, total_minor=_BEFORE_TAX)
                | Q(tax_inclusive=False, total_minor=_BEFORE_TAX + F("tax_minor")),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(credit_minor__lte=F("total_minor")), name="order_credit_within_its_total"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subtotal(self) -> Money:
        return Money(self.subtotal_minor, self.currency)

    @property
    def shipping(self) -> Money:
        return Money(self.shipping_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def credit(self) -> Money:
        return Money(self.credit_minor, self.currency)

    @property
    def due(self) -> Money:
        """What was left to pay through the gateway."""
        return self.total - self.credit


class OrderLine(models.Model):
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=255)
    name = models.CharField(max_length=255, blank=True)
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.PositiveBigIntegerField()
    discount_minor = models.PositiveBigIntegerField(default=0)
    relief_minor = models.PositiveBigIntegerField("tax taken off the price", default=0)
    total_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(
                condition=Q(
                    quantity__gt=0,
                    total_minor=F("unit_price_minor") * F("quantity") - F("discount_minor") - F("relief_minor"),
                ),
                name="order_line_total_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def unit_price(self) -> Money:
        return Money(self.unit_price_minor, self.currency)

    @property
    def discount(self) -> Money:
        return Money(self.discount_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


class OrderEvent(StateEvent):
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
