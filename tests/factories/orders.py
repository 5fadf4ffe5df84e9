"""Orders for tests, placed as a checkout places them: payment, stock and credit included, and no gateway asked.

What a test does not say is ordinary: prices with tax, 4.90 for shipping, paid by card.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from cms.catalogue.models import Variant
from commerce.credit import redeeming
from commerce.credit.models import CreditAccount
from commerce.inventory import reservations
from commerce.inventory.reservations import Holder
from commerce.kit.money import Money
from commerce.kit.states import advance
from commerce.orders import tasks
from commerce.orders.models import Order, OrderRefund, OrderRefundPart
from commerce.orders.placing import place
from commerce.orders.snapshots import QuoteSnapshot
from commerce.orders.states import PaymentState
from commerce.payments.models import LedgerEntry, Payment, Refund
from commerce.payments.opening import prepare_payment
from commerce.payments.states import PaymentStatus, RefundState
from tests.factories import GERMAN_ADDRESS


@dataclass(frozen=True)
class Bought:
    """`total` and `tax` are the whole line's, in minor units; without a total it is the price of its units."""

    variant: Variant
    quantity: int = 1
    price: int = 1999
    total: int | None = None
    tax: int = 0
    shipping_class: str = "standard"

    @property
    def subtotal(self) -> int:
        return self.price * self.quantity

    @property
    def cost(self) -> int:
        return self.subtotal if self.total is None else self.total


@dataclass
class Purchase:
    lines: Sequence[Bought]
    shipping: int = 490
    shipping_tax: int = 0
    tax_inclusive: bool = True
    rounding: int = 0
    card: CreditAccount | None = None
    card_pays: int = 0
    method: str = "stripe"
    state: str = PaymentState.PAID
    currency: str = "EUR"
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines) + self.shipping_tax

    @property
    def total(self) -> int:
        goods = sum(line.cost for line in self.lines)
        return goods + self.shipping + self.rounding + (0 if self.tax_inclusive else self.tax)

    @property
    def due(self) -> int:
        return self.total - self.card_pays

    def quote(self) -> QuoteSnapshot:
        money = self._money
        subtotal = sum(line.subtotal for line in self.lines)
        shipping = {
            "method": "parcel", "name": "Parcel", "pickup_point": None, "earliest": None, "latest": None,
            "price": money(self.shipping), "discount": money(0), "relief": money(0), "total": money(self.shipping),
            "tax": money(self.shipping_tax), "derivation": {},
        }  # fmt: skip
        rows: Any = [self._line(line) for line in self.lines]
        goods = [
            {"variant": str(line.variant.pk), "shipping_class": line.shipping_class, "is_gift_card": False}
            for line in self.lines
        ]
        return QuoteSnapshot(
            at="2026-11-21T09:00:00+00:00",
            market="eu",
            currency=self.currency,
            tax_inclusive=self.tax_inclusive,
            treatment={"kind": "taxed", "reason": "consumer", "vat_id": ""},
            lines=rows,
            subtotal=money(subtotal),
            discount_total=money(subtotal - sum(line.cost for line in self.lines)),
            relief_total=money(0),
            shipping=shipping,  # type: ignore[typeddict-item]
            tax=[],
            tax_total=money(self.tax),
            rounding=money(self.rounding),
            total=money(self.total),
            credits=[],
            credit_total=money(self.card_pays),
            due=money(self.due),
            promotions=[],
            facts={"lines": [{"goods": each} for each in goods], "gifts": []},
        )

    def _line(self, line: Bought) -> dict[str, Any]:
        money = self._money
        return {
            "variant": str(line.variant.pk), "product": str(line.variant.product_id), "sku": line.variant.sku,
            "title": "Lamp", "name": line.variant.name, "quantity": line.quantity, "gift": False, "given_by": "",
            "unit_price": money(line.price), "subtotal": money(line.subtotal), "discounts": [],
            "discount": money(line.subtotal - line.cost), "relief": money(0), "total": money(line.cost),
            "tax": money(line.tax), "derivation": {},
        }  # fmt: skip

    def _money(self, minor: int) -> Any:
        return Money(minor, self.currency).document()


