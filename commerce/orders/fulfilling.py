"""Parcels: packed, sent, delivered, or unpacked again. Lock order: order, fulfilment."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from commerce.kit import outbox
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row
from commerce.kit.states import advance, begin
from commerce.orders.disputes import is_disputed
from commerce.orders.exchanging import taken_replacements
from commerce.orders.locking import lines_of, lock_order
from commerce.orders.models import Fulfilment, FulfilmentLine, Order, OrderLine, Replacement
from commerce.orders.paying import unsecured
from commerce.orders.states import FULFILMENT_STATE, FulfilmentState, FulfilmentStatus, OrderStatus
from commerce.shipping.models import ShippingMethod
from commerce.shipping.tracking import filled

Sold = OrderLine | Replacement

_MAY_BE_PACKED = frozenset({OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED})
_WALKS_WITH_PARCELS = _MAY_BE_PACKED


class OrderNotPackable(DomainError):
    """`facts["state"]` is the order's."""

    code = "order_not_packable"
    title = "This order is not to be sent: it waits for its payment, or it has ended"
    kind = ErrorKind.CONFLICT


class OrderDisputed(DomainError):
    code = "order_disputed"
    title = "The shopper's bank asks for the money back: confirm that it is to be sent all the same"
    kind = ErrorKind.CONFLICT


class OrderUnpaid(DomainError):
    """`facts["unpaid"]` is how much."""

    code = "order_unpaid"
    title = "A part of it is not paid: confirm that it is to be sent all the same"
    kind = ErrorKind.CONFLICT


class NothingToPack(DomainError):
    code = "nothing_to_pack"
    title = "Everything is packed already"
    kind = ErrorKind.CONFLICT


class MoreThanIsToSend(DomainError):
    """`facts["lines"]` names each line: `{"sku", "requested", "left"}`."""

    code = "more_than_is_to_send"
    title = "More would be packed than is still to be sent"
    kind = ErrorKind.CONFLICT


class FulfilmentStepRefused(DomainError):
    """`facts["state"]` is the parcel's."""

    code = "fulfilment_step_refused"
    title = "The parcel is not in the state for this step"
    kind = ErrorKind.CONFLICT


def pack(
    *,
    order: Order,
    lines: Mapping[Sold, int] | None = None,
    tracking_number: str = "",
    although_disputed: bool = False,
    although_unpaid: bool = False,
    actor: str,
    at: datetime,
) -> Fulfilment:
    """Put units of the order into a parcel; None: all that is still to be sent.

    From now on the shopper cannot cancel. Replacements are sent once the goods they replace have come back.

    Raises: OrderNotPackable, OrderDisputed, OrderUnpaid, NothingToPack, MoreThanIsToSend.
    """
    with transaction.atomic():
        order = lock_order(order.pk)
        if order.status not in _MAY_BE_PACKED:
            raise OrderNotPackable(state=order.status)
        _require_confirmed(order, although_disputed=although_disputed, although_unpaid=although_unpaid)
        chosen = _chosen(to_send(order), lines)
        number = tracking_number.strip()[:100]
        parcel = Fulfilment(
            order=order,
            method=_method_name(order),
            tracking_number=number,
            tracking_url=_tracking_url(order, number),
            packed_at=at,
        )
        reason = ", ".join(f"{many} × {sold.sku}" for sold, many in chosen.items())[:255]
        begin(parcel, FulfilmentStatus.PACKED, actor=actor, reason=reason, at=at)
        FulfilmentLine.objects.bulk_create(
            FulfilmentLine(
                fulfilment=parcel,
                line=sold if isinstance(sold, OrderLine) else None,
                replacement=sold if isinstance(sold, Replacement) else None,
                quantity=many,
            )
            for sold, many in chosen.items()
        )
        _count(chosen)
        follow_parcels(order, actor=actor, reason="A parcel is packed", at=at)
    return parcel


