from __future__ import annotations

import uuid
from datetime import datetime

from commerce.kit import outbox
from commerce.kit.states import advance
from commerce.orders.models import Order, OrderLine
from commerce.orders.numbering import new_number
from commerce.orders.snapshots import QuoteSnapshot
from commerce.orders.states import OrderStatus


def place(
    *,
    checkout_id: uuid.UUID,
    payment_id: uuid.UUID | None,
    email: str,
    shipping_address: dict[str, str],
    quote: QuoteSnapshot,
    actor: str,
    at: datetime,
) -> Order:
    """Make the order of a checkout that is paid, or has nothing left to pay, in the caller's transaction.

    One checkout makes one order (invariant I4).
    """
    order = Order.objects.create(
        number=_unused_number(),
        checkout_id=checkout_id,
        payment_id=payment_id,
        market=quote["market"],
        currency=quote["currency"],
        email=email,
        shipping_address=shipping_address,
        subtotal_minor=quote["subtotal"]["minor"],
        discount_minor=quote["discount_total"]["minor"],
        relief_minor=quote["relief_total"]["minor"],
        shipping_minor=quote["shipping"]["total"]["minor"] if quote["shipping"] else 0,
        tax_minor=quote["tax_total"]["minor"],
        tax_inclusive=quote["tax_inclusive"],
        rounding_minor=quote["rounding"]["minor"],
        total_minor=quote["total"]["minor"],
        credit_minor=quote["credit_total"]["minor"],
        quote=quote,
        placed_at=at,
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            position=position,
            variant_id=uuid.UUID(line["variant"]),
            sku=line["sku"],
            title=line["title"],
            name=line["name"],
            quantity=line["quantity"],
            unit_price_minor=line["unit_price"]["minor"],
            discount_minor=line["discount"]["minor"],
            relief_minor=line["relief"]["minor"],
            total_minor=line["total"]["minor"],
            currency=quote["currency"],
        )
        for position, line in enumerate(quote["lines"])
    )
    advance(order, OrderStatus.CONFIRMED, actor=actor, reason=f"Paid {order.total}", at=at)
    outbox.record("orders.placed", {"order": str(order.pk), "number": order.number}, at=at)
    return order


def _unused_number() -> str:
    number = new_number()
    return _unused_number() if Order.objects.filter(number=number).exists() else number
