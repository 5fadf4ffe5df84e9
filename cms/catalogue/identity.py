from __future__ import annotations

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from taggit.managers import TaggableManager
from taggit.models import ItemBase, Tag

from cms.catalogue.brands import Brand, Vendor
from cms.catalogue.options import OptionsField
from cms.images.models import ShopImage


def private_storage() -> Storage:
    return storages["private"]


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
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="products")
    is_featured = models.BooleanField("featured", default=False)
    shipping_class = models.CharField(max_length=20, choices=ShippingClass.choices, default=ShippingClass.STANDARD)
    tax_class = models.CharField(max_length=20, choices=TaxClass.choices, default=TaxClass.STANDARD)
    available_from = models.DateTimeField(null=True, blank=True)
    available_until = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    tags = TaggableManager(through="catalogue.ProductTag", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(available_from=None) | Q(available_until=None) | Q(available_until__gt=F("available_from")),
                name="product_window_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=~Q(kind="digital") | Q(shipping_class="none"), name="product_no_parcel_carries_a_file"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Variant(models.Model):
    """The unit that is priced, stocked and bought."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=64, unique=True)
    options = OptionsField(default=dict, blank=True, help_text='In order, such as {"Colour": "Moss", "Size": "M"}.')
    image = models.ForeignKey(ShopImage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    weight_grams = models.PositiveIntegerField("weight in grams, packed", default=0)
    barcode = models.CharField(max_length=14, blank=True, help_text="GTIN: EAN-8, UPC-A, EAN-13 or GTIN-14.")
    is_active = models.BooleanField("active", default=True)
    available_from = models.DateTimeField(null=True, blank=True)
    available_until = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "sku"]
        constraints = [
            models.UniqueConstraint(fields=["barcode"], condition=~Q(barcode=""), name="variant_barcode_once"),
            models.CheckConstraint(
                condition=Q(available_from=None) | Q(available_until=None) | Q(available_until__gt=F("available_from")),
                name="variant_window_opens_before_it_closes",
            ),
        ]

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


class ProductTag(ItemBase):
    """A word of the staff's own for a product, for finding it again and for rules."""

    content_object = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="product_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="product_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="product_tag_once")]

    def __str__(self) -> str:
        return f"{self.tag_id} of {self.content_object_id}"


class RelatedProduct(models.Model):
    """What is shown beside a product, as a merchandiser chose it."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="related_products")
    related = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="related_to")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "related"], name="related_product_once"),
            models.CheckConstraint(condition=~Q(product=F("related")), name="related_product_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.related_id} beside {self.product_id}"


class DigitalFile(models.Model):
    """What a buyer of a digital product downloads. Kept where no address leads to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="digital_files")
    name = models.CharField(max_length=150)
    file = models.FileField(upload_to="downloads/", storage=private_storage)
    bytes = models.PositiveBigIntegerField(default=0, editable=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
