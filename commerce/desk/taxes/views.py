from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import DeleteView, EditView, IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import HeaderButton

from commerce.desk.taxes.forms import LoadForm, TaxExemptionForm, TaxRateForm
from commerce.kit import clock
from commerce.kit.errors import DomainError
from commerce.tax.loading import LoadedRate, Outcome, load_rates, packaged
from commerce.tax.models import TaxExemption, TaxRate
from commerce.tax.rate_tables import written


class _RatesHaveChanged(DomainError):
    code = "tax_rates_have_changed"
    title = "Rates have changed since you looked; this is what loading would do now"


class _Keeps:
    """What has begun is never deleted: it says what was."""

    object: Any

    @property
    def can_delete(self) -> bool:
        return bool(super().can_delete) and self.object.valid_from > clock.now()  # type: ignore[misc]


class _EditView(_Keeps, EditView):
    pass


class _DeleteView(DeleteView):
    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if self.object.valid_from <= clock.now():
            messages.error(request, "What has begun is not deleted. Give it an end instead.")
            return redirect(reverse(self.edit_url_name, args=[self.object.pk]))
        return super().dispatch(request, *args, **options)


def may_load(user: Any) -> bool:
    return bool(user.has_perms(["tax.add_taxrate", "tax.change_taxrate"]))


class TaxRateFilterSet(WagtailFilterSet):
    country = django_filters.CharFilter(field_name="country", lookup_expr="iexact", label="Country, such as DE")
    in_force = django_filters.ChoiceFilter(
        label="In force",
        choices=[("now", "Now"), ("later", "Later"), ("over", "No longer")],
        method="filter_in_force",
    )

    class Meta:
        model = TaxRate
        fields = ["tax_class"]

    def filter_in_force(self, rates: Any, name: str, value: str) -> Any:
        now = clock.now()
        return {
            "now": rates.holding(at=now),
            "later": rates.filter(valid_from__gt=now),
            "over": rates.filter(valid_until__lte=now),
        }[value]


class TaxRateIndexView(IndexView):
    @property
    def header_buttons(self) -> list[Any]:
        buttons = list(super().header_buttons)
        if may_load(self.request.user):
            buttons.append(HeaderButton("Load EU rates", reverse("desk_load_tax_rates"), icon_name="download"))
        return buttons


def _in_force(row: Any) -> str:
    now = clock.now()
    if row.valid_from > now:
        return "later"
    return "no longer" if row.valid_until and row.valid_until <= now else "now"


class TaxRateViewSet(ModelViewSet):
    model = TaxRate
    name = "tax-rates"
    icon = "decimal"
    menu_label = "Rates"
    index_view_class = TaxRateIndexView
    edit_view_class = _EditView
    delete_view_class = _DeleteView
    copy_view_enabled = False
    filterset_class = TaxRateFilterSet
    list_display = [
        TitleColumn(
            "country",
            label="Country",
            sort_key="country",
            get_url=lambda rate: reverse("tax-rates:edit", args=[rate.pk]),
        ),
        Column("region", label="Region"),
        Column("tax_class", label="Class", accessor="get_tax_class_display", sort_key="tax_class"),
        Column("percent", label="Rate", accessor=lambda rate: f"{written(rate.percent)} %", sort_key="percent"),
        Column("in_force", label="In force", accessor=_in_force),
        DateColumn("valid_from", label="From", sort_key="valid_from"),
        DateColumn("valid_until", label="Until"),
        Column("source", label="Source", accessor=lambda rate: rate.source or "staff"),
    ]
    search_fields = ["country", "region"]
    search_backend_name = None
    ordering = "country"
    list_per_page = 50

    def get_form_class(self, for_update: bool = False) -> Any:
        return TaxRateForm


class TaxExemptionViewSet(ModelViewSet):
    model = TaxExemption
    name = "tax-exemptions"
    icon = "group"
    menu_label = "Exemptions"
    edit_view_class = _EditView
    delete_view_class = _DeleteView
    copy_view_enabled = False
    list_display = [
        "customer_group",
        Column("country", label="Country", accessor=lambda each: each.country or "any"),
        Column("reason", label="Reason"),
        Column("in_force", label="In force", accessor=_in_force),
        DateColumn("valid_from", label="From"),
        DateColumn("valid_until", label="Until"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return TaxExemptionForm


class TaxGroup(ModelViewSetGroup):
    menu_label = "Tax"
    menu_icon = "decimal"
    menu_order = 182
    items = (TaxRateViewSet("tax-rates"), TaxExemptionViewSet("tax-exemptions"))


class LoadTaxRatesView(WagtailAdminTemplateMixin, TemplateView):
    """Shows what loading would do; loads only what was shown."""

    template_name = "desk/taxes/load.html"
    page_title = "Load EU rates"
    header_icon = "download"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not may_load(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **options)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        rates = {"url": reverse("tax-rates:index"), "label": "Tax rates"}
        return [*self.breadcrumbs_items, rates, {"url": "", "label": self.page_title}]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        data = packaged()
        form = context.pop("form", None) or LoadForm(
            self.request.GET if "starting" in self.request.GET else {"starting": data.starting.date()}
        )
        loaded: Sequence[LoadedRate] = []
        refusal = context.pop("refusal", "")
        if form.is_valid():
            try:
                loaded = _load(form.cleaned_data["starting"], for_good=False)
            except DomainError as error:
                refusal = error.detail
        counted = Counter(each.outcome for each in loaded)
        return super().get_context_data(
            **context,
            form=form,
            source=data.source,
            refusal=refusal,
            changes=[(each, written(each.percent)) for each in loaded if each.outcome is not Outcome.UNCHANGED],
            counts=[(outcome.value, counted[outcome]) for outcome in Outcome],
            writes=counted[Outcome.BEGAN] + counted[Outcome.CHANGED],
            seen=_fingerprint(loaded),
        )

    def post(self, request: HttpRequest, **options: Any) -> HttpResponse:
        form = LoadForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            loaded = _load(form.cleaned_data["starting"], for_good=True, seen=form.cleaned_data["seen"])
        except DomainError as refusal:
            return self.render_to_response(self.get_context_data(form=form, refusal=refusal.detail))
        number = sum(each.outcome in {Outcome.BEGAN, Outcome.CHANGED} for each in loaded)
        messages.success(request, f"{number} rates loaded from {packaged().source}.")
        return redirect("tax-rates:index")


class _WouldRewrite(DomainError):
    code = "tax_rates_would_be_rewritten"
    title = "Rates that are in force would end in the past"


def _load(starting: datetime, *, for_good: bool, seen: str = "") -> tuple[LoadedRate, ...]:
    """Through the one loading function, also to look: then everything is taken back."""
    with transaction.atomic():
        loaded = load_rates(starting=starting)
        if not for_good:
            transaction.set_rollback(True)
        changed = [f"{each.country} {each.tax_class}" for each in loaded if each.outcome is Outcome.CHANGED]
        if changed and starting < clock.now():
            names = ", ".join(changed)
            raise _WouldRewrite(f"Take a later day, for these change, and not in the past: {names}.")
        if for_good and seen != _fingerprint(loaded):
            raise _RatesHaveChanged()
    return loaded


def _fingerprint(loaded: Sequence[LoadedRate]) -> str:
    return hashlib.sha256(repr(loaded).encode()).hexdigest()
