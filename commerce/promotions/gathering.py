"""From the catalogue's rows to what promotions look at."""

from __future__ import annotations

from cms.catalogue.models import Product, Variant
from cms.catalogue.queries import Membership
from commerce.kit.money import Money
from commerce.promotions.basket import BasketLine


def line_of(*, key: str, variant: Variant, unit_price: Money, quantity: int, belongs: Membership) -> BasketLine:
    """A line for a variant that was fetched with its product; `belongs` comes from `cms.catalogue.queries.memberships`.

    Gift cards are money in another form, so they are not discountable.
    """
    return BasketLine(
        key=key,
        variant=variant.pk,
        product=variant.product_id,
        unit_price=unit_price,
        quantity=quantity,
        categories=belongs.categories,
        collections=belongs.collections,
        brand=variant.product.brand_id,
        options=variant.options,
        discountable=variant.product.kind != Product.Kind.GIFT_CARD,
    )
