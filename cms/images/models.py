from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from wagtail.images.models import AbstractImage, AbstractRendition, Image, get_upload_to

from cms.images import originals


class ShopImage(AbstractImage):
    """The shop's own image model from the first migration on, so that it can grow without a swap."""

    file: Any = originals.OriginalField("file", upload_to=get_upload_to, width_field="width", height_field="height")
    fills_screen = models.BooleanField(default=False, editable=False)
    """Shown from side to side somewhere, so that it is made in the large sizes too."""
    rendered_at = models.DateTimeField(null=True, editable=False)
    """When its sizes were made last; None while they wait to be made."""

    admin_form_fields = Image.admin_form_fields

    class Meta(AbstractImage.Meta):
        indexes = [models.Index(fields=["id"], condition=Q(rendered_at=None), name="image_to_render")]

    @property
    def default_alt_text(self) -> str:
        """Its description. A title is often the name of a file, and better left unread."""
        return self.description

    def save(self, *args: Any, **options: Any) -> None:
        """A new file is kept as `originals.prepared` makes it, and no size of the old one survives it.

        Raises `ValidationError`: the file is none that the shop can show.
        """
        is_new_file = originals.is_new(self.file)
        if is_new_file:
            if made := originals.prepared(self.file):
                self.file = made
            self._set_image_file_metadata()
        if options.get("update_fields") is None:
            self.rendered_at = None
        with transaction.atomic():
            super().save(*args, **options)
            if is_new_file:
                self.renditions.all().delete()


class ShopRendition(AbstractRendition):
    image = models.ForeignKey(ShopImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="shop_rendition_once")
        ]
