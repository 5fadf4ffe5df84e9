"""Prices as lists and product pages show them: after the promotions that anybody gets on a single piece."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q

from cms.catalogue.queries import Membership, memberships
from commerce.kit.money import Money
from commerce.pricing.audience import Audience
from commerce.pricing.reference import PricePoint, reference_price
from commerce.pricing.resolving import Offer, ResolvedPrice
from commerce.promotions.applying import Outcome, apply
from commerce.promotions.basket import Basket
from commerce.promotions.gathering import line_of
from commerce.promotions.models import Promotion
from commerce.promotions.queries import DatedRule, dated_rules

LOOKS_BACK = timedelta(days=400)
"""Promotions that ended longer ago take no part in the reference price: no reduction is told over more than a year."""

_SHOWN = Q(
    kind__in=[Promotion.Kind.PERCENTAGE, Promotion.Kind.AMOUNT, Promotion.Kind.FIXED_PRICE],
    level=Promotion.Level.LINE,
    requires_coupon=False,
    is_active=True,
)


@dataclass(frozen=True, slots=True)
class ShownPromotion:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownPrice:
    """The price of one piece after automatic promotions, and the one of them that saves most, if any applies.

    `price.derivation["promotions"]` then holds every discount; `price.reference` counts past promotions as past prices.
    """

    price: ResolvedPrice
    promotion: ShownPromotion | None


def shown_prices(*, offers: Mapping[uuid.UUID, Offer], audience: Audience, at: datetime) -> dict[uuid.UUID, ShownPrice]:
    """What each offer costs after line promotions that ask for no coupon and no more than this one piece.

    A promotion that needs a coupon, a value, a quantity, other goods, a country or a first order is not shown: nobody
    can promise it before there is a basket. Three queries at most, however many offers.
    """
    rules = _shown_rules(audience, at=at)
    if not rules:
        return {key: ShownPrice(offer.price, None) for key, offer in offers.items()}
    belongs = memberships({offer.variant.product_id for offer in offers.values()})
    return {
        key: _Shelf(offer, belongs[offer.variant.product_id], rules, audience).shown(at)
        for key, offer in offers.items()
    }


def _shown_rules(audience: Audience, *, at: datetime) -> list[DatedRule]:
    """Those of the last while, of now and to come."""
    recent = Q(ends_at=None) | Q(ends_at__gt=at - LOOKS_BACK)
    found = dated_rules(Promotion.objects.in_market(audience.market).filter(_SHOWN, recent))
    return [dated for dated in found.values() if not dated.rule.conditions.asks_for_a_basket]


class _Shelf:
    """One piece of an offer, by itself, at any instant."""

    def __init__(self, offer: Offer, belongs: Membership, rules: Collection[DatedRule], audience: Audience) -> None:
        self.price = offer.price
        self.audience = audience
        self.line = line_of(
            key=str(offer.variant.pk),
            variant=offer.variant,
            unit_price=offer.price.current,
            quantity=1,
            belongs=belongs,
        )
        self.rules = [dated for dated in rules if dated.rule.covers(self.line)]

    def shown(self, at: datetime) -> ShownPrice:
        if not self.rules:
            return ShownPrice(self.price, None)
        outcome = self._outcome(self.price.current, at)
        discounts = outcome.discounts.get(self.line.key, ())
        current = self.price.current - outcome.off(self.line.key)
        price = replace(
            self.price,
            current=current,
            reference=self._reference(current, at),
            valid_until=self._valid_until(at),
            sale_ends_at=self._sale_ends_at({each.promotion for each in discounts}),
            tiers=tuple(replace(tier, price=self._after(tier.price, at)) for tier in self.price.tiers),
        )
        if not discounts:
            return ShownPrice(price, None)
        explained = {**price.derivation, "promotions": [each.document() for each in discounts]}
        price = replace(price, derivation=explained)
        # max() keeps the first of equals: the one that was applied first.
        most = max(discounts, key=lambda each: each.amount.minor).promotion
        name = next(dated.rule.name for dated in self.rules if dated.rule.code == most)
        return ShownPrice(price, ShownPromotion(most, name))

    def _outcome(self, unit_price: Money, at: datetime) -> Outcome:
        basket = Basket(
            currency=unit_price.currency,
            market=self.audience.market.code,
            channel=self.audience.channel,
            groups=self.audience.groups,
            lines=(replace(self.line, unit_price=unit_price),),
        )
        return apply(basket, [dated.rule for dated in self.rules if dated.runs(at)])

    def _after(self, unit_price: Money, at: datetime) -> Money:
        return unit_price - self._outcome(unit_price, at).off(self.line.key)

    def _flips(self) -> list[datetime]:
        """Every instant at which a promotion begins or ends."""
        instants = {dated.begins_at for dated in self.rules} | {dated.ends_at for dated in self.rules}
        return sorted(instant for instant in instants if instant is not None)

    def _valid_until(self, at: datetime) -> datetime | None:
        """The first instant at which the price entered, or what promotions make of it, is another."""
        until, now = self.price.valid_until, self._after(self.price.current, at)
        for instant in self._flips():
            if instant > at and (until is None or instant < until) and self._after(self.price.current, instant) != now:
                return instant
        return until

    def _sale_ends_at(self, applied: Collection[str]) -> datetime | None:
        ends = [dated.ends_at for dated in self.rules if dated.rule.code in applied]
        return min((end for end in [*ends, self.price.sale_ends_at] if end is not None), default=None)

    def _reference(self, current: Money, at: datetime) -> Money | None:
        market = self.audience.market
        if not market.shows_reference_price or not current < self.price.regular:
            return None
        here = PricePoint(at=at, current=current, regular=self.price.regular)
        return reference_price(_steps([*self._path(at), here]), at=at, days=market.reference_price_days)

    def _path(self, at: datetime) -> list[PricePoint]:
        """The path of entered prices with a further point wherever a promotion began or ended."""
        entered = sorted((point for point in self.price.path if point.at <= at), key=lambda point: point.at)
        path: list[PricePoint] = []
        flips = [instant for instant in self._flips() if instant <= at]
        for index, point in enumerate(entered):
            until = entered[index + 1].at if index + 1 < len(entered) else None
            path.append(self._point(point))
            for instant in flips:
                if point.at < instant and (until is None or instant < until):
                    path.append(self._point(replace(point, at=instant, announced_at=None)))
        return path

    def _point(self, point: PricePoint) -> PricePoint:
        return point if point.current is None else replace(point, current=self._after(point.current, point.at))


def _steps(path: Sequence[PricePoint]) -> list[PricePoint]:
    """Without the points at which nothing changed."""
    steps: list[PricePoint] = []
    for point in path:
        if not steps or (steps[-1].current, steps[-1].regular) != (point.current, point.regular):
            steps.append(point)
    return steps
