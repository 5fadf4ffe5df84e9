from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models

from commerce.kit.currencies import EXPONENTS


class Channel(models.Model):
    """A door through which the shop sells, such as its site, an app or a till."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    is_open = models.BooleanField(
        "open to everybody", default=True, help_text="Whoever asks may shop through it; otherwise staff alone."
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Market(models.Model):
    """Where the shop sells: a currency, the countries it ships to, and whether prices include tax."""

    class ShippingTax(models.TextChoices):
        """By which rate the price of shipping is taxed."""

        STANDARD = "standard", "The standard rate"
        REDUCED = "reduced", "The reduced rate"
        ZERO = "zero", "Not at all"
        SHARE = "share", "The rates of the goods, by their share of the value"

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    currency = models.CharField(max_length=3, choices=[(code, code) for code in sorted(EXPONENTS)])
    tax_inclusive = models.BooleanField("prices include tax", default=True)
    is_default = models.BooleanField(default=False)
    origin_country = models.CharField(
        "ISO 3166-1 alpha-2 code",
        max_length=2,
        blank=True,
        help_text="Where the shop sells from. Needed for reverse charge within the EU.",
    )
    shipping_tax = models.CharField(max_length=10, choices=ShippingTax.choices, default=ShippingTax.STANDARD)
    total_rounding_minor = models.PositiveSmallIntegerField(
        "totals are rounded to",
        default=1,
        validators=[MinValueValidator(1)],
        help_text="In minor units: 5 where the smallest coin is five centimes, else 1.",
    )
    shows_reference_price = models.BooleanField(
        "show the lowest earlier price",
        default=True,
        help_text="Beside a reduced price, as article 6a of Directive 98/6/EC asks in the EU.",
    )
    reference_price_days = models.PositiveSmallIntegerField(
        "days that the earlier price looks back", default=30, validators=[MinValueValidator(1)]
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="market_one_default"
            ),
            models.CheckConstraint(
                condition=models.Q(total_rounding_minor__gte=1), name="market_rounds_to_a_whole_amount"
            ),
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


class MarketLocale(models.Model):
    """A language in which the market is served; the first is its own."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="market_locales")
    language_code = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["market", "language_code"], name="market_locale_once_per_market")
        ]

    def __str__(self) -> str:
        return self.language_code
