from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.db.models import Q
from wagtail.admin.widgets import AdminDateTimeInput

from commerce.desk.editing import MarkedForm
from commerce.kit import clock
from commerce.markets.setting import is_country
from commerce.tax.models import TaxExemption, TaxRate
from commerce.tax.rate_tables import ZERO, same_region

_FIXED = "It has begun, so that this no longer changes. End it and enter another."
_OVER = "It is over, so that nothing of it changes any more."


class _DatedForm(MarkedForm):
    """What has begun can only be ended, now or later; what it said in the past stays said."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = clock.now()
        if self.is_new or self.instance.valid_from > self.now:
            return
        self.fix(*(name for name in self.fields if name not in {"valid_until", "shown"}), because=_FIXED)
        if self.instance.valid_until and self.instance.valid_until <= self.now:
            self.fix("valid_until", because=_OVER)

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].strip().upper()
        if country and not is_country(country):
            raise forms.ValidationError("This is not the code of a country.")
        return country

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in {"valid_from", "valid_until"} & set(self.changed_data):
            # People write minutes: the present one means now.
            if cleaned.get(name) and cleaned[name] == self.now.replace(second=0, microsecond=0):
                cleaned[name] = self.now
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_until")
        if "valid_until" in self.changed_data and ends and ends < self.now:
            self.add_error("valid_until", "It ends now or later: what was in force stays so.")
        elif begins and ends and ends <= begins:
            self.add_error("valid_until", "It must end after it begins.")
        return cleaned


class TaxRateForm(_DatedForm):
    class Meta:
        model = TaxRate
        fields = ["country", "region", "tax_class", "percent", "valid_from", "valid_until"]
        widgets = {"valid_from": AdminDateTimeInput, "valid_until": AdminDateTimeInput}
        labels = {"country": "Country", "tax_class": "Tax class"}
        help_texts = {"country": "Two letters, such as DE.", "valid_until": "Blank: until another rate begins."}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Goods of the zero class bear no tax anywhere; a rate for them would never be read.
        choices = TaxRate._meta.get_field("tax_class").choices or []
        self.fields["tax_class"].choices = [("", "---------"), *(each for each in choices if each[0] != ZERO)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins = cleaned.get("valid_from")
        if not self.errors and begins and begins < self.now and "valid_from" in self.changed_data:
            self._refuse_rewriting(cleaned)
        return cleaned

    def _refuse_rewriting(self, cleaned: dict[str, Any]) -> None:
        """The first rate of a place may be backdated, for the shop may be new; another would change what was."""
        begins, ends = cleaned["valid_from"], cleaned["valid_until"]
        same = TaxRate.objects.filter(tax_class=cleaned["tax_class"], country=cleaned["country"])
        meeting = same.exclude(pk=self.instance.pk).filter(Q(valid_until=None) | Q(valid_until__gt=begins))
        meeting = meeting.filter(valid_from__lt=ends) if ends else meeting
        if any(same_region(each, cleaned["region"]) for each in meeting.values_list("region", flat=True)):
            self.add_error("valid_from", "Another rate holds there then. A rate that follows begins now or later.")


class TaxExemptionForm(_DatedForm):
    class Meta:
        model = TaxExemption
        fields = ["customer_group", "country", "reason", "valid_from", "valid_until"]
        widgets = {"valid_from": AdminDateTimeInput, "valid_until": AdminDateTimeInput}
        labels = {"country": "Country"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins = cleaned.get("valid_from")
        if begins and "valid_from" in self.changed_data and begins < self.now:
            self.add_error("valid_from", "It begins now or later: what was taxed stays taxed.")
        return cleaned


class LoadForm(forms.Form):
    starting = forms.DateField(
        label="New rates hold from", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_starting(self) -> datetime:
        day = self.cleaned_data["starting"]
        if not 2000 <= day.year < 2100:
            raise forms.ValidationError("Take a day between the years 2000 and 2100.")
        return datetime.combine(day, time.min, tzinfo=UTC)
