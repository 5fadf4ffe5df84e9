"""What orders that were placed before there were payments, parcels and returns find afterwards."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from cms.catalogue.models import Variant
from commerce.kit.auditing import illegal_histories
from commerce.orders import auditing
from commerce.orders.fulfilling import pack
from commerce.orders.models import Order, OrderEvent, OrderLine, OrderPayment
from commerce.orders.refunding import refund
from tests.factories import Shop
from tests.factories.orders import Bought, buy

pytestmark = pytest.mark.django_db

MIGRATION = "commerce.orders.migrations.0003_payments_fulfilments_returns_and_refunds"


def _as_it_was(order: Order) -> None:
    """The order without all that the migration knows."""
    OrderPayment.objects.filter(order=order).delete()
    events = OrderEvent.objects.filter(order=order).exclude(field="status")
    events._raw_delete(events.db)
    OrderLine.objects.filter(order=order).update(tax_minor=0, is_shipped=True)
    before = {"payment_method": "", "payment_state": "", "fulfilment_state": "", "shipping_tax_minor": 0}
    Order.objects.filter(pk=order.pk).update(**before)


def test_an_order_keeps_its_payment_and_gets_its_states(shop: Shop, lamp: Variant, at: datetime) -> None:
    file = shop.sell(price=500)
    order = buy(
        Bought(lamp, 2, tax=638), Bought(file, 1, price=500, tax=80, shipping_class="none"), at=at, shipping_tax=78
    )
    payment = order.payments.get().payment
    _as_it_was(order)
    import_module(MIGRATION).keep_what_was_placed(apps, SimpleNamespace(connection=connection))
    order.refresh_from_db()
    assert (order.payment_method, order.payment_state, order.fulfilment_state) == ("stripe", "paid", "unfulfilled")
    link = order.payments.get()
    assert (link.payment, link.purpose) == (payment, "initial")
    assert [(line.tax_minor, line.is_shipped) for line in order.lines.all()] == [(638, True), (80, False)]
    assert order.shipping_tax_minor == 78
    assert [*auditing.discrepancies(), *illegal_histories()] == []
    pack(order=order, actor="clerk", at=at)
    last = order.lines.last()
    assert last is not None
    refund(order=order, lines={last: 1}, reason="x", restock=False, actor="clerk", at=at)


def test_an_order_that_nothing_was_left_to_pay_for_has_no_payment(lamp: Variant, at: datetime) -> None:
    order = buy(Bought(lamp, 1, total=0), at=at, shipping=0)
    _as_it_was(order)
    import_module(MIGRATION).keep_what_was_placed(apps, SimpleNamespace(connection=connection))
    order.refresh_from_db()
    assert (order.payment_method, order.payment_state) == ("", "paid")
    assert not order.payments.exists()
