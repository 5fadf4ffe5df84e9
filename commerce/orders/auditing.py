from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q, Sum

from commerce.orders.models import Order


def discrepancies() -> Iterator[str]:
    """Orders whose lines do not add up to their sums; the rest of I7 is a database constraint."""
    summed = Order.objects.annotate(
        lines_minor=Sum("lines__total_minor"),
        discounts_minor=Sum("lines__discount_minor"),
        reliefs_minor=Sum("lines__relief_minor"),
        goods_minor=F("subtotal_minor") - F("discount_minor") - F("relief_minor"),
    ).order_by()
    adds_up = Q(lines_minor=F("goods_minor"), discounts_minor=F("discount_minor"), reliefs_minor=F("relief_minor"))
    for order in summed.exclude(adds_up):
        yield f"I7 order {order.number}: lines make {order.lines_minor}, goods are {order.goods_minor}"
