"""What every request says without a body: the market, the language, who asks, and for which instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.utils.translation import get_language_from_request
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.models import Locale

from cms.catalogue.locales import is_one_language, locale_named
from cms.preview.drafts import Drafts
from cms.preview.sessions import PreviewNotFound, open_drafts
from commerce.accounts.models import User
from commerce.api.serializing import checked
from commerce.api.views import private
from commerce.kit import clock
from commerce.kit.errors import DomainError, ErrorKind
from commerce.markets.models import Market
from commerce.markets.queries import channel_named, market_for
from commerce.pricing.audience import Audience
from commerce.pricing.grouping import groups_of


class InstantNotAllowed(DomainError):
    """The shop at another time shows what is not announced yet."""

    code = "instant_not_allowed"
    title = "Only staff and preview sessions may look at the shop at another time"
    kind = ErrorKind.FORBIDDEN


class SignInRequired(DomainError):
    code = "sign_in_required"
    title = "This is for customers who are signed in"
    kind = ErrorKind.FORBIDDEN


class MarketParameter(serializers.Serializer[None]):
    market = serializers.SlugField(required=False, help_text="Code of the market; the default one when absent.")
    country = serializers.RegexField(
        r"^[A-Za-z]{2}$", required=False, help_text="ISO 3166-1 alpha-2; names the market that serves it."
    )
    channel = serializers.SlugField(required=False, help_text="Code of the channel through which it is sold.")


class ReadParameters(MarketParameter):
    at = serializers.DateTimeField(required=False)
    preview = serializers.CharField(required=False, max_length=1000)

    def validate_at(self, at: datetime) -> datetime:
        if not 2000 <= at.year <= 2100:
            raise serializers.ValidationError("An instant of this century.")
        return at


@dataclass(frozen=True, slots=True)
class Shopping:
    """For whom, in which language and for when the shop is asked. `is_public` says whether anybody would be told
    the same."""

    audience: Audience
    locale: Locale
    at: datetime
    is_public: bool
    drafts: Drafts | None = None
    """What is read in place of what is live, in a preview session."""

    @property
    def market(self) -> Market:
        return self.audience.market

    def answer(self, document: Any) -> Response:
        return self.marked(Response(document))

    def marked(self, response: Response) -> Response:
        if self.drafts is not None:
            response["Referrer-Policy"] = "no-referrer"
        return response if self.is_public else private(response)


def shopping(request: Request, *, is_preview: bool = False) -> Shopping:
    """Raises `UnknownMarket`, `UnknownChannel`, `InstantNotAllowed`, `PreviewNotFound`, `PreviewExpired`,
    `PreviewRevoked`, or the validation error of what cannot be one."""
    wanted = checked(ReadParameters, request.query_params)
    audience = audience_of(request, wanted)
    at, now = wanted.get("at"), clock.now()
    try:
        drafts = open_drafts(wanted["preview"], at=now) if wanted.get("preview") else None
    except PreviewNotFound:
        if at is None or is_preview:
            raise
        drafts = None
    if at is not None and not is_preview and drafts is None and not is_staff(signed_in(request)):
        raise InstantNotAllowed()
    return Shopping(
        audience=audience,
        locale=locale_of(request, audience.market),
        at=at or now,
        is_public=at is None and not audience.groups and drafts is None,
        drafts=drafts,
    )


def audience_of(request: Request, wanted: dict[str, Any]) -> Audience:
    """The market and channel that the request names, and the groups of whoever is signed in."""
    user = signed_in(request)
    channel = channel_named(wanted.get("channel"), is_staff=is_staff(user))
    return Audience(
        market=market_for(code=wanted.get("market"), country=wanted.get("country")),
        groups=groups_of(user),
        channel=channel.code if channel else "",
    )


def signed_in(request: Request) -> Any:
    """Who is signed in, or None. A request without a session cookie costs no query."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    # Not `request.user`: the REST framework knows no session here, so that no cookie can change anything by itself.
    user = get_user(request._request)
    return user if user.is_authenticated else None


def customer_of(request: Request) -> User:
    """Who is signed in, for what is theirs alone.

    A session cookie rides along with whatever another site posts, but no site may post JSON here unasked (CORS).

    Raises `SignInRequired`, `UnsupportedMediaType`.
    """
    if request.method == "POST" and not request.content_type.startswith("application/json"):
        raise UnsupportedMediaType(request.content_type)
    user: User | None = signed_in(request)
    if user is None:
        raise SignInRequired()
    return user


def is_staff(user: Any) -> bool:
    return bool(user and user.has_perm("wagtailadmin.access_admin"))


def locale_of(request: Request, market: Market | None = None) -> Locale:
    """The shop's language that suits `Accept-Language` best, else its default one.

    A market that names its languages is served in those alone, else in the first of them.
    """
    wanted = get_language_from_request(request._request)
    if market and not is_one_language():
        served = list(market.market_locales.values_list("language_code", flat=True))
        wanted = wanted if wanted in served or not served else served[0]
    return locale_named(wanted)
