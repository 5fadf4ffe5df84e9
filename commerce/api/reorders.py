from __future__ import annotations

import uuid
from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.accounts.models import User
from commerce.api import shapes
from commerce.api.idempotent import idempotent
from commerce.api.orders import ACCESS
from commerce.api.requests import customer_of, locale_of, signed_in
from commerce.api.schema import IDEMPOTENCY_KEY
from commerce.api.serializing import checked, written
from commerce.api.views import PublicView, private
from commerce.cart.viewing import view_cart
from commerce.checkout.reordering import reorder
from commerce.kit import clock
from commerce.orders.access import order_for
from commerce.orders.models import Order


class IntoCart(serializers.Serializer[None]):
    cart = serializers.UUIDField(
        required=False, help_text="To put it into; absent: one's own when signed in, else a new one."
    )


class OrderReorder(PublicView):
    @extend_schema(
        operation_id="orders_reorder",
        parameters=[ACCESS, IDEMPOTENCY_KEY],
        request=IntoCart,
        responses={201: shapes.Reordered},
    )
    def post(self, request: Request, order_id: uuid.UUID) -> Response:
        """Put what the order bought into a cart again, at today's prices; says what could not be put in and why."""
        customer = customer_of(request) if signed_in(request) else None
        # First, for nobody is told what was answered to another.
        order = order_for(order_id=order_id, access=request.query_params.get("access", ""), customer=customer)
        return self._reorder(request, order=order, customer=customer)

    @idempotent
    def _reorder(self, request: Request, *, order: Order, customer: User | None) -> Response:
        wanted = checked(IntoCart, request.data)
        reordered = reorder(order=order, cart_id=wanted.get("cart"), customer=customer, at=clock.now())
        view = view_cart(cart_id=reordered.cart.pk, locale=locale_of(request), at=clock.now())
        document = {"cart": view, "left_out": [asdict(each) for each in reordered.left_out]}
        return private(Response(written(shapes.Reordered, document), status=status.HTTP_201_CREATED))
