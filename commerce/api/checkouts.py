from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.idempotent import idempotent
from commerce.api.requests import locale_of
from commerce.api.schema import IDEMPOTENCY_KEY
from commerce.api.views import PublicView, private
from commerce.checkout.completing import finish
from commerce.checkout.models import Checkout
from commerce.checkout.queries import checkout_with
from commerce.checkout.starting import start
from commerce.checkout.states import CheckoutStatus
from commerce.kit import clock
from commerce.orders.access import access_signature
from commerce.orders.models import Order
from commerce.payments.gateways import payment_gateway


class NewCheckout(serializers.Serializer[None]):
    cart = serializers.UUIDField()


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
        wanted = NewCheckout(data=request.data)
        wanted.is_valid(raise_exception=True)
        checkout = start(cart_id=wanted.validated_data["cart"], locale=locale_of(request), at=clock.now())
        return _answer(checkout, code=status.HTTP_201_CREATED)


class CheckoutById(PublicView):
    @extend_schema(operation_id="checkouts_retrieve", responses=shapes.Checkout)
    def get(self, request: Request, checkout_id: uuid.UUID) -> Response:
        """How the checkout stands."""
        return _answer(checkout_with(checkout_id))


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
    browser = payment_gateway().browser_config()
    document = {
        "id": checkout.pk,
        "status": checkout.status,
        "expires_at": checkout.expires_at,
        "quote": checkout.quote,
        "payment": {
            "client_secret": checkout.payment.client_secret,
            "publishable_key": browser.publishable_key,
            "script_url": browser.script_url,
        },
        "order": _reference(checkout.order) if checkout.order else None,
    }
    return private(Response(shapes.Checkout(document).data, status=code))


def _reference(order: Order) -> dict[str, Any]:
    return {"id": order.pk, "number": order.number, "access": access_signature(order.pk)}
