"""Markets at the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from commerce.desk.markets.forms import MarketForm
from commerce.markets.models import Market
from tests.factories import Shop, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trader(client: Client) -> Client:
    user = UserFactory.create(is_staff=True)
    names = [f"{action}_market" for action in ("add", "change", "delete", "view")]
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *names]))
    client.force_login(user)
    return client


def typed(market: Market | None = None, **fields: str) -> dict[str, str]:
    ordinary = {"name": "Alps", "code": "alps", "currency": "CHF", "countries": "CH, li", "languages": "de, fr-CH"}
    more = {"tax_inclusive": "on", "origin_country": "ch", "shipping_tax": "share", "total_rounding_minor": "5"}
    shown = {"shown": MarketForm(instance=market).mark(market)} if market else {}
    return {**ordinary, **more, "shows_reference_price": "on", "reference_price_days": "30", **shown, **fields}


def add(browser: Client, **fields: str) -> Any:
    return browser.post(reverse("markets:add"), typed(**fields))


def edit(browser: Client, market: Market, **fields: str) -> Any:
    fields = {"countries": "DE, FR", "is_default": "on", **fields}
    return browser.post(reverse("markets:edit", args=[market.pk]), typed(Market.objects.get(pk=market.pk), **fields))


def test_a_market_is_opened(trader: Client, shop: Shop) -> None:
    answer = add(trader)
    assert answer.status_code == 302, answer.content.decode()
    market = Market.objects.get(code="alps")
    assert [str(each) for each in market.market_countries.all()] == ["CH", "LI"]
    assert [str(each) for each in market.market_locales.all()] == ["de", "fr-CH"]
    assert (market.total_rounding_minor, market.origin_country, market.is_default) == (5, "CH", False)
    listed = trader.get(reverse("markets:index")).content.decode()
    assert "CH, LI" in listed


def test_a_new_default_takes_the_place_of_the_one_before(trader: Client, shop: Shop) -> None:
    assert add(trader, is_default="on").status_code == 302
    assert list(Market.objects.filter(is_default=True).values_list("code", flat=True)) == ["alps"]


def test_code_and_currency_never_change(trader: Client, shop: Shop) -> None:
    answer = edit(trader, shop.market, name="Europe", currency="USD", code="other")
    assert answer.status_code == 302, answer.content.decode()
    market = Market.objects.get()
    assert (market.name, market.currency, market.code) == ("Europe", "EUR", shop.market.code)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"countries": "DE"}, "Served by another market: DE."),
        ({"countries": "XX"}, "There is no country"),
        ({"countries": "Switzerland"}, "There is no country"),
        ({"languages": "klingonish"}, "There is no language"),
        ({"currency": "XXX"}, "Select a valid choice."),
        ({"code": "eu"}, "already exists"),
        ({"code": "a b"}, "Enter a valid"),
        ({"name": " "}, "This field is required."),
        ({"origin_country": "ZZ"}, "This is no origin country"),
        ({"total_rounding_minor": "0"}, "greater than or equal to 1"),
        ({"total_rounding_minor": "99999"}, ""),
        ({"reference_price_days": "0"}, "greater than or equal to 1"),
        ({"reference_price_days": "999"}, "This is no reference price days"),
        ({"shipping_tax": "luck"}, "Select a valid choice."),
        ({"countries": "C\0"}, "Null characters are not allowed."),
        ({"languages": "de\0"}, "Null characters are not allowed."),
    ],
)
def test_a_market_that_cannot_be_is_refused_at_its_field(
    trader: Client, shop: Shop, fields: dict[str, str], words: str
) -> None:
    answer = add(trader, **fields)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Market.objects.count() == 1


def test_a_country_that_is_shipped_to_is_taken_out_of_its_zone_first(trader: Client, shop: Shop) -> None:
    answer = edit(trader, shop.market, countries="DE")
    assert "FR is in the shipping zone Everywhere. Take it out there first." in answer.content.decode()
    assert shop.market.market_countries.count() == 2


def test_there_is_always_a_default_market(trader: Client, shop: Shop) -> None:
    answer = edit(trader, shop.market, is_default="")
    assert "Make another market the default one instead" in answer.content.decode()


def test_a_save_that_would_undo_a_colleagues_is_refused(trader: Client, shop: Shop) -> None:
    opened = typed(shop.market, countries="DE, FR", is_default="on", name="Mine")
    shop.market.market_locales.create(language_code="de")
    answer = trader.post(reverse("markets:edit", args=[shop.market.pk]), opened)
    assert "Somebody has changed this since you opened the page" in answer.content.decode()
    assert Market.objects.get().name != "Mine"


def test_nobody_deletes_a_market(trader: Client, shop: Shop) -> None:
    address = reverse("markets:delete", args=[shop.market.pk])
    for ask in (trader.get, trader.post):
        assert ask(address).status_code == 302
    assert address not in trader.get(reverse("markets:edit", args=[shop.market.pk])).content.decode()
    assert Market.objects.exists()


@pytest.mark.parametrize("name", ["index", "add"])
def test_without_the_permission_nobody_looks_or_changes(writer: Client, shop: Shop, name: str) -> None:
    for ask in (writer.get, writer.post):
        assert ask(reverse(f"markets:{name}"), typed()).status_code in {302, 403}
    assert Market.objects.count() == 1
