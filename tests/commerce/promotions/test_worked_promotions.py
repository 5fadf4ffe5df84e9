"""What promotions take off, worked out by hand. Amounts are in minor units: 1999 is 19.99 EUR, 500 is 500 JPY.

Each row: what is in the basket, which promotions run, what comes off each line.
"""

from __future__ import annotations

from typing import Any

import pytest

from commerce.kit.money import Money
from commerce.promotions.applying import apply
from commerce.promotions.basket import Basket
from commerce.promotions.conditions import Reason
from commerce.promotions.rules import Rule
from tests.factories.promotions import (
    amount,
    basket,
    bundle_for,
    bundle_off,
    buy_get,
    fixed_price,
    free_shipping,
    gift,
    key_of,
    line,
    percent,
    rule,
    target,
)

MUGS, PLATES = target("category", "mugs"), target("category", "plates")


def mug(minor: int = 1000, quantity: int = 1, key: str = "mug", **fields: Any) -> Any:
    return line(key, minor, quantity, categories=("mugs", "kitchen"), **fields)


def plate(minor: int = 2000, quantity: int = 1, key: str = "plate", **fields: Any) -> Any:
    return line(key, minor, quantity, categories=("plates", "kitchen"), **fields)


def yen(minor: int, quantity: int = 1, key: str = "mug") -> Any:
    return mug(minor, quantity, key, currency="JPY")


def dinar(minor: int, quantity: int = 1, key: str = "mug") -> Any:
    return mug(minor, quantity, key, currency="KWD")


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


PERCENTAGES = [
    pytest.param([mug(1000)], [rule("ten", percent("10"))], {"mug": 100}, id="10 % of 10.00 is 1.00"),
    pytest.param([mug(1999)], [rule("ten", percent("10"))], {"mug": 200}, id="10 % of 19.99 is 1.999, so 2.00"),
    pytest.param([mug(5)], [rule("ten", percent("10"))], {"mug": 1}, id="10 % of 0.05 is half a cent, rounded up"),
    pytest.param([mug(4)], [rule("ten", percent("10"))], {}, id="10 % of 0.04 is 0.4 cents, which is nothing"),
    pytest.param(
        [mug(333, 3)],
        [rule("ten", percent("10"))],
        {"mug": 100},
        id="a line is rounded once: 10 % of 3 × 3.33 is 0.999, not 3 × 0.33",
    ),
    pytest.param([mug(1000)], [rule("third", percent("33.33"))], {"mug": 333}, id="33.33 % of 10.00 is 3.333"),
    pytest.param([mug(1000)], [rule("all", percent("100"))], {"mug": 1000}, id="100 % makes it free"),
    pytest.param(
        [mug(105), plate(105)],
        [rule("ten", percent("10"))],
        {"mug": 11, "plate": 11},
        id="each line by itself: 10 % of 1.05 twice is 0.11 twice",
    ),
    pytest.param(
        [mug(105), plate(105)],
        [rule("ten", percent("10", "order"))],
        {"mug": 11, "plate": 10},
        id="all together: 10 % of 2.10 is 0.21, and the odd cent falls on the first line",
    ),
    pytest.param(
        [mug(1000), plate(2000)],
        [rule("ten", percent("10", "order"))],
        {"mug": 100, "plate": 200},
        id="an order's 10 % is shared by value",
    ),
    pytest.param([yen(999)], [rule("ten", percent("10"))], {"mug": 100}, id="10 % of 999 yen is 99.9, so 100 yen"),
    pytest.param([yen(333, 3)], [rule("half", percent("50"))], {"mug": 500}, id="half of 999 yen is 499.5, so 500"),
    pytest.param(
        [dinar(1250)], [rule("fifteen", percent("15"))], {"mug": 188}, id="15 % of 1.250 dinars is 0.1875, so 0.188"
    ),
    pytest.param(
        [yen(100), yen(100, key="plate"), yen(100, key="vase")],
        [rule("third", percent("33.33", "order"))],
        {"mug": 34, "plate": 33, "vase": 33},
        id="33.33 % of 300 yen is 99.99, so 100 yen: 34, 33 and 33",
    ),
]

