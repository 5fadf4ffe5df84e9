from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cms.catalogue.models import ProductContent, ProductImage
from cms.catalogue.models import Variant as VariantRow
from cms.images.sets import image_set
from commerce.api.shapes.addresses import Address
from commerce.api.shapes.catalogue import ImageSet, Price
from commerce.api.shapes.money import Money
from commerce.cart.viewing import CartView, LineProblem, LineView
from commerce.listings.products import price_document
from commerce.promotions.showing import ShownPrice

LINE_PROBLEMS = [problem.value for problem in LineProblem]


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
