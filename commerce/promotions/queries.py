"""Promotions as rules, ready to be applied."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from cms.prepared import prepared
from commerce.kit.errors import DomainError
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.promotions.coupons import (
    CouponNotInMarket,
    CouponUnknown,
    PromotionUnlockedAlready,
    customer_of,
    normalised,
    problem_with,
)
from commerce.promotions.holding import uses_left
from commerce.promotions.models import Coupon, CouponUse, Promotion, PromotionTarget
from commerce.promotions.rules import Benefit, BenefitKind, Conditions, Level, Rule, Target, TargetKind

_FACTS = [
    *("code", "name", "begins_at", "ends_at", "kind", "level", "percent", "amount_minor", "currency", "buy_quantity"),
    *("get_quantity", "at_most", "gift_variant_id", "gift_quantity", "shipping_methods", "market__code"),
    *("channel__code", "customer_group__code", "countries", "first_order", "min_value_minor", "max_value_minor"),
    *("min_quantity", "max_quantity", "requires_coupon", "priority", "exclusive", "best_of"),
]
_TARGET_FACTS = ["role", "kind", "product_id", "variant_id", "category_key", "collection_id", "brand_id"]
_TARGET_FACTS += ["option_name", "option_value", "quantity"]


@dataclass(frozen=True, slots=True)
class ActiveRules:
    """The rules that may apply, and by code as the shopper wrote it why a coupon unlocks nothing."""

    rules: tuple[Rule, ...]
    problems: dict[str, DomainError]


@dataclass(frozen=True, slots=True)
class DatedRule:
    rule: Rule
    begins_at: datetime
    ends_at: datetime | None

    def runs(self, at: datetime) -> bool:
        return self.begins_at <= at and (self.ends_at is None or at < self.ends_at)


def active_rules(
    *,
    market: Market,
    at: datetime,
    codes: Collection[str] = (),
    customer_key: str | None = None,
    holder: uuid.UUID | None = None,
) -> ActiveRules:
    """The market's running promotions that need no coupon, and those that these codes unlock.

    A use that `holder` holds already does not count against it; with a `customer_key`, limits per customer count.
    Two queries at most, however many promotions and codes.
    """
    unlocked, problems = _unlocked(codes, market=market, customer_key=customer_key, holder=holder, at=at)
    found = _by_promotion(_running(market=market.pk, unlocked=list(unlocked), at=at))
    rules = (replace(dated.rule, coupon=unlocked.get(key)) for key, dated in found.items())
    return ActiveRules(rules=tuple(rules), problems=problems)


def dated_rules(promotions: QuerySet[Promotion]) -> dict[uuid.UUID, DatedRule]:
    """The promotions as rules with their windows, by id, in the order in which they are walked. One query."""
    return _by_promotion(_with_targets(promotions))


@prepared
def _running(*, market: int, unlocked: list[uuid.UUID], at: datetime) -> Any:
    running = Promotion.objects.running(at=at).filter(Q(market=None) | Q(market=market))
    return _with_targets(running.filter(Q(requires_coupon=False) | Q(pk__among=unlocked)))


def _with_targets(promotions: QuerySet[Promotion]) -> Any:
    """A row for each target, one for a promotion that has none."""
    columns = ["pk", *_FACTS, "targets__pk", *(f"targets__{name}" for name in _TARGET_FACTS)]
    return promotions.order_by("-priority", "code", "targets__position", "targets__pk").values(*columns)


def _by_promotion(found: Iterable[dict[str, Any]]) -> dict[uuid.UUID, DatedRule]:
    rows: dict[uuid.UUID, dict[str, Any]] = {}
    targets: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        rows[row["pk"]] = row
        if row["targets__pk"] is not None:
            targets[row["pk"]].append({name: row[f"targets__{name}"] for name in _TARGET_FACTS})
    return {
        key: DatedRule(_rule(row, targets[key]), begins_at=row["begins_at"], ends_at=row["ends_at"])
        for key, row in rows.items()
    }


def rule_of(promotion: Promotion, targets: Iterable[PromotionTarget]) -> Rule:
    """The promotion as a rule, saved or not, so that a form can show what it would do.

    Raises:
        ValueError: the promotion is not whole; `clean` says what it lacks.
    """
    facts = {name: _reached(promotion, name) for name in _FACTS}
    return _rule(facts, [{name: getattr(target, name) for name in _TARGET_FACTS} for target in targets])


def _reached(row: Any, name: str) -> Any:
    for step in name.split("__"):
        row = getattr(row, step) if row is not None else None
    return row


def _rule(row: Mapping[str, Any], targets: Iterable[Mapping[str, Any]]) -> Rule:
    by_role: dict[str, list[Target]] = defaultdict(list)
    for each in targets:
        by_role[each["role"]].append(_target(each))

    def money(name: str) -> Money | None:
        return Money(row[name], row["currency"]) if row[name] is not None else None

    return Rule(
        code=row["code"],
        name=row["name"],
        benefit=Benefit(
            kind=BenefitKind(row["kind"]),
            level=Level(row["level"]),
            percent=row["percent"],
            amount=money("amount_minor"),
            buy_quantity=row["buy_quantity"] or 0,
            get_quantity=row["get_quantity"] or 0,
            at_most=row["at_most"],
            gift_variant=row["gift_variant_id"],
            gift_quantity=row["gift_quantity"],
            methods=frozenset(row["shipping_methods"].split()),
        ),
        targets=tuple(by_role[PromotionTarget.Role.DISCOUNTED]),
        excluded=tuple(by_role[PromotionTarget.Role.EXCLUDED]),
        conditions=Conditions(
            market=row["market__code"] or "",
            channel=row["channel__code"] or "",
            groups=frozenset([row["customer_group__code"]] if row["customer_group__code"] else []),
            countries=frozenset(row["countries"].split()),
            first_order=row["first_order"],
            min_value=money("min_value_minor"),
            max_value=money("max_value_minor"),
            min_quantity=row["min_quantity"],
            max_quantity=row["max_quantity"],
            bought=tuple(by_role[PromotionTarget.Role.BOUGHT]),
        ),
        priority=row["priority"],
        exclusive=row["exclusive"],
        best_of=row["best_of"],
        requires_coupon=row["requires_coupon"],
    )


def _target(row: Mapping[str, Any]) -> Target:
    kind = TargetKind(row["kind"])
    if kind is TargetKind.ATTRIBUTE:
        return Target(kind=kind, key=row["option_name"], value=row["option_value"], quantity=row["quantity"])
    key = row["category_key"] if kind is TargetKind.CATEGORY else row[f"{kind.value}_id"]
    return Target(kind=kind, key=str(key), quantity=row["quantity"])


def _unlocked(
    codes: Collection[str], *, market: Market, customer_key: str | None, holder: uuid.UUID | None, at: datetime
) -> tuple[dict[uuid.UUID, str], dict[str, DomainError]]:
    """Coupon code by the id of the promotion that it unlocks, and the problems by code as it was written."""
    unlocked: dict[uuid.UUID, str] = {}
    problems: dict[str, DomainError] = {}
    found = _coupons({normalised(code) for code in codes}, customer_key, holder)
    for written in sorted(codes, key=lambda code: (normalised(code), code)):
        coupon = found.get(normalised(written))
        problem = _problem(coupon, written, market=market, customer_key=customer_key, at=at)
        if coupon is not None and problem is None and unlocked.get(coupon.promotion_id, coupon.code) != coupon.code:
            problem = PromotionUnlockedAlready(coupon=coupon.code)
        if problem is not None:
            problems[written] = problem
        elif coupon is not None:
            unlocked[coupon.promotion_id] = coupon.code
    return unlocked, problems


def _coupons(codes: set[str], customer_key: str | None, holder: uuid.UUID | None) -> dict[str, Any]:
    if not codes:
        return {}
    mine = Q(uses__holder=holder, uses__state=CouponUse.State.HELD)
    counted = Q(uses__state__in=[CouponUse.State.HELD, CouponUse.State.USED])
    theirs = counted & Q(uses__customer_key=customer_of(customer_key or "")) & ~mine
    coupons = Coupon.objects.filter(code__in=codes).select_related("promotion")
    return {
        coupon.code: coupon
        for coupon in coupons.annotate(mine=Count("uses", filter=mine), theirs=Count("uses", filter=theirs))
    }


def _problem(
    coupon: Any, written: str, *, market: Market, customer_key: str | None, at: datetime
) -> DomainError | None:
    if coupon is None:
        return CouponUnknown(coupon=written)
    if coupon.promotion.market_id not in (None, market.pk):
        return CouponNotInMarket(coupon=coupon.code)
    left = uses_left(coupon)
    free = None if left is None else left + coupon.mine
    return problem_with(coupon, free=free, theirs=coupon.theirs, customer_key=customer_key, at=at)
