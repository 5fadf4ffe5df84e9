"""Which products the list shows, and in which order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from taggit.models import Tag
from wagtail.admin.filters import WagtailFilterSet
from wagtail.models import Locale

from cms.catalogue.models import Brand, BundlePart, Collection, Placement, Product, ProductContent, Variant, Vendor
from commerce.desk.catalogue.states import STATES, in_state
from commerce.desk.pricing.filtering import categories
from commerce.inventory.alerting import low_on_stock
from commerce.inventory.models import StockLevel, StockPolicy
from commerce.pricing.models import PriceChange, PriceList

SIMPLE, VARIABLE = "simple", "variable"
KINDS = [
    (SIMPLE, "Simple"),
    (VARIABLE, "Variable"),
    *((kind.value, kind.label) for kind in Product.Kind if kind != Product.Kind.GOODS),
]


def contents_to_list(*, language: str = "") -> QuerySet[ProductContent]:
    """Those in the language; with none, one for each product: in the shop's own language, else what there is."""
    contents = ProductContent.objects.select_related("locale", "product__brand", "product__vendor")
    if language:
        return contents
    own = Locale.get_default()
    translated = ProductContent.objects.filter(product=OuterRef("product"), locale=own)
    return contents.filter(Q(locale=own) | ~Exists(translated))


def _few(label: str, choices: list[tuple[str, str]], method: str) -> Any:
    """A filter with so few choices that all are seen at once."""
    return django_filters.ChoiceFilter(
        label=label, choices=choices, method=method, widget=forms.RadioSelect, empty_label="All"
    )


