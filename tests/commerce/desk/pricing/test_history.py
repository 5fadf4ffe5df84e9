from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.catalogue.models import Variant
from commerce.desk.pricing.charting import HEIGHT, WIDTH, draw
from commerce.kit.clock import now
from commerce.kit.money import Money
from commerce.pricing.models import Price, PriceList
from commerce.pricing.reference import PricePoint
from commerce.pricing.setting import set_price
from tests.commerce.desk.pricing.conftest import Browser
from tests.factories import Shop

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def _point(days: int, current: int | None, regular: int | None = None) -> PricePoint:
    money = None if current is None else Money(current, "EUR")
    return PricePoint(NOW + days * DAY, money, Money(regular, "EUR") if regular else money)


def _drawn(*points: PricePoint, reference: Money | None = None) -> Any:
    return draw(points, currency="EUR", since=NOW - 90 * DAY, now=NOW, reference=reference)


def test_without_a_price_there_is_no_chart() -> None:
    assert _drawn() is None
    assert _drawn(_point(-10, None)) is None
    assert _drawn(_point(-200, 1000), _point(-100, None)) is None


def test_one_price_is_a_line_from_edge_to_edge() -> None:
    chart = _drawn(_point(-200, 1000))
    assert chart.current.past.startswith(f"M{chart.left},")
    assert chart.current.past.endswith(f"H{chart.right}")
    assert chart.current.planned == ""
    assert len(chart.dots) == 1


def test_each_change_is_a_step_and_a_time_without_a_price_is_a_gap() -> None:
    chart = _drawn(_point(-80, 1000), _point(-60, 1200), _point(-40, None), _point(-20, 900))
    assert chart.current.past.count("M") == 2
    assert chart.current.past.count("V") == 1
    assert [point.current.minor for _, _, point in chart.dots] == [1000, 1200, 900]


def test_what_is_planned_is_drawn_apart_and_the_reference_price_is_marked() -> None:
    chart = _drawn(_point(-80, 1000), _point(-5, 800, 1000), _point(10, 1000), reference=Money(950, "EUR"))
    assert chart.now_x < chart.right
    assert chart.current.planned.startswith(f"M{chart.now_x},")
    assert "V" in chart.current.planned
    low, high = chart.prices[0], chart.prices[-1]
    assert high[0] < chart.reference_y < low[0]
    assert low[1] < Money(800, "EUR")


@pytest.mark.parametrize("minor", [0, 1, 99_999_999])
def test_every_amount_stays_within_the_picture(minor: int) -> None:
    chart = _drawn(_point(-10, minor))
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y, _ in chart.dots)
    assert 2 <= len(chart.prices) <= 8


def test_a_thousand_changes_are_drawn() -> None:
    chart = _drawn(*(_point(-1000 + day, 1000 + day) for day in range(1000)))
    assert len(chart.dots) == 90


def _page(browser: Client, shop: Shop, variant: Variant, days: str = "") -> str:
    address = reverse("desk_price_history", args=[shop.prices.code, variant.pk])
    answer = browser.get(address, {"days": days} if days else {})
    assert answer.status_code == 200
    return answer.content.decode()


def _set(variant: Variant, price_list: PriceList, minor: int, days: int, **facts: Any) -> Price:
    at = min(now(), now() + days * DAY)
    begins = now() + days * DAY
    return set_price(
        variant=variant, price_list=price_list, amount=Money(minor, "EUR"), valid_from=begins, at=at, **facts
    )


@pytest.mark.django_db
def test_the_page_tells_the_price_its_reference_and_who_changed_it_why(pricer: Client, shop: Shop) -> None:
    variant = shop.sell(price=None)
    _set(variant, shop.prices, 2000, -60, reason="First price", actor="somebody")
    _set(variant, shop.prices, 1500, -5, kind=Price.Kind.SALE, valid_until=now() + 5 * DAY, reason="Autumn")
    _set(variant, shop.prices, 2500, 20, reason="Dearer")
    page = _page(pricer, shop, variant)
    assert 'role="img"' in page
    assert "<title id=" in page
    assert "Legal reference price" in page
    for said in ("First price", "somebody", "Autumn", "Dearer", "€20.00", "€15.00", "€25.00"):
        assert said in page


@pytest.mark.django_db
@pytest.mark.parametrize("days", ["", "30", "1095", "0", "x", "99999999999", "000030999999", "9" * 5000, "²"])
def test_any_range_is_answered_for_a_variant_without_prices(pricer: Client, shop: Shop, days: str) -> None:
    page = _page(pricer, shop, shop.sell(price=None), days)
    assert "There was no price in this time." in page
    assert "Nothing was ever entered." in page


@pytest.mark.django_db
def test_a_price_is_ended_now_or_withdrawn_before_it_begins(pricer: Client, shop: Shop) -> None:
    variant = shop.sell(price=2000)
    planned = _set(variant, shop.prices, 2500, 20)
    pricer.post(reverse("desk_price_end", args=[planned.pk]))
    present = Price.objects.get(variant=variant)
    assert present.valid_until is None
    pricer.post(reverse("desk_price_end", args=[present.pk]), {"ends_at": "2099-01-01T00:00"})
    assert Price.objects.get(variant=variant).valid_until.year == 2099  # type: ignore[union-attr]
    pricer.post(reverse("desk_price_end", args=[present.pk]))
    assert Price.objects.get(variant=variant).valid_until <= now()  # type: ignore[operator]


@pytest.mark.django_db
@pytest.mark.parametrize("ends_at", ["2020-01-01T00:00", "soon"])
def test_a_price_does_not_end_in_the_past(pricer: Client, shop: Shop, ends_at: str) -> None:
    price = shop.price(shop.sell(price=None), 1000)
    assert pricer.post(reverse("desk_price_end", args=[price.pk]), {"ends_at": ends_at}).status_code == 302
    assert Price.objects.get().valid_until is None


@pytest.mark.django_db
def test_only_those_who_may_change_prices_end_them(staff: Browser, shop: Shop) -> None:
    price = shop.price(shop.sell(price=None), 1000)
    for browser in (staff("view_price"), staff("change_variantcost"), staff()):
        browser.post(reverse("desk_price_end", args=[price.pk]))
    assert Price.objects.get().valid_until is None
    assert staff("change_price").post(reverse("desk_price_end", args=[0])).status_code == 404
