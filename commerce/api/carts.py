from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.idempotent import idempotent
from commerce.api.quotes import quote_answer
from commerce.api.requests import MarketParameter, audience_of, customer_of, locale_of, signed_in
from commerce.api.schema import EXPLAIN, IDEMPOTENCY_KEY, MARKET
from commerce.api.serializing import checked, written
from commerce.api.views import PublicView, private
from commerce.cart import coupons, credits, delivery, filling, saving
from commerce.cart.acknowledging import acknowledge
from commerce.cart.merging import merge
from commerce.cart.models import LONGEST_NOTE, MAX_QUANTITY
from commerce.cart.viewing import own_cart, view_cart
from commerce.checkout import resuming
from commerce.checkout.quoting.gathering import estimate, require_way, shipping_options
from commerce.customers.addresses import Address, InvalidAddress, checked_address
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


class LineChange(serializers.Serializer[None]):
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, required=False)
    saved = serializers.BooleanField(required=False, help_text="Put aside for later, or take back into the cart.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs or (attrs.get("saved") and "quantity" in attrs):
            raise serializers.ValidationError("Give a quantity, or put it aside for later.")
        return attrs


class Note(serializers.Serializer[None]):
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True)


class ResumeToken(serializers.Serializer[None]):
    token = serializers.CharField(max_length=500)


class Nothing(serializers.Serializer[None]):
    """An empty body."""


