"""Issuing what an order is owed: its invoice, a credit note for every refund, and both anew after an edit.

There is one function for all occasions. It looks at the order as it stands and issues what is missing, so the events
that call it may come in any order, twice or late.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum

from cms.prepared import prepared
from commerce.invoicing.crediting import GivenBack, Part, credit_document
from commerce.invoicing.documents import InvoiceDocument, invoice_document, local_day, seller_block
from commerce.invoicing.models import Invoice, InvoiceSettings
from commerce.invoicing.numbering import Number, take_number
from commerce.invoicing.queries import PAID
from commerce.kit import outbox
from commerce.kit.crashing import crash_point
from commerce.kit.money import Money
from commerce.orders.locking import lock_order
from commerce.orders.models import FulfilmentEvent, Order, OrderEvent, OrderRefund
from commerce.orders.paying import payments_of
from commerce.orders.states import PAYMENT_STATE, FulfilmentStatus, OrderStatus, PaymentState


def issue_what_is_owed(*, order_id: uuid.UUID, at: datetime) -> list[Invoice]:
    """What this call issued, oldest first; nothing while nobody has entered who sells in the order's market.

    Rules: an invoice once the order is paid, or once a parcel has gone that is not paid yet; none for an order that was
    cancelled before. An order that was edited since has its invoice taken back in full and gets a new one. Every refund
    of an invoiced order has its credit note.
    Lock order: order, invoice counter. Announces each as "invoicing.issued".
    """
    with transaction.atomic():
        order = lock_order(order_id)
        sellers: list[InvoiceSettings] = _sellers(market=order.market)
        if not sellers:
            return []
        issued = list(_issue(order, sellers[0], at=at))
    if __debug__ and issued:
        crash_point("invoice_committed")
    return issued


@prepared
def _sellers(*, market: str) -> QuerySet[InvoiceSettings]:
    return InvoiceSettings.objects.filter(market__code=market).select_related("market")


@prepared
def _invoices(*, order: uuid.UUID) -> QuerySet[Invoice]:
    return Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).order_by("-edition")


@prepared
def _refunds(*, order: uuid.UUID) -> QuerySet[OrderRefund]:
    """Oldest first; what was paid too much is no part of the order."""
    owed = OrderRefund.objects.filter(order=order, total_minor__gt=0).exclude(purpose=OrderRefund.Purpose.SURPLUS)
    return owed.order_by("at", "id")


def _issue(order: Order, seller: InvoiceSettings, *, at: datetime) -> Iterator[Invoice]:
    current: Invoice | None = next(iter(_invoices(order=order.pk)), None)
    if current is None and not _is_owed_one(order):
        return
    if current is not None and current.edition < order.edited:
        yield _credit(order, current, seller, None, at=at)
        current = None
    if current is None:
        current = _invoice(order, seller, at=at)
        yield current
    refunds: list[OrderRefund] = _refunds(order=order.pk)
    credited = set(current.credit_notes.values_list("refund", flat=True)) if refunds else set()
    for refund in refunds:
        if refund.pk not in credited:
            yield _credit(order, current, seller, refund, at=at)


def _is_owed_one(order: Order) -> bool:
    if order.status == OrderStatus.CANCELLED:
        return False
    return order.payment_state in PAID or _supplied_at(order) is not None


def _invoice(order: Order, seller: InvoiceSettings, *, at: datetime) -> Invoice:
    number = _number(order, seller, at=at)
    document = invoice_document(
        order=order,
        seller=seller,
        number=number,
        received=Money.total((payment.captured for payment in payments_of(order)), currency=order.currency),
        voided=Money(order.refunds.aggregate(minor=Sum("voided_minor"))["minor"] or 0, order.currency),
        paid_at=_paid_at(order),
        supplied_at=_supplied_at(order),
        at=at,
    )
    return _insert(order, number, document, kind=Invoice.Kind.INVOICE, edition=order.edited, at=at)


def _credit(
    order: Order, invoice: Invoice, seller: InvoiceSettings, refund: OrderRefund | None, *, at: datetime
) -> Invoice:
    number = _number(order, seller, at=at)
    before = invoice.credit_notes.order_by("issued_at", "year", "sequence").values_list("document", flat=True)
    document = credit_document(
        invoice=invoice.document,
        before=list(before),
        given=_given_back(refund) if refund else None,
        number=number.written,
        issued_on=local_day(at, seller).isoformat(),
        seller=seller_block(seller),
    )
    return _insert(
        order,
        number,
        document,
        kind=Invoice.Kind.CREDIT_NOTE,
        edition=invoice.edition,
        corrects=invoice,
        refund=refund.pk if refund else None,
        at=at,
    )


def _given_back(refund: OrderRefund) -> GivenBack:
    return GivenBack(
        total=refund.total_minor,
        lines={
            each.line.position: Part(each.quantity, each.amount_minor, each.tax_minor)
            for each in refund.lines.select_related("line")
        },
        shipping=Part(1, refund.shipping_minor, refund.shipping_tax_minor),
    )


def _number(order: Order, seller: InvoiceSettings, *, at: datetime) -> Number:
    return take_number(market=order.market, year=local_day(at, seller).year, prefix=seller.number_prefix)


def _insert(
    order: Order,
    number: Number,
    document: InvoiceDocument,
    *,
    kind: Invoice.Kind,
    edition: int,
    at: datetime,
    corrects: Invoice | None = None,
    refund: uuid.UUID | None = None,
) -> Invoice:
    invoice = Invoice.objects.create(
        kind=kind,
        market=order.market,
        year=number.year,
        sequence=number.sequence,
        number=number.written,
        order=order,
        edition=edition,
        corrects=corrects,
        refund=refund,
        issued_at=at,
        currency=document["currency"],
        net_minor=document["net"],
        tax_minor=document["tax"],
        rounding_minor=document["rounding"],
        total_minor=document["total"],
        document=document,
    )
    if __debug__:
        crash_point("invoice_numbered")
    payload = {"invoice": str(invoice.pk), "order": str(order.pk), "kind": str(kind), "number": invoice.number}
    outbox.record("invoicing.issued", payload, at=at)
    return invoice


def _paid_at(order: Order) -> datetime | None:
    """None while it is not paid; else when it was."""
    if order.payment_state not in PAID:
        return None
    paid: list[datetime] = _paid(order=order.pk)
    return paid[0] if paid else order.placed_at


@prepared
def _paid(*, order: uuid.UUID) -> QuerySet[Any]:
    """The last first."""
    paid = OrderEvent.objects.filter(order=order, field=PAYMENT_STATE, to_status=PaymentState.PAID)
    return paid.order_by("-id").values_list("at", flat=True)


def _supplied_at(order: Order) -> datetime | None:
    """When its first parcel left."""
    left: list[datetime] = _shipped(order=order.pk)
    return left[0] if left else None


@prepared
def _shipped(*, order: uuid.UUID) -> QuerySet[Any]:
    left = FulfilmentEvent.objects.filter(fulfilment__order=order, to_status=FulfilmentStatus.SHIPPED)
    return left.order_by("id").values_list("at", flat=True)
