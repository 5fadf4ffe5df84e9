"""What every request says without a body: the market, the language, and the instant it arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language_from_request
from rest_framework import serializers
from rest_framework.request import Request
from wagtail.models import Locale

from commerce.kit import clock
from commerce.markets.models import Market
from commerce.markets.queries import market_named


class MarketParameter(serializers.Serializer[None]):
    market = serializers.SlugField(required=False, help_text="Code of the market; the default one when absent.")


@dataclass(frozen=True, slots=True)
class Shopping:
    """Where, in which language and when a shopper looks at the shop."""

    market: Market
    locale: Locale
    at: datetime


def shopping(request: Request) -> Shopping:
    """Raises `UnknownMarket`, or the validation error of a market code that cannot be one."""
    parameters = MarketParameter(data=request.query_params)
    parameters.is_valid(raise_exception=True)
    market = market_named(parameters.validated_data.get("market"))
    return Shopping(market=market, locale=locale_of(request), at=clock.now())


def locale_of(request: Request) -> Locale:
    """The shop's language that suits `Accept-Language` best, else its default one."""
    wanted = get_language_from_request(request._request)
    default = Locale.get_default()
    if wanted == default.language_code:
        return default
    return Locale.objects.filter(language_code=wanted).first() or default
