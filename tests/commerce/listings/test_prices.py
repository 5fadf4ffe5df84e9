"""The price of a list, of a product page and of the quote are one price, whatever the audience and the instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from cms.catalogue.models import Variant
from commerce.cart.viewing import view_cart
from commerce.checkout.quoting.gathering import estimate
from commerce.kit.money import Money
from commerce.listings import products
from commerce.pricing.audience import Audience
from commerce.pricing.lists import open_list
from commerce.pricing.models import CustomerGroup, Price
from commerce.pricing.resolving import resolve_prices
from commerce.pricing.setting import change_price, set_price
from commerce.promotions.showing import shown_prices
from tests.factories import CartFactory, Shop, UserFactory
from tests.factories.promotions import PromotionFactory, PromotionTargetFactory

pytestmark = pytest.mark.django_db


def _listed(shop: Shop, audience: Audience, at: datetime) -> list[int]:
    contents = products.listed(audience=audience, locale=Locale.get_default(), at=at)
    return [card["price"]["current"]["minor"] for card in products.cards(contents, audience=audience, at=at)]


def _quoted(shop: Shop, variant: Variant, at: datetime) -> int:
    cart = shop.cart((variant, 1), address=None)
    view = view_cart(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    return estimate(view, at=at).quote["total"]["minor"]


@pytest.mark.parametrize("kind", ["regular", "sale", "derived", "promotion"])
def test_a_price_scheduled_for_an_instant_is_what_quote_and_list_say_from_it_on(
    shop: Shop, at: datetime, kind: str
) -> None:
    variant = shop.sell(price=2000)
    then = at + timedelta(hours=9)
    match kind:
        case "regular":
            change = set_price(
                variant=variant, price_list=shop.prices, amount=Money(1600, "EUR"), valid_from=then, at=at
            )
            assert change.valid_from == then
        case "sale":
            sale = Price.Kind.SALE
            amount = Money(1600, "EUR")
            set_price(variant=variant, price_list=shop.prices, amount=amount, kind=sale, valid_from=then, at=at)
        case "derived":
            open_list(
                market=shop.market, code="new", name="New", priority=5, base=shop.prices, factor=Decimal("0.8"),
                valid_from=then, at=at,
            )  # fmt: skip
        case _:
            PromotionFactory.create(percent="20", begins_at=then)
    audience = Audience(shop.market)
    for instant, expected in (
        (at, 2000),
        (then - timedelta(microseconds=1), 2000),
        (then, 1600),
        (then + timedelta(days=1), 1600),
    ):
        assert _quoted(shop, variant, instant) == expected, instant
        assert _listed(shop, audience, instant) == [expected], instant


def test_a_member_is_quoted_and_shown_the_members_price(shop: Shop, at: datetime) -> None:
    variant = shop.sell(price=2000)
    members = CustomerGroup.objects.create(code="members", name="Members")
    open_list(
        market=shop.market, code="members", name="Members", customer_group=members, base=shop.prices,
        factor=Decimal("0.9"), at=at,
    )  # fmt: skip
    assert _listed(shop, Audience(shop.market, frozenset(["members"])), at) == [1800]
    assert _listed(shop, Audience(shop.market), at) == [2000]
    member = UserFactory.create()
    members.members.add(member)
    cart = CartFactory.create(market=shop.market, customer=member, address=None)
    cart.lines.create(variant=variant, quantity=1, added_at=at)
    view = view_cart(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    assert estimate(view, at=at).quote["total"]["minor"] == 1800


@pytest.mark.parametrize("count", [2, 24])
def test_a_page_of_prices_with_tiers_groups_and_promotions_takes_six_queries(
    shop: Shop, at: datetime, count: int
) -> None:
    members = CustomerGroup.objects.create(code="members", name="Members")
    lamps = shop.category("Lamps")
    variants = [shop.sell(price=1000 + number) for number in range(count)]
    for variant in variants:
        shop.place(variant.product, lamps)
        set_price(
            variant=variant, price_list=shop.prices, amount=Money(900, "EUR"), min_quantity=6, valid_from=at, at=at
        )
        change_price(variant=variant, price_list=shop.prices, amount=Money(990, "EUR"), at=at)
    open_list(
        market=shop.market, code="members", name="Members", customer_group=members, base=shop.prices,
        factor=Decimal("0.9"), at=at,
    )  # fmt: skip
    promotion = PromotionFactory.create()
    PromotionTargetFactory.create(
        promotion=promotion, role="discounted", kind="category", category_key=lamps.translation_key
    )
    PromotionFactory.create(percent="1")
    audience = Audience(shop.market, frozenset(["members"]))
    offers = products.offers_of_products(
        product_ids={variant.product_id for variant in variants}, audience=audience, at=at
    )
    with CaptureQueriesContext(connection) as captured:
        resolve_prices(quantities=dict.fromkeys(offers, 1), audience=audience, at=at)
        shown = shown_prices(offers=offers, audience=audience, at=at)
    assert {each.price.current.minor for each in shown.values()} == {794}
    assert all(each.price.tiers and each.promotion for each in shown.values())
    assert len(captured) == 6
