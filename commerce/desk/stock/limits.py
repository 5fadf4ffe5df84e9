"""How few and how many of a variant may be bought at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from commerce.cart.models import MAX_QUANTITY, OrderLimit
from commerce.desk.editing import MarkedForm
from commerce.desk.stock.entering import variants_by_sku
from commerce.desk.stock.lists import found_by, with_title


class LimitForm(MarkedForm):
    sku = forms.CharField(label="SKU", max_length=64)
    min_quantity = forms.IntegerField(label="At least", min_value=1, max_value=MAX_QUANTITY, initial=1)
    max_quantity = forms.IntegerField(
        label="At most",
        min_value=1,
        max_value=MAX_QUANTITY,
        initial=MAX_QUANTITY,
        help_text="Carts that hold other quantities already are asked to change them before they are paid for.",
    )

    class Meta:
        model = OrderLimit
        fields = ["min_quantity", "max_quantity"]

    field_order = ["sku", "min_quantity", "max_quantity"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_new:
            self.initial["sku"] = self.instance.variant.sku
            self.fix("sku", because="The limit is this variant's.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        least, most = cleaned.get("min_quantity"), cleaned.get("max_quantity")
        if least and most and most < least:
            self.add_error("max_quantity", "This is less than the least.")
        if self.is_new and cleaned.get("sku"):
            self._choose(cleaned["sku"])
        return cleaned

    def _choose(self, sku: str) -> None:
        self.instance.variant_id = variants_by_sku({sku}).get(sku)
        if self.instance.variant_id is None:
            self.add_error("sku", "There is no such SKU.")
        elif OrderLimit.objects.filter(variant=self.instance.variant_id).exists():
            self.add_error("sku", "This variant has a limit already; change that one.")


class LimitIndexView(IndexView):
    page_title = "Limits of quantities"
    add_item_label = "Limit a variant"

    def get_base_queryset(self) -> Any:
        return with_title(OrderLimit.objects.select_related("variant"), product="variant__product")

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.filter(found_by(self.search_query, variant="variant")) if self.is_searching else queryset


class OrderLimitViewSet(ModelViewSet):
    model = OrderLimit
    name = "order-limits"
    icon = "minus"
    menu_label = "Limits"
    copy_view_enabled = False
    index_view_class = LimitIndexView
    list_display = [
        TitleColumn(
            "variant",
            label="SKU",
            accessor="variant.sku",
            sort_key="variant__sku",
            get_url=lambda limit: reverse("order-limits:edit", args=[limit.pk]),
        ),
        Column("title", label="Product", sort_key="title"),
        Column("name", label="Variant", accessor="variant.name"),
        Column("min_quantity", label="At least", sort_key="min_quantity"),
        Column("max_quantity", label="At most", sort_key="max_quantity"),
    ]
    search_fields = ["variant__sku"]
    search_backend_name = None
    ordering = "variant__sku"
    list_per_page = 50

    def get_form_class(self, for_update: bool = False) -> Any:
        return LimitForm
