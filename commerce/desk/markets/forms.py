from __future__ import annotations

import re
from typing import Any

from django import forms

from commerce.desk.editing import MarkedForm
from commerce.markets.models import Market
from commerce.shipping.models import ZoneArea

_FIELDS_OF_FACTS = (
    *("name", "tax_inclusive", "is_default", "origin_country", "shipping_tax", "total_rounding_minor"),
    *("shows_reference_price", "reference_price_days"),
)


class MarketForm(MarkedForm):
    """What a market says. It is saved by opening or changing the market, which has the last word."""

    countries = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The two letters of each (ISO 3166-1), parted by commas: DE, AT. A country belongs to one market.",
    )
    languages = forms.CharField(
        required=False, max_length=200, help_text="Parted by commas, the market's own first: de, en-GB."
    )

    class Meta:
        model = Market
        fields = [
            *("name", "code", "currency", "countries", "languages", "is_default", "tax_inclusive", "origin_country"),
            *("shipping_tax", "total_rounding_minor", "shows_reference_price", "reference_price_days"),
        ]
        labels = {
            "is_default": "Default market",
            "origin_country": "Sells from",
            "shipping_tax": "Shipping is taxed by",
            "total_rounding_minor": "Totals are rounded to",
        }
        help_texts = {
            "is_default": "For requests that name neither market nor country. Takes the place of the one before.",
            "origin_country": "Two letters. Needed for reverse charge within the EU.",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.is_new:
            return
        self.fix("code", because="Carts, orders and links refer to it.")
        self.fix("currency", because="Prices, carts and orders are in it. Another currency is another market.")
        self.initial["countries"] = ", ".join(self._countries())
        self.initial["languages"] = ", ".join(each.language_code for each in self.instance.market_locales.all())

    def mark(self, row: Any) -> str:
        said = [str(each) for each in (*row.market_countries.all(), *row.market_locales.all())]
        return f"{super().mark(row)} {' '.join(said)}"

    def clean_countries(self) -> list[str]:
        countries = [code.upper() for code in _parts(self.cleaned_data["countries"])]
        gone = set() if self.is_new else set(self._countries()) - set(countries)
        area = ZoneArea.objects.filter(zone__market=self.instance.pk, country__in=gone).select_related("zone").first()
        if area is not None:
            raise forms.ValidationError(f"{area.country} is in the shipping zone {area.zone}. Take it out there first.")
        return countries

    def clean_languages(self) -> list[str]:
        return _parts(self.cleaned_data["languages"])

    def clean_origin_country(self) -> str:
        return str(self.cleaned_data["origin_country"]).strip().upper()

    def clean_is_default(self) -> bool:
        default = bool(self.cleaned_data["is_default"])
        if not default and self.instance.is_default:
            raise forms.ValidationError("Make another market the default one instead; there must be one.")
        return default

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _FIELDS_OF_FACTS}

    def _get_validation_exclusions(self) -> set[str]:
        """That there is one default market is seen to by `change_market`, which replaces the one before."""
        return {*super()._get_validation_exclusions(), "is_default"}  # type: ignore[misc]

    def _countries(self) -> list[str]:
        return [each.country for each in self.instance.market_countries.all()]


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, re.split(r"[\s,;]+", text.strip()))))