AMOUNTS = [
    pytest.param([mug(1000)], [rule("two", amount(200))], {"mug": 200}, id="2.00 off a mug"),
    pytest.param([mug(1000, 3)], [rule("two", amount(200))], {"mug": 600}, id="2.00 off each of three mugs"),
    pytest.param([mug(150, 2)], [rule("two", amount(200))], {"mug": 300}, id="2.00 off what costs 1.50: free, no less"),
    pytest.param(
        [mug(1000), plate(2000)],
        [rule("five", amount(500, "order"))],
        {"mug": 167, "plate": 333},
        id="5.00 off the order by value: 1.666… and 3.333…, the odd cent to the greater remainder",
    ),
    pytest.param(
        [mug(1000), plate(1000), line("vase", 1000)],
        [rule("ten", amount(1000, "order"))],
        {"mug": 334, "plate": 333, "vase": 333},
        id="10.00 off three equal lines: 3.34, 3.33, 3.33",
    ),
    pytest.param(
        [mug(300), plate(200)],
        [rule("ten", amount(1000, "order"))],
        {"mug": 300, "plate": 200},
        id="10.00 off an order of 5.00 leaves nothing to pay, not less",
    ),
    pytest.param(
        [yen(1000), yen(500, key="plate")],
        [rule("hundred", amount(100, "order", "JPY"))],
        {"mug": 67, "plate": 33},
        id="100 yen off by value: 66.67 and 33.33",
    ),
    pytest.param(
        [dinar(10_000), dinar(5_000, key="plate")],
        [rule("one", amount(1000, "order", "KWD"))],
        {"mug": 667, "plate": 333},
        id="1.000 dinar off by value: 0.667 and 0.333",
    ),
    pytest.param([mug(1000)], [rule("yen", amount(100, currency="JPY"))], {}, id="yen do not come off euros"),
]

FIXED_PRICES = [
    pytest.param([mug(1299)], [rule("ten", fixed_price(999))], {"mug": 300}, id="12.99 now costs 9.99"),
    pytest.param([mug(1299, 2)], [rule("ten", fixed_price(999))], {"mug": 600}, id="two of them: 6.00 off"),
    pytest.param([mug(899)], [rule("ten", fixed_price(999))], {}, id="a fixed price never makes anything dearer"),
    pytest.param([mug(1299)], [rule("free", fixed_price(0))], {"mug": 1299}, id="a fixed price of nothing"),
    pytest.param([dinar(1500)], [rule("one", fixed_price(1250, "KWD"))], {"mug": 250}, id="1.500 dinars now 1.250"),
]

TARGETS = [
    pytest.param(
        [mug(), plate()], [rule("mugs", percent("10"), MUGS)], {"mug": 100}, id="a category's promotion takes its own"
    ),
    pytest.param(
        [mug(), plate()],
        [rule("kitchen", percent("10"), target("category", "kitchen"))],
        {"mug": 100, "plate": 200},
        id="a category above counts for everything beneath",
    ),
    pytest.param(
        [mug(), plate()],
        [rule("both", percent("10"), MUGS, PLATES)],
        {"mug": 100, "plate": 200},
        id="a line need only be one of the targets",
    ),
    pytest.param(
        [mug(brand="Kiln"), plate()],
        [rule("kiln", percent("10"), target("brand", "Kiln"))],
        {"mug": 100},
        id="one brand",
    ),
    pytest.param(
        [mug(collections=("winter",)), plate()],
        [rule("winter", percent("10"), target("collection", "winter"))],
        {"mug": 100},
        id="one collection",
    ),
    pytest.param(
        [mug(options={"Colour": "Moss"}), plate(options={"Colour": "Clay"})],
        [rule("moss", percent("10"), target("attribute", "Colour", value="Moss"))],
        {"mug": 100},
        id="one colour",
    ),
    pytest.param([mug(), plate()], [rule("it", percent("10"), target("product", "mug"))], {"mug": 100}, id="a product"),
    pytest.param([mug(), plate()], [rule("it", percent("10"), target("variant", "mug"))], {"mug": 100}, id="a variant"),
    pytest.param(
        [mug(), plate(brand="Kiln")],
        [rule("most", percent("10"), excluded=(target("brand", "Kiln"),))],
        {"mug": 100},
        id="everything except one brand",
    ),
    pytest.param(
        [mug(), line("card", 5000, discountable=False)],
        [rule("ten", percent("10"))],
        {"mug": 100},
        id="a gift card is never discounted",
    ),
]

