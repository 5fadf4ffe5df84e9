"""The storefront's menus: one to a place and language, drafted and published like a page."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, PublishingPanel
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)

from cms.blocks.navigation import MENU, MOST_LINKS
from cms.preview.mixins import StorefrontPreviewMixin


class Menu(
    StorefrontPreviewMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    ClusterableModel,
):
    """Links of the storefront's header or footer. What leads nowhere any more is left out where they are shown."""

    class Handle(models.TextChoices):
        MAIN = "main", "Main menu, at the top"
        FOOTER = "footer", "Footer, at the bottom"

    handle = models.CharField("place", max_length=20, choices=Handle.choices)
    items = StreamField(MENU, blank=True, max_num=MOST_LINKS, collapsed=True, verbose_name="links")

    panels = [FieldPanel("handle"), FieldPanel("items"), PublishingPanel()]

    class Meta(TranslatableMixin.Meta):
        ordering = ["-handle"]
        constraints = [models.UniqueConstraint(fields=["locale", "handle"], name="menu_once_per_place_and_locale")]

    def __str__(self) -> str:
        return str(self.get_handle_display())

    def clean(self) -> None:
        """The form does not show the locale, so it passes over the constraint."""
        super().clean()
        if Menu.objects.filter(handle=self.handle, locale=self.locale).exclude(pk=self.pk).exists():
            raise ValidationError(
                {"handle": "There is a menu for this place in this language already. Change that one."}
            )
