from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Sum

from commerce.orders.models import Order


def discrepancies() -> Iterator[str]:
    """Orders whose lines do not add up to their subtotal; the rest of I7 is a database constraint."""
    summed = Order.objects.annotate(lines_minor=Sum("lines__total_minor")).order_by()
    for order in summed.exclude(lines_minor=F("subtotal_minor")):
        yield f"I7 order {order.number}: lines make {order.lines_minor}, subtotal is {order.subtotal_minor}"
