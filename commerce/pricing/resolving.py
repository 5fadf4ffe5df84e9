"""The one path to a price: for an audience, a quantity and an instant, with the reason why.

Which list a price comes from:

| | |
|---|---|
| asked | the market's lists that hold at the instant, whose customer group is none or one of the shopper's, and whose channel is none or the shopper's |
| in this order | 1. priority, high to low; 2. lists for a group and a channel, for a group, for a channel, for everybody; 3. code |
| taken | the first that has a regular price for one piece of the variant at the instant |
| amount | of the greatest tier within the quantity; the sale price instead, where it is lower |
"""  # noqa: E501

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from cms.catalogue.models import Variant
from cms.catalogue.queries import sellable, sellable_variants
from cms.prepared import prepared
from commerce.kit.money import Money
from commerce.pricing.audience import Audience
from commerce.pricing.ledger import paths
from commerce.pricing.models import Price, PriceList
from commerce.pricing.reference import PricePoint, reference_price
from commerce.pricing.rounding import Rounding, converted
from commerce.pricing.timelines import (
    Entered,
    ListFacts,
    ListTerms,
    Quoted,
    Tier,
    as_derivation,
    flips,
    merged,
    quoted,
)

__all__ = ["Offer", "PricePoint", "ResolvedPrice", "Tier", "offers", "offers_of_products", "replayed", "resolve_prices"]


@dataclass(frozen=True, slots=True)
class ResolvedPrice:
    """What a piece costs, and why. `path` is what one piece has cost the audience up to the instant, by whichever
    of its lists came first then, those that have ended included. The groups are the ones that the shopper has now."""

    current: Money
    regular: Money
    reference: Money | None
    valid_until: datetime | None
    sale_ends_at: datetime | None
    tiers: tuple[Tier, ...]
    path: tuple[PricePoint, ...]
    derivation: dict[str, Any]

    @property
    def on_sale(self) -> bool:
        return self.current < self.regular

    @property
    def discount_percent(self) -> int | None:
        """Whole percent below the reference price, else below the regular one; rounded down, None for nothing."""
        earlier = self.reference if self.reference is not None else self.regular
        if not self.on_sale or earlier <= self.current:
            return None
        return (earlier.minor - self.current.minor) * 100 // earlier.minor or None


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant that a market sells at an instant, and its price there and then."""

    variant: Variant
    price: ResolvedPrice


def offers(*, quantities: Mapping[uuid.UUID, int], audience: Audience, at: datetime) -> dict[uuid.UUID, Offer]:
    """What of these can be bought at `at`, at the price for the quantity; what is missing from the answer cannot.

    This is invariant I10's one rule for lists, carts, quotes and payments: an active variant of an available,
    published product that has a price. Four queries, however many variants.
    """
    variants = sellable(variants=list(quantities), at=at) if quantities else []
    return _offered(variants, quantities, audience, at)


def offers_of_products(
    *,
    product_ids: Collection[uuid.UUID],
    audience: Audience,
    at: datetime,
    related: Sequence[str] = (),
    drafted: bool = False,
) -> dict[uuid.UUID, Offer]:
    """The same for one piece of every variant of these products, in the variants' order.

    `related` names what else is to be fetched with each variant; `drafted` is as in `sellable_variants`.
    """
    found = sellable_variants(at=at, drafted=drafted).filter(product__in=list(product_ids))
    variants = list(found.select_related("product", *related))
    return _offered(variants, {variant.pk: 1 for variant in variants}, audience, at)


def _offered(
    variants: Sequence[Variant], quantities: Mapping[uuid.UUID, int], audience: Audience, at: datetime
) -> dict[uuid.UUID, Offer]:
    prices = resolve_prices(quantities=quantities, audience=audience, at=at)
    return {
        variant.pk: Offer(variant=variant, price=prices[variant.pk]) for variant in variants if variant.pk in prices
    }


def resolve_prices(
    *, quantities: Mapping[uuid.UUID, int], audience: Audience, at: datetime
) -> dict[uuid.UUID, ResolvedPrice]:
    """The prices that hold at `at`, each for its quantity. Three queries, however many variants."""
    if any(quantity < 1 for quantity in quantities.values()):
        raise ValueError("a price is asked for one piece or more")
    if not quantities:
        return {}
    ever = _lists(audience, at=at)
    lists = [each for each in ever if not each.facts.is_over(at)]
    rows = _rows(lists, quantities, at=at)
    chosen = {}
    for variant, quantity in quantities.items():
        counter = _Counter(lists, rows[variant], quantity)
        if choice := counter.choice(at):
            chosen[variant] = (counter, choice)
    keys = [each.facts.pk for each in ever]
    told = paths(variants=list(chosen), price_lists=keys, until=at)
    return {
        variant: _resolved(counter, choice, merged([told.get((variant, key), ()) for key in keys]), audience, at)
        for variant, (counter, choice) in chosen.items()
    }


def replayed(derivation: Mapping[str, Any]) -> Money:
    """The amount again from its frozen derivation alone."""
    if base := derivation["base"]:
        return converted(
            Money.from_document(base["amount"]),
            currency=derivation["amount"]["currency"],
            factor=Decimal(base["factor"]),
            rate=Decimal(base["rate"]),
            rounding=Rounding.from_document(base["rounding"]),
        )
    return Money.from_document(derivation["amount"])


@dataclass(frozen=True, slots=True)
class _Candidate:
    facts: ListFacts
    priority: int
    group: str | None
    channel: str | None

    @property
    def match(self) -> str:
        names = [name for name, code in (("group", self.group), ("channel", self.channel)) if code]
        return "_and_".join(names) or "everybody"

    @property
    def rank(self) -> tuple[int, int, str]:
        nearness = ["group_and_channel", "group", "channel", "everybody"].index(self.match)
        return (-self.priority, nearness, self.facts.code)


@dataclass(frozen=True, slots=True)
class _Choice:
    candidate: _Candidate
    price: Quoted
    passed_over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Counter:
    """All that is needed to price a quantity of one variant at any instant from the one asked for on."""

    lists: Sequence[_Candidate]
    rows: Mapping[int, Sequence[Entered]]
    quantity: int

    def choice(self, at: datetime) -> _Choice | None:
        passed: list[str] = []
        for candidate in self.lists:
            facts = candidate.facts
            price = quoted(facts, self._own(facts), self._base(facts), quantity=self.quantity, at=at)
            if price is not None:
                return _Choice(candidate, price, tuple(passed))
            if facts.holds(at):
                passed.append(facts.code)
        return None

    def valid_until(self, current: Money, *, at: datetime) -> datetime | None:
        """When the price becomes another by itself, be it that a sale ends, or another list begins."""
        instants: set[datetime] = set()
        for each in self.lists:
            instants |= flips(each.facts, [*self._own(each.facts), *self._base(each.facts)], after=at)
        for instant in sorted(instants):
            then = self.choice(instant)
            if then is None or then.price.current.amount != current:
                return instant
        return None

    def _own(self, facts: ListFacts) -> Sequence[Entered]:
        return self.rows.get(facts.pk, ())

    def _base(self, facts: ListFacts) -> Sequence[Entered]:
        return self.rows.get(facts.base_pk, ()) if facts.base_pk is not None else ()


def _lists(audience: Audience, *, at: datetime) -> list[_Candidate]:
    """The audience's lists, ended ones too, with the terms they had at `at`, in the order they are asked."""
    found = _ever(market=audience.market.pk, groups=sorted(audience.groups), channel=audience.channel, at=at)
    return sorted((_candidate(row, audience.market.currency) for row in found), key=lambda each: each.rank)


