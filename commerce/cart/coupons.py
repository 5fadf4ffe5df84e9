"""Coupons that the shopper has entered. Whether one takes anything off is told by the quote."""

from __future__ import annotations

import uuid
from datetime import datetime

from commerce.cart.locking import changing
from commerce.cart.models import MAX_COUPONS, Cart
from commerce.kit.errors import DomainError, ErrorKind
from commerce.promotions.coupons import PromotionUnlockedAlready, normalised
from commerce.promotions.queries import active_rules


class TooManyCoupons(DomainError):
    code = "too_many_coupons"
    title = f"A cart takes up to {MAX_COUPONS} coupons"
    kind = ErrorKind.CONFLICT


def enter(*, cart_id: uuid.UUID, code: str, at: datetime) -> Cart:
    """Keep the code with the cart, written as the shop writes it. Entered twice it is there once.

    Raises:
        CartNotFound, CartClosed, TooManyCoupons
        CouponUnknown, CouponNotYetValid, CouponExpired, CouponUsedUp, CouponNotInMarket, PromotionUnlockedAlready
    """
    wanted = normalised(code)
    with changing(cart_id, at=at) as cart:
        if wanted in cart.coupons:
            return cart
        if len(cart.coupons) >= MAX_COUPONS:
            raise TooManyCoupons()
        codes = [*cart.coupons, wanted]
        problems = active_rules(market=cart.market, at=at, codes=codes, holder=cart.held_as).problems
        if wanted in problems:
            raise problems[wanted]
        if any(isinstance(problem, PromotionUnlockedAlready) for problem in problems.values()):
            # The new one must not push out in silence the one that is there.
            raise PromotionUnlockedAlready(coupon=wanted)
        cart.coupons = codes
        cart.save(update_fields=["coupons"])
    return cart


def remove(*, cart_id: uuid.UUID, code: str, at: datetime) -> Cart:
    """One that is not there is fine."""
    with changing(cart_id, at=at) as cart:
        cart.coupons = [each for each in cart.coupons if each != normalised(code)]
        cart.save(update_fields=["coupons"])
    return cart
