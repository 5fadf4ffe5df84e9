"""The words that a shop's products are described in: options with their values, and attributes with their choices."""

from __future__ import annotations

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms.catalogue.identity import Product
from cms.catalogue.wording import WordsField
from cms.images.models import ShopImage


class Option(ClusterableModel):
    """In what the variants of a product differ: colour, size. Variants refer to it and its values by their names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=50, unique=True)
    words = WordsField(of=("name",))
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class OptionValue(models.Model):
    option = ParentalKey(Option, on_delete=models.CASCADE, related_name="values")
    name = models.CharField(max_length=50)
    words = WordsField(of=("name",))
    swatch = models.CharField(
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write a colour as #7d8b6a.")],
        help_text="For colours, such as #7d8b6a.",
    )
    image = models.ForeignKey(ShopImage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)

    sort_order_field = "position"

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["option", "name"], name="option_value_once_per_option")]

    def __str__(self) -> str:
        return self.name


class Attribute(ClusterableModel):
    """What shoppers compare products of a category by: material, height, care."""

    class Type(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        CHOICE = "choice", "One choice"
        CHOICES = "choices", "Several choices"
        BOOLEAN = "boolean", "Yes or no"
        DATE = "date", "Date"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(unique=True, help_text="How the API and addresses of filtered lists call it.")
    name = models.CharField(max_length=50)
    words = WordsField(of=("name", "unit"))
    type = models.CharField(max_length=10, choices=Type.choices, default=Type.TEXT)
    unit = models.CharField(max_length=20, blank=True, help_text="Of a number, such as cm.")
    is_facet = models.BooleanField("shoppers can filter by it", default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class AttributeChoice(models.Model):
    attribute = ParentalKey(Attribute, on_delete=models.CASCADE, related_name="choices")
    code = models.SlugField()
    name = models.CharField(max_length=50)
    words = WordsField(of=("name",))
    position = models.PositiveIntegerField(default=0)

    sort_order_field = "position"

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["attribute", "code"], name="attribute_choice_once")]

    def __str__(self) -> str:
        return self.name


class CategoryAttribute(models.Model):
    """An attribute of a category's set; categories below inherit it. Refers to the key that its languages share."""

    category_key = models.UUIDField()
    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="category_attributes")

    class Meta:
        ordering = ["attribute__position", "attribute__name"]
        constraints = [
            models.UniqueConstraint(fields=["category_key", "attribute"], name="attribute_once_per_category")
        ]

    def __str__(self) -> str:
        return f"{self.attribute_id} of {self.category_key}"


class AttributeValue(models.Model):
    """What one product has of an attribute, in the column of its type; several choices make several rows."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="attribute_values")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="product_values")
    choice = models.ForeignKey(
        AttributeChoice, null=True, blank=True, on_delete=models.PROTECT, related_name="product_values"
    )
    text = models.CharField(max_length=500, blank=True)
    words = WordsField(of=("text",))
    number = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    boolean = models.BooleanField(null=True, blank=True)
    date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["attribute__position", "attribute__name", "choice__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "attribute"], condition=Q(choice=None), name="attribute_value_once"
            ),
            models.UniqueConstraint(fields=["product", "attribute", "choice"], name="attribute_value_choice_once"),
            models.CheckConstraint(
                condition=(
                    Q(choice__isnull=False, text="", number=None, boolean=None, date=None)
                    | (Q(choice=None, number=None, boolean=None, date=None) & ~Q(text=""))
                    | Q(choice=None, text="", number__isnull=False, boolean=None, date=None)
                    | Q(choice=None, text="", number=None, boolean__isnull=False, date=None)
                    | Q(choice=None, text="", number=None, boolean=None, date__isnull=False)
                ),
                name="attribute_value_is_one",
            ),
        ]
        indexes = [
            models.Index(fields=["attribute", "choice"], name="attribute_value_by_choice"),
            models.Index(fields=["attribute", "number"], name="attribute_value_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.attribute_id} of {self.product_id}"
