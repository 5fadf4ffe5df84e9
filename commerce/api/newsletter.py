from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.requests import locale_of
from commerce.api.serializing import checked
from commerce.api.views import PublicView, private
from commerce.customers import newsletter
from commerce.kit import clock


class NewsletterAsked(serializers.Serializer[None]):
    email = serializers.EmailField(max_length=254)
    source = serializers.RegexField(  # type: ignore[assignment]
        r"^/\S*$", required=False, max_length=200, help_text="The path of the page where it was entered."
    )


class NewsletterToken(serializers.Serializer[None]):
    token = serializers.CharField(max_length=1000)


class Newsletter(PublicView):
    @extend_schema(operation_id="newsletter_ask", request=NewsletterAsked, responses={202: shapes.NewsletterAnswer})
    def post(self, request: Request) -> Response:
        """Ask for the newsletter: a mail with a link to confirm goes to the address, at most one an hour.

        The answer is the same whether the address is known or not.
        """
        asked = checked(NewsletterAsked, request.data)
        language = locale_of(request).language_code
        newsletter.ask(email=asked["email"], language=language, source=asked.get("source", ""), at=clock.now())
        return private(Response({"result": "asked"}, status=status.HTTP_202_ACCEPTED))


class NewsletterConfirmation(PublicView):
    @extend_schema(operation_id="newsletter_confirm", request=NewsletterToken, responses={200: shapes.NewsletterAnswer})
    def post(self, request: Request) -> Response:
        """Confirm by the token of the mail's link, which holds for a week."""
        newsletter.confirm(token=checked(NewsletterToken, request.data)["token"], at=clock.now())
        return private(Response({"result": "confirmed"}))


class NewsletterLeave(PublicView):
    @extend_schema(
        operation_id="newsletter_unsubscribe", request=NewsletterToken, responses={200: shapes.NewsletterAnswer}
    )
    def post(self, request: Request) -> Response:
        """Unsubscribe by the token of a link, which never expires."""
        newsletter.unsubscribe(token=checked(NewsletterToken, request.data)["token"], at=clock.now())
        return private(Response({"result": "unsubscribed"}))
