from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from cms.catalogue.models import Variant
from commerce.accounts.models import User
from commerce.credit.models import CreditAccount
from commerce.inventory.reservations import Holder
from commerce.markets.models import Channel, Market

MAX_QUANTITY = 99
MAX_LINES = 200
MAX_COUPONS = 10
LONGEST_NOTE = 1000


class Cart(models.Model):
    """What a shopper means to buy. Whoever knows its id may use it; the id has 122 random bits.

    A customer has one open cart in each market; a guest's cart is taken over into it at login, once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="carts")
    channel = models.ForeignKey(Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="carts")
    email = models.EmailField(blank=True)
    address = models.JSONField(null=True, blank=True)
    billing_address = models.JSONField(null=True, blank=True, help_text="Where it is another than the address.")
    note = models.TextField(max_length=LONGEST_NOTE, blank=True, help_text="From the shopper, for the order.")
    vat_id = models.CharField("VAT id", max_length=20, blank=True)
    coupons = models.JSONField(default=list, blank=True, help_text="Codes, in the order they were entered.")
    shipping_method = models.CharField(max_length=50, blank=True, help_text="Code; empty for the cheapest.")
    pickup_point = models.CharField(max_length=50, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    held_as = models.UUIDField(null=True, blank=True, help_text="The checkout that holds stock for this cart now.")
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The customer's own cart that took this guest's cart over.",
    )
    mail_consent_at = models.DateTimeField(
        null=True, blank=True, help_text="When the shopper agreed to be reminded by mail of a cart left behind."
    )
    abandoned_at = models.DateTimeField(null=True, blank=True, help_text="When it was announced as left behind.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "market"],
                condition=Q(closed_at=None, customer__isnull=False),
                name="cart_one_open_per_customer_and_market",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(closed_at__isnull=False), name="cart_merged_is_closed"
            ),
        ]
        indexes = [
            # The clock's question: which carts may be reminded of and were not yet?
            models.Index(
                fields=["updated_at"],
                name="cart_to_be_reminded_of",
                condition=Q(mail_consent_at__isnull=False, abandoned_at=None, closed_at=None),
            ),
        ]

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
    saved_at = models.DateTimeField(null=True, blank=True, help_text="Put aside for later; it is not bought.")
    seen = models.JSONField(null=True, blank=True, help_text="Price and stock when the shopper last looked.")

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


class OrderLimit(models.Model):
    """How few and how many of a variant one cart may buy. Without a row: from 1 to as many as a line holds."""

    variant = models.OneToOneField(Variant, on_delete=models.CASCADE, related_name="order_limit")
    min_quantity = models.PositiveIntegerField("at least", default=1)
    max_quantity = models.PositiveIntegerField("at most", default=MAX_QUANTITY)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(min_quantity__gte=1, max_quantity__gte=F("min_quantity"), max_quantity__lte=MAX_QUANTITY),
                name="order_limit_within_a_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant}: {self.min_quantity} to {self.max_quantity}"
