from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms.catalogue.options import OptionsField
from cms.images.models import ShopImage


class Brand(models.Model):
    """The name that a product is sold under."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Collection(ClusterableModel):
    """Products put together by hand, whatever their category: "Winter", "Gifts under 30"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)

    class Meta:
        # Wagtail's own collections hold pictures.
        verbose_name = "product collection"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What sells, whatever the language: carts, prices, stock and orders refer to this and to its variants."""

    class TaxClass(models.TextChoices):
        STANDARD = "standard", "Standard"
        REDUCED = "reduced", "Reduced"
        ZERO = "zero", "Zero"

    class ShippingClass(models.TextChoices):
        """What the rules of shipping tell apart."""

        STANDARD = "standard", "Standard"
        BULKY = "bulky", "Bulky"
        COLD = "cold", "Kept cold"
        HAZARDOUS = "hazardous", "Hazardous"
        NONE = "none", "Not shipped"

    class Kind(models.TextChoices):
        """Goods lie on a shelf; of digital goods there is always one more; a bundle is made of other variants."""

        GOODS = "goods", "Goods"
        GIFT_CARD = "gift_card", "Gift card"
        BUNDLE = "bundle", "Bundle"
        DIGITAL = "digital", "Digital"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.GOODS)
    brand = models.ForeignKey(Brand, null=True, blank=True, on_delete=models.PROTECT, related_name="products")
    shipping_class = models.CharField(max_length=20, choices=ShippingClass.choices, default=ShippingClass.STANDARD)
    tax_class = models.CharField(max_length=20, choices=TaxClass.choices, default=TaxClass.STANDARD)
    available_from = models.DateTimeField(null=True, blank=True)
    available_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(available_from=None) | Q(available_until=None) | Q(available_until__gt=F("available_from")),
                name="product_window_opens_before_it_closes",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Variant(models.Model):
    """The unit that is priced, stocked and bought."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=64, unique=True)
    options = OptionsField(default=dict, blank=True, help_text='In order, such as {"Colour": "Moss", "Size": "M"}.')
    image = models.ForeignKey(ShopImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    weight_grams = models.PositiveIntegerField("weight in grams, packed", default=0)
    is_active = models.BooleanField("active", default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "sku"]

    def __str__(self) -> str:
        return self.sku

    @property
    def name(self) -> str:
        """The option values: "Moss / M"; empty for a product with one variant."""
        return " / ".join(map(str, self.options.values()))


class BundlePart(models.Model):
    """How many of a variant are in one of a bundle. A part is no bundle itself: nothing nests."""

    bundle = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="bundle_parts")
    part = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="in_bundles")
    quantity = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "part"], name="bundle_part_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="bundle_part_counts"),
            models.CheckConstraint(condition=~Q(bundle=F("part")), name="bundle_part_is_no_bundle_of_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.part_id} in {self.bundle_id}"


class Placement(models.Model):
    """A product's place in a category. Refers to the category's translation key, which all its languages share."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="placements")
    category_key = models.UUIDField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "category_key"], name="placement_once_per_category")]
        indexes = [
            # A category's list in its own order.
            models.Index(fields=["category_key", "position"], name="placement_order")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.category_key}"


class CollectionItem(models.Model):
    """A product's place in a collection."""

    collection = ParentalKey(Collection, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="collection_items")
    position = models.PositiveIntegerField(default=0)

    # Wagtail's forms write the order there.
    sort_order_field = "position"

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "product"], name="collection_item_once_per_collection")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.collection_id}"
