from __future__ import annotations

from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks.shop import HomeBlock
from cms.preview.mixins import StorefrontPageMixin


class HomePage(StorefrontPageMixin, Page):
    """The shop's front door; one to a site and language."""

    body = StreamField(HomeBlock(), blank=True)

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["catalogue.CategoryPage"]

    content_panels = [*Page.content_panels, FieldPanel("body")]
    api_fields = [APIField("body")]

    class Meta:
        verbose_name = "home page"

    @property
    def storefront_path(self) -> str:
        return "/"
