from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.permissions import register_permission_policy

from commerce.cart.models import OrderLimit
from commerce.desk.stock.access import granted_permissions, may_change, may_look
from commerce.desk.stock.counts import CountsView, CountView
from commerce.desk.stock.limits import OrderLimitViewSet
from commerce.desk.stock.lists import ByStockRight, KeptPolicy, LocationViewSet, StockLevelViewSet, StockMovementViewSet
from commerce.desk.stock.views import (
    LowStockView,
    ReceiveView,
    StockOfDateView,
    TransferView,
    VariantStockView,
)
from commerce.inventory.models import Location

LEVELS, LEDGER = StockLevelViewSet("stock-levels"), StockMovementViewSet("stock-movements")
LOCATIONS, LIMITS = LocationViewSet("stock-locations"), OrderLimitViewSet("order-limits")


class _LookMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


class _ChangeMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_change(request.user)


def register_stock() -> None:
    """The menu, the pages behind it and the permissions that the group editor offers."""
    register_permission_policy(Location, KeptPolicy(Location))
    register_permission_policy(OrderLimit, ByStockRight(OrderLimit))
    hooks.register("register_admin_viewset", lambda: [LEVELS, LEDGER, LOCATIONS, LIMITS])
    hooks.register("register_admin_urls", _urls)
    hooks.register("register_admin_menu_item", _menu)
    hooks.register("register_permissions", granted_permissions)


def _urls() -> list[Any]:
    return [
        path("stock/variants/<uuid:variant_id>/", VariantStockView.as_view(), name="desk_stock_variant"),
        path("stock/receive/", ReceiveView.as_view(), name="desk_stock_receive"),
        path("stock/transfer/", TransferView.as_view(), name="desk_stock_transfer"),
        path("stock/counts/", CountsView.as_view(), name="desk_stock_counts"),
        path("stock/counts/<int:pk>/", CountView.as_view(), name="desk_stock_count"),
        path("stock/low/", LowStockView.as_view(), name="desk_stock_low"),
        path("stock/at/", StockOfDateView.as_view(), name="desk_stock_of_date"),
    ]


def _menu() -> Any:
    def item(kind: type[MenuItem], label: str, name: str, icon: str, order: int) -> MenuItem:
        return kind(label, reverse(name), name=name.replace("_", "-"), icon_name=icon, order=order)

    items = [
        LEVELS.get_menu_item(order=10),
        item(_ChangeMenuItem, "Receive", "desk_stock_receive", "plus", 20),
        item(_ChangeMenuItem, "Transfer", "desk_stock_transfer", "order", 30),
        item(_LookMenuItem, "Count", "desk_stock_counts", "tasks", 40),
        item(_LookMenuItem, "Low stock", "desk_stock_low", "warning", 50),
        LEDGER.get_menu_item(order=60),
        item(_LookMenuItem, "Stock at a date", "desk_stock_of_date", "calendar", 70),
        LIMITS.get_menu_item(order=75),
        LOCATIONS.get_menu_item(order=80),
    ]
    return SubmenuMenuItem("Stock", Menu(items=items), name="stock", icon_name="table", order=170)
