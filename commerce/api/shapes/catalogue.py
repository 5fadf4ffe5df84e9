"""Catalogue documents leave the listings ready to send; these describe them, and a test holds the two together."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cms.blocks.story import StoryBlock as StoryBlocks
from cms.catalogue.models import Attribute
from commerce.api.shapes.money import Money
from commerce.listings.products import Availability


class ImageSource(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="Media type: image/avif, image/webp.")
    srcset = serializers.CharField()


class ImageFocus(serializers.Serializer[Any]):
    x = serializers.IntegerField()
    y = serializers.IntegerField()


class ImageSet(serializers.Serializer[Any]):
    alt = serializers.CharField(help_text="Empty for decoration.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    src = serializers.URLField()
    srcset = serializers.CharField(help_text="In WebP; empty while its sizes are still being made.")
    sources = ImageSource(many=True, help_text="One for each format, smallest files first, for <picture>.")
    focus = ImageFocus(
        allow_null=True, help_text="What must stay in sight when it is cropped, in percent from the top left."
    )


class Seo(serializers.Serializer[Any]):
    title = serializers.CharField()
    description = serializers.CharField()


def json_ld() -> Any:
    return serializers.ListField(
        child=serializers.DictField(), help_text="By schema.org, to be written into the page as it is."
    )


class CategoryReference(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    path = serializers.CharField(help_text="In the storefront.")


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
AVAILABILITY_HELP = "backorder: bought now, sent when it comes; preorder: the same, and `expected_on` says when."
EXPECTED_HELP = "The day on which it is expected, where nothing is in stock and a day is known."


STORY_BLOCKS = list(StoryBlocks.base_blocks)


LOCALE_HELP = "The language of the words: the one asked for, or the shop's default one where they are not translated."


class Translation(serializers.Serializer[Any]):
    locale = serializers.CharField()
    slug = serializers.CharField()


class ProductCard(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    locale = serializers.CharField(help_text=LOCALE_HELP)
    title = serializers.CharField()
    summary = serializers.CharField()
    image = ImageSet(allow_null=True)
    price = Price()
    price_from = serializers.BooleanField(help_text="Variants differ in price; this is the lowest.")
    availability = serializers.ChoiceField(AVAILABILITY, help_text=AVAILABILITY_HELP)
    expected_on = serializers.DateField(allow_null=True, help_text=EXPECTED_HELP)
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
    barcode = serializers.CharField(help_text="A GTIN of 8, 12, 13 or 14 digits; empty where it has none.")
    name = serializers.CharField(help_text="The labels of its options, in the language of the answer.")
    options = serializers.DictField(child=serializers.CharField())
    price = Price()
    availability = serializers.ChoiceField(AVAILABILITY, help_text=AVAILABILITY_HELP)
    expected_on = serializers.DateField(allow_null=True, help_text=EXPECTED_HELP)
    available = serializers.IntegerField(allow_null=True, help_text="How many are left, told only when few.")
    min_quantity = serializers.IntegerField(help_text="How few a line of a cart may hold.")
    max_quantity = serializers.IntegerField(help_text="How many a line of a cart may hold, however many there are.")
    image = serializers.IntegerField(allow_null=True, help_text="Index of its picture in the gallery.")


class ProductOptionValue(serializers.Serializer[Any]):
    value = serializers.CharField(help_text="As variants and order lines name it, in every language.")
    label = serializers.CharField(help_text="In the language of the answer.")  # type: ignore[assignment]
    swatch = serializers.CharField(allow_null=True, help_text="A colour such as #7d8b6a.")
    image = ImageSet(allow_null=True)


class ProductOption(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="As variants and order lines name it, in every language.")
    label = serializers.CharField(help_text="In the language of the answer.")  # type: ignore[assignment]
    values = ProductOptionValue(many=True)


class StoryBlock(serializers.Serializer[Any]):
    type = serializers.ChoiceField(STORY_BLOCKS)
    value = serializers.JSONField(help_text="heading: text; paragraph: HTML; image: picture; quote: its parts.")
    id = serializers.CharField(allow_null=True)


class ProductDocument(serializers.Serializer[Any]):
    title = serializers.CharField()
    url = serializers.URLField()
    type = serializers.CharField(help_text="The file's ending, such as pdf.")
    size = serializers.IntegerField(allow_null=True, help_text="In bytes.")


class MakerReference(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


ATTRIBUTE_TYPES = [kind.value for kind in Attribute.Type]


class AttributeChoice(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class ProductAttribute(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.ChoiceField(ATTRIBUTE_TYPES)
    unit = serializers.CharField()
    value = serializers.JSONField(
        help_text="text: text; number: a number as text; choice: its code; choices: a list of codes; boolean: true or "
        "false; date: ISO 8601."
    )
    display = serializers.CharField(help_text="The value as a shopper reads it, with its unit.")


class CategoryAttribute(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.ChoiceField(ATTRIBUTE_TYPES)
    unit = serializers.CharField()
    choices = AttributeChoice(many=True, help_text="Empty unless the type is choice or choices.")


class Brand(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    logo = ImageSet(allow_null=True)
    seo = Seo()
    product_count = serializers.IntegerField()


class BrandPage(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = Brand(many=True)


class Collection(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    introduction = serializers.CharField()
    image = ImageSet(allow_null=True)
    seo = Seo()
    product_count = serializers.IntegerField()


class CollectionPage(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = Collection(many=True)


class ProductDetail(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Empty in the preview of a product that was never saved.")
    slug = serializers.CharField()
    path = serializers.CharField(help_text="In the storefront, within the language.")
    locale = serializers.CharField(help_text=LOCALE_HELP)
    translations = Translation(many=True, help_text="Its published languages, with its address in each.")
    title = serializers.CharField()
    summary = serializers.CharField()
    story = StoryBlock(many=True)
    gallery = ImageSet(many=True)
    documents = ProductDocument(many=True, help_text="Papers to download, such as instructions.")
    seo = Seo()
    social_image = ImageSet(allow_null=True, help_text="For whoever shares the address.")
    brand = MakerReference(allow_null=True)
    vendor = MakerReference(allow_null=True)
    attributes = ProductAttribute(many=True)
    categories = CategoryReference(many=True)
    breadcrumbs = CategoryReference(many=True)
    price = Price(allow_null=True)
    price_from = serializers.BooleanField()
    availability = serializers.ChoiceField(AVAILABILITY, help_text=AVAILABILITY_HELP)
    expected_on = serializers.DateField(allow_null=True, help_text=EXPECTED_HELP)
    options = ProductOption(many=True)
    variants = Variant(many=True)
    json_ld = json_ld()


class Category(serializers.Serializer[Any]):
    slug = serializers.CharField()
    locale = serializers.CharField(help_text=LOCALE_HELP)
    title = serializers.CharField()
    image = ImageSet(allow_null=True)
    product_count = serializers.IntegerField(help_text="Products here and below.")
    children = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/Category"}})
    def get_children(self, node: Any) -> Any:
        return node["children"]


class CategoryDetail(serializers.Serializer[Any]):
    slug = serializers.CharField()
    path = serializers.CharField(help_text="In the storefront, within the language.")
    locale = serializers.CharField(help_text=LOCALE_HELP)
    translations = Translation(many=True, help_text="Its published languages, with its address in each.")
    title = serializers.CharField()
    introduction = serializers.CharField(help_text="HTML")
    image = ImageSet(allow_null=True)
    body = StoryBlock(many=True)
    attributes = CategoryAttribute(many=True, help_text="What its products can be filtered by.")
    seo = Seo()
    social_image = ImageSet(allow_null=True, help_text="For whoever shares the address.")
    breadcrumbs = CategoryReference(many=True)
    children = Category(many=True)
    product_count = serializers.IntegerField()
    json_ld = json_ld()


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


class PreviewSession(serializers.Serializer[Any]):
    title = serializers.CharField(help_text="Of the page or product that it was opened on.")
    until = serializers.DateTimeField()


class Redirect(serializers.Serializer[Any]):
    path = serializers.CharField(help_text="Of the storefront; the whole address if it leads to another site.")
    permanent = serializers.BooleanField()
