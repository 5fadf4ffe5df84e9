"""What a benefit takes off each line, from what earlier promotions have left of it. Never more than is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from commerce.kit.money import Money, round_half_up
from commerce.promotions.basket import BasketLine
from commerce.promotions.conditions import Reason, Refusal, counts_as_bought
from commerce.promotions.rules import Benefit, BenefitKind, Level, Rule, Target


@dataclass(frozen=True, slots=True)
class Part:
    """What a promotion takes off one line, and how that came about."""

    amount: Money
    derivation: dict[str, Any]


Parts = dict[str, Part]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line and what earlier promotions have left of its value, which is more than nothing."""

    line: BasketLine
    left: Money

    @property
    def per_unit(self) -> Fraction:
        return Fraction(self.left.minor, self.line.quantity)


def parts_of(rule: Rule, lines: Sequence[OpenLine]) -> Parts | Refusal:
    """The discount by line key, or why there is none. `lines` are open and in canonical order."""
    covered = [each for each in lines if rule.covers(each.line)]
    if not covered:
        return Refusal(Reason.NO_LINE_MATCHES)
    benefit = rule.benefit
    match benefit.kind, benefit.level:
        case (BenefitKind.PERCENTAGE | BenefitKind.AMOUNT, Level.ORDER):
            found: Parts | Refusal = _off_all_together(benefit, covered)
        case (BenefitKind.PERCENTAGE | BenefitKind.AMOUNT | BenefitKind.FIXED_PRICE, _):
            found = {each.line.key: _off_a_line(benefit, each) for each in covered}
        case (BenefitKind.BUY_X_GET_Y, _):
            found = _buy_x_get_y(rule, lines)
        case (BenefitKind.BUNDLE, _):
            found = _bundle(rule, covered)
        case _:
            raise ValueError(f"{benefit.kind} takes nothing off a line")
    if isinstance(found, Refusal):
        return found
    saving = {key: part for key, part in found.items() if part.amount}
    return saving or Refusal(Reason.NOTHING_TO_SAVE)


def _off_a_line(benefit: Benefit, each: OpenLine) -> Part:
    quantity = each.line.quantity
    derivation: dict[str, Any] = {"rule": benefit.kind.value, "level": "line", "from": each.left.document()}
    if benefit.kind is BenefitKind.PERCENTAGE:
        amount = each.left.scaled(_share(benefit))
        return Part(amount, {**derivation, "percent": str(benefit.percent), "rounding": "half_up_per_line"})
    price = _amount(benefit)
    derivation |= {"amount": price.document(), "quantity": quantity}
    wanted = price * quantity if benefit.kind is BenefitKind.AMOUNT else each.left - price * quantity
    return Part(_within(wanted, each.left), derivation)


def _off_all_together(benefit: Benefit, covered: Sequence[OpenLine]) -> Parts:
    whole = Money.total((each.left for each in covered), currency=covered[0].left.currency)
    derivation: dict[str, Any] = {"rule": benefit.kind.value, "level": "order", "from": whole.document()}
    if benefit.kind is BenefitKind.PERCENTAGE:
        off = whole.scaled(_share(benefit))
        derivation |= {"percent": str(benefit.percent), "rounding": "half_up_once"}
    else:
        off = _within(_amount(benefit), whole)
        derivation["amount"] = _amount(benefit).document()
    return _spread(off, {each.line.key: Fraction(each.left.minor) for each in covered}, derivation)


def _buy_x_get_y(rule: Rule, lines: Sequence[OpenLine]) -> Parts | Refusal:
    """The cheapest units are reduced (at equal prices by line key); a unit that is reduced does not count as bought.

    Who has bought X and has fewer than Y further units gets the reduction on those that there are.
    """
    benefit = rule.benefit
    buys = {each.line.key for each in lines if counts_as_bought(rule, each.line)}
    gets = {each.line.key for each in lines if rule.covers(each.line)}
    units = {each.line.key: each.line.quantity for each in lines}
    only_bought = sum(units[key] for key in buys - gets)
    either = sum(units[key] for key in buys & gets)
    only_got = sum(units[key] for key in gets - buys)

    def reduced(times: int) -> int:
        needed_of_either = max(times * benefit.buy_quantity - only_bought, 0)
        return min(times * benefit.get_quantity, only_got + either - needed_of_either)

    possible = (only_bought + either) // benefit.buy_quantity
    possible = possible if benefit.at_most is None else min(possible, benefit.at_most)
    times = max(range(possible + 1), key=reduced)
    if reduced(times) == 0:
        bought = only_bought + either
        return Refusal(
            Reason.TOO_FEW_BOUGHT, {"buy": benefit.buy_quantity, "get": benefit.get_quantity, "present": bought}
        )
    may_spare = either - max(times * benefit.buy_quantity - only_bought, 0)
    wanted, parts = reduced(times), {}
    for each in sorted((e for e in lines if e.line.key in gets), key=lambda e: (e.per_unit, e.line.key)):
        key = each.line.key
        taken = min(units[key], wanted, may_spare) if key in buys else min(units[key], wanted)
        may_spare -= taken if key in buys else 0
        wanted -= taken
        parts[key] = Part(
            Money(round_half_up(each.per_unit * taken * _share(benefit)), each.left.currency),
            {
                "rule": benefit.kind.value,
                "from": each.left.document(),
                "buy": benefit.buy_quantity,
                "get": benefit.get_quantity,
                "times": times,
                "units_reduced": taken,
                "units": units[key],
                "percent": str(benefit.percent),
                "rounding": "half_up_per_line",
            },
        )
    return parts


