"""The ledger says of every past instant what the shop said then, whatever was entered in between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.catalogue.models import Variant
from commerce.kit.errors import DomainError
from commerce.kit.ledgers import LedgerIsInsertOnly
from commerce.kit.money import Money
from commerce.pricing.audience import Audience
from commerce.pricing.ledger import history
from commerce.pricing.lists import change_terms, end_list, open_list
from commerce.pricing.models import CustomerGroup, Price, PriceChange, PriceList
from commerce.pricing.resolving import resolve_prices
from commerce.pricing.setting import change_price, end_price, set_price
from tests.factories import Shop

pytestmark = pytest.mark.django_db

HOUR, DAY, MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
MEMBERS = frozenset({"members"})


@pytest.fixture
def variant(shop: Shop) -> Variant:
    return shop.sell(price=None)


@pytest.fixture
def members(shop: Shop, at: datetime) -> PriceList:
    """Ten percent less than everybody pays."""
    group = CustomerGroup.objects.create(code="members", name="Members")
    return open_list(
        market=shop.market, code="members", name="Members", customer_group=group,
        base=shop.prices, factor=Decimal("0.9"), at=at,
    )  # fmt: skip


def _set(shop: Shop, variant: Variant, minor: int, at: datetime, **options: Any) -> Price:
    options.setdefault("valid_from", at)
    price_list = options.pop("price_list", shop.prices)
    return set_price(variant=variant, price_list=price_list, amount=Money(minor, "EUR"), at=at, **options)


def _told(variant: Variant, price_list: PriceList, at: datetime, days: int = 999) -> list[tuple[int, int | None]]:
    """Days after `at`, and the amount from then on."""
    return [
        ((point.at - at) // DAY, point.current.minor if point.current is not None else None)
        for point in history(variant=variant, price_list=price_list, until=at + days * DAY)
    ]


def test_a_price_is_told_from_the_moment_it_holds(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, 2000, at, actor="merchandiser", reason="Season")
    [row] = PriceChange.objects.all()
    assert (row.effective_at, row.recorded_at) == (at, at)
    assert (row.regular_minor, row.current_minor, row.currency) == (2000, 2000, "EUR")
    assert (row.actor, row.reason) == ("merchandiser", "Season")


def test_a_sale_is_told_to_its_end_as_soon_as_it_is_entered(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, 2000, at)
    _set(shop, variant, 1500, at, kind=Price.Kind.SALE, valid_from=at + DAY, valid_until=at + 3 * DAY)
    assert _told(variant, shop.prices, at) == [(0, 2000), (1, 1500), (3, 2000)]
    assert _told(variant, shop.prices, at, days=2) == [(0, 2000), (1, 1500)]


def test_a_sale_that_is_called_off_is_not_told(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, 2000, at)
    sale = _set(shop, variant, 1500, at, kind=Price.Kind.SALE, valid_from=at + 2 * DAY, valid_until=at + 3 * DAY)
    assert end_price(price=sale, ends_at=at + DAY, at=at + DAY) is None
    assert _told(variant, shop.prices, at) == [(0, 2000)]
    assert PriceChange.objects.count() == 4, "what had been planned is still to be read in the rows"


def test_a_sale_that_is_ended_early_is_told_as_it_was(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, 2000, at)
    sale = _set(shop, variant, 1500, at, kind=Price.Kind.SALE, valid_until=at + 9 * DAY)
    end_price(price=sale, ends_at=at + 2 * DAY, at=at + DAY)
    assert _told(variant, shop.prices, at) == [(0, 1500), (2, 2000)]


def test_a_price_that_never_came_gives_way_to_the_one_it_was_to_replace(
    shop: Shop, variant: Variant, at: datetime
) -> None:
    _set(shop, variant, 2000, at)
    rise = _set(shop, variant, 2500, at, valid_from=at + 5 * DAY)
    end_price(price=rise, ends_at=at + 5 * DAY, at=at)
    assert _told(variant, shop.prices, at) == [(0, 2000)]
    assert Price.objects.get().valid_until is None


def test_a_first_price_entered_afterwards_is_told_from_its_first_day(
    shop: Shop, variant: Variant, at: datetime
) -> None:
    _set(shop, variant, 2000, at, valid_from=at - 60 * DAY)
    [row] = PriceChange.objects.all()
    assert (row.effective_at, row.recorded_at) == (at - 60 * DAY, at)


def test_a_second_price_cannot_be_entered_afterwards(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, 2000, at)
    with pytest.raises(DomainError) as refusal:
        _set(shop, variant, 2500, at, kind=Price.Kind.SALE, valid_from=at - DAY)
    assert refusal.value.code == "price_has_begun"


def test_a_first_price_of_its_own_cannot_be_entered_where_a_derived_list_has_told_one(
    shop: Shop, variant: Variant, members: PriceList, at: datetime
) -> None:
    _set(shop, variant, 2000, at)
    with pytest.raises(DomainError) as refusal:
        _set(shop, variant, 3000, at + 9 * DAY, price_list=members, valid_from=at + 5 * DAY)
    assert refusal.value.code == "price_has_begun"
    assert _told(variant, members, at) == [(0, 1800)]
    assert _asked(shop, variant, MEMBERS, at + 5 * DAY) == 1800


def test_a_derived_list_may_be_priced_afterwards_where_its_base_asked_nothing(
    shop: Shop, variant: Variant, members: PriceList, at: datetime
) -> None:
    _set(shop, variant, 2000, at, valid_until=at + 2 * DAY)
    _set(shop, variant, 3000, at + 9 * DAY, price_list=members, valid_from=at + 5 * DAY)
    assert _told(variant, members, at) == [(0, 1800), (2, None), (5, 3000)]


def test_a_price_with_an_end_that_is_called_off_leaves_the_end_of_the_one_before_it(
    shop: Shop, variant: Variant, at: datetime
) -> None:
    _set(shop, variant, 2000, at)
    first = _set(shop, variant, 1000, at, kind=Price.Kind.SALE, valid_until=at + 3 * DAY)
    second = _set(shop, variant, 1200, at, kind=Price.Kind.SALE, valid_from=at + 3 * DAY, valid_until=at + 9 * DAY)
    assert end_price(price=second, ends_at=at + DAY, at=at) is None
    first.refresh_from_db()
    assert first.valid_until == at + 3 * DAY
    assert _told(variant, shop.prices, at) == [(0, 1000), (3, 2000)]


def test_a_price_ends_now_or_later(shop: Shop, variant: Variant, at: datetime) -> None:
    price = _set(shop, variant, 2000, at)
    with pytest.raises(DomainError) as refusal:
        end_price(price=price, ends_at=at + DAY, at=at + 2 * DAY)
    assert refusal.value.code == "price_has_begun"
    assert _told(variant, shop.prices, at) == [(0, 2000)]


def test_nothing_is_a_price_too(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, 2000, at)
    _set(shop, variant, 0, at, kind=Price.Kind.SALE, valid_from=at + DAY, valid_until=at + 2 * DAY)
    assert _told(variant, shop.prices, at) == [(0, 2000), (1, 0), (2, 2000)]


def test_tiers_are_no_price_of_one_piece(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, 2000, at)
    _set(shop, variant, 1500, at, min_quantity=10)
    assert _told(variant, shop.prices, at) == [(0, 2000)]


def test_a_derived_list_tells_what_its_base_makes_of_it(
    shop: Shop, variant: Variant, members: PriceList, at: datetime
) -> None:
    _set(shop, variant, 2000, at)
    _set(shop, variant, 3000, at, valid_from=at + 4 * DAY)
    change_terms(price_list=members, factor=Decimal("0.8"), at=at + DAY)
    assert _told(variant, members, at) == [(0, 1800), (1, 1600), (4, 2400)]
    assert _told(variant, shop.prices, at) == [(0, 2000), (4, 3000)]


def test_a_derived_list_that_is_opened_later_tells_of_the_prices_that_are_there(
    shop: Shop, variant: Variant, at: datetime
) -> None:
    _set(shop, variant, 2000, at)
    group = CustomerGroup.objects.create(code="members", name="Members")
    late = open_list(
        market=shop.market, code="members", name="Members", customer_group=group, base=shop.prices,
        factor=Decimal("0.5"), valid_from=at + 3 * DAY, at=at + DAY,
    )  # fmt: skip
    assert _told(variant, late, at) == [(3, 1000)]


def test_a_list_that_ends_asks_nothing_from_then_on(
    shop: Shop, variant: Variant, members: PriceList, at: datetime
) -> None:
    _set(shop, variant, 2000, at)
    end_list(price_list=members, ends_at=at + 2 * DAY, at=at)
    assert _told(variant, members, at) == [(0, 1800), (2, None)]


def test_the_same_price_again_is_no_change(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, 2000, at)
    change_price(variant=variant, price_list=shop.prices, amount=Money(2000, "EUR"), at=at + DAY)
    assert PriceChange.objects.count() == 1


def test_a_price_changed_twice_in_one_instant_tells_the_last(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, 2000, at)
    for minor in (2100, 2200):
        change_price(variant=variant, price_list=shop.prices, amount=Money(minor, "EUR"), at=at + DAY)
    assert _told(variant, shop.prices, at) == [(0, 2000), (1, 2200)]


def test_what_a_derived_list_asked_is_still_told_after_its_terms_changed(
    shop: Shop, variant: Variant, members: PriceList, at: datetime
) -> None:
    _set(shop, variant, 2000, at)
    for day, factor in ((1, "0.8"), (2, "0.7"), (3, "0.6")):
        change_terms(price_list=members, factor=Decimal(factor), at=at + day * DAY)
    asked = [_asked(shop, variant, MEMBERS, at + day * DAY) for day in range(4)]
    assert asked == [1800, 1600, 1400, 1200]
    assert _asked(shop, variant, MEMBERS, at + 2 * DAY - MOMENT) == 1600


def test_the_ledger_cannot_be_rewritten(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, 2000, at)
    with pytest.raises(LedgerIsInsertOnly):
        PriceChange.objects.update(current_minor=1)


def _asked(shop: Shop, variant: Variant, groups: frozenset[str], at: datetime) -> int | None:
    price = resolve_prices(quantities={variant.pk: 1}, audience=Audience(shop.market, groups), at=at).get(variant.pk)
    return price.current.minor if price else None


amounts = st.integers(0, 5000)
hours = st.integers(0, 60)
lists = st.sampled_from(["everybody", "members"])
kinds = st.sampled_from(list(Price.Kind))
edits = st.one_of(
    st.tuples(st.just("set"), lists, kinds, amounts, hours, st.none() | st.integers(1, 60), st.sampled_from([1, 1, 5])),
    st.tuples(st.just("change"), lists, amounts),
    st.tuples(st.just("end"), st.integers(0, 20), hours),
    st.tuples(st.just("terms"), st.sampled_from(["0.9", "0.5", "1.25"]), st.sampled_from([1, 100])),
    st.tuples(st.just("close"), hours),
)
steps = st.tuples(edits, st.integers(0, 30))


@given(story=st.lists(steps, max_size=12), backdated=st.none() | st.integers(1, 100))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_ledger_and_the_resolver_say_of_the_past_what_was_said_at_the_time(
    shop: Shop, variant: Variant, members: PriceList, at: datetime, story: list[Any], backdated: int | None
) -> None:
    with transaction.atomic():
        named = {"everybody": shop.prices, "members": members}
        audiences = {"everybody": frozenset[str](), "members": MEMBERS}
        now = at
        if backdated is not None:
            _set(shop, variant, 1999, now, valid_from=now - backdated * HOUR)
        said: list[tuple[str, datetime, str | None, int | None]] = []
        for edit, pause in story:
            _do(edit, shop, variant, named, now)
            following = now + pause * HOUR
            for instant in (now, now + pause * HOUR / 2, following - MOMENT):
                # What is said in the very instant of the next edit is said by that edit.
                if now <= instant < following:
                    said += [(who, instant, *_said(shop, variant, audiences[who], instant)) for who in named]
            now = following
        for who, instant, code, amount in said:
            assert _said(shop, variant, audiences[who], instant) == (code, amount)
            assert _in_ledger(variant, named.values(), audiences[who], instant) == (code, amount)
        transaction.set_rollback(True)


def _in_ledger(
    variant: Variant, price_lists: Iterable[PriceList], groups: frozenset[str], at: datetime
) -> tuple[str | None, int | None]:
    """List and amount by the ledger alone: the members' list comes before everybody's."""
    for price_list in sorted(price_lists, key=lambda each: each.customer_group is None):
        group = price_list.customer_group
        path = history(variant=variant, price_list=price_list, until=at)
        if (group is None or group.code in groups) and path and path[-1].current is not None:
            return price_list.code, path[-1].current.minor
    return None, None


def _said(shop: Shop, variant: Variant, groups: frozenset[str], at: datetime) -> tuple[str | None, int | None]:
    """The list and the amount."""
    price = resolve_prices(quantities={variant.pk: 1}, audience=Audience(shop.market, groups), at=at).get(variant.pk)
    return (price.derivation["price_list"], price.current.minor) if price else (None, None)


def _do(edit: tuple[Any, ...], shop: Shop, variant: Variant, named: dict[str, PriceList], now: datetime) -> None:
    """Some edits are refused; then nothing has changed."""
    try:
        match edit:
            case ("set", who, kind, amount, start, length, tier):
                begins = now + start * HOUR
                _set(
                    shop, variant, amount, now, price_list=named[who], kind=kind, min_quantity=tier,
                    valid_from=begins, valid_until=None if length is None else begins + length * HOUR,
                )  # fmt: skip
            case ("change", who, amount):
                change_price(variant=variant, price_list=named[who], amount=Money(amount, "EUR"), at=now)
            case ("end", place, later):
                if prices := list(Price.objects.all()):
                    end_price(price=prices[place % len(prices)], ends_at=now + later * HOUR, at=now)
            case ("terms", factor, step):
                change_terms(
                    price_list=named["members"], factor=Decimal(factor), rounding_step_minor=step, at=now,
                )  # fmt: skip
            case ("close", later):
                end_list(price_list=named["members"], ends_at=now + later * HOUR, at=now)
    except DomainError:
        pass


def test_the_story_tells_what_it_should(shop: Shop, variant: Variant, members: PriceList, at: datetime) -> None:
    """The negative control of the story above: a price put in behind the ledger's back is found out."""
    _set(shop, variant, 2000, at)
    Price.objects.update(amount_minor=1)
    [point] = history(variant=variant, price_list=shop.prices, until=at)
    assert _said(shop, variant, frozenset(), at) == (shop.prices.code, 1)
    assert point.current == Money(2000, "EUR")
