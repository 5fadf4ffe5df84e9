"""The promotion form: amounts as people write them, goods by their names, and only the fields that the benefit has."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.models import model_to_dict
from django.utils.text import slugify
from wagtail.admin.widgets import AdminDateTimeInput

from commerce.desk.promotions import goods
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.markets.models import Channel, Market, MarketCountry
from commerce.pricing.models import CustomerGroup
from commerce.pricing.setting import is_plausible
from commerce.promotions.models import Promotion, PromotionTarget
from commerce.shipping.models import ShippingMethod

MOST_PIECES = 100_000
MOST_TARGETS = 200
OF_KIND: dict[str, tuple[str, ...]] = {
    "percentage": ("percent", "level", "best_of"),
    "amount": ("amount", "level", "best_of"),
    "fixed_price": ("amount", "best_of"),
    "free_shipping": ("shipping_methods",),
    "buy_x_get_y": ("buy_quantity", "get_quantity", "percent", "at_most", "best_of"),
    "bundle": ("percent", "amount", "at_most", "best_of"),
    "gift": ("gift", "gift_quantity"),
}
"""Which fields count for which kind of benefit; the others are neither shown nor read."""
_AMOUNTS = {"amount": "amount_minor", "min_value": "min_value_minor", "max_value": "max_value_minor"}
_SHOWN_AS = {model: shown for shown, model in _AMOUNTS.items()} | {"gift_variant": "gift"}
_AS_THEY_ARE = (
    *("name", "code", "is_active", "begins_at", "ends_at", "kind", "level", "percent", "buy_quantity", "get_quantity"),
    *("at_most", "gift_quantity", "market", "channel", "customer_group", "first_order", "min_quantity"),
    *("max_quantity", "requires_coupon", "priority", "exclusive", "best_of"),
)


class PromotionIsStale(DomainError):
    code = "promotion_is_stale"
    title = "Somebody has changed this promotion since you opened it. Open it again to see how it is now"
    kind = ErrorKind.CONFLICT


def _pieces(label: str, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST_PIECES, help_text=help_text)


def _amount(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=30,
        help_text=help_text,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )


def _moment(label: str, help_text: str = "") -> forms.DateTimeField:
    return forms.DateTimeField(label=label, required=False, help_text=help_text, widget=AdminDateTimeInput)


class PromotionForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="Shoppers see it in their cart, such as “Ten percent off lamps”.")
    code = forms.SlugField(
        required=False, help_text="How reports and explanations call it. Left blank, it follows from the name."
    )
    begins_at = _moment("Begins", "In UTC. Left blank, it begins as soon as you save it.")
    ends_at = _moment("Ends", "In UTC. Left blank, it runs until somebody ends it.")
    is_active = forms.BooleanField(
        label="Active", required=False, initial=True, help_text="Take the tick away to keep it as a draft."
    )

    kind = forms.ChoiceField(label="What it gives", choices=Promotion.Kind.choices, initial="percentage")
    percent = forms.DecimalField(
        label="Percent off",
        required=False,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        help_text="Between 0.01 and 100. A bundle has either this or a price.",
    )
    amount = _amount("Amount", "Such as 5 or 19.99: what is taken off, or what a piece or the bundle costs.")
    level = forms.ChoiceField(
        label="Taken off",
        choices=Promotion.Level.choices,
        required=False,
        help_text="An amount off each line counts per piece; off all lines together it counts once.",
    )
    buy_quantity = _pieces("Pieces to buy", "Who buys so many …")
    get_quantity = _pieces("Pieces that are reduced", "… has so many further ones reduced, the cheapest first.")
    at_most = _pieces("At most so many times", "In one order. Left blank, there is no limit.")
    gift = forms.CharField(
        label="Gift", required=False, max_length=250, help_text="A variant: type its SKU or its product's title."
    )
    gift_quantity = _pieces("How many are given")
    shipping_methods = forms.MultipleChoiceField(
        label="Ways of shipping that become free",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all of them.",
    )
    currency = forms.ChoiceField(
        required=False,
        help_text="Of every amount on this page. Left blank, the market's.",
        error_messages={"invalid_choice": "No market sells in %(value)s."},
    )

    market = forms.ModelChoiceField(Market.objects.all(), required=False, empty_label="All markets")
    channel = forms.ModelChoiceField(Channel.objects.all(), required=False, empty_label="All channels")
    customer_group = forms.ModelChoiceField(
        CustomerGroup.objects.all(), label="Customers", required=False, empty_label="Everybody"
    )
    countries = forms.CharField(
        label="Shipped to",
        required=False,
        max_length=400,
        help_text="Codes such as DE AT. Left blank, anywhere. Applies once the shopper has entered an address.",
    )
    first_order = forms.BooleanField(label="Only a customer's first order", required=False)
    requires_coupon = forms.BooleanField(
        label="Only with a coupon",
        required=False,
        help_text="Save it, then make its coupons under Promotions → Coupons.",
    )
    min_value = _amount("Cart is worth at least")
    max_value = _amount("Cart is worth at most")
    min_quantity = _pieces(
        "Pieces at least", "Of what must be bought; where nothing must, of what the promotion is on."
    )
    max_quantity = _pieces("Pieces at most")

    priority = forms.IntegerField(
        required=False,
        min_value=-1000,
        max_value=1000,
        help_text="Promotions apply from high to low; each takes its part of what the earlier ones have left.",
    )
    exclusive = forms.BooleanField(
        label="Stands alone",
        required=False,
        help_text="Applies only if nothing was applied before it, and nothing is applied after it.",
    )
    best_of = forms.SlugField(
        label="Best of",
        required=False,
        help_text="Of the promotions with the same word here, such as lamps, only the one that saves most applies.",
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, stored: Promotion | None = None, at: datetime) -> None:
        self.stored = stored
        super().__init__(data, initial=_initial(stored, at=at) if stored is not None else None)
        currencies = set(Market.objects.values_list("currency", flat=True)) | {stored.currency if stored else ""}
        self._choices("currency", [("", "The market's"), *((each, each) for each in sorted(currencies - {""}))])
        methods = dict(ShippingMethod.objects.order_by("code", "pk").values_list("code", "name"))
        methods |= {code: code for code in (stored.shipping_methods.split() if stored else []) if code not in methods}
        self._choices("shipping_methods", [(code, f"{name} ({code})") for code, name in methods.items()])

    def _choices(self, field: str, choices: list[tuple[str, str]]) -> None:
        chosen = self.fields[field]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        return code or slugify(self.cleaned_data.get("name", ""))[:50].strip("-")

    def clean_countries(self) -> str:
        codes = sorted(set(self.cleaned_data["countries"].upper().replace(",", " ").split()))
        served = set(MarketCountry.objects.filter(country__in=codes).values_list("country", flat=True))
        if unknown := [code for code in codes if code not in served]:
            raise forms.ValidationError(f"No market ships to {', '.join(unknown)}.")
        return " ".join(codes)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        cleaned["priority"] = cleaned.get("priority") or 0
        kind = cleaned.get("kind") or ""
        for field in {field for fields in OF_KIND.values() for field in fields} - set(OF_KIND.get(kind, ())):
            # What the chosen benefit does not have is not read, whatever an earlier choice left in the form.
            cleaned[field] = None
            self.errors.pop(field, None)
        self._clean_amounts(cleaned)
        if cleaned.get("gift"):
            try:
                cleaned["gift_variant_id"] = goods.key_of("variant", cleaned["gift"])
            except goods.NotFound as problem:
                self.add_error("gift", str(problem))
        elif kind == "gift" and "gift" not in self.errors:
            self.add_error("gift", "Choose what is given.")
        if "name" in cleaned and not cleaned.get("code") and "code" not in self.errors:
            self.add_error("code", "Write letters, digits or hyphens; none follow from the name.")
        return cleaned

    def _clean_amounts(self, cleaned: dict[str, Any]) -> None:
        written = {field: cleaned[field].strip() for field in _AMOUNTS if (cleaned.get(field) or "").strip()}
        currency = cleaned.get("currency") or _only_currency(cleaned.get("market"))
        if written and not currency and "currency" not in self.errors:
            self.add_error("currency", "Say in which currency.")
        for field, text in written.items():
            if not currency:
                continue
            try:
                money = Money.from_decimal(text, currency)
            except ValueError:
                self.add_error(field, f"Write an amount in {currency} such as {_sample(currency)}.")
                continue
            if not is_plausible(money):
                self.add_error(field, "An amount is not negative and not that high.")
            cleaned[f"{field}_minor"] = money.minor
        cleaned["currency"] = currency if written else ""

    def promotion(self) -> Promotion:
        """As the form says, not saved: a new one, or the stored one changed."""
        promotion = Promotion.objects.get(pk=self.stored.pk) if self.stored else Promotion()
        cleaned = self.cleaned_data
        for field in _AS_THEY_ARE:
            setattr(promotion, field, cleaned[field])
        promotion.level, promotion.best_of = cleaned["level"] or Promotion.Level.LINE, cleaned["best_of"] or ""
        promotion.gift_quantity = cleaned["gift_quantity"] or 1
        promotion.gift_variant_id = cleaned.get("gift_variant_id")
        promotion.shipping_methods = " ".join(cleaned["shipping_methods"] or [])
        promotion.countries, promotion.currency = cleaned["countries"], cleaned["currency"]
        for field, column in _AMOUNTS.items():
            setattr(promotion, column, cleaned.get(f"{field}_minor"))
        return promotion

    def refuse(self, problems: Mapping[str, Iterable[str]]) -> None:
        """Show what the domain refused, each message at its field."""
        for name, texts in problems.items():
            field = _SHOWN_AS.get(name, name)
            for text in texts:
                self.add_error(field if field in self.fields else None, text)


def _sample(currency: str) -> str:
    return Money(1999, currency).amount


def _only_currency(market: Market | None) -> str:
    if market is not None:
        return market.currency
    currencies = set(Market.objects.values_list("currency", flat=True))
    return currencies.pop() if len(currencies) == 1 else ""


def _initial(stored: Promotion, *, at: datetime) -> dict[str, Any]:
    initial = {field: getattr(stored, field) for field in _AS_THEY_ARE}
    for field, column in _AMOUNTS.items():
        minor = getattr(stored, column)
        initial[field] = Money(minor, stored.currency).amount if minor is not None else ""
    if not stored.is_active and stored.begins_at <= at:
        initial["begins_at"] = None
    return initial | {
        "currency": stored.currency,
        "countries": stored.countries,
        "shipping_methods": stored.shipping_methods.split(),
        "gift": goods.variant_labels([stored.gift_variant_id]).get(str(stored.gift_variant_id), "")
        if stored.gift_variant_id
        else "",
        "shown": mark_of(stored, list(stored.targets.all())),
    }


def mark_of(promotion: Promotion, targets: Sequence[PromotionTarget]) -> str:
    """By which a later save knows whether the promotion is still what the form showed."""
    facts = [model_to_dict(promotion), [model_to_dict(target, exclude=["id", "position"]) for target in targets]]
    return hashlib.sha256(json.dumps(facts, default=str, sort_keys=True).encode()).hexdigest()


class BegunForm(forms.Form):
    """What may still change once a promotion has begun."""

    name = forms.CharField(max_length=100, help_text="Shoppers see it.")
    ends_at = _moment("Ends", "In UTC. It can end sooner, not later.")
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, stored: Promotion) -> None:
        self.stored = stored
        mark = mark_of(stored, list(stored.targets.all()))
        super().__init__(data, initial={"name": stored.name, "ends_at": stored.ends_at, "shown": mark})

    def promotion(self) -> Promotion:
        promotion = Promotion.objects.get(pk=self.stored.pk)
        promotion.name = self.cleaned_data["name"]
        if "ends_at" in self.changed_data:  # the widget shows minutes; an end within one is not thereby moved
            promotion.ends_at = self.cleaned_data["ends_at"]
        return promotion

    def refuse(self, problems: Mapping[str, Iterable[str]]) -> None:
        for field, texts in problems.items():
            for text in texts:
                self.add_error(field if field in self.fields else None, text)


class TargetForm(forms.Form):
    """A row of goods; one without a name counts for nothing."""

    role = forms.ChoiceField(label="What for", choices=PromotionTarget.Role.choices)
    kind = forms.ChoiceField(
        label="Kind",
        choices=[
            *((kind.value, kind.label) for kind in PromotionTarget.Kind if kind != PromotionTarget.Kind.ATTRIBUTE),
            (PromotionTarget.Kind.ATTRIBUTE.value, "Option value"),
        ],
    )
    goods = forms.CharField(
        label="Which",
        required=False,
        max_length=250,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "Its name"}),
    )
    quantity = forms.IntegerField(
        label="Pieces that a bundle takes",
        required=False,
        min_value=1,
        max_value=MOST_PIECES,
        widget=forms.NumberInput({"placeholder": "Pieces"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("goods") and cleaned.get("kind"):
            try:
                cleaned["key"] = goods.key_of(cleaned["kind"], cleaned["goods"])
            except goods.NotFound as problem:
                self.add_error("goods", str(problem))
        return cleaned

    def target(self) -> PromotionTarget | None:
        cleaned = self.cleaned_data
        key: Any = cleaned.get("key")
        if not key:
            return None
        target = PromotionTarget(role=cleaned["role"], kind=cleaned["kind"], quantity=cleaned.get("quantity") or 1)
        if target.kind == PromotionTarget.Kind.ATTRIBUTE:
            target.option_name, target.option_value = key
        else:
            setattr(target, "category_key" if target.kind == "category" else f"{target.kind}_id", uuid.UUID(str(key)))
        return target


class _Targets(forms.BaseFormSet[TargetForm]):
    def targets(self) -> list[PromotionTarget]:
        return [target for form in self.forms if (target := form.target())]


TargetFormSet = forms.formset_factory(
    TargetForm, formset=_Targets, extra=2, max_num=MOST_TARGETS, absolute_max=MOST_TARGETS, validate_max=True
)


def target_rows(data: Any = None, *, stored: Promotion | None = None) -> Any:
    targets = list(stored.targets.all()) if stored else []
    initial = [
        {"role": target.role, "kind": target.kind, "goods": label, "quantity": target.quantity}
        for target, label in zip(targets, goods.labels_of(targets), strict=True)
    ]
    return TargetFormSet(data, initial=initial, prefix="targets")


def messages_of(form: Any, rows: Any) -> list[str]:
    """What keeps a promotion from being whole, each with the label of its field."""
    found = []
    for bound in (form, *rows.forms):
        for name, errors in bound.errors.items():
            label = "" if name == NON_FIELD_ERRORS else f"{bound[name].label}: "
            found += [f"{label}{error}" for error in errors]
    return [*found, *rows.non_form_errors()]
