from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commerce.api.shapes.addresses import Address
from commerce.api.shapes.money import Money
from commerce.api.shapes.quotes import Quote
from commerce.orders.models import ReturnReason
from commerce.orders.states import FulfilmentState, FulfilmentStatus, OrderStatus, PaymentState, ReturnStatus
from commerce.payments.states import RefundState

ORDER_STATUSES = [status.value for status in OrderStatus]
PAYMENT_STATES = [state.value for state in PaymentState]
FULFILMENT_STATES = [state.value for state in FulfilmentState]
PARCEL_STATUSES = [FulfilmentStatus.SHIPPED.value, FulfilmentStatus.DELIVERED.value]
RETURN_STATUSES = [status.value for status in ReturnStatus]
REFUND_STATUSES = [state.value for state in RefundState]
RETURN_REASONS: list[str] = list(ReturnReason.values)


class BoughtGiftCard(serializers.Serializer[Any]):
    code = serializers.CharField()
    balance = Money()


class Download(serializers.Serializer[Any]):
    position = serializers.IntegerField(help_text="The order's line.")
    title = serializers.CharField()
    name = serializers.CharField(help_text="Of the file.")
    bytes = serializers.IntegerField()
    url = serializers.URLField(help_text="Where the file is, until then. Each answer has new links.")
    expires_at = serializers.DateTimeField()


class OrderLine(serializers.Serializer[Any]):
    """What became of a line. Its amounts are in the quote, in the same order."""

    position = serializers.IntegerField(help_text="Names the line, as for returns.")
    variant = serializers.UUIDField()
    sku = serializers.CharField()
    title = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    sent = serializers.IntegerField(help_text="Units that have left the house.")
    cancelled = serializers.IntegerField()
    returned = serializers.IntegerField()
    refunded = serializers.IntegerField(help_text="Units that were paid back, or are about to be.")
    returnable = serializers.IntegerField(help_text="Units that a return may be asked for.")


class ParcelLine(serializers.Serializer[Any]):
    sku = serializers.CharField()
    title = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()


class Parcel(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(PARCEL_STATUSES)
    method = serializers.CharField()
    tracking_number = serializers.CharField()
    tracking_url = serializers.CharField(help_text="Where the carrier tells where it is; may be empty.")
    lines = ParcelLine(many=True)


class ReturnLine(serializers.Serializer[Any]):
    position = serializers.IntegerField(help_text="The order's line.")
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    reason = serializers.ChoiceField(RETURN_REASONS)
    received = serializers.IntegerField()
    exchanged = serializers.IntegerField(help_text="For so many of them something else is sent.")
    exchanged_for = serializers.CharField(help_text="SKU of what is sent instead; empty: it is paid back.")


class Return(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(RETURN_STATUSES)
    requested_at = serializers.DateTimeField()
    words = serializers.CharField()
    lines = ReturnLine(many=True)


class TimelineEntry(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    kind = serializers.CharField(
        help_text="order, edit, payment_state, fulfilment, return, exchange, refund, payment_refund, note."
    )
    name = serializers.CharField(help_text="A stable code of what happened, such as the state that was reached.")
    words = serializers.CharField()
    detail = serializers.CharField()
    facts = serializers.DictField(help_text="Such as the number to follow a parcel by.")


class OrderRefund(serializers.Serializer[Any]):
    at = serializers.DateTimeField(help_text="When it was decided.")
    amount = Money()
    status = serializers.ChoiceField(
        REFUND_STATUSES,
        help_text=(
            "requested: on its way. succeeded: made. failed: it did not arrive and is still owed. "
            "waived: it failed, and shop and shopper settled it otherwise."
        ),
    )


class OrderSummary(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(ORDER_STATUSES)
    payment_state = serializers.ChoiceField(PAYMENT_STATES)
    fulfilment_state = serializers.ChoiceField(FULFILMENT_STATES)
    placed_at = serializers.DateTimeField()
    item_count = serializers.IntegerField()
    total = Money()


class OrderPage(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OrderSummary(many=True)


class ToPay(serializers.Serializer[Any]):
    amount = Money(help_text="What is left to pay.")
    received = Money(help_text="What has come of it so far, as by a transfer in several parts.")
    online = serializers.BooleanField(help_text="Paid by what `payment/` answers; else as `payment_instructions` say.")


class Order(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(ORDER_STATUSES)
    payment_state = serializers.ChoiceField(PAYMENT_STATES)
    fulfilment_state = serializers.ChoiceField(FULFILMENT_STATES)
    payment_method = serializers.CharField(help_text="Empty where nothing was left to pay.")
    payment_instructions = serializers.CharField(help_text="How to pay, while it is awaited; else empty.")
    pay_by = serializers.DateTimeField(
        allow_null=True, help_text="When the order is cancelled by itself if no transfer has come; null: never."
    )
    to_pay = ToPay(allow_null=True, help_text="What is awaited, as after an edit; null: nothing.")
    overpaid = Money(help_text="What came by transfer or in cash beyond what was due, and has not been given back.")
    placed_at = serializers.DateTimeField()
    email = serializers.CharField()
    address = Address()
    billing_address = Address(allow_null=True, help_text="Null: as the shipping address.")
    quote = Quote()
    refunded = Money(help_text="What of the total was paid back, or is about to be.")
    refunds = OrderRefund(many=True, help_text="One by one, and how far each has come.")
    lines = OrderLine(many=True)
    parcels = Parcel(many=True)
    returns = Return(many=True)
    may_cancel = serializers.BooleanField(help_text="Whether the shopper may still cancel.")
    timeline = TimelineEntry(many=True)
    gift_cards = BoughtGiftCard(many=True, help_text="Gift cards that were bought with this order.")
    downloads = Download(many=True, help_text="Files of digital goods, once they are paid.")
