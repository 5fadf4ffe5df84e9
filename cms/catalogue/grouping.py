"""Brands and collections in the Wagtail admin: what groups products across categories. Neither has drafts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, MultipleChooserPanel, TitleFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.slug import SlugInput
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.catalogue.brands import Brand
from cms.catalogue.choosing import ProductChooser
from cms.catalogue.collections import Collection
from cms.catalogue.files import DigitalFileViewSet


class ProductCountColumn(Column):
    """How many products there are, with a link to them."""

    def __init__(self, filtered_by: str) -> None:
        super().__init__("product_count", label="Products", sort_key="product_count")
        self.filtered_by = filtered_by

    def get_value(self, instance: Any) -> Any:
        products = reverse("wagtailsnippets_catalogue_productcontent:list")
        url = f"{products}?{self.filtered_by}={instance.pk}"
        return format_html('<a href="{}">{}</a>', url, instance.product_count) if instance.product_count else 0


class BrandViewSet(SnippetViewSet):
    model = Brand
    icon = "pick"
    menu_label = "Brands"
    menu_name = "brands"
    panels = [TitleFieldPanel("name", targets=["slug"]), FieldPanel("slug", widget=SlugInput)]
    list_display = ["name", "slug", ProductCountColumn("brand")]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Brand]:
        return Brand.objects.annotate(product_count=Count("products"))


class CollectionViewSet(SnippetViewSet):
    model = Collection
    icon = "list-ul"
    menu_label = "Collections"
    menu_name = "collections"
    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug", widget=SlugInput),
        MultipleChooserPanel(
            "items",
            chooser_field_name="product",
            panels=[FieldPanel("product", widget=ProductChooser)],
            heading="Products",
            label="Product",
            help_text="In the order in which the shop shows them. Changes take effect when you save.",
        ),
    ]
    list_display = ["name", "slug", ProductCountColumn("collection")]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        return Collection.objects.annotate(product_count=Count("items"))


class AssortmentGroup(SnippetViewSetGroup):
    items = (BrandViewSet, CollectionViewSet, DigitalFileViewSet)
    menu_label = "Assortment"
    menu_name = "assortment"
    menu_icon = "grid"
    menu_order = 155


def keep_brands_in_use(request: HttpRequest, objects: Sequence[Any]) -> HttpResponse | None:
    """Send whoever would delete brands that products have back to the list, with the reason."""
    brands = [each.pk for each in objects if isinstance(each, Brand)]
    used = list(Brand.objects.filter(pk__in=brands).annotate(count=Count("products")).filter(count__gt=0))
    if not used:
        return None
    for brand in used:
        products = "1 product" if brand.count == 1 else f"{brand.count} products"
        messages.error(
            request, f"{brand.name} cannot be deleted: {products} would lose their brand. Change them first."
        )
    return redirect("wagtailsnippets_catalogue_brand:list")
