"""Properties that hold for every basket and every set of promotions."""

from __future__ import annotations

import json
import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.kit.money import Money
from commerce.promotions.applying import Outcome, apply
from commerce.promotions.basket import Basket, BasketLine
from commerce.promotions.rules import Benefit, Conditions, Rule
from tests.factories.promotions import (
    amount,
    basket,
    bundle_for,
    bundle_off,
    buy_get,
    fixed_price,
    free_shipping,
    gift,
    line,
    percent,
    rule,
    target,
)

CURRENCIES = ["EUR", "JPY", "KWD", "CHF"]
CATEGORIES = ["mugs", "plates", "gifts"]
percents = st.decimals(min_value=Decimal("0.01"), max_value=100, places=2).map(str)
minors = st.integers(0, 20_000)
targets = st.one_of(
    st.sampled_from(CATEGORIES).map(lambda name: target("category", name)),
    st.sampled_from(["a", "b", "c"]).map(lambda name: target("product", name)),
    st.just(target("brand", "Kiln")),
    st.just(target("attribute", "Colour", value="Moss")),
)


@st.composite
def lines_in(draw: st.DrawFn, currency: str) -> list[BasketLine]:
    keys = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6))
    return [
        line(
            key,
            draw(minors),
            draw(st.integers(1, 9)),
            currency=currency,
            categories=tuple(draw(st.sets(st.sampled_from(CATEGORIES)))),
            brand=draw(st.sampled_from(["", "Kiln"])),
            options=draw(st.sampled_from([{}, {"Colour": "Moss"}])),
            discountable=draw(st.sampled_from([True, True, True, False])),
        )
        for key in keys
    ]


@st.composite
def rules_in(draw: st.DrawFn, currency: str) -> list[Rule]:
    benefits: st.SearchStrategy[Benefit] = st.one_of(
        st.builds(percent, percents, st.sampled_from(["line", "order"])),
        st.builds(amount, minors, st.sampled_from(["line", "order"]), st.just(currency)),
        st.builds(fixed_price, minors, st.just(currency)),
        st.builds(buy_get, st.integers(1, 4), st.integers(1, 3), percents, st.sampled_from([None, 1, 2])),
        st.builds(bundle_for, minors, st.just(currency), st.sampled_from([None, 1, 2])),
        st.builds(bundle_off, percents),
        st.just(free_shipping()),
        st.just(gift("spoon")),
    )
    made = []
    for place in range(draw(st.integers(0, 5))):
        benefit = draw(benefits)
        least = 1 if benefit.kind == "bundle" else 0
        made.append(
            rule(
                f"rule-{place}",
                benefit,
                *draw(st.lists(targets, min_size=least, max_size=2)),
                priority=draw(st.integers(0, 2)),
                exclusive=draw(st.sampled_from([False, False, True])),
                best_of=draw(st.sampled_from(["", "", "season"])),
                excluded=tuple(draw(st.lists(targets, max_size=1))),
                min_value=draw(st.sampled_from([None, Money(5000, currency)])),
                min_quantity=draw(st.sampled_from([None, 2])),
                bought=tuple(draw(st.lists(targets, max_size=1))),
            )
        )
    return made


@st.composite
def cases(draw: st.DrawFn) -> tuple[Basket, list[Rule]]:
    currency = draw(st.sampled_from(CURRENCIES))
    return basket(*draw(lines_in(currency)), currency=currency), draw(rules_in(currency))


@given(case=cases())
@settings(deadline=None, max_examples=300)
def test_no_line_is_ever_discounted_below_zero(case: tuple[Basket, list[Rule]]) -> None:
    outcome = apply(*case)
    for each in case[0].lines:
        assert 0 <= outcome.off(each.key).minor <= each.value.minor
    assert all(discount.amount.minor > 0 for discounts in outcome.discounts.values() for discount in discounts)


@given(case=cases())
@settings(deadline=None, max_examples=200)
def test_discounts_on_lines_add_up_to_what_the_verdicts_say_was_saved(case: tuple[Basket, list[Rule]]) -> None:
    shopping, rules = case
    outcome = apply(shopping, rules)
    said = Money.total((each.saved for each in outcome.verdicts if each.saved), currency=shopping.currency)
    assert outcome.saved == said
    assert sorted(each.promotion for each in outcome.verdicts) == sorted(each.code for each in rules)


@given(case=cases(), seed=st.integers())
@settings(deadline=None, max_examples=200)
def test_the_order_of_lines_and_rules_never_changes_anything(case: tuple[Basket, list[Rule]], seed: int) -> None:
    shopping, rules = case
    shuffled, others = list(shopping.lines), list(rules)
    random.Random(seed).shuffle(shuffled)
    random.Random(seed).shuffle(others)
    again = apply(basket(*shuffled, currency=shopping.currency), others)
    assert again.document() == apply(shopping, rules).document()


@given(case=cases(), quantity=st.integers(1, 9))
@settings(deadline=None, max_examples=200)
def test_a_line_that_costs_nothing_changes_nothing(case: tuple[Basket, list[Rule]], quantity: int) -> None:
    shopping, rules = case
    free = line("a-free-one", 0, quantity, currency=shopping.currency, categories=tuple(CATEGORIES), brand="Kiln")
    with_it = basket(free, *shopping.lines, currency=shopping.currency)
    assert apply(with_it, rules).document() == apply(shopping, rules).document()


@given(case=cases())
@settings(deadline=None, max_examples=200)
def test_what_is_written_down_replays_to_the_same_cents(case: tuple[Basket, list[Rule]]) -> None:
    shopping, rules = case
    written = json.loads(json.dumps({"basket": shopping.document(), "rules": [each.document() for each in rules]}))
    again: Outcome = apply(
        Basket.from_document(written["basket"]), [Rule.from_document(each) for each in written["rules"]]
    )
    outcome = apply(shopping, rules)
    assert again.document() == json.loads(json.dumps(outcome.document()))
    assert [Conditions.from_document(each.conditions.document()) for each in rules] == [e.conditions for e in rules]


@given(case=cases())
@settings(deadline=None, max_examples=200)
def test_an_exclusive_promotion_stands_alone(case: tuple[Basket, list[Rule]]) -> None:
    shopping, rules = case
    exclusive = {each.code for each in rules if each.exclusive}
    applied = [each.promotion for each in apply(shopping, rules).verdicts if each.applied]
    assert not exclusive & set(applied) or len(applied) == 1


@given(case=cases())
@settings(deadline=None, max_examples=200)
def test_at_most_one_of_a_best_of_name_applies(case: tuple[Basket, list[Rule]]) -> None:
    shopping, rules = case
    named = {each.code for each in rules if each.best_of}
    applied = [each.promotion for each in apply(shopping, rules).verdicts if each.applied]
    assert len(named & set(applied)) <= 1
