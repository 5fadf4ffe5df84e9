"""Holding coupons for whoever is about to pay, using them with the order, giving them back.

Lock order: coupon rows by primary key, always before the uses that hang on them. Uses and counters are read and
changed only under the locks of their coupons, so a limit holds however many ask at once.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from commerce.kit.locks import locked
from commerce.kit.money import Money
from commerce.promotions.coupons import CouponUnknown, customer_of, normalised, problem_with
from commerce.promotions.models import Coupon, CouponUse

State = CouponUse.State


class CouponsWereReleased(RuntimeError):
    """The holder gave its coupons back, so there is nothing to use; callers check first."""


def hold(
    *, codes: Collection[str], holder: uuid.UUID, customer_key: str, discounts: Mapping[str, Money], at: datetime
) -> None:
    """Hold these coupons for the holder, all of them or none; those that it holds already stay held.

    `discounts` says by code what each saves, for every code, as `Outcome.saved_by_coupon` does; `customer_key` says
    who is counted, such as an account's id or an email address.

    Raises:
        CouponUnknown, CouponNotYetValid, CouponExpired, CouponUsedUp, CouponUsedByCustomer, CouponNeedsCustomer:
            `facts["coupon"]` says which; nothing was held.
    """
    wanted = {normalised(code) for code in codes}
    if not wanted:
        return
    saved = {normalised(code): amount for code, amount in discounts.items()}
    with transaction.atomic():
        coupons = lock_coupons(wanted)
        unknown = sorted(wanted - {coupon.code for coupon in coupons})
        if unknown:
            raise CouponUnknown(coupon=unknown[0])
        counted = _counted_uses(coupons, holder=holder, customer_key=customer_of(customer_key))
        has_it = {each.coupon_id for each in counted if each.holder == holder}
        theirs = Counter(each.coupon_id for each in counted if each.customer_key == customer_of(customer_key))
        new = [coupon for coupon in coupons if coupon.pk not in has_it]
        for coupon in new:
            problem = problem_with(
                coupon, free=uses_left(coupon), theirs=theirs[coupon.pk], customer_key=customer_key, at=at
            )
            if problem is not None:
                raise problem
        for coupon in new:
            Coupon.objects.filter(pk=coupon.pk).update(held=F("held") + 1)
        CouponUse.objects.bulk_create(
            CouponUse(
                coupon=coupon,
                holder=holder,
                customer_key=customer_of(customer_key),
                saved_minor=saved[coupon.code].minor,
                currency=saved[coupon.code].currency,
                held_at=at,
            )
            for coupon in new
        )


def use(*, holder: uuid.UUID, at: datetime) -> None:
    """What the holder holds is used for good. A second time, or with nothing ever held, nothing happens.

    Raises:
        CouponsWereReleased: they were given back before; nothing was changed.
    """
    with transaction.atomic():
        uses = _uses_of(holder)
        held = [each for each in uses if each.state == State.HELD]
        if not held and any(each.state == State.RELEASED for each in uses) and not _has_used(uses):
            raise CouponsWereReleased(holder)
        for each in held:
            Coupon.objects.filter(pk=each.coupon_id).update(held=F("held") - 1, used=F("used") + 1)
        _settle(held, State.USED, at=at)


def release(*, holder: uuid.UUID, at: datetime) -> None:
    """Give back what the holder holds; nothing held is fine, and what was used stays used."""
    with transaction.atomic():
        held = [each for each in _uses_of(holder) if each.state == State.HELD]
        for each in held:
            Coupon.objects.filter(pk=each.coupon_id).update(held=F("held") - 1)
        _settle(held, State.RELEASED, at=at)


def uses_left(coupon: Coupon) -> int | None:
    """How many more may hold or use it; None: as many as like."""
    return None if coupon.total_limit is None else coupon.total_limit - coupon.held - coupon.used


def lock_coupons(codes: Collection[str]) -> list[Coupon]:
    return locked(Coupon.objects.filter(code__in=codes).select_related("promotion")) if codes else []


def _counted_uses(coupons: Collection[Coupon], *, holder: uuid.UUID, customer_key: str) -> list[CouponUse]:
    """What counts against the customer, and what the holder has already."""
    counted = CouponUse.objects.filter(coupon__in=coupons, state__in=[State.HELD, State.USED])
    return list(counted.filter(Q(holder=holder) | Q(customer_key=customer_key)))


def _uses_of(holder: uuid.UUID) -> list[CouponUse]:
    """All that the holder has had, read under the locks of the coupons."""
    mine = CouponUse.objects.filter(holder=holder)
    coupons = list(mine.values_list("coupon_id", flat=True))
    if not coupons:
        return []
    locked(Coupon.objects.filter(pk__in=coupons))
    return list(mine.order_by("pk"))


def _has_used(uses: Collection[CouponUse]) -> bool:
    return any(each.state == State.USED for each in uses)


def _settle(uses: Collection[CouponUse], state: CouponUse.State, *, at: datetime) -> None:
    CouponUse.objects.filter(pk__in=[each.pk for each in uses]).update(state=state, settled_at=at)
