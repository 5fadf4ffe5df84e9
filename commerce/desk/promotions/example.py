"""What a promotion, saved or not, would do to a cart that staff make up. Nothing is written."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from cms.catalogue.models import CategoryPage, Variant
from cms.catalogue.queries import memberships, sellable_variants
from commerce.checkout.quoting.explaining import reason_words
from commerce.desk.promotions import goods
from commerce.kit.money import Money
from commerce.markets.models import Channel, Market, MarketCountry
from commerce.pricing.audience import Audience
from commerce.pricing.models import CustomerGroup
from commerce.pricing.resolving import offers
from commerce.promotions.applying import Outcome, Verdict, apply
from commerce.promotions.basket import Basket
from commerce.promotions.gathering import line_of
from commerce.promotions.models import Promotion, PromotionTarget
from commerce.promotions.queries import active_rules, rule_of
from commerce.promotions.rules import BenefitKind, Rule

MOST_LINES = 20
_CANDIDATES = 60
_DEFAULT_LINES = 3
_ITS_COUPON = "its coupon"


class ShopperForm(forms.Form):
    """Who shops: nothing of it is saved."""

    market = forms.ModelChoiceField(Market.objects.all(), required=False, empty_label=None)
    customer_group = forms.ModelChoiceField(
        CustomerGroup.objects.all(), label="Customer is", required=False, empty_label="Anybody"
    )
    channel = forms.ModelChoiceField(Channel.objects.all(), required=False, empty_label="No channel in particular")
    country = forms.ChoiceField(label="Ships to", required=False)
    first_order = forms.BooleanField(label="Their first order", required=False)
    coupons = forms.CharField(label="Other coupons", required=False, max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        countries = MarketCountry.objects.values_list("country", flat=True)
        chosen = self.fields["country"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", "Not known yet"), *((each, each) for each in countries)]


class LineForm(forms.Form):
    goods = forms.CharField(
        label="Variant",
        required=False,
        max_length=250,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "Title or SKU"}),
    )
    quantity = forms.IntegerField(label="Pieces", required=False, min_value=1, max_value=999)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("goods"):
            try:
                cleaned["variant"] = goods.key_of("variant", cleaned["goods"])
            except goods.NotFound as problem:
                self.add_error("goods", str(problem))
        return cleaned


class _Lines(forms.BaseFormSet[LineForm]):
    def quantities(self) -> dict[uuid.UUID, int]:
        found: dict[uuid.UUID, int] = {}
        for form in self.forms:
            if variant := form.cleaned_data.get("variant"):
                found[variant] = found.get(variant, 0) + (form.cleaned_data.get("quantity") or 1)
        return found


LineFormSet = forms.formset_factory(
    LineForm, formset=_Lines, extra=2, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True
)


@dataclass(frozen=True, slots=True)
class ExampleLine:
    label: str
    quantity: int
    unit_price: Money
    before: Money
    discounts: tuple[tuple[str, Money], ...]
    after: Money


@dataclass(frozen=True, slots=True)
class Cart:
    """The cart as one set of promotions leaves it, with a sentence on each of them."""

    lines: tuple[ExampleLine, ...]
    before: Money
    saved: Money
    after: Money
    verdicts: tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """`problems` say what the cart could not hold. `together` is None where no other promotion runs."""

    at: datetime
    is_later: bool
    problems: tuple[str, ...]
    alone: Cart | None = None
    together: Cart | None = None


def example_of(
    promotion: Promotion,
    targets: Sequence[PromotionTarget],
    *,
    shopper: Mapping[str, Any],
    quantities: Mapping[uuid.UUID, int],
    at: datetime,
) -> Example:
    """At `at`, or when the promotion begins if that is later; an earlier version of itself does not take part."""
    begins_at: datetime | None = promotion.begins_at
    moment = max(begins_at or at, at)
    market = shopper.get("market") or promotion.market or Market.objects.order_by("-is_default", "code").first()
    if market is None:
        return Example(moment, False, ("There is no market yet.",))
    group, channel = shopper.get("customer_group"), shopper.get("channel")
    audience = Audience(
        market, groups=frozenset([group.code] if group else []), channel=channel.code if channel else ""
    )
    found = offers(quantities=quantities, audience=audience, at=moment)
    labels = goods.variant_labels(quantities)
    problems = [f"{labels.get(str(pk), pk)} is not for sale in {market} then." for pk in quantities if pk not in found]
    if not found:
        problems.append("Put something into the example cart to see what the promotion does.")
        return Example(moment, moment > at, tuple(problems))
    belongs = memberships({offer.variant.product_id for offer in found.values()})
    basket = Basket(
        currency=market.currency,
        market=market.code,
        channel=audience.channel,
        groups=audience.groups,
        is_first_order=bool(shopper.get("first_order")),
        shipping_country=shopper.get("country") or "",
        lines=tuple(
            line_of(
                key=str(pk),
                variant=offer.variant,
                unit_price=offer.price.current,
                quantity=quantities[pk],
                belongs=belongs[offer.variant.product_id],
            )
            for pk, offer in sorted(found.items())
        ),
    )
    rule = _unlocked(rule_of(promotion, targets))
    coupons = (shopper.get("coupons") or "").replace(",", " ").split()
    active = active_rules(market=market, at=moment, codes=coupons)
    problems += [f"Coupon {code}: {problem.detail}." for code, problem in active.problems.items()]
    own = {rule.code, *Promotion.objects.filter(pk=promotion.pk).values_list("code", flat=True)}
    others = [each for each in active.rules if each.code not in own]
    gifts = goods.variant_labels(each.benefit.gift_variant for each in (rule, *others) if each.benefit.gift_variant)
    return Example(
        moment,
        moment > at,
        tuple(problems),
        alone=_cart(basket, [rule], labels, gifts),
        together=_cart(basket, [rule, *others], labels, gifts) if others else None,
    )


def default_quantities(
    targets: Iterable[PromotionTarget], *, market: Market | None, at: datetime
) -> dict[uuid.UUID, int]:
    """Goods that the promotion is about, in the number that a bundle takes, and something else beside them."""
    market = market or Market.objects.order_by("-is_default", "code").first()
    if market is None:
        return {}
    sold = sellable_variants(at=at).order_by("product__created_at", "position", "sku")
    wanted: dict[uuid.UUID, int] = {}
    for target in [each for each in targets if each.role != PromotionTarget.Role.EXCLUDED][:_DEFAULT_LINES]:
        for pk in _first_priced(_of_target(sold, target), market, at=at, most=1):
            wanted[pk] = max(target.quantity, 2)
    for pk in _first_priced(sold.exclude(pk__in=list(wanted)), market, at=at, most=_DEFAULT_LINES):
        if len(wanted) < _DEFAULT_LINES:
            wanted.setdefault(pk, 1 if wanted else 2)
    return wanted


def example_rows(data: Any = None, *, quantities: Mapping[uuid.UUID, int] | None = None) -> Any:
    labels = goods.variant_labels(quantities or {})
    initial = [
        {"goods": labels[str(pk)], "quantity": quantity}
        for pk, quantity in (quantities or {}).items()
        if str(pk) in labels
    ]
    return LineFormSet(data, initial=initial, prefix="lines")


def _first_priced(variants: QuerySet[Variant], market: Market, *, at: datetime, most: int) -> list[uuid.UUID]:
    """One variant of each product, as far as they have a price."""
    one_each: dict[uuid.UUID, uuid.UUID] = {}
    for pk, product in variants.values_list("pk", "product_id")[:_CANDIDATES]:
        one_each.setdefault(product, pk)
    found = offers(quantities=dict.fromkeys(one_each.values(), 1), audience=Audience(market), at=at)
    return [pk for pk in one_each.values() if pk in found][:most]


def _of_target(variants: QuerySet[Variant], target: PromotionTarget) -> QuerySet[Variant]:
    kind = PromotionTarget.Kind
    match target.kind:
        case kind.PRODUCT:
            return variants.filter(product=target.product_id)
        case kind.VARIANT:
            return variants.filter(pk__in=[target.variant_id])
        case kind.CATEGORY:
            return variants.filter(Q(product__placements__category_key__in=_within(target.category_key))).distinct()
        case kind.COLLECTION:
            return variants.filter(product__collection_items__collection=target.collection_id)
        case kind.BRAND:
            return variants.filter(product__brand=target.brand_id)
        case _:
            rows = variants.values_list("pk", "options")
            hits = [pk for pk, options in rows if options.get(target.option_name) == target.option_value]
            return variants.filter(pk__in=hits[:_CANDIDATES])


def _within(key: uuid.UUID | None) -> list[uuid.UUID]:
    """A category's key with those of all below it."""
    pages = CategoryPage.objects.filter(translation_key=key)
    below = chain.from_iterable(page.get_descendants(inclusive=True).specific() for page in pages)
    return [page.translation_key for page in below]


