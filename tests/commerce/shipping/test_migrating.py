"""What shops that had methods before there were zones find afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = [("shipping", "0001_initial")], [("shipping", "0002_zones_methods_and_rules")]


@pytest.fixture
def before(transactional_db: None) -> Any:
    """The models as they were. The tables are built anew, since a zone cannot be undone into a market."""
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state(AFTER)
    with connection.schema_editor() as editor:
        for name in ["pickuppoint", "shippingrate", "shippingrule", "shippingmethod", "zonearea", "zone"]:
            editor.delete_model(state.apps.get_model("shipping", name))
    executor.migrate([("shipping", None)], fake=True)
    executor = MigrationExecutor(connection)
    executor.migrate([*BEFORE, ("markets", "0002_channels_languages_and_rounding")])
    return (
        MigrationExecutor(connection)
        .loader.project_state([*BEFORE, ("markets", "0002_channels_languages_and_rounding")])
        .apps
    )


def test_the_methods_of_a_market_go_into_a_zone_of_all_its_countries(before: Any) -> None:
    Market, Country = before.get_model("markets", "Market"), before.get_model("markets", "MarketCountry")  # noqa: N806
    Method = before.get_model("shipping", "ShippingMethod")  # noqa: N806
    for code, countries in {"eu": ["FR", "DE"], "ch": ["CH"], "empty": []}.items():
        market = Market.objects.create(code=code, name=code.upper(), currency="EUR")
        Country.objects.bulk_create(Country(market=market, country=country) for country in countries)
        Method.objects.create(market=market, code="parcel", name="Parcel", price_minor=490, free_from_minor=7500)
    executor = MigrationExecutor(connection)
    executor.migrate(AFTER)
    after = executor.loader.project_state(AFTER).apps
    zones = after.get_model("shipping", "Zone").objects.order_by("name")
    found = {zone.name: [area.country for area in zone.areas.order_by("country")] for zone in zones}
    assert found == {"CH": ["CH"], "EMPTY": [], "EU": ["DE", "FR"]}
    methods = after.get_model("shipping", "ShippingMethod").objects.order_by("zone__name")
    assert [
        (each.zone.market.code, each.code, each.kind, each.price_minor, each.free_from_minor, each.is_active)
        for each in methods
    ] == [(code, "parcel", "flat", 490, 7500, True) for code in ("ch", "empty", "eu")]
