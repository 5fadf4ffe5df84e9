from __future__ import annotations

from datetime import datetime

import pytest

from cms.catalogue.models import Variant
from commerce.kit.models import OutboxEvent
from commerce.orders import auditing
from commerce.orders.fulfilling import (
    FulfilmentStepRefused,
    MoreThanIsToSend,
    NothingToPack,
    OrderNotPackable,
    cancel_fulfilment,
    deliver,
    pack,
    ship,
)
from commerce.orders.models import Fulfilment, Order
from commerce.shipping.models import ShippingMethod
from tests.factories import Shop
from tests.factories.orders import Bought, buy

pytestmark = pytest.mark.django_db


def _states(order: Order) -> tuple[str, str]:
    order.refresh_from_db()
    return order.status, order.fulfilment_state


def _pack(order: Order, at: datetime, *units: int) -> Fulfilment:
    lines = dict(zip(order.lines.all(), units, strict=False)) if units else None
    return pack(order=order, lines=lines, actor="clerk", at=at)


def test_an_order_goes_out_in_two_parcels(order: Order, at: datetime) -> None:
    assert _states(order) == ("confirmed", "unfulfilled")
    first = _pack(order, at, 1, 3)
    assert _states(order) == ("processing", "unfulfilled")
    ship(fulfilment=first, tracking_number="A1", actor="clerk", at=at)
    assert _states(order) == ("processing", "partially_fulfilled")
    deliver(fulfilment=first, actor="clerk", at=at)
    assert _states(order) == ("processing", "partially_fulfilled")
    second = _pack(order, at)
    assert [(each.sold.sku, each.quantity) for each in second.lines.all()] == [(order.lines.first().sku, 1)]  # type: ignore[union-attr]
    ship(fulfilment=second, actor="clerk", at=at)
    assert _states(order) == ("shipped", "fulfilled")
    deliver(fulfilment=second, actor="clerk", at=at)
    assert _states(order) == ("delivered", "delivered")
    assert list(auditing.discrepancies()) == []
    assert OutboxEvent.objects.filter(name="orders.fulfilled").count() == 2
    assert OutboxEvent.objects.filter(name="orders.delivered").count() == 2


def test_a_parcel_that_is_unpacked_leaves_no_trace_but_its_history(order: Order, at: datetime) -> None:
    parcel = _pack(order, at)
    cancel_fulfilment(fulfilment=parcel, reason="Wrong box", actor="clerk", at=at)
    assert _states(order) == ("confirmed", "unfulfilled")
    assert [line.to_fulfil for line in order.lines.all()] == [2, 3]
    assert [event.to_status for event in parcel.events.all()] == ["packed", "cancelled"]
    assert list(auditing.discrepancies()) == []


def test_more_than_is_left_is_not_packed(order: Order, at: datetime) -> None:
    _pack(order, at, 1)
    with pytest.raises(MoreThanIsToSend) as refused:
        _pack(order, at, 2)
    assert refused.value.facts["lines"][0]["left"] == 1
    _pack(order, at)
    with pytest.raises(NothingToPack):
        _pack(order, at)


def test_fewer_than_no_units_are_not_packed(order: Order, at: datetime) -> None:
    with pytest.raises(MoreThanIsToSend):
        _pack(order, at, -1)


def test_an_order_that_waits_for_its_transfer_is_not_packed(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 1), at=at, method="bank_transfer", state="pending")
    with pytest.raises(OrderNotPackable):
        _pack(order, at)


def test_what_is_paid_on_delivery_is_packed_unpaid(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 1), at=at, method="cash_on_delivery", state="pending")
    ship(fulfilment=_pack(order, at), actor="clerk", at=at)
    assert _states(order) == ("shipped", "fulfilled")


def test_no_step_is_taken_twice_or_out_of_turn(order: Order, at: datetime) -> None:
    parcel = _pack(order, at)
    with pytest.raises(FulfilmentStepRefused):
        deliver(fulfilment=parcel, actor="clerk", at=at)
    ship(fulfilment=parcel, actor="clerk", at=at)
    with pytest.raises(FulfilmentStepRefused):
        ship(fulfilment=parcel, actor="clerk", at=at)
    with pytest.raises(FulfilmentStepRefused):
        cancel_fulfilment(fulfilment=parcel, reason="x", actor="clerk", at=at)


def test_the_shopper_follows_the_parcel_at_the_carriers_address(order: Order, at: datetime) -> None:
    ShippingMethod.objects.update(tracking_url_template="https://carrier.example/{number}")
    parcel = ship(fulfilment=_pack(order, at), tracking_number=" A 1/2 ", actor="clerk", at=at)
    assert (parcel.tracking_number, parcel.tracking_url) == ("A 1/2", "https://carrier.example/A%201%2F2")


def test_what_no_parcel_carries_is_never_to_be_packed(shop: Shop, lamp: Variant, at: datetime) -> None:
    file = shop.sell(price=500)
    order = buy(Bought(file, 1, price=500, shipping_class="none"), at=at, shipping=0)
    assert _states(order) == ("confirmed", "fulfilled")
    with pytest.raises(NothingToPack):
        _pack(order, at)
    mixed = buy(Bought(file, 1, price=500, shipping_class="none"), Bought(lamp, 1), at=at)
    ship(fulfilment=_pack(mixed, at), actor="clerk", at=at)
    assert _states(mixed) == ("shipped", "fulfilled")
