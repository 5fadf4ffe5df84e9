from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from cms.catalogue.models import ProductContent
from commerce.desk.explaining.views import WhyProductView, WhyView, may_ask


class _WhyMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_ask(request.user)


@hooks.register("register_admin_menu_item")
def why_menu_item() -> MenuItem:
    return _WhyMenuItem("Why this price?", reverse("desk_why"), name="why", icon_name="help", order=165)


@hooks.register("register_permissions")
def why_permission() -> Any:
    return Permission.objects.filter(content_type__app_label="pricing", codename="view_pricelist")


@hooks.register("register_admin_urls")
def why_urls() -> list[Any]:
    return [
        path("why/", WhyView.as_view(), name="desk_why"),
        path("why/product/<uuid:product_id>/", WhyProductView.as_view(), name="desk_why_product"),
    ]


@hooks.register("register_snippet_listing_buttons")
def why_button(content: Any, user: Any, next_url: str | None = None) -> Iterator[Any]:
    if isinstance(content, ProductContent) and may_ask(user):
        url = reverse("desk_why_product", args=[content.product_id])
        yield Button("Why does this cost that?", url, icon_name="help", priority=6)
