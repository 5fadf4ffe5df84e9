"""Brands and collections: what groups products across categories."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.api import shapes
from commerce.api.pagination import Pages
from commerce.api.requests import Shopping, shopping
from commerce.api.schema import SHOPPING
from commerce.api.views import PublicView
from commerce.listings import brands, collections, products

_PAGED = [*SHOPPING, OpenApiParameter("page", int), OpenApiParameter("page_size", int, description="Up to 48.")]


class Brands(PublicView):
    @extend_schema(operation_id="brands_list", parameters=_PAGED, responses=shapes.BrandPage)
    def get(self, request: Request) -> Response:
        """The brands by name, each with how many of its products can be bought now."""
        at = shopping(request)
        pages = Pages()
        page: Any = pages.paginate_queryset(brands.brands(), request, view=self)
        return at.marked(pages.get_paginated_response(brands.documents(page, **_for(at))))


class BrandBySlug(PublicView):
    @extend_schema(operation_id="brands_retrieve", parameters=SHOPPING, responses=shapes.Brand)
    def get(self, request: Request, slug: str) -> Response:
        """A brand with its words. Its products: `products/?brand=`."""
        at = shopping(request)
        [document] = brands.documents([brands.named(slug)], **_for(at))
        return at.answer(document)


class Collections(PublicView):
    @extend_schema(operation_id="collections_list", parameters=_PAGED, responses=shapes.CollectionPage)
    def get(self, request: Request) -> Response:
        """The collections by name, each with how many of its products can be bought now."""
        at = shopping(request)
        pages = Pages()
        page: Any = pages.paginate_queryset(collections.collections(), request, view=self)
        return at.marked(pages.get_paginated_response(collections.documents(page, **_for(at))))


class CollectionBySlug(PublicView):
    @extend_schema(operation_id="collections_retrieve", parameters=SHOPPING, responses=shapes.Collection)
    def get(self, request: Request, slug: str) -> Response:
        """A collection with its words. Its products, in its order: `products/?collection=`."""
        at = shopping(request)
        [document] = collections.documents([collections.named(slug)], **_for(at))
        return at.answer(document)


def _for(at: Shopping) -> dict[str, Any]:
    listed = products.listed(audience=at.audience, locale=at.locale, at=at.at, drafts=at.drafts)
    return {"listed": listed, "language": at.locale.language_code}
