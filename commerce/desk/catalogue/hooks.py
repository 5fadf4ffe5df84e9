"""What the desk adds to products in the Wagtail admin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from cms.catalogue.models import ProductContent
from commerce.desk.catalogue.bulk import ACTIONS
from commerce.desk.catalogue.listing import DeskProductViewSet
from commerce.desk.catalogue.pages import ArchiveView, ShownView, may_archive, may_look
from commerce.desk.catalogue.removing import delete_whole, keep_what_was_sold

register_snippet(DeskProductViewSet)
for _action in ACTIONS:
    hooks.register("register_bulk_action", _action)


@hooks.register("register_admin_urls")
def product_urls() -> list[Any]:
    return [
        path("products/<uuid:product_id>/shown/", ShownView.as_view(), name="desk_product_shown"),
        path("products/<uuid:product_id>/archive/", ArchiveView.as_view(), name="desk_product_archive"),
    ]


@hooks.register("register_snippet_listing_buttons")
def product_buttons(content: Any, user: Any, next_url: str | None = None) -> Iterator[Any]:
    if not isinstance(content, ProductContent):
        return
    if may_look(user):
        shown = reverse("desk_product_shown", args=[content.product_id])
        yield Button("Where it is shown", shown, icon_name="link", priority=40)
    if may_archive(user):
        url = reverse("desk_product_archive", args=[content.product_id])
        label = "Restore" if content.product.archived_at else "Archive"
        yield Button(label, url, icon_name="download", priority=50)


@hooks.register("before_delete_snippet")
def before_delete(request: HttpRequest, objects: Sequence[Any]) -> HttpResponse | None:
    return keep_what_was_sold(request, objects)


@hooks.register("after_delete_snippet")
def after_delete(request: HttpRequest, objects: Sequence[Any]) -> None:
    delete_whole(request, objects)
