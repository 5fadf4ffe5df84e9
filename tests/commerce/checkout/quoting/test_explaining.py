"""Quotes in words: golden sentences for whole purchases, and a word for everything that a quote can say."""

from __future__ import annotations

from typing import Any

import pytest

from commerce.checkout.quoting import computing
from commerce.checkout.quoting.explaining import explain, price_steps, reason_words
from commerce.kit.errors import DomainError
from commerce.kit.money import Money
from commerce.promotions import coupons
from commerce.promotions.conditions import Reason
from commerce.promotions.rules import BenefitKind
from commerce.shipping.costing import Kind, MethodFacts, RateRow
from tests.commerce.checkout.quoting.receipts import (
    Market,
    Sale,
    by_table,
    by_value,
    by_weight,
    costs,
    flat,
    off,
    pickup,
    promo,
    surcharge,
    together,
)
from tests.factories.promotions import bundle_off, buy_get, free_shipping, gift, percent

DE = Market("DE", "EUR", "19", "7")
CH = Market("CH", "CHF", "8.1", "2.6", coin="0.05")
NEW_YORK = Market("US", "USD", "8.875", included=False, region="NY")
TEN = promo("ten", percent("10"))


def words_about(sale: Sale, subject: str) -> list[str]:
    return [step.words for step in explain(sale.quote) if step.subject.split(":")[0] == subject]


