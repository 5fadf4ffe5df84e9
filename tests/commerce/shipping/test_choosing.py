from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from commerce.kit.money import CurrencyMismatch, Money
from commerce.markets.models import MarketCountry
from commerce.shipping.choosing import CannotShip, ShippingOffer, cheapest, chosen, options, tracking_url
from commerce.shipping.costing import RateRow
from commerce.shipping.models import ShippingMethod, Zone, ZoneArea
from commerce.shipping.opening import open_zone, write_table
from commerce.shipping.parcels import Parcel
from tests.factories import MarketFactory, Shop
from tests.factories.shipping import line, method, parcel, pickup_point, rule, zone

pytestmark = pytest.mark.django_db

FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _zone() -> Zone:
    return Zone.objects.get()


def _cheapest(subtotal: int = 1000, *, country: str = "DE") -> ShippingOffer:
    return cheapest(parcel=parcel(line(subtotal), country=country), at=FRIDAY_NOON)


def _problem(refusal: pytest.ExceptionInfo[CannotShip]) -> Any:
    return refusal.value.facts["problem"]


@pytest.mark.parametrize(
    ("subtotal", "price", "rule"),
    [(0, 490, "flat"), (9999, 490, "flat"), (10000, 0, "free_from"), (10001, 0, "free_from")],
)
def test_shipping_is_free_from_the_subtotal_that_the_method_names(
    shop: Shop, subtotal: int, price: int, rule: str
) -> None:
    offer = _cheapest(subtotal)
    assert (offer.method, offer.price) == ("parcel", Money(price, "EUR"))
    assert (offer.derivation["rule"], offer.derivation["free_from_minor"]) == (rule, 10000)


def test_without_a_threshold_shipping_is_never_free(shop: Shop) -> None:
    ShippingMethod.objects.update(free_from_minor=None)
    assert _cheapest(10**9).price.minor == 490


def test_a_threshold_of_nothing_makes_shipping_free(shop: Shop) -> None:
    ShippingMethod.objects.update(free_from_minor=0)
    assert _cheapest(0).price.minor == 0


def test_the_cheapest_method_is_taken(shop: Shop) -> None:
    method(_zone(), "letter", 190)
    method(_zone(), "courier", 1490)
    assert _cheapest().method == "letter"


def test_a_dearer_method_that_is_free_now_is_the_cheapest(shop: Shop) -> None:
    method(_zone(), "letter", 190)
    assert _cheapest(10000).method == "parcel"


def test_on_a_tie_the_first_by_position_is_taken(shop: Shop) -> None:
    ShippingMethod.objects.update(position=2)
    method(_zone(), "by-bike", 490, position=1)
    method(_zone(), "drone", 490, position=3)
    assert _cheapest().method == "by-bike"


def test_collecting_is_not_the_cheapest_while_anything_is_delivered(shop: Shop) -> None:
    pickup_point(method(_zone(), "collect", 0, kind="pickup"), "mitte")
    assert _cheapest().method == "parcel"
    ShippingMethod.objects.filter(code="parcel").update(is_active=False)
    assert _cheapest().method == "collect"


@pytest.mark.parametrize("country", ["CH", "US", "", "de"])
def test_a_country_that_the_market_does_not_serve_is_refused(shop: Shop, country: str) -> None:
    with pytest.raises(CannotShip) as refusal:
        _cheapest(country=country)
    assert refusal.value.facts == {"country": country, "problem": "no_zone"}


def test_a_country_that_the_market_serves_but_no_zone_covers_is_refused(shop: Shop) -> None:
    MarketCountry.objects.create(market=shop.market, country="CH")
    assert options(parcel=parcel(line(), country="CH"), at=FRIDAY_NOON) == []
    with pytest.raises(CannotShip) as refusal:
        _cheapest(country="CH")
    assert _problem(refusal) == "no_zone"


def test_a_country_that_the_market_gave_up_is_refused_though_a_zone_still_names_it(shop: Shop) -> None:
    MarketCountry.objects.filter(country="DE").delete()
    with pytest.raises(CannotShip):
        _cheapest()


def test_a_zone_without_methods_ships_nothing(shop: Shop) -> None:
    ShippingMethod.objects.update(is_active=False)
    with pytest.raises(CannotShip) as refusal:
        _cheapest()
    assert _problem(refusal) == "no_method"


def test_the_methods_of_another_market_do_not_count(shop: Shop) -> None:
    other = MarketFactory.create()
    method(zone(other, "Alps", ("CH", "", "")), "gift", 0)
    assert _cheapest().method == "parcel"


