"""A product's variants with price and stock on one page: what sells, beside the form for what it says."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.catalogue.models import Product, ProductContent, Variant
from commerce.desk.pricing import access
from commerce.desk.pricing.amounts import plain
from commerce.desk.pricing.entering import RowEdit, enter_row, seen
from commerce.desk.pricing.filtering import titled
from commerce.desk.pricing.forms import SaleAndCostFields, shown_prices
from commerce.desk.pricing.standing import Standing, by_market, list_with_terms
from commerce.desk.pricing.tiers import changed_tiers, read_tiers, written_tiers
from commerce.inventory.adjusting import adjust
from commerce.inventory.models import Location, StockLevel, StockMovement
from commerce.kit import clock
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked
from commerce.kit.money import Money
from commerce.pricing.models import PriceList
from commerce.pricing.setting import change_price, is_plausible

PERMISSION = "catalogue.change_variant"
NO_ID = uuid.UUID(int=0)


def may_sell(user: Any) -> bool:
    return bool(user.has_perm(PERMISSION))


class VariantForm(SaleAndCostFields):
    """One row of the page. A row for a new variant counts once it has a SKU."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    sku = forms.CharField(label="SKU", max_length=64, required=False)
    options = forms.CharField(required=False, max_length=200)
    price = forms.CharField(required=False, max_length=30)
    tiers = forms.CharField(label="From quantity", required=False, max_length=500)
    is_active = forms.BooleanField(required=False, initial=True)
    change = forms.IntegerField(required=False, min_value=-1_000_000, max_value=1_000_000)
    reason = forms.CharField(required=False, max_length=255)

    field_order = ["id", "shown", "sku", "options", "price"]

    def __init__(
        self,
        *args: Any,
        currency: str,
        standings: Mapping[uuid.UUID, Standing],
        at: datetime,
        may_change_prices: bool,
        may_change_costs: bool,
        **options: Any,
    ) -> None:
        self.currency, self.standings, self.at = currency, standings, at
        super().__init__(*args, **options)
        for name in ("price", "sale", "sale_from", "sale_until", "tiers"):
            self.fields[name].disabled = not may_change_prices
        self.fields["cost"].disabled = not may_change_costs
        standing = standings.get(self.initial.get("id", NO_ID))
        if standing and standing.is_derived and standing.regular is not None:
            self.fields["price"].widget.attrs["placeholder"] = standing.regular.amount

    @property
    def standing(self) -> Standing | None:  # type: ignore[override]
        """What stands at the row's variant, wherever in the page the row is."""
        return self.standings.get(self.cleaned_data.get("id") or NO_ID)

    def clean_sku(self) -> str:
        sku: str = self.cleaned_data["sku"]
        if not sku and self.cleaned_data.get("id"):
            raise forms.ValidationError("A variant needs a SKU.")
        others = Variant.objects.filter(sku=sku)
        if key := self.cleaned_data.get("id"):
            others = others.exclude(pk=key)
        if sku and others.exists():
            raise forms.ValidationError("Another variant has this SKU.")
        return sku

    def clean_options(self) -> dict[str, str]:
        pairs = [part.partition(":") for part in self.cleaned_data["options"].split(",") if part.strip()]
        if any(not name.strip() or not value.strip() for name, _, value in pairs):
            raise forms.ValidationError("Write options as “Colour: Moss, Size: M”.")
        return {name.strip(): value.strip() for name, _, value in pairs}

    def clean_price(self) -> Money | None:
        try:
            written = (self.cleaned_data["price"] or "").strip()
            price = Money.from_decimal(plain(written), self.currency) if written else None
        except ValueError:
            raise forms.ValidationError(f"Write an amount in {self.currency} such as 19.99.") from None
        if price is not None and not is_plausible(price):
            raise forms.ValidationError("A price is not negative and not that high.")
        return price

    def clean_tiers(self) -> dict[int, Money]:
        return read_tiers(self.cleaned_data["tiers"] or "", self.currency)

    def clean(self) -> None:
        if self.cleaned_data.get("sku"):
            price: Money | None = self.cleaned_data.get("price")
            self.check_sale(price if price is not None or self.standing is None else self.standing.regular)


class _Rows(forms.BaseFormSet[VariantForm]):
    def clean(self) -> None:
        skus = [form.cleaned_data["sku"] for form in self.forms if form.cleaned_data.get("sku")]
        if len(skus) != len(set(skus)):
            raise forms.ValidationError("Two rows have the same SKU.")


VariantFormSet = forms.formset_factory(VariantForm, formset=_Rows, extra=1, max_num=500, absolute_max=500)


