"""What holds for every quote, asked of purchases that nobody has thought of. No database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.checkout.quoting.computing import compute
from commerce.checkout.quoting.explaining import explain
from commerce.checkout.quoting.facts import Delivery, Goods, LineFacts, QuoteFacts
from commerce.checkout.quoting.inventing import invent
from commerce.checkout.quoting.replaying import differences
from commerce.kit.money import Money
from commerce.orders.refund_shares import refund_shares
from commerce.orders.snapshots import QuoteSnapshot
from commerce.shipping.costing import Kind, MethodFacts
from commerce.tax.treatment import TAXED

always = settings(deadline=None, max_examples=100)
purchases = st.integers(0, 2**40).map(lambda seed: invent(Random(seed)))


@given(purchases)
@always
def test_the_parts_add_up_to_the_total(facts: QuoteFacts) -> None:
    quote = compute(facts)
    for line in quote["lines"]:
        assert minor(line["total"]) == minor(line["subtotal"]) - minor(line["discount"]) - minor(line["relief"])
        assert minor(line["subtotal"]) == minor(line["unit_price"]) * line["quantity"]
        assert minor(line["discount"]) == sum(minor(each["amount"]) for each in line["discounts"])
    for name, part in [("subtotal", "subtotal"), ("discount_total", "discount"), ("relief_total", "relief")]:
        assert minor(quote[name]) == sum(minor(line[part]) for line in quote["lines"])  # type: ignore[literal-required]
    taxed = [*quote["lines"], *([quote["shipping"]] if quote["shipping"] else [])]
    assert minor(quote["tax_total"]) == sum(minor(part["tax"]) for part in taxed)
    assert minor(quote["tax_total"]) == sum(minor(row["total"]) for row in quote["tax"])
    exact = sum(minor(part["total"]) for part in taxed)
    exact += 0 if quote["tax_inclusive"] else minor(quote["tax_total"])
    assert minor(quote["total"]) == exact + minor(quote["rounding"])
    assert minor(quote["total"]) == minor(quote["due"]) + sum(minor(each["amount"]) for each in quote["credits"])


@given(purchases)
@always
def test_shipping_costs_its_price_less_what_is_off(facts: QuoteFacts) -> None:
    shipping = compute(facts)["shipping"]
    if shipping:
        off = minor(shipping["discount"]) + minor(shipping["relief"])
        assert minor(shipping["total"]) == minor(shipping["price"]) - off


@given(purchases)
@always
def test_the_total_is_made_of_whole_coins_and_never_half_a_coin_away(facts: QuoteFacts) -> None:
    quote = compute(facts)
    assert minor(quote["total"]) % facts.rounding_minor == 0
    assert abs(minor(quote["rounding"])) * 2 <= facts.rounding_minor


@given(purchases)
@always
def test_nothing_is_below_zero(facts: QuoteFacts) -> None:
    quote: dict[str, Any] = {**compute(facts), "rounding": None, "facts": None}
    assert all(money["minor"] >= 0 for money in moneys(quote))


@given(purchases, st.randoms(use_true_random=False))
@always
def test_the_order_of_lines_rules_and_gifts_never_changes_anything(facts: QuoteFacts, chance: Random) -> None:
    def shuffled(things: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(things, len(things)))

    other = replace(facts, lines=shuffled(facts.lines), rules=shuffled(facts.rules), gifts=shuffled(facts.gifts))
    assert without_facts(compute(other)) == without_facts(compute(facts))


@given(purchases, st.uuids(), st.randoms(use_true_random=False), st.integers(1, 30))
@always
def test_a_free_item_never_raises_the_total(facts: QuoteFacts, variant: UUID, chance: Random, quantity: int) -> None:
    facts = taxed_by_the_shop(never_refusing(facts))
    more = replace(facts, lines=(*facts.lines, free_item(facts, variant, chance, quantity)))
    assert minor(compute(more)["total"]) <= minor(compute(facts)["total"])


@given(purchases)
@always
def test_prices_without_tax_and_the_same_prices_with_their_tax_come_to_the_same(facts: QuoteFacts) -> None:
    """Exact this way round: what was rounded onto a net price is found again in the gross one (|error| < 1/2 unit)."""
    net = replace(
        taxed_by_the_shop(facts),
        tax_inclusive=False,
        treatment=TAXED,
        rules=(),
        gifts=(),
        shipping_tax="standard",
        delivery=parcel(777, facts.currency) if facts.delivery else None,
    )
    without = compute(net)
    shipping = without["shipping"]
    gross = replace(
        net,
        tax_inclusive=True,
        lines=tuple(
            replace(sold, unit_price=Money(minor(line["total"]) + minor(line["tax"]), net.currency), quantity=1)
            for sold, line in zip(net.lines, without["lines"], strict=True)
        ),
        delivery=parcel(minor(shipping["total"]) + minor(shipping["tax"]), net.currency) if shipping else None,
    )
    with_tax = compute(gross)
    assert [line["tax"] for line in with_tax["lines"]] == [line["tax"] for line in without["lines"]]
    assert with_tax["tax"] == [{**row, "included": True} for row in without["tax"]]
    for name in ("tax_total", "rounding", "total", "credits", "due"):
        assert with_tax[name] == without[name]  # type: ignore[literal-required]


@given(purchases)
@always
def test_what_promotions_save_is_spread_to_the_cent(facts: QuoteFacts) -> None:
    quote = compute(facts)
    spread: dict[str, int] = {}
    for line in quote["lines"]:
        for each in line["discounts"]:
            spread[each["promotion"]] = spread.get(each["promotion"], 0) + minor(each["amount"])
    said = {each["promotion"]: minor(each["saved"]) for each in quote["promotions"] if each["saved"]}
    assert spread == said
    for line in quote["lines"]:
        for each in line["discounts"]:
            if "off" in each["derivation"]:
                assert minor(each["derivation"]["off"]) == spread[each["promotion"]]


@given(purchases)
@always
def test_a_frozen_quote_replays_to_the_same_cents(facts: QuoteFacts) -> None:
    quote = compute(facts)
    frozen = json.loads(json.dumps(quote))
    assert frozen == quote
    assert differences(frozen) == []


@given(purchases, st.integers(0, 200), st.integers(1, 3))
@always
def test_a_changed_cent_is_noticed(facts: QuoteFacts, place: int, more: int) -> None:
    """The negative control: whichever amount is tampered with, the replay names a difference."""
    frozen = json.loads(json.dumps(compute(facts)))
    amounts = list(moneys({**frozen, "facts": None}))
    amounts[place % len(amounts)]["minor"] += more
    assert differences(frozen)


@given(purchases, st.randoms(use_true_random=False))
@always
def test_returns_in_whatever_portions_give_back_exactly_what_was_paid(facts: QuoteFacts, chance: Random) -> None:
    quote = compute(facts)
    paid = {
        place: (Money(minor(line["total"]) + on_top(quote, line["tax"]), facts.currency), line["quantity"])
        for place, line in enumerate(quote["lines"])
    }
    already = dict.fromkeys(paid, 0)
    given_back = 0
    while left := {key: paid[key][1] - already[key] for key in paid if paid[key][1] > already[key]}:
        chosen = chance.sample(sorted(left), chance.randint(1, len(left)))
        returned = {key: chance.randint(1, left[key]) for key in chosen}
        shares = refund_shares(paid=paid, returned=returned, already=already)
        assert all(share.minor >= 0 for share in shares.values())
        given_back += sum(share.minor for share in shares.values())
        already |= {key: already[key] + units for key, units in returned.items()}
    shipping = quote["shipping"]
    for_shipping = minor(shipping["total"]) + on_top(quote, shipping["tax"]) if shipping else 0
    assert given_back + for_shipping + minor(quote["rounding"]) == minor(quote["total"])


@given(purchases)
@always
def test_every_amount_is_explained_in_words(facts: QuoteFacts) -> None:
    quote = compute(facts)
    steps = explain(quote)
    json.dumps([step.document() for step in steps])
    words = [step.words for step in steps]
    assert all(each.endswith(".") and "{" not in each and "?" not in each for each in words)

    def said(subject: str) -> str:
        return " ".join(step.words for step in steps if step.subject.startswith(subject))

    for line in quote["lines"]:
        own = [line[name] for name in ("unit_price", "subtotal", "relief", "total", "tax")]  # type: ignore[literal-required]
        own += [each["amount"] for each in line["discounts"]]
        assert unsaid(own, said(f"line:{line['variant']}")) == []
    if shipping := quote["shipping"]:
        own = [shipping[name] for name in ("price", "discount", "relief", "total", "tax")]  # type: ignore[literal-required]
        assert unsaid(own, said("shipping")) == []
    assert unsaid([row["total"] for row in quote["tax"]] + [row["net"] for row in quote["tax"]], said("tax")) == []
    assert unsaid([each["saved"] for each in quote["promotions"] if each["saved"]], said("promotion")) == []
    assert unsaid([each["amount"] for each in quote["credits"]], said("credit")) == []
    names = ("subtotal", "discount_total", "relief_total", "total", "due")
    assert unsaid([quote[name] for name in names], said("total")) == []  # type: ignore[literal-required]
    rounding = Money(abs(minor(quote["rounding"])), facts.currency)
    assert unsaid([rounding.document()], said("total")) == []


def minor(money: Any) -> int:
    return int(money["minor"])


def on_top(quote: QuoteSnapshot, tax: Any) -> int:
    return 0 if quote["tax_inclusive"] else minor(tax)


def unsaid(amounts: list[Any], words: str) -> list[str]:
    told = [str(Money.from_document(money)) for money in amounts if money["minor"]]
    return [each for each in told if each not in words]


def moneys(value: Any) -> Iterator[dict[str, Any]]:
    """Every amount of money anywhere in a document."""
    if isinstance(value, dict):
        if value.keys() == {"amount", "minor", "currency"}:
            yield value
        else:
            for each in value.values():
                yield from moneys(each)
    elif isinstance(value, list):
        for each in value:
            yield from moneys(each)


def without_facts(quote: QuoteSnapshot) -> dict[str, Any]:
    return {**quote, "facts": None}


def taxed_by_the_shop(facts: QuoteFacts) -> QuoteFacts:
    """By its own table; what a tax service said of one purchase says nothing of another."""
    if "rates" in facts.tax:
        return facts
    table = {"country": facts.country, "region": facts.region}
    rate = {**table, "valid_from": facts.at, "valid_until": None, "source": ""}
    rates = [{**rate, "class": "reduced", "percent": "7"}, {**rate, "class": "standard", "percent": "19"}]
    return replace(facts, tax={"provider": "builtin", "rates": {**table, "rates": rates}})


def never_refusing(facts: QuoteFacts) -> QuoteFacts:
    """Shipped by a way that takes everything: a rule that refuses a thing refuses it, free or not."""
    if facts.delivery is None:
        return facts
    delivery = facts.delivery if facts.delivery.method else parcel(500, facts.currency)
    method = delivery.method
    assert method is not None
    rules = tuple(rule for rule in method.rules if rule.effect != "refuse")
    return replace(facts, delivery=replace(delivery, method=replace(method, rules=rules)))


def free_item(facts: QuoteFacts, variant: UUID, chance: Random, quantity: int) -> LineFacts:
    """It may be anything: bulky, heavy, of the promoted category, brand and colour, reduced, a download."""
    zero, like = Money.zero(facts.currency), chance.choice(facts.lines).goods
    goods = Goods(
        **{
            **{name: getattr(like, name) for name in Goods.__dataclass_fields__},
            "variant": variant,
            "tax_class": chance.choice(["standard", "reduced", "zero"]),
            "shipping_class": chance.choice(["standard", "bulky", "none"]),
            "weight_grams": chance.choice([0, 100, 40_000]),
        }
    )
    price = {**facts.lines[0].price, "amount": zero.document(), "regular": zero.document(), "base": None}
    return LineFacts(goods=goods, quantity=quantity, unit_price=zero, price=price)


def parcel(price_minor: int, currency: str) -> Delivery:
    return Delivery(method=MethodFacts("parcel", "Parcel", Kind.FLAT, currency, price_minor=price_minor))
