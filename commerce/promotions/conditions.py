"""Whether a promotion's conditions hold for a basket, and if not, the first reason why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from commerce.kit.money import Money
from commerce.promotions.basket import Basket, BasketLine
from commerce.promotions.rules import BenefitKind, Rule, matches_any


class Reason(StrEnum):
    """Why a promotion applied or did not. Part of the public answer; never renamed."""

    APPLIED = "applied"
    COUPON_NEEDED = "coupon_needed"
    OTHER_MARKET = "other_market"
    OTHER_CHANNEL = "other_channel"
    OTHER_GROUP = "other_group"
    OTHER_COUNTRY = "other_country"
    OTHER_CURRENCY = "other_currency"
    NOT_FIRST_ORDER = "not_first_order"
    VALUE_TOO_LOW = "value_too_low"
    VALUE_TOO_HIGH = "value_too_high"
    QUANTITY_TOO_LOW = "quantity_too_low"
    QUANTITY_TOO_HIGH = "quantity_too_high"
    NO_LINE_MATCHES = "no_line_matches"
    TOO_FEW_BOUGHT = "too_few_bought"
    BUNDLE_INCOMPLETE = "bundle_incomplete"
    NOTHING_TO_SAVE = "nothing_to_save"
    SHIPPING_FREE_ALREADY = "shipping_free_already"
    ANOTHER_SAVES_MORE = "another_saves_more"
    NOT_BESIDE_OTHERS = "not_beside_others"
    ENDED_BY_EXCLUSIVE = "ended_by_exclusive"


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: Reason
    facts: Mapping[str, Any] = field(default_factory=dict)


def refusal(rule: Rule, basket: Basket) -> Refusal | None:
    """The first condition that does not hold, or None when all do."""
    return _of_the_shopper(rule, basket) or _of_the_value(rule, basket) or _of_the_quantity(rule, basket)


def _of_the_shopper(rule: Rule, basket: Basket) -> Refusal | None:
    asked = rule.conditions
    if rule.requires_coupon and rule.coupon is None:
        return Refusal(Reason.COUPON_NEEDED)
    if asked.market and asked.market != basket.market:
        return Refusal(Reason.OTHER_MARKET, {"market": asked.market})
    if asked.channel and asked.channel != basket.channel:
        return Refusal(Reason.OTHER_CHANNEL, {"channel": asked.channel})
    if asked.groups and not asked.groups & basket.groups:
        return Refusal(Reason.OTHER_GROUP, {"groups": sorted(asked.groups)})
    if asked.countries and basket.shipping_country not in asked.countries:
        return Refusal(Reason.OTHER_COUNTRY, {"countries": sorted(asked.countries)})
    if asked.first_order and not basket.is_first_order:
        return Refusal(Reason.NOT_FIRST_ORDER)
    amounts = (rule.benefit.amount, asked.min_value, asked.max_value)
    others = [each.currency for each in amounts if each is not None and each.currency != basket.currency]
    if others:
        return Refusal(Reason.OTHER_CURRENCY, {"currency": others[0]})
    return None


def _of_the_value(rule: Rule, basket: Basket) -> Refusal | None:
    least, most = rule.conditions.min_value, rule.conditions.max_value
    value = Money.total((line.value for line in basket.counted), currency=basket.currency)
    if least is not None and value < least:
        facts = {"needed": least, "present": value, "missing": least - value}
        return Refusal(Reason.VALUE_TOO_LOW, {name: amount.document() for name, amount in facts.items()})
    if most is not None and most < value:
        return Refusal(Reason.VALUE_TOO_HIGH, {"allowed": most.document(), "present": value.document()})
    return None


def _of_the_quantity(rule: Rule, basket: Basket) -> Refusal | None:
    """Where something must be bought, one unit is the least; buy X get Y counts its own X and Y."""
    asked = rule.conditions
    least, most = asked.min_quantity, asked.max_quantity
    if asked.bought and rule.benefit.kind is not BenefitKind.BUY_X_GET_Y:
        least = max(least or 0, 1)
    bought = [
        line for line in basket.counted if matches_any(asked.bought, line) and (asked.bought or rule.covers(line))
    ]
    present = sum(line.quantity for line in bought)
    if least is not None and present < least:
        return Refusal(Reason.QUANTITY_TOO_LOW, {"needed": least, "present": present, "missing": least - present})
    if most is not None and present > most:
        return Refusal(Reason.QUANTITY_TOO_HIGH, {"allowed": most, "present": present})
    return None


def counts_as_bought(rule: Rule, line: BasketLine) -> bool:
    """Lines named as bought; where none are, the lines that the benefit may fall on."""
    bought = rule.conditions.bought
    return matches_any(bought, line) if bought else rule.covers(line)
