from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from cms.catalogue.models import Variant
from commerce.kit.money import Money
from commerce.pricing.audience import Audience
from commerce.pricing.models import Price
from commerce.pricing.resolving import ResolvedPrice, offers, resolve_prices
from tests.factories import LONG_AGO, MarketFactory, PriceListFactory, Shop

pytestmark = pytest.mark.django_db

MOMENT = timedelta(microseconds=1)


def _price(shop: Shop, variant: Variant, at: datetime) -> ResolvedPrice | None:
    return resolve_prices(quantities={variant.pk: 1}, audience=Audience(shop.market), at=at).get(variant.pk)


def _is_offered(shop: Shop, variant: Variant, at: datetime) -> bool:
    return variant.pk in offers(quantities={variant.pk: 1}, audience=Audience(shop.market), at=at)


def test_a_price_holds_from_its_first_moment_until_just_before_its_end(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=None)
    end = at + timedelta(days=1)
    shop.price(variant, 1000, valid_from=at, valid_until=end)
    assert _price(shop, variant, at - MOMENT) is None
    assert _price(shop, variant, at) is not None
    assert _price(shop, variant, end - MOMENT) is not None
    assert _price(shop, variant, end) is None


def test_where_one_price_ends_the_next_begins(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=None)
    shop.price(variant, 1000, valid_until=at)
    shop.price(variant, 1200, valid_from=at)
    before, after = _price(shop, variant, at - MOMENT), _price(shop, variant, at)
    assert before is not None
    assert after is not None
    assert (before.current.minor, after.current.minor) == (1000, 1200)


def test_a_regular_price_stands_alone(shop: Shop, at: datetime) -> None:
    price = _price(shop, shop.sell(price=1999), at)
    assert price is not None
    assert price.current == price.regular == Money(1999, "EUR")
    assert not price.on_sale
    assert price.sale_ends_at is None


def test_a_sale_price_wins_beside_the_regular_one_and_says_when_it_ends(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=1999)
    end = at + timedelta(days=3)
    shop.price(variant, 1499, kind="sale", valid_from=at, valid_until=end)
    price = _price(shop, variant, at)
    assert price is not None
    assert (price.current.minor, price.regular.minor) == (1499, 1999)
    assert price.on_sale
    assert price.sale_ends_at == end


def test_a_sale_starts_and_ends_by_itself(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=1999)
    end = at + timedelta(days=3)
    shop.price(variant, 1499, kind="sale", valid_from=at, valid_until=end)
    moments = (at - MOMENT, at, end - MOMENT, end)
    prices = [_price(shop, variant, moment) for moment in moments]
    assert [price.current.minor if price else None for price in prices] == [1999, 1499, 1499, 1999]


def test_an_open_ended_sale_has_no_end_to_tell(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=1999)
    shop.price(variant, 1499, kind="sale")
    price = _price(shop, variant, at)
    assert price is not None
    assert price.on_sale
    assert price.sale_ends_at is None


@pytest.mark.parametrize("sale", [1999, 2500])
def test_a_sale_price_that_is_not_lower_is_no_sale(shop: Shop, at: datetime, sale: int) -> None:
    variant = shop.sell(price=1999)
    shop.price(variant, sale, kind="sale", valid_until=at + timedelta(days=1))
    price = _price(shop, variant, at)
    assert price is not None
    assert price.current.minor == 1999
    assert not price.on_sale
    assert price.sale_ends_at is None
    assert price.derivation["kind"] == "regular"


def test_a_sale_price_without_a_regular_one_gives_no_price(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=None)
    shop.price(variant, 1499, kind="sale")
    assert _price(shop, variant, at) is None
    assert not _is_offered(shop, variant, at)


def test_a_price_of_nothing_is_a_price(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=0)
    price = _price(shop, variant, at)
    assert price is not None
    assert price.current == Money(0, "EUR")


