"""Invoice numbers: no gap and no number twice, however many issue at once and whoever dies in the middle (fault 30).

The counter's row lock protects PostgreSQL, the write lock that a transaction begins with protects SQLite. The negative
control takes them away: then the very same invoices are no longer all issued.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections

from commerce.invoicing import auditing, numbering, tasks
from commerce.invoicing.attaching import attach_what_is_missing
from commerce.invoicing.issuing import issue_what_is_owed
from commerce.invoicing.models import Invoice, InvoiceCounter, InvoicePdf
from commerce.orders.models import Order
from tests.factories import Shop, open_shop
from tests.factories.invoicing import placed, seller_of
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, EACH = 8, 4


@pytest.fixture
def shop() -> Shop:
    shop = open_shop()
    seller_of(shop)
    return shop


def _orders(shop: Shop, many: int, at: datetime) -> list[Order]:
    variant = shop.sell()
    return [placed(shop, (variant, 1), at=at) for _ in range(many)]


def _issuing(orders: list[Order], at: datetime) -> Callable[[], list[Invoice]]:
    return lambda: [invoice for order in orders for invoice in issue_what_is_owed(order_id=order.pk, at=at)]


def _sequences() -> list[int]:
    return list(Invoice.objects.order_by("sequence").values_list("sequence", flat=True))


def test_eight_at_once_leave_no_gap_and_take_no_number_twice(shop: Shop, at: datetime) -> None:
    orders = _orders(shop, THREADS * EACH, at)
    shares = [orders[start::THREADS] for start in range(THREADS)]
    outcomes = at_once(*(_issuing(share, at) for share in shares))
    assert all(isinstance(outcome, list) for outcome in outcomes), outcomes
    assert _sequences() == list(range(1, THREADS * EACH + 1))
    assert list(auditing.discrepancies(at=at)) == []


def test_eight_that_hear_of_one_order_issue_one_invoice(shop: Shop, at: datetime) -> None:
    [order] = _orders(shop, 1, at)
    outcomes = at_once(*(_issuing([order], at) for _ in range(THREADS)))
    assert sorted(len(outcome) for outcome in outcomes) == [0] * (THREADS - 1) + [1]
    assert _sequences() == [1]


def test_without_the_lock_the_same_invoices_go_wrong(shop: Shop, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = _orders(shop, 2, at)
    InvoiceCounter.objects.create(market="eu", year=2026)
    both_have_read = threading.Barrier(2)

    def unlocked(market: str, year: int) -> InvoiceCounter:
        counter = InvoiceCounter.objects.get(market=market, year=year)
        both_have_read.wait(timeout=10)
        return counter

    monkeypatch.setattr(numbering, "_locked_counter", unlocked)
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
    outcomes = at_once(*(_issuing([order], at) for order in orders))
    [crash] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    # Only the constraint, or SQLite's refusal to write upon what was read before, stood in the way.
    assert isinstance(crash, OperationalError if connection.vendor == "sqlite" else IntegrityError), crash
    assert _sequences() == [1]


def _in_a_process_of_its_own(action: Callable[[], Any]) -> int:
    """The signal that ended it, 0 if it came to its end."""
    # A child that closed the parent's connections would end them for the parent too.
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            action()
        finally:
            connections.close_all()
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_whoever_dies_with_a_number_in_hand_leaves_no_gap(shop: Shop, at: datetime, settings: Any) -> None:
    orders = _orders(shop, 6, at)
    for order in orders:
        settings.CRASH_AT = "invoice_numbered"
        for _ in range(2):
            assert _in_a_process_of_its_own(_issuing([order], at)) == signal.SIGKILL
        settings.CRASH_AT = ""
        assert _in_a_process_of_its_own(_issuing([order], at)) == 0
    assert _sequences() == list(range(1, len(orders) + 1))
    assert list(auditing.discrepancies(at=at)) == []


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_whoever_dies_before_the_pdf_is_made_leaves_an_invoice_that_is_printed_later(
    shop: Shop, at: datetime, settings: Any
) -> None:
    [order] = _orders(shop, 1, at)
    settings.CRASH_AT = "invoice_committed"
    assert _in_a_process_of_its_own(_issuing([order], at)) == signal.SIGKILL
    settings.CRASH_AT = ""
    tasks.issue(payload={"order": str(order.pk)}, at=at)
    assert _sequences() == [1]
    assert not InvoicePdf.objects.exists()
    assert attach_what_is_missing(at=at) == 1
    assert InvoicePdf.objects.get().invoice.order == order
