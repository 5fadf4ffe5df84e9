"""What an invoice says adds up at every rate, whatever was bought and wherever; and it says what the law asks for."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.checkout.quoting.computing import compute
from commerce.checkout.quoting.inventing import invent
from commerce.invoicing.documents import InvoiceDocument
from commerce.kit.currencies import exponent
from commerce.orders.snapshots import QuoteSnapshot
from tests.commerce.checkout.quoting.receipts import Market, Sale, flat, off, promo
from tests.commerce.invoicing.papers import invoice_for
from tests.factories import GERMAN_ADDRESS

always = settings(deadline=None, max_examples=150)
quotes = st.integers(0, 2**40).map(lambda seed: compute(invent(Random(seed))))

DE = Market("DE", "EUR", "19", "7")
TRADE = Market("DE", "EUR", "19", "7", included=False)
TO_FRANCE = Market("FR", "EUR", "20", "5.5", origin="DE")
GOODS = "2 mug 12.50, 1 book 20.00 reduced, 1 stamp 5.00 zero"


def _invoice(sale: Sale) -> InvoiceDocument:
    return invoice_for(compute(sale.facts))


def _taxes(document: InvoiceDocument) -> dict[str, tuple[int, int, int]]:
    return {row["percent"]: (row["net"], row["tax"], row["gross"]) for row in document["taxes"]}


@given(quotes)
@always
def test_rows_and_rates_add_up_to_the_cent(quote: QuoteSnapshot) -> None:
    document = invoice_for(quote)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in document["rows"]:
        assert row["net"] + row["tax"] == row["gross"]
        for place, name in enumerate(("net", "tax", "gross")):
            sums[row["percent"]][place] += row[name]  # type: ignore[literal-required]
    assert {percent: tuple(each) for percent, each in sums.items()} == _taxes(document)
    assert document["net"] == sum(net for net, _, _ in sums.values())
    assert document["tax"] == sum(tax for _, tax, _ in sums.values()) == quote["tax_total"]["minor"]
    assert document["net"] + document["tax"] + document["rounding"] == document["total"] == quote["total"]["minor"]


@given(quotes)
@always
def test_each_rate_is_charged_as_it_was_quoted(quote: QuoteSnapshot) -> None:
    quoted = {row["rate"]: (row["net"]["minor"], row["total"]["minor"]) for row in quote["tax"]}
    shown = {percent: (net, tax) for percent, (net, tax, _) in _taxes(invoice_for(quote)).items() if tax}
    assert shown == quoted


@given(quotes)
@always
def test_a_unit_price_times_the_quantity_makes_the_line(quote: QuoteSnapshot) -> None:
    """But for what rounding does: of the price two decimals beyond the currency's, of the tax of each line, and of a
    tax service that rounds its own way."""
    document = invoice_for(quote)
    for row in document["rows"]:
        amount = row["gross"] if document["with_tax"] else row["net"]
        price = Fraction(Decimal(row["unit_price"])) * 10 ** exponent(document["currency"])
        made = price * row["quantity"] - row["discount"]
        assert abs(made - amount) <= 2 + Fraction(row["quantity"], 200)


@given(quotes)
@always
def test_what_was_paid_is_the_total(quote: QuoteSnapshot) -> None:
    document = invoice_for(quote)
    assert sum(part["amount"] for part in document["paid_by"]) == document["total"]
    assert document["due"] == 0


def test_where_prices_include_tax_every_rate_has_its_row_the_zero_rate_too() -> None:
    document = _invoice(Sale(DE, GOODS, ship=flat("4.90")))
    assert _taxes(document) == {"19": (2513, 477, 2990), "7": (1869, 131, 2000), "0": (500, 0, 500)}
    assert document["with_tax"]
    assert (document["net"], document["tax"], document["total"]) == (4882, 608, 5490)
    mug = document["rows"][0]
    assert (mug["unit_price"], mug["unit_net"], mug["quantity"], mug["gross"]) == ("12.50", "10.5042", 2, 2500)


def test_where_tax_comes_on_top_the_rows_are_net() -> None:
    document = _invoice(Sale(TRADE, GOODS, ship=flat("4.90")))
    assert _taxes(document) == {"19": (2990, 568, 3558), "7": (2000, 140, 2140), "0": (500, 0, 500)}
    assert not document["with_tax"]
    assert document["rows"][0]["unit_price"] == document["rows"][0]["unit_net"] == "12.50"
    assert document["total"] == 5490 + 708


def test_a_discount_is_told_beside_the_price_before_it() -> None:
    document = _invoice(Sale(DE, "2 mug 12.50", promotions=(promo("three", off("3.00")),)))
    [mug] = document["rows"]
    assert (mug["unit_price"], mug["discount"], mug["gross"]) == ("12.50", 600, 1900)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Reverse charge: the recipient is liable for the tax. Intra-Community supply, exempt under Article 138 of "
            "Directive 2006/112/EC.",
        ),
        (
            "de",
            "Steuerschuldnerschaft des Leistungsempfängers. Steuerfreie innergemeinschaftliche Lieferung nach "
            "Artikel 138 der Richtlinie 2006/112/EG.",
        ),
    ],
)
def test_reverse_charge_says_so_and_names_both_numbers(language: str, words: str) -> None:
    """Directive 2006/112/EC article 226, points 3, 4, 11 and 11a."""
    sale = Sale(TO_FRANCE, "3 mug 19.99, 1 book 20.00 reduced", ship=flat("4.90"), vat_id="FR40303265045")
    document = invoice_for(compute(sale.facts), language=language)
    assert document["notes"] == [words]
    assert document["buyer_vat_id"] == "FR40303265045"
    assert document["seller"]["vat_id"] == "DE136695976"
    assert document["tax"] == 0
    assert _taxes(document) == {"0": (document["total"], 0, document["total"])}
    mug = document["rows"][0]
    assert (mug["unit_price"], mug["net"], mug["gross"]) == ("16.6583", 4997, 4997)


def test_an_exemption_says_by_which_law() -> None:
    document = _invoice(Sale(DE, "1 mug 12.50", exempt="Article 151(1)(a) of Directive 2006/112/EC"))
    assert document["notes"] == ["No tax is charged: Article 151(1)(a) of Directive 2006/112/EC"]


def test_what_is_not_paid_is_due_and_a_gift_card_counts_as_paid() -> None:
    quote = compute(Sale(DE, "1 mug 12.50", pay="card 5.00").facts)
    unpaid = invoice_for(quote, received=0)
    assert (unpaid["due"], unpaid["paid_on"]) == (750, None)
    partly = invoice_for(quote, received=700)
    assert (partly["due"], partly["paid_on"]) == (50, None)
    assert invoice_for(quote, received=9999)["due"] == 0
    paid = invoice_for(quote, payment_method="bank_transfer")
    assert (paid["due"], [part["amount"] for part in paid["paid_by"]]) == (0, [500, 750])
    assert paid["paid_by"][1]["label"] == "Bank transfer"


def test_it_goes_to_the_billing_address_and_says_where_the_goods_went() -> None:
    quote = compute(Sale(DE, "1 mug 12.50").facts)
    billed = {**GERMAN_ADDRESS.document(), "name": "The Office", "city": "Hamburg"}
    document = invoice_for(quote, billing_address=billed, language="de")
    assert document["buyer"] == ["The Office", "Hauptstraße 1", "10115 Hamburg", "Deutschland"]
    assert document["delivery"] == ["A. Customer", "Hauptstraße 1", "10115 Berlin", "Deutschland"]
    assert invoice_for(quote)["delivery"] == []


def test_a_language_without_words_is_english_and_a_variety_is_its_language() -> None:
    quote = compute(Sale(DE, "1 mug 12.50").facts)
    spoken = {language: invoice_for(quote, language=language)["language"] for language in ("fr", "", "de-AT", "DE")}
    assert spoken == {"fr": "en", "": "en", "de-AT": "de", "DE": "de"}


def test_facts_that_do_not_make_the_total_are_never_printed() -> None:
    quote = compute(Sale(DE, "1 mug 12.50").facts)
    with pytest.raises(ValueError, match="its rows make 1250, its total is 1251"):
        invoice_for(quote, total_minor=1251)
