from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cms.catalogue.models import Product


class TaxRate(models.Model):
    """The percentage that a country takes on a tax class from `valid_from` until just before `valid_until`."""

    country = models.CharField("ISO 3166-1 alpha-2 code", max_length=2)
    tax_class = models.CharField(max_length=20, choices=Product.TaxClass.choices)
    percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["country", "tax_class", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["country", "tax_class", "valid_from"], name="tax_rate_one_per_start"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="tax_rate_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.tax_class} {self.percent} %"
