"""What shipping costs, worked out by hand. Every row is a parcel, a way of shipping, and what the shopper pays.

Amounts are minor units: 490 is 4.90 €, and 500 is 500 ¥. A line is written as its value, its pieces and one
piece's grams.
"""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from typing import Any

import pytest

from commerce.kit.money import CurrencyMismatch, Money
from commerce.shipping.costing import Kind, MethodFacts, RateRow, RuleFacts, price_of
from commerce.shipping.parcels import Parcel, ParcelLine
from tests.factories.shipping import line, parcel

FURNITURE, FOOD = uuid.UUID(int=1), uuid.UUID(int=2)


def way(kind: str = "flat", price_minor: int = 490, **fields: Any) -> MethodFacts:
    code = fields.pop("code", "parcel")
    return MethodFacts(
        **{"code": code, "name": code, "currency": "EUR", **fields}, kind=Kind(kind), price_minor=price_minor
    )


def surcharge(amount_minor: int, **fields: Any) -> RuleFacts:
    return RuleFacts(name="surcharge", effect="surcharge", amount_minor=amount_minor, **fields)


def refuse(**fields: Any) -> RuleFacts:
    return RuleFacts(name="refuse", effect="refuse", **fields)


BY_WEIGHT = way("weight", 300, step_grams=1000, step_price_minor=120)
BY_VALUE = way("value", 200, percent=Decimal("2.5"))
WEIGHT_TABLE = way("table", 0, table_by="weight", rates=(RateRow(0, 490), RateRow(2000, 690), RateRow(10000, 1290)))
VALUE_TABLE = way("table", 0, table_by="value", rates=(RateRow(0, 690), RateRow(5000, 390), RateRow(10000, 0)))
UNITS_TABLE = way("table", 0, table_by="units", rates=(RateRow(0, 300), RateRow(2, 500), RateRow(6, 900)))
BULKY, BULKY_EACH = surcharge(1500, shipping_class="bulky"), surcharge(1500, shipping_class="bulky", per="unit")
COLD = surcharge(450, shipping_class="cold")

