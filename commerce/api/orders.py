from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.accounts.models import User
from commerce.api import shapes
from commerce.api.idempotent import idempotent
from commerce.api.pagination import Pages
from commerce.api.requests import customer_of, signed_in
from commerce.api.schema import IDEMPOTENCY_KEY
from commerce.api.serializing import checked, written, written_all
from commerce.api.views import PublicView, private
from commerce.checkout.gift_cards import bought_cards
from commerce.kit import clock
from commerce.orders import returning
from commerce.orders.access import order_for
from commerce.orders.cancelling import cancel, may_cancel
from commerce.orders.downloads import downloads_of
from commerce.orders.giving_back import told_refunds
from commerce.orders.models import Fulfilment, Order, OrderLine, Return, ReturnReason
from commerce.orders.paying import instructions_for, overpaid, pay_by_of, to_pay
from commerce.orders.returning import Asked, MoreThanWasSent
from commerce.orders.states import FulfilmentStatus
from commerce.orders.timeline import for_shopper, timeline
from commerce.orders.units import GONE, sent_units

SHOPPER = "shopper"
ACCESS = OpenApiParameter(
    "access", str, description="The order's signature, from its checkout or a mail. Not needed by whom it belongs to."
)


class Cancellation(serializers.Serializer[None]):
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class WantedReturnLine(serializers.Serializer[None]):
    position = serializers.IntegerField(min_value=0, max_value=10_000, help_text="The order's line.")
    quantity = serializers.IntegerField(min_value=1, max_value=1_000_000)
    reason = serializers.ChoiceField(shapes.RETURN_REASONS)


class WantedReturn(serializers.Serializer[None]):
    lines = serializers.ListField(child=WantedReturnLine(), allow_empty=False, max_length=200)
    words = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class Orders(PublicView):
    @extend_schema(
        operation_id="orders_list",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=shapes.OrderPage,
    )
    def get(self, request: Request) -> Response:
        """The orders of whoever is signed in, newest first."""
        mine = Order.objects.filter(customer=customer_of(request)).order_by("-placed_at", "pk")
        pages = Pages()
        page: Any = pages.paginate_queryset(mine.annotate(item_count=Sum("lines__quantity")), request, view=self)
        return private(pages.get_paginated_response(written_all(shapes.OrderSummary, page)))


class OrderById(PublicView):
    @extend_schema(operation_id="orders_retrieve", parameters=[ACCESS], responses=shapes.Order)
    def get(self, request: Request, order_id: uuid.UUID) -> Response:
        """An order and all that has become of it, for the guest who holds its signature or its customer."""
        return _answer(order_of(request, order_id))


class OrderCancellation(PublicView):
    @extend_schema(
        operation_id="orders_cancel",
        parameters=[ACCESS, IDEMPOTENCY_KEY],
        request=Cancellation,
        responses=shapes.Order,
    )
    def post(self, request: Request, order_id: uuid.UUID) -> Response:
        """Call the order off, while nothing of it is packed. What was paid goes back."""
        order_of(request, order_id)  # first, for nobody is told what was answered to another
        return self._cancel(request, order_id=order_id)

    @idempotent
    def _cancel(self, request: Request, *, order_id: uuid.UUID) -> Response:
        wanted = checked(Cancellation, request.data)
        reason = wanted["reason"].strip() or "Cancelled by the shopper"
        order = order_of(request, order_id)
        cancel(order=order, reason=reason, actor=SHOPPER, at=clock.now(), by_customer=True)
        return _answer(order_of(request, order_id))


class OrderReturns(PublicView):
    @extend_schema(operation_id="orders_returns_list", parameters=[ACCESS], responses=shapes.Return(many=True))
    def get(self, request: Request, order_id: uuid.UUID) -> Response:
        """What of the order was asked to be sent back, and how it stands."""
        order = order_of(request, order_id)
        return private(Response(written_all(shapes.Return, _returns(order))))

    @extend_schema(
        operation_id="orders_returns_create",
        parameters=[ACCESS, IDEMPOTENCY_KEY],
        request=WantedReturn,
        responses={201: shapes.Return},
    )
    def post(self, request: Request, order_id: uuid.UUID) -> Response:
        """Ask to send units back. The shop approves or rejects it."""
        order_of(request, order_id)
        return self._ask(request, order_id=order_id)

    @idempotent
    def _ask(self, request: Request, *, order_id: uuid.UUID) -> Response:
        wanted = checked(WantedReturn, request.data)
        order = order_of(request, order_id)
        made = returning.request(
            order=order,
            asked=_asked(order, wanted["lines"]),
            words=wanted["words"],
            actor=SHOPPER,
            at=clock.now(),
        )
        [document] = [each for each in _returns(order) if each["id"] == made.pk]
        return private(Response(written(shapes.Return, document), status=status.HTTP_201_CREATED))


