"""The shapes of answers, for the schema and for rendering.

Catalogue documents leave the listings ready to send; their serializers here describe them, and a test holds
the two together.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cms.blocks.story import StoryBlock as StoryBlocks
from cms.catalogue.models import ProductContent, ProductImage
from cms.catalogue.models import Variant as VariantRow
from cms.images.sets import image_set
from commerce.cart.viewing import CartView, LineProblem, LineView
from commerce.checkout.states import CheckoutStatus
from commerce.kit.money import Money as MoneyValue
from commerce.listings.products import Availability, price_document
from commerce.orders.states import OrderStatus
from commerce.promotions.showing import ShownPrice


class Money(serializers.Serializer[MoneyValue]):
    amount = serializers.CharField(help_text='Decimal, with the currency\'s own number of decimals: "19.99".')
    minor = serializers.IntegerField(help_text="The same in minor units: 1999.")
    currency = serializers.CharField(help_text="ISO 4217.")

    def to_representation(self, amount: Any) -> Any:
        """Frozen documents hold their amounts in this form already."""
        return amount.document() if isinstance(amount, MoneyValue) else amount


class ImageSet(serializers.Serializer[Any]):
    alt = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    src = serializers.URLField()
    srcset = serializers.CharField()


class Seo(serializers.Serializer[Any]):
    title = serializers.CharField()
    description = serializers.CharField()


class CategoryReference(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()


class PriceTier(serializers.Serializer[Any]):
    min_quantity = serializers.IntegerField()
    price = Money()


class PricePromotion(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class Price(serializers.Serializer[Any]):
    current = Money(help_text="What one costs now, with promotions that ask for nothing.")
    regular = Money(help_text="What it costs when nothing is reduced.")
    reference = Money(
        allow_null=True,
        help_text="The lowest price in the days before the reduction (Directive 98/6/EC, article 6a); null when there "
        "is no reduction or the market does not show it.",
    )
    discount_percent = serializers.IntegerField(
        allow_null=True, help_text="Whole percent below the reference price, or below the regular one without it."
    )
    on_sale = serializers.BooleanField()
    sale_ends_at = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True, help_text="When this price is over, if that is known.")
    promotion = PricePromotion(allow_null=True, help_text="The promotion that lowered the price.")
    tiers = PriceTier(many=True, help_text="Prices by quantity; empty when there is one price.")
    tax_inclusive = serializers.BooleanField()


AVAILABILITY = [state.value for state in Availability]
LINE_PROBLEMS = [problem.value for problem in LineProblem]
CHECKOUT_STATUSES = [status.value for status in CheckoutStatus]
ORDER_STATUSES = [status.value for status in OrderStatus]
STORY_BLOCKS = list(StoryBlocks.base_blocks)


class ProductCard(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    image = ImageSet(allow_null=True)
    price = Price()
    price_from = serializers.BooleanField(help_text="Variants differ in price; this is the lowest.")
    availability = serializers.ChoiceField(AVAILABILITY)
    variant_count = serializers.IntegerField()
    default_variant = serializers.UUIDField(allow_null=True, help_text="Set when there is just one variant.")


class ProductPage(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ProductCard(many=True)


class Variant(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    sku = serializers.CharField()
    name = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    price = Price()
    availability = serializers.ChoiceField(AVAILABILITY)
    available = serializers.IntegerField(allow_null=True, help_text="How many are left, told only when few.")
    image = serializers.IntegerField(allow_null=True, help_text="Index of its picture in the gallery.")


class ProductOption(serializers.Serializer[Any]):
    name = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField())


class StoryBlock(serializers.Serializer[Any]):
    type = serializers.ChoiceField(STORY_BLOCKS)
    value = serializers.JSONField(help_text="heading: text; paragraph: HTML; image: picture; quote: its parts.")
    id = serializers.CharField(allow_null=True)


class ProductDetail(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Empty in the preview of a product that was never saved.")
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    story = StoryBlock(many=True)
    gallery = ImageSet(many=True)
    seo = Seo()
    categories = CategoryReference(many=True)
    breadcrumbs = CategoryReference(many=True)
    price = Price(allow_null=True)
    price_from = serializers.BooleanField()
    availability = serializers.ChoiceField(AVAILABILITY)
    options = ProductOption(many=True)
    variants = Variant(many=True)


class Category(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    image = ImageSet(allow_null=True)
    product_count = serializers.IntegerField(help_text="Products here and below.")
    children = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/Category"}})
    def get_children(self, node: Any) -> Any:
        return node["children"]


class CategoryDetail(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    introduction = serializers.CharField(help_text="HTML")
    image = ImageSet(allow_null=True)
    seo = Seo()
    breadcrumbs = CategoryReference(many=True)
    children = Category(many=True)
    product_count = serializers.IntegerField()


class Market(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    countries = serializers.ListField(child=serializers.CharField())
    locales = serializers.ListField(child=serializers.CharField(), help_text="Languages, its own first.")
    tax_inclusive = serializers.BooleanField()
    is_default = serializers.BooleanField()


class MarketPage(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = Market(many=True)


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


class PickupPoint(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    street_address = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    opening_hours = serializers.CharField()


class QuoteDiscount(serializers.Serializer[Any]):
    promotion = serializers.CharField(help_text="Code of the promotion.")
    name = serializers.CharField()
    coupon = serializers.CharField(allow_null=True)
    amount = Money()


class QuoteLine(serializers.Serializer[Any]):
    variant = serializers.UUIDField()
    sku = serializers.CharField()
    title = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
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
    pickup_points = PickupPoint(many=True)
    chosen = serializers.SerializerMethodField()

    def get_chosen(self, option: Any) -> bool:
        return bool(option.method == self.context["chosen"])


class CartProduct(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    image = ImageSet(allow_null=True)


def _picture_of(content: ProductContent, variant: VariantRow) -> ProductImage | None:
    """The variant's own picture where the gallery shows it, else the first."""
    pictures = content.pictures
    own = (picture for picture in pictures if picture.image_id == variant.image_id)
    return next(own, next(iter(pictures), None))


