"""The ways to ship a parcel at an instant: which there are, what each costs, when it arrives, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet

from cms.prepared import prepared
from commerce.inventory.waiting import Wait
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.markets.models import MarketCountry
from commerce.shipping.costing import Kind, MethodFacts, Problem, RateRow, RuleFacts, price_of
from commerce.shipping.estimating import Promise, arrival
from commerce.shipping.models import PickupPoint, ShippingMethod, ShippingRule, ZoneArea
from commerce.shipping.parcels import NOT_SHIPPED, Parcel, ParcelLine
from commerce.shipping.tracking import filled
from commerce.shipping.zoning import Area, Match, parse_patterns, zone_of

__all__ = [
    "CannotShip",
    "Parcel",
    "ParcelLine",
    "PickupPlace",
    "ShippingOption",
    "cheapest",
    "chosen",
    "options",
    "price_of",
    "tracking_url",
]


class CannotShip(DomainError):
    """`facts["problem"]` says why (`costing.Problem`), `facts["country"]` where to, `facts["method"]` how if one
    was named."""

    code = "cannot_ship"
    title = "The shop does not deliver this there"
    kind = ErrorKind.REFUSED


@dataclass(frozen=True, slots=True)
class PickupPlace:
    code: str
    name: str
    street_address: str
    postal_code: str
    city: str
    country: str
    opening_hours: str

    def document(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ShippingOption:
    """A way of shipping with its price, or with the problem that stands in its way.

    The days are None where the method promises none, and where it waits for goods and nobody knows when they come.
    """

    method: str
    name: str
    kind: Kind
    price: Money | None
    problem: Problem | None
    earliest: date | None
    latest: date | None
    wait: Wait | None
    pickup_points: tuple[PickupPlace, ...]
    derivation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShippingOffer(ShippingOption):
    """An option that can be had: `price` is never None."""

    price: Money
    problem: None


def options(*, parcel: Parcel, at: datetime) -> list[ShippingOption]:
    """Every active method of the parcel's zone, the ones that can be had first, each group in the staff's order.

    Empty when no zone covers the address or its zone has no method. A parcel of nothing but goods that are not
    shipped has the one option "none", at no price and wherever it goes. Four queries, however many lines.
    """
    return _options(parcel, at)[0]


def cheapest(*, parcel: Parcel, at: datetime) -> ShippingOffer:
    """The cheapest delivery, the first by position on a tie; collecting only where nothing is delivered.

    Raises:
        CannotShip: no option can be had; `problem` is that of the first.
    """
    found, problem = _options(parcel, at)
    offered = list(filter(None, map(_offer, found)))
    if not offered:
        raise CannotShip(country=parcel.country, problem=problem or found[0].problem)
    return min(offered, key=lambda offer: (offer.kind == Kind.PICKUP, offer.price.minor))


def chosen(*, parcel: Parcel, method: str, pickup_point: str | None = None, at: datetime) -> ShippingOffer:
    """The method with this code, with the one pickup point that was chosen where orders are collected.

    A parcel that needs no shipping has none, whatever was chosen before.

    Raises:
        CannotShip: the address has no such method now, the method cannot be had, or its pickup point is missing.
    """
    found, problem = _options(parcel, at)
    option = next((each for each in found if each.method == method or each.kind == Kind.NONE), None)
    if option is None:
        raise CannotShip(country=parcel.country, method=method, problem=problem or Problem.UNKNOWN_METHOD)
    offer = _offer(option)
    if offer is None:
        raise CannotShip(country=parcel.country, method=method, problem=option.problem)
    if offer.kind != Kind.PICKUP:
        return offer
    point = next((each for each in offer.pickup_points if each.code == pickup_point), None)
    if point is None:
        missing = Problem.UNKNOWN_PICKUP_POINT if pickup_point else Problem.PICKUP_POINT_NEEDED
        raise CannotShip(country=parcel.country, method=method, problem=missing)
    return _offer_with(offer, pickup_points=(point,), derivation={**offer.derivation, "pickup_point": point.document()})


def tracking_url(*, method: ShippingMethod, number: str) -> str:
    """Where to follow the parcel; empty when the method has no address or there is no number."""
    return filled(method.tracking_url_template, number=number) if number.strip() else ""


def _offer(option: ShippingOption) -> ShippingOffer | None:
    return None if option.price is None else _offer_with(option)


def _offer_with(option: ShippingOption, **changes: Any) -> ShippingOffer:
    fields = {name: getattr(option, name) for name in ShippingOption.__slots__}
    return ShippingOffer(**{**fields, **changes})


def _options(parcel: Parcel, at: datetime) -> tuple[list[ShippingOption], Problem | None]:
    """The options, and why there are none."""
    if not parcel.needs_shipping:
        return [_nothing_to_ship(parcel)], None
    match = _zone(parcel)
    if match is None:
        return [], Problem.NO_ZONE
    rules = _rules(match.zone, parcel.country)
    points = _pickup_points(match.zone)
    found = [
        _option(method, _facts(method, rows, rules), parcel, points[method.pk], match, at)
        for method, rows in _methods(match.zone)
    ]
    return sorted(found, key=lambda option: option.problem is not None), None if found else Problem.NO_METHOD


def _nothing_to_ship(parcel: Parcel) -> ShippingOption:
    return ShippingOption(
        method=NOT_SHIPPED,
        name="",
        kind=Kind.NONE,
        price=Money.zero(parcel.currency),
        problem=None,
        earliest=None,
        latest=None,
        wait=None,
        pickup_points=(),
        derivation={"rule": "not_shipped"},
    )


def _option(
    method: ShippingMethod,
    facts: MethodFacts,
    parcel: Parcel,
    points: list[PickupPlace],
    match: Match,
    at: datetime,
) -> ShippingOption:
    cost = price_of(facts, parcel)
    without_place = facts.kind == Kind.PICKUP and not points and cost.problem is None
    days = _days(method, parcel.wait, at)
    return ShippingOption(
        method=method.code,
        name=method.name,
        kind=facts.kind,
        price=None if without_place else cost.price,
        problem=Problem.NO_PICKUP_POINT if without_place else cost.problem,
        earliest=days[0] if days else None,
        latest=days[1] if days else None,
        wait=parcel.wait,
        pickup_points=tuple(points),
        derivation={**cost.derivation, "zone": facts.zone, "zone_by": match.by},
    )


def _days(method: ShippingMethod, wait: Wait | None, at: datetime) -> tuple[date, date] | None:
    """None where no day can be promised."""
    if method.min_days is None or method.max_days is None:
        return None
    if wait and wait.expected_on is None:
        return None
    promise = Promise(min_days=method.min_days, max_days=method.max_days, cutoff_hour=method.cutoff_hour)
    goods_on = wait.expected_on if wait else None
    return arrival(promise, at=at, time_zone=ZoneInfo(settings.TIME_ZONE), goods_on=goods_on)


def _zone(parcel: Parcel) -> Match | None:
    """One query: the market's areas in the country, while the market serves it."""
    areas = [
        Area(
            zone=row.zone_id,
            standing=(row.zone.position, row.zone_id),
            country=row.country,
            region=row.region,
            patterns=parse_patterns(row.postal_codes),
        )
        for row in _areas(market=parcel.market, country=parcel.country)
    ]
    return zone_of(areas, country=parcel.country, region=parcel.region, postal_code=parcel.postal_code)


