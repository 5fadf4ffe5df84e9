from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from cms.catalogue.models import Variant
from commerce.accounts.models import User
from commerce.kit.money import Money
from commerce.markets.models import Market


class CustomerGroup(models.Model):
    """Customers who pay by lists of their own, such as members or resellers."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    members = models.ManyToManyField(User, blank=True, related_name="customer_groups")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class PriceList(models.Model):
    """The prices of one market, in its currency."""

    market = models.OneToOneField(Market, on_delete=models.PROTECT, related_name="price_list")
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class PriceQuerySet(models.QuerySet["Price"]):
    def holding(self, *, market: Market, at: datetime) -> PriceQuerySet:
        """The market's prices that hold at `at`."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=at), price_list__market=market, valid_from__lte=at)


class Price(models.Model):
    """What a variant costs in a price list from `valid_from` until just before `valid_until`."""

    class Kind(models.TextChoices):
        REGULAR = "regular", "Regular"
        SALE = "sale", "Sale"

    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="prices")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REGULAR)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    objects = PriceQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="price_starts_before_it_ends",
            ),
            models.UniqueConstraint(
                fields=["price_list", "variant", "kind", "valid_from"], name="price_one_per_kind_and_start"
            ),
            models.UniqueConstraint(
                fields=["price_list", "variant", "kind"],
                condition=Q(valid_until=None),
                name="price_one_open_end_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.kind})"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
