"""Issuing what an order is owed: its invoice, a credit note for every refund, and both anew after an edit.

There is one function for all occasions. It looks at the order as it stands and issues what is missing, so the events
that call it may come in any order, twice or late.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from commerce.invoicing.crediting import GivenBack, Part, credit_document
from commerce.invoicing.documents import InvoiceDocument, invoice_document, local_day, seller_block
from commerce.invoicing.models import Invoice, InvoiceSettings
from commerce.invoicing.numbering import Number, take_number
from commerce.invoicing.queries import PAID
from commerce.kit import outbox
from commerce.kit.crashing import crash_point
from commerce.kit.money import Money
from commerce.orders.locking import lock_order
from commerce.orders.models import FulfilmentEvent, Order, OrderRefund
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
        seller = InvoiceSettings.objects.filter(market__code=order.market).select_related("market").first()
        if seller is None:
            return []
        issued = list(_issue(order, seller, at=at))
    if __debug__ and issued:
        crash_point("invoice_committed")
    return issued


def _issue(order: Order, seller: InvoiceSettings, *, at: datetime) -> Iterator[Invoice]:
    current = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).order_by("-edition").first()
    if current is None and not _is_owed_one(order):
        return
    if current is not None and current.edition < order.edited:
        yield _credit(order, current, seller, None, at=at)
        current = None
    if current is None:
        current = _invoice(order, seller, at=at)
        yield current
    credited = set(current.credit_notes.values_list("refund", flat=True))
    refunds = order.refunds.exclude(purpose=OrderRefund.Purpose.SURPLUS).filter(total_minor__gt=0)
    for refund in refunds.prefetch_related("lines__line").order_by("at", "id"):
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
            each.line.position: Part(each.quantity, each.amount_minor, each.tax_minor) for each in refund.lines.all()
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
    paid = order.events.filter(field=PAYMENT_STATE, to_status=PaymentState.PAID).order_by("id").last()
    return paid.at if paid else order.placed_at


def _supplied_at(order: Order) -> datetime | None:
    """When its first parcel left."""
    left = FulfilmentEvent.objects.filter(fulfilment__order=order, to_status=FulfilmentStatus.SHIPPED).order_by("id")
    return left.values_list("at", flat=True).first()
