from __future__ import annotations

import pytest
from django.db import IntegrityError

from commerce.markets.models import MarketCountry
from commerce.markets.queries import UnknownMarket, market_named, serves
from tests.factories import MarketFactory, Shop

pytestmark = pytest.mark.django_db


def test_a_market_is_found_by_its_code(shop: Shop) -> None:
    swiss = MarketFactory.create(code="ch", currency="CHF")
    assert market_named("ch") == swiss


@pytest.mark.parametrize("unnamed", [None, ""])
def test_who_names_no_market_gets_the_default_one(shop: Shop, unnamed: str | None) -> None:
    MarketFactory.create(code="ch")
    assert market_named(unnamed) == shop.market


def test_a_market_that_nobody_knows_is_refused_and_not_replaced_by_the_default(shop: Shop) -> None:
    with pytest.raises(UnknownMarket):
        market_named("nowhere")


def test_without_a_default_market_one_must_be_named() -> None:
    MarketFactory.create(code="ch")
    with pytest.raises(UnknownMarket):
        market_named(None)


def test_there_is_one_default_market(shop: Shop) -> None:
    with pytest.raises(IntegrityError):
        MarketFactory.create(is_default=True)


def test_a_country_belongs_to_one_market(shop: Shop) -> None:
    other = MarketFactory.create()
    with pytest.raises(IntegrityError):
        MarketCountry.objects.create(market=other, country="DE")


def test_a_market_serves_its_own_countries_only(shop: Shop) -> None:
    other = MarketFactory.create()
    MarketCountry.objects.create(market=other, country="CH")
    assert serves(shop.market, country="DE")
    assert not serves(shop.market, country="CH")
    assert not serves(shop.market, country="de")
