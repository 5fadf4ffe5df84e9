"""Fifty shoppers, one coupon: one use, and a clear refusal for each of the others.

PostgreSQL is protected by the row lock on the coupon, SQLite by the write lock that a transaction takes when it
begins. The negative controls take the protection away and wait until both shoppers have read the coupon.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections

from commerce.kit.money import Money
from commerce.promotions import holding
from commerce.promotions.auditing import discrepancies
from commerce.promotions.coupons import CouponUsedByCustomer, CouponUsedUp
from commerce.promotions.holding import hold, use
from commerce.promotions.models import Coupon, CouponUse
from tests.factories.promotions import CouponFactory
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db(transaction=True)

SHOPPERS = 50


def _redeem(code: str, at: datetime, *, customer_key: str) -> str:
    holder = uuid.uuid4()
    hold(codes=[code], holder=holder, customer_key=customer_key, discounts={code: Money(500, "EUR")}, at=at)
    use(holder=holder, at=at)
    return "used"


def _attempts(coupon: Coupon, at: datetime, customers: list[str]) -> list[Callable[[], Any]]:
    return [
        lambda customer=customer: _redeem(coupon.code, at, customer_key=customer)  # type: ignore[misc]
        for customer in customers
    ]


def _different(count: int) -> list[str]:
    return [f"customer-{number}@example.com" for number in range(count)]


def test_fifty_uses_at_once_of_a_coupon_with_one_use_end_in_exactly_one(at: datetime) -> None:
    coupon = CouponFactory.create(total_limit=1)
    outcomes = at_once(*_attempts(coupon, at, _different(SHOPPERS)))
    assert outcomes.count("used") == 1, outcomes
    assert sum(isinstance(each, CouponUsedUp) for each in outcomes) == SHOPPERS - 1, outcomes
    coupon.refresh_from_db()
    assert (coupon.held, coupon.used) == (0, 1)
    assert CouponUse.objects.get().state == CouponUse.State.USED
    assert list(discrepancies()) == []


def test_fifty_uses_at_once_by_one_customer_end_in_as_many_as_one_may_have(at: datetime) -> None:
    coupon = CouponFactory.create(total_limit=None, per_customer_limit=2)
    outcomes = at_once(*_attempts(coupon, at, ["Customer@example.com", "customer@example.com"] * (SHOPPERS // 2)))
    assert outcomes.count("used") == 2, outcomes
    assert sum(isinstance(each, CouponUsedByCustomer) for each in outcomes) == SHOPPERS - 2, outcomes
    coupon.refresh_from_db()
    assert (coupon.held, coupon.used) == (0, 2)
    assert list(discrepancies()) == []


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Both shoppers read the coupon before either writes. Returns how many uses each of them saw."""
    both_have_read = threading.Barrier(2)
    seen: list[int] = []
    counted_uses = holding._counted_uses

    def unlocked(coupons: Any, **who: Any) -> list[CouponUse]:
        counted = counted_uses(coupons, **who)
        seen.append(len(counted))
        both_have_read.wait(timeout=10)
        return counted

    def unlocked_coupons(codes: Any) -> list[Coupon]:
        return list(Coupon.objects.filter(code__in=codes).select_related("promotion"))

    monkeypatch.setattr(holding, "lock_coupons", unlocked_coupons)
    monkeypatch.setattr(holding, "_counted_uses", unlocked)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
    return seen


def test_without_the_lock_only_the_constraint_stands_before_a_second_use(
    at: datetime, without_locks: list[int]
) -> None:
    coupon = CouponFactory.create(total_limit=1)
    outcomes = at_once(*_attempts(coupon, at, _different(2)))
    assert without_locks == [0, 0], "both must have seen the coupon unused, or nothing was tried"
    assert not any(isinstance(each, CouponUsedUp) for each in outcomes), outcomes
    [crash] = [each for each in outcomes if isinstance(each, Exception)]
    if connection.vendor == "sqlite":
        assert isinstance(crash, OperationalError)
        assert "locked" in str(crash)
    else:
        assert isinstance(crash, IntegrityError)
        assert "coupon_uses_within_limit" in str(crash)


def test_without_the_lock_one_customer_uses_a_coupon_too_often(at: datetime, without_locks: list[int]) -> None:
    coupon = CouponFactory.create(total_limit=None, per_customer_limit=1)
    outcomes = at_once(*_attempts(coupon, at, ["customer@example.com"] * 2))
    assert without_locks == [0, 0], "both must have seen the coupon unused, or nothing was tried"
    assert not any(isinstance(each, CouponUsedByCustomer) for each in outcomes), outcomes
    if connection.vendor == "sqlite":
        [crash] = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(crash, OperationalError)
    else:
        assert outcomes == ["used", "used"]
