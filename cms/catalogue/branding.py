"""Brands and vendors in the Wagtail admin. Neither has drafts: changes take effect when they are saved."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.admin.widgets.slug import SlugInput
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.catalogue.brands import Brand, Vendor
from cms.catalogue.counting import ProductCountColumn


class BrandViewSet(SnippetViewSet):
    model = Brand
    icon = "pick"
    menu_label = "Brands"
    menu_name = "brands"
    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug", widget=SlugInput, help_text="The brand's address in the shop: /b/slug"),
        FieldPanel("logo"),
        FieldPanel("description", help_text="Shown above the brand's products."),
        FieldPanel("words", heading="Description in other languages"),
    ]
    list_display = ["name", "slug", ProductCountColumn("brand")]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Brand.objects.annotate(product_count=Count("products"))


class VendorViewSet(SnippetViewSet):
    model = Vendor
    icon = "group"
    menu_label = "Vendors"
    menu_name = "vendors"
    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug", widget=SlugInput, help_text="How addresses of filtered lists call the vendor."),
        FieldPanel("logo"),
        FieldPanel("description", help_text="What shoppers read about who supplies and sends a product."),
        FieldPanel("words", heading="Description in other languages"),
        FieldPanel("email"),
    ]
    list_display = ["name", "slug", "email", ProductCountColumn()]
    search_fields = ["name", "slug", "email"]
    ordering = ["name"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Vendor.objects.annotate(product_count=Count("products"))
