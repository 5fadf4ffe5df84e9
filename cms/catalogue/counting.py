from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin.ui.tables import Column


class ProductCountColumn(Column):
    """How many products there are, with a link to them where the list of products can be filtered so."""

    def __init__(self, filtered_by: str = "") -> None:
        super().__init__("product_count", label="Products", sort_key="product_count")
        self.filtered_by = filtered_by

    def get_value(self, instance: Any) -> Any:
        if not (self.filtered_by and instance.product_count):
            return instance.product_count
        products = reverse("wagtailsnippets_catalogue_productcontent:list")
        url = f"{products}?{self.filtered_by}={instance.pk}"
        return format_html('<a href="{}">{}</a>', url, instance.product_count)
