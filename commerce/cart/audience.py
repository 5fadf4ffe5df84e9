from __future__ import annotations

from commerce.cart.models import Cart
from commerce.pricing.audience import Audience


def audience_of(cart: Cart) -> Audience:
    """For whom the cart is priced: its market and channel, and the groups of the customer it belongs to."""
    groups = cart.customer.customer_groups.values_list("code", flat=True) if cart.customer else ()
    return Audience(market=cart.market, groups=frozenset(groups), channel=cart.channel.code if cart.channel else "")
