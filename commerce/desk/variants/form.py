"""What one row of the grid lets one type. Only rows that were changed are looked at."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from cms.catalogue.barcodes import NotABarcode, read_barcode
from commerce.desk.pricing.forms import SaleAndCostFields, clean_amount, moment_field
from commerce.desk.pricing.standing import Standing
from commerce.desk.pricing.tiers import read_tiers
from commerce.desk.stock.entering import GoodsField
from commerce.desk.variants.columns import change_name
from commerce.desk.variants.sheet import Sheet, Shown
from commerce.inventory.models import Location
from commerce.kit.money import Money

HEAVIEST_GRAMS = 10_000_000
MOST_UNITS = 1_000_000


class VariantForm(SaleAndCostFields):
    """A row as it was sent, cells that were not sent as they are shown. A row without a variant is a new one."""

    sku = forms.CharField(label="SKU", max_length=64, required=False)
    barcode = forms.CharField(required=False, max_length=30)
    weight_grams = forms.IntegerField(required=False, min_value=0, max_value=HEAVIEST_GRAMS)
    image = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    is_active = forms.BooleanField(required=False)
    price = forms.CharField(required=False, max_length=30)
    tiers = forms.CharField(required=False, max_length=500)
    parts = GoodsField(required=False)
    reason = forms.CharField(required=False, max_length=255)
    available_from = moment_field("Sold from")
    available_until = moment_field("Sold until")

    def __init__(self, data: Mapping[str, str], *, sheet: Sheet, key: uuid.UUID | None, **options: Any) -> None:
        self.sheet, self.key, self.at = sheet, key, sheet.at
        self.currency = sheet.price_list.currency if sheet.price_list else ""
        self.standing: Standing | None = sheet.standings.get(key) if key else None
        self.shown: Shown = sheet.shown.get(key, {}) if key else {}
        super().__init__(data, **options)
        self.fields["image"].choices = [("", ""), *((str(each), "") for each in sheet.pictures)]  # type: ignore[attr-defined]
        for each in sheet.options:
            self.fields[each.name] = forms.ChoiceField(
                required=False,
                choices=each.column.choices,
                error_messages={"invalid_choice": f"{each.option} has no such value any more. Choose another."},
            )
        for location in sheet.locations:
            self.fields[change_name(location)] = forms.IntegerField(
                required=False, min_value=-MOST_UNITS, max_value=MOST_UNITS
            )
        for name in [name for name in self.fields if name not in sheet.names or sheet.is_fixed(name)]:
            del self.fields[name]

    @property
    def options(self) -> dict[str, str]:
        said = {each.option: self.cleaned_data.get(each.name, "") for each in self.sheet.options}
        return {name: value for name, value in said.items() if value}

    @property
    def changes(self) -> dict[Location, int]:
        """Of stock."""
        said = {each: self.cleaned_data.get(change_name(each)) for each in self.sheet.locations}
        return {location: change for location, change in said.items() if change}

    @property
    def new_price(self) -> Money | None:
        """The regular price, if another one was typed."""
        price: Money | None = self.cleaned_data.get("price")
        own = self.standing.own.amount if self.standing and self.standing.own else None
        return price if price != own else None

    def changed(self, name: str) -> bool:
        return name in self.fields and str(self.data.get(name, "")).strip() != self.shown.get(name, "")

    def clean_sku(self) -> str:
        sku: str = self.cleaned_data["sku"]
        if not sku:
            raise forms.ValidationError("A variant needs a SKU.")
        return sku

    def clean_barcode(self) -> str:
        written: str = self.cleaned_data["barcode"]
        try:
            return read_barcode(written) if written and self.changed("barcode") else written
        except NotABarcode as wrong:
            raise forms.ValidationError(str(wrong)) from None

    def clean_price(self) -> Money | None:
        amount = clean_amount(self.cleaned_data["price"] or "", self.currency)
        if amount is None and self.shown.get("price"):
            raise forms.ValidationError("To end a price, open its history.")
        return amount

    def clean_tiers(self) -> dict[int, Money]:
        return read_tiers(self.cleaned_data["tiers"] or "", self.currency)

    def clean(self) -> None:
        opens, closes = self.window
        if opens and closes and closes <= opens:
            self.add_error("available_until", "This must be later than the start.")
        if "sale" in self.fields:
            price: Money | None = self.cleaned_data.get("price")
            self.check_sale(price if price is not None or self.standing is None else self.standing.regular)
        elif "cost" in self.fields and self.standing and self.standing.cost and not self.cleaned_data.get("cost", 1):
            self.add_error("cost", "A cost is replaced, not removed.")

    @property
    def window(self) -> tuple[datetime | None, datetime | None]:
        return self.cleaned_data.get("available_from"), self.cleaned_data.get("available_until")

    @property
    def changes_sale(self) -> bool:
        return "sale" in self.fields and super().changes_sale

    @property
    def new_cost(self) -> Money | None:
        return super().new_cost if "cost" in self.fields else None