def order_of(request: Request, order_id: uuid.UUID) -> Order:
    """By the signature in the address, or as its customer. Raises `OrderNotFound`, `UnsupportedMediaType`."""
    customer: User | None = customer_of(request) if signed_in(request) else None
    return order_for(order_id=order_id, access=request.query_params.get("access", ""), customer=customer)


def _asked(order: Order, wanted: Sequence[dict[str, Any]]) -> list[Asked]:
    lines = {line.position: line for line in order.lines.all()}
    if strangers := [each for each in wanted if each["position"] not in lines]:
        raise MoreThanWasSent(
            lines=[{"line": each["position"], "requested": each["quantity"], "left": 0} for each in strangers]
        )
    return [Asked(lines[each["position"]], each["quantity"], ReturnReason(each["reason"])) for each in wanted]


def _answer(order: Order) -> Response:
    return private(Response(written(shapes.Order, _document(order))))


def _to_pay(order: Order) -> dict[str, Any] | None:
    if (awaited := to_pay(order)) is None:
        return None
    return {"amount": awaited.amount, "received": awaited.received, "online": not awaited.payment.is_offline}


def _document(order: Order) -> dict[str, Any]:
    lines = list(order.lines.all())
    return {
        "id": order.pk,
        "number": order.number,
        "status": order.status,
        "payment_state": order.payment_state,
        "fulfilment_state": order.fulfilment_state,
        "payment_method": order.payment_method,
        "payment_instructions": instructions_for(order),
        "pay_by": pay_by_of(order),
        "to_pay": _to_pay(order),
        "overpaid": overpaid(order),
        "placed_at": order.placed_at,
        "email": order.email,
        "address": order.shipping_address,
        "billing_address": order.billing_address,
        "quote": order.quote,
        "refunded": order.paid_back,
        "refunds": told_refunds(order),
        "lines": _lines(order, lines),
        "parcels": _parcels(order),
        "returns": _returns(order),
        "may_cancel": may_cancel(order, by_customer=True),
        "timeline": [asdict(entry) for entry in for_shopper(timeline(order))],
        "gift_cards": bought_cards(order),
        "downloads": _downloads(order),
    }


def _downloads(order: Order) -> list[dict[str, Any]]:
    return [
        {
            "position": each.line.position,
            "title": each.line.title,
            "name": each.file.name,
            "bytes": each.file.bytes,
            "url": f"{settings.BASE_URL}{reverse('commerce:download', args=[each.token])}",
            "expires_at": each.expires_at,
        }
        for each in downloads_of(order, at=clock.now())
    ]


def _lines(order: Order, lines: Sequence[OrderLine]) -> list[dict[str, Any]]:
    sent, returnable = sent_units(order), returning.returnable_units(order)
    return [
        {
            "position": line.position,
            "variant": line.variant_id,
            "sku": line.sku,
            "title": line.title,
            "name": line.name,
            "quantity": line.quantity,
            "sent": sent[line.pk],
            "cancelled": line.cancelled,
            "returned": line.returned,
            "refunded": line.refunded,
            "returnable": returnable.get(line, 0),
        }
        for line in lines
    ]


def _parcels(order: Order) -> list[dict[str, Any]]:
    """Those that have left; what is packed and still here is the shop's business."""
    parcels = Fulfilment.objects.filter(order=order, status__in=GONE)
    found = parcels.prefetch_related("lines__line", "lines__replacement")
    return [
        {
            "id": parcel.pk,
            "status": FulfilmentStatus(parcel.status),
            "method": parcel.method,
            "tracking_number": parcel.tracking_number,
            "tracking_url": parcel.tracking_url,
            "lines": [
                {"sku": each.sold.sku, "title": each.sold.title, "name": each.sold.name, "quantity": each.quantity}
                for each in parcel.lines.all()
            ],
        }
        for parcel in found
    ]


def _returns(order: Order) -> list[dict[str, Any]]:
    found = Return.objects.filter(order=order).prefetch_related("lines__line", "replacements")
    return [
        {
            "id": each.pk,
            "status": each.status,
            "requested_at": each.requested_at,
            "words": each.words,
            "lines": [_return_line(each, row) for row in each.lines.all()],
        }
        for each in found
    ]


def _return_line(parent: Return, row: Any) -> dict[str, Any]:
    instead = [each for each in parent.replacements.all() if each.line_id == row.line_id]
    going = [each.sku for each in instead if each.quantity > each.cancelled]
    return {
        "position": row.line.position,
        "sku": row.line.sku,
        "quantity": row.quantity,
        "reason": row.reason,
        "received": row.received,
        "exchanged": sum(each.quantity - each.cancelled for each in instead),
        "exchanged_for": ", ".join(going),
    }
