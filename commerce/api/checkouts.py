from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.idempotent import idempotent
from commerce.api.quotes import quote_answer
from commerce.api.requests import locale_of
from commerce.api.schema import EXPLAIN, IDEMPOTENCY_KEY
from commerce.api.serializing import checked, written, written_all
from commerce.api.views import PublicView, private
from commerce.cart.viewing import view_cart
from commerce.checkout.completing import finish
from commerce.checkout.models import Checkout
from commerce.checkout.queries import checkout_with
from commerce.checkout.quoting.gathering import estimate
from commerce.checkout.starting import Means, start
from commerce.checkout.states import CheckoutStatus
from commerce.kit import clock
from commerce.kit.money import Money
from commerce.orders.access import access_signature
from commerce.orders.models import Order
from commerce.payments.gateways import payment_gateway
from commerce.payments.methods import instructions_for, methods_for
from commerce.payments.models import Method, Payment


class NewCheckout(serializers.Serializer[None]):
    cart = serializers.UUIDField()
    due_minor = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=10**15,
        help_text="What the shopper was shown as due, in minor units; 409 `quote_changed` when it is another by now.",
    )
    method = serializers.ChoiceField(
        shapes.PAYMENT_METHODS, default=Method.STRIPE.value, help_text="One of the cart's `payment-methods/`."
    )
    save_card = serializers.BooleanField(
        default=False, help_text="Keep the card for the next time; for customers who are signed in."
    )


class Nothing(serializers.Serializer[None]):
    """An empty body."""


class Checkouts(PublicView):
    @extend_schema(
        operation_id="checkouts_create",
        parameters=[IDEMPOTENCY_KEY],
        request=NewCheckout,
        responses={201: shapes.Checkout},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Freeze the quote, reserve the stock and open the payment. Asked again, the same checkout is answered."""
        wanted = checked(NewCheckout, request.data)
        checkout = start(
            cart_id=wanted["cart"],
            locale=locale_of(request),
            due_minor=wanted.get("due_minor"),
            means=Means(method=wanted["method"], save_card=wanted["save_card"]),
            at=clock.now(),
        )
        return _answer(checkout, code=status.HTTP_201_CREATED)


class CartPaymentMethods(PublicView):
    @extend_schema(operation_id="carts_payment_methods_list", responses=shapes.PaymentMethod(many=True))
    def get(self, request: Request, cart_id: uuid.UUID) -> Response:
        """The ways in which this cart can be paid for; none while nothing is due."""
        view = view_cart(cart_id=cart_id, locale=locale_of(request), at=clock.now())
        due = Money.from_document(estimate(view, at=clock.now()).quote["due"])
        offered = methods_for(view.audience.market, due)
        return private(Response(written_all(shapes.PaymentMethod, offered)))


class CheckoutById(PublicView):
    @extend_schema(operation_id="checkouts_retrieve", responses=shapes.Checkout)
    def get(self, request: Request, checkout_id: uuid.UUID) -> Response:
        """How the checkout stands."""
        return _answer(checkout_with(checkout_id))


class CheckoutQuote(PublicView):
    @extend_schema(operation_id="checkouts_quote_retrieve", parameters=[EXPLAIN], responses=shapes.ExplainedQuote)
    def get(self, request: Request, checkout_id: uuid.UUID) -> Response:
        """The frozen quote and how it came about."""
        return quote_answer(request, checkout_with(checkout_id).quote)


class CheckoutCompletion(PublicView):
    @extend_schema(
        operation_id="checkouts_complete",
        request=Nothing,
        responses={
            200: OpenApiResponse(shapes.Checkout, description="Paid; `order` is set."),
            202: OpenApiResponse(shapes.Checkout, description="The payment is being processed; ask again."),
        },
    )
    def post(self, request: Request, checkout_id: uuid.UUID) -> Response:
        """The shopper is back from paying. Safe to repeat: a checkout makes one order, whoever asks."""
        checkout = finish(checkout_id=checkout_id, actor="shopper", at=clock.now())
        paid = checkout.status == CheckoutStatus.COMPLETED
        return _answer(checkout, code=status.HTTP_200_OK if paid else status.HTTP_202_ACCEPTED)


def _answer(checkout: Checkout, *, code: int = status.HTTP_200_OK) -> Response:
    document = {
        "id": checkout.pk,
        "status": checkout.status,
        "expires_at": checkout.expires_at,
        "quote": checkout.quote,
        "payment": payment_document(checkout.payment, market=checkout.quote["market"]) if checkout.payment else None,
        "order": _reference(checkout.order) if checkout.order else None,
    }
    return private(Response(written(shapes.Checkout, document), status=code))


def payment_document(payment: Payment, *, market: str) -> dict[str, str]:
    if payment.is_offline:
        return {
            "method": payment.method,
            "instructions": instructions_for(market, payment.method),
            "client_secret": "",
            "publishable_key": "",
            "script_url": "",
        }
    browser = payment_gateway().browser_config()
    return {
        "method": payment.method,
        "instructions": "",
        "client_secret": payment.client_secret,
        "publishable_key": browser.publishable_key,
        "script_url": browser.script_url,
    }


def _reference(order: Order) -> dict[str, Any]:
    return {"id": order.pk, "number": order.number, "access": access_signature(order.pk)}
