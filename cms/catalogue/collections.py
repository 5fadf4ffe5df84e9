from __future__ import annotations

import uuid

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms.catalogue.identity import Product
from cms.catalogue.wording import WordsField
from cms.images.models import ShopImage


class Collection(ClusterableModel):
    """Products put together whatever their category, by hand or by rules: "Winter", "Gifts under 30"."""

    class Method(models.TextChoices):
        MANUAL = "manual", "By hand"
        RULES = "rules", "By rules"

    class Match(models.TextChoices):
        ALL = "all", "all rules"
        ANY = "any", "at least one rule"

    class Order(models.TextChoices):
        """How the products that rules found are sorted."""

        NEWEST = "newest", "Newest first"
        TITLE = "title", "By title"
        PRICE = "price", "Cheapest first"
        PRICE_DOWN = "price_down", "Dearest first"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    introduction = models.TextField(blank=True, max_length=2000)
    image = models.ForeignKey(ShopImage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seo_title = models.CharField("title for search engines", max_length=70, blank=True)
    seo_description = models.CharField("description for search engines", max_length=160, blank=True)
    words = WordsField(of=("name", "introduction", "seo_title", "seo_description"))
    method = models.CharField("products are put in", max_length=10, choices=Method.choices, default=Method.MANUAL)
    match = models.CharField(
        "a product belongs here if it fits", max_length=5, choices=Match.choices, default=Match.ALL
    )
    order = models.CharField("sorted", max_length=12, choices=Order.choices, default=Order.NEWEST)

    class Meta:
        # Wagtail's own collections hold pictures.
        verbose_name = "product collection"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def storefront_path(self) -> str:
        return f"/collections/{self.slug}"


class CollectionRule(models.Model):
    """One condition of a collection by rules. `value` is a key of what is compared, or a number in `unit` of it."""

    class Subject(models.TextChoices):
        CATEGORY = "category", "Category (with those below it)"
        BRAND = "brand", "Brand"
        VENDOR = "vendor", "Vendor"
        TAG = "tag", "Tag"
        ATTRIBUTE = "attribute", "Attribute"
        PRICE_BELOW = "price_below", "Price at most"
        PRICE_ABOVE = "price_above", "Price at least"
        IN_STOCK = "in_stock", "In stock"
        ON_SALE = "on_sale", "On sale"
        NEW_FOR_DAYS = "new_for_days", "New, in days at most"
        FEATURED = "featured", "Featured"

    collection = ParentalKey(Collection, on_delete=models.CASCADE, related_name="rules")
    subject = models.CharField("a product's", max_length=20, choices=Subject.choices)
    value = models.JSONField(default=dict, blank=True)
    is_not = models.BooleanField("is not", default=False)
    position = models.PositiveIntegerField(default=0)

    sort_order_field = "position"

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.subject} {self.value}"


class CollectionPin(models.Model):
    """A product that a merchandiser puts first or last in a collection by rules, whatever the order says."""

    class Place(models.TextChoices):
        FIRST = "first", "First, even if no rule finds it"
        LAST = "last", "Last"

    collection = ParentalKey(Collection, on_delete=models.CASCADE, related_name="pins")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="collection_pins")
    place = models.CharField(max_length=5, choices=Place.choices, default=Place.FIRST)
    position = models.PositiveIntegerField(default=0)

    sort_order_field = "position"

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "product"], name="collection_pin_once_per_collection")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.place} in {self.collection_id}"


class CollectionItem(models.Model):
    """A product's place in a collection, as everybody reads it. Of a collection by rules these rows are worked out."""

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
        indexes = [models.Index(fields=["collection", "position"], name="collection_item_order")]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.collection_id}"
