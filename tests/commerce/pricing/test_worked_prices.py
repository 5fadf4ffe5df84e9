"""Prices worked out by hand, a row each. Amounts are in minor units (cents, yen, fils) unless written out."""

# ruff: noqa: E501 (a worked case stays on one line, so that the table can be read down its columns)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from commerce.kit.money import Money
from commerce.markets.models import Channel
from commerce.pricing.audience import Audience
from commerce.pricing.lists import open_list
from commerce.pricing.models import CustomerGroup, PriceList
from commerce.pricing.reference import PricePoint, reference_price
from commerce.pricing.resolving import ResolvedPrice, replayed, resolve_prices
from commerce.pricing.rounding import Rounding, cash_rounded, converted
from commerce.pricing.setting import set_price
from tests.factories import MarketFactory, VariantFactory

OPENING = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def case(sentence: str, *values: Any) -> Any:
    return pytest.param(*values, id=sentence)


# --- Which list, which tier, which kind ------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A price in a list: kind and tier as entered, days before (-) or after noon of 21 November."""

    amount: int
    in_list: str = "everybody"
    kind: str = "regular"
    tier: int = 1
    start: timedelta = OPENING - NOON
    end: timedelta | None = None


LISTS: dict[str, dict[str, Any]] = {
    "everybody": {},
    "everybody-first": {"priority": 10},
    "members": {"group": "members"},
    "members-first": {"group": "members", "priority": 10},
    "resellers": {"group": "resellers"},
    "app": {"channel": "app"},
    "members-in-the-app": {"group": "members", "channel": "app"},
    "members-sale-week": {"group": "members", "priority": 5, "valid_until": NOON + DAY},
    "next-week": {"priority": 20, "valid_from": NOON + 7 * DAY},
    "members-less-ten": {"group": "members", "base": "everybody", "factor": Decimal("0.9")},
    "members-ends-in-99": {
        "group": "members", "base": "everybody", "factor": Decimal("0.9"),
        "rounding_step_minor": 100, "rounding_ending_minor": 99,
    },
}  # fmt: skip


def _open(currency: str, *codes: str) -> dict[str, PriceList]:
    market = MarketFactory.create(code="here", currency=currency)
    for code in ("members", "resellers"):
        CustomerGroup.objects.create(code=code, name=code)
    Channel.objects.create(code="app", name="App")
    lists: dict[str, PriceList] = {}
    for code in sorted(codes, key=lambda code: "base" in LISTS[code]):
        facts = dict(LISTS[code])
        group, channel, base = facts.pop("group", None), facts.pop("channel", None), facts.pop("base", None)
        lists[code] = open_list(
            market=market,
            code=code,
            name=code,
            customer_group=CustomerGroup.objects.get(code=group) if group else None,
            channel=Channel.objects.get(code=channel) if channel else None,
            base=lists[base] if base else None,
            at=OPENING,
            **facts,
        )
    return lists


def _price(
    rows: list[Row],
    *,
    groups: tuple[str, ...] = (),
    channel: str = "",
    quantity: int = 1,
    at: timedelta = timedelta(0),
    lists: tuple[str, ...] = (),
    currency: str = "EUR",
) -> ResolvedPrice | None:
    needed = {"everybody", *(row.in_list for row in rows), *lists}
    opened = _open(currency, *needed)
    variant = VariantFactory.create()
    for row in rows:
        set_price(
            variant=variant,
            price_list=opened[row.in_list],
            amount=Money(row.amount, currency),
            kind=row.kind,  # type: ignore[arg-type]
            min_quantity=row.tier,
            valid_from=NOON + row.start,
            valid_until=None if row.end is None else NOON + row.end,
            at=OPENING,
        )
    audience = Audience(opened["everybody"].market, frozenset(groups), channel)
    return resolve_prices(quantities={variant.pk: quantity}, audience=audience, at=NOON + at).get(variant.pk)


