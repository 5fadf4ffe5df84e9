from __future__ import annotations

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.checkouts import Nothing, payment_document
from commerce.api.orders import ACCESS, SHOPPER, order_of
from commerce.api.serializing import written
from commerce.api.views import PublicView, private
from commerce.checkout.collecting import collect
from commerce.kit import clock


class OrderPayment(PublicView):
    @extend_schema(
        operation_id="orders_payment",
        parameters=[ACCESS],
        request=Nothing,
        responses=shapes.AwaitedPayment,
    )
    def post(self, request: Request, order_id: uuid.UUID) -> Response:
        """What the order still lacks, ready to be paid; ask again after paying. Safe to repeat."""
        order = order_of(request, order_id)
        payment = collect(order=order, actor=SHOPPER, at=clock.now())
        order.refresh_from_db()
        document = {
            "payment_state": order.payment_state,
            "amount": payment.amount if payment else None,
            "payment": payment_document(payment, market=order.market) if payment else None,
        }
        return private(Response(written(shapes.AwaitedPayment, document)))
