from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from cms.images.keeping import ImageBulkDelete, ImageDeleteView


# Before Wagtail's own, whose address it has.
@hooks.register("register_admin_urls", order=-1)
def image_urls() -> list[Any]:
    return [path("images/<int:image_id>/delete/", ImageDeleteView.as_view(), name="shop_image_delete")]


# After Wagtail's own: the last one of a name is taken.
hooks.register("register_bulk_action", ImageBulkDelete, order=1)
