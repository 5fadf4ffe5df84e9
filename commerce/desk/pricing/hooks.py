"""What the desk registers with Wagtail for prices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.permissions import register_permission_policy

from commerce.desk.pricing import access
from commerce.desk.pricing.lists import ChannelViewSet, CustomerGroupViewSet, NothingIsDeleted, PriceListViewSet
from commerce.desk.pricing.urls import urlpatterns


class PricesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return access.may_see_prices(request.user)


class PasteMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return access.may_change_prices(request.user)


_VIEWSETS = (PriceListViewSet("price-lists"), CustomerGroupViewSet("customer-groups"), ChannelViewSet("channels"))


def register_pricing() -> None:
    """The menu, the pages behind it and the permissions that the group editor offers."""
    for viewset in _VIEWSETS:
        register_permission_policy(viewset.model, NothingIsDeleted(viewset.model))
    hooks.register("register_admin_viewset", lambda: list(_VIEWSETS))
    hooks.register("register_admin_urls", lambda: urlpatterns)
    hooks.register("register_admin_menu_item", _menu)
    hooks.register("register_permissions", access.granted_permissions)


def _menu() -> Any:
    items = [
        PricesMenuItem("Price grid", reverse("desk_prices"), name="price-grid", icon_name="table", order=10),
        PasteMenuItem("Paste prices", reverse("desk_prices_paste"), name="paste-prices", icon_name="copy", order=20),
        *(viewset.get_menu_item(order=30 + place) for place, viewset in enumerate(_VIEWSETS)),
    ]
    return SubmenuMenuItem("Prices", Menu(items=items), name="prices", icon_name="tag", order=165)
