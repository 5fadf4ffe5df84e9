from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from commerce.kit.money import Money
from commerce.promotions.coupons import normalised
from commerce.promotions.editing import CouponIsWrong
from commerce.promotions.generating import ALPHABET, generate
from commerce.promotions.holding import hold, release, use
from commerce.promotions.models import Coupon, CouponBatch, Promotion
from commerce.promotions.reporting import by_batch, by_coupon, by_promotion
from tests.factories.promotions import CouponFactory, PromotionFactory, key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def promotion() -> Promotion:
    return PromotionFactory.create(requires_coupon=True)


def _generate(promotion: Promotion, at: datetime, **fields: Any) -> CouponBatch:
    return generate(**{"promotion": promotion, "count": 3, "name": "Spring", "actor": "staff", "at": at, **fields})


def test_generated_codes_differ_and_cannot_be_misread(promotion: Promotion, at: datetime) -> None:
    batch = _generate(promotion, at, count=2500, prefix="spring")
    codes = set(batch.coupons.values_list("code", flat=True))
    assert len(codes) == batch.size == 2500
    assert not set("01IOLU") & set(ALPHABET)
    for code in codes:
        prefix, *groups = code.split("-")
        assert (prefix, [len(group) for group in groups]) == ("SPRING", [4, 4, 4])
        assert set("".join(groups)) <= set(ALPHABET)
        assert normalised(code.lower()) == code


def test_each_generated_coupon_is_good_for_one_use(promotion: Promotion, at: datetime) -> None:
    until = at + timedelta(days=30)
    batch = _generate(promotion, at, valid_until=until)
    assert {(each.total_limit, each.valid_until) for each in batch.coupons.all()} == {(1, until)}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param({"count": 0}, "count", id="none"),
        pytest.param({"count": 100_001}, "count", id="too many at once"),
        pytest.param({"prefix": "N" * 40}, "prefix", id="too long"),
        pytest.param({"prefix": "50%"}, "prefix", id="a sign that codes have not"),
        pytest.param({"total_limit": 0}, "total_limit", id="no use at all"),
        pytest.param(
            {"valid_from": timedelta(1), "valid_until": timedelta(0)}, "valid_until", id="an end before the beginning"
        ),
    ],
)
def test_a_batch_that_makes_no_sense_is_refused(
    promotion: Promotion, at: datetime, fields: dict[str, Any], wrong: str
) -> None:
    placed = {name: at + value if isinstance(value, timedelta) else value for name, value in fields.items()}
    with pytest.raises(CouponIsWrong) as refusal:
        _generate(promotion, at, **placed)
    assert set(refusal.value.facts["fields"]) == {wrong}
    assert not Coupon.objects.exists()


def test_reports_count_uses_and_what_they_saved(
    promotion: Promotion, at: datetime, django_assert_num_queries: Any
) -> None:
    batch = _generate(promotion, at)
    by_hand = CouponFactory.create(promotion=promotion, code="HAND")
    first, second, third = batch.coupons.order_by("code")
    for number, (coupon, saved) in enumerate(
        [
            (first, Money(500, "EUR")),
            (second, Money(300, "EUR")),
            (by_hand, Money(900, "JPY")),
            (third, Money(9, "EUR")),
        ]
    ):
        discounts = {coupon.code: saved}
        hold(codes=[coupon.code], holder=key_of(str(number)), customer_key="me", discounts=discounts, at=at)
    use(holder=key_of("0"), at=at)
    use(holder=key_of("2"), at=at)
    release(holder=key_of("3"), at=at)
    with django_assert_num_queries(2):
        [whole] = by_promotion()
    assert (whole.coupons, whole.held, whole.used) == (4, 1, 2)
    assert whole.saved == (Money(500, "EUR"), Money(900, "JPY"))
    [spring] = by_batch(promotion=promotion)
    assert (spring.name, spring.coupons, spring.held, spring.used) == ("Spring", 3, 1, 1)
    assert spring.saved == (Money(500, "EUR"),)
    rows = {row.name: (row.held, row.used, row.saved) for row in by_coupon(coupons=promotion.coupons.all())}
    assert rows == {
        first.code: (0, 1, (Money(500, "EUR"),)),
        second.code: (1, 0, ()),
        third.code: (0, 0, ()),
        "HAND": (0, 1, (Money(900, "JPY"),)),
    }
