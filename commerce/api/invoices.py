from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.requests import signed_in
from commerce.api.serializing import written
from commerce.api.views import PublicView, private
from commerce.invoicing.attaching import content_of
from commerce.invoicing.queries import invoice_of, invoices_of
from commerce.kit import clock
from commerce.orders.access import order_for
from commerce.orders.models import Order

_ACCESS = OpenApiParameter("access", str, description="The signature from the checkout; not for the signed-in owner.")


class PdfRenderer(BaseRenderer):
    """Bytes as they are; a problem, which is no PDF, as JSON."""

    media_type = "application/pdf"
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> Any:
        return data if isinstance(data, bytes) else JSONRenderer().render(data)


class PdfForAnyRenderer(PdfRenderer):
    """For whoever would rather have something else: there is nothing else."""

    media_type = "*/*"


class OrderInvoices(PublicView):
    @extend_schema(operation_id="orders_invoices_list", parameters=[_ACCESS], responses=shapes.OrderInvoices)
    def get(self, request: Request, order_id: uuid.UUID) -> Response:
        """The invoices and credit notes of an order, for whoever may see the order."""
        invoices = invoices_of(_order(request, order_id))
        return private(Response(written(shapes.OrderInvoices, {"results": invoices})))


class OrderInvoicePdf(PublicView):
    renderer_classes = (PdfRenderer, PdfForAnyRenderer)

    @extend_schema(
        operation_id="orders_invoices_pdf",
        parameters=[_ACCESS],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, order_id: uuid.UUID, number: str) -> Response:
        """One of them as a PDF, for whoever may see the order."""
        invoice = invoice_of(_order(request, order_id), number=number)
        headers = {"Content-Disposition": f'inline; filename="{invoice.number}.pdf"'}
        content = content_of(invoice, at=clock.now())
        return private(Response(content, headers=headers, content_type="application/pdf"))


def _order(request: Request, order_id: uuid.UUID) -> Order:
    return order_for(order_id=order_id, access=request.query_params.get("access", ""), customer=signed_in(request))
