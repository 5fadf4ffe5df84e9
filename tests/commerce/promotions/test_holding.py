from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commerce.kit.errors import DomainError
from commerce.kit.money import Money
from commerce.promotions.auditing import discrepancies
from commerce.promotions.coupons import (
    CouponExpired,
    CouponNeedsCustomer,
    CouponNotYetValid,
    CouponUnknown,
    CouponUsedByCustomer,
    CouponUsedUp,
)
from commerce.promotions.holding import CouponsWereReleased, hold, release, use
from commerce.promotions.models import Coupon, CouponUse
from tests.factories.promotions import CouponFactory, PromotionFactory

pytestmark = pytest.mark.django_db

SOMEBODY = "customer@example.com"


def _hold(*codes: str, at: datetime, holder: uuid.UUID | None = None, customer_key: str = SOMEBODY) -> uuid.UUID:
    holder = holder or uuid.uuid4()
    discounts = {code: Money(500, "EUR") for code in codes}
    hold(codes=codes, holder=holder, customer_key=customer_key, discounts=discounts, at=at)
    return holder


def _counters(coupon: Coupon) -> tuple[int, int]:
    coupon.refresh_from_db()
    assert list(discrepancies()) == []
    return coupon.held, coupon.used


def test_a_coupon_is_held_used_and_counted(at: datetime) -> None:
    coupon = CouponFactory.create(total_limit=2)
    holder = _hold(coupon.code, at=at)
    assert _counters(coupon) == (1, 0)
    use(holder=holder, at=at)
    assert _counters(coupon) == (0, 1)
    assert CouponUse.objects.get().saved == Money(500, "EUR")


def test_what_was_released_may_be_held_again(at: datetime) -> None:
    coupon = CouponFactory.create(total_limit=1)
    release(holder=_hold(coupon.code, at=at), at=at)
    assert _counters(coupon) == (0, 0)
    _hold(coupon.code, at=at)
    assert _counters(coupon) == (1, 0)


def test_every_step_may_come_twice(at: datetime) -> None:
    coupon = CouponFactory.create(total_limit=1, per_customer_limit=1)
    holder = _hold(coupon.code, at=at)
    _hold(coupon.code, at=at, holder=holder)
    use(holder=holder, at=at)
    use(holder=holder, at=at)
    release(holder=holder, at=at)
    assert _counters(coupon) == (0, 1)


def test_who_holds_nothing_has_nothing_to_use_or_release(at: datetime) -> None:
    _hold(at=at)
    use(holder=uuid.uuid4(), at=at)
    release(holder=uuid.uuid4(), at=at)
    assert not CouponUse.objects.exists()


def test_a_released_coupon_cannot_be_used(at: datetime) -> None:
    holder = _hold(CouponFactory.create().code, at=at)
    release(holder=holder, at=at)
    with pytest.raises(CouponsWereReleased):
        use(holder=holder, at=at)


def test_the_last_use_is_the_last(at: datetime) -> None:
    coupon = CouponFactory.create(total_limit=1)
    _hold(coupon.code, at=at)
    with pytest.raises(CouponUsedUp):
        _hold(coupon.code, at=at, customer_key="other@example.com")


def test_a_customer_is_the_same_in_capitals(at: datetime) -> None:
    coupon = CouponFactory.create(per_customer_limit=1)
    use(holder=_hold(coupon.code, at=at), at=at)
    with pytest.raises(CouponUsedByCustomer):
        _hold(coupon.code, at=at, customer_key=" Customer@Example.com")
    _hold(coupon.code, at=at, customer_key="other@example.com")
    assert _counters(coupon) == (1, 1)


def test_a_coupon_that_counts_customers_needs_one(at: datetime) -> None:
    coupon = CouponFactory.create(per_customer_limit=1)
    with pytest.raises(CouponNeedsCustomer):
        _hold(coupon.code, at=at, customer_key=" ")


def test_a_code_may_be_typed_in_any_case_and_with_blanks(at: datetime) -> None:
    coupon = CouponFactory.create(code="SPRING-10")
    _hold(" spring -10", at=at)
    assert _counters(coupon) == (1, 0)


def test_several_coupons_are_held_all_or_none(at: datetime) -> None:
    good, used_up = CouponFactory.create(), CouponFactory.create(total_limit=1)
    _hold(used_up.code, at=at)
    with pytest.raises(CouponUsedUp) as refusal:
        _hold(good.code, used_up.code, at=at)
    assert refusal.value.facts == {"coupon": used_up.code}
    assert _counters(good) == (0, 0)


DAY = timedelta(days=1)
REFUSED: list[Any] = [
    pytest.param({"valid_until": timedelta(0)}, {}, CouponExpired, id="at the very end of its window"),
    pytest.param({"valid_from": DAY}, {}, CouponNotYetValid, id="before its window"),
    pytest.param({}, {"ends_at": -DAY}, CouponExpired, id="after its promotion"),
    pytest.param({}, {"begins_at": DAY}, CouponNotYetValid, id="before its promotion"),
    pytest.param({"is_active": False}, {}, CouponExpired, id="withdrawn"),
    pytest.param({}, {"is_active": False}, CouponExpired, id="of a withdrawn promotion"),
]


@pytest.mark.parametrize(("coupon", "promotion", "error"), REFUSED)
def test_a_coupon_outside_its_time_is_refused(
    at: datetime, coupon: dict[str, Any], promotion: dict[str, Any], error: type[DomainError]
) -> None:
    def placed(fields: dict[str, Any]) -> dict[str, Any]:
        return {name: at + value if isinstance(value, timedelta) else value for name, value in fields.items()}

    made = CouponFactory.create(
        promotion=PromotionFactory.create(requires_coupon=True, **placed(promotion)), **placed(coupon)
    )
    with pytest.raises(error):
        _hold(made.code, at=at)
    assert _counters(made) == (0, 0)


def test_an_unknown_coupon_is_refused(at: datetime) -> None:
    with pytest.raises(CouponUnknown):
        _hold("NOBODY-KNOWS", at=at)


def test_the_database_keeps_the_limit_too(at: datetime) -> None:
    coupon = CouponFactory.create(total_limit=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Coupon.objects.filter(pk=coupon.pk).update(held=1, used=1)


def test_the_audit_names_a_counter_that_lies(at: datetime) -> None:
    coupon = CouponFactory.create()
    Coupon.objects.filter(pk=coupon.pk).update(used=3)
    [found] = discrepancies()
    assert f"coupon {coupon.pk}" in found


def test_holding_costs_the_same_however_many_limits_there_are(at: datetime, django_assert_max_num_queries: Any) -> None:
    coupons = [CouponFactory.create(total_limit=5, per_customer_limit=5) for _ in range(3)]
    with django_assert_max_num_queries(10):
        _hold(*(coupon.code for coupon in coupons), at=at)
