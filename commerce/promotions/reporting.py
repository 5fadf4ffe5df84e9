"""What became of coupons: how many were used, are held, and what they saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from commerce.kit.money import Money
from commerce.promotions.models import Coupon, CouponBatch, CouponUse, Promotion

_USED = Q(state=CouponUse.State.USED)


@dataclass(frozen=True, slots=True)
class CouponReport:
    """`saved` holds one amount per currency, of what was used for good. `name` is a promotion, a batch or a code."""

    key: Any
    name: str
    coupons: int
    held: int
    used: int
    saved: tuple[Money, ...]


def by_promotion() -> list[CouponReport]:
    """One row for each promotion that has coupons. Two queries."""
    groups = Promotion.objects.filter(coupons__isnull=False)
    return _reports(groups.order_by("code").values_list("pk", "name"), "coupons", "coupon__promotion")


def by_batch(*, promotion: Promotion) -> list[CouponReport]:
    """One row for each batch of the promotion. Two queries."""
    groups = CouponBatch.objects.filter(promotion=promotion)
    return _reports(groups.order_by("created_at", "pk").values_list("pk", "name"), "coupons", "coupon__batch")


def by_coupon(*, coupons: QuerySet[Coupon]) -> list[CouponReport]:
    """One row for each of the coupons, in the order of their codes. Two queries."""
    saved = _saved("coupon", coupon__in=coupons)
    return [
        CouponReport(coupon.pk, coupon.code, 1, coupon.held, coupon.used, saved.get(coupon.pk, ()))
        for coupon in coupons.order_by("code")
    ]


def _reports(groups: Any, coupons: str, group: str) -> list[CouponReport]:
    rows = groups.annotate(count=Count(coupons), held=Sum(f"{coupons}__held"), used=Sum(f"{coupons}__used"))
    saved = _saved(group)
    return [
        CouponReport(key, name, count, held or 0, used or 0, saved.get(key, ()))
        for key, name, count, held, used in rows
    ]


def _saved(group: str, **which: Any) -> dict[Any, tuple[Money, ...]]:
    sums: Iterable[tuple[Any, str, int]] = (
        CouponUse.objects.filter(_USED, **which)
        .order_by(group, "currency")
        .values_list(group, "currency")
        .annotate(sum=Sum("saved_minor"))
    )
    saved: dict[Any, tuple[Money, ...]] = {}
    for key, currency, minor in sums:
        saved[key] = (*saved.get(key, ()), Money(minor, currency))
    return saved