BUY_X_GET_Y = [
    pytest.param([mug(1000, 3)], [rule("3for2", buy_get(2, 1))], {"mug": 1000}, id="three for the price of two"),
    pytest.param([mug(1000, 2)], [rule("3for2", buy_get(2, 1))], {}, id="two of three: nothing yet"),
    pytest.param([mug(1000, 5)], [rule("3for2", buy_get(2, 1))], {"mug": 1000}, id="five are one set of three"),
    pytest.param([mug(1000, 6)], [rule("3for2", buy_get(2, 1))], {"mug": 2000}, id="six are two sets"),
    pytest.param(
        [mug(1000, 6)], [rule("3for2", buy_get(2, 1, at_most=1))], {"mug": 1000}, id="once in an order, however many"
    ),
    pytest.param(
        [mug(1000, 2), mug(600, key="small")],
        [rule("3for2", buy_get(2, 1), MUGS)],
        {"small": 600},
        id="the cheapest is the free one",
    ),
    pytest.param(
        [mug(1000), mug(1000, key="a mug"), mug(1000, key="z mug")],
        [rule("3for2", buy_get(2, 1))],
        {"a mug": 1000},
        id="at equal prices the first line is the free one",
    ),
    pytest.param([mug(1000, 2)], [rule("second", buy_get(1, 1, "50"))], {"mug": 500}, id="the second at half price"),
    pytest.param([mug(333, 2)], [rule("second", buy_get(1, 1, "50"))], {"mug": 167}, id="half of 3.33 is 1.67 off"),
    pytest.param(
        [mug(1000, 2), plate(2000)],
        [rule("gift-plate", buy_get(2, 1), PLATES, bought=(MUGS,))],
        {"plate": 2000},
        id="two mugs bought, a plate free",
    ),
    pytest.param(
        [mug(1000, 1), plate(2000)],
        [rule("gift-plate", buy_get(2, 1), PLATES, bought=(MUGS,))],
        {},
        id="one mug is not two",
    ),
    pytest.param(
        [mug(1000, 3)],
        [rule("2and2", buy_get(2, 2))],
        {"mug": 1000},
        id="buy two, get two: with three in the basket the third is free",
    ),
    pytest.param(
        [mug(1000, 2), mug(0, 5, key="sample")],
        [rule("3for2", buy_get(2, 1))],
        {},
        id="samples that cost nothing make no third",
    ),
    pytest.param([yen(501, 2)], [rule("second", buy_get(1, 1, "50"))], {"mug": 251}, id="half of 501 yen is 250.5"),
]

BUNDLES = [
    pytest.param(
        [mug(1000), plate(2000)],
        [rule("set", bundle_for(2500), MUGS, PLATES)],
        {"mug": 167, "plate": 333},
        id="a mug and a plate for 25.00: 5.00 less, shared by value",
    ),
    pytest.param([mug(1000)], [rule("set", bundle_for(2500), MUGS, PLATES)], {}, id="no bundle without the plate"),
    pytest.param(
        [mug(1000, 2), plate(2000, 3)],
        [rule("set", bundle_for(2500), MUGS, PLATES)],
        {"mug": 333, "plate": 667},
        id="two bundles save 10.00; the third plate costs what it costs",
    ),
    pytest.param(
        [mug(1000, 2), plate(2000, 2)],
        [rule("set", bundle_for(2500, at_most=1), MUGS, PLATES)],
        {"mug": 167, "plate": 333},
        id="one bundle in an order",
    ),
    pytest.param(
        [mug(1000, 4), plate(2000)],
        [rule("table", bundle_off("10"), target("category", "mugs", quantity=4), PLATES)],
        {"mug": 400, "plate": 200},
        id="four mugs and a plate at 10 % off 60.00",
    ),
    pytest.param(
        [mug(1000), plate(1000)],
        [rule("set", bundle_for(2500), MUGS, PLATES)],
        {},
        id="a bundle dearer than its parts is no bundle",
    ),
    pytest.param(
        [mug(1000), mug(1500, key="big"), plate(2000)],
        [rule("set", bundle_for(2500), MUGS, PLATES)],
        {"big": 429, "plate": 571},
        id="the dearer mug goes into the bundle: 10.00 off 35.00 shared 3 to 4",
    ),
    pytest.param(
        [yen(1000), line("plate", 2000, currency="JPY", categories=("plates",))],
        [rule("set", bundle_for(2500, "JPY"), MUGS, PLATES)],
        {"mug": 167, "plate": 333},
        id="a bundle for 2500 yen",
    ),
]