PUBLIC = Row(2000)
SELECTION = [
    case("one list, one price", [PUBLIC], {}, 2000, "everybody"),
    case("no price, no sale", [], {}, None, None),
    case("a member pays the members' price", [PUBLIC, Row(1800, "members")], {"groups": ("members",)}, 1800, "members"),
    case("a guest does not pay the members' price", [PUBLIC, Row(1800, "members")], {}, 2000, "everybody"),
    case("a reseller does not pay the members' price", [PUBLIC, Row(1800, "members")], {"groups": ("resellers",)}, 2000, "everybody"),
    case("the members' price holds even where it is higher", [PUBLIC, Row(2200, "members")], {"groups": ("members",)}, 2200, "members"),
    case("a member pays the public price of what the members' list leaves out", [PUBLIC], {"groups": ("members",), "lists": ("members",)}, 2000, "everybody"),
    case("only members can buy what only their list prices", [Row(1800, "members")], {}, None, None),
    case("the app has its price", [PUBLIC, Row(1900, "app")], {"channel": "app"}, 1900, "app"),
    case("the site does not sell at the app's price", [PUBLIC, Row(1900, "app")], {"channel": "site"}, 2000, "everybody"),
    case("a member in the app: the group comes before the channel", [PUBLIC, Row(1800, "members"), Row(1900, "app")], {"groups": ("members",), "channel": "app"}, 1800, "members"),
    case("a member in the app: both together come before either", [PUBLIC, Row(1800, "members"), Row(1900, "app"), Row(1700, "members-in-the-app")], {"groups": ("members",), "channel": "app"}, 1700, "members-in-the-app"),
    case("a member on the site does not get what is for members in the app", [PUBLIC, Row(1700, "members-in-the-app")], {"groups": ("members",), "channel": "site"}, 2000, "everybody"),
    case("priority comes before everything else", [Row(1500, "everybody-first"), Row(1800, "members")], {"groups": ("members",)}, 1500, "everybody-first"),
    case("of equal priority the group comes first", [Row(1500, "everybody-first"), Row(1400, "members-first")], {"groups": ("members",)}, 1400, "members-first"),
    case("member and reseller at once: the list whose code comes first", [Row(1800, "members"), Row(1600, "resellers")], {"groups": ("members", "resellers")}, 1800, "members"),
    case("a list with only a sale price is passed over", [PUBLIC, Row(900, "members", "sale")], {"groups": ("members",)}, 2000, "everybody"),
    case("a list with only a price for ten is passed over", [PUBLIC, Row(900, "members", tier=10)], {"groups": ("members",), "quantity": 10}, 2000, "everybody"),
    case("a sale of the public list does not reach a member who has a price", [PUBLIC, Row(1000, kind="sale"), Row(1800, "members")], {"groups": ("members",)}, 1800, "members"),
    case("a list holds until just before its end", [PUBLIC, Row(1700, "members-sale-week")], {"groups": ("members",), "at": DAY - SECOND}, 1700, "members-sale-week"),
    case("a list is over at its end", [PUBLIC, Row(1700, "members-sale-week")], {"groups": ("members",), "at": DAY}, 2000, "everybody"),
    case("a list that begins next week is not asked today", [PUBLIC, Row(1000, "next-week")], {}, 2000, "everybody"),
    case("a list that begins next week is asked then", [PUBLIC, Row(1000, "next-week")], {"at": 7 * DAY}, 1000, "next-week"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "asked", "amount", "from_list"), SELECTION)
def test_which_list_a_price_comes_from(
    rows: list[Row], asked: dict[str, Any], amount: int | None, from_list: str | None
) -> None:
    price = _price(rows, **asked)
    assert (price.current.minor if price else None) == amount
    assert (price.derivation["price_list"] if price else None) == from_list


