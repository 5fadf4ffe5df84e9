"""Invoices of purchases that were never made: no database, so thousands can be tried."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from commerce.invoicing.documents import InvoiceDocument, invoice_document
from commerce.invoicing.models import InvoiceSettings
from commerce.invoicing.numbering import Number
from commerce.kit.money import Money
from commerce.orders.models import Order
from commerce.orders.snapshots import QuoteSnapshot
from tests.factories import GERMAN_ADDRESS
from tests.factories.invoicing import SELLER

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def order_from(quote: QuoteSnapshot, **fields: Any) -> Order:
    """Not saved."""
    shipping = quote["shipping"]
    order = {
        "number": "M-4F7K-Q2XD",
        "market": quote["market"],
        "currency": quote["currency"],
        "language": "en",
        "payment_method": "stripe",
        "shipping_address": GERMAN_ADDRESS.document(),
        "shipping_minor": shipping["total"]["minor"] if shipping else 0,
        "shipping_tax_minor": shipping["tax"]["minor"] if shipping else 0,
        "tax_minor": quote["tax_total"]["minor"],
        "tax_inclusive": quote["tax_inclusive"],
        "rounding_minor": quote["rounding"]["minor"],
        "total_minor": quote["total"]["minor"],
        "credit_minor": quote["credit_total"]["minor"],
        "quote": quote,
        "placed_at": NOON,
    }
    return Order(**(order | fields))


def invoice_for(quote: QuoteSnapshot, *, received: int | None = None, **fields: Any) -> InvoiceDocument:
    """`received` in minor units; left out, all that is due has come in."""
    order = order_from(quote, **fields)
    came = order.due if received is None else Money(received, order.currency)
    return invoice_document(
        order=order,
        seller=InvoiceSettings(**SELLER),
        number=Number(2026, 1, "EU-2026-00001"),
        received=came,
        voided=Money.zero(order.currency),
        paid_at=NOON,
        supplied_at=None,
        at=NOON,
    )