def ship(
    *,
    fulfilment: Fulfilment,
    tracking_number: str | None = None,
    method: str = "",
    although_disputed: bool = False,
    although_unpaid: bool = False,
    actor: str,
    at: datetime,
) -> Fulfilment:
    """The parcel leaves the house. The carrier's address for following it comes from the order's shipping method.
    Without a tracking number it keeps the one with which it was packed.

    Raises: FulfilmentStepRefused, OrderNotPackable, OrderDisputed, OrderUnpaid.
    """
    with transaction.atomic():
        order, parcel = _lock(fulfilment)
        _require(parcel, FulfilmentStatus.PACKED)
        if order.status not in _MAY_BE_PACKED:
            raise OrderNotPackable(state=order.status)
        _require_confirmed(order, although_disputed=although_disputed, although_unpaid=although_unpaid)
        number = parcel.tracking_number if tracking_number is None else tracking_number.strip()[:100]
        parcel.tracking_number, parcel.tracking_url = number, _tracking_url(order, number)
        parcel.method = method.strip()[:100] or parcel.method
        parcel.save(update_fields=["tracking_number", "tracking_url", "method"])
        advance(parcel, FulfilmentStatus.SHIPPED, actor=actor, reason=f"Sent {number}".strip(), at=at)
        outbox.record("orders.fulfilled", {"order": str(order.pk), "fulfilment": str(parcel.pk)}, at=at)
        follow_parcels(order, actor=actor, reason="A parcel was sent", at=at)
    return parcel


def deliver(*, fulfilment: Fulfilment, actor: str, at: datetime) -> Fulfilment:
    """The parcel has arrived. Raises `FulfilmentStepRefused`."""
    with transaction.atomic():
        order, parcel = _lock(fulfilment)
        _require(parcel, FulfilmentStatus.SHIPPED)
        advance(parcel, FulfilmentStatus.DELIVERED, actor=actor, reason="Delivered", at=at)
        outbox.record("orders.delivered", {"order": str(order.pk), "fulfilment": str(parcel.pk)}, at=at)
        follow_parcels(order, actor=actor, reason="A parcel has arrived", at=at)
    return parcel


def cancel_fulfilment(*, fulfilment: Fulfilment, reason: str, actor: str, at: datetime) -> Fulfilment:
    """Unpack a parcel that has not left. Raises `FulfilmentStepRefused`."""
    with transaction.atomic():
        order, parcel = _lock(fulfilment)
        unpack(parcel, reason=reason, actor=actor, at=at)
        follow_parcels(order, actor=actor, reason="A parcel was unpacked", at=at)
    return parcel


def unpack(parcel: Fulfilment, *, reason: str, actor: str, at: datetime) -> None:
    """The same for a caller that holds the locks of order and parcel, and looks after the order's states."""
    _require(parcel, FulfilmentStatus.PACKED)
    advance(parcel, FulfilmentStatus.CANCELLED, actor=actor, reason=reason, at=at)
    lines = parcel.lines.select_related("line", "replacement")
    _count({each.sold: -each.quantity for each in lines})


def to_send(order: Order) -> dict[Sold, int]:
    """What is still to be packed, as it stands under the order's lock."""
    sold: list[Sold] = [*lines_of(order).values(), *taken_replacements(order)]
    return {each: each.to_fulfil for each in sold if each.to_fulfil}


def follow_parcels(order: Order, *, actor: str, reason: str, at: datetime) -> None:
    """Bring the fulfilment state, and the status that hangs on it, up to what the parcels say."""
    parcels = list(order.fulfilments.exclude(status=FulfilmentStatus.CANCELLED).values_list("status", flat=True))
    state = _state_of(order, parcels)
    if state is not None and state != order.fulfilment_state:
        advance(order, state, field=FULFILMENT_STATE, actor=actor, reason=reason, at=at)
    if order.status in _WALKS_WITH_PARCELS:
        _walk(order, _status_of(state, parcels), actor=actor, reason=reason, at=at)


