from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commerce.api.shapes.addresses import Address
from commerce.api.shapes.money import Money
from commerce.api.shapes.quotes import Quote
from commerce.orders.states import OrderStatus

ORDER_STATUSES = [status.value for status in OrderStatus]


class BoughtGiftCard(serializers.Serializer[Any]):
    code = serializers.CharField()
    balance = Money()


class Order(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(ORDER_STATUSES)
    placed_at = serializers.DateTimeField()
    email = serializers.CharField()
    address = Address()
    quote = Quote()
    gift_cards = BoughtGiftCard(many=True, help_text="Gift cards that were bought with this order.")
