from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import F

from cms.catalogue.models import CategoryPage, Product
from commerce.desk.editing import AmountField, MarkedForm, mark_of_rows, minor_units
from commerce.kit.money import Money
from commerce.markets.models import Market, MarketCountry
from commerce.shipping.costing import RateRow
from commerce.shipping.models import PickupPoint, ShippingMethod, ShippingRule, Zone, ZoneArea
from commerce.shipping.opening import check_table

_BLANK_ROWS = 3
_HEAVIEST = 10_000_000


class ZoneForm(MarkedForm):
    class Meta:
        model = Zone
        fields = ["market", "name", "position"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_new:
            self.fix("market", because="Its methods are priced in this market's currency.")

    def mark(self, row: Any) -> str:
        """With its places, which are saved with it."""
        return super().mark(row) + mark_of_rows(row.areas.order_by("pk"))


class _Areas(forms.BaseInlineFormSet[ZoneArea, Zone, Any]):
    def clean(self) -> None:
        """Beside what each area checks against the others that are stored: the same place twice at once."""
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        places = [(row.get("country"), row.get("region"), row.get("postal_codes")) for row in kept]
        if len(places) != len(set(places)):
            raise forms.ValidationError("The same place stands there twice.")


AreaFormSet = forms.inlineformset_factory(
    Zone,
    ZoneArea,
    formset=_Areas,
    fields=["country", "region", "postal_codes"],
    labels={"country": "Country"},
    widgets={"postal_codes": forms.Textarea(attrs={"rows": 2})},
    extra=_BLANK_ROWS,
    max_num=500,
)


class MethodForm(MarkedForm):
    price_minor = AmountField(label="Price", help_text="Blank: nothing. A table has its own prices.")
    step_price_minor = AmountField(label="Price per started step", help_text="For prices by weight.")
    free_from_minor = AmountField(
        label="Free from", help_text="What the goods must be worth after discounts. Surcharges stay. Blank: never free."
    )

    class Meta:
        model = ShippingMethod
        fields = [
            *("zone", "code", "name", "kind", "price_minor", "step_grams", "step_price_minor", "percent", "table_by"),
            *("free_from_minor", "min_weight_grams", "max_weight_grams", "min_days", "max_days", "cutoff_hour"),
            *("tracking_url_template", "is_active", "position"),
        ]

    AMOUNTS = ("price_minor", "step_price_minor", "free_from_minor")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        zones: Any = self.fields["zone"]
        zones.queryset = Zone.objects.select_related("market")
        zones.label_from_instance = lambda zone: f"{zone.name} ({zone.market}, {zone.market.currency})"
        if self.is_new:
            return
        currency = self.instance.zone.market.currency
        self.fix("zone", because="Amounts are in the currency of its market.")
        self.fix("code", because="Orders refer to it.")
        for name in self.AMOUNTS:
            minor = getattr(self.instance, name)
            self.initial[name] = "" if minor is None else Money(minor, currency).amount
            self.fields[name].label = f"{self.fields[name].label} ({currency})"

    def mark(self, row: Any) -> str:
        """With the table and the places to collect from, which are saved with it."""
        return super().mark(row) + mark_of_rows([*row.rates.all(), *row.pickup_points.order_by("pk")])

    @property
    def currency(self) -> str:
        """Blank while no zone is chosen."""
        zone = getattr(self, "cleaned_data", {}).get("zone") or (None if self.is_new else self.instance.zone)
        return zone.market.currency if zone else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in self.AMOUNTS:
            _read_amount(self, cleaned, name, currency=self.currency, blank=None if name == "free_from_minor" else 0)
        return cleaned


class RateForm(forms.Form):
    """A row of the table. Where the table goes by value, `starts_at` is an amount."""

    starts_at = forms.CharField(label="From", max_length=20, required=False)
    price = AmountField(label="Price")


class _Rates(forms.BaseFormSet[RateForm]):
    """Set before it is asked whether it is valid: `currency`, `by_value`, `is_needed`."""

    currency, by_value, is_needed = "", False, False
    rows: list[RateRow]

    def clean(self) -> None:
        self.rows = []
        if not self.is_needed or not self.currency:
            return
        for form in self.forms:
            written = form.cleaned_data
            if written.get("starts_at") or written.get("price"):
                self._read(form, written)
        if not any(form.errors for form in self.forms):
            check_table(self.rows)

    def _read(self, form: RateForm, written: Mapping[str, Any]) -> None:
        starts_at = form.cleaned_data["starts_at"].strip() or "0"
        try:
            start = minor_units(starts_at, self.currency) if self.by_value else _whole(starts_at)
        except forms.ValidationError as error:
            form.add_error("starts_at", error)
            return
        try:
            self.rows.append(RateRow(start, minor_units(written["price"] or "0", self.currency)))
        except forms.ValidationError as error:
            form.add_error("price", error)


RateFormSet = forms.formset_factory(RateForm, formset=_Rates, extra=_BLANK_ROWS, max_num=200, absolute_max=210)


def rate_initial(method: ShippingMethod) -> list[dict[str, str]]:
    currency, by_value = method.zone.market.currency, method.table_by == ShippingMethod.TableBy.VALUE
    return [
        {
            "starts_at": Money(row.starts_at, currency).amount if by_value else str(row.starts_at),
            "price": Money(row.price_minor, currency).amount,
        }
        for row in method.rates.all()
    ]


PointFormSet = forms.inlineformset_factory(
    ShippingMethod,
    PickupPoint,
    fields=["code", "name", "street_address", "postal_code", "city", "country", "opening_hours", "is_active"],
    labels={"country": "Country"},
    widgets={"opening_hours": forms.Textarea(attrs={"rows": 2})},
    extra=1,
    max_num=500,
)


class RuleForm(MarkedForm):
    amount_minor = AmountField(label="Surcharge", help_text="In the currency of the zone's market.")
    category_key = forms.ChoiceField(label="Category, with those below it", required=False)

    class Meta:
        model = ShippingRule
        fields = [
            "zone",
            "method",
            "country",
            "name",
            "shipping_class",
            "category_key",
            "effect",
            "amount_minor",
            "per",
        ]
        labels = {"country": "Only to this country"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["zone"].queryset = Zone.objects.select_related("market")
        fields["zone"].label_from_instance = lambda zone: f"{zone.name} ({zone.market}, {zone.market.currency})"
        fields["method"].queryset = ShippingMethod.objects.select_related("zone")
        fields["method"].label_from_instance = lambda method: f"{method.zone}: {method.name}"
        fields["method"].empty_label = "All that deliver"
        fields["shipping_class"].choices = [("", "---------"), *_classes()]
        fields["category_key"].choices = [("", "---------"), *_categories()]
        if not self.is_new:
            currency = self.instance.zone.market.currency
            self.fix("zone", because="Another zone has rules of its own.")
            self.initial["amount_minor"] = Money(self.instance.amount_minor, currency).amount
            self.initial["category_key"] = str(self.instance.category_key or "")

    def clean_category_key(self) -> UUID | None:
        key = self.cleaned_data["category_key"]
        return UUID(key) if key else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        zone = cleaned.get("zone")
        _read_amount(self, cleaned, "amount_minor", currency=zone.market.currency if zone else "", blank=0)
        if zone is None:
            # The model's own rules ask the zone; the form says already that it is missing.
            self.add_error(None, "Choose the zone that the rule is for.")
        return cleaned

    def _post_clean(self) -> None:
        if self.cleaned_data.get("zone"):
            super()._post_clean()  # type: ignore[misc]


class TryForm(forms.Form):
    country = forms.ChoiceField(label="Goes to")
    region = forms.CharField(max_length=100, required=False)
    postal_code = forms.CharField(max_length=20, required=False)
    weight = forms.IntegerField(label="Weight in grams", min_value=0, max_value=_HEAVIEST, required=False)
    value = AmountField(label="Value of the goods")
    pieces = forms.IntegerField(min_value=1, max_value=10_000, required=False)
    shipping_class = forms.ChoiceField(
        choices=[each for each in Product.ShippingClass.choices if each[0] != Product.ShippingClass.NONE],
        required=False,
    )
    category = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        served = MarketCountry.objects.select_related("market").order_by("country")
        self.markets: dict[str, Market] = {each.country: each.market for each in served}
        fields["country"].choices = [(code, f"{code} ({market})") for code, market in self.markets.items()]
        fields["shipping_class"].choices = _classes()
        fields["category"].choices = [("", "Any other"), *_categories()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        market = self.markets.get(cleaned.get("country", ""))
        _read_amount(self, cleaned, "value", currency=market.currency if market else "", blank=0)
        return cleaned


def _read_amount(form: Any, cleaned: dict[str, Any], name: str, *, currency: str, blank: int | None) -> None:
    """What was typed becomes minor units; without a currency the form complains elsewhere already."""
    written = cleaned.get(name)
    try:
        cleaned[name] = minor_units(str(written), currency) if written and currency else blank
    except forms.ValidationError as error:
        form.add_error(name, error)


def _classes() -> list[tuple[str, str]]:
    """Those that are shipped at all."""
    return [(code, str(name)) for code, name in Product.ShippingClass.choices if code != Product.ShippingClass.NONE]


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise forms.ValidationError("Write a whole number.")
    return int(text)


def _categories() -> Iterable[tuple[str, str]]:
    """Every category once, whatever its languages, those within others indented."""
    found: dict[str, str] = {}
    for page in CategoryPage.objects.order_by("path").annotate(key=F("translation_key")).only("title", "depth"):
        found.setdefault(str(page.key), f"{'– ' * max(0, page.depth - 3)}{page.title}")
    return found.items()
