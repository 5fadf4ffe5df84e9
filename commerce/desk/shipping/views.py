from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import HeaderButton

from commerce.desk.editing import SavesRows
from commerce.desk.explaining.words import option_words
from commerce.desk.shipping.forms import (
    AreaFormSet,
    MethodForm,
    PointFormSet,
    RateFormSet,
    RuleForm,
    TryForm,
    ZoneForm,
    rate_initial,
)
from commerce.desk.templatetags.money import money
from commerce.kit import clock
from commerce.kit.money import Money
from commerce.shipping.choosing import Parcel, ParcelLine, options
from commerce.shipping.models import ShippingMethod, ShippingRule, Zone
from commerce.shipping.opening import write_table

PERMISSION = "shipping.view_zone"


def may_try(user: Any) -> bool:
    return bool(user.has_perm(PERMISSION))


class _ZoneRows(SavesRows):
    def rows_of(self, data: Any, instance: Zone) -> Mapping[str, Any]:
        return {"Places": AreaFormSet(data, instance=instance, prefix="areas")}

    def save_rows(self, instance: Zone, rows: Mapping[str, Any]) -> None:
        rows["Places"].instance = instance
        rows["Places"].save()


class ZoneCreateView(_ZoneRows, CreateView):
    pass


class ZoneEditView(_ZoneRows, EditView):
    pass


class ZoneIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return Zone.objects.select_related("market").prefetch_related("areas", "methods")

    @property
    def header_buttons(self) -> list[Any]:
        buttons = list(super().header_buttons)
        if may_try(self.request.user):
            buttons.append(HeaderButton("Try it", reverse("desk_try_shipping"), icon_name="help"))
        return buttons


class ZoneViewSet(ModelViewSet):
    model = Zone
    name = "shipping-zones"
    icon = "globe"
    menu_label = "Zones"
    index_view_class = ZoneIndexView
    add_view_class = ZoneCreateView
    edit_view_class = ZoneEditView
    copy_view_enabled = False
    list_display = [
        "name",
        Column("market", label="Market"),
        Column("areas", label="Places", accessor=lambda zone: _shortened([str(area) for area in zone.areas.all()])),
        Column("methods", label="Methods", accessor=lambda zone: ", ".join(map(str, zone.methods.all()))),
        Column("position", label="Position"),
    ]
    list_filter = ["market"]
    search_fields = ["name", "areas__country"]
    search_backend_name = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return ZoneForm


class _MethodRows(SavesRows):
    request: HttpRequest

    def rows_of(self, data: Any, instance: ShippingMethod) -> Mapping[str, Any]:
        initial = [] if instance._state.adding else rate_initial(instance)
        rates = RateFormSet(data, initial=initial, prefix="rates")
        points = PointFormSet(data, instance=instance, prefix="points")
        return {"Rows of the table": rates, "Places to collect from": points}

    def is_valid(self, form: Any) -> bool:
        self._asked_form = form
        return super().is_valid(form)

    def save_rows(self, instance: ShippingMethod, rows: Mapping[str, Any]) -> None:
        if instance.kind == ShippingMethod.Kind.TABLE:
            write_table(method=instance, rows=rows["Rows of the table"].rows)
        rows["Places to collect from"].instance = instance
        rows["Places to collect from"].save()


class _TellsTheTable(_MethodRows):
    """The table is read by what the form says: in which currency, and what it goes by."""

    def rows_of(self, data: Any, instance: ShippingMethod) -> Mapping[str, Any]:
        rows = super().rows_of(data, instance)
        form = getattr(self, "_asked_form", None)
        if data is not None and form is not None:
            said, rates = form.cleaned_data, rows["Rows of the table"]
            rates.currency = form.currency
            rates.by_value = said.get("table_by") == ShippingMethod.TableBy.VALUE
            rates.is_needed = said.get("kind") == ShippingMethod.Kind.TABLE
        return rows


class MethodCreateView(_TellsTheTable, CreateView):
    pass


class MethodEditView(_TellsTheTable, EditView):
    pass


class MethodIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return ShippingMethod.objects.select_related("zone__market")


class MethodViewSet(ModelViewSet):
    model = ShippingMethod
    name = "shipping-methods"
    icon = "mail"
    menu_label = "Methods"
    index_view_class = MethodIndexView
    add_view_class = MethodCreateView
    edit_view_class = MethodEditView
    copy_view_enabled = False
    list_display = [
        "name",
        Column("zone", label="Zone"),
        Column("kind", label="Price", accessor="get_kind_display"),
        Column("price", label="Amount", accessor=lambda method: _amount(method, method.price_minor)),
        Column("free_from", label="Free from", accessor=lambda method: _amount(method, method.free_from_minor)),
        BooleanColumn("is_active", label="Active"),
    ]
    list_filter = ["zone", "kind", "is_active"]
    search_fields = ["name", "code"]
    search_backend_name = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return MethodForm


class RuleIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return ShippingRule.objects.select_related("zone__market", "method")


class RuleViewSet(ModelViewSet):
    model = ShippingRule
    name = "shipping-rules"
    icon = "warning"
    menu_label = "Rules"
    index_view_class = RuleIndexView
    copy_view_enabled = False
    list_display = [
        "name",
        Column("zone", label="Zone"),
        Column("method", label="Method", accessor=lambda rule: rule.method or "all that deliver"),
        Column("effect", label="Effect", accessor="get_effect_display"),
        Column("amount", label="Surcharge", accessor=lambda rule: _surcharge(rule)),
    ]
    list_filter = ["zone", "effect"]

    def get_form_class(self, for_update: bool = False) -> Any:
        return RuleForm


class ShippingGroup(ModelViewSetGroup):
    menu_label = "Shipping"
    menu_icon = "mail"
    menu_order = 184
    items = (ZoneViewSet("shipping-zones"), MethodViewSet("shipping-methods"), RuleViewSet("shipping-rules"))


class TryShippingView(WagtailAdminTemplateMixin, TemplateView):
    """What would it cost to send this there? It writes nothing and stands in its address."""

    http_method_names = ["get", "head", "options"]
    template_name = "desk/shipping/try.html"
    page_title = "Try shipping"
    header_icon = "help"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not may_try(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **options)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        zones = {"url": reverse("shipping-zones:index"), "label": "Shipping zones"}
        return [*self.breadcrumbs_items, zones, {"url": "", "label": self.page_title}]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        form = TryForm(self.request.GET or None)
        found = None
        if form.is_valid():
            parcel = _parcel(form)
            found = [
                (option, option_words(option, parcel.currency)) for option in options(parcel=parcel, at=clock.now())
            ]
        return super().get_context_data(**context, form=form, options=found)


def _parcel(form: TryForm) -> Parcel:
    """One line of goods. Each piece weighs its share, so that the whole weighs what was typed or a little more."""
    asked, nothing = form.cleaned_data, uuid.UUID(int=0)
    market, pieces = form.markets[asked["country"]], asked["pieces"] or 1
    line = ParcelLine(
        variant=nothing,
        product=nothing,
        quantity=pieces,
        weight_grams=-(-(asked["weight"] or 0) // pieces),
        value=Money(asked["value"], market.currency),
        shipping_class=asked["shipping_class"] or "standard",
        categories=frozenset({uuid.UUID(asked["category"])} if asked["category"] else set()),
    )
    return Parcel(
        market=market.code,
        country=asked["country"],
        region=asked["region"],
        postal_code=asked["postal_code"],
        currency=market.currency,
        lines=(line,),
    )


def _shortened(places: list[str], *, most: int = 12) -> str:
    more = f" and {len(places) - most} more" if len(places) > most else ""
    return ", ".join(places[:most]) + more


def _amount(method: ShippingMethod, minor: int | None) -> str:
    return "" if minor is None else money(Money(minor, method.zone.market.currency))


def _surcharge(rule: ShippingRule) -> str:
    if not rule.amount_minor:
        return ""
    return f"{money(Money(rule.amount_minor, rule.zone.market.currency))}, {rule.get_per_display().lower()}"
