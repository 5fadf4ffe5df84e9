from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from commerce.desk.taxes.views import LoadTaxRatesView, TaxGroup


@hooks.register("register_admin_viewset")
def tax_viewsets() -> Any:
    return TaxGroup()


@hooks.register("register_admin_urls")
def tax_urls() -> list[Any]:
    return [path("tax/load/", LoadTaxRatesView.as_view(), name="desk_load_tax_rates")]