def _state_of(order: Order, parcels: list[str]) -> FulfilmentState | None:
    """None while nothing has left."""
    if not {FulfilmentStatus.SHIPPED, FulfilmentStatus.DELIVERED} & set(parcels):
        # An edit may add goods to what no parcel carries.
        had_no_goods = order.fulfilment_state == FulfilmentState.FULFILLED
        return FulfilmentState.PARTIALLY_FULFILLED if had_no_goods and to_send(order) else None
    if FulfilmentStatus.PACKED in parcels or to_send(order):
        return FulfilmentState.PARTIALLY_FULFILLED
    return FulfilmentState.FULFILLED if FulfilmentStatus.SHIPPED in parcels else FulfilmentState.DELIVERED


def _status_of(state: FulfilmentState | None, parcels: list[str]) -> OrderStatus:
    if state == FulfilmentState.DELIVERED:
        return OrderStatus.DELIVERED
    if state == FulfilmentState.FULFILLED:
        return OrderStatus.SHIPPED
    return OrderStatus.PROCESSING if parcels else OrderStatus.CONFIRMED


def _walk(order: Order, status: OrderStatus, *, actor: str, reason: str, at: datetime) -> None:
    if status == OrderStatus.DELIVERED and order.status in (OrderStatus.CONFIRMED, OrderStatus.PROCESSING):
        advance(order, OrderStatus.SHIPPED, actor=actor, reason=reason, at=at)
    if status == OrderStatus.SHIPPED and order.status == OrderStatus.DELIVERED:
        # Another parcel is on its way: what was delivered is so no longer as a whole.
        advance(order, OrderStatus.PROCESSING, actor=actor, reason=reason, at=at)
    if status != order.status:
        advance(order, status, actor=actor, reason=reason, at=at)


def _require_confirmed(order: Order, *, although_disputed: bool, although_unpaid: bool) -> None:
    if not although_disputed and is_disputed(order):
        raise OrderDisputed()
    if not although_unpaid and (unpaid := unsecured(order)):
        raise OrderUnpaid(unpaid=unpaid.document())


def _chosen(open_: Mapping[Sold, int], wanted: Mapping[Sold, int] | None) -> dict[Sold, int]:
    if wanted is None:
        chosen = dict(open_)
    else:
        short = [
            {"sku": sold.sku, "requested": many, "left": open_.get(sold, 0)}
            for sold, many in wanted.items()
            if many < 0 or many > open_.get(sold, 0)
        ]
        if short:
            raise MoreThanIsToSend(lines=short)
        chosen = {sold: many for sold, many in wanted.items() if many}
    if not chosen:
        raise NothingToPack()
    return chosen


def _count(units: Mapping[Sold, int]) -> None:
    for sold, many in units.items():
        rows: QuerySet[Any] = type(sold)._default_manager.filter(pk=sold.pk)  # type: ignore[misc]
        rows.update(fulfilled=F("fulfilled") + many)


def _lock(fulfilment: Fulfilment) -> tuple[Order, Fulfilment]:
    order = lock_order(fulfilment.order_id)
    return order, locked_row(Fulfilment, fulfilment.pk)


def _require(parcel: Fulfilment, status: FulfilmentStatus) -> None:
    if parcel.status != status:
        raise FulfilmentStepRefused(state=parcel.status)


def _method_name(order: Order) -> str:
    shipping = order.quote["shipping"]
    return shipping["name"][:100] if shipping else ""


def _tracking_url(order: Order, number: str) -> str:
    shipping = order.quote["shipping"]
    if not number or not shipping:
        return ""
    methods = ShippingMethod.objects.filter(code=shipping["method"], zone__market__code=order.market)
    template = methods.exclude(tracking_url_template="").values_list("tracking_url_template", flat=True).first()
    return filled(template, number=number)[:500] if template else ""


def parcel_with(*, fulfilment_id: uuid.UUID, order: Order) -> Fulfilment:
    """Raises `Fulfilment.DoesNotExist`."""
    return Fulfilment.objects.get(pk=fulfilment_id, order=order)