STACKING = [
    pytest.param(
        [mug(1000)],
        [rule("first", percent("10"), priority=2), rule("second", percent("10"), priority=1)],
        {"mug": 190},
        id="10 % and then 10 % of what is left: 1.00 and 0.90",
    ),
    pytest.param(
        [mug(1000)],
        [rule("percent", percent("10"), priority=1), rule("amount", amount(200))],
        {"mug": 300},
        id="first the percentage, by its priority: 1.00, then 2.00",
    ),
    pytest.param(
        [mug(1000)],
        [rule("percent", percent("10")), rule("amount", amount(200), priority=1)],
        {"mug": 280},
        id="first the amount: 2.00, then 10 % of 8.00",
    ),
    pytest.param(
        [mug(1000)],
        [rule("b", percent("10")), rule("a", amount(200))],
        {"mug": 280},
        id="at the same priority by their codes: a, then b",
    ),
    pytest.param(
        [mug(1000)],
        [rule("small", percent("10"), best_of="sale"), rule("big", amount(300), best_of="sale")],
        {"mug": 300},
        id="of two with the same word only the better",
    ),
    pytest.param(
        [mug(5000)],
        [rule("small", percent("10"), best_of="sale"), rule("big", amount(300), best_of="sale")],
        {"mug": 500},
        id="which is the better depends on the basket",
    ),
    pytest.param(
        [mug(1000)],
        [rule("alone", percent("20"), exclusive=True, priority=1), rule("other", amount(100))],
        {"mug": 200},
        id="an exclusive one that comes first ends the walk",
    ),
    pytest.param(
        [mug(1000)],
        [rule("alone", percent("20"), exclusive=True), rule("other", amount(100), priority=1)],
        {"mug": 100},
        id="an exclusive one that comes later stays away",
    ),
    pytest.param(
        [mug(1000)],
        [rule("alone", percent("20"), MUGS, exclusive=True), rule("plates", amount(100), PLATES, priority=1)],
        {"mug": 200},
        id="what did not apply does not keep an exclusive one away",
    ),
    pytest.param(
        [mug(1000)],
        [rule("eight", amount(800), priority=1), rule("five", amount(500))],
        {"mug": 1000},
        id="8.00 and 5.00 off 10.00 end at nothing",
    ),
    pytest.param(
        [mug(1000, 3)],
        [rule("ten", percent("10"), priority=1), rule("3for2", buy_get(2, 1))],
        {"mug": 1200},
        id="three for two of what is left: 3.00, then a third of 27.00",
    ),
]

CONDITIONS = [
    pytest.param(
        [mug(1000, 5)], [rule("fifty", percent("10"), min_value=euros(5000))], {"mug": 500}, id="from 50.00: at 50.00"
    ),
    pytest.param([mug(4999)], [rule("fifty", percent("10"), min_value=euros(5000))], {}, id="from 50.00: not at 49.99"),
    pytest.param(
        [mug(5001)], [rule("small", percent("10"), max_value=euros(5000))], {}, id="up to 50.00: not at 50.01"
    ),
    pytest.param(
        [mug(1000), line("card", 5000, discountable=False)],
        [rule("fifty", percent("10"), min_value=euros(5000))],
        {},
        id="a gift card does not help to reach 50.00",
    ),
    pytest.param(
        [mug(5000)],
        [rule("half", percent("50"), priority=1), rule("fifty", amount(500), min_value=euros(5000))],
        {"mug": 3000},
        id="50.00 are counted before any promotion",
    ),
    pytest.param([mug(1000, 2)], [rule("three", percent("10"), MUGS, min_quantity=3)], {}, id="from three: not two"),
    pytest.param(
        [mug(1000, 2), mug(500, key="small")],
        [rule("three", percent("10"), MUGS, min_quantity=3)],
        {"mug": 200, "small": 50},
        id="from three: two and one of the same category",
    ),
    pytest.param([mug(1000, 3)], [rule("few", percent("10"), max_quantity=2)], {}, id="up to two: not three"),
    pytest.param(
        [mug(1000), plate(2000)],
        [rule("with-plate", percent("10"), MUGS, bought=(PLATES,))],
        {"mug": 100},
        id="mugs are cheaper beside a plate",
    ),
    pytest.param([mug(1000)], [rule("with-plate", percent("10"), MUGS, bought=(PLATES,))], {}, id="and not without"),
]


