from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms

from commerce.desk.editing import MarkedForm
from commerce.invoicing.models import InvoiceSettings
from commerce.markets.models import Market

_WORDS = (
    *("name", "address", "vat_id", "registration", "contact", "bank", "footer"),
    *("number_prefix", "time_zone"),
)


class SellerForm(MarkedForm):
    """Who sells in a market. It is saved by `change_seller`, which has the last word."""

    new_logo = forms.FileField(
        label="Logo",
        required=False,
        help_text="PNG, JPEG, WebP or GIF. Printed 15 mm high, or 70 mm wide if it is long.",
    )
    without_logo = forms.BooleanField(label="Take the logo away", required=False)

    class Meta:
        model = InvoiceSettings
        fields = ["market", *_WORDS]
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "contact": forms.Textarea(attrs={"rows": 3}),
            "bank": forms.Textarea(attrs={"rows": 3}),
            "footer": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"number_prefix": "Numbers begin with", "time_zone": "Time zone"}

    field_order = ["market", "name", "address", "vat_id", "registration", "contact", "bank", "footer"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        zones = [(name, name) for name in sorted(available_timezones())]
        self.fields["time_zone"].widget = forms.Select(choices=zones)
        if self.is_new:
            taken = InvoiceSettings.objects.values("market")
            self.fields["market"] = forms.ModelChoiceField(Market.objects.exclude(pk__in=taken))
            del self.fields["without_logo"]
        else:
            self.fix("market", because="Its invoices and their numbers belong to it.")
            if self.instance.logo_id is None:
                del self.fields["without_logo"]

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in _WORDS}

    @property
    def logo(self) -> bytes | None:
        file = self.cleaned_data.get("new_logo")
        return bytes(file.read()) if file else None
