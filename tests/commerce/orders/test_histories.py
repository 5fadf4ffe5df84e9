from __future__ import annotations

from datetime import datetime

import pytest

from commerce.kit.auditing import illegal_histories
from commerce.orders import auditing
from commerce.orders.models import Order, OrderEvent, OrderLine
from commerce.orders.states import PAYMENT_STATE

pytestmark = pytest.mark.django_db


def _event(order: Order, before: str, after: str, at: datetime, *, field: str = "status") -> None:
    OrderEvent.objects.create(
        order=order, field=field, from_status=before, to_status=after, actor="x", reason="x", at=at
    )


def test_an_order_that_went_its_way_is_sound(order: Order) -> None:
    assert list(illegal_histories()) == []


def test_a_state_that_no_event_tells_is_named(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(status="shipped")
    [found] = illegal_histories()
    assert found == f"I8 order.status {order.pk}: stands at shipped, its steps lead to confirmed"


def test_an_illegal_step_is_named(order: Order, at: datetime) -> None:
    Order.objects.filter(pk=order.pk).update(payment_state="voided")
    _event(order, "paid", "voided", at, field=PAYMENT_STATE)
    assert list(illegal_histories()) == [f"I8 order.payment_state {order.pk}: paid → voided is no legal step"]


def test_a_gap_is_named(order: Order, at: datetime) -> None:
    Order.objects.filter(pk=order.pk).update(status="delivered")
    _event(order, "shipped", "delivered", at)
    assert list(illegal_histories()) == [f"I8 order.status {order.pk}: a step from shipped where it stood at confirmed"]


@pytest.mark.parametrize("counter", ["fulfilled", "refunded"])
def test_a_counter_that_no_rows_explain_is_named(order: Order, counter: str) -> None:
    OrderLine.objects.filter(order=order, position=0).update(**{counter: 1})
    [found] = auditing.discrepancies()
    assert order.number in found


def test_money_back_that_no_refund_explains_is_named(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(refunded_minor=1)
    [found] = auditing.discrepancies()
    assert found == f"I1 order {order.number}: 1 given back, its refunds make 0"


def test_the_audit_costs_as_many_queries_for_many_orders(order: Order, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert list(auditing.discrepancies()) == []
