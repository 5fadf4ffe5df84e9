from __future__ import annotations

from commerce.kit.errors import DomainError, ErrorKind
from commerce.markets.models import Market


class UnknownMarket(DomainError):
    code = "unknown_market"
    title = "There is no such market"
    kind = ErrorKind.INVALID


def market_named(code: str | None) -> Market:
    """The market with this code, or the default one when none is named.

    Raises:
        UnknownMarket: no market has this code, or none is named and there is no default.
    """
    market = Market.objects.filter(code=code).first() if code else Market.objects.filter(is_default=True).first()
    if market is None:
        raise UnknownMarket()
    return market


def serves(market: Market, *, country: str) -> bool:
    return market.market_countries.filter(country=country).exists()