class CartLine(serializers.Serializer[LineView]):
    id = serializers.UUIDField(source="line.id")
    variant = serializers.UUIDField(source="line.variant_id")
    sku = serializers.CharField(source="line.variant.sku")
    name = serializers.CharField(source="line.variant.name")
    options = serializers.DictField(source="line.variant.options", child=serializers.CharField())
    product = serializers.SerializerMethodField()
    quantity = serializers.IntegerField(source="line.quantity")
    max_quantity = serializers.IntegerField()
    unit_price = serializers.SerializerMethodField()
    total = Money(allow_null=True)
    problem = serializers.ChoiceField(
        LINE_PROBLEMS,
        allow_null=True,
        help_text="Why the line cannot be bought as it stands.",
    )

    @extend_schema_field(CartProduct(allow_null=True))
    def get_product(self, view: LineView) -> Any:
        content = view.content
        if content is None:
            return None
        picture = _picture_of(content, view.line.variant)
        image = image_set(picture.image, alt=picture.alt_text) if picture else None
        return {"slug": content.slug, "title": content.title, "image": image}

    @extend_schema_field(Price(allow_null=True))
    def get_unit_price(self, view: LineView) -> Any:
        return price_document(ShownPrice(view.offer.price, None), self.context["market"]) if view.offer else None


class CartCredit(serializers.Serializer[Any]):
    account = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    available = Money()


class Cart(serializers.Serializer[CartView]):
    id = serializers.UUIDField(source="cart.id")
    market = serializers.CharField(source="cart.market.code")
    currency = serializers.CharField(source="cart.market.currency")
    item_count = serializers.IntegerField()
    lines = serializers.SerializerMethodField()
    subtotal = Money(help_text="Before promotions; `quote/` tells what there is to pay.")
    coupons = serializers.ListField(source="cart.coupons", child=serializers.CharField())
    credits = CartCredit(source="balances", many=True)
    shipping_method = serializers.CharField(source="cart.shipping_method", help_text="Empty: the cheapest.")
    pickup_point = serializers.CharField(source="cart.pickup_point")
    vat_id = serializers.CharField(source="cart.vat_id")
    email = serializers.CharField(source="cart.email")
    address = Address(source="cart.address", allow_null=True)
    ready = serializers.BooleanField(source="is_ready", help_text="Could be checked out as it stands.")

    @extend_schema_field(CartLine(many=True))
    def get_lines(self, view: CartView) -> Any:
        return [CartLine(line, context={"market": view.cart.market}).data for line in view.lines]


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
