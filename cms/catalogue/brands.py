from __future__ import annotations

import uuid

from django.db import models

from cms.catalogue.wording import WordsField
from cms.images.models import ShopImage


class Brand(models.Model):
    """The name that a product is sold under."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    description = models.TextField(blank=True, max_length=2000)
    logo = models.ForeignKey(ShopImage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = WordsField(of=("description",))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def storefront_path(self) -> str:
        return f"/brands/{self.slug}"


class Vendor(models.Model):
    """Who supplies a product and, on a marketplace, sends it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    description = models.TextField(blank=True, max_length=2000)
    logo = models.ForeignKey(ShopImage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(blank=True, help_text="For the staff; shoppers do not see it.")
    words = WordsField(of=("description",))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
