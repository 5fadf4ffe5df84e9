from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.money import Money
from commerce.markets.models import Market
from commerce.markets.queries import serves
from commerce.shipping.models import ShippingMethod


class CannotShip(DomainError):
    code = "cannot_ship"
    title = "The shop does not deliver there"
    kind = ErrorKind.REFUSED


@dataclass(frozen=True, slots=True)
class ShippingOffer:
    method: str
    name: str
    price: Money
    derivation: dict[str, Any]


def cheapest(*, market: Market, country: str, subtotal: Money) -> ShippingOffer:
    """The cheapest way to the country for an order of this value; the first by position on a tie.

    Raises:
        CannotShip: the market does not serve the country, or has no method.
    """
    if not serves(market, country=country):
        raise CannotShip(country=country)
    offers = [_offer(method, subtotal) for method in ShippingMethod.objects.filter(market=market)]
    if not offers:
        raise CannotShip(country=country)
    return min(offers, key=lambda offer: offer.price.minor)


def _offer(method: ShippingMethod, subtotal: Money) -> ShippingOffer:
    free = method.free_from_minor is not None and subtotal.minor >= method.free_from_minor
    return ShippingOffer(
        method=method.code,
        name=method.name,
        price=Money(0 if free else method.price_minor, subtotal.currency),
        derivation={"rule": "free_from" if free else "flat", "free_from_minor": method.free_from_minor},
    )
