from __future__ import annotations

import threading
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from cms.catalogue.models import Variant
from commerce.kit.errors import DomainError
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.markets.models import Channel
from commerce.pricing import costs, grouping, repricing, setting
from commerce.pricing.audience import Audience
from commerce.pricing.lists import change_terms, end_list, open_list
from commerce.pricing.models import CustomerGroup, Price, PriceChange, PriceList
from commerce.pricing.repricing import Row, apply, plan
from commerce.pricing.resolving import ResolvedPrice, resolve_prices
from commerce.pricing.setting import MOST_MINOR_UNITS, PriceOverlaps, WrongPrice, set_price
from tests.factories import MarketFactory, Shop, UserFactory, open_shop
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _open(shop: Shop, at: datetime, code: str = "other", **facts: Any) -> PriceList:
    return open_list(**({"market": shop.market, "code": code, "name": code, "priority": 1, "at": at} | facts))


@pytest.mark.parametrize("with_group", [False, True])
@pytest.mark.parametrize("with_channel", [False, True])
def test_two_lists_of_one_rank_are_refused_by_the_shop_and_by_the_database(
    shop: Shop, at: datetime, with_group: bool, with_channel: bool
) -> None:
    rank = {
        "customer_group": CustomerGroup.objects.create(code="members", name="Members") if with_group else None,
        "channel": Channel.objects.create(code="app", name="App") if with_channel else None,
    }
    _open(shop, at, **rank)
    with pytest.raises(DomainError) as refusal:
        _open(shop, at, code="rival", **rank)
    assert refusal.value.code == "price_list_rank_taken"
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceList.objects.create(market=shop.market, code="rival", name="Rival", priority=1, **rank)
    _open(shop, at, code="below", priority=2, **rank)
    _open(shop, at, code="abroad", market=MarketFactory.create(), **rank)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"factor": Decimal(0)}, "price_list_wrong_terms"),
        ({"factor": Decimal("-0.5")}, "price_list_wrong_terms"),
        ({"factor": Decimal("NaN")}, "price_list_wrong_terms"),
        ({"factor": Decimal("Infinity")}, "price_list_wrong_terms"),
        ({"factor": Decimal(1000)}, "price_list_wrong_terms"),
        ({"rate": Decimal("0.9")}, "price_list_wrong_terms"),
        ({"rounding_step_minor": 0}, "price_list_wrong_terms"),
        ({"rounding_step_minor": 100, "rounding_ending_minor": 100}, "price_list_wrong_terms"),
        ({"rounding_mode": "somehow"}, "price_list_wrong_terms"),
        ({"base": None, "factor": Decimal("0.9")}, "price_list_wrong_terms"),
        ({"valid_until": datetime.fromisoformat("2026-11-21T09:00:00+00:00")}, "price_list_wrong_window"),
        ({"valid_from": datetime.fromisoformat("2026-11-20T09:00:00+00:00")}, "price_list_wrong_window"),
    ],
)
def test_a_derived_list_that_makes_no_price_is_refused(
    shop: Shop, at: datetime, facts: dict[str, Any], code: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        _open(shop, at, **({"base": shop.prices} | facts))
    assert refusal.value.code == code
    assert PriceList.objects.count() == 1


def test_a_list_is_not_derived_from_a_derived_one(shop: Shop, at: datetime) -> None:
    derived = _open(shop, at, base=shop.prices)
    with pytest.raises(DomainError) as refusal:
        _open(shop, at, code="second", priority=2, base=derived)
    assert refusal.value.code == "price_list_wrong_base"


def test_a_list_of_its_own_prices_has_no_terms(shop: Shop, at: datetime) -> None:
    with pytest.raises(DomainError) as refusal:
        change_terms(price_list=shop.prices, factor=Decimal("0.9"), at=at)
    assert refusal.value.code == "price_list_wrong_base"


def test_two_lists_have_two_codes(shop: Shop, at: datetime) -> None:
    with pytest.raises(DomainError) as refusal:
        _open(shop, at, code=shop.prices.code)
    assert refusal.value.code == "price_list_code_taken"


@pytest.mark.parametrize("days", [-1, 5])
def test_a_list_ends_later_and_not_again(shop: Shop, at: datetime, days: int) -> None:
    other = _open(shop, at, valid_until=at + 3 * DAY)
    with pytest.raises(DomainError) as refusal:
        end_list(price_list=other, ends_at=at + days * DAY, at=at)
    assert refusal.value.code == "price_list_wrong_window"


def test_a_change_of_the_base_is_announced_for_the_markets_it_reaches(shop: Shop, at: datetime) -> None:
    swiss = MarketFactory.create(code="ch", currency="CHF")
    _open(shop, at, market=swiss, base=shop.prices, rate=Decimal("0.93"))
    variant = shop.sell(price=None)
    set_price(variant=variant, price_list=shop.prices, amount=Money(1000, "EUR"), valid_from=at, at=at)
    announced = OutboxEvent.objects.filter(name="pricing.prices_changed").latest("pk")
    assert announced.payload["markets"] == ["ch", "eu"]
    price = resolve_prices(quantities={variant.pk: 1}, audience=Audience(swiss), at=at)[variant.pk]
    assert price.current == Money(930, "CHF")


@pytest.mark.parametrize("minor", [-1, MOST_MINOR_UNITS + 1])
def test_a_price_is_not_negative_and_not_absurd(shop: Shop, at: datetime, minor: int) -> None:
    with pytest.raises(WrongPrice):
        set_price(
            variant=shop.sell(price=None), price_list=shop.prices, amount=Money(minor, "EUR"), valid_from=at, at=at
        )


@pytest.mark.parametrize("options", [{"min_quantity": 0}, {"announced_at": datetime(2027, 1, 1).astimezone()}])
def test_a_price_for_no_piece_or_announced_too_late_is_refused(
    shop: Shop, at: datetime, options: dict[str, Any]
) -> None:
    with pytest.raises(WrongPrice):
        set_price(
            variant=shop.sell(price=None), price_list=shop.prices, amount=Money(1, "EUR"), valid_from=at, at=at,
            **options,
        )  # fmt: skip


def test_tiers_overlap_only_their_own_kind(shop: Shop, at: datetime) -> None:
    variant = shop.sell()
    ten: dict[str, Any] = {
        "variant": variant, "price_list": shop.prices, "amount": Money(1, "EUR"), "min_quantity": 10,
        "valid_from": at, "valid_until": at + DAY, "at": at,
    }  # fmt: skip
    set_price(**ten)
    with pytest.raises(PriceOverlaps):
        set_price(**ten)
    assert Price.objects.count() == 2


def _reduced(shop: Shop, variant: Variant, price_list: PriceList, regular: int, sale: int, at: datetime) -> None:
    for minor, kind in ((regular, Price.Kind.REGULAR), (sale, Price.Kind.SALE)):
        set_price(variant=variant, price_list=price_list, amount=Money(minor, "EUR"), kind=kind, valid_from=at, at=at)


@pytest.fixture
def told(shop: Shop) -> Shop:
    """A shop that tells earlier prices."""
    shop.market.shows_reference_price = True
    shop.market.save()
    return shop


def _of(shop: Shop, variant: Variant, at: datetime, *groups: str) -> ResolvedPrice:
    audience = Audience(shop.market, frozenset(groups))
    return resolve_prices(quantities={variant.pk: 1}, audience=audience, at=at)[variant.pk]


def _path(price: ResolvedPrice) -> list[int | None]:
    return [point.current.minor if point.current is not None else None for point in price.path]


def test_a_list_that_takes_over_is_measured_against_what_was_paid_by_the_one_before_it(
    told: Shop, at: datetime
) -> None:
    variant = told.sell(price=7000)
    winter = _open(told, at, code="winter", priority=5)
    _reduced(told, variant, winter, 10000, 7500, at)
    price = _of(told, variant, at)
    assert (price.current.minor, price.regular.minor) == (7500, 10000)
    assert price.reference == Money(7000, "EUR")
    assert price.discount_percent is None
    assert _path(price) == [7000, 7500]


def test_what_was_paid_by_a_list_that_has_ended_is_still_an_earlier_price(told: Shop, at: datetime) -> None:
    variant = told.sell(price=10000)
    week = _open(told, at, code="week", priority=5, valid_until=at + 7 * DAY)
    set_price(variant=variant, price_list=week, amount=Money(6000, "EUR"), valid_from=at, at=at)
    later = at + 10 * DAY
    set_price(
        variant=variant, price_list=told.prices, amount=Money(8000, "EUR"), kind=Price.Kind.SALE,
        valid_from=later, at=later,
    )  # fmt: skip
    price = _of(told, variant, later)
    assert price.reference == Money(6000, "EUR")
    assert _path(price) == [10000, 6000, 10000, 8000]


def test_what_only_members_paid_is_no_earlier_price_of_others(told: Shop, at: datetime) -> None:
    variant = told.sell(price=10000)
    group = CustomerGroup.objects.create(code="members", name="Members")
    members = _open(told, at, customer_group=group, valid_until=at + 2 * DAY)
    set_price(variant=variant, price_list=members, amount=Money(5000, "EUR"), valid_from=at, at=at)
    later = at + 3 * DAY
    set_price(
        variant=variant, price_list=told.prices, amount=Money(8000, "EUR"), kind=Price.Kind.SALE,
        valid_from=later, at=later,
    )  # fmt: skip
    assert _of(told, variant, later).reference == Money(10000, "EUR")
    assert _of(told, variant, later, "members").reference == Money(5000, "EUR")


def test_a_list_that_comes_later_in_rank_is_no_earlier_price_while_another_was_asked(told: Shop, at: datetime) -> None:
    variant = told.sell(price=2000)
    first = _open(told, at, code="first", priority=5)
    set_price(variant=variant, price_list=first, amount=Money(10000, "EUR"), valid_from=at, at=at)
    later = at + 40 * DAY
    set_price(
        variant=variant, price_list=first, amount=Money(9000, "EUR"), kind=Price.Kind.SALE, valid_from=later, at=later
    )
    price = _of(told, variant, later)
    assert (price.reference, price.discount_percent) == (Money(10000, "EUR"), 10)


@pytest.mark.parametrize("count", [2, 24])
def test_prices_with_tiers_groups_and_derived_lists_take_three_queries(
    shop: Shop, at: datetime, count: int, django_assert_num_queries: Any
) -> None:
    group = CustomerGroup.objects.create(code="members", name="Members")
    members = _open(shop, at, customer_group=group, base=shop.prices, factor=Decimal("0.9"))
    change_terms(price_list=members, factor=Decimal("0.8"), at=at)
    variants = [shop.sell(stock=0) for _ in range(count)]
    for variant in variants:
        shop.price(variant, 1500, kind="sale", valid_until=at + DAY)
        set_price(
            variant=variant, price_list=shop.prices, amount=Money(1700, "EUR"), min_quantity=10, valid_from=at, at=at
        )
    audience = Audience(shop.market, frozenset({"members"}))
    with django_assert_num_queries(3):
        found = resolve_prices(quantities={each.pk: 10 for each in variants}, audience=audience, at=at + DAY)
    assert {price.current.minor for price in found.values()} == {1360}
    assert len(found) == count


def test_customers_are_put_into_groups_and_taken_out(db: None) -> None:
    customer, group = UserFactory.create(), grouping.open_group(code="members", name="Members")
    assert grouping.groups_of(None) == grouping.groups_of(customer) == frozenset()
    grouping.put_in(group=group, customers=[customer])
    assert grouping.groups_of(customer) == {"members"}
    grouping.take_out(group=group, customers=[customer])
    assert grouping.groups_of(customer) == frozenset()


@pytest.mark.parametrize(("code", "name"), [("members", "Again"), ("No Code", "Name"), ("code", " ")])
def test_a_group_without_a_name_or_a_code_of_its_own_is_refused(db: None, code: str, name: str) -> None:
    grouping.open_group(code="members", name="Members")
    with pytest.raises(DomainError):
        grouping.open_group(code=code, name=name)


@pytest.fixture
def two(shop: Shop) -> tuple[Variant, Variant]:
    one, other = shop.sell(price=2000, sku="ONE"), shop.sell(price=None, sku="TWO")
    costs.set_cost(variant=one, cost=Money(1200, "EUR"))
    return one, other


def test_a_plan_shows_what_would_change_and_changes_nothing(shop: Shop, two: Any, at: datetime) -> None:
    made = plan([Row("ONE", "15.00"), Row(" TWO ", "9.5", "eur")], price_list=shop.prices, at=at)
    first, second = made.rows
    assert (first.old, first.new, first.cost) == (Money(2000, "EUR"), Money(1500, "EUR"), Money(1200, "EUR"))
    assert (first.margin_percent, first.problem, first.warning) == (Decimal("20.00"), None, None)
    assert (second.old, second.new, second.margin_percent) == (None, Money(950, "EUR"), None)
    assert Price.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "tax", "margin", "warning"),
    [
        pytest.param("12.00", "0", "0.00", None, id="at cost nothing is left"),
        pytest.param("11.99", "0", "-0.08", "below_cost", id="a cent below cost"),
        pytest.param("14.28", "19", "0.00", None, id="14.28 with 19 % tax is 12.00 without"),
        pytest.param("14.27", "19", "-0.07", "below_cost", id="a cent less is below cost without tax"),
        pytest.param("0", "0", None, "below_cost", id="free is below cost"),
    ],
)
def test_what_is_left_after_the_cost(
    shop: Shop, two: Any, at: datetime, amount: str, tax: str, margin: str | None, warning: str | None
) -> None:
    [row] = plan([Row("ONE", amount)], price_list=shop.prices, at=at, tax_percent=Decimal(tax)).rows
    assert row.margin_percent == (None if margin is None else Decimal(margin))
    assert row.warning == warning


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (Row("NOBODY", "1"), "unknown_sku"),
        (Row("TWO", "a lot"), "not_an_amount"),
        (Row("TWO", "1.999"), "not_an_amount"),
        (Row("TWO", "1", "CHF"), "other_currency"),
        (Row("TWO", "-1"), "absurd_amount"),
        (Row("TWO", "1000000"), "absurd_amount"),
        (Row("ONE", "1"), "duplicate_sku"),
    ],
)
def test_a_row_that_cannot_be_entered_stops_them_all(
    shop: Shop, two: Any, at: datetime, row: Row, problem: str
) -> None:
    made = plan([Row("ONE", "15.00"), row], price_list=shop.prices, at=at)
    assert made.problems[-1].problem == problem
    with pytest.raises(repricing.PlanHasProblems):
        apply(made, at=at)
    assert Price.objects.get().amount_minor == 2000


