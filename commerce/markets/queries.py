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


def market_for_country(country: str) -> Market | None:
    """The market that a country belongs to, whichever way its code is written; None when no market serves it."""
    return Market.objects.filter(market_countries__country=country.strip().upper()).first()


def market_for(*, code: str | None = None, country: str | None = None) -> Market:
    """The market that a request means: the one it names, else the one of its country, else the default.

    Raises:
        UnknownMarket: it names one that does not exist, or nothing leads to a market and there is no default.
    """
    by_country = market_for_country(country) if country and not code else None
    return by_country or market_named(code)


def serves(market: Market, *, country: str) -> bool:
    return market.market_countries.filter(country=country).exists()
