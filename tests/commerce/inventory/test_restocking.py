from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from commerce.inventory.auditing import discrepancies
from commerce.inventory.bundling import set_parts
from commerce.inventory.models import Location, StockLevel, StockMovement
from commerce.inventory.policies import set_policy
from commerce.inventory.restocking import NoLocation, restock
from tests.commerce.inventory.conftest import Sell
from tests.factories import LocationFactory, Shop
from tests.factories.stock import allow_backorders, bundle_of, never_runs_out

pytestmark = pytest.mark.django_db
Standing = Callable[..., tuple[int, int]]
Back = Callable[..., list[StockMovement]]


@pytest.fixture
def back(at: datetime) -> Back:
    def back(lines: dict[object, int], reference: str = "M-1", **options: object) -> list[StockMovement]:
        return restock(
            lines={variant.pk: quantity for variant, quantity in lines.items()},  # type: ignore[attr-defined]
            reference=reference, reason="Came back", actor="clerk", at=at, **options,  # type: ignore[arg-type]
        )  # fmt: skip

    return back


def _at_locations(variant: object) -> dict[str, int]:
    levels = StockLevel.objects.filter(variant=variant)
    return dict(levels.values_list("location__code", "on_hand"))


def test_what_comes_back_lies_where_it_was_sold_from(shop: Shop, buy: Sell, back: Back) -> None:
    near, far = LocationFactory.create(code="near", priority=1), LocationFactory.create(code="far", priority=2)
    variant = shop.sell(stock=0)
    shop.stock(variant, 2, location=near)
    shop.stock(variant, 4, location=far)
    buy({variant: 5})
    assert _at_locations(variant) == {"near": 0, "far": 1}
    movements = back({variant: 3})
    assert _at_locations(variant) == {"near": 2, "far": 2}
    assert {(each.kind, each.reference, each.reason, each.actor) for each in movements} == {
        ("return", "M-1", "Came back", "clerk")
    }
    back({variant: 2})
    assert _at_locations(variant) == {"near": 2, "far": 4}
    assert [*discrepancies()] == []


def test_what_this_order_never_took_goes_to_the_first_location_that_stocks_it(
    shop: Shop, buy: Sell, back: Back
) -> None:
    variant, other, new = shop.sell(stock=5), shop.sell(stock=0), shop.sell(stock=0)
    shop.stock(other, 5, location=LocationFactory.create(code="far", priority=9))
    buy({variant: 1}, "M-1")
    buy({other: 1}, "M-2")
    back({other: 2, new: 1}, "M-1")
    assert _at_locations(other) == {"far": 6}
    assert _at_locations(new) == {shop.warehouse.code: 1}


def test_it_may_be_put_somewhere_else(shop: Shop, buy: Sell, back: Back) -> None:
    variant = shop.sell(stock=5)
    buy({variant: 2})
    back({variant: 2}, location=LocationFactory.create(code="returns", priority=9))
    assert _at_locations(variant) == {shop.warehouse.code: 3, "returns": 2}


def test_what_comes_back_damaged_is_written_off_at_once(shop: Shop, buy: Sell, back: Back, standing: Standing) -> None:
    variant = shop.sell(stock=5)
    buy({variant: 3})
    movements = back({variant: 2}, kind=StockMovement.Kind.DAMAGE)
    assert [(each.kind, each.quantity) for each in movements] == [("return", 2), ("damage", -2)]
    assert standing(variant) == (2, 0)
    back({variant: 1})
    assert standing(variant) == (3, 0)
    assert [*discrepancies()] == []


def test_a_bundle_comes_back_as_what_it_was_made_of(
    shop: Shop, buy: Sell, back: Back, at: datetime, standing: Standing
) -> None:
    cup, saucer, mug = (shop.sell(stock=10) for _ in range(3))
    bundle = bundle_of(shop, (cup, 2), (saucer, 1))
    buy({bundle: 2, cup: 1})
    set_parts(bundle=bundle, parts={mug.pk: 6}, at=at)
    back({bundle: 1})
    assert (standing(cup), standing(saucer), standing(mug)) == ((7, 0), (9, 0), (10, 0))
    back({bundle: 1, cup: 1})
    assert (standing(cup), standing(saucer), standing(mug)) == ((10, 0), (10, 0), (10, 0))
    back({bundle: 1}, "M-2")
    assert standing(mug) == (16, 0), "never sold under this number: as it is made now"
    assert [*discrepancies()] == []


def test_a_part_that_came_from_two_shelves_is_one_part(
    shop: Shop, buy: Sell, back: Back, standing: Standing, at: datetime
) -> None:
    cup, saucer = shop.sell(stock=1), shop.sell(stock=10)
    other = LocationFactory.create(priority=9)
    StockLevel.objects.create(variant=cup, location=other, on_hand=3)
    bundle = bundle_of(shop, (cup, 2), (saucer, 1))
    buy({bundle: 2})
    back({bundle: 1})
    back({bundle: 1})
    assert sum(_at_locations(cup).values()) == 4
    assert standing(saucer) == (10, 0)


def test_what_has_no_stock_has_nothing_to_come_back_to(shop: Shop, buy: Sell, back: Back) -> None:
    pattern = never_runs_out(shop)
    buy({pattern: 3})
    assert back({pattern: 3}) == []
    assert not StockLevel.objects.exists()


def test_what_was_taken_from_a_shelf_goes_back_there_though_it_is_no_longer_tracked(
    shop: Shop, buy: Sell, back: Back, at: datetime, standing: Standing
) -> None:
    variant = shop.sell(stock=5)
    buy({variant: 3})
    set_policy(variant=variant, is_tracked=False, at=at)
    back({variant: 3})
    assert standing(variant) == (5, 0)


def test_a_backorder_that_is_cancelled_is_owed_no_more(shop: Shop, buy: Sell, back: Back, standing: Standing) -> None:
    variant = shop.sell(stock=0)
    allow_backorders(shop, variant, 3)
    buy({variant: 3})
    back({variant: 2})
    assert standing(variant) == (-1, 0)


def test_without_any_location_there_is_nowhere_to_put_it(shop: Shop, back: Back) -> None:
    variant = shop.sell(stock=0)
    Location.objects.all().delete()
    with pytest.raises(NoLocation):
        back({variant: 1})