TIERS = [PUBLIC, Row(1800, tier=10), Row(1500, tier=100)]
QUANTITIES = [
    case("one piece", TIERS, 1, 2000, 2000),
    case("nine are not ten", TIERS, 9, 2000, 2000),
    case("from ten on each costs less", TIERS, 10, 1800, 1800),
    case("99 are not a hundred", TIERS, 99, 1800, 1800),
    case("a hundred", TIERS, 100, 1500, 1500),
    case("a thousand: no tier beyond a hundred", TIERS, 1000, 1500, 1500),
    case("a sale that is lower than the tier holds for ten", [*TIERS, Row(1700, kind="sale")], 10, 1700, 1800),
    case("a sale that is higher than the tier does not", [*TIERS, Row(1900, kind="sale")], 10, 1800, 1800),
    case("the same sale holds for one", [*TIERS, Row(1900, kind="sale")], 1, 1900, 2000),
    case("a sale has tiers of its own", [*TIERS, Row(1900, kind="sale"), Row(1200, kind="sale", tier=10)], 10, 1200, 1800),
    case("a sale from ten on says nothing on one", [PUBLIC, Row(1200, kind="sale", tier=10)], 1, 2000, 2000),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "quantity", "current", "regular"), QUANTITIES)
def test_what_a_piece_costs_by_quantity(rows: list[Row], quantity: int, current: int, regular: int) -> None:
    price = _price(rows, quantity=quantity)
    assert price is not None
    assert (price.current.minor, price.regular.minor) == (current, regular)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "tiers"),
    [
        case("one price, no tiers to show", [PUBLIC], []),
        case("three steps", TIERS, [(1, 2000), (10, 1800), (100, 1500)]),
        case("a step that changes nothing is no step", [PUBLIC, Row(2000, tier=5), Row(1500, tier=9)], [(1, 2000), (9, 1500)]),
        case("a sale below all steps leaves one price", [*TIERS, Row(1000, kind="sale")], []),
        case("a sale below one step", [*TIERS, Row(1600, kind="sale")], [(1, 1600), (100, 1500)]),
    ],
)  # fmt: skip
def test_which_tiers_are_shown(rows: list[Row], tiers: list[tuple[int, int]]) -> None:
    price = _price(rows)
    assert price is not None
    assert [(tier.min_quantity, tier.price.minor) for tier in price.tiers] == tiers


SALE = [PUBLIC, Row(1500, kind="sale", start=DAY, end=3 * DAY)]
RISE = [Row(2000, end=5 * DAY), Row(2200, start=5 * DAY)]
WINDOWS = [
    case("before the sale", SALE, timedelta(0), 2000, DAY),
    case("the last second before the sale", SALE, DAY - SECOND, 2000, DAY),
    case("the first second of the sale", SALE, DAY, 1500, 3 * DAY),
    case("the last second of the sale", SALE, 3 * DAY - SECOND, 1500, 3 * DAY),
    case("the sale is over", SALE, 3 * DAY, 2000, None),
    case("the last second at the old price", RISE, 5 * DAY - SECOND, 2000, 5 * DAY),
    case("the first second at the new price", RISE, 5 * DAY, 2200, None),
    case("a price that nothing follows ends with its window", [Row(2000, end=2 * DAY)], timedelta(0), 2000, 2 * DAY),
    case("after that there is no price", [Row(2000, end=2 * DAY)], 2 * DAY, None, None),
    case("a sale without an end", [PUBLIC, Row(1500, kind="sale")], timedelta(0), 1500, None),
    case("the price ends where a better list begins", [PUBLIC, Row(1000, "next-week")], timedelta(0), 2000, 7 * DAY),
    case("but not where that list asks the same", [PUBLIC, Row(2000, "next-week")], timedelta(0), 2000, None),
    case("a rise of the regular price does not end a sale", [*RISE, Row(1500, kind="sale", end=9 * DAY)], timedelta(0), 1500, 9 * DAY),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "moment", "amount", "until"), WINDOWS)