FLAT = [
    pytest.param(way(), [line(1000)], 490, "flat", id="one price, whatever is in it"),
    pytest.param(way(), [line(1000, quantity=9), line(50000, grams=30000)], 490, "flat", id="one price for much more"),
    pytest.param(way(price_minor=0), [line(1000)], 0, "flat", id="a price of nothing is free for everybody"),
    pytest.param(way(), [], 490, "flat", id="an empty parcel shows the price that a first line would pay"),
    pytest.param(way("pickup", 0), [line(1000)], 0, "pickup", id="collecting is free where the shop says so"),
    pytest.param(way("pickup", 150), [line(1000)], 150, "pickup", id="or costs a handling fee"),
]
FREE_ABOVE = [
    pytest.param(way(free_from_minor=5000), [line(4999)], 490, "flat", id="free from 50.00: 49.99 pays"),
    pytest.param(way(free_from_minor=5000), [line(5000)], 0, "free_from", id="free from 50.00: 50.00 is free"),
    pytest.param(
        way(free_from_minor=5000), [line(2500), line(2500)], 0, "free_from", id="the lines' values are added up"
    ),
    pytest.param(
        way(free_from_minor=5000), [line(4500)], 490, "flat", id="goods of 50.00 with 10 % off are worth 45.00: pays"
    ),
    pytest.param(
        way(free_from_minor=5000),
        [line(1000), line(4000, shipping_class="none")],
        0,
        "free_from",
        id="a gift card of 40.00 counts towards free shipping",
    ),
    pytest.param(way(free_from_minor=0), [line(1)], 0, "free_from", id="free from nothing is always free"),
    pytest.param(
        way("weight", 300, step_price_minor=120, free_from_minor=5000),
        [line(5000, grams=9000)],
        0,
        "free_from",
        id="free above waives a price by weight too",
    ),
    pytest.param(
        way(free_from_minor=5000, rules=(BULKY,)),
        [line(9000, shipping_class="bulky")],
        1500,
        "free_from",
        id="free above waives no surcharge: 0 + 15.00",
    ),
]
WEIGHT = [
    pytest.param(BY_WEIGHT, [line(grams=1)], 420, "weight", id="1 g starts a kilogram: 3.00 + 1.20"),
    pytest.param(BY_WEIGHT, [line(grams=1000)], 420, "weight", id="1 kg exactly is one step"),
    pytest.param(BY_WEIGHT, [line(grams=1001)], 540, "weight", id="1.001 kg is two: 3.00 + 2.40"),
    pytest.param(
        BY_WEIGHT, [line(grams=400), line(grams=700)], 540, "weight", id="weighed together: 1.1 kg is two steps"
    ),
    pytest.param(BY_WEIGHT, [line(quantity=3, grams=900)], 660, "weight", id="3 x 0.9 kg = 2.7 kg: 3.00 + 3 x 1.20"),
    pytest.param(BY_WEIGHT, [line(grams=0)], 300, "weight", id="what has no weight pays the base alone"),
    pytest.param(
        BY_WEIGHT,
        [line(grams=500), line(grams=9000, shipping_class="none")],
        420,
        "weight",
        id="what is not shipped weighs nothing",
    ),
    pytest.param(
        BY_WEIGHT, [line(grams=500), line(0, grams=9000)], 420, "weight", id="a free gift of 9 kg weighs nothing"
    ),
    pytest.param(
        way("weight", 0, step_grams=100, step_price_minor=15), [line(grams=250)], 45, "weight", id="3 x 100 g at 0.15"
    ),
]
VALUE = [
    pytest.param(BY_VALUE, [line(10000)], 450, "value", id="2.00 + 2.5 % of 100.00 = 4.50"),
    pytest.param(BY_VALUE, [line(1020)], 226, "value", id="2.5 % of 10.20 = 0.255, half up 0.26"),
    pytest.param(BY_VALUE, [line(1019)], 225, "value", id="2.5 % of 10.19 = 0.25475, rounds to 0.25"),
    pytest.param(BY_VALUE, [line(510), line(510)], 226, "value", id="rounded once, not per line: 0.255 is 0.26"),
    pytest.param(BY_VALUE, [line(0)], 200, "value", id="a free sample alone pays the base"),
    pytest.param(
        BY_VALUE,
        [line(10000), line(5000, shipping_class="none")],
        450,
        "value",
        id="a gift card in the order is not insured on its way",
    ),
]
TABLE = [
    pytest.param(WEIGHT_TABLE, [line(grams=0)], 490, "table", id="table by weight: the first row begins at nothing"),
    pytest.param(WEIGHT_TABLE, [line(grams=1999)], 490, "table", id="table by weight: 1.999 kg"),
    pytest.param(WEIGHT_TABLE, [line(grams=2000)], 690, "table", id="table by weight: 2 kg begins the second row"),
    pytest.param(WEIGHT_TABLE, [line(grams=9999)], 690, "table", id="table by weight: 9.999 kg"),
    pytest.param(WEIGHT_TABLE, [line(quantity=2, grams=5000)], 1290, "table", id="table by weight: 2 x 5 kg"),
    pytest.param(VALUE_TABLE, [line(4999)], 690, "table", id="table by value: 49.99"),
    pytest.param(VALUE_TABLE, [line(5000)], 390, "table", id="table by value: 50.00"),
    pytest.param(VALUE_TABLE, [line(10000)], 0, "table", id="table by value: 100.00 ships for nothing"),
    pytest.param(UNITS_TABLE, [line()], 300, "table", id="table by pieces: one"),
    pytest.param(UNITS_TABLE, [line(), line()], 500, "table", id="table by pieces: two lines of one"),
    pytest.param(UNITS_TABLE, [line(quantity=6)], 900, "table", id="table by pieces: six of one"),
    pytest.param(UNITS_TABLE, [line(), line(0, quantity=5)], 300, "table", id="table by pieces: gifts are no pieces"),
]
SURCHARGES = [
    pytest.param(
        way(rules=(BULKY,)), [line(shipping_class="bulky", quantity=3)], 1990, "flat", id="bulky, per order: once"
    ),
    pytest.param(
        way(rules=(BULKY_EACH,)),
        [line(shipping_class="bulky", quantity=3)],
        4990,
        "flat",
        id="bulky, per piece: 4.90 + 3 x 15.00",
    ),
    pytest.param(
        way(rules=(BULKY_EACH,)),
        [line(shipping_class="bulky"), line(shipping_class="bulky", quantity=2), line()],
        4990,
        "flat",
        id="bulky, per piece, over two lines; the ordinary line bears none",
    ),
    pytest.param(way(rules=(BULKY,)), [line()], 490, "flat", id="no surcharge where nothing is bulky"),
    pytest.param(
        way(rules=(BULKY, COLD)),
        [line(shipping_class="bulky"), line(shipping_class="cold")],
        2440,
        "flat",
        id="bulky and cold add up: 4.90 + 15.00 + 4.50",
    ),
    pytest.param(
        way(rules=(surcharge(200, category=FOOD),)),
        [line(categories=[FOOD, FURNITURE])],
        690,
        "flat",
        id="a surcharge by category, or by one above it",
    ),
    pytest.param(
        way(rules=(BULKY, surcharge(700, category=FURNITURE))),
        [line(shipping_class="bulky", categories=[FURNITURE])],
        2690,
        "flat",
        id="class and category both count: 4.90 + 15.00 + 7.00",
    ),
    pytest.param(
        way(rules=(BULKY_EACH,)),
        [line(), line(0, shipping_class="bulky", quantity=4)],
        490,
        "flat",
        id="bulky free gifts bear no surcharge",
    ),
]
NOT_SHIPPED = [
    pytest.param(
        way(),
        [line(2000, shipping_class="none"), line(0, grams=300)],
        0,
        "rides_along",
        id="a free gift beside a gift card ships for nothing",
    ),
    pytest.param(way(), [line(0, grams=300)], 490, "flat", id="a free sample ordered alone pays"),
    pytest.param(
        way(), [line(2000, shipping_class="none"), line(1000)], 490, "flat", id="a gift card and a lamp ship as a lamp"
    ),
]
CURRENCIES = [
    pytest.param(
        way("value", 500, percent=Decimal("2.5"), currency="JPY"),
        [line(1020, currency="JPY")],
        526,
        "value",
        id="¥500 + 2.5 % of ¥1020 = 25.5, half up ¥26",
    ),
    pytest.param(
        way("weight", 1250, step_price_minor=375, currency="KWD"),
        [line(20000, grams=1500, currency="KWD")],
        2000,
        "weight",
        id="KD 1.250 + 2 x 0.375 = KD 2.000",
    ),
    pytest.param(
        way("flat", 990, free_from_minor=15000, currency="CHF"),
        [line(14995, currency="CHF")],
        990,
        "flat",
        id="CHF 149.95 is five centimes short of free",
    ),
    pytest.param(
        way("value", 0, percent=Decimal("1.5"), currency="ISK"),
        [line(9990, currency="ISK")],
        150,
        "value",
        id="1.5 % of kr 9990 = 149.85, kr 150",
    ),
]


