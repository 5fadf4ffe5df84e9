"""The order desk: staff find an order and see all that happened to it, and nobody edits what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commerce.credit.issuing import BoughtCards, issue_for_purchase
from commerce.kit.money import Money
from commerce.orders.models import Order
from commerce.payments.models import Payment
from tests.factories import Shop
from tests.factories.promotions import PromotionFactory

pytestmark = pytest.mark.django_db


def _list(browser: Client, **query: str) -> Any:
    return browser.get(reverse("orders:index"), query)


def _numbers(answer: Any) -> list[str]:
    return [order.number for order in answer.context["object_list"]]


def _another(order: Order, number: str, **fields: Any) -> Order:
    """A second order like this one, with no lines."""
    values = {field.attname: getattr(order, field.attname) for field in Order._meta.concrete_fields}
    del values["id"], values["checkout_id"], values["payment_id"]
    unique = {"checkout_id": _uuid(number), "payment_id": _uuid(f"paid {number}")}
    return Order.objects.create(**values | unique | {"number": number, **fields})


def _uuid(name: str) -> Any:
    import uuid

    return uuid.uuid5(uuid.NAMESPACE_URL, name)


def test_the_list_shows_number_customer_items_total_and_status(editor: Client, order: Order) -> None:
    listed = _list(editor).content.decode()
    for text in (order.number, "buyer@example.com", "€44.88", order.status.capitalize()):
        assert text in listed
    assert reverse("orders:inspect", args=(order.pk,)) in listed


def test_the_newest_order_comes_first(editor: Client, order: Order) -> None:
    _another(order, "OLD-1", placed_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert _numbers(_list(editor)) == [order.number, "OLD-1"]


def test_an_order_is_found_by_its_number_and_by_the_address_of_its_customer(editor: Client, order: Order) -> None:
    _another(order, "OTHER-1", email="somebody@example.com")
    assert _numbers(_list(editor, q=order.number)) == [order.number]
    assert _numbers(_list(editor, q="buyer@")) == [order.number]
    assert _numbers(_list(editor, q="somebody@example.com")) == ["OTHER-1"]
    assert _numbers(_list(editor, q="nobody")) == []


def test_an_order_shows_what_was_bought_paid_and_moved_and_what_happened(editor: Client, order: Order) -> None:
    answer = editor.get(reverse("orders:inspect", args=(order.pk,)))
    assert answer.status_code == 200
    shown = answer.content.decode()
    line = order.lines.get()
    for text in (order.number, line.title, line.sku, "Moss", "€19.99", "€39.98", "€4.90", "€44.88"):
        assert text in shown
    assert "Includes 19 % tax (DE)" in " ".join(shown.split())
    assert "Hauptstraße 1" in shown
    payment = Payment.objects.get(pk=order.payment_id)
    [entry] = payment.ledger.all()
    assert entry.gateway_reference in shown
    [movement] = answer.context["movements"]
    assert (movement.quantity, movement.level.variant.sku) == (-2, line.sku)
    assert "-2" in shown
    for event in order.events.exclude(field="fulfilment_state"):
        assert event.reason in shown
        assert event.actor in shown


def _page(browser: Client, order: Order) -> str:
    answer = browser.get(reverse("orders:inspect", args=(order.pk,)))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def lamp_promotion(db: None) -> None:
    PromotionFactory.create(code="ten", name="Ten off")


def test_an_order_says_why_it_costs_that(lamp_promotion: None, editor: Client, order: Order) -> None:
    shown = _page(editor, order)
    for words in (
        "Why does it cost that?",
        "2 × 19.99 EUR = 39.98 EUR.",
        "Promotion Ten off applied and saves 4.00 EUR.",
        "Left to pay: 40.88 EUR.",
        "Ten off: −€4.00",
        "Discounts",
    ):
        assert words in shown


def test_an_order_shows_relief_freed_shipping_rounding_and_what_gift_cards_paid(editor: Client, order: Order) -> None:
    euros = {amount: Money(amount, "EUR").document() for amount in (2, 78, 490, 1000)}
    quote = order.quote
    quote["relief_total"], quote["rounding"] = euros[78], euros[2]
    quote["shipping"]["discount"] = euros[490]
    quote["shipping"]["derivation"]["freed_by"] = {"promotion": "free-autumn"}
    quote["credits"] = [{"account": "x", "label": "Gift card •••• 1234", "amount": euros[1000]}]
    Order.objects.update(quote=quote, credit_minor=1000)
    shown = _page(editor, order)
    for words in (
        'Tax that is not owed</th><td class="amount">−€0.78',
        'Shipping freed by free-autumn</th><td class="amount">−€4.90',
        'Rounding to cash</th><td class="amount">€0.02',
        'Paid by Gift card •••• 1234</th><td class="amount">−€10.00',
        'Paid through the gateway</th><td class="amount">€34.88',
    ):
        assert words in shown


def test_an_order_shows_the_gift_cards_that_it_bought_and_never_their_codes(editor: Client, order: Order) -> None:
    bought = BoughtCards(key="x", amount=Money(2500, "EUR"), quantity=1, email=order.email)
    [card] = issue_for_purchase(reference=order.number, lines=[bought], actor="test", at=order.placed_at)
    shown = _page(editor, order)
    assert "Gift cards bought" in shown
    assert "€25.00" in shown
    assert card.code not in shown


def test_an_order_from_before_quotes_kept_their_facts_still_opens(editor: Client, order: Order) -> None:
    quote = {name: value for name, value in order.quote.items() if name in {"lines", "shipping", "tax", "subtotal"}}
    for line in quote["lines"]:
        for name in ("discounts", "relief", "gift"):
            line.pop(name)
    for name in ("discount", "relief"):
        quote["shipping"].pop(name)
    Order.objects.update(quote=quote)
    assert "Why does it cost that?" not in _page(editor, order)


def test_words_of_a_customer_are_shown_as_words(editor: Client, order: Order) -> None:
    Order.objects.update(email="<script>x</script>@example.com")
    shown = editor.get(reverse("orders:inspect", args=(order.pk,))).content.decode()
    assert "<script>x</script>" not in shown


def test_a_long_list_costs_no_more_queries_than_a_short_one(editor: Client, order: Order) -> None:
    def queries() -> int:
        _list(editor)
        with CaptureQueriesContext(connection) as captured:
            assert _list(editor).status_code == 200
        return len(captured)

    few = queries()
    for number in range(12):
        _another(order, f"ORDER-{number}")
    assert queries() == few


def test_those_who_may_not_look_are_turned_away(writer: Client, order: Order) -> None:
    for address in (reverse("orders:index"), reverse("orders:inspect", args=(order.pk,))):
        answer = writer.get(address)
        assert (answer.status_code, answer.get("Location")) == (302, "/admin/")
        assert order.number not in answer.content.decode()
        anonymous = Client().get(address)
        assert (anonymous.status_code, anonymous["Location"].split("?")[0]) == (302, "/admin/login/")


@pytest.mark.parametrize("name", ["add", "edit", "delete"])
def test_nobody_adds_edits_or_deletes_an_order(editor: Client, admin: Client, order: Order, name: str) -> None:
    address = reverse(f"orders:{name}", args=() if name == "add" else (order.pk,))
    for browser in (editor, admin):
        for ask in (browser.get, browser.post):
            assert ask(address).status_code in {302, 403}
    kept = Order.objects.get()
    assert (kept.number, kept.status, kept.total_minor) == (order.number, order.status, order.total_minor)


def test_the_desk_offers_no_way_to_edit_an_order(admin: Client, order: Order) -> None:
    pages = [_list(admin), admin.get(reverse("orders:inspect", args=(order.pk,)))]
    for page in pages:
        for name in ("edit", "delete"):
            assert reverse(f"orders:{name}", args=(order.pk,)) not in page.content.decode()
        assert reverse("orders:add") not in page.content.decode()


def test_the_menu_leads_merchandisers_to_orders_and_stock_and_others_not(
    editor: Client, writer: Client, shop: Shop
) -> None:
    home = reverse("wagtailadmin_home")
    assert reverse("orders:index") in editor.get(home).content.decode()
    assert reverse("orders:index") not in writer.get(home).content.decode()
