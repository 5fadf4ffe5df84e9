"""Buying again what an old order bought, at today's prices and as far as it can still be had."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from commerce.accounts.models import User
from commerce.cart.filling import create_cart
from commerce.cart.models import Cart
from commerce.cart.refilling import Shortage, put_in
from commerce.markets.queries import market_named
from commerce.orders.models import Order


@dataclass(frozen=True, slots=True)
class NotAgain:
    """Of `requested` units of what the order calls so, `put_in` are in the cart; `reason` says why not the others."""

    variant: uuid.UUID
    sku: str
    title: str
    name: str
    requested: int
    put_in: int
    reason: Shortage


@dataclass(frozen=True, slots=True)
class Reordered:
    cart: Cart
    left_out: list[NotAgain]


def reorder(*, order: Order, cart_id: uuid.UUID | None = None, customer: User | None = None, at: datetime) -> Reordered:
    """Put the order's goods into the cart named, else into the customer's own or a new one in the order's market.

    Gifts are not goods: today's promotions give today's gifts.

    Raises:
        CartNotFound, CartClosed: of the cart that was named.
        UnknownMarket: the order's market is no more, and no cart was named.
    """
    bought = [line for line in order.quote["lines"] if not line["gift"]]
    quantities: Counter[uuid.UUID] = Counter()
    for line in bought:
        quantities[uuid.UUID(line["variant"])] += line["quantity"]
    if cart_id is None:
        cart_id = create_cart(market=market_named(order.market), customer=customer, at=at).pk
    short = put_in(cart_id=cart_id, quantities=quantities, at=at)
    words = {uuid.UUID(line["variant"]): line for line in bought}
    return Reordered(
        cart=Cart.objects.get(pk=cart_id),
        left_out=[
            NotAgain(
                variant=each.variant,
                sku=words[each.variant]["sku"],
                title=words[each.variant]["title"],
                name=words[each.variant]["name"],
                requested=each.requested,
                put_in=each.put_in,
                reason=each.reason,
            )
            for each in short
        ],
    )