def test_when_a_price_holds_and_when_it_ends_by_itself(
    rows: list[Row], moment: timedelta, amount: int | None, until: timedelta | None
) -> None:
    price = _price(rows, at=moment)
    assert (price.current.minor if price else None) == amount
    if price is not None:
        assert price.valid_until == (None if until is None else NOON + until)


MEMBER = {"groups": ("members",), "lists": ("members-less-ten",)}
MEMBER_99 = {"groups": ("members",), "lists": ("members-ends-in-99",)}
DERIVED = [
    case("ten percent less than the public price", [PUBLIC], MEMBER, 1800, 1800),
    case("half a cent goes up: 90 % of 19.95 is 17.955", [Row(1995)], MEMBER, 1796, 1796),
    case("the public sale counts for members too", [PUBLIC, Row(1500, kind="sale")], MEMBER, 1350, 1800),
    case("public tiers count for members too", [PUBLIC, Row(1000, tier=10)], MEMBER | {"quantity": 10}, 900, 900),
    case("a price of its own beats the derived one", [PUBLIC, Row(1950, "members-less-ten")], MEMBER, 1950, 1950),
    case("beside its own price the public sale does not count", [PUBLIC, Row(1000, kind="sale"), Row(1950, "members-less-ten")], MEMBER, 1950, 1950),
    case("a sale of its own beside the derived price", [PUBLIC, Row(1234, "members-less-ten", "sale")], MEMBER, 1234, 1800),
    case("a tier of its own beside the derived price", [PUBLIC, Row(1111, "members-less-ten", tier=10)], MEMBER | {"quantity": 10}, 1111, 1111),
    case("nothing to derive from, no price", [], MEMBER, None, None),
    case("nothing stays nothing", [Row(0)], MEMBER, 0, 0),
    case("ends in .99: 18.00 is nearer to 17.99 than to 18.99", [PUBLIC], MEMBER_99, 1799, 1799),
    case("ends in .99: 13.50 is nearer to 13.99", [Row(1500)], MEMBER_99, 1399, 1399),
    case("ends in .99: nothing stays nothing", [Row(0)], MEMBER_99, 0, 0),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "asked", "current", "regular"), DERIVED)
def test_what_a_derived_list_asks(
    rows: list[Row], asked: Mapping[str, Any], current: int | None, regular: int | None
) -> None:
    price = _price(rows, **asked)
    assert (price.current.minor if price else None) == current
    assert (price.regular.minor if price else None) == regular
    if price is not None:
        assert replayed(price.derivation) == price.current


# --- Rounding ---------------------------------------------------------------------------------------------------

