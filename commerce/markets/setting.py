"""Opening markets and changing them. Every change is announced as "markets.market_changed"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from babel import Locale, UnknownLocaleError
from django.db import IntegrityError, transaction

from commerce.kit import outbox
from commerce.kit.currencies import EXPONENTS
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked, locked_row
from commerce.markets.models import Market, MarketCountry, MarketLocale

_NO_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}
"""Two letters in CLDR's list of territories that are no country one could send a parcel to."""
_LARGEST_COIN = 10_000
_MOST_DAYS = 366
_CHANGEABLE = {
    "name",
    "tax_inclusive",
    "is_default",
    "origin_country",
    "shipping_tax",
    "total_rounding_minor",
    "shows_reference_price",
    "reference_price_days",
}


class WrongMarket(DomainError):
    """`facts["field"]` says which part is wrong."""

    code = "wrong_market"
    title = "The market cannot be like that"
    kind = ErrorKind.INVALID


class CountryTaken(DomainError):
    """`facts["countries"]` says which."""

    code = "country_taken"
    title = "A country belongs to one market"
    kind = ErrorKind.CONFLICT


class MarketCodeTaken(DomainError):
    code = "market_code_taken"
    title = "Another market has this code"
    kind = ErrorKind.CONFLICT


def open_market(
    *,
    code: str,
    name: str,
    currency: str,
    countries: Collection[str],
    languages: Sequence[str] = (),
    at: datetime,
    **facts: Any,
) -> Market:
    """Raises `WrongMarket`, `CountryTaken`, `MarketCodeTaken`."""
    if currency not in EXPONENTS:
        raise WrongMarket("There is no such currency.", field="currency")
    _check(facts | {"name": name})
    with transaction.atomic():
        try:
            with transaction.atomic():
                # The default is chosen below, where the one before gives way to it.
                market = Market.objects.create(
                    code=code, name=name, currency=currency, **(facts | {"is_default": False})
                )
        except IntegrityError:
            raise MarketCodeTaken() from None
        return change_market(
            market=market,
            countries=countries,
            languages=languages,
            at=at,
            is_default=bool(facts.get("is_default")),
        )


def change_market(
    *,
    market: Market,
    countries: Collection[str] | None = None,
    languages: Sequence[str] | None = None,
    at: datetime,
    **facts: Any,
) -> Market:
    """Change what is said; countries and languages replace those there are. The currency never changes, because
    prices, carts and orders are in it. A market becomes the default in place of the one before.

    Raises:
        WrongMarket, CountryTaken
    """
    if unknown := facts.keys() - _CHANGEABLE:
        raise WrongMarket(f"This cannot be changed: {', '.join(sorted(unknown))}.", field=min(unknown))
    _check(facts)
    with transaction.atomic():
        # All, in primary-key order: a market that becomes the default changes another one.
        locked(Market.objects.all())
        present = locked_row(Market, market.pk)
        if facts.get("is_default"):
            Market.objects.exclude(pk=present.pk).filter(is_default=True).update(is_default=False)
        for field, value in facts.items():
            setattr(present, field, value)
        present.save()
        if countries is not None:
            _serve(present, {country.strip().upper() for country in countries})
        if languages is not None:
            _speak(present, list(dict.fromkeys(languages)))
        outbox.record("markets.market_changed", {"market": present.code}, at=at)
    return present


def is_country(code: str) -> bool:
    """Whether these are the two letters of a country (ISO 3166-1, as CLDR lists it)."""
    return len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES and code in Locale("en").territories


def _check(facts: dict[str, Any]) -> None:
    rules: dict[str, Any] = {
        "name": lambda name: bool(name.strip()),
        "origin_country": lambda country: not country or is_country(country),
        "shipping_tax": lambda by: by in Market.ShippingTax.values,
        "total_rounding_minor": lambda minor: 1 <= minor <= _LARGEST_COIN,
        "reference_price_days": lambda days: 1 <= days <= _MOST_DAYS,
    }
    for field, holds in rules.items():
        if field in facts and not holds(facts[field]):
            raise WrongMarket(f"This is no {field.replace('_', ' ')}: {facts[field]!r}.", field=field)


def _serve(market: Market, countries: Collection[str]) -> None:
    if wrong := [country for country in sorted(countries) if not is_country(country)]:
        raise WrongMarket(f"There is no country {wrong[0]!r}.", field="countries")
    others = MarketCountry.objects.exclude(market=market).filter(country__in=countries)
    if taken := list(others.values_list("country", flat=True)):
        raise CountryTaken(f"Served by another market: {', '.join(taken)}.", countries=taken)
    MarketCountry.objects.filter(market=market).exclude(country__in=countries).delete()
    there = set(market.market_countries.values_list("country", flat=True))
    MarketCountry.objects.bulk_create(
        MarketCountry(market=market, country=country) for country in sorted(set(countries) - there)
    )


def _speak(market: Market, languages: Sequence[str]) -> None:
    for code in languages:
        try:
            Locale.parse(code, sep="-")
        except (ValueError, UnknownLocaleError):
            raise WrongMarket(f"There is no language {code!r}.", field="languages") from None
    MarketLocale.objects.filter(market=market).delete()
    MarketLocale.objects.bulk_create(
        MarketLocale(market=market, language_code=code, position=place) for place, code in enumerate(languages)
    )
