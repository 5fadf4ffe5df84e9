from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from commerce.desk.markets.forms import MarketForm
from commerce.kit import clock
from commerce.kit.errors import DomainError
from commerce.markets.models import Market
from commerce.markets.setting import change_market, open_market

_FIELDS_OF_REFUSALS = {"country_taken": "countries", "market_code_taken": "code"}


class _SaysWhatIsRefused:
    """The domain's refusals at the field that they are about."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except DomainError as refusal:
            field = refusal.facts.get("field") or _FIELDS_OF_REFUSALS.get(refusal.code)
            form.add_error(field if field in form.fields else None, refusal.detail)
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        return self.form_invalid(form)  # type: ignore[attr-defined]


class MarketCreateView(_SaysWhatIsRefused, CreateView):
    def save_instance(self) -> Market:
        asked = self.form.cleaned_data
        return open_market(
            code=asked["code"],
            currency=asked["currency"],
            countries=asked["countries"],
            languages=asked["languages"],
            at=clock.now(),
            **self.form.facts,
        )


class MarketEditView(_SaysWhatIsRefused, EditView):
    can_delete = False

    def save_instance(self) -> Market:
        asked = self.form.cleaned_data
        return change_market(
            market=self.form.instance,
            countries=asked["countries"],
            languages=asked["languages"],
            at=clock.now(),
            **self.form.facts,
        )


class MarketDeleteView(DeleteView):
    """Nobody deletes a market: prices, carts and orders are in it."""

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        messages.error(request, "A market is not deleted. Take its countries away, and nobody reaches it.")
        return redirect(reverse(self.index_url_name))


class MarketIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return Market.objects.prefetch_related("market_countries", "market_locales")


class MarketViewSet(ModelViewSet):
    model = Market
    name = "markets"
    icon = "globe"
    menu_label = "Markets"
    menu_order = 180
    add_to_admin_menu = True
    index_view_class = MarketIndexView
    add_view_class = MarketCreateView
    edit_view_class = MarketEditView
    delete_view_class = MarketDeleteView
    copy_view_enabled = False
    list_display = [
        "name",
        Column("currency", label="Currency"),
        Column("countries", label="Countries", accessor=lambda market: _joined(market.market_countries.all())),
        Column("languages", label="Languages", accessor=lambda market: _joined(market.market_locales.all())),
        BooleanColumn("tax_inclusive", label="With tax"),
        BooleanColumn("is_default", label="Default"),
    ]
    search_fields = ["name", "code"]
    search_backend_name = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return MarketForm


def _joined(rows: Any) -> str:
    return ", ".join(map(str, rows))
