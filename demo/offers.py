"""What makes the demo shop's prices worth explaining: costs, tiers, promotions and a coupon."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from cms.catalogue.models import CategoryPage, Collection, Product, ProductContent, Variant
from commerce.kit.money import Money
from commerce.pricing.costs import set_cost
from commerce.pricing.models import CustomerGroup
from commerce.pricing.setting import set_price
from commerce.promotions import editing
from commerce.promotions.models import Coupon, Promotion, PromotionTarget
from demo.market import OPEN_SINCE, Shop

COUPON = "WELCOME10"
_COST_SHARE = Decimal("0.46")
_TIERED = ("beeswax-pillar", "espresso-beakers", "rimmed-plates")


def price_by_quantity(shop: Shop, contents: dict[str, ProductContent], *, at: datetime) -> None:
    """A tenth less from six pieces on."""
    for slug in _TIERED:
        for variant in contents[slug].product.variants.all():
            [single] = variant.prices.filter(price_list=shop.prices, kind="regular", valid_until=None)
            opened = at - OPEN_SINCE
            set_price(
                variant=variant,
                price_list=shop.prices,
                amount=Money(single.amount_minor * 9 // 10, single.currency),
                min_quantity=6,
                valid_from=opened,
                at=opened,
                reason="A tenth less from six pieces on",
            )


def enter_costs(shop: Shop) -> None:
    """What the goods cost the shop; a gift card costs what it is worth."""
    goods = Variant.objects.filter(product__kind=Product.Kind.GOODS)
    for variant in goods.prefetch_related("prices"):
        regular = [price for price in variant.prices.all() if price.price_list_id == shop.prices.pk]
        highest = max(price.amount_minor for price in regular)
        set_cost(variant=variant, cost=Money(int(highest * _COST_SHARE), shop.market.currency))


def promote(shop: Shop, contents: dict[str, ProductContent], pages: dict[str, CategoryPage], *, at: datetime) -> None:
    begins, ends = at - timedelta(days=3), at + timedelta(days=25)
    window = {"begins_at": begins, "ends_at": ends}
    _promotion(
        Promotion(code="lamp-weeks", name="Lamp weeks", kind="percentage", percent=Decimal(15), **window),
        PromotionTarget(role="discounted", kind="category", category_key=pages["lamps"].translation_key),
        at=begins,
    )
    _promotion(
        Promotion(
            code="three-candles", name="Three candles, pay two", kind="buy_x_get_y", **window,
            buy_quantity=2, get_quantity=1, percent=Decimal(100), best_of="candles",
        ),
        PromotionTarget(role="discounted", kind="category", category_key=pages["candles"].translation_key),
        at=begins,
    )  # fmt: skip
    mug = contents["morning-mug"].product.variants.first()
    _promotion(
        Promotion(
            code="mug-for-you", name="A mug from us", kind="gift", gift_variant=mug, market=shop.market,
            min_value_minor=15000, currency="EUR", **window,
        ),
        at=begins,
    )  # fmt: skip
    winter = Collection.objects.get(slug="winter-evenings")
    _promotion(
        Promotion(code="members-winter", name="Winter for members", kind="percentage", percent=Decimal(5),
                  customer_group=CustomerGroup.objects.get(code="members"), **window),
        PromotionTarget(role="discounted", kind="collection", collection=winter),
        at=begins,
    )  # fmt: skip
    welcome = _promotion(
        Promotion(
            code="welcome", name="Welcome", kind="percentage", level="order", percent=Decimal(10),
            requires_coupon=True, begins_at=begins, priority=-10,
        ),
        at=begins,
    )  # fmt: skip
    coupon = Coupon(promotion=welcome, code=COUPON, per_customer_limit=1)
    editing.create_coupon(coupon=coupon, at=begins)


def _promotion(promotion: Promotion, *targets: PromotionTarget, at: datetime) -> Promotion:
    return editing.create(promotion=promotion, targets=targets, at=at)