@prepared
def _ever(*, market: int, groups: list[str], channel: str, at: datetime) -> Any:
    former = FilteredRelation(
        "former_terms",
        condition=Q(former_terms__held_until__gt=at)
        & (Q(former_terms__held_from=None) | Q(former_terms__held_from__lte=at)),
    )
    return (
        PriceList.objects.ever_of(market=market, groups=groups, channel=channel)
        .annotate(terms_then=former)
        .values(
            *("pk", "code", "priority", "base_id", "valid_from", "valid_until", *_TERMS),
            base_code=F("base__code"),
            group=F("customer_group__code"),
            channel_code=F("channel__code"),
            then_pk=F("terms_then__pk"),
            **{f"then_{name}": F(f"terms_then__{name}") for name in _TERMS},
        )
        .order_by()
    )


_TERMS = ("factor", "rate", "rounding_step_minor", "rounding_ending_minor", "rounding_mode")


def _candidate(row: Mapping[str, Any], currency: str) -> _Candidate:
    prefix = "then_" if row["then_pk"] is not None else ""
    factor, rate, step, ending, mode = (row[prefix + name] for name in _TERMS)
    facts = ListFacts(
        pk=row["pk"],
        code=row["code"],
        currency=currency,
        base_pk=row["base_id"],
        base_code=row["base_code"] or "",
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        terms=(ListTerms(factor, rate, Rounding(step, ending, mode)),),
    )
    return _Candidate(facts, row["priority"], row["group"], row["channel_code"])


def _rows(
    lists: Iterable[_Candidate], variants: Collection[uuid.UUID], *, at: datetime
) -> dict[uuid.UUID, dict[int, list[Entered]]]:
    """By variant and list: what holds at `at` or later, of the lists and of their bases."""
    keys = {each.facts.pk for each in lists} | {each.facts.base_pk for each in lists if each.facts.base_pk}
    found: dict[uuid.UUID, dict[int, list[Entered]]] = defaultdict(lambda: defaultdict(list))
    for price in _prices(price_lists=list(keys), variants=list(variants), at=at):
        found[price.variant_id][price.price_list_id].append(price.entered)
    return found


@prepared
def _prices(*, price_lists: list[int], variants: list[uuid.UUID], at: datetime) -> QuerySet[Price]:
    prices = Price.objects.not_over(at=at)
    return prices.filter(price_list__pk__among=price_lists, variant__pk__among=variants).order_by()


def _resolved(
    counter: _Counter, choice: _Choice, path: Sequence[PricePoint], audience: Audience, at: datetime
) -> ResolvedPrice:
    price, market = choice.price, audience.market
    current, regular = price.current, price.regular
    reference = None
    if market.shows_reference_price and current.row.min_quantity == 1:
        # The ledger tells the price of one piece; it says nothing on the prices of larger quantities.
        reference = reference_price(path, at=at, days=market.reference_price_days)
    return ResolvedPrice(
        current=current.amount,
        regular=regular.amount,
        reference=reference,
        valid_until=counter.valid_until(current.amount, at=at),
        sale_ends_at=current.row.valid_until if current is not regular else None,
        tiers=price.tiers,
        path=tuple(path),
        derivation=_derivation(choice, counter.quantity),
    )


def _derivation(choice: _Choice, quantity: int) -> dict[str, Any]:
    candidate, current, regular = choice.candidate, choice.price.current, choice.price.regular
    row = current.row
    return {
        "price_list": candidate.facts.code,
        "chosen": {
            "match": candidate.match,
            "customer_group": candidate.group,
            "channel": candidate.channel,
            "priority": candidate.priority,
            "passed_over": list(choice.passed_over),
        },
        "price": row.pk,
        "kind": row.kind,
        "quantity": quantity,
        "min_quantity": row.min_quantity,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "amount": current.amount.document(),
        "regular": regular.amount.document(),
        "base": as_derivation(current, candidate.facts),
    }