@pytest.mark.parametrize(
    ("lines", "rules", "expected"),
    PERCENTAGES + AMOUNTS + FIXED_PRICES + TARGETS + BUY_X_GET_Y + BUNDLES + STACKING + CONDITIONS,
)
def test_what_comes_off_each_line(lines: list[Any], rules: list[Rule], expected: dict[str, int]) -> None:
    outcome = apply(basket(*lines), rules)
    assert {key: outcome.off(key).minor for key in outcome.discounts} == expected


SHOPPERS = [
    pytest.param({"groups": {"members"}}, {"groups": frozenset({"members"})}, Reason.APPLIED, id="a member"),
    pytest.param({"groups": {"members"}}, {}, Reason.OTHER_GROUP, id="a stranger to the group"),
    pytest.param({"market": "uk"}, {"market": "uk"}, Reason.APPLIED, id="the promotion's market"),
    pytest.param({"market": "uk"}, {"market": "eu"}, Reason.OTHER_MARKET, id="another market"),
    pytest.param({"channel": "app"}, {"channel": "app"}, Reason.APPLIED, id="the promotion's channel"),
    pytest.param({"channel": "app"}, {"channel": ""}, Reason.OTHER_CHANNEL, id="another channel"),
    pytest.param({"first_order": True}, {"is_first_order": True}, Reason.APPLIED, id="a first order"),
    pytest.param({"first_order": True}, {}, Reason.NOT_FIRST_ORDER, id="not a first order"),
    pytest.param({"countries": {"DE"}}, {"shipping_country": "DE"}, Reason.APPLIED, id="shipped to Germany"),
    pytest.param({"countries": {"DE"}}, {"shipping_country": "FR"}, Reason.OTHER_COUNTRY, id="shipped to France"),
    pytest.param({"countries": {"DE"}}, {}, Reason.OTHER_COUNTRY, id="nobody knows yet where to"),
]


@pytest.mark.parametrize(("asked", "facts", "reason"), SHOPPERS)
def test_for_whom_a_promotion_is(asked: dict[str, Any], facts: dict[str, Any], reason: Reason) -> None:
    conditions = {name: frozenset(value) if isinstance(value, set) else value for name, value in asked.items()}
    [verdict] = apply(basket(mug(), **facts), [rule("some", percent("10"), **conditions)]).verdicts
    assert (verdict.reason, verdict.applied) == (reason, reason is Reason.APPLIED)