def _unlocked(rule: Rule) -> Rule:
    return replace(rule, coupon=_ITS_COUPON) if rule.requires_coupon else rule


def _cart(basket: Basket, rules: Sequence[Rule], labels: Mapping[str, str], gifts: Mapping[str, str]) -> Cart:
    outcome = apply(basket, rules)
    names = {rule.code: rule.name for rule in rules}
    by_code = {rule.code: rule for rule in rules}
    lines = tuple(
        ExampleLine(
            label=labels.get(line.key, line.key),
            quantity=line.quantity,
            unit_price=line.unit_price,
            before=line.value,
            discounts=tuple((names[each.promotion], each.amount) for each in outcome.discounts.get(line.key, ())),
            after=line.value - outcome.off(line.key),
        )
        for line in basket.lines
    )
    before = Money.total((line.before for line in lines), currency=basket.currency)
    return Cart(
        lines=lines,
        before=before,
        saved=outcome.saved,
        after=before - outcome.saved,
        verdicts=tuple(
            (each.applied, _sentence(each, by_code[each.promotion], outcome, names, gifts)) for each in outcome.verdicts
        ),
    )


def _sentence(
    verdict: Verdict, rule: Rule, outcome: Outcome, names: Mapping[str, str], gifts: Mapping[str, str]
) -> str:
    name = verdict.name or "This promotion"
    if verdict.coupon and verdict.applied:
        name += f" (with {verdict.coupon})" if verdict.coupon == _ITS_COUPON else f" (coupon {verdict.coupon})"
    if not verdict.applied:
        # The facts speak of promotions by code; people know them by name.
        facts = {fact: _named(value, names) for fact, value in verdict.facts.items()}
        return f"{name} {reason_words(verdict.reason, facts)}."
    if rule.benefit.kind is BenefitKind.GIFT:
        gift = gifts.get(str(rule.benefit.gift_variant), str(rule.benefit.gift_variant))
        return f"{name} gives {rule.benefit.gift_quantity} × {gift}, as long as there is stock."
    if rule.benefit.kind is BenefitKind.FREE_SHIPPING:
        methods = f" by {', '.join(sorted(rule.benefit.methods))}" if rule.benefit.methods else ""
        return f"{name} makes shipping{methods} free."
    return f"{name} saves {verdict.saved}."


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    return [_named(each, names) for each in value] if isinstance(value, list) else value
