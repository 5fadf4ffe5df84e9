"""Applying promotions to a basket: pure, so that the same documents give the same cents years later.

The stacking rule, the only one:

1. Of the rules that share a `best_of` name, only the one that saves most on the untouched basket goes on
   (on a tie the higher priority, then the code).
2. The others are walked by priority, high to low, then by code. Each takes its discount from what the earlier
   ones have left of the lines; nothing goes below zero.
3. An exclusive rule applies only if nothing was applied before it, and then ends the walk.

Every rule considered leaves a verdict. Zero-priced and undiscountable lines are invisible to all of this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from commerce.kit.money import Money
from commerce.promotions.basket import Basket
from commerce.promotions.benefits import OpenLine, Parts, parts_of
from commerce.promotions.conditions import Reason, Refusal, refusal
from commerce.promotions.rules import BenefitKind, Rule

__all__ = ["Discount", "FreeShipping", "Gift", "Outcome", "Verdict", "apply"]


@dataclass(frozen=True, slots=True)
class Discount:
    """What one promotion takes off one line: always more than nothing."""

    promotion: str
    coupon: str | None
    amount: Money
    derivation: dict[str, Any]

    def document(self) -> dict[str, Any]:
        return {
            "promotion": self.promotion,
            "coupon": self.coupon,
            "amount": self.amount.document(),
            "derivation": self.derivation,
        }


@dataclass(frozen=True, slots=True)
class Gift:
    variant: UUID
    quantity: int
    promotion: str
    coupon: str | None = None

    def document(self) -> dict[str, Any]:
        return {
            "variant": str(self.variant),
            "quantity": self.quantity,
            "promotion": self.promotion,
            "coupon": self.coupon,
        }


@dataclass(frozen=True, slots=True)
class FreeShipping:
    """Shipping by these methods costs nothing; no codes mean every method."""

    promotion: str
    coupon: str | None = None
    methods: frozenset[str] = frozenset()

    def document(self) -> dict[str, Any]:
        return {"promotion": self.promotion, "coupon": self.coupon, "methods": sorted(self.methods)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one rule. `saved` is None where the saving is not a discount on lines (shipping, gifts)."""

    promotion: str
    name: str
    coupon: str | None
    applied: bool
    reason: Reason
    saved: Money | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        return {
            "promotion": self.promotion,
            "name": self.name,
            "coupon": self.coupon,
            "applied": self.applied,
            "reason": self.reason.value,
            "saved": self.saved.document() if self.saved is not None else None,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """Discounts by line key in the order in which they were applied, and a verdict on every rule in walking order."""

    currency: str
    discounts: dict[str, tuple[Discount, ...]]
    gifts: tuple[Gift, ...]
    free_shipping: tuple[FreeShipping, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def saved(self) -> Money:
        return Money.total((self.off(key) for key in self.discounts), currency=self.currency)

    def off(self, key: str) -> Money:
        """All that is taken off a line."""
        return Money.total((each.amount for each in self.discounts.get(key, ())), currency=self.currency)

    def saved_by_coupon(self) -> dict[str, Money]:
        """What each coupon that applied has saved on lines, by its code; zero for shipping and gifts."""
        saved: dict[str, Money] = {}
        for each in self.verdicts:
            if each.applied and each.coupon is not None:
                saved[each.coupon] = each.saved or Money.zero(self.currency)
        return saved

    def free_shipping_by(self, method: str) -> FreeShipping | None:
        """The first promotion that makes this shipping method free, if any."""
        return next((each for each in self.free_shipping if not each.methods or method in each.methods), None)

    def document(self) -> dict[str, Any]:
        return {
            "currency": self.currency,
            "discounts": {key: [each.document() for each in self.discounts[key]] for key in sorted(self.discounts)},
            "gifts": [gift.document() for gift in self.gifts],
            "free_shipping": [each.document() for each in self.free_shipping],
            "verdicts": [verdict.document() for verdict in self.verdicts],
        }


def apply(basket: Basket, rules: Sequence[Rule]) -> Outcome:
    """Walk the rules over the basket by the stacking rule above. Whatever the order of lines and rules, the outcome
    is the same.

    Raises:
        ValueError: two rules have the same code.
    """
    if len({rule.code for rule in rules}) != len(rules):
        raise ValueError("two promotions have the same code")
    walk = _Walk(basket)
    outdone = _outdone(basket, rules)
    for rule in sorted(rules, key=_turn):
        walk.consider(rule, outdone.get(rule.code))
    return walk.outcome()


def _turn(rule: Rule) -> tuple[int, str]:
    return -rule.priority, rule.code


def _outdone(basket: Basket, rules: Sequence[Rule]) -> dict[str, Refusal]:
    """By code, the rules that another of the same best-of name outdoes."""
    rivals: dict[str, list[tuple[Money, Rule]]] = defaultdict(list)
    for rule in sorted(rules, key=_turn):
        if rule.best_of:
            saving = _alone(basket, rule)
            if saving is not None:
                rivals[rule.best_of].append((saving, rule))
    outdone = {}
    for name, entries in rivals.items():
        # max() keeps the first of equals, and the entries are in walking order.
        most, winner = max(entries, key=lambda entry: entry[0].minor)
        for saving, rule in entries:
            if rule is not winner:
                facts = {
                    "best_of": name,
                    "by": winner.code,
                    "would_save": saving.document(),
                    "winner_saves": most.document(),
                }
                outdone[rule.code] = Refusal(Reason.ANOTHER_SAVES_MORE, facts)
    return outdone


def _alone(basket: Basket, rule: Rule) -> Money | None:
    """What the rule would save if it were the only one; None if it would not apply."""
    [verdict] = apply(basket, [replace(rule, best_of="")]).verdicts
    return (verdict.saved or Money.zero(basket.currency)) if verdict.applied else None


class _Walk:
    """What is left of the lines, and what was applied so far."""

    def __init__(self, basket: Basket) -> None:
        self.basket = basket
        self.left = {line.key: line.value for line in basket.counted}
        self.discounts: dict[str, list[Discount]] = defaultdict(list)
        self.gifts: list[Gift] = []
        self.free_shipping: list[FreeShipping] = []
        self.verdicts: list[Verdict] = []
        self.applied: list[Rule] = []

    def consider(self, rule: Rule, outdone: Refusal | None) -> None:
        refused = refusal(rule, self.basket) or outdone or self._stacking(rule)
        saved = None
        if refused is None:
            given = self._give(rule)
            if isinstance(given, Refusal):
                refused = given
            else:
                saved = given[0]
                self.applied.append(rule)
        self.verdicts.append(
            Verdict(
                promotion=rule.code,
                name=rule.name,
                coupon=rule.coupon,
                applied=refused is None,
                reason=refused.reason if refused else Reason.APPLIED,
                saved=saved,
                facts=refused.facts if refused else {},
            )
        )

    def outcome(self) -> Outcome:
        return Outcome(
            currency=self.basket.currency,
            discounts={key: tuple(each) for key, each in sorted(self.discounts.items())},
            gifts=tuple(self.gifts),
            free_shipping=tuple(self.free_shipping),
            verdicts=tuple(self.verdicts),
        )

    def _stacking(self, rule: Rule) -> Refusal | None:
        ended_by = next((each.code for each in self.applied if each.exclusive), None)
        if ended_by is not None:
            return Refusal(Reason.ENDED_BY_EXCLUSIVE, {"by": ended_by})
        if rule.exclusive and self.applied:
            return Refusal(Reason.NOT_BESIDE_OTHERS, {"applied": [each.code for each in self.applied]})
        return None

    def _give(self, rule: Rule) -> tuple[Money | None] | Refusal:
        """Give the benefit. What it saves on lines (None: not on lines), or why there is nothing to give."""
        if rule.benefit.kind is BenefitKind.GIFT:
            return self._give_gift(rule)
        if rule.benefit.kind is BenefitKind.FREE_SHIPPING:
            return self._give_free_shipping(rule)
        parts = parts_of(rule, self._open_lines())
        if isinstance(parts, Refusal):
            nothing_left = parts.reason is Reason.NO_LINE_MATCHES and self._has_covered_line(rule)
            return Refusal(Reason.NOTHING_TO_SAVE) if nothing_left else parts
        return (self._take_off(rule, parts),)

    def _give_gift(self, rule: Rule) -> tuple[None] | Refusal:
        if not self._has_covered_line(rule):
            return Refusal(Reason.NO_LINE_MATCHES)
        if rule.benefit.gift_variant is None:
            raise ValueError(f"{rule.code} gives a gift without a variant")
        self.gifts.append(Gift(rule.benefit.gift_variant, rule.benefit.gift_quantity, rule.code, rule.coupon))
        return (None,)

    def _give_free_shipping(self, rule: Rule) -> tuple[None] | Refusal:
        if not self._has_covered_line(rule):
            return Refusal(Reason.NO_LINE_MATCHES)
        methods = rule.benefit.methods
        for earlier in self.free_shipping:
            if not earlier.methods or (methods and methods <= earlier.methods):
                return Refusal(Reason.SHIPPING_FREE_ALREADY, {"by": earlier.promotion})
        self.free_shipping.append(FreeShipping(rule.code, rule.coupon, methods))
        return (None,)

    def _has_covered_line(self, rule: Rule) -> bool:
        return any(rule.covers(line) for line in self.basket.counted)

    def _open_lines(self) -> list[OpenLine]:
        lines = (OpenLine(line, self.left[line.key]) for line in self.basket.counted)
        return [each for each in lines if each.left]

    def _take_off(self, rule: Rule, parts: Parts) -> Money:
        for key, part in sorted(parts.items()):
            self.left[key] -= part.amount
            self.discounts[key].append(Discount(rule.code, rule.coupon, part.amount, part.derivation))
        return Money.total((part.amount for part in parts.values()), currency=self.basket.currency)
