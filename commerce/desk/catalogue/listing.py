"""The list of products: what and where they are, what they cost, how many there are, and how far the words are."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn, UpdatedAtColumn
from wagtail.admin.widgets.button import Button, ButtonWithDropdown
from wagtail.models import Locale
from wagtail.snippets.views.snippets import IndexView
from wagtail_localize.models import TranslationSource

from cms.catalogue.admin import ProductViewSet
from cms.catalogue.models import ProductContent
from commerce.desk.catalogue.facts import Facts, in_portions, with_facts
from commerce.desk.catalogue.filtering import (
    ProductFilterSet,
    contents_to_list,
    found_by,
    ordered_by_price,
    ordered_by_stock,
)
from commerce.desk.catalogue.removing import ProductDeleteView, ProductUnpublishView
from commerce.desk.pricing.standing import list_with_terms
from commerce.desk.promotions.coupons import safe_cell
from commerce.kit import clock

_PRICE, _STOCK = "price", "stock"
_URLS = "wagtail_localize"
_IMG = '<img src="{}" width="48" height="48" alt="" style="border-radius:4px;object-fit:cover">'
_LOCALIZE = "wagtail_localize.wagtail_hooks"


class PictureColumn(Column):
    def get_value(self, content: Any) -> Any:
        url = content.facts.thumbnail
        return format_html(_IMG, url) if url else ""


class StockColumn(Column):
    """Few or none left stands out."""

    def get_value(self, content: Any) -> Any:
        facts: Facts = content.facts
        return format_html("<strong>{}</strong>", facts.stock) if facts.is_low else facts.stock


class StateColumn(StatusTagColumn):
    """Says on the tag itself why something could not be published."""

    cell_template_name = "desk/catalogue/state_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        return super().get_cell_context_data(instance, parent_context) | {"state": instance.facts.state}


def _of_facts(name: str) -> Any:
    return lambda content: getattr(content.facts, name)


def _brand(content: ProductContent) -> str:
    return content.product.brand.name if content.product.brand else ""


def _vendor(content: ProductContent) -> str:
    return content.product.vendor.name if content.product.vendor else ""


# What a file holds, as the columns show it; the price and its currency apart, for whoever computes with it.
_EXPORTED: dict[str, Any] = {
    "Title": lambda content: content.title,
    "Slug": lambda content: content.slug,
    "Type": lambda content: content.facts.kind,
    "Categories": lambda content: content.facts.categories,
    "Price from": lambda content: content.facts.price.amount if content.facts.price else "",
    "Currency": lambda content: content.facts.price.currency if content.facts.price else "",
    "Stock": lambda content: content.facts.stock,
    "Status": lambda content: content.facts.state.label,
    "Brand": _brand,
    "Vendor": _vendor,
}


class ProductIndexView(IndexView):
    list_export = list(_EXPORTED)
    export_filename = "products"
    # Not Wagtail's search, which knows no SKUs.
    search_backend_name = None
    search_fields = ["title"]

    @cached_property
    def columns(self) -> list[Column]:
        """The picture goes before the title, which Wagtail wants first."""
        ticks, title, picture, *others = super().columns
        return [ticks, picture, title, *others]

    def get_base_queryset(self) -> Any:
        return contents_to_list(language=self.request.GET.get("locale", ""))

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.filter(found_by(self.search_query)) if self.is_searching else queryset

    def order_queryset(self, queryset: Any) -> Any:
        key, descending = self.ordering.removeprefix("-"), self.ordering.startswith("-")
        if key == _STOCK:
            return ordered_by_stock(queryset, descending=descending)
        if key == _PRICE:
            price_list = list_with_terms()
            if price_list is None:
                return queryset.order_by("title", "pk")
            return ordered_by_price(queryset, price_list=price_list, descending=descending, at=clock.now())
        return super().order_queryset(queryset)

    def get_context_data(self, *args: Any, **context: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(*args, **context)
        contents = list(found["object_list"])
        found["table"].data = with_facts(contents, at=clock.now())
        self._translation = _Translation.of(contents, user=self.request.user)
        return found

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        return super().as_spreadsheet(in_portions(queryset, at=clock.now()), spreadsheet_format)

    def get_heading(self, queryset: Any, field: str) -> str:
        return field

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {name: written(item) for name, written in _EXPORTED.items()}

    def write_csv_row(self, writer: Any, row_dict: dict[str, Any]) -> Any:
        return super().write_csv_row(writer, {name: safe_cell(value) for name, value in row_dict.items()})

    def get_list_buttons(self, instance: Any) -> list[Any]:
        """As Wagtail's, but for the button to translate: that asks the database three times for each row."""
        buttons = self.get_list_more_buttons(instance)
        for hook in hooks.get_hooks("register_snippet_listing_buttons"):
            if hook.__module__ != _LOCALIZE:
                buttons.extend(hook(instance, self.request.user, self.request.path))
        buttons.extend(self._translation.buttons(instance))
        shown = [
            Button.from_menu_item(each) if isinstance(each, MenuItem) else each
            for each in buttons
            if (each.is_shown(self.request.user) if isinstance(each, MenuItem) else each.show)
        ]
        for hook in hooks.get_hooks("construct_snippet_listing_buttons"):
            hook(shown, instance, self.request.user)
        label = {"aria-label": f"More options for '{instance}'"}
        return [ButtonWithDropdown(buttons=shown, icon_name="dots-horizontal", attrs=label)] if shown else []


