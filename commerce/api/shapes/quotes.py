from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commerce.api.shapes.addresses import PickupPoint
from commerce.api.shapes.money import Money


class QuoteDiscount(serializers.Serializer[Any]):
    promotion = serializers.CharField(help_text="Code of the promotion.")
    name = serializers.CharField()
    coupon = serializers.CharField(allow_null=True)
    amount = Money()


class StockWait(serializers.Serializer[Any]):
    """Goods that are bought before they are there."""

    expected_on = serializers.DateField(allow_null=True, help_text="When they are expected; null: nobody knows yet.")


WAIT_HELP = (
    "Null: nothing is waited for. Else all of it is sent once the last has come, and `earliest` and `latest` count "
    "from then; where that day is unknown, they are null."
)


class QuoteLine(serializers.Serializer[Any]):
    variant = serializers.UUIDField()
    sku = serializers.CharField()
    title = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    wait = StockWait(allow_null=True, help_text="Null: all of it was there when it was quoted.")
    gift = serializers.BooleanField(help_text="Added by a promotion, for nothing.")
    given_by = serializers.CharField(help_text="Name of the promotion that gives it; empty for what is bought.")
    unit_price = Money(help_text="Before promotions.")
    subtotal = Money(help_text="Unit price times quantity.")
    discounts = QuoteDiscount(many=True)
    discount = Money(help_text="Sum of the discounts.")
    relief = Money(help_text="Tax that was in the price and that this buyer does not owe.")
    total = Money(help_text="What the line costs: subtotal less discount less relief.")


class QuoteShipping(serializers.Serializer[Any]):
    method = serializers.CharField()
    name = serializers.CharField()
    pickup_point = PickupPoint(allow_null=True, help_text="Where it is collected; null when it is delivered.")
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)
    wait = StockWait(allow_null=True, help_text=WAIT_HELP)
    price = Money(help_text="Before promotions.")
    discount = Money()
    relief = Money(help_text="Tax that was in the price and that this buyer does not owe.")
    total = Money(help_text="Price less discount less relief.")


class QuoteTax(serializers.Serializer[Any]):
    rate = serializers.CharField(help_text='Percent: "19".')
    country = serializers.CharField()
    total = Money()
    included = serializers.BooleanField()


class QuoteCredit(serializers.Serializer[Any]):
    account = serializers.UUIDField()
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="Such as a gift card's last characters."
    )
    amount = Money()


class QuotePromotion(serializers.Serializer[Any]):
    """What became of a promotion or a coupon, applied or not, and why."""

    promotion = serializers.CharField()
    name = serializers.CharField()
    coupon = serializers.CharField(allow_null=True)
    applied = serializers.BooleanField()
    reason = serializers.CharField(help_text="A stable code.")
    saved = Money(allow_null=True)
    facts = serializers.DictField(help_text="What the reason goes by, such as how much is missing.")


class TaxTreatment(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="taxed, exempt or reverse_charge.")
    reason = serializers.CharField()
    vat_id = serializers.CharField()


class Quote(serializers.Serializer[Any]):
    """`subtotal` − `discount_total` − `relief_total` + shipping + tax where it is not included + `rounding` = `total`;
    less gift cards and store credit = `due`."""

    currency = serializers.CharField()
    tax_inclusive = serializers.BooleanField()
    treatment = TaxTreatment()
    lines = QuoteLine(many=True)
    subtotal = Money()
    discount_total = Money()
    relief_total = Money()
    shipping = QuoteShipping(allow_null=True, help_text="Null while there is no address.")
    tax = QuoteTax(many=True)
    tax_total = Money()
    rounding = Money(help_text="Where the smallest coin asks for it; may be negative.")
    total = Money()
    credits = QuoteCredit(many=True)
    credit_total = Money()
    due = Money(help_text="What is left to pay.")


class Explanation(serializers.Serializer[Any]):
    """One step of how an amount came about. `rule` and `facts` are for programs, `words` for people."""

    subject = serializers.CharField(help_text="line:{variant}, shipping, tax, promotion, credit or total.")
    rule = serializers.CharField()
    amount = Money(allow_null=True)
    facts = serializers.DictField()
    words = serializers.CharField()


class ShippingProblem(serializers.Serializer[Any]):
    problem = serializers.CharField(help_text="As in shipping options.")
    detail = serializers.CharField()


class ExplainedQuote(Quote):
    shipping_problem = ShippingProblem(
        allow_null=True, help_text="Why shipping is left out although there is an address."
    )
    promotions = QuotePromotion(many=True)
    explanation = Explanation(many=True, required=False, help_text="Only with `explain=1`.")


class ShippingOption(serializers.Serializer[Any]):
    """A way to ship the cart. A promotion that makes it free shows in the quote."""

    method = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    price = Money(allow_null=True, help_text="Null when the method cannot take this cart; `problem` says why.")
    problem = serializers.CharField(allow_null=True)
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)
    wait = StockWait(allow_null=True, help_text=WAIT_HELP)
    pickup_points = PickupPoint(many=True)
    chosen = serializers.SerializerMethodField()

    def get_chosen(self, option: Any) -> bool:
        return bool(option.method == self.context["chosen"])
