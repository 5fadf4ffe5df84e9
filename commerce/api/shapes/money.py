from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commerce.kit.money import Money as MoneyValue


class Money(serializers.Serializer[MoneyValue]):
    amount = serializers.CharField(help_text='Decimal, with the currency\'s own number of decimals: "19.99".')
    minor = serializers.IntegerField(help_text="The same in minor units: 1999.")
    currency = serializers.CharField(help_text="ISO 4217.")

    def to_representation(self, amount: Any) -> Any:
        """Frozen documents hold their amounts in this form already."""
        return amount.document() if isinstance(amount, MoneyValue) else amount
