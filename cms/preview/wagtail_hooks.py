from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.preview import sharing
from cms.preview.mixins import StorefrontPreviewMixin


@hooks.register("register_admin_urls")
def preview_urls() -> list[Any]:
    return [
        path("preview-links/", sharing.list_links, name="preview_links"),
        path("preview-links/<uuid:session_id>/revoke/", sharing.revoke_link, name="revoke_preview"),
        path("preview-links/share/<slug:app_label>/<slug:model_name>/<str:pk>/", sharing.share, name="share_preview"),
    ]


@hooks.register("register_reports_menu_item")
def preview_links_item() -> MenuItem:
    return MenuItem("Preview links", reverse("preview_links"), icon_name="link", order=850)


@hooks.register("register_page_header_buttons")
def share_page(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Any]:
    if issubclass(page.specific_class, StorefrontPreviewMixin) and page.permissions_for_user(user).can_edit():
        yield sharing.share_button(page.specific_deferred)
