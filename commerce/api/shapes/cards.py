from __future__ import annotations

from rest_framework import serializers


class SavedCard(serializers.Serializer[None]):
    id = serializers.CharField(help_text="What the payment service calls it, to pay with it again.")
    brand = serializers.CharField()
    last4 = serializers.CharField()
    exp_month = serializers.IntegerField()
    exp_year = serializers.IntegerField()


class SavedCards(serializers.Serializer[None]):
    results = SavedCard(many=True)
