from __future__ import annotations

from django.db import models

from commerce.markets.models import Market


class ShippingMethod(models.Model):
    """A flat price per order in the market's currency, free from a subtotal on if one is set."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="shipping_methods")
    code = models.SlugField()
    name = models.CharField(max_length=100)
    price_minor = models.PositiveBigIntegerField()
    free_from_minor = models.PositiveBigIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["market", "code"], name="shipping_method_once_per_market")]

    def __str__(self) -> str:
        return self.name