@prepared
def _areas(*, market: str, country: str) -> QuerySet[ZoneArea]:
    served = MarketCountry.objects.filter(market=OuterRef("zone__market"), country=OuterRef("country"))
    areas = ZoneArea.objects.filter(Exists(served), zone__market__code=market, country=country)
    return areas.select_related("zone")


def _methods(zone: int) -> Iterable[tuple[ShippingMethod, list[RateRow]]]:
    """One query: the methods in order, joined with the rows of their tables."""
    for _, same in groupby(_active(zone=zone), key=lambda row: row.pk):
        rows = list(same)
        rates = [RateRow(row.rate_starts_at, row.rate_price) for row in rows if row.rate_starts_at is not None]
        yield rows[0], rates


@prepared
def _active(*, zone: int) -> Any:
    return (
        ShippingMethod.objects.filter(zone=zone, is_active=True)
        .select_related("zone__market")
        .annotate(rate_starts_at=F("rates__starts_at"), rate_price=F("rates__price_minor"))
        .order_by("position", "pk", "rate_starts_at")
    )


def _rules(zone: int, country: str) -> list[ShippingRule]:
    """One query. Refusals first, classes before categories, so that the first problem named is always the same."""
    rules = _rules_for(zone=zone, countries=["", country])
    return sorted(rules, key=lambda rule: (rule.effect, rule.category_key is not None, rule.pk))


@prepared
def _rules_for(*, zone: int, countries: list[str]) -> QuerySet[ShippingRule]:
    return ShippingRule.objects.filter(zone=zone, country__among=countries)


def _pickup_points(zone: int) -> dict[int, list[PickupPlace]]:
    """One query: the open ones by method."""
    found: dict[int, list[PickupPlace]] = defaultdict(list)
    for point in _open_points(zone=zone):
        found[point.method_id].append(PickupPlace(**{name: getattr(point, name) for name in PickupPlace.__slots__}))
    return found


@prepared
def _open_points(*, zone: int) -> QuerySet[PickupPoint]:
    return PickupPoint.objects.filter(method__zone=zone, is_active=True)


def _facts(method: ShippingMethod, rates: list[RateRow], rules: list[ShippingRule]) -> MethodFacts:
    delivered = method.kind != Kind.PICKUP
    own = [rule for rule in rules if rule.method_id == method.pk or (rule.method_id is None and delivered)]
    return MethodFacts(
        code=method.code,
        name=method.name,
        kind=Kind(method.kind),
        currency=method.zone.market.currency,
        zone=method.zone.name,
        price_minor=method.price_minor,
        step_grams=method.step_grams,
        step_price_minor=method.step_price_minor,
        percent=method.percent,
        table_by=method.table_by,
        rates=tuple(rates),
        free_from_minor=method.free_from_minor,
        min_weight_grams=method.min_weight_grams,
        max_weight_grams=method.max_weight_grams,
        rules=tuple(
            RuleFacts(
                name=rule.name,
                effect=rule.effect,
                shipping_class=rule.shipping_class,
                category=rule.category_key,
                amount_minor=rule.amount_minor,
                per=rule.per,
            )
            for rule in own
        ),
    )
