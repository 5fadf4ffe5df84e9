from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from cms.catalogue.models import Variant
from commerce.inventory.states import TRANSITIONS
from commerce.kit.ledgers import InsertOnly
from commerce.kit.states import StateEvent, Stateful


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
    """How many of a variant a location holds, and how many of them are promised (invariants I2 and I3).

    More may be promised and sold than there is, up to the backorder limit; `on_hand` below zero is what is owed.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="levels")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_levels")
    on_hand = models.IntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    backorder_limit = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How many may be promised beyond what is on hand."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "variant"], name="stock_level_once"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(reserved__lte=F("on_hand") + F("backorder_limit")),
                name="stock_level_reserved_within_on_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} at {self.location_id}: {self.on_hand} ({self.reserved} reserved)"

    @property
    def available(self) -> int:
        """What can be promised, backorders included."""
        return self.on_hand - self.reserved + self.backorder_limit

    @property
    def free(self) -> int:
        """What lies here and is promised to nobody."""
        return max(0, self.on_hand - self.reserved)


class StockPolicy(models.Model):
    """How a variant is stocked. Without a row it is tracked, and nobody is told when it runs low."""

    variant = models.OneToOneField(Variant, primary_key=True, on_delete=models.CASCADE, related_name="stock_policy")
    is_tracked = models.BooleanField("tracked", default=True, help_text="What is not tracked never runs out.")
    low_stock_threshold = models.PositiveIntegerField(
        default=0, help_text="At so many, or fewer, staff are told and shoppers see that few are left. 0: no alert."
    )
    expected_on = models.DateField(
        "expected on", null=True, blank=True, help_text="The day on which new stock should come."
    )
    low_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "stock policies"
        indexes = [
            # The clock's question: who wants to be told?
            models.Index(fields=["variant"], name="stock_policy_alerts", condition=Q(low_stock_threshold__gt=0))
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {'tracked' if self.is_tracked else 'not tracked'}"


class OfBundle(models.Model):
    """Of which bundle the units are a part, and how many of them are in one; they are sold by themselves if none."""

    bundle = models.ForeignKey(Variant, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    per_bundle = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        abstract = True


class StockMovement(OfBundle, InsertOnly):
    """Why stock changed. The movements of a level add up to what it has on hand."""

    class Kind(models.TextChoices):
        PURCHASE = "purchase", "Purchase"
        SALE = "sale", "Sale"
        RETURN = "return", "Return"
        ADJUSTMENT = "adjustment", "Adjustment"
        DAMAGE = "damage", "Damage"
        TRANSFER = "transfer", "Transfer"
        COUNT = "count", "Count"

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
        indexes = [
            # What happened under this order number? Asked when goods come back.
            models.Index(fields=["reference"], name="stock_movement_reference"),
            # Did goods come under this number before, in whatever capitals?
            models.Index(Upper("reference"), name="stock_movement_received_under", condition=Q(kind="purchase")),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:+} {self.kind} {self.reference}".strip()


class Reservation(OfBundle):
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
            # Two constraints, for in one NULLs would differ from each other.
            models.UniqueConstraint(
                fields=["holder_kind", "holder_id", "level"],
                condition=Q(state="open", bundle=None),
                name="reservation_one_open_per_holder_and_level",
            ),
            models.UniqueConstraint(
                fields=["holder_kind", "holder_id", "level", "bundle"],
                condition=Q(state="open", bundle__isnull=False),
                name="reservation_one_open_per_holder_level_and_bundle",
            ),
        ]
        indexes = [
            # The clock's question: which open reservations have run out?
            models.Index(fields=["expires_at"], name="reservation_expiry", condition=Q(state="open")),
            # What does a holder hold? The constraints' indexes know only of some rows each.
            models.Index(fields=["holder_kind", "holder_id"], name="reservation_holder", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.holder_kind} {self.holder_id} ({self.state})"


class StockCount(Stateful):
    """A sheet for counting a location: what should be there, what was found, and then the difference is posted."""

    transitions = TRANSITIONS
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="counts")
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=100)
    note = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What the movements of this count are found under."""
        return f"COUNT-{self.pk}"


class StockCountLine(models.Model):
    """`expected` is what was on hand when the sheet was made, `counted` what somebody found; None: not counted."""

    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    expected = models.IntegerField()
    counted = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["variant__sku"]
        constraints = [models.UniqueConstraint(fields=["count", "variant"], name="stock_count_line_once")]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.counted} of {self.expected}"

    def difference_to(self, on_hand: int) -> int | None:
        """What is owed to shoppers lies on no shelf: below zero, nothing is what should be there."""
        return None if self.counted is None else self.counted - max(0, on_hand)


class StockCountEvent(StateEvent):
    count = models.ForeignKey(StockCount, on_delete=models.PROTECT, related_name="events")
