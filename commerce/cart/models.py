from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from cms.catalogue.models import Variant
from commerce.accounts.models import User
from commerce.credit.models import CreditAccount
from commerce.inventory.reservations import Holder
from commerce.markets.models import Channel, Market

MAX_QUANTITY = 99
MAX_LINES = 200
MAX_COUPONS = 10


class Cart(models.Model):
    """A guest's cart. Whoever knows its id may use it; the id has 122 random bits."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="carts")
    channel = models.ForeignKey(Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="carts")
    email = models.EmailField(blank=True)
    address = models.JSONField(null=True, blank=True)
    vat_id = models.CharField("VAT id", max_length=20, blank=True)
    coupons = models.JSONField(default=list, blank=True, help_text="Codes, in the order they were entered.")
    shipping_method = models.CharField(max_length=50, blank=True, help_text="Code; empty for the cheapest.")
    pickup_point = models.CharField(max_length=50, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    held_as = models.UUIDField(null=True, blank=True, help_text="The checkout that holds stock for this cart now.")

    def __str__(self) -> str:
        return str(self.id)

    @property
    def holder(self) -> Holder | None:
        return Holder("checkout", self.held_as) if self.held_as else None


class CartLine(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant"], name="cart_line_once_per_variant"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="cart_line_quantity_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"


class CartCredit(models.Model):
    """A gift card that is to pay for the cart."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="credits")
    account = models.ForeignKey(CreditAccount, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["cart", "account"], name="cart_credit_once_per_account")]

    def __str__(self) -> str:
        return str(self.account)
