"""Coupon codes: how they are written, and whether one can be redeemed."""

from __future__ import annotations

from datetime import datetime

from commerce.kit.errors import DomainError, ErrorKind
from commerce.promotions.models import Coupon


class CouponUnknown(DomainError):
    code = "coupon_unknown"
    title = "There is no such coupon"
    kind = ErrorKind.MISSING


class CouponNotYetValid(DomainError):
    code = "coupon_not_yet_valid"
    title = "This coupon is not valid yet"
    kind = ErrorKind.CONFLICT


class CouponExpired(DomainError):
    code = "coupon_expired"
    title = "This coupon is not valid any more"
    kind = ErrorKind.CONFLICT


class CouponUsedUp(DomainError):
    code = "coupon_used_up"
    title = "This coupon has been used up"
    kind = ErrorKind.CONFLICT


class CouponUsedByCustomer(DomainError):
    code = "coupon_used_by_customer"
    title = "You have used this coupon as often as it may be used"
    kind = ErrorKind.CONFLICT


class CouponNeedsCustomer(DomainError):
    code = "coupon_needs_customer"
    title = "This coupon counts uses per customer; say who you are first"
    kind = ErrorKind.CONFLICT


class CouponNotInMarket(DomainError):
    code = "coupon_not_in_market"
    title = "This coupon is for another market"
    kind = ErrorKind.CONFLICT


class PromotionUnlockedAlready(DomainError):
    code = "promotion_unlocked_already"
    title = "Another of these coupons is for the same promotion"
    kind = ErrorKind.CONFLICT


def normalised(code: str) -> str:
    """As codes are stored and compared: in capitals, without white space."""
    return "".join(code.split()).upper()


def customer_of(key: str) -> str:
    """As customers are told apart: an email address in whatever case is one customer."""
    return key.strip().casefold()


def problem_with(
    coupon: Coupon, *, free: int | None, theirs: int, customer_key: str | None, at: datetime
) -> DomainError | None:
    """Why the coupon cannot be redeemed at `at`, or None.

    `free` is how many uses are left (None: no limit), `theirs` how many the customer has had. A `customer_key` of None
    means that nobody asks for the customer yet.
    """
    promotion, facts = coupon.promotion, {"coupon": coupon.code}
    if not coupon.is_active or not promotion.is_active or not promotion.requires_coupon:
        return CouponExpired(**facts)
    begins = [each for each in (coupon.valid_from, promotion.begins_at) if each is not None]
    ends = [each for each in (coupon.valid_until, promotion.ends_at) if each is not None]
    if any(end <= at for end in ends):
        return CouponExpired(**facts)
    if any(begin > at for begin in begins):
        return CouponNotYetValid(**facts)
    if free is not None and free < 1:
        return CouponUsedUp(**facts)
    if coupon.per_customer_limit is not None and customer_key is not None:
        if not customer_of(customer_key):
            return CouponNeedsCustomer(**facts)
        if theirs >= coupon.per_customer_limit:
            return CouponUsedByCustomer(**facts)
    return None