@dataclass(frozen=True, slots=True)
class _Translation:
    """Which of these contents can be translated, and which translations can be brought up to date."""

    open: frozenset[uuid.UUID]
    sources: Mapping[tuple[uuid.UUID, int], int]

    @classmethod
    def of(cls, contents: Sequence[ProductContent], *, user: Any) -> _Translation:
        """Three queries, however many."""
        if not user.has_perm("wagtail_localize.submit_translation"):
            return cls(frozenset(), {})
        keys = {content.translation_key for content in contents}
        languages = Locale.objects.count()
        translated = ProductContent.objects.filter(translation_key__in=keys)
        there = Counter(translated.values_list("translation_key", flat=True))
        sources = TranslationSource.objects.filter(object__in=keys, translations__enabled=True)
        found = sources.values_list("object", "locale", "pk")
        return cls(
            open=frozenset(key for key in keys if there[key] < languages),
            sources={(key, locale): pk for key, locale, pk in found},
        )

    def buttons(self, content: ProductContent) -> Iterator[Any]:
        key = content.translation_key
        if key in self.open:
            url = reverse(f"{_URLS}:submit_snippet_translation", args=["catalogue", "productcontent", content.pk])
            yield Button("Translate", url, icon_name="wagtail-localize-language", priority=100)
        if source := self.sources.get((key, content.locale_id)):
            url = reverse(f"{_URLS}:update_translations", args=[source])
            yield Button("Bring translations up to date", url, icon_name="resubmit", priority=106)


class DeskProductViewSet(ProductViewSet):
    """The form is the catalogue's; the list adds what only commerce knows."""

    index_view_class = ProductIndexView
    delete_view_class = ProductDeleteView
    delete_template_name = ProductDeleteView.template_name
    unpublish_view_class = ProductUnpublishView
    filterset_class = ProductFilterSet
    index_template_name = "desk/catalogue/list.html"
    list_display = [
        "title",
        PictureColumn("picture", label="Picture"),
        Column("kind", label="Type", accessor=_of_facts("kind")),
        Column("categories", label="Category", accessor=_of_facts("categories")),
        Column("price", label="Price from", accessor=_of_facts("price_from"), sort_key=_PRICE),
        StockColumn("stock", label="Stock", accessor=_of_facts("stock"), sort_key=_STOCK),
        StateColumn("status", label="Status", accessor=lambda content: content.facts.state.label, sort_key="live"),
        Column("vendor", label="Vendor", accessor=_vendor, sort_key="product__vendor__name"),
        UpdatedAtColumn(),
    ]
