"""Promotions in the words of those who run them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from commerce.desk.promotions.goods import labels_of
from commerce.desk.templatetags.money import money
from commerce.kit.money import Money
from commerce.promotions.models import Promotion, PromotionTarget

STATUSES = {
    "running": "Running",
    "scheduled": "Scheduled",
    "ended": "Ended",
    "inactive": "Inactive",
}


def status_of(promotion: Promotion, *, at: datetime) -> str:
    if not promotion.is_active:
        return "inactive"
    if promotion.ends_at is not None and promotion.ends_at <= at:
        return "ended"
    return "scheduled" if promotion.begins_at > at else "running"


def percent_words(percent: Decimal | None) -> str:
    return f"{(percent or Decimal(0)).normalize():f} %"


def benefit_words(promotion: Promotion) -> str:
    """What is given, in one line."""
    amount = _amount(promotion, promotion.amount_minor)
    percent = percent_words(promotion.percent)
    together = promotion.level == Promotion.Level.ORDER
    match promotion.kind:
        case Promotion.Kind.PERCENTAGE:
            return f"{percent} off" + (" the order" if together else "")
        case Promotion.Kind.AMOUNT:
            return f"{amount} off " + ("the order" if together else "each piece")
        case Promotion.Kind.FIXED_PRICE:
            return f"Each piece for {amount}"
        case Promotion.Kind.FREE_SHIPPING:
            methods = promotion.shipping_methods.split()
            return "Free shipping" + (f" by {', '.join(methods)}" if methods else "")
        case Promotion.Kind.BUY_X_GET_Y:
            off = "free" if promotion.percent == 100 else f"at {percent} off"
            return f"Buy {promotion.buy_quantity}, get {promotion.get_quantity} {off}"
        case Promotion.Kind.BUNDLE:
            return f"Bundle for {amount}" if amount else f"Bundle at {percent} off"
        case _:
            return f"Gift: {promotion.gift_quantity} × {promotion.gift_variant}"


def window_words(promotion: Promotion) -> str:
    begins = f"from {moment(promotion.begins_at)}"
    return f"{begins} until {moment(promotion.ends_at)}" if promotion.ends_at else f"{begins}, no end"


def terms(promotion: Promotion, targets: Sequence[PromotionTarget]) -> list[tuple[str, str]]:
    """All that was agreed, as rows of name and value; what asks nothing is left out."""
    named = list(zip(targets, labels_of(targets), strict=True))

    def goods(role: str) -> str:
        counted = ((f"{target.quantity} × " if target.quantity > 1 else "", target, label) for target, label in named)
        return ", ".join(times + label for times, target, label in counted if target.role == role)

    low, high = (_amount(promotion, minor) for minor in (promotion.min_value_minor, promotion.max_value_minor))
    rows = [
        ("Gives", benefit_words(promotion)),
        ("On", goods("discounted") or "everything"),
        ("Never on", goods("excluded")),
        ("If these are bought", goods("bought")),
        ("At most", f"{promotion.at_most} times in one order" if promotion.at_most else ""),
        ("Market", str(promotion.market or "")),
        ("Channel", str(promotion.channel or "")),
        ("Customer group", str(promotion.customer_group or "")),
        ("Shipped to", promotion.countries),
        ("First order only", "Yes" if promotion.first_order else ""),
        ("Cart value", between(low, high)),
        ("Pieces", between(promotion.min_quantity, promotion.max_quantity)),
        ("Coupon", "needed" if promotion.requires_coupon else ""),
        ("Priority", str(promotion.priority or "")),
        ("Beside others", "never: it stands alone" if promotion.exclusive else ""),
        ("Best of", promotion.best_of),
    ]
    return [(name, value) for name, value in rows if value]


def between(low: object, high: object) -> str:
    parts = [f"from {low}" if low else "", f"up to {high}" if high else ""]
    return " ".join(part for part in parts if part)


def moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%-d %b %Y, %H:%M}"


def _amount(promotion: Promotion, minor: int | None) -> str:
    return money(Money(minor, promotion.currency)) if minor is not None and promotion.currency else ""
