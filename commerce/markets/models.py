from __future__ import annotations

from django.db import models

from commerce.kit.currencies import EXPONENTS


class Market(models.Model):
    """Where the shop sells: a currency, the countries it ships to, and whether prices include tax."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    currency = models.CharField(max_length=3, choices=[(code, code) for code in sorted(EXPONENTS)])
    tax_inclusive = models.BooleanField("prices include tax", default=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="market_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name


class MarketCountry(models.Model):
    """A country belongs to one market, so that a market follows from a country."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="market_countries")
    country = models.CharField("ISO 3166-1 alpha-2 code", max_length=2, unique=True)

    class Meta:
        ordering = ["country"]

    def __str__(self) -> str:
        return self.country
