from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from cms.prepared import prepared
from commerce.kit.errors import DomainError, ErrorKind
from commerce.markets.models import Channel, Market, MarketCountry


class UnknownMarket(DomainError):
    code = "unknown_market"
    title = "There is no such market"
    kind = ErrorKind.INVALID


class UnknownChannel(DomainError):
    code = "unknown_channel"
    title = "There is no such channel"
    kind = ErrorKind.INVALID


def market_named(code: str | None) -> Market:
    """The market with this code, or the default one when none is named.

    Raises:
        UnknownMarket: no market has this code, or none is named and there is no default.
    """
    found = _named(code=code) if code else _default()
    if not found:
        raise UnknownMarket()
    market: Market = found[0]
    return market


@prepared
def _named(*, code: str) -> QuerySet[Market]:
    return Market.objects.filter(code=code)


@prepared
def _default() -> QuerySet[Market]:
    return Market.objects.filter(is_default=True)


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


def channel_named(code: str | None, *, is_staff: bool = False) -> Channel | None:
    """None when none is named.

    Raises:
        UnknownChannel: there is none of this code, or it is closed and staff are not asking.
    """
    if not code:
        return None
    channel = Channel.objects.filter(code=code).first()
    if channel is None or not (channel.is_open or is_staff):
        raise UnknownChannel()
    return channel


def serves(market: Market, *, country: str) -> bool:
    return bool(_serving(market=market.pk, country=country))


@prepared
def _serving(*, market: int, country: str) -> QuerySet[Any]:
    return MarketCountry.objects.filter(market=market, country=country).values_list("pk")
