"""The pages of a shop that are no category, its menus and its settings."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page, Revision
from wagtail.search import index

from cms.blocks.page import ArticleBlock, PageBlock
from cms.images.models import ShopImage
from cms.pages.menus import Menu
from cms.pages.settings import ShopSettings
from cms.preview.mixins import StorefrontPageMixin

__all__ = ["ArticlePage", "HomePage", "LandingPage", "Menu", "ShopSettings", "StoryPage"]

TOP_DEPTH = 3
"""Of the pages right below a home page."""
TAKEN_ADDRESSES = frozenset(
    {"account", "brands", "c", "cart", "checkout", "collections", "login", "newsletter", "orders", "p", "preview"}
    | {"register", "resume", "search", "wishlist"}
)
"""What the storefront keeps at its top for itself."""


class StoryPageForm(WagtailAdminPageForm):
    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in TAKEN_ADDRESSES and self.parent_page and self.parent_page.depth == TOP_DEPTH - 1:
            raise ValidationError("The shop itself uses this address. Choose another slug.")
        return slug


class StoryPage(StorefrontPageMixin, Page):
    """A page that tells something. Its address is its place in the tree: /about, /journal/linen.

    So an address is taken once in a language, as siblings do not share slugs.
    """

    kind: str

    social_image = models.ForeignKey(
        ShopImage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Shown where somebody shares the address; the shop's own unless chosen.",
    )

    base_form_class = StoryPageForm
    promote_panels = [*Page.promote_panels, FieldPanel("social_image")]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True

    @property
    def storefront_path(self) -> str:
        """Without the part of the home page, which is the first of `url_path`."""
        _, *below = self.url_path.strip("/").split("/")
        return f"/{'/'.join(below)}"

    def clean(self) -> None:
        """Where the form is not asked, as in an import."""
        super().clean()
        if self.depth == TOP_DEPTH and self.slug in TAKEN_ADDRESSES:
            raise ValidationError({"slug": "The shop itself uses this address. Choose another slug."})


class HomePage(StoryPage):
    """The shop's front door; one to a site and language."""

    kind = "home"

    body = StreamField(PageBlock(), blank=True)

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["catalogue.CategoryPage", "pages.LandingPage"]

    content_panels = [*Page.content_panels, FieldPanel("body")]
    api_fields = [APIField("body")]

    class Meta:
        verbose_name = "home page"

    @property
    def storefront_path(self) -> str:
        return "/"


class LandingPage(StoryPage):
    """A page of blocks: about the shop, a campaign, or a journal, which keeps its articles below it."""

    kind = "landing"

    body = StreamField(PageBlock(), blank=True)

    parent_page_types = ["pages.HomePage", "pages.LandingPage"]
    subpage_types = ["pages.LandingPage", "pages.ArticlePage"]

    content_panels = [*Page.content_panels, FieldPanel("body")]
    api_fields = [APIField("body")]

    class Meta:
        verbose_name = "landing page"


class ArticlePage(StoryPage):
    """A story of a journal."""

    kind = "article"

    standfirst = models.TextField(blank=True, max_length=300, help_text="One or two sentences, shown in lists too.")
    author = models.CharField(blank=True, max_length=100)
    date = models.DateField(null=True, blank=True, help_text="The day on which it is first published unless written.")
    image = models.ForeignKey(
        ShopImage, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="picture"
    )
    body = StreamField(ArticleBlock(), blank=True)

    parent_page_types = ["pages.LandingPage"]
    subpage_types: list[str] = []

    content_panels = [
        *Page.content_panels,
        FieldPanel("standfirst"),
        MultiFieldPanel([FieldPanel("author"), FieldPanel("date")], heading="Written"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]
    search_fields = [*StoryPage.search_fields, index.SearchField("standfirst"), index.SearchField("author")]
    api_fields = [APIField(name) for name in ("standfirst", "author", "date", "body")]

    class Meta:
        verbose_name = "article"

    @property
    def published_on(self) -> Any:
        return self.date or (self.first_published_at.date() if self.first_published_at else None)


class FailedGoLive(models.Model):
    """A scheduled draft that was due and could not go live. It is tried again each minute, and gone once it is live or
    no longer scheduled."""

    revision = models.OneToOneField(Revision, primary_key=True, on_delete=models.CASCADE, related_name="failed_go_live")
    reason = models.CharField(max_length=500)
    since = models.DateTimeField()

    class Meta:
        ordering = ["since"]

    def __str__(self) -> str:
        return self.reason
