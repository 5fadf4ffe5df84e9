from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cms.catalogue.models import ProductContent, ProductTag
from cms.preview.sessions import open_drafts, open_preview
from commerce.api import shapes
from commerce.api.pagination import Pages
from commerce.api.requests import Shopping, shopping
from commerce.api.schema import SHOPPING
from commerce.api.serializing import checked
from commerce.api.views import PublicView, private
from commerce.kit import clock
from commerce.listings import beside, brands, categories, collections, products
from commerce.markets.models import Market

MAX_IDS = 48


class ListParameters(serializers.Serializer[None]):
    category = serializers.SlugField(required=False)
    brand = serializers.SlugField(required=False)
    collection = serializers.SlugField(required=False)
    vendor = serializers.SlugField(required=False)
    tag = serializers.CharField(required=False, max_length=100)
    ids = serializers.CharField(required=False, max_length=MAX_IDS * 37)

    def validate_ids(self, text: str) -> list[Any]:
        field = serializers.ListField(child=serializers.UUIDField(), max_length=MAX_IDS)
        try:
            ids: list[Any] = field.run_validation([part for part in text.split(",") if part])
        except serializers.ValidationError:
            raise serializers.ValidationError(f"Up to {MAX_IDS} product ids, separated by commas.") from None
        return ids


class Markets(PublicView):
    @extend_schema(operation_id="markets_list", responses=shapes.MarketPage)
    def get(self, request: Request) -> Response:
        """The markets the shop sells in, with the countries each serves."""
        markets = Market.objects.prefetch_related("market_countries", "market_locales")
        pages = Pages()
        page: Any = pages.paginate_queryset(markets, request, view=self)
        return pages.get_paginated_response([_market(market) for market in page])


class Categories(PublicView):
    @extend_schema(operation_id="categories_list", parameters=SHOPPING, responses=shapes.Category(many=True))
    def get(self, request: Request) -> Response:
        """The whole tree of published categories."""
        at = shopping(request)
        return at.answer(categories.tree(locale=at.locale, listed=_listed(at), drafts=at.drafts))


class CategoryBySlug(PublicView):
    @extend_schema(operation_id="categories_retrieve", parameters=SHOPPING, responses=shapes.CategoryDetail)
    def get(self, request: Request, slug: str) -> Response:
        """A category with its words, its place in the tree, and what is below it."""
        at = shopping(request)
        found = categories.detail(slug=slug, locale=at.locale, listed=_listed(at), drafts=at.drafts)
        return at.answer(found)


class Products(PublicView):
    @extend_schema(
        operation_id="products_list",
        parameters=[
            *SHOPPING,
            OpenApiParameter("category", str, description="Slug; includes the categories below it."),
            OpenApiParameter("brand", str, description="Slug."),
            OpenApiParameter("collection", str, description="Slug; in the collection's order."),
            OpenApiParameter("vendor", str, description="Slug."),
            OpenApiParameter("tag", str, description="Name of a tag."),
            OpenApiParameter("ids", str, description=f"Up to {MAX_IDS} product ids, separated by commas."),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int, description="Up to 48."),
        ],
        responses=shapes.ProductPage,
    )
    def get(self, request: Request) -> Response:
        """Cards of what can be bought now: by category or collection in its own order, by ids in the order given,
        else by title. What is narrowed down by several has to fit them all."""
        at = shopping(request)
        parameters = checked(ListParameters, request.query_params)
        contents = _chosen(at, parameters)
        pages = Pages()
        page: Any = pages.paginate_queryset(contents, request, view=self)
        cards = products.cards(page, audience=at.audience, at=at.at, drafts=at.drafts)
        return at.marked(pages.get_paginated_response(cards))


class ProductBySlug(PublicView):
    @extend_schema(operation_id="products_retrieve", parameters=SHOPPING, responses=shapes.ProductDetail)
    def get(self, request: Request, slug: str) -> Response:
        """A product with its story, pictures, variants, prices and stock."""
        at = shopping(request)
        audience, locale = at.audience, at.locale
        return at.answer(products.detail(slug=slug, audience=audience, locale=locale, at=at.at, drafts=at.drafts))