GOLDEN = [
    pytest.param(
        Sale(DE, "2 mug 12.50", (TEN,)),
        "line",
        [
            "12.50 EUR is the regular price in the list everyday, valid since 1 Jan 2000, 00:00.",
            "everyday was taken, for it is for everybody.",
            "2 × 12.50 EUR = 25.00 EUR.",
            "Ten: 10 % of 25.00 EUR, 2.50 EUR off this line.",
            "This line costs 22.50 EUR.",
            "3.59 EUR are contained as 19 % standard tax of DE.",
        ],
        id="a line with a discount, from its price to its tax",
    ),
    pytest.param(
        Sale(NEW_YORK, "1 lamp 100.00"),
        "line",
        [
            "100.00 USD is the regular price in the list everyday, valid since 1 Jan 2000, 00:00.",
            "everyday was taken, for it is for everybody.",
            "1 × 100.00 USD = 100.00 USD.",
            "This line costs 100.00 USD.",
            "8.88 USD come on top as 8.875 % standard tax of US (NY).",
        ],
        id="a line whose tax comes on top, in a region",
    ),
    pytest.param(
        Sale(DE.but(country="FR", origin="DE", standard="20"), "1 mug 24.00", vat_id="FR40303265045"),
        "line",
        [
            "24.00 EUR is the regular price in the list everyday, valid since 1 Jan 2000, 00:00.",
            "everyday was taken, for it is for everybody.",
            "1 × 24.00 EUR = 24.00 EUR.",
            "Tax of 4.00 EUR is taken out of the price, for this buyer does not owe it.",
            "This line costs 20.00 EUR.",
            "This buyer is not charged the 20 % standard tax of FR.",
        ],
        id="a line without the tax that a business accounts for itself",
    ),
    pytest.param(
        Sale(DE.but(country="FR", origin="DE", standard="20"), "1 mug 24.00", vat_id="FR40303265045"),
        "tax",
        [
            "No tax: the business with VAT id FR40303265045 accounts for it itself (reverse charge, Directive "
            "2006/112/EC, articles 138 and 194 to 196)."
        ],
        id="reverse charge with its articles",
    ),
    pytest.param(
        Sale(DE, "1 mug 11.90", exempt="Embassies"),
        "tax",
        ["No tax: Embassies."],
        id="an exemption with the reason that staff gave it",
    ),
    pytest.param(
        Sale(DE, "1 mug 119.00, 1 book 107.00 reduced"),
        "tax",
        [
            "19 % tax of DE on 100.00 EUR net: 19.00 EUR, contained in the prices.",
            "7 % tax of DE on 100.00 EUR net: 7.00 EUR, contained in the prices.",
        ],
        id="the tax at each rate",
    ),
    pytest.param(
        Sale(
            DE.but(shipping_tax="share"),
            "1 desk 50.00 bulky, 1 book 50.00 reduced",
            ship=flat("5.00", rules=(surcharge("15.00", of="bulky"),)),
        ),
        "shipping",
        [
            "Parcel: 20.00 EUR, a flat price per order.",
            "Of it 15.00 EUR surcharge: Surcharge for bulky (1 × per order).",
            "10.00 EUR of shipping bear 7 % reduced tax.",
            "10.00 EUR of shipping bear 19 % standard tax.",
            "Shipping costs 20.00 EUR, with 2.25 EUR tax contained in it.",
        ],
        id="shipping with a surcharge, taxed by the goods' share",
    ),
    pytest.param(
        Sale(DE, "3 mug 10.00 380g", ship=by_weight("3.00", each="1.20")),
        "shipping",
        [
            "Parcel: 5.40 EUR, by weight: 3.00 EUR and 1.20 EUR for each of 2 started steps of 1000 g (1140 g).",
            "5.40 EUR of shipping bear 19 % standard tax.",
            "Shipping costs 5.40 EUR, with 0.86 EUR tax contained in it.",
        ],
        id="shipping by weight",
    ),
    pytest.param(
        Sale(DE, "1 vase 35.00", (promo("ship-free", free_shipping(), over="30.00"),), ship=flat("4.90")),
        "shipping",
        [
            "Parcel: 4.90 EUR, a flat price per order.",
            "Free by the promotion Ship-free: 4.90 EUR off.",
            "Shipping costs 0.00 EUR.",
        ],
        id="shipping that a promotion frees",
    ),
    pytest.param(
        Sale(
            DE,
            "1 vase 50.00",
            (
                promo("ten", percent("10"), best_of="season"),
                promo("eight", off("8.00", "order"), best_of="season"),
                promo("big", off("5.00", "order"), over="80.00"),
                promo("welcome", percent("5"), requires_coupon=True),
                promo("spoon", gift("spoon")),
            ),
            coupon_problems={"SPRING": "coupon_expired", "NOPE": "coupon_unknown"},
            gifts={"spoon": 0},
        ),
        "promotion",
        [
            "Promotion Big asks for goods worth 80.00 EUR; there are 50.00 EUR, 30.00 EUR are missing.",
            "Promotion Eight applied and saves 8.00 EUR.",
            "Promotion Spoon would give a gift that is out of stock.",
            "Promotion Ten gives way to Eight, which saves more: 8.00 EUR instead of 5.00 EUR.",
            "Promotion Welcome needs a coupon.",
            "Coupon NOPE is not known.",
            "Coupon SPRING has expired.",
        ],
        id="every promotion and coupon that was considered",
    ),
    pytest.param(
        Sale(
            DE,
            "1 vase 50.00",
            (
                promo("express-free", free_shipping("express", "courier"), requires_coupon=True, coupon="FAST"),
                promo("ship-free", free_shipping()),
                promo("twenty", percent("20"), exclusive=True, priority=-1),
            ),
            ship=flat("4.90"),
        ),
        "promotion",
        [
            "Promotion Express-free frees shipping by courier, express only.",
            "Promotion Ship-free applied.",
            "Promotion Twenty is exclusive and does not apply beside Express-free, Ship-free.",
        ],
        id="free shipping by another method gives nothing and says so",
    ),
    pytest.param(
        Sale(CH, "1 mug 20.03", (TEN,), ship=flat("7.90"), pay="card 10.00, credit 5.00"),
        "total",
        [
            "Total: goods 20.03 CHF − discounts 2.00 CHF + shipping 7.90 CHF + rounding 0.02 CHF = 25.95 CHF.",
            "Left to pay: 10.95 CHF.",
        ],
        id="the total with its rounding",
    ),
    pytest.param(
        Sale(CH, "1 mug 20.03", pay="card 10.00, credit 5.00"),
        "credit",
        ["Gift card •••• 0001 pays 10.00 CHF.", "Store credit pays 5.00 CHF."],
        id="what cards and store credit pay",
    ),
    pytest.param(
        Sale(NEW_YORK, "1 lamp 100.00", (TEN,), ship=flat("5.00")),
        "total",
        [
            "Total: goods 100.00 USD − discounts 10.00 USD + shipping 5.00 USD + tax 8.43 USD = 103.43 USD.",
            "Left to pay: 103.43 USD.",
        ],
        id="the total with tax on top: 7.99 + 0.44",
    ),
]


