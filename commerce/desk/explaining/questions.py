"""What staff ask: which goods, for whom, where to, and when. It all stands in the address, so that it can be shared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from babel import Locale as Language
from django import forms
from django.http import QueryDict
from django.utils import timezone

from cms.catalogue.models import ProductContent, Variant
from commerce.cart.models import MAX_COUPONS, MAX_QUANTITY
from commerce.markets.models import Channel, Market, MarketCountry
from commerce.pricing.audience import Audience
from commerce.pricing.models import CustomerGroup
from commerce.promotions.coupons import normalised
from commerce.shipping.models import PickupPoint, ShippingMethod
from commerce.tax.vat_ids import InvalidVatId, vat_id_written

MAX_LINES = 20
_MOST_SUGGESTIONS = 1000
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`at` is None for now; without a country there is no address and so no shipping."""

    quantities: Mapping[Variant, int]
    audience: Audience
    country: str
    region: str
    postal_code: str
    email: str
    vat_id: str
    coupons: tuple[str, ...]
    method: str
    pickup_point: str
    at: datetime | None

    @property
    def address(self) -> dict[str, str] | None:
        if not self.country:
            return None
        return {"country": self.country, "country_area": self.region, "postal_code": self.postal_code}


class LineForm(forms.Form):
    """A line of goods. Its fields have the same names on every line, which keeps the address short."""

    sku = forms.CharField(
        label="SKU",
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"list": "why-skus", "autocomplete": "off", "placeholder": "SKU or name"}),
    )
    quantity = forms.IntegerField(required=False, min_value=1, max_value=MAX_QUANTITY)


class QuestionForm(forms.Form):
    market = forms.ChoiceField()
    channel = forms.ChoiceField(required=False)
    group = forms.MultipleChoiceField(label="Customer groups", required=False, widget=forms.CheckboxSelectMultiple)
    country = forms.ChoiceField(label="Goes to", required=False)
    region = forms.CharField(max_length=100, required=False, help_text="As addresses write it, such as CA.")
    postal_code = forms.CharField(max_length=20, required=False)
    method = forms.ChoiceField(label="Shipping", required=False)
    vat_id = forms.CharField(label="VAT id", max_length=30, required=False)
    coupons = forms.CharField(max_length=500, required=False, help_text="Parted by commas or spaces.")
    email = forms.EmailField(
        label="Email address", required=False, help_text="Decides whether it is a first order; blank: it is."
    )
    at = forms.DateTimeField(
        label="Moment",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, data: QueryDict | None, **options: Any) -> None:
        self.markets = {market.code: market for market in Market.objects.all()}
        self.countries = list(MarketCountry.objects.select_related("market").order_by("market__name", "country"))
        super().__init__(_with_market(data, self.markets.values()), **options)
        self.lines = list(_line_forms(data))
        self._offer_choices()

    def _offer_choices(self) -> None:
        fields: Any = self.fields
        fields["market"].choices = [(code, market.name) for code, market in self.markets.items()]
        fields["channel"].choices = [("", "None in particular"), *Channel.objects.values_list("code", "name")]
        fields["group"].choices = list(CustomerGroup.objects.values_list("code", "name"))
        if not fields["group"].choices:
            del fields["group"]
        fields["country"].choices = [("", "Not known yet"), *_by_market(self.countries)]
        fields["method"].choices = [("", "The cheapest"), *_methods()]
        fields["at"].help_text = f"In {timezone.get_current_timezone_name()}. Blank: now."

    def clean_coupons(self) -> tuple[str, ...]:
        codes = tuple(dict.fromkeys(map(normalised, re.split(r"[\s,;]+", self.cleaned_data["coupons"].strip()))))
        codes = tuple(filter(None, codes))
        if len(codes) > MAX_COUPONS:
            raise forms.ValidationError(f"An order takes up to {MAX_COUPONS} coupons.")
        return codes

    def clean_vat_id(self) -> str:
        written: str = self.cleaned_data["vat_id"]
        try:
            return vat_id_written(written).number if written else ""
        except InvalidVatId as refusal:
            raise forms.ValidationError(refusal.detail) from None

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and not _EARLIEST <= at < _LATEST:
            raise forms.ValidationError("Take a moment between the years 2000 and 2100.")
        return at

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        market, country = self.markets.get(cleaned.get("market", "")), cleaned.get("country", "")
        serving = next((each.market for each in self.countries if each.country == country), None)
        if market and country and serving != market:
            self.add_error("country", f"{country} is a country of the market {serving}, not of {market}.")
        if cleaned.get("method") and not country:
            self.add_error("country", "Say where it goes, for only then is there something to ship.")
        return cleaned

    @property
    def quantities(self) -> dict[str, int]:
        """By SKU; the same twice adds up. Complains at the lines that are wrong."""
        found: dict[str, int] = {}
        for form in self.lines:
            if form.is_valid() and (sku := form.cleaned_data["sku"]):
                found[sku] = found.get(sku, 0) + (form.cleaned_data["quantity"] or 1)
        return found

    def question(self) -> Question | None:
        """None when something is wrong; then the forms say what."""
        quantities = self.quantities
        variants = {each.sku: each for each in Variant.objects.filter(sku__in=quantities).select_related("product")}
        for form in self.lines:
            sku = form.is_valid() and form.cleaned_data["sku"]
            if sku and sku not in variants:
                form.add_error("sku", "No variant has this SKU.")
            elif sku and quantities[sku] > MAX_QUANTITY:
                form.add_error("quantity", f"At most {MAX_QUANTITY} of one variant.")
        if not quantities and all(form.is_valid() for form in self.lines):
            self.add_error(None, "Say what is bought: the SKU of at least one variant.")
        if len(quantities) > MAX_LINES:
            self.add_error(None, f"At most {MAX_LINES} variants at once.")
        if not self.is_valid() or not all(form.is_valid() for form in self.lines):
            return None
        asked = self.cleaned_data
        method, _, pickup_point = asked["method"].partition(":")
        return Question(
            quantities={variants[sku]: quantity for sku, quantity in quantities.items()},
            audience=Audience(self.markets[asked["market"]], frozenset(asked.get("group", ())), asked["channel"]),
            country=asked["country"],
            region=asked["region"],
            postal_code=asked["postal_code"],
            email=asked["email"],
            vat_id=asked["vat_id"],
            coupons=asked["coupons"],
            method=method,
            pickup_point=pickup_point,
            at=asked["at"],
        )


