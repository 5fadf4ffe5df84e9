"""Keeping the PDF of an invoice: made once, after the invoice was committed, and the same ever after."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from commerce.invoicing.models import Invoice, InvoiceLogo, InvoicePdf, private_storage
from commerce.invoicing.printing import Unprintable, pdf

logger = logging.getLogger(__name__)


def printed(invoice: Invoice) -> bytes:
    """The PDF that the invoice's document makes, the same bytes whenever it is asked. Raises `Unprintable`."""
    digest = invoice.document["seller"]["logo"]
    logo = bytes(InvoiceLogo.objects.get(pk=digest).png) if digest else None
    return pdf(invoice.document, logo=logo)


def attach(*, invoice_id: uuid.UUID, at: datetime) -> InvoicePdf:
    """Print the invoice and keep the PDF in the private storage; called outside any transaction, safe to repeat.

    Raises:
        Unprintable: no font has some sign of it.
    """
    kept: InvoicePdf | None = InvoicePdf.objects.filter(pk=invoice_id).first()
    if kept is not None:
        return kept
    invoice = Invoice.objects.get(pk=invoice_id)
    content = printed(invoice)
    storage = private_storage()
    name = storage.save(f"invoices/{invoice.market}/{invoice.year}/{invoice.number}.pdf", ContentFile(content))
    try:
        with transaction.atomic():
            return InvoicePdf.objects.create(invoice=invoice, file=name, digest=sha256(content).hexdigest(), made_at=at)
    except IntegrityError:
        # Somebody else was faster; that one is the invoice's, and this file belongs to nobody.
        storage.delete(name)
        return InvoicePdf.objects.get(pk=invoice_id)


def attach_what_is_missing(*, at: datetime, limit: int = 100) -> int:
    """Print what has no PDF yet, because the process that was to print it died or a font was missing."""
    waiting = Invoice.objects.filter(pdf=None).order_by("issued_at")
    made = 0
    for invoice_id in waiting.values_list("pk", flat=True)[:limit]:
        try:
            attach(invoice_id=invoice_id, at=at)
            made += 1
        except Unprintable as error:
            logger.error("invoice %s cannot be printed: no font has %s", invoice_id, error.facts["signs"])
    return made


def content_of(invoice: Invoice, *, at: datetime) -> bytes:
    """The kept PDF, made now where it has not been made yet. Raises `Unprintable`."""
    kept = attach(invoice_id=invoice.pk, at=at)
    with kept.file.open("rb") as file:
        return bytes(file.read())
