from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from commerce.kit.ledgers import InsertOnly
from commerce.kit.money import Money
from commerce.orders.models.orders import Order, OrderLine
from commerce.orders.models.returns import Return
from commerce.payments.models import Refund


class OrderRefund(InsertOnly):
    """What was given back of an order, decided once; the payments' own refunds say when the money is there.

    `total` = the lines' amounts + shipping + other + adjustment. The adjustment is the rest of the order's rounding,
    or takes off what was given back before without a line. `total` = to credit + through payments + voided, which is
    what was never taken because its units were cancelled before the capture. A surplus is no part of the order's total.
    """

    class Purpose(models.TextChoices):
        REFUND = "refund", "Refund"
        CANCELLATION = "cancellation", "Cancellation"
        RETURN = "return", "Return"
        SURPLUS = "surplus", "More was paid than is owed"
        GATEWAY = "gateway", "Refunded at the payment service"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    parent = models.ForeignKey(Return, null=True, blank=True, on_delete=models.PROTECT, related_name="refunds")
    purpose = models.CharField(max_length=15, choices=Purpose.choices)
    shipping_minor = models.PositiveBigIntegerField(default=0)
    shipping_tax_minor = models.PositiveBigIntegerField(default=0)
    other_minor = models.PositiveBigIntegerField(default=0)
    adjustment_minor = models.BigIntegerField(default=0)
    total_minor = models.PositiveBigIntegerField()
    credit_minor = models.PositiveBigIntegerField(default=0)
    voided_minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    actor = models.CharField(max_length=100)
    reason = models.CharField(max_length=255)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total_minor__gte=F("credit_minor") + F("voided_minor")),
                name="order_refund_splits_its_total",
            )
        ]

    def __str__(self) -> str:
        return f"{self.total} {self.purpose}"

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def shipping(self) -> Money:
        return Money(self.shipping_minor, self.currency)

    @property
    def credit(self) -> Money:
        return Money(self.credit_minor, self.currency)


class OrderRefundLine(InsertOnly):
    """Units of a line that were paid back. `amount` is what was paid for them; where prices do not include tax, their
    tax is part of it. `tax` is the tax within it, either way."""

    refund = models.ForeignKey(OrderRefund, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="refund_lines")
    quantity = models.PositiveIntegerField()
    amount_minor = models.PositiveBigIntegerField()
    tax_minor = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="order_refund_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_refund_line_refunds"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}: {self.amount_minor}"


class OrderRefundPart(InsertOnly):
    """The part of a refund that goes back through one payment."""

    refund = models.ForeignKey(OrderRefund, on_delete=models.PROTECT, related_name="parts")
    payment_refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.payment_refund_id)
