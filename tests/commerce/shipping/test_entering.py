"""What staff cannot enter, and what they are told."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from commerce.markets.models import MarketCountry
from commerce.shipping.costing import RateRow
from commerce.shipping.models import PickupPoint, ShippingMethod, ShippingRate, ShippingRule, Zone, ZoneArea
from commerce.shipping.opening import check_table, open_zone, write_table
from tests.factories import Shop
from tests.factories.shipping import method, zone

pytestmark = pytest.mark.django_db


def _told(entered: Any) -> str:
    with pytest.raises(ValidationError) as refusal:
        entered.full_clean()
    return " ".join(refusal.value.messages)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"price_minor": -1}, "greater than or equal to 0", id="a negative price"),
        pytest.param({"price_minor": 10**20}, "less than or equal to", id="an absurd price"),
        pytest.param({"free_from_minor": -1}, "greater than or equal to 0", id="a negative threshold"),
        pytest.param({"min_weight_grams": 2, "max_weight_grams": 1}, "most must not be below", id="most below least"),
        pytest.param({"min_days": 3, "max_days": 2}, "most must not be below", id="days that end before they begin"),
        pytest.param({"min_days": 3}, "both numbers of days or neither", id="half a promise"),
        pytest.param({"max_days": 3}, "both numbers of days or neither", id="the other half"),
        pytest.param({"min_days": 1, "max_days": 2, "cutoff_hour": 24}, "less than or equal to 23", id="hour 24"),
        pytest.param({"cutoff_hour": 12}, "needs the numbers of days", id="a cutoff for nothing"),
        pytest.param({"kind": "weight"}, "needs a price per step", id="by weight without a price for it"),
        pytest.param({"kind": "weight", "step_price_minor": 1, "step_grams": 0}, "equal to 1", id="steps of 0 g"),
        pytest.param({"kind": "value"}, "needs a percentage", id="by value without a percentage"),
        pytest.param({"kind": "value", "percent": 101}, "less than or equal to 100", id="more than everything"),
        pytest.param({"kind": "value", "percent": -1}, "greater than or equal to 0", id="a negative percentage"),
        pytest.param({"kind": "table"}, "what the table goes by", id="a table of what?"),
        pytest.param({"kind": "pigeon"}, "not a valid choice", id="a kind that there is not"),
        pytest.param({"code": "none"}, "not shipped", id="the code of what is not shipped"),
        pytest.param({"code": "parcel"}, "already exists", id="a code that the zone has"),
        pytest.param({"tracking_url_template": "http://a.example/{number}"}, "https", id="tracking in the open"),
        pytest.param({"tracking_url_template": "https:///{number}"}, "name a host", id="tracking without a host"),
        pytest.param({"tracking_url_template": "https://me@a.example/{number}"}, "name a host", id="a user"),
        pytest.param({"tracking_url_template": "javascript:{number}"}, "https", id="tracking by script"),
        pytest.param({"tracking_url_template": "https://a.example/"}, "{number} once", id="tracking without a number"),
        pytest.param({"tracking_url_template": "https://a.example/{number}{number}"}, "once", id="two numbers"),
        pytest.param({"tracking_url_template": "https://a.example/{number}/{lang}"}, "once", id="another field"),
        pytest.param({"tracking_url_template": "https://a.example/{number!r}"}, "once", id="a conversion"),
        pytest.param({"tracking_url_template": "https://a.example/{number"}, "not an address", id="an open brace"),
        pytest.param({"tracking_url_template": "https://{number}.example/"}, "host name", id="a number for a host"),
        pytest.param({"tracking_url_template": "https://a.example/ {number}"}, "spaces", id="a space"),
    ],
)
def test_a_method_that_makes_no_sense_is_refused(shop: Shop, fields: dict[str, Any], message: str) -> None:
    made = ShippingMethod(**{"zone": Zone.objects.get(), "code": "new", "name": "New", "price_minor": 490, **fields})
    assert message in _told(made)


@pytest.mark.parametrize(
    "fields",
    [
        {"min_weight_grams": 2, "max_weight_grams": 1},
        {"min_days": 3, "max_days": 2},
        {"min_days": 3},
        {"max_days": 3},
        {"cutoff_hour": 24},
        {"step_grams": 0},
        {"percent": 101},
        {"kind": "table"},
        {"price_minor": -1},
    ],
)
def test_the_database_itself_takes_no_method_that_makes_no_sense(shop: Shop, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ShippingMethod.objects.create(**{"zone": Zone.objects.get(), "code": "new", "name": "New", **fields})


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        pytest.param([], ["needs a row from 0"], id="no rows"),
        pytest.param([RateRow(1, 490)], ["needs a row from 0"], id="a gap at zero"),
        pytest.param([RateRow(0, 490), RateRow(0, 590)], ["more than one begins at 0"], id="two prices from zero"),
        pytest.param(
            [RateRow(5, 1), RateRow(5, 2)],
            ["needs a row from 0", "more than one begins at 5"],
            id="every fault at once",
        ),
        pytest.param([RateRow(0, -1)], ["no negative numbers"], id="a negative price"),
        pytest.param([RateRow(0, 1), RateRow(-1, 1)], ["no negative numbers"], id="a negative weight"),
    ],
)
def test_a_table_with_gaps_or_overlaps_is_refused_whole(shop: Shop, rows: list[RateRow], messages: list[str]) -> None:
    table = method(Zone.objects.get(), "table", kind="table", table_by="weight")
    write_table(method=table, rows=[RateRow(0, 490)])
    with pytest.raises(ValidationError) as refusal:
        write_table(method=table, rows=rows)
    assert all(any(part in told for told in refusal.value.messages) for part in messages)
    assert [(row.starts_at, row.price_minor) for row in table.rates.all()] == [(0, 490)]


def test_a_table_may_be_entered_in_any_order() -> None:
    check_table([RateRow(10, 2), RateRow(0, 1)])


def test_writing_a_table_replaces_the_one_before(shop: Shop) -> None:
    table = method(Zone.objects.get(), "table", kind="table", table_by="weight")
    write_table(method=table, rows=[RateRow(0, 490), RateRow(5000, 990)])
    write_table(method=table, rows=[RateRow(2000, 690), RateRow(0, 390)])
    assert [(row.starts_at, row.price_minor) for row in table.rates.all()] == [(0, 390), (2000, 690)]


def test_only_a_method_that_goes_by_a_table_has_one(shop: Shop) -> None:
    with pytest.raises(ValidationError, match="does not go by a table"):
        write_table(method=ShippingMethod.objects.get(), rows=[RateRow(0, 490)])


def test_the_database_takes_no_two_rows_that_begin_at_the_same_place(shop: Shop) -> None:
    table = method(Zone.objects.get(), "table", kind="table", table_by="weight")
    ShippingRate.objects.create(method=table, starts_at=0, price_minor=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShippingRate.objects.create(method=table, starts_at=0, price_minor=2)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"country": "XX"}, "XX is not a country of the market", id="a country that there is not"),
        pytest.param({"country": "CH"}, "CH is not a country of the market", id="a country that the market lacks"),
        pytest.param({"country": "DE", "postal_codes": "9-1"}, "ends before it begins", id="a range backwards"),
        pytest.param({"country": "DE", "postal_codes": "10115, ?"}, "write a code", id="no code"),
        pytest.param({"country": "de"}, "The zone Everywhere has this place already", id="a place that is taken"),
    ],
)
def test_an_area_that_makes_no_sense_is_refused(shop: Shop, fields: dict[str, Any], message: str) -> None:
    made = Zone.objects.create(market=shop.market, name="New")
    assert message in _told(ZoneArea(zone=made, **fields))


@pytest.mark.parametrize("row", [ZoneArea(country="DE"), ShippingRule(country="DE"), PickupPoint(country="DE")])
def test_a_row_that_belongs_to_nothing_is_an_error_of_the_form(row: Any) -> None:
    assert "cannot be null" in _told(row)


def test_an_area_is_tidied_as_it_is_entered(shop: Shop) -> None:
    area = ZoneArea(zone=Zone.objects.get(), country="de", region=" bayern ", postal_codes="80*\n81* ,, 82000-82999\n")
    area.full_clean()
    assert (area.country, area.region, area.postal_codes) == ("DE", "BAYERN", "80*, 81*, 82000-82999")


def test_opening_a_zone_is_all_or_nothing(shop: Shop) -> None:
    MarketCountry.objects.create(market=shop.market, country="AT")
    with pytest.raises(ValidationError):
        open_zone(market=shop.market, name="Alps", countries=["AT", "CH"])
    assert not Zone.objects.filter(name="Alps").exists()


def test_the_name_of_a_zone_is_taken_once_per_market(shop: Shop) -> None:
    with pytest.raises(ValidationError, match="already exists"):
        open_zone(market=shop.market, name="Everywhere", countries=[])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"effect": "refuse"}, "class or a category, one", id="about nothing"),
        pytest.param(
            {"effect": "refuse", "shipping_class": "cold", "category_key": uuid.UUID(int=1)},
            "class or a category, one",
            id="about both",
        ),
        pytest.param({"effect": "refuse", "shipping_class": "none"}, "never shipped", id="about what is not shipped"),
        pytest.param({"effect": "refuse", "shipping_class": "cold", "amount_minor": 1}, "costs nothing", id="refused"),
        pytest.param({"effect": "surcharge", "shipping_class": "cold"}, "needs an amount", id="a surcharge of nothing"),
        pytest.param(
            {"effect": "surcharge", "shipping_class": "cold", "amount_minor": -1}, "or equal to 0", id="below 0"
        ),
        pytest.param(
            {"effect": "refuse", "shipping_class": "cold", "country": "CH"},
            "CH is not a country of the zone",
            id="elsewhere",
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(shop: Shop, fields: dict[str, Any], message: str) -> None:
    assert message in _told(ShippingRule(zone=Zone.objects.get(), name="Rule", **fields))


def test_a_rule_names_a_method_of_its_own_zone(shop: Shop) -> None:
    other = zone(shop.market, "Alps", ("AT", "", ""))
    rule = ShippingRule(
        zone=other, method=ShippingMethod.objects.get(), name="Rule", effect="refuse", shipping_class="cold"
    )
    assert "another zone" in _told(rule)


@pytest.mark.parametrize(
    "fields",
    [
        {"effect": "refuse"},
        {"effect": "refuse", "shipping_class": "cold", "category_key": uuid.UUID(int=1)},
        {"effect": "refuse", "shipping_class": "cold", "amount_minor": 1},
        {"effect": "surcharge", "shipping_class": "cold"},
    ],
)
def test_the_database_itself_takes_no_rule_that_makes_no_sense(shop: Shop, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ShippingRule.objects.create(zone=Zone.objects.get(), name="Rule", **fields)


@pytest.mark.parametrize(
    ("kind", "country", "message"), [("flat", "DE", "collected"), ("pickup", "XX", "XX is not a country of the market")]
)
def test_a_pickup_point_is_in_a_country_of_the_market_and_of_a_method_that_is_collected(
    shop: Shop, kind: str, country: str, message: str
) -> None:
    made = method(Zone.objects.get(), "collect", 0, kind=kind)
    point = PickupPoint(method=made, code="mitte", name="Mitte", street_address="1", city="Berlin", country=country)
    assert message in _told(point)
