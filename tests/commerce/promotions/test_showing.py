from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cms.catalogue.models import Brand, Collection, CollectionItem, Variant
from commerce.kit.money import Money
from commerce.markets.models import Channel
from commerce.pricing.audience import Audience
from commerce.pricing.models import CustomerGroup
from commerce.pricing.resolving import offers
from commerce.promotions.showing import ShownPrice, shown_prices
from tests.factories import MarketFactory, Shop
from tests.factories.promotions import PromotionFactory, PromotionTargetFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def _all_shown(shop: Shop, *variants: Variant, at: datetime, **who: Any) -> dict[Any, ShownPrice]:
    audience = Audience(shop.market, **who)
    found = offers(quantities={variant.pk: 1 for variant in variants}, audience=audience, at=at)
    return shown_prices(offers=found, audience=audience, at=at)


def _shown(shop: Shop, variant: Variant, *, at: datetime, **who: Any) -> ShownPrice:
    return _all_shown(shop, variant, at=at, **who)[variant.pk]


def test_without_promotions_the_price_is_the_price(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    shown = _shown(shop, variant, at=at)
    assert (shown.price.current, shown.promotion) == (euros(2000), None)


def test_an_automatic_promotion_is_shown_with_its_name_and_the_earlier_price(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    PromotionFactory.create(code="spring", name="Spring", begins_at=at, ends_at=at + 3 * DAY)
    shown = _shown(shop, variant, at=at)
    assert (shown.price.current, shown.price.regular, shown.price.reference) == (euros(1800), euros(2000), euros(2000))
    assert shown.price.discount_percent == 10
    assert (shown.price.sale_ends_at, shown.price.valid_until) == (at + 3 * DAY, at + 3 * DAY)
    assert shown.promotion is not None
    assert (shown.promotion.code, shown.promotion.name) == ("spring", "Spring")
    [discount] = shown.price.derivation["promotions"]
    assert discount["amount"] == euros(200).document()


def test_a_promotion_to_come_ends_the_price_of_now(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    PromotionFactory.create(begins_at=at + DAY)
    shown = _shown(shop, variant, at=at)
    assert (shown.price.current, shown.price.valid_until) == (euros(2000), at + DAY)
    assert _shown(shop, variant, at=at + DAY).price.current == euros(1800)


def test_a_promotion_that_ends_as_another_like_it_begins_changes_nothing(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    PromotionFactory.create(begins_at=at, ends_at=at + DAY)
    PromotionFactory.create(begins_at=at + DAY, ends_at=at + 2 * DAY)
    assert _shown(shop, variant, at=at).price.valid_until == at + 2 * DAY


HIDDEN: list[Any] = [
    pytest.param({"requires_coupon": True}, id="a coupon"),
    pytest.param({"min_value_minor": 1, "currency": "EUR"}, id="a value of the cart"),
    pytest.param({"min_quantity": 1}, id="a quantity"),
    pytest.param({"countries": "DE"}, id="a country"),
    pytest.param({"first_order": True}, id="a first order"),
    pytest.param({"level": "order"}, id="a whole order"),
    pytest.param({"kind": "buy_x_get_y", "percent": 100, "buy_quantity": 1, "get_quantity": 1}, id="several units"),
    pytest.param({"is_active": False}, id="not active"),
]


@pytest.mark.parametrize("fields", HIDDEN)
def test_what_asks_for_more_than_one_piece_is_not_shown(shop: Shop, at: datetime, fields: dict[str, Any]) -> None:
    variant = shop.sell(price=2000)
    PromotionFactory.create(**fields)
    assert _shown(shop, variant, at=at).price.current == euros(2000)


def test_a_promotion_beside_other_goods_is_not_shown(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    promotion = PromotionFactory.create()
    PromotionTargetFactory.create(promotion=promotion, kind="variant", variant=variant, role="bought")
    assert _shown(shop, variant, at=at).price.current == euros(2000)


def test_a_promotion_for_members_or_a_channel_is_shown_to_them(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    PromotionFactory.create(customer_group=CustomerGroup.objects.create(code="members", name="Members"))
    PromotionFactory.create(channel=Channel.objects.create(code="app", name="App"), percent=Decimal(50))
    assert _shown(shop, variant, at=at).price.current == euros(2000)
    assert _shown(shop, variant, at=at, groups=frozenset({"members"})).price.current == euros(1800)
    assert _shown(shop, variant, at=at, channel="app").price.current == euros(1000)


def test_a_promotion_finds_its_goods_wherever_they_belong(shop: Shop, at: datetime) -> None:
    kitchen = shop.category("Kitchen")
    mugs = shop.category("Mugs", parent=kitchen)
    mug, winter, branded, other = (shop.sell(price=2000) for _ in range(4))
    shop.place(mug.product, mugs)
    collection = Collection.objects.create(name="Winter", slug="winter")
    CollectionItem.objects.create(collection=collection, product=winter.product)
    branded.product.brand = Brand.objects.create(name="Kiln", slug="kiln")
    branded.product.save()
    promotion = PromotionFactory.create()
    PromotionTargetFactory.create(promotion=promotion, kind="category", category_key=kitchen.translation_key)
    PromotionTargetFactory.create(promotion=promotion, kind="collection", collection=collection)
    PromotionTargetFactory.create(promotion=promotion, kind="brand", brand=branded.product.brand)
    shown = _all_shown(shop, mug, winter, branded, other, at=at)
    assert [shown[each.pk].price.current.minor for each in (mug, winter, branded, other)] == [1800, 1800, 1800, 2000]


def test_a_gift_card_is_never_cheaper(shop: Shop, at: datetime) -> None:
    card = shop.sell(price=5000)
    card.product.kind = "gift_card"
    card.product.save()
    PromotionFactory.create()
    assert _shown(shop, card, at=at).price.current == euros(5000)


def test_promotions_stack_on_a_sale_price_as_in_a_basket(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    shop.price(variant, 1500, kind="sale", valid_from=at - DAY, valid_until=at + 5 * DAY)
    PromotionFactory.create(code="ten", begins_at=at)
    PromotionFactory.create(
        code="amount", kind="amount", amount_minor=400, currency="EUR", begins_at=at, priority=-1, name="Four off"
    )
    shown = _shown(shop, variant, at=at)
    assert (shown.price.current, shown.price.regular) == (euros(1500 - 150 - 400), euros(2000))
    assert shown.promotion is not None
    assert shown.promotion.name == "Four off"
    assert shown.price.reference == euros(2000)


def test_an_earlier_promotion_counts_as_an_earlier_price(shop: Shop, at: datetime) -> None:
    """Directive 98/6/EC art. 6a (1), (2): the lowest price of the 30 days before, 14.00 by a promotion that ended."""
    variant = shop.sell(price=2000)
    PromotionFactory.create(percent=Decimal(30), begins_at=at - 20 * DAY, ends_at=at - 10 * DAY)
    PromotionFactory.create(percent=Decimal(40), begins_at=at)
    assert _shown(shop, variant, at=at).price.reference == euros(1400)


def test_a_promotion_longer_ago_than_the_days_counts_no_more(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    PromotionFactory.create(percent=Decimal(30), begins_at=at - 60 * DAY, ends_at=at - 31 * DAY)
    PromotionFactory.create(percent=Decimal(40), begins_at=at)
    assert _shown(shop, variant, at=at).price.reference == euros(2000)


def test_a_reduction_in_steps_keeps_the_price_from_before_the_first(shop: Shop, at: datetime) -> None:
    """Art. 6a (5): 20 %, then 30 %, then 40 % without a break are one reduction from 20.00."""
    variant = shop.sell(price=2000)
    for percent, begins, ends in ((20, -9, -6), (30, -6, -3), (40, -3, 3)):
        PromotionFactory.create(percent=Decimal(percent), begins_at=at + begins * DAY, ends_at=at + ends * DAY)
    shown = _shown(shop, variant, at=at)
    assert (shown.price.current, shown.price.reference) == (euros(1200), euros(2000))


def test_a_running_promotion_keeps_its_reference_price_day_after_day(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    PromotionFactory.create(begins_at=at, ends_at=at + 90 * DAY)
    assert _shown(shop, variant, at=at + 60 * DAY).price.reference == euros(2000)


def test_a_market_that_shows_no_reference_price_has_none(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    PromotionFactory.create(begins_at=at)
    shop.market.shows_reference_price = False
    shop.market.save()
    shown = _shown(shop, variant, at=at)
    assert (shown.price.current, shown.price.reference) == (euros(1800), None)


def test_a_promotion_of_another_market_is_not_shown(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    PromotionFactory.create(market=MarketFactory.create(code="uk", currency="GBP"))
    assert _shown(shop, variant, at=at).price.current == euros(2000)


def test_a_page_of_prices_costs_three_queries(shop: Shop, at: datetime, django_assert_num_queries: Any) -> None:
    variants = [shop.sell(price=2000 + place) for place in range(24)]
    for place in range(5):
        promotion = PromotionFactory.create(begins_at=at - place * DAY, priority=place)
        PromotionTargetFactory.create(promotion=promotion, kind="product", product=variants[place].product)
        PromotionTargetFactory.create(promotion=promotion, kind="product", product=variants[-1].product)
    audience = Audience(shop.market)
    found = offers(quantities={variant.pk: 1 for variant in variants}, audience=audience, at=at)
    with django_assert_num_queries(3):
        shown = shown_prices(offers=found, audience=audience, at=at)
    assert len(shown) == 24
    assert [len(shown[each.pk].price.derivation.get("promotions", [])) for each in variants] == [1] * 5 + [0] * 18 + [5]