class ProductFilterSet(WagtailFilterSet):
    status = _few("Status", list(STATES.items()), "of_state")
    kind = _few("Type", KINDS, "of_kind")
    category = django_filters.ChoiceFilter(label="Category", method="in_category")
    brand = django_filters.ModelChoiceFilter(label="Brand", field_name="product__brand", queryset=Brand.objects.all())
    vendor = django_filters.ModelChoiceFilter(
        label="Vendor", field_name="product__vendor", queryset=Vendor.objects.all()
    )
    collection = django_filters.ModelChoiceFilter(
        label="Collection", queryset=Collection.objects.all(), method="in_collection"
    )
    tag = django_filters.ModelChoiceFilter(
        label="Tag",
        queryset=Tag.objects.filter(product_tags__isnull=False).distinct().order_by("name"),
        method="tagged",
    )
    stock = _few("Stock", [("in", "In stock"), ("low", "Low"), ("out", "Sold out")], "in_stock")
    featured = _few("Featured", [("yes", "Featured"), ("no", "Not featured")], "is_featured")
    locale = django_filters.ModelChoiceFilter(
        label="Language", queryset=Locale.objects.all(), to_field_name="language_code", method="in_language"
    )

    class Meta:
        model = ProductContent
        fields: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._categories = categories()
        self.filters["category"].extra["choices"] = [
            (str(key), "\u2003" * depth + title) for _, key, title, depth in self._categories
        ]
        if Locale.objects.count() < 2:
            del self.filters["locale"]

    def filter_queryset(self, queryset: Any) -> Any:
        """Archived products are hidden unless they are asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("status") == "archived" else in_state(found, "kept")

    def of_state(self, contents: Any, name: str, value: str) -> Any:
        return in_state(contents, value)

    def of_kind(self, contents: Any, name: str, value: str) -> Any:
        if value not in (SIMPLE, VARIABLE):
            return contents.filter(product__kind=value)
        several = Variant.objects.filter(archived_at=None).order_by().values("product").annotate(many=Count("pk"))
        is_variable = Q(product__in=several.filter(many__gt=1).values("product"))
        return contents.filter(is_variable if value == VARIABLE else ~is_variable, product__kind=Product.Kind.GOODS)

    def in_category(self, contents: Any, name: str, value: str) -> Any:
        """With those below it."""
        paths = [path for path, key, _, _ in self._categories if str(key) == value]
        keys = [key for path, key, _, _ in self._categories if paths and path.startswith(paths[0])]
        return contents.filter(product__in=Placement.objects.filter(category_key__in=keys).values("product"))

    def in_collection(self, contents: Any, name: str, value: Collection) -> Any:
        return contents.filter(product__in=value.items.values("product"))

    def tagged(self, contents: Any, name: str, value: Tag) -> Any:
        return contents.filter(product__in=value.product_tags.values("content_object"))

    def in_stock(self, contents: Any, name: str, value: str) -> Any:
        if value == "low":
            return contents.filter(product__in=low_on_stock().values("product"))
        there = Q(product__in=_on_hand().values("product"))
        return contents.filter(there if value == "in" else ~there)

    def is_featured(self, contents: Any, name: str, value: str) -> Any:
        return contents.filter(product__is_featured=value == "yes")

    def in_language(self, contents: Any, name: str, value: Locale) -> Any:
        return contents.filter(locale=value)


def _on_hand() -> QuerySet[Variant]:
    """Active variants of which something lies on a shelf, that never run out, or of whose parts there are enough."""
    free = Subquery(_free(OuterRef("pk")), output_field=IntegerField())
    of_part = Coalesce(Subquery(_free(OuterRef("part")), output_field=IntegerField()), 0)
    untracked = StockPolicy.objects.filter(is_tracked=False).values("variant")
    endless = Q(pk__in=untracked) | Q(product__kind=Product.Kind.DIGITAL) & ~Q(stock_policy__is_tracked=True)
    part_is_endless = Q(part__in=untracked) | Q(part__product__kind=Product.Kind.DIGITAL)
    lacking = BundlePart.objects.annotate(free=of_part).filter(~part_is_endless, free__lt=F("quantity"))
    is_bundle = Q(product__kind=Product.Kind.BUNDLE)
    made = is_bundle & Q(bundle_parts__isnull=False) & ~Q(pk__in=lacking.values("bundle"))
    standing = Variant.objects.filter(archived_at=None, is_active=True).order_by().annotate(free=free)
    return standing.filter(endless | ~is_bundle & Q(free__gt=0) | made)


def _free(variant: Any) -> QuerySet[Any]:
    unpromised = Greatest(F("on_hand") - F("reserved"), 0)
    levels = StockLevel.objects.filter(variant=variant).order_by().values("variant")
    return levels.annotate(left=Sum(unpromised)).values("left")


def ordered_by_price(contents: Any, *, price_list: PriceList, descending: bool, at: datetime) -> Any:
    """By the cheapest variant, as the price ledger knows it; what has no price comes last."""
    told = PriceChange.objects.filter(variant=OuterRef("pk"), price_list=price_list, effective_at__lte=at)
    asked = Subquery(told.order_by("-effective_at", "-pk").values("current_minor")[:1])
    standing = Variant.objects.filter(product=OuterRef("product"), archived_at=None, is_active=True).order_by()
    cheapest = standing.annotate(asked=asked).values("product").annotate(cheapest=Min("asked")).values("cheapest")
    return _ordered(contents.annotate(price=Subquery(cheapest)), "price", descending=descending)


def ordered_by_stock(contents: Any, *, descending: bool) -> Any:
    """By what lies on shelves; what keeps no stock of its own comes last."""
    unpromised = Greatest(F("on_hand") - F("reserved"), 0)
    levels = StockLevel.objects.filter(variant__product=OuterRef("product"), variant__archived_at=None).order_by()
    free = levels.values("variant__product").annotate(left=Sum(unpromised)).values("left")
    return _ordered(contents.annotate(free=Subquery(free)), "free", descending=descending)


def _ordered(contents: Any, name: str, *, descending: bool) -> Any:
    by = F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
    return contents.order_by(by, "title", "pk")


def found_by(text: str) -> Q:
    """By a piece of the title in any language or of a SKU, or by the barcode."""
    text = text.strip().replace("\x00", "")
    variants = Variant.objects.filter(Q(sku__icontains=text) | Q(barcode=text)).order_by()
    titled = ProductContent.objects.filter(title__icontains=text).order_by()
    return Q(product__in=titled.values("product")) | Q(product__in=variants.values("product"))