def test_a_plan_is_applied_with_ledger_and_one_announcement(shop: Shop, two: Any, at: datetime) -> None:
    made = plan([Row("ONE", "15.00"), Row("TWO", "9.50")], price_list=shop.prices, at=at)
    events = OutboxEvent.objects.count()
    assert apply(made, at=at, actor="merchandiser") == 2
    prices = resolve_prices(quantities={each.pk: 1 for each in two}, audience=Audience(shop.market), at=at)
    assert [prices[each.pk].current.minor for each in two] == [1500, 950]
    assert PriceChange.objects.filter(actor="merchandiser").count() == 2
    assert OutboxEvent.objects.count() == events + 1


def test_a_plan_that_others_have_overtaken_is_refused(shop: Shop, two: Any, at: datetime) -> None:
    made = plan([Row("ONE", "15.00"), Row("TWO", "9.50")], price_list=shop.prices, at=at)
    setting.change_price(variant=two[0], price_list=shop.prices, amount=Money(2100, "EUR"), at=at)
    with pytest.raises(repricing.PlanIsStale):
        apply(made, at=at)
    assert not Price.objects.filter(variant=two[1]).exists()


def _rivals(shop: Shop, variant: Variant, at: datetime) -> list[Any]:
    def sale(start: int) -> Price:
        return set_price(
            variant=variant, price_list=shop.prices, amount=Money(1000, "EUR"), kind=Price.Kind.SALE,
            valid_from=at + start * DAY, valid_until=at + (start + 10) * DAY, at=at,
        )  # fmt: skip

    return at_once(*(lambda start=start: sale(start) for start in range(4)))


