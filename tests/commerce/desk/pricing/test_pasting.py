from __future__ import annotations

import pytest
from django.test import Client

from commerce.desk.pricing.amounts import plain, with_currency
from commerce.desk.pricing.pasting import read_lines
from commerce.pricing.models import Price
from tests.factories import Shop

PASTE = "/admin/prices/paste/"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("19.99", "19.99"),
        ("19,99", "19.99"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1.234", "1.234"),
        ("-5", "-5"),
        ("1,2,3", ""),
        ("1e5", ""),
        ("=A1*2", ""),
        ("+1", ""),
        ("１２", ""),
        ("", ""),
        (".", ""),
    ],
)
def test_amounts_are_read_with_comma_or_point(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("19.99 EUR", ("19.99", "EUR")),
        ("chf 19.99", ("19.99", "CHF")),
        ("€ 19,99", ("19.99", "EUR")),
        ("19,99€", ("19.99", "EUR")),
        ("19.99", ("19.99", "")),
        ("EUR", ("", "")),
    ],
)
def test_a_currency_may_stand_beside_the_amount(written: str, read: tuple[str, str]) -> None:
    assert with_currency(written) == read


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("A\t1\nB\t2", [("A", "1", ""), ("B", "2", "")]),
        ("SKU\tPrice\nA\t1", [("A", "1", "")]),
        ("Price (EUR);Title;SKU\n1,50;Mug;A", [("A", "1.50", "")]),
        ("sku\tprice\tcurrency\nA\t1\tCHF", [("A", "1", "CHF")]),
        ('"A"\t"1,50"', [("A", "1.50", "")]),
        ("\r\nA\t1\r\n\r\n", [("A", "1", "")]),
        ("A", [("A", "", "")]),
        ("SKU\ta lot", [("SKU", "", "")]),
    ],
)
def test_lines_of_a_spreadsheet_become_rows(text: str, rows: list[tuple[str, str, str]]) -> None:
    assert [(each.row.sku, each.row.amount, each.row.currency) for each in read_lines(text)] == rows


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NOBODY\t1", "No variant has this SKU."),
        ("MUG\t1\nMUG\t2", "This SKU is there more than once."),
        ("MUG\ta lot", "This is no amount"),
        ("MUG\t1\tCHF", "another currency"),
        ("MUG\t-1", "An amount is not negative"),
        ("MUG\t99999999", "An amount is not negative and not that high."),
        ("=HYPERLINK(1)\t1", "No variant has this SKU."),
        ("MUG\t=1+1", "This is no amount"),
        ("<script>\t1", "&lt;script&gt;"),
        ("   \n", "There is nothing to enter."),
        ("SKU\tPrice", "There is nothing to enter."),
        ("", "This field is required."),
        ("MUG\x00\t1", "Null characters are not allowed."),
        ("\n".join(f"SKU-{place}\t1" for place in range(10_000)), "At most 5000 rows at once; these are 10000."),
    ],
)
def test_rows_that_cannot_be_entered_are_shown_and_nothing_is_written(
    pricer: Client, shop: Shop, text: str, message: str
) -> None:
    shop.sell(price=1000, sku="MUG")
    answer = pricer.post(PASTE, {"list": shop.prices.code, "text": text})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert message in page
    assert "Confirm and save" not in page
    assert Price.objects.get().amount_minor == 1000


@pytest.mark.django_db
def test_a_list_that_is_not_there_is_refused(pricer: Client, shop: Shop) -> None:
    answer = pricer.post(PASTE, {"list": "nowhere", "text": "MUG\t1"})
    assert "Select a valid choice" in answer.content.decode()


@pytest.mark.django_db
def test_margins_are_reckoned_without_the_tax_of_each_product(pricer: Client, shop: Shop) -> None:
    from commerce.kit.money import Money
    from commerce.pricing.costs import set_cost

    standard, reduced = shop.sell(price=1000, sku="LAMP"), shop.sell(price=1000, sku="BOOK")
    reduced.product.tax_class = "reduced"
    reduced.product.save()
    for each in (standard, reduced):
        set_cost(variant=each, cost=Money(1000, "EUR"))
    page = pricer.post(PASTE, {"list": shop.prices.code, "text": "LAMP\t11.89\nBOOK\t10.70"}).content.decode()
    assert "<strong>1</strong> below cost" in page
    assert "-0.08 %" in page
    assert "0.00 %" in page
