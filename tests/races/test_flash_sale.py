"""Fault 16: many buyers for few units. `./dev flash` plays it with 200 buyers, 20 units and 100 rounds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from commerce.inventory import reservations
from commerce.inventory.models import StockLevel
from commerce.kit import outbox
from commerce.orders.models import Order
from tests.factories import open_shop
from tests.races.rush import BOUGHT, REFUSED, rush
from tests.till import Till

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS, UNITS, HANDS = 40, 6, 8


def _rush(till: Till, at: datetime) -> list[str]:
    shop = open_shop()
    variant = shop.sell(stock=UNITS)
    carts = [shop.cart((variant, 1)).pk for _ in range(BUYERS)]
    return [answer.what for answer in rush(carts, hands=HANDS, till=till, at=at, opens=lambda: None)]


def test_fault_16_forty_buyers_for_six_units_make_six_orders_and_34_clear_refusals(till: Till, at: datetime) -> None:
    told = _rush(till, at)
    assert (told.count(BOUGHT), told.count(REFUSED), len(told)) == (UNITS, BUYERS - UNITS, BUYERS)
    assert Order.objects.count() == UNITS
    while outbox.deliver_due(at=at):
        pass
    call_command("audit")


def test_without_the_lock_the_same_rush_is_no_clean_sale(
    till: Till, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what stands behind the lock, the constraint or the database's own write lock, keeps units from being sold
    twice; buyers meet errors instead of refusals."""

    def unlocked(variant_ids: Any, *args: Any, **options: Any) -> list[StockLevel]:
        levels = StockLevel.objects.filter(variant_id__in=list(variant_ids)).select_related("location")
        return list(levels.order_by("pk"))

    monkeypatch.setattr(reservations, "lock_levels", unlocked)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
    told = _rush(till, at)
    wrong = [each for each in told if each not in {BOUGHT, REFUSED}]
    assert wrong or told.count(BOUGHT) != UNITS, told
