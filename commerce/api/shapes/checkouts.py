from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commerce.api.shapes.money import Money
from commerce.api.shapes.orders import PAYMENT_STATES
from commerce.api.shapes.quotes import Quote
from commerce.checkout.states import CheckoutStatus
from commerce.payments.models import Method

PAYMENT_METHODS = list(Method.values)
CHECKOUT_STATUSES = [status.value for status in CheckoutStatus]


class PaymentMethod(serializers.Serializer[Any]):
    """A way in which this cart could be paid for."""

    code = serializers.ChoiceField(PAYMENT_METHODS)
    name = serializers.CharField()
    instructions = serializers.CharField(help_text="For the shopper, such as the account to transfer to; may be empty.")


class Payment(serializers.Serializer[Any]):
    method = serializers.ChoiceField(PAYMENT_METHODS)
    instructions = serializers.CharField()
    client_secret = serializers.CharField(help_text="Empty where nothing is paid online: complete it at once.")
    publishable_key = serializers.CharField()
    script_url = serializers.URLField(allow_blank=True, help_text="Stripe.js, or the sandbox's stand-in for it.")


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


class AwaitedPayment(serializers.Serializer[Any]):
    payment_state = serializers.ChoiceField(PAYMENT_STATES)
    amount = Money(allow_null=True, help_text="What is to be paid; null when nothing is.")
    payment = Payment(allow_null=True)
