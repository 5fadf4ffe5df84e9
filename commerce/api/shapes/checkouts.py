from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commerce.api.shapes.quotes import Quote
from commerce.checkout.states import CheckoutStatus

CHECKOUT_STATUSES = [status.value for status in CheckoutStatus]


class Payment(serializers.Serializer[Any]):
    client_secret = serializers.CharField()
    publishable_key = serializers.CharField()
    script_url = serializers.URLField(help_text="Stripe.js, or the sandbox's stand-in for it.")


class OrderReference(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    access = serializers.CharField(help_text="Signature that opens the order for its guest.")


class Checkout(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(CHECKOUT_STATUSES)
    expires_at = serializers.DateTimeField()
    quote = Quote()
    payment = Payment(allow_null=True, help_text="Null when nothing is left to pay: complete it at once.")
    order = OrderReference(allow_null=True)
