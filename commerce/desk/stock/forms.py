from __future__ import annotations

import uuid
from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from commerce.desk.stock.entering import MOST_UNITS, GoodsField
from commerce.inventory.models import Location, StockMovement

Kind = StockMovement.Kind


class OnceForm(forms.Form):
    """`token` names the page that was opened, so that sending it twice changes stock once."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)


class AdjustForm(OnceForm):
    location = forms.ModelChoiceField(Location.objects.all(), empty_label=None)
    kind = forms.ChoiceField(
        label="What happened",
        choices=[
            (Kind.ADJUSTMENT, "Correction"),
            (Kind.DAMAGE, "Damaged or lost"),
            (Kind.PURCHASE, "Came in"),
            (Kind.RETURN, "Came back"),
        ],
    )
    change = forms.IntegerField(
        label="Change by",
        min_value=-MOST_UNITS,
        max_value=MOST_UNITS,
        widget=forms.TextInput({"inputmode": "text", "autocomplete": "off"}),
        help_text="10 adds, -10 takes away.",
    )
    reason = forms.CharField(label="Why", max_length=255, help_text="The ledger keeps it.")

    def clean(self) -> dict[str, Any]:
        change, kind = self.cleaned_data.get("change"), self.cleaned_data.get("kind")
        if change == 0:
            self.add_error("change", "This changes nothing.")
        elif change is not None and kind == Kind.DAMAGE and change > 0:
            self.add_error("change", "What is damaged or lost is taken away: write it with a minus.")
        elif change is not None and kind in {Kind.PURCHASE, Kind.RETURN} and change < 0:
            self.add_error("change", "What comes is added: write it without a minus.")
        return self.cleaned_data


class PolicyForm(forms.Form):
    """How the variant is stocked, with a backorder limit for each location."""

    is_tracked = forms.BooleanField(
        label="Keep stock of it", required=False, help_text="Without, it never runs out: a file, a service."
    )
    low_stock_threshold = forms.IntegerField(
        label="Low at",
        min_value=0,
        max_value=MOST_UNITS,
        help_text="With so many left, or fewer, staff are told once, and shoppers see that few are left. 0: no alert.",
    )
    expected_on = forms.DateField(
        label="More is expected on",
        required=False,
        widget=AdminDateInput,
        help_text="Until that day, what may be backordered is shown as a pre-order with this date.",
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, locations: list[Location], is_bundle: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.locations = locations
        if is_bundle:
            for name in ("is_tracked", "expected_on"):
                del self.fields[name]
            self.locations = []
        for place in self.locations:
            self.fields[f"limit_{place.pk}"] = forms.IntegerField(
                label=f"Backorders at {place}",
                min_value=0,
                max_value=MOST_UNITS,
                help_text="How many may be sold before they are there.",
            )

    def limits(self) -> dict[Location, int]:
        return {place: self.cleaned_data[f"limit_{place.pk}"] for place in self.locations}


class PartsForm(forms.Form):
    parts = GoodsField(
        label="What is in one",
        help_text="A SKU and how many of it, on a line each. Bundles hold no other bundles and no gift cards.",
    )


class ReceiveForm(OnceForm):
    location = forms.ModelChoiceField(Location.objects.all(), empty_label=None, label="To")
    reference = forms.CharField(
        max_length=100, required=False, help_text="The number of the delivery note or the purchase order."
    )
    goods = GoodsField(help_text="A SKU and a quantity on each line; paste them from a spreadsheet if you like.")
    although_received = forms.BooleanField(
        label="More came under a reference that was received here before", required=False
    )


class TransferForm(OnceForm):
    source = forms.ModelChoiceField(Location.objects.all(), empty_label=None, label="From")
    target = forms.ModelChoiceField(Location.objects.all(), label="To")
    reason = forms.CharField(label="Why", max_length=255, required=False)
    goods = GoodsField(help_text="A SKU and a quantity on each line. Only what is promised to nobody can go.")

    field_order = ["source", "target", "goods", "reason"]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("source") and self.cleaned_data.get("source") == self.cleaned_data.get("target"):
            self.add_error("target", "Choose another location than the one it comes from.")
        return self.cleaned_data


class StartCountForm(forms.Form):
    location = forms.ModelChoiceField(Location.objects.all(), empty_label=None)
    only = forms.CharField(
        label="Only SKUs that begin with",
        max_length=64,
        required=False,
        help_text="Left blank, the sheet lists everything the location stocks.",
    )
    note = forms.CharField(max_length=255, required=False)


class DayForm(forms.Form):
    at = forms.DateTimeField(
        label="At, in UTC",
        required=False,
        widget=AdminDateTimeInput,
        help_text="Such as 2026-11-21 09:00. Blank: now.",
        error_messages={"invalid": "This is no moment. Write it as 2026-11-21 09:00."},
    )
    location = forms.ModelChoiceField(Location.objects.all(), required=False, empty_label="All locations")
