from __future__ import annotations

from commerce.cart.models import Cart
from commerce.pricing.audience import Audience
from commerce.pricing.grouping import groups_of


def audience_of(cart: Cart) -> Audience:
    """For whom the cart is priced: its market and channel, and the groups of the customer it belongs to."""
    return Audience(
        market=cart.market, groups=groups_of(cart.customer), channel=cart.channel.code if cart.channel else ""
    )
