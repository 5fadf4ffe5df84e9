"""What a checkout holds while it waits for its payment: stock, coupons, gift cards. Held, taken and let go together.

Lock order: stock levels, coupons, credit accounts. The caller has locked cart and checkout.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime

from commerce.checkout.models import Checkout
from commerce.checkout.states import CheckoutStatus
from commerce.credit import redeeming
from commerce.inventory import reservations
from commerce.inventory.reservations import Holder, NothingReserved
from commerce.kit.money import Money
from commerce.orders.snapshots import QuoteSnapshot
from commerce.promotions import holding as coupons


def lock_what_is_held_by(*quotes: QuoteSnapshot) -> None:
    """Lock, in the one order, all that these quotes hold or will hold. Needed by whoever lets one go for another:
    the second would else lock stock after the coupons of the first, against the order of everybody else."""
    reservations.lock_levels({variant for quote in quotes for variant in units_of(quote)})
    coupons.lock_coupons({code for quote in quotes for code in _saved_by_coupon(quote)})
    redeeming.lock_accounts({account for quote in quotes for account in _credits(quote)})


def hold_all(*, quote: QuoteSnapshot, holder: Holder, email: str, until: datetime, at: datetime) -> None:
    """Reserve the units, hold the coupons that took something off and the credit that pays.

    Raises:
        OutOfStock, CouponUsedUp and its kin, CreditChanged: somebody else was faster; nothing is held.
    """
    reservations.reserve(lines=units_of(quote), holder=holder, until=until, at=at)
    saved = _saved_by_coupon(quote)
    coupons.hold(codes=list(saved), holder=holder.id, customer_key=email, discounts=saved, at=at)
    if amounts := _credits(quote):
        redeeming.hold(amounts=amounts, holder=holder.id, at=at)


def take(checkout: Checkout, *, reference: str, actor: str, at: datetime) -> None:
    """Sell the units, use the coupons, redeem the credit. What ran out before the money came is held again first.

    Raises:
        DomainError: it is gone meanwhile; the caller's transaction must not stand.
    """
    holder, units = checkout.holder, units_of(checkout.quote)
    if checkout.status != CheckoutStatus.OPEN:
        # Where nothing is tracked no missing reservation would tell that all was let go.
        hold_all(quote=checkout.quote, holder=holder, email=checkout.email, until=at, at=at)
    try:
        reservations.consume(lines=units, holder=holder, reference=reference, actor=actor, at=at)
    except NothingReserved:
        hold_all(quote=checkout.quote, holder=holder, email=checkout.email, until=at, at=at)
        reservations.consume(lines=units, holder=holder, reference=reference, actor=actor, at=at)
    if _saved_by_coupon(checkout.quote):
        coupons.use(holder=holder.id, at=at)
    if _credits(checkout.quote):
        redeeming.redeem(holder=holder.id, reference=reference, actor=actor, at=at)


def let_go(checkout: Checkout, *, at: datetime) -> None:
    reservations.release(holder=checkout.holder, at=at)
    coupons.release(holder=checkout.holder.id, at=at)
    redeeming.release(holder=checkout.holder.id, at=at)


def units_of(quote: QuoteSnapshot) -> dict[uuid.UUID, int]:
    """By variant: a gift may be more of what was bought."""
    units: Counter[uuid.UUID] = Counter()
    for line in quote["lines"]:
        units[uuid.UUID(line["variant"])] += line["quantity"]
    return dict(units)


def _saved_by_coupon(quote: QuoteSnapshot) -> dict[str, Money]:
    zero = Money.zero(quote["currency"])
    return {
        verdict["coupon"]: Money.from_document(verdict["saved"]) if verdict["saved"] else zero
        for verdict in quote["promotions"]
        if verdict["applied"] and verdict["coupon"]
    }


def _credits(quote: QuoteSnapshot) -> dict[uuid.UUID, Money]:
    return {uuid.UUID(each["account"]): Money.from_document(each["amount"]) for each in quote["credits"]}
