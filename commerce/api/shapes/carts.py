from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cms.catalogue.models import ProductContent, ProductImage
from cms.catalogue.models import Variant as VariantRow
from cms.images.sets import image_set
from commerce.api.serializing import written_all
from commerce.api.shapes.addresses import Address
from commerce.api.shapes.catalogue import AVAILABILITY, AVAILABILITY_HELP, EXPECTED_HELP, ImageSet, Price
from commerce.api.shapes.money import Money
from commerce.cart.refilling import Shortage
from commerce.cart.seeing import ChangeKind
from commerce.cart.viewing import CartView, LineProblem, LineView
from commerce.listings.products import Availability, price_document
from commerce.promotions.showing import ShownPrice

LINE_PROBLEMS = [problem.value for problem in LineProblem]
CHANGE_KINDS = [kind.value for kind in ChangeKind]
SHORTAGES = [reason.value for reason in Shortage]


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
    min_quantity = serializers.IntegerField()
    max_quantity = serializers.IntegerField()
    availability = serializers.SerializerMethodField()
    expected_on = serializers.DateField(source="supply.expected_on", allow_null=True, help_text=EXPECTED_HELP)
    unit_price = serializers.SerializerMethodField(
        help_text="Before promotions, which the quote tells; of a saved line as product pages show it."
    )
    total = Money(allow_null=True, help_text="Before promotions.")
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

    @extend_schema_field(serializers.ChoiceField(AVAILABILITY, help_text=AVAILABILITY_HELP))
    def get_availability(self, view: LineView) -> Any:
        return Availability.of(view.supply)

    @extend_schema_field(Price(allow_null=True))
    def get_unit_price(self, view: LineView) -> Any:
        shown = view.shown or (ShownPrice(view.offer.price, None) if view.offer else None)
        return price_document(shown, view.market) if shown else None


class CartCredit(serializers.Serializer[Any]):
    account = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    available = Money()


class CartSight(serializers.Serializer[Any]):
    price = Money(allow_null=True, help_text="Of one piece; null when it is not sold.")
    available = serializers.IntegerField(help_text="How many there are, told up to what a line may hold.")


class CartChange(serializers.Serializer[Any]):
    """What changed about a line since the shopper put it in, changed it or acknowledged it."""

    line = serializers.UUIDField(source="line.id")
    variant = serializers.UUIDField(source="line.variant_id")
    kind = serializers.ChoiceField(CHANGE_KINDS)
    before = CartSight()
    after = CartSight()


class Cart(serializers.Serializer[CartView]):
    id = serializers.UUIDField(source="cart.id")
    market = serializers.CharField(source="cart.market.code")
    currency = serializers.CharField(source="cart.market.currency")
    item_count = serializers.IntegerField()
    lines = serializers.SerializerMethodField()
    saved = serializers.SerializerMethodField(help_text="Put aside for later; in no total and not bought.")
    changes = CartChange(many=True, help_text="News until they are acknowledged at `seen/`; saved lines included.")
    subtotal = Money(help_text="Before promotions; `quote/` tells what there is to pay.")
    coupons = serializers.ListField(source="cart.coupons", child=serializers.CharField())
    credits = CartCredit(source="balances", many=True)
    shipping_method = serializers.CharField(source="cart.shipping_method", help_text="Empty: the cheapest.")
    pickup_point = serializers.CharField(source="cart.pickup_point")
    vat_id = serializers.CharField(source="cart.vat_id")
    email = serializers.CharField(source="cart.email")
    address = Address(source="cart.address", allow_null=True)
    billing_address = Address(
        source="cart.billing_address", allow_null=True, help_text="Null when it is the same as the address."
    )
    note = serializers.CharField(source="cart.note")
    remind = serializers.SerializerMethodField(
        help_text="Whether the shopper agreed to be reminded of it by mail; null where the shop reminds nobody."
    )
    ready = serializers.BooleanField(source="is_ready", help_text="Could be checked out as it stands.")

    @extend_schema_field(CartLine(many=True))
    def get_lines(self, view: CartView) -> Any:
        return written_all(CartLine, view.lines)

    @extend_schema_field(CartLine(many=True))
    def get_saved(self, view: CartView) -> Any:
        return written_all(CartLine, view.saved)

    def get_remind(self, view: CartView) -> bool | None:
        return view.cart.mail_consent_at is not None if settings.CART_ABANDONED_AFTER_MINUTES else None


class ResumeLink(serializers.Serializer[Any]):
    token = serializers.CharField()
    url = serializers.URLField(help_text="Of the storefront.")
    expires_at = serializers.DateTimeField()


class ResumedCart(serializers.Serializer[Any]):
    cart = Cart()
    checkout = serializers.UUIDField(allow_null=True, help_text="The open checkout of the cart, if there is one.")


class LeftOut(serializers.Serializer[Any]):
    """What an old order bought and the cart could not take, or not all of it."""

    variant = serializers.UUIDField()
    sku = serializers.CharField()
    title = serializers.CharField()
    name = serializers.CharField()
    requested = serializers.IntegerField()
    put_in = serializers.IntegerField()
    reason = serializers.ChoiceField(SHORTAGES)


class Reordered(serializers.Serializer[Any]):
    cart = Cart()
    left_out = LeftOut(many=True)