class SellingView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "desk/selling.html"
    page_title = "Variants, prices, stock"
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not may_sell(request.user):
            raise PermissionDenied
        self.product = get_object_or_404(Product, pk=self.kwargs["product_id"])
        self.content = ProductContent.objects.filter(product=self.product).order_by("locale").first()
        code = request.GET.get("list", "").replace("\x00", "")
        self.price_list = (list_with_terms(code=code) if code else None) or list_with_terms()
        self.location = Location.objects.first()
        return super().dispatch(request, *args, **options)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        title = self.content.title if self.content else str(self.product)
        products = {"url": reverse("wagtailsnippets_catalogue_productcontent:list"), "label": "Products"}
        return [*self.breadcrumbs_items, products, {"url": "", "label": f"{title}: {self.page_title}"}]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        rows = context.pop("rows", None) or self._rows()
        stock = _stock(self.product)
        standings = rows.form_kwargs["standings"]
        keys = [(form, form.initial.get("id")) for form in rows]
        lines = [(form, stock.get(key, (0, 0)), standings.get(key)) for form, key in keys]
        return super().get_context_data(
            **context,
            rows=rows,
            lines=lines,
            price_list=self.price_list,
            price_lists=by_market(PriceList.objects.all()),
            may_change_prices=access.may_change_prices(self.request.user),
            may_see_costs=access.may_see_costs(self.request.user),
            location=self.location,
            content_url=self.content
            and reverse("wagtailsnippets_catalogue_productcontent:edit", args=[self.content.pk]),
        )

    def post(self, request: HttpRequest, **options: Any) -> HttpResponse:
        rows = self._rows(request.POST)
        if rows.is_valid() and self._saved(rows):
            messages.success(request, "Variants saved.")
            return redirect(request.get_full_path())
        return self.render_to_response(self.get_context_data(rows=rows))

    def _rows(self, data: Any = None) -> Any:
        at, user = clock.now(), self.request.user
        variants = list(titled(self.product.variants.all()).order_by("position", "sku"))
        standings = seen(variants, price_list=self.price_list, at=at) if self.price_list else {}
        return VariantFormSet(
            data,
            initial=[_shown(variant, standings.get(variant.pk)) for variant in variants],
            form_kwargs={
                "currency": self.price_list.market.currency if self.price_list else "EUR",
                "standings": standings,
                "at": at,
                "may_change_prices": access.may_change_prices(user),
                "may_change_costs": access.may_change_costs(user),
            },
        )

    def _saved(self, rows: Any) -> bool:
        """All rows or none; what the domain refuses is shown at its row."""
        form = None
        try:
            with transaction.atomic():
                # All at once and in their one order; row by row would follow the form's order instead.
                locked(StockLevel.objects.filter(variant__product=self.product))
                now = {row["id"]: row["shown"] for row in self._rows().initial}
                for position, form in enumerate(rows):
                    if form.cleaned_data.get("sku"):
                        _refuse_stale(form, now)
                        self._save(form, position)
        except DomainError as refusal:
            if form is not None:
                form.add_error(None, refusal.detail)
            return False
        except IntegrityError:
            if form is not None:
                form.add_error("sku", "Somebody has just used this SKU.")
            return False
        return True

    def _save(self, form: VariantForm, position: int) -> None:
        row = form.cleaned_data
        at, actor = clock.now(), str(self.request.user)[:100]
        key = row.get("id")
        variant = get_object_or_404(self.product.variants, pk=key) if key else Variant(product=self.product)
        variant.sku, variant.options, variant.is_active = row["sku"], row["options"], row["is_active"]
        variant.position = position
        variant.save()
        if self.price_list:
            self._price(form, variant, at=at, actor=actor)
        if row["change"] and self.location:
            adjust(
                variant=variant,
                location=self.location,
                change=row["change"],
                kind=StockMovement.Kind.ADJUSTMENT,
                actor=actor,
                reason=row["reason"] or "Changed by hand",
                at=at,
            )

    def _price(self, form: VariantForm, variant: Variant, *, at: datetime, actor: str) -> None:
        assert self.price_list is not None, "prices are entered into a list"
        user, standing = self.request.user, form.standing
        if access.may_change_prices(user) and form.cleaned_data["price"] is not None:
            change_price(
                variant=variant, price_list=self.price_list, amount=form.cleaned_data["price"], at=at, actor=actor
            )
        tiers = changed_tiers(standing.own_tiers if standing else {}, form.cleaned_data["tiers"])
        may_cost = access.may_change_costs(user)
        edit = RowEdit(
            variant=variant.pk,
            sku=variant.sku,
            mark="",
            sale=form.sale_edit if access.may_change_prices(user) else None,
            cost=form.new_cost if may_cost else None,
            tiers=tiers if access.may_change_prices(user) else (),
        )
        enter_row(edit, variant, self.price_list, at=at, reason="", actor=actor)


class RowIsStale(DomainError):
    code = "row_is_stale"
    title = "Somebody has changed this variant since you opened the page; open it again"
    kind = ErrorKind.CONFLICT


def _shown(variant: Variant, standing: Standing | None) -> dict[str, Any]:
    """What a row shows, and with it a mark by which a later save knows whether it still holds."""
    prices = shown_prices(standing)
    row: dict[str, Any] = {
        "sku": variant.sku,
        "options": ", ".join(f"{name}: {value}" for name, value in variant.options.items()),
        "price": prices.pop("regular"),
        "tiers": written_tiers(standing.own_tiers) if standing else "",
        **prices,
        "is_active": variant.is_active,
    }
    return {"id": variant.pk, "shown": hashlib.sha256(json.dumps(row).encode()).hexdigest(), **row}


def _refuse_stale(form: VariantForm, now: dict[uuid.UUID, str]) -> None:
    key = form.cleaned_data.get("id")
    if key in now and form.cleaned_data["shown"] != now[key]:
        raise RowIsStale()


def _stock(product: Product) -> dict[uuid.UUID, tuple[int, int]]:
    """On hand and reserved by variant, over all locations."""
    found: dict[uuid.UUID, tuple[int, int]] = {}
    for level in StockLevel.objects.filter(variant__product=product):
        on_hand, reserved = found.get(level.variant_id, (0, 0))
        found[level.variant_id] = (on_hand + level.on_hand, reserved + level.reserved)
    return found