PLAIN, ENDS_99 = Rounding(), Rounding(100, 99)
CONVERTED = [
    case("19.99 EUR at 0.9345 is 18.680655 CHF", "19.99 EUR", "CHF", "0.9345", PLAIN, "18.68"),
    case("19.99 EUR in francs, to 5 rappen", "19.99 EUR", "CHF", "0.9345", Rounding(5), "18.70"),
    case("19.99 EUR in francs, ends in .90", "19.99 EUR", "CHF", "0.9345", Rounding(100, 90), "18.90"),
    case("19.99 EUR at 162.35 is 3245.3765 yen; there is no half yen", "19.99 EUR", "JPY", "162.35", PLAIN, "3245"),
    case("yen to hundreds", "19.99 EUR", "JPY", "162.35", Rounding(100), "3200"),
    case("yen up to hundreds", "19.99 EUR", "JPY", "162.35", Rounding(100, 0, "up"), "3300"),
    case("yen ending in 80", "19.99 EUR", "JPY", "162.35", Rounding(100, 80), "3280"),
    case("19.99 EUR at 0.3345 is 6.686655 dinars, of 1000 fils", "19.99 EUR", "KWD", "0.3345", PLAIN, "6.687"),
    case("dinars to 5 fils, down", "19.99 EUR", "KWD", "0.3345", Rounding(5, 0, "down"), "6.685"),
    case("19.99 EUR at 146.2 is 2922.538 krónur, which have no decimals", "19.99 EUR", "ISK", "146.2", PLAIN, "2923"),
    case("krónur to tens", "19.99 EUR", "ISK", "146.2", Rounding(10), "2920"),
    case("3300 yen at 0.0061 are 20.13 EUR", "3300 JPY", "EUR", "0.0061", PLAIN, "20.13"),
    case("1.250 dinars at 2.99 are 3.7375 EUR", "1.250 KWD", "EUR", "2.99", PLAIN, "3.74"),
    case("ends in .99, to the nearest: 10.48 is nearer to 9.99", "10.48 EUR", "USD", "1", ENDS_99, "9.99"),
    case("ends in .99, exactly between: up", "10.49 EUR", "USD", "1", ENDS_99, "10.99"),
    case("ends in .99, up", "10.00 EUR", "USD", "1", Rounding(100, 99, "up"), "10.99"),
    case("ends in .99, up, and it does", "9.99 EUR", "USD", "1", Rounding(100, 99, "up"), "9.99"),
    case("ends in .99, down", "10.98 EUR", "USD", "1", Rounding(100, 99, "down"), "9.99"),
    case("ends in .99, down, but never below .99", "0.50 EUR", "USD", "1", Rounding(100, 99, "down"), "0.99"),
    case("ends in 9.99: step ten", "23.50 EUR", "USD", "1", Rounding(1000, 999), "19.99"),
    case("what costs something never becomes free", "0.01 EUR", "JPY", "1", Rounding(100), "100"),
    case("what is free stays free", "0.00 EUR", "CHF", "0.9345", Rounding(100, 99), "0.00"),
]


@pytest.mark.parametrize(("amount", "currency", "rate", "rounding", "result"), CONVERTED)
def test_what_a_price_is_in_another_currency(
    amount: str, currency: str, rate: str, rounding: Rounding, result: str
) -> None:
    written, base = amount.split()
    found = converted(
        Money.from_decimal(written, base), currency=currency, factor=Decimal(1), rate=Decimal(rate), rounding=rounding
    )
    assert found == Money.from_decimal(result, currency)


@pytest.mark.parametrize(
    ("amount", "step", "result"),
    [
        case("7.41 francs are paid with 7.40", "7.41 CHF", 5, "7.40"),
        case("7.42 francs are paid with 7.40", "7.42 CHF", 5, "7.40"),
        case("7.43 francs are paid with 7.45", "7.43 CHF", 5, "7.45"),
        case("7.48 francs are paid with 7.50", "7.48 CHF", 5, "7.50"),
        case("7.45 francs are paid exactly", "7.45 CHF", 5, "7.45"),
        case("2 rappen are nothing", "0.02 CHF", 5, "0.00"),
        case("a refund is rounded as the payment was", "-7.43 CHF", 5, "-7.45"),
        case("where every minor unit has a coin nothing changes", "1234 ISK", 1, "1234"),
        case("yen need no rounding", "3245 JPY", 1, "3245"),
        case("dinars to 5 fils", "1.253 KWD", 5, "1.255"),
    ],
)
def test_what_is_paid_in_cash(amount: str, step: int, result: str) -> None:
    written, currency = amount.split()
    found = cash_rounded(Money.from_decimal(written, currency), step_minor=step)
    assert found == Money.from_decimal(result, currency)


# --- The legal reference price ------------------------------------------------------------------------------------
# Directive 98/6/EC article 6a (Directive (EU) 2019/2161), read with Commission notice 2021/C 526/02.
# A path is told in days before today: (day, current, regular); amounts in whole euros.

