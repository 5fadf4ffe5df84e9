"""What holds for every parcel and every way of shipping."""

from __future__ import annotations

import json
import random
import uuid
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from commerce.kit.money import Money
from commerce.shipping.costing import Kind, MethodFacts, RateRow, RuleFacts, price_of
from commerce.shipping.parcels import Parcel, ParcelLine

CATEGORIES = [uuid.UUID(int=number) for number in range(3)]
CLASSES = ["standard", "bulky", "cold", "hazardous", "none"]

amounts = st.integers(0, 10**7)
weights = st.none() | st.integers(0, 50_000)


def _lines(values: st.SearchStrategy[int]) -> st.SearchStrategy[ParcelLine]:
    return st.builds(
        ParcelLine,
        variant=st.uuids(),
        product=st.uuids(),
        quantity=st.integers(1, 20),
        weight_grams=st.integers(0, 20_000),
        value=values.map(lambda minor: Money(minor, "EUR")),
        shipping_class=st.sampled_from(CLASSES),
        categories=st.frozensets(st.sampled_from(CATEGORIES)),
    )


parcels = st.builds(
    Parcel,
    market=st.just("eu"),
    country=st.just("DE"),
    currency=st.just("EUR"),
    lines=st.lists(_lines(st.just(0) | amounts), max_size=6).map(tuple),
)
rules = st.one_of(
    st.builds(
        RuleFacts,
        name=st.just("class"),
        effect=st.sampled_from(["surcharge", "surcharge", "refuse"]),
        shipping_class=st.sampled_from(CLASSES[:-1]),
        amount_minor=amounts,
        per=st.sampled_from(["order", "unit"]),
    ),
    st.builds(
        RuleFacts,
        name=st.just("category"),
        effect=st.sampled_from(["surcharge", "surcharge", "refuse"]),
        category=st.sampled_from(CATEGORIES),
        amount_minor=amounts,
        per=st.sampled_from(["order", "unit"]),
    ),
)
methods = st.builds(
    MethodFacts,
    code=st.just("parcel"),
    name=st.just("Parcel"),
    kind=st.sampled_from([kind for kind in Kind if kind != Kind.NONE]),
    currency=st.just("EUR"),
    price_minor=amounts,
    step_grams=st.integers(1, 5000),
    step_price_minor=amounts,
    percent=st.decimals(0, 100, places=2),
    table_by=st.sampled_from(["weight", "value", "units"]),
    rates=st.dictionaries(amounts, amounts, max_size=4).map(
        lambda rows: tuple(RateRow(start, price) for start, price in {**rows, 0: 490}.items())
    ),
    free_from_minor=st.none() | amounts,
    min_weight_grams=weights,
    max_weight_grams=weights,
    rules=st.lists(rules, max_size=3).map(tuple),
)


@given(facts=methods, parcel=parcels, gift=_lines(st.just(0)))
def test_adding_a_free_line_never_makes_shipping_dearer(facts: MethodFacts, parcel: Parcel, gift: ParcelLine) -> None:
    before, after = _price(facts, parcel), _price(facts, _with(parcel, *parcel.lines, gift))
    assert before is None or after is None or after <= before


@given(facts=methods, parcel=parcels, gift=_lines(st.just(0)))
def test_only_a_rule_can_refuse_a_parcel_for_a_free_line(facts: MethodFacts, parcel: Parcel, gift: ParcelLine) -> None:
    more = price_of(facts, _with(parcel, *parcel.lines, gift))
    if _price(facts, parcel) is not None and more.problem:
        assert more.problem in {"refused_class", "refused_category"}


@given(facts=methods, parcel=parcels, seed=st.integers())
def test_the_order_of_lines_changes_nothing(facts: MethodFacts, parcel: Parcel, seed: int) -> None:
    lines = list(parcel.lines)
    random.Random(seed).shuffle(lines)
    shuffled = _with(parcel, *lines)
    assert price_of(facts, shuffled) == price_of(facts, parcel)
    assert shuffled.document() == parcel.document()


@given(facts=methods, parcel=parcels)
def test_documents_give_back_the_same_cents(facts: MethodFacts, parcel: Parcel) -> None:
    frozen = json.loads(json.dumps({"facts": facts.document(), "parcel": parcel.document()}))
    again = price_of(MethodFacts.from_document(frozen["facts"]), Parcel.from_document(frozen["parcel"]))
    assert again == price_of(facts, parcel)
    assert MethodFacts.from_document(frozen["facts"]) == facts


@given(facts=methods, parcel=parcels)
def test_a_price_is_never_below_nothing_and_adds_up(facts: MethodFacts, parcel: Parcel) -> None:
    cost = price_of(facts, parcel)
    if cost.price is None:
        assert cost.problem
        return
    surcharges = sum(each["amount_minor"] for each in cost.derivation["surcharges"])
    assert 0 <= cost.price.minor == cost.derivation["base_minor"] + surcharges


def test_a_percentage_is_a_decimal_through_and_through() -> None:
    facts = MethodFacts(code="p", name="p", kind=Kind.VALUE, currency="EUR", percent=Decimal("0.10"))
    assert MethodFacts.from_document(json.loads(json.dumps(facts.document()))).percent == Decimal("0.10")


def _price(facts: MethodFacts, parcel: Parcel) -> Money | None:
    return price_of(facts, parcel).price


def _with(parcel: Parcel, *lines: ParcelLine) -> Parcel:
    return Parcel(market=parcel.market, country=parcel.country, currency=parcel.currency, lines=lines)
