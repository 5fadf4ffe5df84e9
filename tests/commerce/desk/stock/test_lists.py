"""Stock at the desk: what is where, and why; to look at, not to edit."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commerce.inventory.adjusting import adjust
from commerce.inventory.models import StockLevel, StockMovement
from tests.factories import Shop

pytestmark = pytest.mark.django_db

DESKS = {"stock-levels": StockLevel, "stock-movements": StockMovement}


def _rows(answer: Any) -> list[Any]:
    assert answer.status_code == 200
    return list(answer.context["object_list"])


def _search(browser: Client, desk: str, **query: str) -> list[Any]:
    return _rows(browser.get(reverse(f"{desk}:index"), query))


def test_the_levels_say_what_is_there_what_is_promised_and_what_is_free(editor: Client, shop: Shop) -> None:
    shop.sell(stock=10, sku="MOSS-1", options={"Colour": "Moss"})
    StockLevel.objects.update(reserved=3)
    [level] = _search(editor, "stock-levels")
    assert (level.on_hand, level.reserved, level.free) == (10, 3, 7)
    shown = editor.get(reverse("stock-levels:index")).content.decode()
    for text in ("MOSS-1", "Moss", "Warehouse"):
        assert text in shown


def test_the_ledger_says_why_stock_changed_and_who_changed_it(editor: Client, shop: Shop) -> None:
    variant = shop.sell(stock=10, sku="MOSS-1")
    adjust(
        variant=variant,
        location=shop.warehouse,
        change=-2,
        kind=StockMovement.Kind.ADJUSTMENT,
        actor="staff",
        reason="Broken in transit",
        at=timezone.now(),
    )
    newest, _ = _search(editor, "stock-movements")
    assert newest.reason == "Broken in transit"
    shown = editor.get(reverse("stock-movements:index")).content.decode()
    for text in ("MOSS-1", "-2", "+10", "Adjustment", "Broken in transit", "staff"):
        assert text in shown


@pytest.mark.parametrize("desk", DESKS)
def test_stock_is_found_by_its_sku(editor: Client, shop: Shop, desk: str) -> None:
    shop.sell(sku="MOSS-1")
    shop.sell(sku="ASH-1")
    assert len(_search(editor, desk)) == 2
    assert len(_search(editor, desk, q="moss")) == 1


@pytest.mark.parametrize("desk", DESKS)
def test_a_long_list_costs_no_more_queries_than_a_short_one(editor: Client, shop: Shop, desk: str) -> None:
    def queries() -> int:
        _search(editor, desk)
        with CaptureQueriesContext(connection) as captured:
            _search(editor, desk)
        return len(captured)

    shop.sell()
    few = queries()
    for _ in range(12):
        shop.sell()
    assert queries() == few


@pytest.mark.parametrize("desk", DESKS)
def test_those_who_may_not_look_are_turned_away(writer: Client, shop: Shop, desk: str) -> None:
    answer = writer.get(reverse(f"{desk}:index"))
    assert (answer.status_code, answer.get("Location")) == (302, "/admin/")


@pytest.mark.parametrize("desk", DESKS)
@pytest.mark.parametrize("name", ["add", "edit", "delete"])
def test_nobody_adds_edits_or_deletes_stock(editor: Client, admin: Client, shop: Shop, desk: str, name: str) -> None:
    shop.sell(stock=10)
    row = DESKS[desk]._default_manager.get()
    address = reverse(f"{desk}:{name}", args=() if name == "add" else (row.pk,))
    for browser in (editor, admin):
        for ask in (browser.get, browser.post):
            assert ask(address).status_code in {302, 403}
    assert StockLevel.objects.get().on_hand == 10
    assert StockMovement.objects.get().quantity == 10