EXPLAINED = [
    pytest.param(
        basket(mug(3800)),
        [rule("fifty", percent("10"), min_value=euros(5000))],
        {"fifty": (Reason.VALUE_TOO_LOW, {"missing": euros(1200).document()})},
        id="12.00 more and it applies",
    ),
    pytest.param(
        basket(mug(1000, 2)),
        [rule("three", percent("10"), min_quantity=3)],
        {"three": (Reason.QUANTITY_TOO_LOW, {"needed": 3, "missing": 1})},
        id="one more and it applies",
    ),
    pytest.param(
        basket(mug(1000, 2)),
        [rule("3for2", buy_get(2, 1))],
        {"3for2": (Reason.TOO_FEW_BOUGHT, {"buy": 2, "get": 1, "present": 2})},
        id="the third is missing",
    ),
    pytest.param(
        basket(mug(1000)),
        [rule("set", bundle_for(1500), MUGS, PLATES)],
        {"set": (Reason.BUNDLE_INCOMPLETE, {"target": PLATES.document(), "missing": 1})},
        id="the plate is missing",
    ),
    pytest.param(
        basket(mug(1000)),
        [rule("small", percent("10"), best_of="sale"), rule("big", amount(300), best_of="sale")],
        {
            "small": (
                Reason.ANOTHER_SAVES_MORE,
                {"by": "big", "would_save": euros(100).document(), "winner_saves": euros(300).document()},
            ),
            "big": (Reason.APPLIED, {}),
        },
        id="another saves 3.00, this would save 1.00",
    ),
    pytest.param(
        basket(mug(1000)),
        [rule("one", percent("10"), best_of="sale"), rule("two", amount(100), best_of="sale", priority=1)],
        {"one": (Reason.ANOTHER_SAVES_MORE, {"by": "two"}), "two": (Reason.APPLIED, {})},
        id="of two that save the same the higher priority",
    ),
    pytest.param(
        basket(mug(1000)),
        [rule("alone", percent("20"), exclusive=True, priority=1), rule("other", amount(100))],
        {"alone": (Reason.APPLIED, {}), "other": (Reason.ENDED_BY_EXCLUSIVE, {"by": "alone"})},
        id="an exclusive one ended the walk",
    ),
    pytest.param(
        basket(mug(1000)),
        [rule("alone", percent("20"), exclusive=True), rule("other", amount(100), priority=1)],
        {"alone": (Reason.NOT_BESIDE_OTHERS, {"applied": ["other"]}), "other": (Reason.APPLIED, {})},
        id="an exclusive one does not join others",
    ),
    pytest.param(
        basket(mug(1000)),
        [rule("all", percent("100"), priority=1), rule("more", percent("10"))],
        {"more": (Reason.NOTHING_TO_SAVE, {})},
        id="nothing is left to save on",
    ),
    pytest.param(
        basket(plate()), [rule("mugs", percent("10"), MUGS)], {"mugs": (Reason.NO_LINE_MATCHES, {})}, id="no mugs"
    ),
    pytest.param(basket(), [rule("ten", percent("10"))], {"ten": (Reason.NO_LINE_MATCHES, {})}, id="an empty basket"),
    pytest.param(
        basket(mug()),
        [rule("secret", percent("10"), requires_coupon=True)],
        {"secret": (Reason.COUPON_NEEDED, {})},
        id="no coupon",
    ),
]


@pytest.mark.parametrize(("shopping", "rules", "expected"), EXPLAINED)
def test_every_promotion_says_why_it_did_or_did_not_apply(
    shopping: Basket, rules: list[Rule], expected: dict[str, tuple[Reason, dict[str, Any]]]
) -> None:
    verdicts = {each.promotion: each for each in apply(shopping, rules).verdicts}
    assert set(verdicts) == {each.code for each in rules}
    for code, (reason, facts) in expected.items():
        assert verdicts[code].reason == reason
        assert facts.items() <= dict(verdicts[code].facts).items()


def test_the_worked_example_of_the_guide() -> None:
    """docs/promotions.md, "A worked example"."""
    shopping = basket(mug(1250, 2), plate(2000))
    spring = rule("spring", percent("10"), MUGS, priority=10)
    season_a = rule("season-a", amount(300, "order"), priority=5, best_of="season")
    season_b = rule("season-b", percent("5", "order"), priority=5, best_of="season")
    welcome = rule("welcome", amount(500, "order"), min_value=euros(4000), requires_coupon=True, coupon="WELCOME5")
    clearance = rule("clearance", percent("15"), priority=-5, exclusive=True)
    outcome = apply(shopping, [clearance, welcome, season_b, season_a, spring])
    taken_off = {key: [each.amount.minor for each in outcome.discounts[key]] for key in outcome.discounts}
    assert taken_off == {"mug": [250, 159, 265], "plate": [141, 235]}
    assert outcome.saved == euros(4500 - 3450)
    assert [(each.promotion, each.reason) for each in outcome.verdicts] == [
        ("spring", Reason.APPLIED),
        ("season-a", Reason.APPLIED),
        ("season-b", Reason.ANOTHER_SAVES_MORE),
        ("welcome", Reason.APPLIED),
        ("clearance", Reason.NOT_BESIDE_OTHERS),
    ]
    first = rule("clearance", percent("15"), priority=20, exclusive=True)
    assert apply(shopping, [first, welcome, season_b, season_a, spring]).saved == euros(4500 - 3825)


