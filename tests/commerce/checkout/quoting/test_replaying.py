"""Quotes replayed from what was frozen, by the thousand and from the database."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from commerce.checkout.quoting.computing import compute
from commerce.checkout.quoting.inventing import invent
from commerce.checkout.quoting.replaying import differences, same_purchase
from commerce.orders.models import Order
from commerce.orders.snapshots import QuoteSnapshot
from tests.commerce.checkout.quoting.receipts import Market, Sale, flat, promo
from tests.factories.promotions import gift, percent

DE = Market("DE", "EUR", "19", "7")
MUGS = Sale(DE, "2 mug 12.50, 1 book 20.00 reduced", (promo("ten", percent("10")),), ship=flat("4.90"))


def replay(**options: Any) -> str:
    told = StringIO()
    call_command("replay_quotes", stdout=told, stderr=told, **options)
    return told.getvalue()


def frozen(sale: Sale = MUGS) -> QuoteSnapshot:
    kept: QuoteSnapshot = json.loads(json.dumps(sale.quote))
    return kept


def ordered(quote: dict[str, Any], *, number: str, at: datetime) -> Order:
    return Order.objects.create(
        number=number,
        checkout_id=uuid.uuid4(),
        payment_id=uuid.uuid4(),
        market="eu",
        currency="EUR",
        email="customer@example.com",
        shipping_address={},
        subtotal_minor=4540,
        shipping_minor=0,
        tax_minor=0,
        tax_inclusive=True,
        total_minor=4540,
        quote=quote,
        placed_at=at,
    )


def test_two_thousand_made_up_quotes_replay_to_the_same_cents() -> None:
    assert replay(count=2000, seed=7).startswith("2000 quotes replayed, 0 differ")


def test_the_same_seed_makes_up_the_same_purchase_and_another_seed_another() -> None:
    assert compute(invent(Random("7:1"))) == compute(invent(Random("7:1")))
    assert compute(invent(Random("7:1"))) != compute(invent(Random("7:2")))


def test_made_up_purchases_reach_every_corner() -> None:
    quotes = [compute(invent(Random(f"corner:{number}"))) for number in range(600)]
    assert {quote["currency"] for quote in quotes} >= {"EUR", "CHF", "JPY", "KWD", "ISK", "HUF"}
    assert {quote["treatment"]["kind"] for quote in quotes} == {"taxed", "exempt", "reverse_charge"}
    rules = {each["derivation"]["rule"] for quote in quotes for line in quote["lines"] for each in line["discounts"]}
    assert rules == {"percentage", "amount", "fixed_price", "buy_x_get_y", "bundle"}
    ways = {quote["shipping"]["derivation"]["rule"] for quote in quotes if quote["shipping"]}
    assert ways >= {"flat", "weight", "value", "table", "free_from", "pickup", "not_shipped"}
    assert any(line["gift"] for quote in quotes for line in quote["lines"])
    assert any(quote["shipping"] and quote["shipping"]["discount"]["minor"] for quote in quotes)
    assert any(quote["rounding"]["minor"] > 0 for quote in quotes)
    assert any(quote["rounding"]["minor"] < 0 for quote in quotes)
    assert any(quote["credits"] and quote["due"]["minor"] for quote in quotes)
    assert any(quote["total"]["minor"] == 0 for quote in quotes)
    assert {quote["facts"]["tax"]["provider"] for quote in quotes} == {"builtin", "stripe"}


def test_a_quote_that_was_tampered_with_names_the_amounts_that_differ() -> None:
    quote = frozen()
    quote["lines"][0]["total"]["minor"] += 1
    assert differences(quote) == ["lines.0.total.minor"]


def test_facts_that_were_tampered_with_make_another_quote() -> None:
    quote = frozen()
    quote["facts"]["rules"][0]["benefit"]["percent"] = "11"
    assert "total.minor" in differences(quote)


def test_a_unit_price_that_its_derivation_does_not_give_is_named() -> None:
    quote = frozen()
    sold = quote["facts"]["lines"][0]
    sold["price"]["amount"] = {"amount": "9.99", "minor": 999, "currency": "EUR"}
    assert "facts.lines.MUG.unit_price" in differences(quote)


def test_a_quote_from_before_waits_were_kept_replays() -> None:
    quote = frozen()
    assert quote["shipping"] is not None
    for each in (*quote["lines"], *quote["facts"]["lines"], quote["shipping"]):
        del each["wait"]
    assert differences(quote) == []


def test_a_quote_from_before_it_was_kept_how_many_gifts_are_on_the_shelf_replays() -> None:
    quote = frozen(Sale(DE, "1 vase 60.00", (promo("spoon", gift("spoon")),), ship=flat("4.90"), gifts={"spoon": 5}))
    assert quote["shipping"] is not None
    del quote["facts"]["gifts"][0]["on_shelf"]
    for each in (quote["facts"]["gifts"][0], quote["lines"][1], quote["shipping"]):
        each["wait"] = {"expected_on": "2026-12-23"}
    assert differences(quote) == []


def test_a_line_that_is_missing_is_named() -> None:
    quote = frozen()
    del quote["lines"][1]
    assert differences(quote) == ["lines"]


def test_a_later_arrival_in_another_order_is_the_same_purchase_and_a_dearer_one_is_not() -> None:
    quote, later, dearer = frozen(), frozen(), frozen()
    later["at"] = "2026-11-22T09:00:00+00:00"
    assert later["shipping"] is not None
    later["shipping"]["earliest"] = "2026-12-24"
    later["lines"][0]["wait"] = later["shipping"]["wait"] = {"expected_on": "2026-12-23"}
    later["lines"].reverse()
    dearer["total"]["minor"] += 1
    assert same_purchase(quote, later)
    assert not same_purchase(quote, dearer)


@pytest.mark.django_db
def test_the_quotes_of_all_orders_replay(at: datetime) -> None:
    ordered(dict(frozen()), number="M-1", at=at)
    ordered(json.loads(json.dumps(compute(invent(Random(1))))), number="M-2", at=at)
    assert replay(orders=True).startswith("2 quotes replayed, 0 differ")


@pytest.mark.django_db
def test_an_order_whose_quote_differs_is_named_and_fails_the_command(at: datetime) -> None:
    quote = frozen()
    quote["due"]["minor"] -= 1
    ordered(dict(quote), number="M-1", at=at)
    told = StringIO()
    with pytest.raises(CommandError, match="1 of 1 quotes"):
        call_command("replay_quotes", orders=True, stdout=told, stderr=told)
    assert "M-1: due.minor" in told.getvalue()


@pytest.mark.django_db
def test_a_quote_that_cannot_be_computed_fails_the_command(at: datetime) -> None:
    quote = frozen()
    del quote["facts"]["lines"]
    ordered(dict(quote), number="M-1", at=at)
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("replay_quotes", orders=True, stdout=told, stderr=told)
    assert "M-1: cannot be computed: KeyError('lines')" in told.getvalue()


@pytest.mark.django_db
def test_orders_of_before_quotes_kept_their_facts_are_counted_apart(at: datetime) -> None:
    ordered({"total": {"minor": 4540}}, number="M-1", at=at)
    told = replay(orders=True)
    assert "1 orders were placed before quotes kept their facts" in told
    assert "0 quotes replayed, 0 differ" in told
