"""Zones, methods and rules of shipping at the desk, and trying them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from commerce.desk.editing import STALE
from commerce.desk.shipping.forms import MethodForm, ZoneForm
from commerce.markets.models import Market, MarketCountry
from commerce.shipping.models import PickupPoint, ShippingMethod, ShippingRate, ShippingRule, Zone, ZoneArea
from tests.factories import Shop, UserFactory

pytestmark = pytest.mark.django_db

_MODELS = ("zone", "shippingmethod", "shippingrule")


@pytest.fixture
def shipper(client: Client) -> Client:
    user = UserFactory.create(is_staff=True)
    names = [f"{action}_{model}" for action in ("add", "change", "delete", "view") for model in _MODELS]
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *names]))
    client.force_login(user)
    return client


def rows(prefix: str, *written: dict[str, str], initial: int = 0) -> dict[str, str]:
    data = {f"{prefix}-TOTAL_FORMS": str(len(written)), f"{prefix}-INITIAL_FORMS": str(initial)}
    for place, row in enumerate(written):
        data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return data


def add_zone(browser: Client, market: Market, *areas: dict[str, str], **fields: str) -> Any:
    data = {"market": str(market.pk), "name": "North", "position": "0", **fields, **rows("areas", *areas)}
    return browser.post(reverse("shipping-zones:add"), data)


def method_fields(zone: Zone, /, **fields: str) -> dict[str, str]:
    ordinary = {
        "zone": str(zone.pk),
        "code": "new",
        "name": "New",
        "kind": "flat",
        "step_grams": "1000",
        "percent": "0",
        "position": "0",
        "is_active": "on",
    }
    return {**ordinary, **rows("rates"), **rows("points"), **fields}


def add_method(browser: Client, zone: Zone, /, *tables: dict[str, str], **fields: str) -> Any:
    return browser.post(reverse("shipping-methods:add"), method_fields(zone, **fields) | dict(*tables))


def test_a_zone_is_opened_with_its_places(shipper: Client, shop: Shop) -> None:
    ZoneArea.objects.all().delete()
    answer = add_zone(shipper, shop.market, {"country": "de", "postal_codes": "20000-21999"}, {"country": "FR"}, {})
    assert answer.status_code == 302
    zone = Zone.objects.get(name="North")
    assert [str(area) for area in zone.areas.all()] == ["DE 20000-21999", "FR"]
    listed = shipper.get(reverse("shipping-zones:index")).content.decode()
    assert "DE 20000-21999, FR" in listed


@pytest.mark.parametrize(
    ("area", "words"),
    [
        ({"country": "CH"}, "CH is not a country of the market"),
        ({"country": "DE", "postal_codes": "9-1"}, "the range ends before it begins"),
        ({"country": "DE", "postal_codes": "?"}, "write a code"),
        ({"country": "FR"}, "The zone Everywhere has this place already."),
        ({"country": "", "region": "CA"}, "This field is required."),
        ({"country": "D\0"}, "Null characters are not allowed."),
    ],
)
def test_a_place_that_cannot_be_is_refused_and_nothing_is_saved(
    shipper: Client, shop: Shop, area: dict[str, str], words: str
) -> None:
    answer = add_zone(shipper, shop.market, area)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Zone.objects.filter(name="North").exists()


def test_the_same_place_twice_at_once_is_refused(shipper: Client, shop: Shop) -> None:
    twice = {"country": "DE", "region": "Bayern"}
    answer = add_zone(shipper, shop.market, twice, twice)
    assert "The same place stands there twice." in answer.content.decode()


def test_places_that_a_colleague_changed_meanwhile_are_not_undone(shipper: Client, shop: Shop) -> None:
    zone = Zone.objects.get()
    area = zone.areas.all()[0]
    address = reverse("shipping-zones:edit", args=[zone.pk])
    opened = {"name": "Renamed", "position": "0", "shown": shipper.get(address).context["form"]["shown"].value()}
    kept = {"id": str(area.pk), "country": area.country, "region": "", "postal_codes": ""}
    ZoneArea.objects.filter(pk=area.pk).update(postal_codes="10115")
    answer = shipper.post(address, opened | rows("areas", kept, initial=1))
    assert STALE in answer.content.decode()
    area.refresh_from_db()
    assert area.postal_codes == "10115"


def test_places_to_collect_from_that_a_colleague_changed_meanwhile_are_not_undone(shipper: Client, shop: Shop) -> None:
    zone = Zone.objects.get()
    point = {
        "code": "a",
        "name": "Corner",
        "street_address": "1 Road",
        "postal_code": "1",
        "city": "B",
        "country": "DE",
    }
    assert add_method(shipper, zone, rows("points", point | {"is_active": "on"}), kind="pickup").status_code == 302
    stored = PickupPoint.objects.get()
    address = reverse("shipping-methods:edit", args=[stored.method_id])
    shown = str(shipper.get(address).context["form"]["shown"].value())
    PickupPoint.objects.update(opening_hours="Closed in May")
    kept = rows("points", point | {"id": str(stored.pk), "is_active": "on"}, initial=1)
    answer = shipper.post(address, method_fields(zone, kind="pickup", shown=shown) | kept)
    assert STALE in answer.content.decode()
    stored.refresh_from_db()
    assert stored.opening_hours == "Closed in May"


def test_a_zone_stays_in_its_market(shipper: Client, shop: Shop) -> None:
    other = Market.objects.create(code="ch", name="Alps", currency="CHF")
    zone = Zone.objects.get()
    area = zone.areas.all()[0]
    data = {"market": str(other.pk), "name": "All", "position": "1", "shown": ZoneForm(instance=zone).mark(zone)}
    kept = {"id": str(area.pk), "country": area.country, "region": "", "postal_codes": "", "DELETE": "on"}
    address = reverse("shipping-zones:edit", args=[zone.pk])
    assert shipper.post(address, data | rows("areas", kept, initial=1)).status_code == 302
    zone.refresh_from_db()
    assert (zone.market, zone.name, zone.areas.count()) == (shop.market, "All", 1)


def test_a_method_takes_amounts_as_people_write_them(shipper: Client, shop: Shop) -> None:
    answer = add_method(shipper, Zone.objects.get(), price_minor="4,90", free_from_minor="75")
    assert answer.status_code == 302, answer.content.decode()
    method = ShippingMethod.objects.get(code="new")
    assert (method.price_minor, method.free_from_minor, method.step_price_minor) == (490, 7500, 0)
    page = shipper.get(reverse("shipping-methods:edit", args=[method.pk])).content.decode()
    assert 'value="4.90"' in page


def test_a_method_in_yen_has_no_decimals(shipper: Client, shop: Shop) -> None:
    japan = Market.objects.create(code="jp", name="Japan", currency="JPY")
    zone = Zone.objects.create(market=japan, name="Japan")
    assert "Write an amount in JPY, such as 1250." in add_method(shipper, zone, price_minor="9.5").content.decode()
    assert add_method(shipper, zone, price_minor="950").status_code == 302
    assert ShippingMethod.objects.get(zone=zone).price_minor == 950


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"price_minor": "-1"}, "An amount is not negative and not that high."),
        ({"price_minor": "9" * 19}, "An amount is not negative and not that high."),
        ({"price_minor": "1e9999999"}, "Write an amount in EUR"),
        ({"price_minor": "free"}, "Write an amount in EUR"),
        ({"zone": ""}, "This field is required."),
        ({"zone": "999999999999999999999"}, "Select a valid choice."),
        ({"code": "none"}, "Take another."),
        ({"code": "parcel"}, "already exists"),
        ({"kind": "weight"}, "A price by weight needs a price per step."),
        ({"kind": "value"}, "A price by value needs a percentage."),
        ({"kind": "table"}, "Say what the table goes by."),
        ({"kind": "table", "table_by": "weight"}, "The table needs a row from 0"),
        ({"min_days": "3"}, "Give both numbers of days or neither."),
        ({"min_weight_grams": "5", "max_weight_grams": "4"}, "The most must not be below the least."),
        ({"step_grams": "0"}, "greater than or equal to 1"),
        ({"tracking_url_template": "http://carrier.example/{number}"}, "must begin with https://"),
        ({"rates-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
    ],
)
def test_a_method_that_cannot_be_is_refused(shipper: Client, shop: Shop, fields: dict[str, str], words: str) -> None:
    answer = add_method(shipper, Zone.objects.get(), **fields)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not ShippingMethod.objects.filter(name="New").exists()


def test_a_table_is_written_as_a_whole(shipper: Client, shop: Shop) -> None:
    table = rows("rates", {"starts_at": "0", "price": "4.90"}, {"starts_at": "5000", "price": "9"}, {})
    zone = Zone.objects.get()
    assert add_method(shipper, zone, table, kind="table", table_by="weight").status_code == 302
    method = ShippingMethod.objects.get(code="new")
    assert list(method.rates.values_list("starts_at", "price_minor")) == [(0, 490), (5000, 900)]
    address = reverse("shipping-methods:edit", args=[method.pk])
    opened = method_fields(zone, kind="table", table_by="weight", shown=MethodForm(instance=method).mark(method))
    shorter = opened | rows("rates", {"starts_at": "0", "price": "3"}, initial=1)
    assert shipper.post(address, shorter).status_code == 302
    assert list(method.rates.values_list("starts_at", "price_minor")) == [(0, 300)]
    again = shipper.post(address, shorter)
    assert "Somebody has changed this since you opened the page" in again.content.decode()


def test_a_table_by_value_begins_at_amounts(shipper: Client, shop: Shop) -> None:
    table = rows("rates", {"starts_at": "0", "price": "5"}, {"starts_at": "49.50", "price": "2.50"})
    assert add_method(shipper, Zone.objects.get(), table, kind="table", table_by="value").status_code == 302
    assert list(ShippingRate.objects.values_list("starts_at", "price_minor")) == [(0, 500), (4950, 250)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"starts_at": "0", "price": "1"}, "Rows overlap: more than one begins at 0."),
        ({"starts_at": "heavy", "price": "1"}, "Write a whole number."),
        ({"starts_at": "-5", "price": "1"}, "Write a whole number."),
        ({"starts_at": "5", "price": "1.234"}, "Write an amount in EUR"),
    ],
)
def test_a_table_that_cannot_be_is_refused(shipper: Client, shop: Shop, row: dict[str, str], words: str) -> None:
    table = rows("rates", {"starts_at": "0", "price": "5"}, row)
    answer = add_method(shipper, Zone.objects.get(), table, kind="table", table_by="weight")
    assert words in answer.content.decode()
    assert not ShippingMethod.objects.filter(name="New").exists()


def test_places_to_collect_from_come_with_their_method(shipper: Client, shop: Shop) -> None:
    place = {"code": "studio", "name": "Studio", "street_address": "Torstraße 1", "city": "Berlin", "country": "de"}
    zone = Zone.objects.get()
    refused = add_method(shipper, zone, rows("points", place))
    assert "Only a method whose orders are collected has pickup points." in refused.content.decode()
    assert not ShippingMethod.objects.filter(name="New").exists()
    assert add_method(shipper, zone, rows("points", place), kind="pickup").status_code == 302
    assert PickupPoint.objects.get().country == "DE"


def test_a_rule_refuses_or_asks_for_more(shipper: Client, shop: Shop) -> None:
    zone, garden = Zone.objects.get(), shop.category("Garden")
    rule = {"zone": str(zone.pk), "name": "Cold chain", "effect": "surcharge", "per": "order"}
    address = reverse("shipping-rules:add")
    both = {**rule, "shipping_class": "cold", "category_key": str(garden.translation_key), "amount_minor": "3.90"}
    assert "one of the two" in shipper.post(address, both).content.decode()
    assert shipper.post(address, {**both, "category_key": ""}).status_code == 302
    assert ShippingRule.objects.get().amount_minor == 390
    by_category = {**both, "shipping_class": "", "name": "Garden"}
    assert shipper.post(address, by_category).status_code == 302
    made = ShippingRule.objects.get(name="Garden")
    page = shipper.get(reverse("shipping-rules:edit", args=[made.pk]))
    assert page.context["form"]["category_key"].value() == str(garden.translation_key)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"zone": ""}, "Choose the zone that the rule is for."),
        ({"amount_minor": ""}, "A surcharge needs an amount."),
        ({"effect": "refuse"}, "What is not shipped costs nothing."),
        ({"shipping_class": "none"}, "Select a valid choice."),
        ({"category_key": "no uuid"}, "Select a valid choice."),
        ({"country": "CH"}, "CH is not a country of the zone"),
        ({"amount_minor": "a lot"}, "Write an amount in EUR"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(shipper: Client, shop: Shop, fields: dict[str, str], words: str) -> None:
    rule = {"zone": str(Zone.objects.get().pk), "name": "Cold", "effect": "surcharge", "per": "order"}
    answer = shipper.post(
        reverse("shipping-rules:add"), {**rule, "shipping_class": "cold", "amount_minor": "3.90", **fields}
    )
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not ShippingRule.objects.exists()


def _tried(browser: Client, **fields: str) -> Any:
    answer = browser.get(reverse("desk_try_shipping"), fields)
    assert answer.status_code == 200
    return answer


def test_trying_shows_every_way_with_its_price_or_what_stands_in_its_way(shipper: Client, shop: Shop) -> None:
    zone = Zone.objects.get()
    ShippingMethod.objects.create(zone=zone, code="letter", name="Letter", price_minor=200, max_weight_grams=100)
    answer = _tried(shipper, country="DE", postal_code="10115", weight="900", value="20")
    found = {option.method: (option.price and option.price.minor, words) for option, words in answer.context["options"]}
    assert found == {
        "parcel": (490, "One price per order"),
        "letter": (None, "The parcel is heavier than the method takes"),
    }
    free = _tried(shipper, country="DE", value="100")
    assert free.context["options"][0][0].price.minor == 0


def test_trying_says_when_nothing_is_shipped(shipper: Client, shop: Shop) -> None:
    ZoneArea.objects.filter(country="FR").delete()
    assert "Nothing is shipped there" in _tried(shipper, country="FR", value="10").content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"country": "XX"},
        {"country": "DE", "weight": "-1"},
        {"country": "DE", "weight": "9" * 30},
        {"country": "DE", "value": "many"},
        {"country": "DE", "value": "-5"},
        {"country": "DE", "shipping_class": "odd"},
        {"country": "DE", "category": "x"},
        {"country": "DE", "region": "\0"},
        {"country": "DE", "pieces": "0"},
    ],
)
def test_a_try_that_makes_no_sense_is_marked(shipper: Client, shop: Shop, fields: dict[str, str]) -> None:
    assert _tried(shipper, **fields).context["options"] is None


@pytest.mark.parametrize(
    "name",
    ["shipping-zones:index", "shipping-zones:add", "shipping-methods:add", "shipping-rules:add", "desk_try_shipping"],
)
def test_without_the_permission_nobody_looks_or_changes(writer: Client, shop: Shop, name: str) -> None:
    for ask in (writer.get, writer.post):
        assert ask(reverse(name)).status_code in {302, 403, 405}


def test_every_list_opens(shipper: Client, shop: Shop) -> None:
    MarketCountry.objects.get_or_create(market=shop.market, country="AT")
    for name in ("shipping-zones", "shipping-methods", "shipping-rules"):
        assert shipper.get(reverse(f"{name}:index")).status_code == 200
        assert shipper.get(reverse(f"{name}:add")).status_code == 200