@pytest.mark.parametrize(("sale", "subject", "words"), GOLDEN)
def test_a_quote_says_why_it_is_what_it_is(sale: Sale, subject: str, words: list[str]) -> None:
    assert words_about(sale, subject) == words


DISCOUNTS = {
    "Ten: 10 % of 25.00 EUR, 2.50 EUR off this line.": TEN,
    "Two: 2.00 EUR off each of 2, 25.00 EUR before, 4.00 EUR off this line.": promo("two", off("2.00")),
    "Five: 5.00 EUR off 25.00 EUR, 5.00 EUR in all, spread over the lines by value, 5.00 EUR off this line.": promo(
        "five", off("5.00", "order")
    ),
    "Fixed: 9.90 EUR for each of 2 instead of 25.00 EUR in all, 5.20 EUR off this line.": promo("fixed", costs("9.90")),
    "Half: 50 % off 1 of 2 (buy 1, get 1), 6.25 EUR off this line.": promo("half", buy_get(1, 1, "50")),
    "Pair: 1 × the bundle for 20.00 EUR, 25.00 EUR before, 5.00 EUR in all, spread over the lines by value, "
    "5.00 EUR off this line.": promo("pair", together("20.00"), on="2 mug"),
    "Pair: 1 × the bundle, 20 % of 25.00 EUR, 5.00 EUR in all, spread over the lines by value, "
    "5.00 EUR off this line.": promo("pair", bundle_off("20"), on="2 mug"),
    "Code (coupon MOSS): 10 % of 25.00 EUR, 2.50 EUR off this line.": promo(
        "code", percent("10"), requires_coupon=True, coupon="MOSS"
    ),
}


@pytest.mark.parametrize(("words", "promotion"), DISCOUNTS.items())
def test_every_kind_of_discount_says_what_it_took_off_what(words: str, promotion: Any) -> None:
    assert words in words_about(Sale(DE, "2 mug 12.50", (promotion,)), "line")


def test_no_kind_of_discount_is_left_out() -> None:
    kinds = {make("EUR").benefit.kind for make in DISCOUNTS.values()}
    assert kinds == set(BenefitKind) - {BenefitKind.FREE_SHIPPING, BenefitKind.GIFT}


WAYS = {
    "Parcel: 4.90 EUR, a flat price per order.": flat("4.90"),
    "Parcel: 3.60 EUR, by weight: 3.00 EUR and 0.60 EUR for each of 1 started steps of 500 g (500 g).": by_weight(
        "3.00", each="0.60", grams=500
    ),
    "Parcel: 2.63 EUR, by value: 2.00 EUR and 2.5 % of 25.00 EUR.": by_value("2.00", "2.5"),
    "Parcel: 3.90 EUR, by the table's row from 500 g on.": by_table("weight", {0: "2.90", 500: "3.90"}),
    "Parcel: 3.90 EUR, by the table's row from 20.00 EUR on.": by_table("value", {0: "2.90", 2000: "3.90"}),
    "Parcel: 3.90 EUR, by the table's row from 2 pieces on.": by_table("units", {0: "2.90", 2: "3.90"}),
    "Parcel: 0.00 EUR, no base price, for the order reaches 25.00 EUR.": flat("4.90", free_from="25.00"),
    "Pickup: 0.00 EUR, collected by the customer.": pickup(),
}


