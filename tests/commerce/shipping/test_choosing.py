from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from commerce.kit.money import Money
from commerce.markets.models import MarketCountry
from commerce.shipping.choosing import CannotShip, ShippingOffer, cheapest
from commerce.shipping.models import ShippingMethod
from tests.factories import MarketFactory, Shop

pytestmark = pytest.mark.django_db


def _cheapest(shop: Shop, subtotal: int = 1000, *, country: str = "DE") -> ShippingOffer:
    return cheapest(market=shop.market, country=country, subtotal=Money(subtotal, "EUR"))


def _method(shop: Shop, code: str, price: int, **fields: Any) -> ShippingMethod:
    return ShippingMethod.objects.create(market=shop.market, code=code, name=code, price_minor=price, **fields)


@pytest.mark.parametrize(
    ("subtotal", "price", "rule"),
    [(0, 490, "flat"), (9999, 490, "flat"), (10000, 0, "free_from"), (10001, 0, "free_from")],
)
def test_shipping_is_free_from_the_subtotal_that_the_method_names(
    shop: Shop, subtotal: int, price: int, rule: str
) -> None:
    offer = _cheapest(shop, subtotal)
    assert (offer.method, offer.price) == ("parcel", Money(price, "EUR"))
    assert offer.derivation == {"rule": rule, "free_from_minor": 10000}


def test_without_a_threshold_shipping_is_never_free(shop: Shop) -> None:
    ShippingMethod.objects.update(free_from_minor=None)
    assert _cheapest(shop, 10**9).price.minor == 490


def test_a_threshold_of_nothing_makes_shipping_free(shop: Shop) -> None:
    ShippingMethod.objects.update(free_from_minor=0)
    assert _cheapest(shop, 0).price.minor == 0


def test_the_cheapest_method_is_taken(shop: Shop) -> None:
    _method(shop, "letter", 190)
    _method(shop, "courier", 1490)
    assert _cheapest(shop).method == "letter"


def test_a_dearer_method_that_is_free_now_is_the_cheapest(shop: Shop) -> None:
    _method(shop, "letter", 190)
    assert _cheapest(shop, 10000).method == "parcel"


def test_on_a_tie_the_first_by_position_is_taken(shop: Shop) -> None:
    ShippingMethod.objects.update(position=2)
    _method(shop, "pick-up", 490, position=1)
    _method(shop, "drone", 490, position=3)
    assert _cheapest(shop).method == "pick-up"


@pytest.mark.parametrize("country", ["CH", "US", "", "de"])
def test_a_country_that_the_market_does_not_serve_is_refused(shop: Shop, country: str) -> None:
    with pytest.raises(CannotShip) as refusal:
        _cheapest(shop, country=country)
    assert refusal.value.facts == {"country": country}


def test_a_market_without_methods_ships_nothing(shop: Shop) -> None:
    ShippingMethod.objects.all().delete()
    with pytest.raises(CannotShip):
        _cheapest(shop)


def test_the_methods_of_another_market_do_not_count(shop: Shop) -> None:
    other = MarketFactory.create()
    MarketCountry.objects.create(market=other, country="CH")
    ShippingMethod.objects.create(market=other, code="gift", name="gift", price_minor=0)
    assert _cheapest(shop).method == "parcel"


def test_a_code_names_one_method_of_a_market(shop: Shop) -> None:
    with pytest.raises(IntegrityError):
        _method(shop, "parcel", 1)