def _bundle(rule: Rule, covered: Sequence[OpenLine]) -> Parts | Refusal:
    """As many bundles as there are units for, made of the dearest; none that would cost more than its units do."""
    benefit = rule.benefit
    free = {each.line.key: each.line.quantity for each in covered}
    taken: dict[str, int] = defaultdict(int)
    times, worth = 0, Fraction(0)
    while benefit.at_most is None or times < benefit.at_most:
        units = _one_bundle(rule.targets, covered, free)
        if isinstance(units, Refusal):
            if times:
                break
            return units
        value = sum((each.per_unit * units.get(each.line.key, 0) for each in covered), start=Fraction(0))
        if benefit.percent is None and value <= _amount(benefit).minor:
            break
        # The very same bundle again, as often as its lines last: a large cart takes no longer than a small one.
        again = min(free[key] // quantity for key, quantity in units.items())
        again = again if benefit.at_most is None else min(again, benefit.at_most - times)
        for key, quantity in units.items():
            free[key] -= quantity * again
            taken[key] += quantity * again
        times, worth = times + again, worth + value * again
    if not times:
        return Refusal(Reason.NOTHING_TO_SAVE)
    derivation: dict[str, Any] = {"rule": benefit.kind.value, "times": times}
    # Earlier promotions may have left a fraction of a minor unit per unit; no more than whole ones can be taken off.
    most = int(worth)
    if benefit.percent is not None:
        off = min(round_half_up(worth * _share(benefit)), most)
        derivation["percent"] = str(benefit.percent)
    else:
        off = max(most - _amount(benefit).minor * times, 0)
        derivation["amount"] = _amount(benefit).document()
    currency = covered[0].left.currency
    weights = {each.line.key: each.per_unit * taken[each.line.key] for each in covered if taken[each.line.key]}
    derivation["from"] = Money(most, currency).document()
    return _spread(Money(off, currency), weights, derivation, {key: {"units": taken[key]} for key in weights})


def _one_bundle(
    targets: Sequence[Target], covered: Sequence[OpenLine], free: Mapping[str, int]
) -> dict[str, int] | Refusal:
    """Units by line key for one bundle. The target with the fewest candidates chooses first."""
    rest = dict(free)
    units: dict[str, int] = defaultdict(int)

    def candidates(target: Target) -> list[OpenLine]:
        return [each for each in covered if target.matches(each.line) and rest[each.line.key]]

    def scarcity(target: Target) -> tuple[int, str, str, str]:
        there_are = sum(free[each.line.key] for each in covered if target.matches(each.line))
        return there_are, target.kind.value, target.key, target.value

    for target in sorted(targets, key=scarcity):
        missing = target.quantity
        for each in sorted(candidates(target), key=lambda each: (-each.per_unit, each.line.key)):
            quantity = min(rest[each.line.key], missing)
            rest[each.line.key] -= quantity
            units[each.line.key] += quantity
            missing -= quantity
        if missing:
            return Refusal(Reason.BUNDLE_INCOMPLETE, {"target": target.document(), "missing": missing})
    return {key: quantity for key, quantity in units.items() if quantity}


def _spread(
    off: Money,
    weights: Mapping[str, Fraction],
    derivation: Mapping[str, Any],
    facts: Mapping[str, Mapping[str, Any]] | None = None,
) -> Parts:
    """Over the lines by their weight, to the cent: largest remainder, canonical order on a tie."""
    keys = sorted(weights)
    common = lcm(*(weights[key].denominator for key in keys))
    shares = off.allocate([int(weights[key] * common) for key in keys])
    return {
        key: Part(
            share,
            {**derivation, **(facts or {}).get(key, {}), "off": off.document(), "spread": "largest_remainder"},
        )
        for key, share in zip(keys, shares, strict=True)
    }


def _within(wanted: Money, left: Money) -> Money:
    return Money(min(max(wanted.minor, 0), left.minor), left.currency)


def _share(benefit: Benefit) -> Fraction:
    if benefit.percent is None:
        raise ValueError(f"{benefit.kind} without a percentage")
    return Fraction(benefit.percent) / 100


def _amount(benefit: Benefit) -> Money:
    if benefit.amount is None:
        raise ValueError(f"{benefit.kind} without an amount")
    return benefit.amount