REFERENCE = [
    case("not reduced: nothing to compare with", [(-90, 100, 100)], None),
    case("6a(2): reduced today after months at one price", [(-90, 100, 100), (0, 80, 100)], 100),
    case("6a(2): reduced ten days ago: the 30 days before that count", [(-90, 100, 100), (-10, 80, 100)], 100),
    case("6a(2): a lower price within the 30 days is the earlier price", [(-90, 100, 100), (-20, 70, 100), (-15, 100, 100), (0, 80, 100)], 70),
    case("6a(2): then the reduction is none against the earlier price", [(-90, 100, 100), (-20, 70, 100), (-15, 100, 100), (0, 90, 100)], 70),
    case("6a(2): a lower price that ended 30 days ago to the second no longer counts", [(-90, 100, 100), (-40, 70, 100), (-30, 100, 100), (0, 80, 100)], 100),
    case("6a(2): one that ended 29 days ago does", [(-90, 100, 100), (-40, 70, 100), (-29, 100, 100), (0, 80, 100)], 70),
    case("6a(2): a price raised shortly before a sale does not help", [(-90, 100, 100), (-5, 150, 150), (0, 120, 150)], 100),
    case("6a(2): a rise 30 days before counts fully", [(-90, 100, 100), (-30, 150, 150), (0, 120, 150)], 150),
    case("6a(2): a lower regular price counts as any other", [(-90, 100, 100), (-20, 90, 90), (-10, 100, 100), (0, 80, 100)], 90),
    case("a lower regular price alone is no announced reduction", [(-90, 100, 100), (0, 80, 80)], None),
    case("6a(4): sold for five days: its shorter life", [(-5, 100, 100), (0, 80, 100)], 100),
    case("6a(4): sold for five days at two prices", [(-5, 100, 100), (-3, 90, 90), (-1, 100, 100), (0, 80, 100)], 90),
    case("reduced from its first day: nothing earlier is known", [(0, 80, 100)], None),
    case("reduced from its first day, long ago", [(-90, 80, 100)], None),
    case("6a(5): falls again: the price before the first step", [(-90, 100, 100), (-10, 90, 100), (-5, 80, 100), (0, 70, 100)], 100),
    case("6a(5): a step after more than 30 days still belongs to the first", [(-120, 100, 100), (-60, 90, 100), (0, 80, 100)], 100),
    case("6a(5): a rise within the sale begins another reduction", [(-90, 100, 100), (-10, 70, 100), (0, 80, 100)], 70),
    case("6a(5): the full price in between begins another reduction", [(-90, 100, 100), (-10, 80, 100), (-5, 100, 100), (0, 70, 100)], 80),
    case("6a(5): a time without a price begins another reduction", [(-90, 100, 100), (-10, 80, 100), (-5, None, None), (0, 70, 100)], 80),
    case("6a(5): the same sale price beside another regular one is one sale", [(-90, 100, 100), (-10, 80, 100), (0, 80, 120)], 100),
    case("a time without a price is no price of nothing", [(-90, 100, 100), (-20, None, None), (-10, 100, 100), (0, 80, 100)], 100),
    case("what is planned for tomorrow says nothing on today", [(-90, 100, 100), (0, 80, 100), (1, 50, 100)], 100),
    case("today's price is over: no price", [(-90, 100, 100), (-10, 80, 100), (0, None, None)], None),
]  # fmt: skip


def _path(points: list[tuple[int, int | None, int | None]]) -> list[PricePoint]:
    def euros(amount: int | None) -> Money | None:
        return None if amount is None else Money(amount * 100, "EUR")

    return [PricePoint(NOON + day * DAY, euros(current), euros(regular)) for day, current, regular in points]


@pytest.mark.parametrize(("points", "euros"), REFERENCE)
def test_the_price_that_a_reduction_is_measured_against(
    points: list[tuple[int, int | None, int | None]], euros: int | None
) -> None:
    found = reference_price(_path(points), at=NOON, days=30)
    assert found == (None if euros is None else Money(euros * 100, "EUR"))


