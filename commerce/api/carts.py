from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.idempotent import idempotent
from commerce.api.requests import MarketParameter, locale_of
from commerce.api.schema import IDEMPOTENCY_KEY
from commerce.api.views import PublicView
from commerce.cart import filling
from commerce.cart.models import MAX_QUANTITY
from commerce.cart.viewing import view_cart
from commerce.customers.addresses import checked_address
from commerce.kit import clock
from commerce.markets.queries import market_named


class NewCart(MarketParameter):
    """An empty body will do."""


class NewLine(serializers.Serializer[None]):
    variant = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, default=1)


class LineQuantity(serializers.Serializer[None]):
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY)


class Carts(PublicView):
    @extend_schema(
        operation_id="carts_create",
        parameters=[IDEMPOTENCY_KEY],
        request=NewCart,
        responses={201: shapes.Cart},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A new cart. Keep its id: whoever has it may use the cart."""
        wanted = _checked(NewCart(data=request.data))
        cart = filling.create_cart(market=market_named(wanted.get("market")), at=clock.now())
        return _answer(request, cart.pk, code=status.HTTP_201_CREATED)


class CartById(PublicView):
    @extend_schema(operation_id="carts_retrieve", responses=shapes.Cart)
    def get(self, request: Request, cart_id: uuid.UUID) -> Response:
        """The cart at today's prices and stock."""
        return _answer(request, cart_id)


class CartLines(PublicView):
    @extend_schema(
        operation_id="carts_lines_create",
        parameters=[IDEMPOTENCY_KEY],
        request=NewLine,
        responses={201: shapes.Cart},
    )
    @idempotent
    def post(self, request: Request, cart_id: uuid.UUID) -> Response:
        """Put a variant into the cart, or more of one that is there."""
        wanted = _checked(NewLine(data=request.data))
        filling.add_line(cart_id=cart_id, variant_id=wanted["variant"], quantity=wanted["quantity"], at=clock.now())
        return _answer(request, cart_id, code=status.HTTP_201_CREATED)


class CartLineById(PublicView):
    @extend_schema(operation_id="carts_lines_update", request=LineQuantity, responses=shapes.Cart)
    def patch(self, request: Request, cart_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Change how many."""
        wanted = _checked(LineQuantity(data=request.data))
        filling.change_quantity(cart_id=cart_id, line_id=line_id, quantity=wanted["quantity"], at=clock.now())
        return _answer(request, cart_id)

    @extend_schema(operation_id="carts_lines_destroy", responses={200: shapes.Cart})
    def delete(self, request: Request, cart_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Take the line out; answers with what is left."""
        filling.remove_line(cart_id=cart_id, line_id=line_id, at=clock.now())
        return _answer(request, cart_id)


class CartAddress(PublicView):
    @extend_schema(operation_id="carts_address_update", request=shapes.ContactAddress, responses=shapes.Cart)
    def put(self, request: Request, cart_id: uuid.UUID) -> Response:
        """Where to send it and whom to tell. Checked by the rules of the country."""
        wanted = _checked(shapes.ContactAddress(data=request.data))
        email = wanted.pop("email")
        filling.set_address(cart_id=cart_id, email=email, address=checked_address(wanted), at=clock.now())
        return _answer(request, cart_id)


def _checked(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    found: dict[str, Any] = serializer.validated_data
    return found


def _answer(request: Request, cart_id: uuid.UUID, *, code: int = status.HTTP_200_OK) -> Response:
    view = view_cart(cart_id=cart_id, locale=locale_of(request), at=clock.now())
    return Response(shapes.Cart(view).data, status=code)
