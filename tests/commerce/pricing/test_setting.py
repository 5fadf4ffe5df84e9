from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cms.catalogue.models import Variant
from commerce.kit.errors import DomainError
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.pricing.models import Price
from commerce.pricing.setting import PriceOverlaps, WrongPrice, set_price
from tests.factories import MarketFactory, PriceListFactory, Shop
from tests.races.runners import at_once

pytestmark = pytest.mark.django_db

Window = tuple[int, int | None]


@pytest.fixture
def variant(shop: Shop) -> Variant:
    return shop.sell(price=None)


def _set(
    shop: Shop,
    variant: Variant,
    at: datetime,
    window: Window = (0, None),
    *,
    minor: int = 1999,
    currency: str = "EUR",
    kind: Price.Kind = Price.Kind.REGULAR,
) -> Price:
    start, end = window
    return set_price(
        variant=variant,
        price_list=shop.prices,
        amount=Money(minor, currency),
        kind=kind,
        valid_from=at + timedelta(days=start),
        valid_until=None if end is None else at + timedelta(days=end),
        # Before all of them: what begins in the past is another test's business.
        at=at - timedelta(days=30),
    )


def _windows(at: datetime) -> list[Window]:
    day = timedelta(days=1)
    return [
        ((price.valid_from - at) // day, None if price.valid_until is None else (price.valid_until - at) // day)
        for price in Price.objects.order_by("valid_from")
    ]


def test_a_price_is_entered_and_announced(shop: Shop, variant: Variant, at: datetime) -> None:
    price = _set(shop, variant, at)
    assert (price.amount, price.kind, price.valid_from) == (Money(1999, "EUR"), "regular", at)
    announced = OutboxEvent.objects.get(name="pricing.prices_changed")
    assert announced.payload == {
        "price_list": shop.prices.code,
        "markets": [shop.market.code],
        "variants": [str(variant.pk)],
    }


def test_a_new_open_ended_price_ends_the_one_before_it(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, at, (-10, None))
    _set(shop, variant, at, (0, None))
    _set(shop, variant, at, (5, None))
    assert _windows(at) == [(-10, 0), (0, 5), (5, None)]


@pytest.mark.parametrize(
    ("there", "new"),
    [
        ((0, 10), (5, 15)),
        ((0, 10), (-5, 5)),
        ((0, 10), (2, 8)),
        ((0, 10), (-5, 15)),
        ((0, 10), (0, 10)),
        ((0, 10), (0, 5)),
        ((0, 10), (9, None)),
        ((0, 10), (-5, None)),
        ((0, None), (-5, None)),
        ((0, None), (-5, 1)),
        ((0, None), (5, 10)),
        ((0, None), (0, None)),
        ((0, None), (0, 5)),
    ],
)
def test_two_prices_of_a_kind_never_hold_at_once(
    shop: Shop, variant: Variant, at: datetime, there: Window, new: Window
) -> None:
    _set(shop, variant, at, there)
    announced = OutboxEvent.objects.count()
    with pytest.raises(PriceOverlaps):
        _set(shop, variant, at, new)
    assert _windows(at) == [there]
    assert OutboxEvent.objects.count() == announced


@pytest.mark.parametrize(
    ("there", "new"),
    [
        ((0, 10), (10, 20)),
        ((0, 10), (-10, 0)),
        ((0, 10), (10, None)),
        ((0, 10), (15, None)),
        ((0, None), (-10, 0)),
        ((0, None), (-10, -5)),
    ],
)
def test_prices_may_touch_and_leave_gaps(
    shop: Shop, variant: Variant, at: datetime, there: Window, new: Window
) -> None:
    _set(shop, variant, at, there)
    _set(shop, variant, at, new)
    assert _windows(at) == sorted([there, new])


def test_a_refused_price_leaves_its_predecessor_open(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, at, (10, 20))
    Price.objects.create(
        price_list=shop.prices, variant=variant, amount_minor=1, currency="EUR", valid_from=at - timedelta(days=5)
    )
    with pytest.raises(PriceOverlaps):
        _set(shop, variant, at, (0, None))
    assert _windows(at) == [(-5, None), (10, 20)]


def test_regular_and_sale_prices_do_not_stand_in_each_others_way(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, at, (0, None))
    _set(shop, variant, at, (0, 5), kind=Price.Kind.SALE, minor=999)
    assert sorted(Price.objects.values_list("kind", flat=True)) == ["regular", "sale"]


def test_prices_of_other_variants_and_lists_do_not_stand_in_the_way(shop: Shop, variant: Variant, at: datetime) -> None:
    _set(shop, variant, at)
    _set(shop, shop.sell(price=None), at)
    swiss = PriceListFactory.create(market=MarketFactory.create(currency="CHF"))
    set_price(variant=variant, price_list=swiss, amount=Money(100, "CHF"), valid_from=at, at=at)
    assert Price.objects.filter(valid_until=None).count() == 3


@pytest.mark.parametrize(("minor", "currency"), [(-1, "EUR"), (1999, "USD"), (1999, "JPY")])
def test_a_negative_amount_and_another_currency_are_refused(
    shop: Shop, variant: Variant, at: datetime, minor: int, currency: str
) -> None:
    with pytest.raises(WrongPrice):
        _set(shop, variant, at, minor=minor, currency=currency)
    assert not Price.objects.exists()


@pytest.mark.parametrize("end", [0, -1])
def test_a_window_that_ends_before_it_begins_is_refused_in_the_shops_own_words(
    shop: Shop, variant: Variant, at: datetime, end: int
) -> None:
    with pytest.raises(DomainError):
        _set(shop, variant, at, (0, end))


@pytest.mark.django_db(transaction=True)
def test_two_merchandisers_at_once_leave_one_open_ended_price(shop: Shop, variant: Variant, at: datetime) -> None:
    outcomes = at_once(lambda: _set(shop, variant, at, (0, None)), lambda: _set(shop, variant, at, (1, None)))
    assert not [each for each in outcomes if not isinstance(each, (Price, PriceOverlaps))]
    assert Price.objects.filter(valid_until=None).count() == 1