def test_a_code_names_one_method_of_a_zone(shop: Shop) -> None:
    with pytest.raises(IntegrityError):
        ShippingMethod.objects.create(zone=_zone(), code="parcel", name="Again")


def test_the_zone_of_an_island_counts_before_that_of_its_country(shop: Shop) -> None:
    method(zone(shop.market, "Islands", ("DE", "", "25980-25999, 26465*")), "ferry", 1290)
    islands = parcel(line(), postal_code="25980")
    assert [each.method for each in options(parcel=islands, at=FRIDAY_NOON)] == ["ferry"]
    assert _cheapest().method == "parcel"


def test_options_come_in_the_order_of_the_staff_with_what_cannot_be_had_last(shop: Shop) -> None:
    ShippingMethod.objects.update(position=2, max_weight_grams=1000)
    method(_zone(), "courier", 1490, position=3)
    method(_zone(), "letter", 190, position=1, max_weight_grams=500)
    found = options(parcel=parcel(line(grams=700)), at=FRIDAY_NOON)
    assert [(each.method, each.problem) for each in found] == [
        ("parcel", None),
        ("courier", None),
        ("letter", "too_heavy"),
    ]
    assert found[2].price is None


def test_goods_that_are_not_shipped_need_no_zone_and_no_query(shop: Shop, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        offer = chosen(parcel=parcel(line(shipping_class="none"), country="US"), method="parcel", at=FRIDAY_NOON)
    assert (offer.method, offer.kind, offer.price) == ("none", "none", Money(0, "EUR"))


def test_days_are_promised_from_the_hour_of_the_shops_clock(shop: Shop, settings: Any) -> None:
    """Friday 12:00 UTC is 13:00 in Berlin, past a cutoff at 13: it leaves on Monday and is there by Wednesday."""
    ShippingMethod.objects.update(min_days=1, max_days=2, cutoff_hour=13)
    settings.TIME_ZONE = "Europe/Berlin"
    assert (_cheapest().earliest, _cheapest().latest) == (date(2026, 11, 24), date(2026, 11, 25))
    settings.TIME_ZONE = "UTC"
    assert (_cheapest().earliest, _cheapest().latest) == (date(2026, 11, 23), date(2026, 11, 24))


def test_without_days_nothing_is_promised(shop: Shop) -> None:
    assert (_cheapest().earliest, _cheapest().latest) == (None, None)


def test_a_rule_of_the_zone_holds_for_what_is_delivered_and_not_for_what_is_collected(shop: Shop) -> None:
    pickup_point(method(_zone(), "collect", 0, kind="pickup"), "mitte")
    rule(_zone(), "refuse", shipping_class="hazardous")
    found = options(parcel=parcel(line(shipping_class="hazardous")), at=FRIDAY_NOON)
    assert {each.method: each.problem for each in found} == {"collect": None, "parcel": "refused_class"}


def test_a_rule_of_one_method_leaves_the_others_alone(shop: Shop) -> None:
    express = method(_zone(), "express", 990)
    rule(_zone(), "refuse", shipping_class="cold", method=ShippingMethod.objects.get(code="parcel"))
    offer = cheapest(parcel=parcel(line(shipping_class="cold")), at=FRIDAY_NOON)
    assert offer.method == express.code


def test_a_rule_may_hold_for_one_country_of_the_zone(shop: Shop) -> None:
    knives = uuid.uuid4()
    rule(_zone(), "refuse", category_key=knives, country="FR")
    goods = line(categories=[knives])
    assert cheapest(parcel=parcel(goods, country="DE"), at=FRIDAY_NOON).method == "parcel"
    with pytest.raises(CannotShip) as refusal:
        cheapest(parcel=parcel(goods, country="FR"), at=FRIDAY_NOON)
    assert _problem(refusal) == "refused_category"


def _collecting() -> Parcel:
    collect = method(_zone(), "collect", 0, kind="pickup")
    pickup_point(collect, "mitte", position=1)
    pickup_point(collect, "closed", is_active=False)
    pickup_point(collect, "nord", position=2)
    return parcel(line())


def test_collecting_shows_the_open_points_and_is_chosen_with_one(shop: Shop) -> None:
    goods = _collecting()
    [option] = [each for each in options(parcel=goods, at=FRIDAY_NOON) if each.kind == "pickup"]
    assert [point.code for point in option.pickup_points] == ["mitte", "nord"]
    offer = chosen(parcel=goods, method="collect", pickup_point="nord", at=FRIDAY_NOON)
    assert [point.code for point in offer.pickup_points] == ["nord"]
    assert offer.derivation["pickup_point"]["city"] == "Berlin"


@pytest.mark.parametrize(
    ("point", "problem"),
    [(None, "pickup_point_needed"), ("closed", "unknown_pickup_point"), ("mars", "unknown_pickup_point")],
)
def test_collecting_needs_a_point_that_is_open(shop: Shop, point: str | None, problem: str) -> None:
    goods = _collecting()
    with pytest.raises(CannotShip) as refusal:
        chosen(parcel=goods, method="collect", pickup_point=point, at=FRIDAY_NOON)
    assert _problem(refusal) == problem


def test_collecting_without_any_point_cannot_be_had(shop: Shop) -> None:
    method(_zone(), "collect", 0, kind="pickup")
    with pytest.raises(CannotShip) as refusal:
        chosen(parcel=parcel(line()), method="collect", pickup_point="mitte", at=FRIDAY_NOON)
    assert _problem(refusal) == "no_pickup_point"


def test_a_method_that_is_gone_cannot_be_chosen(shop: Shop) -> None:
    with pytest.raises(CannotShip) as refusal:
        chosen(parcel=parcel(line()), method="pigeon", at=FRIDAY_NOON)
    assert refusal.value.facts == {"country": "DE", "method": "pigeon", "problem": "unknown_method"}


def test_a_method_that_cannot_carry_the_parcel_cannot_be_chosen(shop: Shop) -> None:
    ShippingMethod.objects.update(max_weight_grams=1000)
    with pytest.raises(CannotShip) as refusal:
        chosen(parcel=parcel(line(grams=1001)), method="parcel", at=FRIDAY_NOON)
    assert _problem(refusal) == "too_heavy"


def test_a_parcel_in_another_currency_than_the_markets_is_a_mistake(shop: Shop) -> None:
    with pytest.raises(CurrencyMismatch):
        options(parcel=parcel(line(currency="CHF")), at=FRIDAY_NOON)


@pytest.mark.parametrize("lines", [1, 40])
def test_options_cost_four_queries_however_many_lines_methods_and_rules(shop: Shop, lines: int) -> None:
    for number in range(3):
        table = method(_zone(), f"table-{number}", kind="table", table_by="weight")
        write_table(method=table, rows=[RateRow(0, 490), RateRow(5000, 990)])
        pickup_point(method(_zone(), f"collect-{number}", 0, kind="pickup"), "mitte")
        rule(_zone(), "surcharge", shipping_class="bulky", amount_minor=500, name=f"Bulky {number}")
    zone(shop.market, "North", ("DE", "", "2*"), ("DE", "", "3*"))
    goods = parcel(*(line(grams=100) for _ in range(lines)))
    with CaptureQueriesContext(connection) as captured:
        found = options(parcel=goods, at=FRIDAY_NOON)
    assert len(found) == 7
    assert len(captured) == 4


def test_a_table_is_read_whole_and_once_per_method(shop: Shop) -> None:
    table = method(_zone(), "table", kind="table", table_by="weight")
    write_table(method=table, rows=[RateRow(5000, 990), RateRow(0, 390)])
    found = {each.method: each.price for each in options(parcel=parcel(line(grams=5000)), at=FRIDAY_NOON)}
    assert found == {"parcel": Money(490, "EUR"), "table": Money(990, "EUR")}


def test_a_table_without_rows_has_no_rate(shop: Shop) -> None:
    method(_zone(), "table", kind="table", table_by="weight")
    [_, table] = options(parcel=parcel(line()), at=FRIDAY_NOON)
    assert (table.method, table.problem) == ("table", "no_rate")


def test_a_zone_is_opened_for_countries_of_its_market(shop: Shop) -> None:
    MarketCountry.objects.create(market=shop.market, country="AT")
    made = open_zone(market=shop.market, name="Alps", countries=["at"])
    assert [area.country for area in made.areas.all()] == ["AT"]
    assert ZoneArea.objects.count() == 3


@pytest.mark.parametrize(
    ("template", "number", "address"),
    [
        ("https://track.example/{number}", "00340 1", "https://track.example/00340%201"),
        ("https://track.example/?n={number}&l=en", "a&b=c#d", "https://track.example/?n=a%26b%3Dc%23d&l=en"),
        ("https://track.example/{number}", "../../evil", "https://track.example/..%2F..%2Fevil"),
        ("https://track.example/{number}", " {number} ", "https://track.example/%7Bnumber%7D"),
        ("https://track.example/{number}", "  ", ""),
        ("", "1", ""),
    ],
)
def test_a_tracking_number_cannot_change_where_its_address_leads(template: str, number: str, address: str) -> None:
    assert tracking_url(method=ShippingMethod(tracking_url_template=template), number=number) == address