def buy(*lines: Bought, at: datetime, **how: Any) -> Order:
    """The order of a purchase, in the database with all that belongs to it."""
    fields = {name: how.pop(name) for name in ("customer", "language", "billing_address") if name in how}
    purchase = Purchase(lines, **how, fields=fields)
    checkout_id, holder_kind = uuid.uuid4(), "checkout"
    with transaction.atomic():
        payment = _payment(purchase, checkout_id, at=at) if purchase.due else None
        units: dict[uuid.UUID, int] = {}
        for line in lines:
            units[line.variant.pk] = units.get(line.variant.pk, 0) + line.quantity
        holder = Holder(holder_kind, checkout_id)
        reservations.reserve(lines=units, holder=holder, until=at, at=at)
        if purchase.card:
            amount = Money(purchase.card_pays, purchase.currency)
            redeeming.hold(amounts={purchase.card.pk: amount}, holder=checkout_id, at=at)
        order = place(
            checkout_id=checkout_id,
            payment_id=payment.pk if payment else None,
            email="customer@example.com",
            shipping_address=GERMAN_ADDRESS.document(),
            quote=purchase.quote(),
            actor="test",
            at=at,
            payment_method=purchase.method,
            payment_state=purchase.state,
            **purchase.fields,
        )
        reservations.consume(holder=holder, reference=order.number, actor="test", at=at, lines=units)
        if purchase.card:
            redeeming.redeem(holder=checkout_id, reference=order.number, actor="test", at=at)
    return order


def _payment(purchase: Purchase, reference: uuid.UUID, *, at: datetime) -> Payment:
    amount = Money(purchase.due, purchase.currency)
    payment = prepare_payment(reference=reference, amount=amount, method=purchase.method, actor="test", at=at)
    if purchase.method != "stripe":
        return payment
    payment.gateway_id = f"pi_{payment.pk.hex}"
    payment.save()
    advance(payment, PaymentStatus.OPEN, actor="test", reason="Opened", at=at)
    if purchase.state == PaymentState.AUTHORISED:
        Payment.objects.filter(pk=payment.pk).update(authorised_minor=amount.minor)
        advance(payment, PaymentStatus.AUTHORISED, actor="test", reason="Authorised", at=at)
    else:
        capture(payment, at=at)
    return payment


def capture(payment: Payment, *, at: datetime, minor: int | None = None) -> None:
    """The gateway took the money."""
    LedgerEntry.objects.create(
        payment=payment, kind=LedgerEntry.Kind.CAPTURE, amount_minor=minor or payment.amount_minor,
        currency=payment.currency, gateway_reference=payment.gateway_id, at=at,
    )  # fmt: skip
    payment.refresh_from_db()
    advance(payment, PaymentStatus.SUCCEEDED, actor="test", reason="Captured", at=at)


def pay_out(order: Order, *, at: datetime) -> None:
    """Every refund that was asked for arrives, and the order hears of it."""
    for refund in Refund.objects.filter(payment__in=order.payments.values("payment"), status=RefundState.REQUESTED):
        with transaction.atomic():
            LedgerEntry.objects.create(
                payment=refund.payment, kind=LedgerEntry.Kind.REFUND, amount_minor=-refund.amount_minor,
                currency=refund.currency, gateway_reference=f"re_{refund.pk.hex}", at=at,
            )  # fmt: skip
            advance(refund, RefundState.SUCCEEDED, actor="test", reason="Refunded", at=at)
        hear("payments.refunded", refund=refund, at=at)
    order.refresh_from_db()


HEARD = {
    "payments.succeeded": tasks.take_as_paid,
    "payments.authorised": tasks.take_as_authorised,
    "payments.cancelled": tasks.take_as_called_off,
    "payments.refunded": tasks.take_as_paid_back,
    "payments.refund_failed": tasks.take_as_not_paid_back,
}


def hear(name: str, *, at: datetime, payment: Payment | None = None, refund: Refund | None = None) -> None:
    """Deliver a payment's announcement to the order."""
    about = payment or (refund and refund.payment)
    assert about is not None
    payload = {"payment": str(about.pk), "reference": str(about.reference)}
    HEARD[name](payload=payload | ({"refund": str(refund.pk)} if refund else {}), at=at)


def asked_of_payments(refund: OrderRefund) -> list[int]:
    """What a refund asked each payment to give back, in minor units."""
    parts = OrderRefundPart.objects.filter(refund=refund).order_by("id")
    return list(parts.values_list("payment_refund__amount_minor", flat=True))
