"""Stock at the desk: what is where, and the ledger that says why."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from commerce.inventory.models import StockLevel, StockMovement


class StockLevelIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return StockLevel.objects.select_related("variant", "location").annotate(free=F("on_hand") - F("reserved"))


class StockLevelViewSet(ModelViewSet):
    model = StockLevel
    name = "stock-levels"
    icon = "table"
    menu_label = "Levels"
    index_view_class = StockLevelIndexView
    exclude_form_fields: list[str] = []
    list_display = [
        Column("variant", label="SKU", accessor="variant.sku", sort_key="variant__sku"),
        Column("name", label="Variant", accessor="variant.name"),
        Column("location", label="Location"),
        Column("on_hand", label="On hand", sort_key="on_hand"),
        Column("reserved", label="Reserved", sort_key="reserved"),
        Column("free", label="Free", sort_key="free"),
    ]
    search_fields = ["variant__sku"]
    search_backend_name = None
    ordering = "variant__sku"


class StockMovementIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return StockMovement.objects.select_related("level__variant", "level__location")


class StockMovementViewSet(ModelViewSet):
    model = StockMovement
    name = "stock-movements"
    icon = "history"
    menu_label = "Ledger"
    index_view_class = StockMovementIndexView
    exclude_form_fields: list[str] = []
    list_display = [
        DateColumn("at", label="When", sort_key="at"),
        Column("variant", label="SKU", accessor="level.variant.sku"),
        Column("quantity", label="Change", accessor=lambda movement: f"{movement.quantity:+}"),
        Column("kind", label="Kind", accessor="get_kind_display"),
        Column("reference", label="Reference"),
        Column("reason", label="Why"),
        Column("actor", label="Who"),
    ]
    list_filter = ["kind", "at"]
    search_fields = ["reference", "level__variant__sku"]
    search_backend_name = None
    ordering = "-at"


class StockGroup(ModelViewSetGroup):
    menu_label = "Stock"
    menu_icon = "table"
    menu_order = 170
    items = (StockLevelViewSet("stock-levels"), StockMovementViewSet("stock-movements"))