@pytest.mark.parametrize(
    ("facts", "lines", "minor", "rule"),
    [*FLAT, *FREE_ABOVE, *WEIGHT, *VALUE, *TABLE, *SURCHARGES, *NOT_SHIPPED, *CURRENCIES],
)
def test_shipping_costs(facts: MethodFacts, lines: list[ParcelLine], minor: int, rule: str) -> None:
    cost = price_of(facts, _parcel(facts, lines))
    assert (cost.price, cost.problem) == (Money(minor, facts.currency), None)
    assert cost.derivation["rule"] == rule
    surcharges = sum(each["amount_minor"] for each in cost.derivation["surcharges"])
    assert cost.derivation["base_minor"] + surcharges == minor
    assert _replayed(cost.derivation, _parcel(facts, lines)) == Money(minor, facts.currency)


LETTER = way(code="letter", max_weight_grams=500)
PALLET = way(code="pallet", min_weight_grams=30000)


@pytest.mark.parametrize(
    ("facts", "lines", "problem"),
    [
        pytest.param(LETTER, [line(grams=500)], None, id="a letter of 500 g goes"),
        pytest.param(LETTER, [line(grams=501)], "too_heavy", id="a letter of 501 g does not"),
        pytest.param(LETTER, [line(quantity=2, grams=251)], "too_heavy", id="pieces weigh together"),
        pytest.param(LETTER, [line(grams=500), line(0, grams=500)], None, id="a free gift makes nothing too heavy"),
        pytest.param(PALLET, [line(grams=29999)], "too_light", id="a pallet of 29.999 kg does not go"),
        pytest.param(PALLET, [line(grams=30000)], None, id="a pallet of 30 kg goes"),
        pytest.param(
            way(rules=(refuse(shipping_class="cold"),)),
            [line(shipping_class="cold")],
            "refused_class",
            id="no cold goods",
        ),
        pytest.param(
            way(rules=(refuse(shipping_class="cold"),)),
            [line()],
            None,
            id="a refusal of cold goods lets others through",
        ),
        pytest.param(
            way(rules=(refuse(category=FOOD),)),
            [line(), line(categories=[FOOD])],
            "refused_category",
            id="one line of food is enough to be refused",
        ),
        pytest.param(
            way(rules=(refuse(shipping_class="hazardous"),)),
            [line(), line(0, shipping_class="hazardous")],
            "refused_class",
            id="a free gift that must not be shipped is still refused",
        ),
        pytest.param(
            way(rules=(refuse(category=FOOD),)),
            [line(), line(shipping_class="none", categories=[FOOD])],
            None,
            id="a voucher for food is not shipped, so not refused",
        ),
        pytest.param(
            way(free_from_minor=0, rules=(refuse(category=FOOD),)),
            [line(categories=[FOOD])],
            "refused_category",
            id="free shipping ships nothing that is refused",
        ),
        pytest.param(
            way("table", 0, table_by="weight", rates=(RateRow(1000, 490),)),
            [line(grams=999)],
            "no_rate",
            id="below the first row of a table that nobody checked",
        ),
        pytest.param(
            way(max_weight_grams=500, rules=(refuse(shipping_class="cold"),)),
            [line(grams=900, shipping_class="cold")],
            "refused_class",
            id="what is refused is said before what is too heavy",
        ),
    ],
)
def test_shipping_is_offered_or_refused(facts: MethodFacts, lines: list[ParcelLine], problem: str | None) -> None:
    cost = price_of(facts, _parcel(facts, lines))
    assert cost.problem == problem
    assert (cost.price is None) == (problem is not None)


def test_a_refusal_names_its_rule_and_the_variants() -> None:
    cold = line(shipping_class="cold")
    derivation = price_of(way(rules=(refuse(shipping_class="cold"),)), parcel(line(), cold)).derivation
    assert (derivation["refused_by"], derivation["variants"]) == ("refuse", [str(cold.variant)])


def test_two_currencies_never_meet() -> None:
    with pytest.raises(CurrencyMismatch):
        price_of(way(currency="CHF"), parcel(line()))
    with pytest.raises(CurrencyMismatch):
        parcel(line(), line(currency="CHF"))


def _parcel(facts: MethodFacts, lines: list[ParcelLine]) -> Parcel:
    return parcel(*lines, currency=facts.currency)


def _replayed(derivation: dict[str, Any], shipped: Parcel) -> Money | None:
    """From JSON alone, as it is read years later."""
    facts = MethodFacts.from_document(json.loads(json.dumps(derivation))["method"])
    return price_of(facts, Parcel.from_document(json.loads(json.dumps(shipped.document())))).price
