from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from cms.blocks.story import TEXT_FEATURES, StoryBlock
from cms.catalogue.category_form import CategoryForm
from cms.images.models import ShopImage
from cms.images.sets import image_set
from cms.preview.mixins import StorefrontPageMixin


class CategoryPage(StorefrontPageMixin, Page):
    """A category of the shop: its place in the tree, its words and its picture.

    Products refer to `translation_key`, which the category's pages in all languages share.
    """

    introduction = RichTextField(blank=True, features=TEXT_FEATURES)
    image = models.ForeignKey(ShopImage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    body = StreamField(StoryBlock(), blank=True, help_text="Shown below the products.")
    social_image = models.ForeignKey(
        ShopImage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Shown where somebody shares the address; the picture unless chosen.",
    )

    parent_page_types = ["pages.HomePage", "catalogue.CategoryPage"]
    subpage_types = ["catalogue.CategoryPage"]

    base_form_class = CategoryForm
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [*Page.content_panels, FieldPanel("introduction"), FieldPanel("image"), FieldPanel("body")],
                heading="Content",
            ),
            ObjectList(
                [
                    HelpPanel(template="catalogue/category_products.html"),
                    MultiFieldPanel(
                        [FieldPanel("attributes", heading="Attributes of its products")],
                        heading="Attribute set",
                        help_text="Not part of the draft: it holds once it is saved, in all languages and for all "
                        "categories below.",
                    ),
                ],
                heading="Shop",
            ),
            ObjectList([*Page.promote_panels, FieldPanel("social_image")], heading="Promote"),
            ObjectList(Page.settings_panels, heading="Settings"),
        ]
    )
    api_fields = [APIField("introduction"), APIField("image_set"), APIField("body")]

    class Meta:
        verbose_name = "category"
        verbose_name_plural = "categories"

    @property
    def storefront_path(self) -> str:
        return f"/c/{self.slug}"

    @property
    def image_set(self) -> Any:
        return image_set(self.image) if self.image else None

    def clean(self) -> None:
        """The storefront and the API find a category by its slug alone, so siblings are not the only rivals."""
        super().clean()
        rivals = CategoryPage.objects.filter(slug=self.slug, locale=self.locale).exclude(pk=self.pk)
        if self.slug and rivals.exists():
            raise ValidationError({"slug": "Another category in this language has this slug."})
