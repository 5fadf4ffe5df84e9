"""Which variants the grid shows. Answered by the ledger, which knows what derived lists ask as well."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from wagtail.models import Locale

from cms.catalogue.models import Brand, CategoryPage, Placement, Product, ProductContent, Variant
from cms.catalogue.queries import product_title
from commerce.desk.pricing.standing import TaxTakenOut
from commerce.pricing.models import PriceChange, PriceList, VariantCost

ON_SALE, WITHOUT_PRICE, BELOW_COST = "on_sale", "without_price", "below_cost"
_SHOWN = {
    "": "All variants",
    ON_SALE: "On sale",
    WITHOUT_PRICE: "Without a price",
    BELOW_COST: "Below cost",
}
_THOUSANDTHS = 100_000
"""A hundred percent in thousandths of a percent, the precision of tax rates; so the comparison stays in integers."""


class FilterForm(forms.Form):
    list = forms.ChoiceField(label="Price list", required=False)
    q = forms.CharField(label="Title or SKU", required=False, max_length=100)
    category = forms.ChoiceField(required=False)
    brand = forms.ModelChoiceField(Brand.objects.all(), required=False, empty_label="All brands")
    show = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, lists: Sequence[PriceList], with_costs: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["list"].choices = [(each.code, f"{each.name} ({each.currency})") for each in lists]  # type: ignore[attr-defined]
        self._categories = categories()
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", "All categories"),
            *((str(key), "\u2003" * depth + title) for _, key, title, depth in self._categories),
        ]
        self.fields["show"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in _SHOWN.items() if with_costs or value != BELOW_COST
        ]

    @property
    def category_keys(self) -> Sequence[uuid.UUID]:
        """The chosen category with those below it."""
        chosen = self.cleaned_data.get("category")
        paths = [path for path, key, _, _ in self._categories if str(key) == chosen]
        return [key for path, key, _, _ in self._categories if paths and path.startswith(paths[0])]


def categories() -> list[tuple[str, uuid.UUID, str, int]]:
    """Path, key, title and depth below the highest, in the order of the tree."""
    pages = CategoryPage.objects.filter(locale=Locale.get_default()).order_by("path")
    rows = list(pages.values_list("path", "translation_key", "title", "depth"))
    highest = min((depth for *_, depth in rows), default=0)
    return [(path, key, title, depth - highest) for path, key, title, depth in rows]


def titled(variants: QuerySet[Variant]) -> QuerySet[Any]:
    """With the product's title, and ordered by it."""
    found = variants.select_related("product").annotate(title=product_title("product"))
    return found.order_by("title", "product", "position", "sku")


def chosen_variants(
    wanted: dict[str, Any],
    *,
    category_keys: Sequence[uuid.UUID],
    price_list: PriceList,
    tax: TaxTakenOut,
    at: datetime,
) -> QuerySet[Any]:
    found = titled(Variant.objects.all())
    if text := (wanted.get("q") or "").strip():
        named = ProductContent.objects.filter(product=OuterRef("product"), title__icontains=text)
        found = found.filter(Q(sku__icontains=text) | Exists(named))
    if wanted.get("category"):
        placed = Placement.objects.filter(product=OuterRef("product"), category_key__in=list(category_keys))
        found = found.filter(Exists(placed))
    if brand := wanted.get("brand"):
        found = found.filter(product__brand=brand)
    if show := wanted.get("show"):
        found = _in_state(_with_prices(found, price_list, at=at), show, tax=tax)
    return found


def _with_prices(variants: QuerySet[Any], price_list: PriceList, *, at: datetime) -> QuerySet[Any]:
    told = PriceChange.objects.filter(variant=OuterRef("pk"), price_list=price_list, effective_at__lte=at)
    last = told.order_by("-effective_at", "-pk")
    cost = VariantCost.objects.filter(variant=OuterRef("pk"), currency=price_list.currency).values("amount_minor")[:1]
    return variants.annotate(
        asked=Subquery(last.values("current_minor")[:1]),
        usual=Subquery(last.values("regular_minor")[:1]),
        paid=Subquery(cost),
    )


def _in_state(variants: QuerySet[Any], state: str, *, tax: TaxTakenOut) -> QuerySet[Any]:
    if state == ON_SALE:
        return variants.filter(asked__lt=F("usual"))
    if state == WITHOUT_PRICE:
        return variants.filter(asked=None)
    percents = [
        When(product__tax_class=tax_class, then=Value(_THOUSANDTHS + int(tax.percent(tax_class) * 1000)))
        for tax_class in Product.TaxClass.values
    ]
    with_tax = Case(*percents, default=Value(_THOUSANDTHS), output_field=IntegerField())
    whole = {"output_field": BigIntegerField()}
    return variants.annotate(
        with_tax=with_tax,
        left=ExpressionWrapper(F("asked") * Value(_THOUSANDTHS), **whole),
        right=ExpressionWrapper(F("paid") * F("with_tax"), **whole),
    ).filter(left__lt=F("right"))
