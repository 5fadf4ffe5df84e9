from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets.slug import SlugInput
from wagtail.documents.models import Document
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField

from cms.blocks.story import StoryBlock
from cms.catalogue.attributing import AttributesPanel
from cms.catalogue.forms import ProductForm
from cms.catalogue.identity import Product
from cms.images.choosing import FocalPointImageChooser
from cms.images.models import ShopImage
from cms.preview.mixins import StorefrontPreviewMixin

# Addresses under products/ in the API that are no product's.
RESERVED_SLUGS = frozenset({"featured", "preview"})

_AT_ONCE = "These are not part of the draft: they change when you save."


class ProductContent(
    StorefrontPreviewMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """What a product says and shows in one language: all of it is content, drafted and published as one."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="contents", editable=False)
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, help_text="The product's address in the shop: /p/slug")
    summary = models.CharField(max_length=160, blank=True, help_text="One line, shown in lists.")
    story = StreamField(StoryBlock(), blank=True)
    seo_title = models.CharField("title for search engines", max_length=70, blank=True)
    seo_description = models.CharField("description for search engines", max_length=160, blank=True)
    social_image = models.ForeignKey(
        ShopImage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Shown where somebody shares the address; the first picture unless chosen.",
    )
    updated_at = models.DateTimeField(auto_now=True)

    # Neither translated nor kept in step: each language goes live and expires by its own schedule.
    override_translatable_fields = [BaseTranslatableField("go_live_at"), BaseTranslatableField("expire_at")]

    base_form_class = ProductForm
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    TitleFieldPanel("title", targets=["slug"]),
                    FieldPanel("summary"),
                    InlinePanel("gallery", label="Picture", heading="Pictures", min_num=0),
                    FieldPanel("story"),
                    InlinePanel("documents", label="Document", heading="Documents", min_num=0),
                    PublishingPanel(),
                ],
                heading="Content",
            ),
            ObjectList(
                [
                    HelpPanel("Variants, prices and stock have their own page: open the product's menu in the list."),
                    MultiFieldPanel(
                        [
                            FieldPanel("kind", required_on_save=True),
                            FieldPanel("brand"),
                            FieldPanel("vendor"),
                            FieldPanel("categories"),
                            FieldPanel("is_featured"),
                            FieldPanel("tags"),
                        ],
                        heading="In the shop",
                        help_text=_AT_ONCE,
                    ),
                    MultiFieldPanel([FieldPanel("related_products")], heading="Related products", help_text=_AT_ONCE),
                    MultiFieldPanel(
                        [
                            FieldPanel("tax_class", required_on_save=True),
                            FieldPanel("shipping_class", required_on_save=True),
                        ],
                        heading="Tax & shipping",
                        help_text=_AT_ONCE,
                    ),
                    MultiFieldPanel(
                        [FieldPanel("available_from"), FieldPanel("available_until")],
                        heading="On sale",
                        help_text="Leave empty to sell from publishing on and without an end. Times are UTC.",
                    ),
                ],
                heading="Shop",
            ),
            ObjectList([AttributesPanel()], heading="Attributes"),
            ObjectList(
                [
                    FieldPanel("slug", widget=SlugInput),
                    FieldPanel("seo_title"),
                    FieldPanel("seo_description"),
                    FieldPanel("social_image"),
                ],
                heading="Address & search",
            ),
        ]
    )
    search_fields = [
        index.SearchField("title", boost=4),
        index.AutocompleteField("title"),
        index.SearchField("summary"),
        index.FilterField("live"),
        index.FilterField("locale"),
        # What choosers leave out.
        index.RelatedFields("product", [index.FilterField("archived_at")]),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = "product"
        verbose_name_plural = "products"
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["locale", "slug"], name="product_slug_once_per_locale"),
            models.UniqueConstraint(fields=["locale", "product"], name="product_content_once_per_locale"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """The form does not show the locale, so it passes over the constraint that a slug is taken once in it."""
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": "The shop itself uses this address."})
        self._refuse_a_taken_slug()

    def save(self, *args: Any, **options: Any) -> None:
        """Raises `ValidationError`: another product has the slug. A translation is saved before it is validated, and
        who translates must be told."""
        self._refuse_a_taken_slug()
        super().save(*args, **options)

    def _refuse_a_taken_slug(self) -> None:
        rivals = ProductContent.objects.filter(slug=self.slug, locale=self.locale).exclude(pk=self.pk)
        if self.slug and rivals.exists():
            raise ValidationError({"slug": "Another product in this language has this slug."})

    @property
    def storefront_path(self) -> str:
        return f"/p/{self.slug}"

    @property
    def pictures(self) -> list[ProductImage]:
        return list(self.gallery.all())


class ProductImage(TranslatableMixin, Orderable):
    """A picture in a product's gallery: the same in every language, described in each."""

    content = ParentalKey(ProductContent, on_delete=models.CASCADE, related_name="gallery")
    image = models.ForeignKey(ShopImage, on_delete=models.PROTECT, related_name="+")
    alt_text = models.CharField(max_length=200, help_text="What the picture shows, for those who cannot see it.")

    panels = [
        FieldPanel(
            "image",
            widget=FocalPointImageChooser,
            help_text="The ring is its focal point, which stays in sight when cropped. Edit the image to move it.",
        ),
        FieldPanel("alt_text", required_on_save=True),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.alt_text


class ProductDocument(TranslatableMixin, Orderable):
    """A paper to a product: instructions, a declaration of conformity."""

    content = ParentalKey(ProductContent, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120, blank=True, help_text="The document's own title unless written.")

    panels = [FieldPanel("document"), FieldPanel("title")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.title
