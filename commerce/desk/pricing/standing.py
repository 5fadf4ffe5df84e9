"""What a price list says about many variants at an instant, as the price screens show it."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, QuerySet

from cms.catalogue.models import Product, Variant
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.pricing.costs import costs_of
from commerce.pricing.margins import is_below_cost, margin_percent
from commerce.pricing.models import Price, PriceList
from commerce.pricing.timelines import REGULAR, SALE, Entered, ListFacts, Quoted, quoted, timeline
from commerce.tax.models import TaxRate


@dataclass(frozen=True, slots=True)
class TaxTakenOut:
    """What is taken out of a price before it is held against the cost, by tax class; nothing where prices are net."""

    country: str = ""
    percents: Mapping[str, Decimal] | None = None

    def percent(self, tax_class: str) -> Decimal:
        return (self.percents or {}).get(tax_class, Decimal(0))

    @property
    def is_unknown(self) -> bool:
        """Prices include tax and nobody knows how much, so margins look better than they are."""
        return self.percents is not None and not self.percents


def tax_taken_out(market: Market, *, at: datetime) -> TaxTakenOut:
    """The rates of the country that the market sells from, else of its first one. At most two queries."""
    if not market.tax_inclusive:
        return TaxTakenOut()
    country = market.origin_country
    country = country or market.market_countries.values_list("country", flat=True).order_by("country").first() or ""
    rates = TaxRate.objects.holding(at=at).filter(country=country, region="").order_by("valid_from")
    return TaxTakenOut(country, dict(rates.values_list("tax_class", "percent")))


@dataclass(frozen=True, slots=True)
class Standing:
    """One variant in one list. `own` and `sale` are rows of the list itself; the sale holds now or comes next."""

    variant: Variant
    own: Entered | None
    sale: Entered | None
    own_tiers: Mapping[int, Money]
    price: Quoted | None
    cost: Money | None
    tax_percent: Decimal
    next_at: datetime | None
    next_price: Money | None

    @property
    def regular(self) -> Money | None:
        return self.price.regular.amount if self.price else None

    @property
    def current(self) -> Money | None:
        return self.price.current.amount if self.price else None

    @property
    def is_derived(self) -> bool:
        return self.price is not None and self.own is None

    @property
    def is_on_sale(self) -> bool:
        return self.price is not None and self.price.current.amount < self.price.regular.amount

    @property
    def margin_percent(self) -> Decimal | None:
        if self.current is None or self.cost is None:
            return None
        return margin_percent(self.current, self.cost, tax_percent=self.tax_percent, decimals=1)

    @property
    def is_below_cost(self) -> bool:
        if self.current is None or self.cost is None:
            return False
        return is_below_cost(self.current, self.cost, tax_percent=self.tax_percent)

    @property
    def mark(self) -> str:
        """Changes with everything that a row of the grid lets one change."""
        tiers = sorted((quantity, price.minor) for quantity, price in self.own_tiers.items())
        seen = (
            self.own and self.own.pk,
            _facts(self.own),
            _facts(self.sale),
            tiers,
            None if self.cost is None else self.cost.minor,
        )
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]


def standings(
    variants: Sequence[Variant], *, price_list: PriceList, at: datetime, tax: TaxTakenOut
) -> dict[uuid.UUID, Standing]:
    """Three queries, however many variants (their products are loaded already)."""
    keys = [variant.pk for variant in variants]
    facts = price_list.facts
    own, base = _rows(facts, keys, at=at)
    costs = costs_of(keys, currency=price_list.currency)
    return {
        variant.pk: _standing(
            variant, facts, own[variant.pk], base[variant.pk], costs.get(variant.pk), _percent(variant, tax), at
        )
        for variant in variants
    }


def list_with_terms(**which: object) -> PriceList | None:
    """A list with all that `facts` reads; of several the one of the default market for everybody. Two queries."""
    found = by_market(PriceList.objects.filter(**which)).select_related("base__market")
    return found.prefetch_related("former_terms").first()


def by_market(price_lists: QuerySet[PriceList]) -> QuerySet[PriceList]:
    """The default market's first; within one the lists for everybody before those for a group or a channel."""
    return price_lists.select_related("market").order_by(
        "-market__is_default",
        "market__code",
        F("customer_group").asc(nulls_first=True),
        F("channel").asc(nulls_first=True),
        F("base").asc(nulls_first=True),
        "-priority",
        "code",
    )


def _rows(
    facts: ListFacts, keys: Iterable[uuid.UUID], *, at: datetime
) -> tuple[dict[uuid.UUID, list[Entered]], dict[uuid.UUID, list[Entered]]]:
    own: dict[uuid.UUID, list[Entered]] = defaultdict(list)
    base: dict[uuid.UUID, list[Entered]] = defaultdict(list)
    lists = [each for each in (facts.pk, facts.base_pk) if each is not None]
    for price in Price.objects.not_over(at=at).filter(price_list__in=lists, variant__in=list(keys)):
        (own if price.price_list_id == facts.pk else base)[price.variant_id].append(price.entered)
    return own, base


def _standing(
    variant: Variant,
    facts: ListFacts,
    own: Sequence[Entered],
    base: Sequence[Entered],
    cost: Money | None,
    tax_percent: Decimal,
    at: datetime,
) -> Standing:
    holding = [row for row in own if row.holds(at)]
    single = [row for row in holding if row.kind == REGULAR and row.min_quantity == 1]
    sales = sorted((row for row in own if row.kind == SALE and row.min_quantity == 1), key=lambda row: row.valid_from)
    ahead = timeline(facts, own, base, since=at)
    return Standing(
        variant=variant,
        own=single[0] if single else None,
        sale=sales[0] if sales else None,
        own_tiers={row.min_quantity: row.amount for row in holding if row.kind == REGULAR and row.min_quantity > 1},
        price=quoted(facts, own, base, quantity=1, at=at),
        cost=cost,
        tax_percent=tax_percent,
        next_at=ahead[1].at if len(ahead) > 1 else None,
        next_price=ahead[1].current if len(ahead) > 1 else None,
    )


def _percent(variant: Variant, tax: TaxTakenOut) -> Decimal:
    product: Product = variant.product
    return tax.percent(product.tax_class)


def _facts(row: Entered | None) -> tuple[object, ...] | None:
    return None if row is None else (row.amount.minor, row.valid_from, row.valid_until)
