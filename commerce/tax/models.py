from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from cms.catalogue.models import Product
from commerce.kit.ledgers import InsertOnly
from commerce.pricing.models import CustomerGroup

_Row = TypeVar("_Row", bound=models.Model)
_country_code = RegexValidator(r"\A[A-Z]{2}\Z", "Two capital letters, such as DE.")


class DatedQuerySet(models.QuerySet[_Row]):
    def holding(self, *, at: datetime) -> DatedQuerySet[_Row]:
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=at), valid_from__lte=at)


class TaxRate(models.Model):
    """The percentage that a country takes on a tax class from `valid_from` until just before `valid_until`.

    Where two overlap the region's own beats the country's, and then the one that began last holds.
    """

    country = models.CharField("ISO 3166-1 alpha-2 code", max_length=2, validators=[_country_code])
    region = models.CharField(
        max_length=100,
        blank=True,
        default="",
        help_text="As addresses write it, such as Las Palmas. Blank: the whole country.",
    )
    tax_class = models.CharField(max_length=20, choices=Product.TaxClass.choices)
    percent = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    source = models.CharField(
        max_length=100, blank=True, default="", editable=False, help_text="The data that it was loaded from, if any."
    )
    loaded_as = models.CharField(max_length=100, blank=True, default="", editable=False)
    """Percent and dates as the loader left them; when they differ now, staff have edited the row."""

    objects = DatedQuerySet["TaxRate"].as_manager()

    class Meta:
        ordering = ["country", "region", "tax_class", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "region", "tax_class", "valid_from"], name="tax_rate_one_per_place_and_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="tax_rate_starts_before_it_ends",
            ),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="tax_rate_is_a_percentage"),
        ]

    def __str__(self) -> str:
        place = f"{self.country} {self.region}".strip()
        return f"{place} {self.tax_class} {self.percent} %"


class TaxExemption(models.Model):
    """Customers of the group are not charged tax, everywhere or in one country, while it is valid."""

    customer_group = models.ForeignKey(CustomerGroup, on_delete=models.PROTECT, related_name="tax_exemptions")
    country = models.CharField(
        "ISO 3166-1 alpha-2 code",
        max_length=2,
        blank=True,
        default="",
        validators=[_country_code],
        help_text="Where the goods go. Blank: any country.",
    )
    reason = models.CharField(max_length=200, help_text="Printed on the invoice, such as the law that exempts them.")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    objects = DatedQuerySet["TaxExemption"].as_manager()

    class Meta:
        ordering = ["customer_group", "country", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="tax_exemption_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_group}: {self.reason}"


class TaxCalculation(InsertOnly):
    """What a tax service answered to a request, kept so that quoting inside a transaction needs no network."""

    request_hash = models.CharField(max_length=64, unique=True)
    provider = models.CharField(max_length=20)
    request = models.JSONField()
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.provider} {self.request_hash[:12]}"