class Carts(PublicView):
    @extend_schema(
        operation_id="carts_create",
        parameters=[IDEMPOTENCY_KEY],
        request=NewCart,
        responses={201: shapes.Cart},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A new cart. Keep its id: whoever has it may use the cart. Who is signed in has one, and is given that."""
        wanted = checked(NewCart, request.data)
        audience = audience_of(request, wanted)
        cart = filling.create_cart(
            market=audience.market, channel=audience.channel, customer=signed_in(request), at=clock.now()
        )
        return _answer(request, cart.pk, code=status.HTTP_201_CREATED)


class OwnCart(PublicView):
    @extend_schema(operation_id="carts_mine_retrieve", parameters=[MARKET], responses=shapes.Cart)
    def get(self, request: Request) -> Response:
        """The cart of whoever is signed in, in the market. 404 while there is none."""
        wanted = checked(MarketParameter, request.query_params)
        customer = customer_of(request)
        market = audience_of(request, wanted).market
        return private(_answer(request, own_cart(customer=customer, market=market).pk))


class CartClaim(PublicView):
    @extend_schema(operation_id="carts_claim", request=Nothing, responses={200: shapes.Cart})
    def post(self, request: Request, cart_id: uuid.UUID) -> Response:
        """After signing in: take a guest's cart over, once. Answers with one's own cart. Safe to repeat."""
        own = merge(guest_id=cart_id, customer=customer_of(request), at=clock.now())
        return private(_answer(request, own.pk))


class CartSeen(PublicView):
    @extend_schema(operation_id="carts_seen", request=Nothing, responses={200: shapes.Cart})
    def post(self, request: Request, cart_id: uuid.UUID) -> Response:
        """The shopper has seen what changed; it is no news any more. Safe to repeat."""
        view = acknowledge(cart_id=cart_id, locale=locale_of(request), at=clock.now())
        return Response(written(shapes.Cart, view))


class CartResumeLink(PublicView):
    @extend_schema(operation_id="carts_resume_link", request=Nothing, responses={201: shapes.ResumeLink})
    def post(self, request: Request, cart_id: uuid.UUID) -> Response:
        """A link to go on with this cart on another device. It expires."""
        link = resuming.resume_link(cart_id=cart_id, at=clock.now())
        return private(Response(written(shapes.ResumeLink, link), status=status.HTTP_201_CREATED))


class CartResumption(PublicView):
    @extend_schema(operation_id="carts_resume", request=ResumeToken, responses={200: shapes.ResumedCart})
    def post(self, request: Request) -> Response:
        """The cart behind a link, and its checkout if one is open."""
        wanted = checked(ResumeToken, request.data)
        found = resuming.resume(token=wanted["token"], at=clock.now())
        view = view_cart(cart_id=found.cart, locale=locale_of(request), at=clock.now())
        return private(Response(written(shapes.ResumedCart, {"cart": view, "checkout": found.checkout})))


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
        wanted = checked(NewLine, request.data)
        filling.add_line(cart_id=cart_id, variant_id=wanted["variant"], quantity=wanted["quantity"], at=clock.now())
        return _answer(request, cart_id, code=status.HTTP_201_CREATED)


class CartLineById(PublicView):
    @extend_schema(operation_id="carts_lines_update", request=LineChange, responses=shapes.Cart)
    def patch(self, request: Request, cart_id: uuid.UUID, line_id: uuid.UUID) -> Response:
        """Change how many, put it aside for later, or take it back into the cart."""
        wanted = checked(LineChange, request.data)
        line: Any = {"cart_id": cart_id, "line_id": line_id, "at": clock.now()}
        if "saved" not in wanted:
            filling.change_quantity(quantity=wanted["quantity"], **line)
        elif wanted["saved"]:
            saving.save_for_later(**line)
        else:
            saving.take_back(quantity=wanted.get("quantity"), **line)
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
        wanted, address = _addressed(shapes.ContactAddress, request.data)
        filling.set_address(
            cart_id=cart_id,
            email=wanted.pop("email"),
            vat_id=wanted.pop("vat_id"),
            remind=wanted.pop("remind", None),
            address=address,
            at=clock.now(),
        )
        return _answer(request, cart_id)


class CartBillingAddress(PublicView):
    @extend_schema(operation_id="carts_billing_address_update", request=shapes.Address, responses=shapes.Cart)
    def put(self, request: Request, cart_id: uuid.UUID) -> Response:
        """Whom to bill, where that is another address. Checked by the rules of its country."""
        _, address = _addressed(shapes.Address, request.data)
        filling.set_billing_address(cart_id=cart_id, address=address, at=clock.now())
        return _answer(request, cart_id)

    @extend_schema(operation_id="carts_billing_address_destroy", responses={200: shapes.Cart})
    def delete(self, request: Request, cart_id: uuid.UUID) -> Response:
        """Bill where it is sent to."""
        filling.set_billing_address(cart_id=cart_id, address=None, at=clock.now())
        return _answer(request, cart_id)


class CartNote(PublicView):
    @extend_schema(operation_id="carts_note_update", request=Note, responses=shapes.Cart)
    def put(self, request: Request, cart_id: uuid.UUID) -> Response:
        """A word to the shop with the order."""
        filling.leave_note(cart_id=cart_id, note=checked(Note, request.data)["note"], at=clock.now())
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
        wanted = checked(Code, request.data)
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
        wanted = checked(Credit, request.data)
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
        wanted = checked(ShippingChoice, request.data)
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


_ADDRESS = set(Address.__slots__)


def _addressed(shape: type[shapes.Address], sent: Any) -> tuple[dict[str, Any], Address]:
    """What was sent, and its address by the rules of its country. All that is wrong with either is told at once.

    Raises:
        InvalidAddress, ValidationError
    """
    try:
        wanted = checked(shape, sent)
    except serializers.ValidationError as refusal:
        told: Any = refusal.detail
        if isinstance(sent, Mapping) and isinstance(told, dict):
            fine = {name: str(text) for name, text in sent.items() if name in _ADDRESS - told.keys()}
            try:
                checked_address(fine)
            except InvalidAddress as further:
                told = {**further.facts["errors"], **told}
        raise serializers.ValidationError(told) from None
    return wanted, checked_address(wanted)


def _answer(request: Request, cart_id: uuid.UUID, *, code: int = status.HTTP_200_OK) -> Response:
    view = view_cart(cart_id=cart_id, locale=locale_of(request), at=clock.now())
    return Response(written(shapes.Cart, view), status=code)
