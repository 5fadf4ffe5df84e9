from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from commerce.kit.money import Money
from commerce.promotions.applying import apply
from commerce.promotions.basket import Basket, BasketLine
from commerce.promotions.coupons import (
    CouponNotInMarket,
    CouponUnknown,
    CouponUsedByCustomer,
    CouponUsedUp,
    PromotionUnlockedAlready,
)
from commerce.promotions.holding import hold
from commerce.promotions.queries import active_rules, rule_of
from tests.factories import MarketFactory, Shop
from tests.factories.promotions import CouponFactory, PromotionFactory, PromotionTargetFactory, key_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def _codes(shop: Shop, at: datetime, **asked: Any) -> list[str]:
    return [rule.code for rule in active_rules(market=shop.market, at=at, **asked).rules]


def test_a_promotion_runs_from_its_beginning_until_just_before_its_end(shop: Shop, at: datetime) -> None:
    PromotionFactory.create(code="sale", begins_at=at, ends_at=at + HOUR)
    assert _codes(shop, at - timedelta(microseconds=1)) == []
    assert _codes(shop, at) == ["sale"]
    assert _codes(shop, at + HOUR) == []


def test_inactive_promotions_and_those_of_other_markets_stay_out(shop: Shop, at: datetime) -> None:
    PromotionFactory.create(is_active=False)
    PromotionFactory.create(market=MarketFactory.create(code="uk", currency="GBP"))
    PromotionFactory.create(code="everywhere", priority=1)
    PromotionFactory.create(code="here", market=shop.market)
    assert _codes(shop, at) == ["everywhere", "here"]


def test_a_coupon_unlocks_its_promotion(shop: Shop, at: datetime) -> None:
    coupon = CouponFactory.create(promotion__code="welcome")
    assert _codes(shop, at) == []
    found = active_rules(market=shop.market, at=at, codes=[coupon.code.lower()])
    assert [(rule.code, rule.coupon) for rule in found.rules] == [("welcome", coupon.code)]
    assert found.problems == {}


def test_each_coupon_that_unlocks_nothing_says_why(shop: Shop, at: datetime) -> None:
    first = CouponFactory.create(code="A-FIRST")
    second = CouponFactory.create(code="B-SECOND", promotion=first.promotion)
    used_up = CouponFactory.create(total_limit=1, used=1)
    elsewhere = CouponFactory.create(promotion__market=MarketFactory.create(code="uk"))
    codes = [second.code, first.code, used_up.code, elsewhere.code, "what?"]
    found = active_rules(market=shop.market, at=at, codes=codes)
    assert [rule.coupon for rule in found.rules] == ["A-FIRST"]
    assert {code: type(problem) for code, problem in found.problems.items()} == {
        second.code: PromotionUnlockedAlready,
        used_up.code: CouponUsedUp,
        elsewhere.code: CouponNotInMarket,
        "what?": CouponUnknown,
    }


def test_what_a_holder_holds_does_not_count_against_it(shop: Shop, at: datetime) -> None:
    coupon = CouponFactory.create(total_limit=1, per_customer_limit=1)
    holder, somebody = uuid.uuid4(), "customer@example.com"
    saved = {coupon.code: Money(1, "EUR")}
    hold(codes=[coupon.code], holder=holder, customer_key=somebody, discounts=saved, at=at)

    def problems(**who: Any) -> list[type]:
        found = active_rules(market=shop.market, at=at, codes=[coupon.code], **who)
        return [type(problem) for problem in found.problems.values()]

    assert problems(holder=holder, customer_key=somebody) == []
    assert problems(customer_key=somebody) == [CouponUsedUp]
    coupon.total_limit = 2
    coupon.save()
    assert problems(customer_key=somebody) == [CouponUsedByCustomer]
    assert problems(customer_key="other@example.com") == []


def test_a_promotion_with_all_its_targets_becomes_a_rule(shop: Shop, at: datetime) -> None:
    variant = shop.sell()
    promotion = PromotionFactory.create(
        code="set",
        kind="bundle",
        amount_minor=2500,
        currency="EUR",
        market=shop.market,
        min_value_minor=1000,
        countries="DE FR",
        min_quantity=2,
    )
    mugs = key_of("mugs")
    PromotionTargetFactory.create(promotion=promotion, kind="category", category_key=mugs, quantity=2, position=1)
    PromotionTargetFactory.create(promotion=promotion, kind="variant", variant=variant, role="bought")
    PromotionTargetFactory.create(
        promotion=promotion, kind="attribute", option_name="Colour", option_value="Moss", role="excluded"
    )
    [rule] = active_rules(market=shop.market, at=at).rules
    assert rule == rule_of(promotion, promotion.targets.all())
    assert [(each.kind, each.key, each.quantity) for each in rule.targets] == [("category", str(mugs), 2)]
    assert [each.key for each in rule.conditions.bought] == [str(variant.pk)]
    assert [(each.key, each.value) for each in rule.excluded] == [("Colour", "Moss")]
    assert rule.benefit.amount == Money(2500, "EUR")
    assert rule.conditions.min_value == Money(1000, "EUR")
    assert (rule.conditions.market, rule.conditions.countries) == ("eu", {"DE", "FR"})


def test_rules_cost_two_queries_however_many_there_are(
    shop: Shop, at: datetime, django_assert_num_queries: Any
) -> None:
    coupons = [CouponFactory.create() for _ in range(4)]
    for _ in range(6):
        promotion = PromotionFactory.create()
        for name in ("mugs", "plates"):
            PromotionTargetFactory.create(promotion=promotion, kind="category", category_key=key_of(name))
    with django_assert_num_queries(1):
        active_rules(market=shop.market, at=at)
    with django_assert_num_queries(2):
        found = active_rules(market=shop.market, at=at, codes=[coupon.code for coupon in coupons], customer_key="me")
    assert len(found.rules) == 10


def test_a_form_not_yet_saved_shows_what_it_would_do(shop: Shop) -> None:
    variant = shop.sell()
    line = BasketLine(
        key="a", variant=variant.pk, product=variant.product_id, unit_price=Money(1999, "EUR"), quantity=1
    )
    example = Basket(currency="EUR", market="eu", lines=(line,))
    outcome = apply(example, [rule_of(PromotionFactory.build(), [])])
    assert outcome.saved == Money(200, "EUR")