def suggestions() -> list[tuple[str, str]]:
    """SKUs with what they are called, for the field to complete; any other SKU can be typed."""
    variants = list(Variant.objects.order_by("sku")[:_MOST_SUGGESTIONS])
    titles = dict(
        ProductContent.objects.filter(product__in={variant.product_id for variant in variants})
        .order_by("-locale_id")
        .values_list("product_id", "title")
    )
    return [(each.sku, " · ".join(filter(None, [titles.get(each.product_id), each.name]))) for each in variants]


def _with_market(data: QueryDict | None, markets: Iterable[Market]) -> QueryDict | None:
    """An address that names no market means the default one."""
    if data is None or data.get("market"):
        return data
    data = data.copy()
    data["market"] = next((market.code for market in markets if market.is_default), "")
    return data


def _line_forms(data: QueryDict | None) -> Iterable[LineForm]:
    """The lines of the address, and an empty one for the next."""
    skus, quantities = (data.getlist("sku"), data.getlist("quantity")) if data is not None else ([], [])
    written = [(sku, quantities[place] if place < len(quantities) else "1") for place, sku in enumerate(skus)]
    asked = [(sku, quantity) for sku, quantity in written if sku.strip()]
    for place, (sku, quantity) in enumerate([*asked[: MAX_LINES + 1], ("", "")]):
        yield LineForm({"sku": sku, "quantity": quantity}, auto_id=f"id_%s_{place}")


def _by_market(countries: Iterable[MarketCountry]) -> list[tuple[str, list[tuple[str, str]]]]:
    names = Language("en").territories
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in countries:
        label = f"{names.get(each.country, each.country)} ({each.country})"
        groups.setdefault(each.market.name, []).append((each.country, label))
    return [(market, sorted(choices, key=lambda choice: choice[1])) for market, choices in groups.items()]


def _methods() -> list[tuple[str, str]]:
    """By code, for zones may call theirs the same; a place to collect from is chosen with its method."""
    delivered = ShippingMethod.objects.exclude(kind=ShippingMethod.Kind.PICKUP).order_by("code", "-pk")
    collected = PickupPoint.objects.select_related("method").order_by("method__code", "code", "-pk")
    found = dict(delivered.values_list("code", "name"))
    found |= {f"{point.method.code}:{point.code}": f"{point.method.name}: {point.name}" for point in collected}
    return sorted(found.items(), key=lambda choice: choice[1])