@pytest.mark.parametrize(("words", "way"), WAYS.items())
def test_every_way_of_shipping_says_what_its_price_goes_by(words: str, way: Any) -> None:
    assert words in words_about(Sale(DE, "2 mug 12.50 250g", ship=way), "shipping")


def test_what_is_not_shipped_and_what_rides_along_say_so() -> None:
    download = Sale(DE, "1 pattern 5.95 unshipped", ship=flat("4.90"))
    assert words_about(download, "shipping")[0] == "Shipping: 0.00 EUR, nothing needs to be shipped."
    with_sample = Sale(DE, "1 pattern 5.95 unshipped, 1 sample 0.00", ship=flat("4.90"))
    assert words_about(with_sample, "shipping")[0] == "Parcel: 0.00 EUR, nothing in the parcel costs anything."


@pytest.mark.parametrize("kind", Kind)
def test_there_are_words_for_every_kind_of_shipping(kind: Kind) -> None:
    def way(currency: str) -> MethodFacts:
        return MethodFacts("any", "Any", kind, currency, price_minor=100, table_by="units", rates=(RateRow(0, 100),))

    assert words_about(Sale(DE, "1 mug 10.00", ship=way), "shipping")[0].startswith("Any: ")


def coupon_problems() -> list[str]:
    return [
        each.code
        for each in vars(coupons).values()
        if isinstance(each, type) and issubclass(each, DomainError) and each is not DomainError
    ]


@pytest.mark.parametrize(
    "reason", [*Reason, *coupon_problems(), computing.GIFT_OUT_OF_STOCK, computing.OTHER_SHIPPING_METHOD]
)
def test_every_reason_of_promotions_and_coupons_has_words_of_its_own(reason: str) -> None:
    assert reason == Reason.APPLIED or reason_words(reason, {}) != reason.replace("_", " ")


def test_there_are_coupon_problems_to_walk() -> None:
    assert {"coupon_unknown", "coupon_used_up", "coupon_needs_customer"} <= set(coupon_problems())


def test_a_reason_of_another_time_is_said_as_it_is_written() -> None:
    assert reason_words("not_on_sundays", {}) == "not on sundays"


def test_a_derived_price_says_what_it_was_derived_from() -> None:
    derivation = {
        "price_list": "swiss",
        "chosen": {
            "match": "group_and_channel",
            "customer_group": "friends",
            "channel": "kiosk",
            "priority": 5,
            "passed_over": ["clearance"],
        },
        "kind": "sale",
        "min_quantity": 6,
        "valid_from": "2026-11-01T00:00:00+00:00",
        "valid_until": "2026-12-01T00:00:00+00:00",
        "amount": Money(1895, "CHF").document(),
        "regular": Money(2195, "CHF").document(),
        "base": {
            "price_list": "everyday",
            "amount": Money(2000, "EUR").document(),
            "factor": "1",
            "rate": "0.9374",
            "rounding": {"step_minor": 100, "ending_minor": 95, "mode": "nearest"},
        },
    }
    assert [step.words for step in price_steps(derivation)] == [
        "18.95 CHF is the sale price in the list swiss from 6 pieces on, valid since 1 Nov 2026, 00:00 until "
        "1 Dec 2026, 00:00 (regular 21.95 CHF).",
        "Derived from everyday: 20.00 EUR × factor 1 × rate 0.9374, rounded nearest in steps of 100 ending in 95 "
        "= 18.95 CHF.",
        "swiss was taken, for it is for the customer group friends and the channel kiosk, with priority 5; clearance "
        "came first and has no price for it.",
    ]
