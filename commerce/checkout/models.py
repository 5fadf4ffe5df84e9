from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from commerce.accounts.models import User
from commerce.cart.models import Cart
from commerce.checkout.states import CHECKOUT_TRANSITIONS
from commerce.inventory.reservations import Holder
from commerce.kit.money import Money
from commerce.kit.states import StateEvent, Stateful, Transitions
from commerce.orders.models import Order
from commerce.payments.models import Payment


class Checkout(Stateful):
    """A cart on its way to an order: the quote is frozen, the stock is reserved, the payment is open."""

    transitions: ClassVar[Transitions] = CHECKOUT_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cart = models.ForeignKey(Cart, on_delete=models.PROTECT, related_name="checkouts")
    customer = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    email = models.EmailField()
    language = models.CharField(max_length=10, default="en", help_text="In which the shopper is written to.")
    shipping_address = models.JSONField()
    billing_address = models.JSONField(null=True, blank=True, help_text="Where it differs from the shipping address.")
    note = models.TextField(blank=True, help_text="What the shopper has to say about the order.")
    quote = models.JSONField()
    due_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    payment = models.OneToOneField(
        Payment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="None where gift cards or discounts left nothing to pay.",
    )
    order = models.OneToOneField(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    checked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the clock last tried to complete or to end it."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cart"], condition=Q(status="open"), name="checkout_one_open_per_cart"),
            models.UniqueConstraint(
                fields=["cart"], condition=Q(status="completed"), name="checkout_one_completed_per_cart"
            ),
            models.CheckConstraint(
                condition=Q(due_minor=0, payment=None) | Q(due_minor__gt=0, payment__isnull=False),
                name="checkout_pays_what_is_due",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="checkout_expiry", condition=Q(status="open")),
        ]

    def __str__(self) -> str:
        return f"{self.due} {self.status}"

    @property
    def due(self) -> Money:
        """What is left to pay through the gateway."""
        return Money(self.due_minor, self.currency)

    @property
    def holder(self) -> Holder:
        """Under which its stock, its coupons and its gift cards are held."""
        return Holder("checkout", self.pk)


class CheckoutEvent(StateEvent):
    checkout = models.ForeignKey(Checkout, on_delete=models.PROTECT, related_name="events")