@pytest.mark.parametrize(
    ("ended", "euros"),
    [
        case("a second within the 30 days", -30 * DAY + SECOND, 70),
        case("on the second", -30 * DAY, 100),
        case("a second earlier", -30 * DAY - SECOND, 100),
    ],
)
def test_thirty_days_are_counted_to_the_second(ended: timedelta, euros: int) -> None:
    first, low = _path([(-90, 100, 100), (-40, 70, 100)])
    back = PricePoint(NOON + ended, first.current, first.regular)
    reduced = _path([(0, 80, 100)])
    assert reference_price([first, low, back, *reduced], at=NOON, days=30) == Money(euros * 100, "EUR")


@pytest.mark.parametrize(
    ("days", "euros"),
    [
        case("a market that looks back 30 days", 30, 100),
        case("a market that looks back 60 days", 60, 70),
        case("a market that looks back one day", 1, 100),
    ],
)
def test_how_far_a_market_looks_back(days: int, euros: int) -> None:
    path = _path([(-90, 100, 100), (-50, 70, 100), (-40, 100, 100), (0, 80, 100)])
    assert reference_price(path, at=NOON, days=days) == Money(euros * 100, "EUR")


def test_a_reduction_that_was_announced_before_it_began_is_measured_from_the_announcement() -> None:
    """Lowered to 90 for the last week, but the sale had been announced ten days ago: 100 was the price before."""
    path = _path([(-90, 100, 100), (-7, 90, 90)])
    sale = PricePoint(NOON, Money(8000, "EUR"), Money(10000, "EUR"), announced_at=NOON - 10 * DAY)
    assert reference_price([*path, sale], at=NOON, days=30) == Money(10000, "EUR")


@pytest.mark.parametrize(
    ("current", "reference", "regular", "percent"),
    [
        case("against the earlier price, not the regular one", 80, 100, 120, 20),
        case("rounded down: 33.4 % is 33 %", 666, 1000, 1000, 33),
        case("never rounded up to more than it is", 1, 1000, 1000, 99),
        case("without an earlier price against the regular one", 75, None, 100, 25),
        case("not below the earlier price: no discount to announce", 80, 80, 100, None),
        case("above the earlier price: no discount to announce", 80, 70, 100, None),
        case("less than one percent is none", 999, 1000, 1000, None),
        case("not reduced", 100, None, 100, None),
        case("free", 0, 100, 100, 100),
    ],
)
def test_the_percentage_that_may_be_announced(
    current: int, reference: int | None, regular: int, percent: int | None
) -> None:
    price = ResolvedPrice(
        current=Money(current, "EUR"),
        regular=Money(regular, "EUR"),
        reference=None if reference is None else Money(reference, "EUR"),
        valid_until=None,
        sale_ends_at=None,
        tiers=(),
        path=(),
        derivation={},
    )
    assert price.discount_percent == percent


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "amount", "reference", "path"),
    [
        case("a price that never changed", [PUBLIC], 2000, None, [2000]),
        case("a sale", [PUBLIC, Row(1500, kind="sale", start=-DAY)], 1500, 2000, [2000, 1500]),
        case("a second sale after three weeks", [PUBLIC, Row(1200, kind="sale", start=-25 * DAY, end=-20 * DAY), Row(1500, kind="sale", start=-DAY)], 1500, 1200, [2000, 1200, 2000, 1500]),
        case("a second sale after two months", [PUBLIC, Row(1200, kind="sale", start=-90 * DAY, end=-60 * DAY), Row(1500, kind="sale", start=-DAY)], 1500, 2000, [2000, 1200, 2000, 1500]),
        case("a sale that is to come", [PUBLIC, Row(1500, kind="sale", start=DAY)], 2000, None, [2000]),
    ],
)  # fmt: skip
def test_the_reference_price_comes_from_the_ledger(
    rows: list[Row], amount: int, reference: int | None, path: list[int]
) -> None:
    price = _price(rows)
    assert price is not None
    assert price.current.minor == amount
    assert (price.reference.minor if price.reference else None) == reference
    assert [point.current.minor for point in price.path if point.current] == path
