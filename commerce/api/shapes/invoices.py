from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commerce.api.shapes.money import Money
from commerce.invoicing.models import Invoice as InvoiceRow

INVOICE_KINDS = [kind.value for kind in InvoiceRow.Kind]


class Invoice(serializers.Serializer[Any]):
    number = serializers.CharField()
    kind = serializers.ChoiceField(INVOICE_KINDS)
    issued_at = serializers.DateTimeField()
    total = Money(help_text="Of a credit note: what was credited, as a positive amount.")
    corrects = serializers.SerializerMethodField(help_text="The number of the invoice that a credit note corrects.")
    pdf = serializers.SerializerMethodField(help_text="Where it is, to be asked with the same right as the order.")

    @extend_schema_field({"type": "string", "nullable": True})
    def get_corrects(self, invoice: InvoiceRow) -> str | None:
        return invoice.corrects.number if invoice.corrects else None

    @extend_schema_field(OpenApiTypes.URI_REF)
    def get_pdf(self, invoice: InvoiceRow) -> str:
        return reverse("commerce:order-invoice-pdf", args=[invoice.order_id, invoice.number])


class OrderInvoices(serializers.Serializer[Any]):
    results = Invoice(many=True, help_text="Invoices and credit notes, oldest first.")
