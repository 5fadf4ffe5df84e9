from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from commerce.accounts.models import User
from commerce.kit import outbox
from commerce.kit.states import FirstStep, begin
from commerce.orders.models import Order, OrderLine, OrderPayment
from commerce.orders.numbering import new_number
from commerce.orders.snapshots import QuoteSnapshot
from commerce.orders.states import FULFILMENT_STATE, PAYMENT_STATE, FulfilmentState, OrderStatus, PaymentState
from commerce.shipping.parcels import NOT_SHIPPED

STRIPE = "stripe"
BANK_TRANSFER = "bank_transfer"


def place(
    *,
    checkout_id: uuid.UUID,
    payment_id: uuid.UUID | None,
    email: str,
    shipping_address: dict[str, str],
    quote: QuoteSnapshot,
    actor: str,
    at: datetime,
    billing_address: dict[str, str] | None = None,
    customer: User | None = None,
    language: str = "",
    payment_method: str = STRIPE,
    payment_state: str = PaymentState.PAID,
) -> Order:
    """Make the order of a checkout that is paid, promised or has nothing left to pay, in the caller's transaction.

    One checkout makes one order (invariant I4). What is to be paid in advance by bank transfer waits as pending;
    everything else is confirmed at once.
    """
    order = Order(
        number=_unused_number(),
        checkout_id=checkout_id,
        payment_id=payment_id,
        payment_method=payment_method if payment_id else "",
        customer=customer,
        language=language,
        market=quote["market"],
        currency=quote["currency"],
        email=email,
        shipping_address=shipping_address,
        billing_address=billing_address,
        tax_inclusive=quote["tax_inclusive"],
        quote=quote,
        placed_at=at,
        **sums_from(quote),
    )
    lines = lines_from(quote, order=order)
    _begin(order, payment_state, has_parcel=any(line.is_shipped for line in lines), actor=actor, at=at)
    OrderLine.objects.bulk_create(lines)
    if payment_id is not None:
        OrderPayment.objects.create(order=order, payment_id=payment_id, purpose=OrderPayment.Purpose.INITIAL)
    outbox.record("orders.placed", {"order": str(order.pk), "number": order.number}, at=at)
    if order.status == OrderStatus.CONFIRMED:
        outbox.record("orders.confirmed", {"order": str(order.pk)}, at=at)
    if order.payment_state == PaymentState.PAID:
        outbox.record("orders.paid", {"order": str(order.pk)}, at=at)
    return order


def sums_from(quote: QuoteSnapshot) -> dict[str, int]:
    """The order's own amounts, by the names of its fields."""
    shipping = quote["shipping"]
    return {
        "subtotal_minor": quote["subtotal"]["minor"],
        "discount_minor": quote["discount_total"]["minor"],
        "relief_minor": quote["relief_total"]["minor"],
        "shipping_minor": shipping["total"]["minor"] if shipping else 0,
        "shipping_tax_minor": shipping["tax"]["minor"] if shipping else 0,
        "tax_minor": quote["tax_total"]["minor"],
        "rounding_minor": quote["rounding"]["minor"],
        "total_minor": quote["total"]["minor"],
        "credit_minor": quote["credit_total"]["minor"],
    }


def lines_from(quote: QuoteSnapshot, *, order: Order) -> list[OrderLine]:
    """The lines that this quote makes for the order, not saved."""
    unshipped = _never_shipped(quote)
    return [
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
            tax_minor=line["tax"]["minor"],
            currency=quote["currency"],
            is_shipped=line["variant"] not in unshipped,
        )
        for position, line in enumerate(quote["lines"])
    ]


def _begin(order: Order, payment_state: str, *, has_parcel: bool, actor: str, at: datetime) -> None:
    waits = payment_state == PaymentState.PENDING and order.payment_method == BANK_TRANSFER
    status = OrderStatus.PENDING if waits else OrderStatus.CONFIRMED
    reason = f"Paid {order.total}" if payment_state == PaymentState.PAID else f"Placed, {order.due} to pay"
    goods = FulfilmentState.UNFULFILLED if has_parcel else FulfilmentState.FULFILLED
    why = "To be sent" if has_parcel else "Nothing of it is sent"
    further = [FirstStep(PAYMENT_STATE, payment_state, reason), FirstStep(FULFILMENT_STATE, goods, why)]
    begin(order, status, further=further, actor=actor, reason=reason, at=at)


def _never_shipped(quote: QuoteSnapshot) -> set[Any]:
    """The variants that no parcel carries; quotes from before they kept their facts had none."""
    facts = quote.get("facts") or {}
    goods = [each["goods"] for each in [*facts.get("lines", []), *facts.get("gifts", [])]]
    return {each["variant"] for each in goods if each["shipping_class"] == NOT_SHIPPED}


def _unused_number() -> str:
    number = new_number()
    return _unused_number() if Order.objects.filter(number=number).exists() else number
