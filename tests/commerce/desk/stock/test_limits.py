"""How few and how many of a variant may be bought at once, as staff enter it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from commerce.cart.models import OrderLimit
from tests.factories import Shop

pytestmark = pytest.mark.django_db

LIMITS, NEW = "order-limits:index", "order-limits:add"


def test_a_limit_is_entered_changed_found_and_taken_away(editor: Client, shop: Shop) -> None:
    lamp = shop.sell(sku="LAMP-1")
    entered = {"sku": "lamp-1", "min_quantity": "6", "max_quantity": "24"}
    assert editor.post(reverse(NEW), entered).status_code == 302
    limit = OrderLimit.objects.get(variant=lamp)
    assert (limit.min_quantity, limit.max_quantity) == (6, 24)
    for query in ({}, {"q": "LAMP"}, {"q": shop.content(lamp).title}):
        assert "LAMP-1" in editor.get(reverse(LIMITS), query).content.decode()
    edit = reverse("order-limits:edit", args=[limit.pk])
    shown = editor.get(edit).context["form"].initial["shown"]
    change = {"sku": "OTHER", "min_quantity": "1", "max_quantity": "4", "shown": shown}
    assert editor.post(edit, change).status_code == 302
    limit.refresh_from_db()
    assert (limit.variant, limit.max_quantity) == (lamp, 4)
    assert "Somebody has changed this" in editor.post(edit, change).content.decode()
    editor.post(reverse("order-limits:delete", args=[limit.pk]))
    assert not OrderLimit.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sku": "NONE"}, "There is no such SKU"),
        ({"sku": "VASE"}, "has a limit already"),
        ({"sku": ""}, "required"),
        ({"min_quantity": "5"}, "less than the least"),
        ({"min_quantity": "0"}, "greater than or equal to 1"),
        ({"max_quantity": "100"}, "less than or equal to 99"),
    ],
)
def test_what_is_no_limit_is_refused_with_words(editor: Client, shop: Shop, changes: Any, words: str) -> None:
    shop.sell(sku="LAMP")
    OrderLimit.objects.create(variant=shop.sell(sku="VASE"), max_quantity=3)
    answer = editor.post(reverse(NEW), {"sku": "LAMP", "min_quantity": "1", "max_quantity": "4"} | changes)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert OrderLimit.objects.count() == 1


def test_who_may_not_change_stock_sets_no_limits(reader: Client, writer: Client, shop: Shop) -> None:
    shop.sell(sku="LAMP")
    for browser in (reader, writer):
        browser.post(reverse(NEW), {"sku": "LAMP", "min_quantity": "1", "max_quantity": "4"})
    assert not OrderLimit.objects.exists()
