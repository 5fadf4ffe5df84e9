from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from commerce.invoicing.models import Invoice, InvoiceSettings
from commerce.kit.errors import DomainError, ErrorKind
from commerce.orders.models import Order, OrderRefund
from commerce.orders.states import OrderStatus, PaymentState

PAID = (PaymentState.PAID, PaymentState.PARTIALLY_REFUNDED, PaymentState.REFUNDED)
_BATCH = 500


class InvoiceNotFound(DomainError):
    code = "invoice_not_found"
    title = "This order has no such invoice"
    kind = ErrorKind.MISSING


def invoices_of(order: Order) -> QuerySet[Invoice]:
    """Oldest first."""
    return Invoice.objects.filter(order=order).select_related("corrects").order_by("issued_at", "year", "sequence")


def invoice_of(order: Order, *, number: str) -> Invoice:
    """Raises `InvoiceNotFound`."""
    # PostgreSQL knows no text with a NUL in it.
    found: Invoice | None = None if "\x00" in number else invoices_of(order).filter(number=number).first()
    if found is None:
        raise InvoiceNotFound()
    return found


def orders_owed_documents(*, since: datetime | None = None, market: str = "") -> Iterator[uuid.UUID]:
    """Orders that lack an invoice, a credit note or the invoice of their last edit, oldest first, in markets whose
    seller is known. `since` is when they were placed or refunded."""
    all_of_it = Invoice.objects.filter(order=OuterRef("pk"))
    of_last_edit = all_of_it.filter(kind=Invoice.Kind.INVOICE, edition=OuterRef("edited"))
    credited = Invoice.objects.filter(refund=OuterRef("pk"))
    refunds = OrderRefund.objects.filter(~Exists(credited), order=OuterRef("pk"), total_minor__gt=0)
    refunds = refunds.exclude(purpose=OrderRefund.Purpose.SURPLUS)
    lately = Q()
    if since is not None:
        refunds, lately = refunds.filter(at__gte=since), Q(placed_at__gte=since)
    owed = Q(~Exists(all_of_it), ~Q(status=OrderStatus.CANCELLED), lately, payment_state__in=PAID)
    behind = Q(Exists(all_of_it)) & (Q(Exists(refunds)) | Q(~Exists(of_last_edit), lately))
    sellers = InvoiceSettings.objects.values("market__code")
    orders = Order.objects.filter(owed | behind, market__in=[market] if market else sellers)
    return orders.order_by("placed_at").values_list("pk", flat=True).iterator(chunk_size=_BATCH)