def test_the_derivation_names_list_kind_and_window_of_the_winner(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=1999)
    end = at + timedelta(days=3)
    sale = shop.price(variant, 1499, kind="sale", valid_from=at, valid_until=end)
    price = _price(shop, variant, at)
    assert price is not None
    assert price.derivation == {
        "price_list": shop.prices.code,
        "chosen": {
            "match": "everybody",
            "customer_group": None,
            "channel": None,
            "priority": 0,
            "passed_over": [],
        },
        "kind": "sale",
        "price": sale.pk,
        "quantity": 1,
        "min_quantity": 1,
        "valid_from": at.isoformat(),
        "valid_until": end.isoformat(),
        "amount": {"amount": "14.99", "minor": 1499, "currency": "EUR"},
        "regular": {"amount": "19.99", "minor": 1999, "currency": "EUR"},
        "base": None,
    }


def test_the_derivation_of_an_open_ended_price_has_no_end(shop: Shop, at: datetime) -> None:
    price = _price(shop, shop.sell(), at)
    assert price is not None
    assert price.derivation["valid_from"] == LONG_AGO.isoformat()
    assert price.derivation["valid_until"] is None


def test_the_prices_of_another_market_do_not_count(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=None)
    swiss = MarketFactory.create(code="ch", currency="CHF")
    Price.objects.create(
        price_list=PriceListFactory.create(market=swiss),
        variant=variant, amount_minor=900, currency="CHF", valid_from=LONG_AGO,
    )  # fmt: skip
    assert _price(shop, variant, at) is None
    assert not _is_offered(shop, variant, at)
    abroad = offers(quantities={variant.pk: 1}, audience=Audience(swiss), at=at)[variant.pk]
    assert abroad.price.current == Money(900, "CHF")


def test_an_ordinary_variant_is_offered_with_its_price(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=1999)
    offer = offers(quantities={variant.pk: 1}, audience=Audience(shop.market), at=at)[variant.pk]
    assert offer.variant == variant
    assert offer.price.current == Money(1999, "EUR")


def test_a_variant_whose_content_is_a_draft_is_not_offered(shop: Shop, at: datetime) -> None:
    assert not _is_offered(shop, shop.sell(live=False), at)


def test_a_variant_that_was_switched_off_is_not_offered(shop: Shop, at: datetime) -> None:
    variant = shop.sell(is_active=False)
    sister = shop.sell(product=variant.product)
    assert not _is_offered(shop, variant, at)
    assert _is_offered(shop, sister, at)


def test_a_variant_without_a_price_is_not_offered(shop: Shop, at: datetime) -> None:
    assert not _is_offered(shop, shop.sell(price=None), at)


def test_a_variant_that_is_sold_out_is_still_offered(shop: Shop, at: datetime) -> None:
    assert _is_offered(shop, shop.sell(stock=0), at)


@pytest.mark.parametrize(
    ("window", "moment", "offered"),
    [
        ({"available_from": 0}, -MOMENT, False),
        ({"available_from": 0}, timedelta(0), True),
        ({"available_until": 0}, -MOMENT, True),
        ({"available_until": 0}, timedelta(0), False),
        ({"available_from": -1, "available_until": 1}, timedelta(0), True),
    ],
)
def test_a_product_is_offered_within_its_window_only(
    shop: Shop, at: datetime, window: dict[str, int], moment: timedelta, offered: bool
) -> None:
    variant = shop.sell()
    fields: dict[str, Any] = {name: at + timedelta(days=days) for name, days in window.items()}
    type(variant.product).objects.filter(pk=variant.product_id).update(**fields)
    assert _is_offered(shop, variant, at + moment) is offered


def test_what_nobody_knows_is_missing_from_the_answer(shop: Shop, at: datetime) -> None:
    assert offers(quantities={uuid.uuid4(): 1}, audience=Audience(shop.market), at=at) == {}
    assert offers(quantities={}, audience=Audience(shop.market), at=at) == {}


@pytest.mark.parametrize("count", [1, 50])
def test_offers_take_four_queries_however_many_variants(
    shop: Shop, at: datetime, count: int, django_assert_num_queries: Any
) -> None:
    variants = [shop.sell(stock=0) for _ in range(count)]
    with django_assert_num_queries(4):
        found = offers(quantities={variant.pk: 1 for variant in variants}, audience=Audience(shop.market), at=at)
        products = {offer.variant.product.pk for offer in found.values()}
    assert len(products) == count
