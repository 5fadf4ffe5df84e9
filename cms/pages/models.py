from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

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
