from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q

from commerce.promotions.models import Coupon, CouponUse


def discrepancies() -> Iterator[str]:
    """Coupons whose counters their uses do not add up to, or that were used beyond their limit."""
    counts = {
        f"{state}_uses": Count("uses", filter=Q(uses__state=state))
        for state in (CouponUse.State.HELD, CouponUse.State.USED)
    }
    coupons = Coupon.objects.annotate(**counts).order_by("pk")
    wrong = ~Q(held=F("held_uses"), used=F("used_uses")) | Q(total_limit__lt=F("held") + F("used"))
    columns = ("pk", "held", "used", "total_limit", "held_uses", "used_uses")
    for pk, held, used, limit, held_uses, used_uses in coupons.filter(wrong).values_list(*columns):
        yield (
            f"coupon {pk}: counts {held} held and {used} used of {limit or 'any'}, "
            f"its uses are {held_uses} and {used_uses}"
        )
