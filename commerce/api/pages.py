from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cms.pages.models import Menu
from cms.preview.sessions import PreviewNotFound, open_drafts, open_preview
from commerce.api import shapes
from commerce.api.pagination import Pages
from commerce.api.requests import shopping
from commerce.api.schema import SHOPPING
from commerce.api.serializing import checked
from commerce.api.views import PublicView, private
from commerce.kit import clock
from commerce.listings import pages
from commerce.listings.site import site

_DRAFT = [
    OpenApiParameter("token", str, required=True),
    OpenApiParameter("content_type", str, description="As handed over with the token."),
]


class PageParameters(serializers.Serializer[None]):
    path = serializers.CharField(required=False, max_length=1000)
    type = serializers.ChoiceField(["article"], required=False)
    parent = serializers.CharField(required=False, max_length=1000)  # type: ignore[assignment]

    def validate(self, wanted: dict[str, Any]) -> dict[str, Any]:
        if ("path" in wanted) == ("type" in wanted):
            raise serializers.ValidationError("Say either the path of a page, or the type of those to list.")
        return wanted


class ShopPages(PublicView):
    @extend_schema(
        operation_id="pages_retrieve",
        parameters=[
            *SHOPPING,
            OpenApiParameter("path", str, description="Of one page, as in the storefront: /journal/linen"),
            OpenApiParameter("type", str, enum=["article"], description="Lists articles, the newest first."),
            OpenApiParameter("parent", str, description="Those of the journal at this path alone."),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int, description="Up to 48."),
        ],
        responses=PolymorphicProxySerializer(
            component_name="PageOrArticles",
            serializers=[shapes.Page, shapes.ArticlePage],
            resource_type_field_name=None,
        ),
    )
    def get(self, request: Request) -> Response:
        """One page by its path, with everything that its blocks name; or, by type, a list of articles."""
        at = shopping(request)
        wanted = checked(PageParameters, request.query_params)
        if "path" in wanted:
            path, audience, locale = wanted["path"], at.audience, at.locale
            return at.answer(pages.page_at(path, audience=audience, locale=locale, at=at.at, drafts=at.drafts))
        articles = pages.articles_of(wanted.get("parent"), locale=at.locale)
        paging = Pages()
        shown: Any = paging.paginate_queryset(articles, request, view=self)
        return at.marked(paging.get_paginated_response(pages.article_cards(list(shown))))


class PagePreview(PublicView):
    @extend_schema(
        operation_id="pages_preview",
        parameters=[
            *_DRAFT,
            OpenApiParameter("market", str),
            OpenApiParameter("at", OpenApiTypes.DATETIME, description="Prices and stock as they are then."),
        ],
        responses=shapes.Page,
    )
    def get(self, request: Request) -> Response:
        """A draft of a page, for whoever holds the token, in its own language; prices and stock are as they are now."""
        draft = _draft(request, pages.STORY_PAGES)
        at = shopping(request, is_preview=True)
        translations = pages.translations_of(draft)
        drafts = open_drafts(request.query_params.get("token", ""), at=clock.now())
        audience, locale = at.audience, draft.locale
        document = pages.page_of(draft, translations, audience=audience, locale=locale, at=at.at, drafts=drafts)
        return _for_the_editor(document)


class ShopSite(PublicView):
    @extend_schema(operation_id="site_retrieve", parameters=SHOPPING, responses=shapes.Site)
    def get(self, request: Request) -> Response:
        """What surrounds every page: the shop's name and contact, its menus, its languages."""
        at = shopping(request)
        return at.answer(site(locale=at.locale, at=at.at, drafts=at.drafts))


class SitePreview(PublicView):
    @extend_schema(operation_id="site_preview", parameters=_DRAFT, responses=shapes.Site)
    def get(self, request: Request) -> Response:
        """As the site, with a draft of a menu in its place, for whoever holds the token."""
        draft: Menu = _draft(request, {Menu._meta.label_lower: Menu})
        return _for_the_editor(site(locale=draft.locale, at=clock.now(), draft=draft))


def _draft(request: Request, models: dict[str, Any]) -> Any:
    """Raises `PreviewNotFound`, `PreviewExpired`."""
    model = models.get(request.query_params.get("content_type", ""))
    if model is None:
        raise PreviewNotFound
    return open_preview(request.query_params.get("token", ""), model=model, at=clock.now())


def _for_the_editor(document: Any) -> Response:
    response = Response(document)
    response["Referrer-Policy"] = "no-referrer"
    return private(response)