class FeaturedProducts(PublicView):
    @extend_schema(
        operation_id="products_featured",
        parameters=[*SHOPPING, OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=shapes.ProductPage,
    )
    def get(self, request: Request) -> Response:
        """Cards of the products that the shop presents as its best, by title."""
        at = shopping(request)
        pages = Pages()
        contents = beside.featured(audience=at.audience, locale=at.locale, at=at.at, drafts=at.drafts)
        page: Any = pages.paginate_queryset(contents, request, view=self)
        cards = products.cards(page, audience=at.audience, at=at.at, drafts=at.drafts)
        return at.marked(pages.get_paginated_response(cards))


class RelatedProducts(PublicView):
    @extend_schema(operation_id="products_related", parameters=SHOPPING, responses=shapes.ProductCard(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Up to twelve cards to show beside a product: those chosen for it, else others of its categories."""
        at = shopping(request)
        audience, locale = at.audience, at.locale
        return at.answer(beside.related(slug=slug, audience=audience, locale=locale, at=at.at, drafts=at.drafts))


class ProductPreview(PublicView):
    @extend_schema(
        operation_id="products_preview",
        parameters=[
            OpenApiParameter("token", str, required=True),
            OpenApiParameter("content_type", str, description="As handed over with the token."),
            OpenApiParameter("market", str),
            OpenApiParameter("at", OpenApiTypes.DATETIME, description="Prices and stock as they are then."),
        ],
        responses=shapes.ProductDetail,
    )
    def get(self, request: Request) -> Response:
        """A draft of a product, for whoever holds the token; prices and stock are as they are now, or `at`."""
        token, now = request.query_params.get("token", ""), clock.now()
        draft, drafts = open_preview(token, model=ProductContent, at=now), open_drafts(token, at=now)
        at = shopping(request, is_preview=True)
        document = products.detail_of(draft, audience=at.audience, locale=at.locale, at=at.at, drafts=drafts)
        response = Response(document)
        response["Referrer-Policy"] = "no-referrer"
        return private(response)


class PreviewSession(PublicView):
    @extend_schema(
        operation_id="preview_retrieve",
        parameters=[OpenApiParameter("preview", str, required=True, description="The token of the session.")],
        responses=shapes.PreviewSession,
    )
    def get(self, request: Request) -> Response:
        """How long the session of this token lasts, and what it was opened on."""
        drafts = open_drafts(request.query_params.get("preview", ""), at=clock.now())
        response = Response({"title": drafts.title, "until": drafts.until.isoformat()})
        response["Referrer-Policy"] = "no-referrer"
        return private(response)


def _listed(at: Shopping) -> QuerySet[ProductContent]:
    return products.listed(audience=at.audience, locale=at.locale, at=at.at, drafts=at.drafts)


def _chosen(at: Shopping, wanted: dict[str, Any]) -> Any:
    if "ids" in wanted:
        order = {key: position for position, key in enumerate(wanted["ids"])}
        found = _narrowed(_listed(at), wanted).filter(product__in=wanted["ids"])
        return sorted(found, key=lambda content: order[content.product_id])
    if "category" in wanted:
        tree = categories.CategoryTree.load(locale=at.locale, drafts=at.drafts)
        keys = tree.keys_below(tree.named(wanted["category"]))
        audience, locale = at.audience, at.locale
        placed = products.listed(audience=audience, locale=locale, at=at.at, categories=keys, drafts=at.drafts)
        return _narrowed(placed, wanted)
    return _narrowed(_listed(at), wanted)


def _narrowed(found: QuerySet[ProductContent], wanted: dict[str, Any]) -> QuerySet[ProductContent]:
    """Raises `BrandNotFound`, `CollectionNotFound`; of a vendor or a tag that is not there are no products."""
    if "brand" in wanted:
        found = found.filter(product__brand=brands.named(wanted["brand"]))
    if "vendor" in wanted:
        found = found.filter(product__vendor__slug=wanted["vendor"])
    if "tag" in wanted:
        tagged = ProductTag.objects.filter(content_object=OuterRef("product"), tag__name=wanted["tag"])
        found = found.filter(Exists(tagged))
    if "collection" in wanted:
        found = products.in_order_of(found, collections.named(wanted["collection"]).pk)
    return found


def _market(market: Market) -> dict[str, Any]:
    return {
        "code": market.code,
        "name": market.name,
        "currency": market.currency,
        "countries": [each.country for each in market.market_countries.all()],
        "locales": [each.language_code for each in market.market_locales.all()],
        "tax_inclusive": market.tax_inclusive,
        "is_default": market.is_default,
    }