def test_a_coupon_is_named_where_it_saves() -> None:
    unlocked = rule("welcome", percent("10"), requires_coupon=True, coupon="WELCOME10")
    outcome = apply(basket(mug(1000)), [unlocked])
    assert [each.coupon for each in outcome.discounts["mug"]] == ["WELCOME10"]
    assert outcome.saved_by_coupon() == {"WELCOME10": euros(100)}


def test_a_discount_says_how_it_came_about() -> None:
    [discount] = apply(basket(mug(1999)), [rule("ten", percent("10"))]).discounts["mug"]
    assert discount.derivation == {
        "rule": "percentage",
        "level": "line",
        "from": euros(1999).document(),
        "percent": "10",
        "rounding": "half_up_per_line",
    }


def test_the_largest_basket_is_worked_out_as_fast_as_a_small_one() -> None:
    """9900 bundles at 5.00 less each. One by one they would take the better part of a minute."""
    mugs = [mug(1000, 99, f"mug {number:03}") for number in range(100)]
    plates = [plate(2000, 99, f"plate {number:03}") for number in range(100)]
    [verdict] = apply(basket(*mugs, *plates), [rule("set", bundle_for(2500), MUGS, PLATES)]).verdicts
    assert verdict.saved == euros(9900 * 500)


def test_a_gift_comes_with_the_goods_it_is_for() -> None:
    spoon = rule("spoon", gift("spoon", 2), MUGS, min_value=euros(1000))
    [given] = apply(basket(mug(1000)), [spoon]).gifts
    assert (given.variant, given.quantity, given.promotion) == (key_of("variant spoon"), 2, "spoon")
    assert apply(basket(mug(999)), [spoon]).gifts == ()
    assert apply(basket(plate(5000)), [spoon]).gifts == ()


def test_free_shipping_names_its_methods() -> None:
    outcome = apply(basket(mug(5000)), [rule("ship", free_shipping("parcel"), min_value=euros(5000))])
    found = outcome.free_shipping_by("parcel")
    assert found is not None
    assert found.promotion == "ship"
    assert outcome.free_shipping_by("express") is None
    assert [(each.applied, each.saved) for each in outcome.verdicts] == [(True, None)]


def test_a_second_promotion_does_not_make_free_shipping_freer() -> None:
    rules = [rule("all", free_shipping(), priority=1), rule("parcel", free_shipping("parcel"))]
    first, second = apply(basket(mug()), rules).verdicts
    assert (first.reason, second.reason) == (Reason.APPLIED, Reason.SHIPPING_FREE_ALREADY)
    assert second.facts == {"by": "all"}
    both = apply(basket(mug()), [rule("a", free_shipping("parcel")), rule("b", free_shipping())])
    assert [each.promotion for each in both.free_shipping] == ["a", "b"]


BROKEN = [
    pytest.param(lambda: rule("none", percent("0")), id="nothing off"),
    pytest.param(lambda: rule("more", percent("100.01")), id="more than all of it off"),
    pytest.param(lambda: rule("less", amount(-1)), id="a negative amount"),
    pytest.param(lambda: rule("set", bundle_for(100)), id="a bundle of nothing"),
    pytest.param(lambda: rule("zero", buy_get(0, 1)), id="buy none, get one"),
    pytest.param(lambda: target("category", "mugs", quantity=0), id="none of a target"),
    pytest.param(lambda: mug(quantity=0), id="a line without units"),
    pytest.param(lambda: mug(-1), id="a negative price"),
    pytest.param(lambda: basket(mug(), mug()), id="two lines with one key"),
    pytest.param(lambda: apply(basket(mug()), [rule("a", percent("1"))] * 2), id="one promotion twice"),
]


@pytest.mark.parametrize("make", BROKEN)
def test_what_makes_no_sense_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        make()


def test_every_worked_case_is_worked_again_by_the_replay() -> None:
    for case in PERCENTAGES + AMOUNTS + FIXED_PRICES + TARGETS + BUY_X_GET_Y + BUNDLES + STACKING + CONDITIONS:
        lines, rules, expected = case.values
        shopping = Basket.from_document(basket(*lines).document())
        outcome = apply(shopping, [Rule.from_document(each.document()) for each in rules])
        assert {key: outcome.off(key).minor for key in outcome.discounts} == expected
