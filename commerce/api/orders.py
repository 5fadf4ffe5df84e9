from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.views import PublicView, private
from commerce.checkout.gift_cards import bought_cards
from commerce.orders.access import order_for_guest
from commerce.orders.models import Order


class OrderById(PublicView):
    @extend_schema(
        operation_id="orders_retrieve",
        parameters=[OpenApiParameter("access", str, required=True, description="The signature from the checkout.")],
        responses=shapes.Order,
    )
    def get(self, request: Request, order_id: uuid.UUID) -> Response:
        """An order, for the guest who holds its signature."""
        order = order_for_guest(order_id=order_id, access=request.query_params.get("access", ""))
        return private(Response(shapes.Order(_order(order)).data))


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": order.pk,
        "number": order.number,
        "status": order.status,
        "placed_at": order.placed_at,
        "email": order.email,
        "address": order.shipping_address,
        "quote": order.quote,
        "gift_cards": bought_cards(order),
    }
