from __future__ import annotations

from typing import Any

from rest_framework import serializers


class Address(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    street_address = serializers.CharField(max_length=200)
    postal_code = serializers.CharField(max_length=20, allow_blank=True, default="")
    city = serializers.CharField(max_length=100, allow_blank=True, default="")
    country_area = serializers.CharField(max_length=100, allow_blank=True, default="")
    country = serializers.RegexField(r"^[A-Za-z]{2}$", help_text="ISO 3166-1 alpha-2")
    phone = serializers.CharField(max_length=30, allow_blank=True, default="")


class ContactAddress(Address):
    email = serializers.EmailField(max_length=254)
    vat_id = serializers.CharField(
        max_length=20, allow_blank=True, default="", help_text="VAT id of a business, with its country: DE136695976."
    )
    remind = serializers.BooleanField(
        required=False,
        help_text="Whether the shopper agrees to be reminded by mail of a cart left behind. Absent: what was agreed "
        "for this e-mail address holds on.",
    )


class PickupPoint(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    street_address = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    opening_hours = serializers.CharField()
