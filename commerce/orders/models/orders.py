from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Lower

from cms.catalogue.models import Variant
from commerce.accounts.models import User
from commerce.kit.money import Money
from commerce.kit.states import STATUS, StateEvent, Stateful, Transitions
from commerce.orders.states import (
    FULFILMENT_STATE,
    FULFILMENT_STATE_TRANSITIONS,
    ORDER_TRANSITIONS,
    PAYMENT_STATE,
    PAYMENT_STATE_TRANSITIONS,
)
from commerce.payments.models import Payment

_BEFORE_TAX = F("subtotal_minor") - F("discount_minor") - F("relief_minor") + F("shipping_minor") + F("rounding_minor")


class Order(Stateful):
    """A purchase as it was made. Later changes of catalogue or prices never reach it (invariant I7).

    `refunded_minor` is what of its total was given back, or was never taken because its units were cancelled first.
    """

    transitions: ClassVar[Transitions] = ORDER_TRANSITIONS
    further_transitions: ClassVar[Mapping[str, Transitions]] = {
        PAYMENT_STATE: PAYMENT_STATE_TRANSITIONS,
        FULFILMENT_STATE: FULFILMENT_STATE_TRANSITIONS,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    checkout_id = models.UUIDField(unique=True)
    payment_id = models.UUIDField(unique=True, null=True, blank=True, help_text="None where nothing was left to pay.")
    payment_method = models.CharField(max_length=30, blank=True, help_text="Empty where nothing was left to pay.")
    payment_state = models.CharField(max_length=20, default="")
    fulfilment_state = models.CharField(max_length=20, default="")
    customer = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="orders")
    language = models.CharField(max_length=20, blank=True, help_text="In which the shopper is written to.")
    market = models.CharField(max_length=50)
    currency = models.CharField(max_length=3)
    email = models.EmailField()
    shipping_address = models.JSONField()
    billing_address = models.JSONField(null=True, blank=True, help_text="None: the shipping address.")
    subtotal_minor = models.PositiveBigIntegerField()
    discount_minor = models.PositiveBigIntegerField(default=0)
    relief_minor = models.PositiveBigIntegerField("tax taken off the prices", default=0)
    shipping_minor = models.PositiveBigIntegerField()
    shipping_tax_minor = models.PositiveBigIntegerField("tax on shipping", default=0)
    tax_minor = models.PositiveBigIntegerField()
    tax_inclusive = models.BooleanField()
    rounding_minor = models.SmallIntegerField(default=0)
    total_minor = models.PositiveBigIntegerField()
    credit_minor = models.PositiveBigIntegerField("paid by gift card or store credit", default=0)
    refunded_minor = models.PositiveBigIntegerField(default=0)
    quote = models.JSONField()
    edited = models.PositiveIntegerField("how often it was edited", default=0)
    placed_at = models.DateTimeField(db_index=True)
    checked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the clock compared it with its payments last."
    )
    """Also when it looked whether the order is to lapse."""

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
            models.CheckConstraint(
                condition=Q(refunded_minor__lte=F("total_minor")), name="order_refunded_within_its_total"
            ),
        ]
        indexes = [
            # A customer's own orders, newest first.
            models.Index(fields=["customer", "-placed_at"], name="order_of_customer"),
            # The desk's queues: what is in this state, newest first.
            models.Index(fields=["status", "-placed_at"], name="order_by_status"),
            models.Index(fields=["fulfilment_state", "-placed_at"], name="order_by_fulfilment"),
            # Whoever writes to the shop is found by the address, in any case of letters.
            models.Index(Lower("email"), name="order_by_email"),
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
        """What was left to pay beside gift cards and store credit."""
        return self.total - self.credit

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_minor, self.currency)

    @property
    def paid_back(self) -> Money:
        """What of it was money that came in, and went back or is about to; the rest was called off before."""
        given = self.refunds.exclude(purpose="surplus").aggregate(minor=Sum(F("total_minor") - F("voided_minor")))
        return Money(given["minor"] or 0, self.currency)

    @property
    def refundable(self) -> Money:
        """What is left of the total to give back."""
        return self.total - self.refunded


class OrderPayment(models.Model):
    """A payment for an order: the one that it was placed with, or one for what an edit made it cost more."""

    class Purpose(models.TextChoices):
        INITIAL = "initial", "With the order"
        DIFFERENCE = "difference", "For an edit"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(purpose="initial"), name="order_one_initial_payment")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.payment_id}"


class OrderLine(models.Model):
    """What was sold. `fulfilled` are units in fulfilments that were not cancelled, packed or gone; `cancelled` units
    are never sent; `returned` ones came back; `refunded` ones were paid back, whichever of these they are."""

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
    tax_minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    is_shipped = models.BooleanField(default=True, help_text="No parcel carries gift cards, downloads and services.")
    fulfilled = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    refunded = models.PositiveIntegerField(default=0)

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
            models.CheckConstraint(
                condition=Q(quantity__gte=F("fulfilled") + F("cancelled")), name="order_line_sends_what_was_bought"
            ),
            models.CheckConstraint(condition=Q(returned__lte=F("fulfilled")), name="order_line_returns_what_was_sent"),
            models.CheckConstraint(condition=Q(refunded__lte=F("quantity")), name="order_line_refunds_what_was_bought"),
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

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)

    @property
    def to_fulfil(self) -> int:
        """Units that are still to be packed."""
        return self.quantity - self.fulfilled - self.cancelled if self.is_shipped else 0


class OrderEvent(StateEvent):
    field = models.CharField(max_length=20, default=STATUS, help_text="Which of the order's states moved.")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
