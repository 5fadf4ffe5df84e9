from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.idempotent import idempotent
from commerce.api.quotes import quote_answer
from commerce.api.requests import MarketParameter, audience_of, locale_of, signed_in
from commerce.api.schema import EXPLAIN, IDEMPOTENCY_KEY
from commerce.api.views import PublicView, private
from commerce.cart import coupons, credits, delivery, filling
from commerce.cart.models import MAX_QUANTITY
from commerce.cart.viewing import view_cart
from commerce.checkout.quoting.gathering import estimate, require_way, shipping_options
from commerce.customers.addresses import checked_address
from commerce.kit import clock


class NewCart(MarketParameter):
    """An empty body will do."""


class Code(serializers.Serializer[None]):
    code = serializers.CharField(max_length=64)


class Credit(serializers.Serializer[None]):
    """Either the code of a gift card, or the store credit of whoever is signed in."""

    code = serializers.CharField(max_length=64, required=False)
    store_credit = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("code" in attrs) == attrs.get("store_credit", False):
            raise serializers.ValidationError("Give a code or ask for store credit.")
        return attrs


class ShippingChoice(serializers.Serializer[None]):
    method = serializers.CharField(max_length=50, allow_blank=True)
    pickup_point = serializers.CharField(max_length=50, allow_blank=True, default="")


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
        audience = audience_of(request, wanted)
        cart = filling.create_cart(
            market=audience.market, channel=audience.channel, customer=signed_in(request), at=clock.now()
        )
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
        email, vat_id = wanted.pop("email"), wanted.pop("vat_id")
        filling.set_address(
            cart_id=cart_id, email=email, address=checked_address(wanted), vat_id=vat_id, at=clock.now()
        )
        return _answer(request, cart_id)


class CartCoupons(PublicView):
    @extend_schema(
        operation_id="carts_coupons_create",
        parameters=[IDEMPOTENCY_KEY],
        request=Code,
        responses={201: shapes.Cart},
    )
    @idempotent
    def post(self, request: Request, cart_id: uuid.UUID) -> Response:
        """Enter a coupon. Whether it takes anything off now is told by the quote."""
        wanted = _checked(Code(data=request.data))
        coupons.enter(cart_id=cart_id, code=wanted["code"], at=clock.now())
        return _answer(request, cart_id, code=status.HTTP_201_CREATED)


class CartCouponByCode(PublicView):
    @extend_schema(operation_id="carts_coupons_destroy", responses={200: shapes.Cart})
    def delete(self, request: Request, cart_id: uuid.UUID, coupon: str) -> Response:
        """Take the coupon out again."""
        coupons.remove(cart_id=cart_id, code=coupon, at=clock.now())
        return _answer(request, cart_id)


class CartCredits(PublicView):
    @extend_schema(
        operation_id="carts_credits_create",
        parameters=[IDEMPOTENCY_KEY],
        request=Credit,
        responses={201: shapes.Cart},
    )
    @idempotent
    def post(self, request: Request, cart_id: uuid.UUID) -> Response:
        """Pay with a gift card or store credit, as far as it goes."""
        wanted = _checked(Credit(data=request.data))
        if wanted.get("store_credit"):
            credits.enter_store_credit(cart_id=cart_id, at=clock.now())
        else:
            credits.enter(cart_id=cart_id, code=wanted["code"], at=clock.now())
        return _answer(request, cart_id, code=status.HTTP_201_CREATED)


class CartCreditByAccount(PublicView):
    @extend_schema(operation_id="carts_credits_destroy", responses={200: shapes.Cart})
    def delete(self, request: Request, cart_id: uuid.UUID, account: uuid.UUID) -> Response:
        """Do not pay with it after all."""
        credits.remove(cart_id=cart_id, account=account, at=clock.now())
        return _answer(request, cart_id)


class CartShippingOptions(PublicView):
    @extend_schema(operation_id="carts_shipping_options_list", responses=shapes.ShippingOption(many=True))
    def get(self, request: Request, cart_id: uuid.UUID) -> Response:
        """The ways to get this cart to its address, with prices; ways that cannot take it say why."""
        view = view_cart(cart_id=cart_id, locale=locale_of(request), at=clock.now())
        options = shipping_options(view, at=clock.now())
        shape = shapes.ShippingOption(options, many=True, context={"chosen": view.cart.shipping_method})
        return private(Response(shape.data))


class CartShippingMethod(PublicView):
    @extend_schema(operation_id="carts_shipping_method_update", request=ShippingChoice, responses=shapes.Cart)
    def put(self, request: Request, cart_id: uuid.UUID) -> Response:
        """Choose one of the options. An empty method is the cheapest, whatever the cart becomes."""
        wanted = _checked(ShippingChoice(data=request.data))
        cart = view_cart(cart_id=cart_id, locale=locale_of(request), at=clock.now())
        require_way(cart, **wanted, at=clock.now())
        delivery.choose(cart_id=cart_id, **wanted, at=clock.now())
        return _answer(request, cart_id)


class CartQuote(PublicView):
    @extend_schema(operation_id="carts_quote_retrieve", parameters=[EXPLAIN], responses=shapes.ExplainedQuote)
    def get(self, request: Request, cart_id: uuid.UUID) -> Response:
        """What the cart costs and why: discounts, shipping, tax, total.

        Shipping that is not known yet or cannot be had is left out; without an address tax is that of the market's
        own country.
        """
        view = view_cart(cart_id=cart_id, locale=locale_of(request), at=clock.now())
        estimated = estimate(view, at=clock.now())
        return quote_answer(request, estimated.quote, cannot_ship=estimated.cannot_ship)


def _checked(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    found: dict[str, Any] = serializer.validated_data
    return found


def _answer(request: Request, cart_id: uuid.UUID, *, code: int = status.HTTP_200_OK) -> Response:
    view = view_cart(cart_id=cart_id, locale=locale_of(request), at=clock.now())
    return Response(shapes.Cart(view).data, status=code)