@pytest.mark.django_db(transaction=True)
def test_of_four_overlapping_sales_entered_at_once_one_remains(at: datetime) -> None:
    shop = open_shop()
    outcomes = _rivals(shop, shop.sell(), at)
    assert sorted(type(each).__name__ for each in outcomes) == ["Price", *["PriceOverlaps"] * 3]
    assert Price.objects.filter(kind="sale").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_overlapping_sales_are_entered(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: all have looked for rivals before one of them writes."""
    all_have_looked = threading.Barrier(4)
    create = Price.objects.create

    def late(**fields: Any) -> Price:
        if fields["kind"] == Price.Kind.SALE:
            all_have_looked.wait(timeout=10)
        return create(**fields)

    monkeypatch.setattr(Price.objects, "create", late)
    monkeypatch.setattr(setting, "_lock_relatives", lambda price_list: [])
    shop = open_shop()
    variant = shop.sell()
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
    outcomes = _rivals(shop, variant, at)
    if connection.vendor == "sqlite":
        # The file takes one writer; the others fail in words that no merchandiser understands.
        assert [each for each in outcomes if isinstance(each, OperationalError)], outcomes
        assert not [each for each in outcomes if isinstance(each, PriceOverlaps)]
    else:
        assert Price.objects.filter(kind="sale").count() == 4, outcomes
