from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cms.catalogue.models import Variant
from commerce.kit.ledgers import InsertOnly


class Location(models.Model):
    """A place that holds stock. Orders are served from the lowest priority number that has enough."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    priority = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["priority", "code"]

    def __str__(self) -> str:
        return self.name


class StockLevel(models.Model):
    """How many of a variant a location holds, and how many of them are promised (invariants I2 and I3)."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="levels")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_levels")
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "variant"], name="stock_level_once"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="stock_level_reserved_within_on_hand"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} at {self.location_id}: {self.on_hand} ({self.reserved} reserved)"

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


class StockMovement(InsertOnly):
    """Why stock changed. The movements of a level add up to what it has on hand."""

    class Kind(models.TextChoices):
        PURCHASE = "purchase", "Purchase"
        SALE = "sale", "Sale"
        ADJUSTMENT = "adjustment", "Adjustment"

    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    quantity = models.IntegerField()
    reference = models.CharField(max_length=100, blank=True)
    actor = models.CharField(max_length=100)
    reason = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="stock_movement_moves")]

    def __str__(self) -> str:
        return f"{self.quantity:+} {self.kind} {self.reference}".strip()


class Reservation(models.Model):
    """Stock promised to a holder until it expires. Inventory does not know what a holder is."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CONSUMED = "consumed", "Consumed"
        RELEASED = "released", "Released"

    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField()
    holder_kind = models.CharField(max_length=30)
    holder_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_reserves"),
            models.UniqueConstraint(
                fields=["holder_kind", "holder_id", "level"],
                condition=Q(state="open"),
                name="reservation_one_open_per_holder_and_level",
            ),
        ]
        indexes = [
            # The clock's question: which open reservations have run out?
            models.Index(fields=["expires_at"], name="reservation_expiry", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.holder_kind} {self.holder_id} ({self.state})"
