"""What is where, and the ledger that says why."""

from __future__ import annotations

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from cms.catalogue.models import ProductContent
from cms.catalogue.queries import product_title
from commerce.desk.stock.access import may_change
from commerce.inventory.alerting import low_on_stock
from commerce.inventory.models import Location, StockLevel, StockMovement


def with_title(rows: Any, *, product: str) -> Any:
    """With the title of the product that the path leads to."""
    return rows.annotate(title=product_title(product))


def found_by(text: str, *, variant: str) -> Q:
    """By SKU, or by the title of the product in any language."""
    text = text.strip().replace("\x00", "")
    titled = ProductContent.objects.filter(product=OuterRef(f"{variant}__product"), title__icontains=text)
    return Q(**{f"{variant}__sku__icontains": text}) | Q(Exists(titled))


class StockLevelFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label="Stock",
        choices=[("low", "Low"), ("none", "None on hand"), ("owed", "Sold ahead"), ("backorder", "May be backordered")],
        method="filter_state",
    )

    class Meta:
        model = StockLevel
        fields = ["location"]

    def filter_state(self, levels: Any, name: str, value: str) -> Any:
        return {
            "low": levels.filter(variant__in=low_on_stock().values("pk")),
            "none": levels.filter(on_hand__lte=0),
            "owed": levels.filter(on_hand__lt=0),
            "backorder": levels.filter(backorder_limit__gt=0),
        }.get(value, levels)


class StockLevelIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        levels = StockLevel.objects.select_related("variant", "location")
        levels = levels.annotate(unpromised=F("on_hand") - F("reserved"))
        return with_title(levels, product="variant__product")

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.filter(found_by(self.search_query, variant="variant")) if self.is_searching else queryset

    def get_edit_url(self, instance: Any) -> str:
        return reverse("desk_stock_variant", args=[instance.variant_id])

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        return []

    @property
    def header_buttons(self) -> list[Any]:
        if not may_change(self.request.user):
            return []
        return [
            HeaderButton("Receive", url=reverse("desk_stock_receive"), icon_name="plus"),
            HeaderButton("Transfer", url=reverse("desk_stock_transfer"), icon_name="order"),
            HeaderButton("Count", url=reverse("desk_stock_counts"), icon_name="tasks"),
        ]


class StockLevelViewSet(ModelViewSet):
    model = StockLevel
    name = "stock-levels"
    icon = "table"
    menu_label = "Levels"
    index_view_class = StockLevelIndexView
    filterset_class = StockLevelFilterSet
    index_template_name = "desk/promotions/index.html"
    exclude_form_fields: list[str] = []
    list_display = [
        TitleColumn(
            "variant",
            label="SKU",
            accessor="variant.sku",
            sort_key="variant__sku",
            get_url=lambda level: reverse("desk_stock_variant", args=[level.variant_id]),
        ),
        Column("title", label="Product", sort_key="title"),
        Column("name", label="Variant", accessor="variant.name"),
        Column("location", label="Location", sort_key="location__name"),
        Column("on_hand", label="On hand", sort_key="on_hand"),
        Column("reserved", label="Reserved", sort_key="reserved"),
        Column("unpromised", label="Free", sort_key="unpromised"),
        Column("backorder_limit", label="Backorders", accessor=lambda level: level.backorder_limit or "–"),
    ]
    search_fields = ["variant__sku"]
    search_backend_name = None
    ordering = "variant__sku"
    list_per_page = 50


class StockMovementFilterSet(WagtailFilterSet):
    location = django_filters.ModelChoiceFilter(
        field_name="level__location", queryset=Location.objects.all(), label="Location"
    )

    class Meta:
        model = StockMovement
        fields = ["kind", "at"]


class StockMovementIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return StockMovement.objects.select_related("level__variant", "level__location", "bundle")

    def search_queryset(self, queryset: Any) -> Any:
        if not self.is_searching:
            return queryset
        of_order = Q(reference__icontains=self.search_query.strip().replace("\x00", ""))
        return queryset.filter(of_order | found_by(self.search_query, variant="level__variant"))


class StockMovementViewSet(ModelViewSet):
    model = StockMovement
    name = "stock-movements"
    icon = "history"
    menu_label = "Ledger"
    index_view_class = StockMovementIndexView
    filterset_class = StockMovementFilterSet
    index_template_name = "desk/promotions/index.html"
    exclude_form_fields: list[str] = []
    list_display = [
        DateColumn("at", label="When", sort_key="at"),
        Column("variant", label="SKU", accessor="level.variant.sku"),
        Column("location", label="Location", accessor="level.location"),
        Column("quantity", label="Change", accessor=lambda movement: f"{movement.quantity:+}"),
        Column("kind", label="Kind", accessor="get_kind_display"),
        Column("bundle", label="In bundle", accessor=lambda movement: movement.bundle or "–"),
        Column("reference", label="Reference"),
        Column("reason", label="Why"),
        Column("actor", label="Who"),
    ]
    list_export = ["at", "level.variant.sku", "level.location", "quantity", "kind", "reference", "reason", "actor"]
    search_fields = ["reference", "level__variant__sku"]
    search_backend_name = None
    ordering = "-at"
    list_per_page = 50


class ByStockRight(ModelPermissionPolicy):
    """Who may change stock may do this too."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return may_change(user)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        return self.user_has_any_permission(user, actions)


class KeptPolicy(ByStockRight):
    """Locations are opened and renamed; nobody deletes one, for the ledger names it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class LocationViewSet(ModelViewSet):
    model = Location
    name = "stock-locations"
    icon = "home"
    menu_label = "Locations"
    form_fields = ["name", "code", "priority"]
    copy_view_enabled = False
    list_display = ["name", "code", Column("priority", label="Serves orders", accessor="priority", sort_key="priority")]
    search_fields = ["name", "code"]
    search_backend_name = None
    ordering = "priority"
