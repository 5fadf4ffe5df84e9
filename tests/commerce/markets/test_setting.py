from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from commerce.kit.errors import DomainError
from commerce.kit.models import OutboxEvent
from commerce.markets.models import Market
from commerce.markets.queries import UnknownMarket, market_for, market_for_country
from commerce.markets.setting import change_market, open_market
from tests.factories import Shop

pytestmark = pytest.mark.django_db


def _swiss(at: datetime, **facts: Any) -> Market:
    wanted: dict[str, Any] = {
        "code": "ch",
        "name": "Switzerland",
        "currency": "CHF",
        "countries": ["CH", "li"],
        "languages": ["de", "fr"],
        "total_rounding_minor": 5,
    }
    return open_market(at=at, **(wanted | facts))


def test_a_market_is_opened_with_its_countries_and_languages(shop: Shop, at: datetime) -> None:
    swiss = _swiss(at)
    assert [each.country for each in swiss.market_countries.all()] == ["CH", "LI"]
    assert [each.language_code for each in swiss.market_locales.all()] == ["de", "fr"]
    assert OutboxEvent.objects.get(name="markets.market_changed").payload == {"market": "ch"}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"currency": "XXX"}, "wrong_market"),
        ({"name": " "}, "wrong_market"),
        ({"countries": ["EU"]}, "wrong_market"),
        ({"countries": ["Switzerland"]}, "wrong_market"),
        ({"countries": ["QQ"]}, "wrong_market"),
        ({"languages": ["no such"]}, "wrong_market"),
        ({"total_rounding_minor": 0}, "wrong_market"),
        ({"reference_price_days": 0}, "wrong_market"),
        ({"origin_country": "EU"}, "wrong_market"),
        ({"shipping_tax": "none"}, "wrong_market"),
        ({"countries": ["CH", "DE"]}, "country_taken"),
        ({"code": "eu"}, "market_code_taken"),
    ],
)
def test_a_market_that_cannot_be_is_refused_and_leaves_nothing(
    shop: Shop, at: datetime, facts: dict[str, Any], code: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        _swiss(at, **facts)
    assert refusal.value.code == code
    assert Market.objects.count() == 1
    assert not OutboxEvent.objects.exists()


def test_the_currency_of_a_market_never_changes(shop: Shop, at: datetime) -> None:
    with pytest.raises(DomainError):
        change_market(market=shop.market, currency="CHF", at=at)
    shop.market.refresh_from_db()
    assert shop.market.currency == "EUR"


def test_a_new_default_takes_the_place_of_the_one_before(shop: Shop, at: datetime) -> None:
    swiss = _swiss(at, is_default=True)
    assert list(Market.objects.filter(is_default=True)) == [swiss]


def test_what_is_not_said_stays(shop: Shop, at: datetime) -> None:
    change_market(market=shop.market, name="Europe", at=at)
    assert market_for_country("DE") == shop.market


def test_a_country_leads_to_its_market_however_it_is_written(shop: Shop, at: datetime) -> None:
    swiss = _swiss(at)
    assert market_for_country("CH") == market_for_country(" ch ") == swiss
    assert market_for_country("US") is None


@pytest.mark.parametrize(
    ("code", "country", "market"),
    [
        pytest.param("ch", "DE", "ch", id="the market that is named comes first"),
        pytest.param(None, "CH", "ch", id="else the country decides"),
        pytest.param(None, "US", "eu", id="a country that no market serves leads to the default"),
        pytest.param(None, None, "eu", id="nothing said: the default"),
        pytest.param("", "", "eu", id="nothing said in empty words"),
    ],
)
def test_which_market_a_request_means(
    shop: Shop, at: datetime, code: str | None, country: str | None, market: str
) -> None:
    _swiss(at)
    assert market_for(code=code, country=country).code == market


def test_a_market_that_nobody_knows_is_not_replaced_by_that_of_the_country(shop: Shop) -> None:
    with pytest.raises(UnknownMarket):
        market_for(code="nowhere", country="DE")
