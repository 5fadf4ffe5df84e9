"""Cards and details of products, resolved from content, prices and stock.

Each function costs a fixed number of queries, whatever it is asked for; the tests hold the budgets.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from wagtail.models import Locale

from cms.catalogue.locales import is_one_language
from cms.catalogue.models import Brand, CategoryPage, CollectionItem, ProductContent, Vendor
from cms.catalogue.queries import (
    as_drafted,
    live_contents,
    live_contents_named,
    other_languages_of,
    placed_in,
    sellable_variants,
)
from cms.images.sets import ImageSet, image_set
from cms.preview.drafts import Drafts
from commerce.cart.limits import bounds_of
from commerce.inventory.queries import Supply, SupplyState, supplies
from commerce.kit.errors import DomainError, ErrorKind
from commerce.listings import attributes, structured
from commerce.listings.categories import CategoryTree
from commerce.listings.documents import (
    CardDocument,
    CategoryReference,
    DetailDocument,
    MakerReference,
    PriceDocument,
    TranslationReference,
    VariantDocument,
)
from commerce.listings.options import Wording
from commerce.listings.papers import knowing_of_papers, papers
from commerce.listings.stories import story
from commerce.markets.models import Market
from commerce.pricing.audience import Audience
from commerce.pricing.models import Price
from commerce.pricing.resolving import Offer, offers_of_products
from commerce.promotions.showing import ShownPrice, shown_prices


class ProductNotFound(DomainError):
    """Unknown, unpublished and not yet for sale are the same to a shopper."""

    code = "product_not_found"
    title = "There is no such product"
    kind = ErrorKind.MISSING


class Availability(StrEnum):
    """As a shopper is told it. Backorders and pre-orders are for sale; a pre-order says on which day it is expected."""

    IN_STOCK = "in_stock"
    LOW_STOCK = "low_stock"
    BACKORDER = "backorder"
    PREORDER = "preorder"
    SOLD_OUT = "sold_out"

    @classmethod
    def of(cls, supply: Supply) -> Availability:
        return cls.SOLD_OUT if supply.state == SupplyState.OUT_OF_STOCK else cls(supply.state.value)


@dataclass(frozen=True, slots=True)
class _Sold:
    """What an audience can buy of one product at an instant: offers in the variants' order, prices and stock."""

    offers: list[Offer]
    prices: dict[uuid.UUID, ShownPrice]
    stock: dict[uuid.UUID, Supply]
    market: Market

    @property
    def cheapest(self) -> ShownPrice:
        shown = (self.prices[offer.variant.pk] for offer in self.offers)
        return min(shown, key=lambda each: each.price.current.minor)

    @property
    def prices_differ(self) -> bool:
        return len({self.prices[offer.variant.pk].price.current for offer in self.offers}) > 1

    @property
    def supply(self) -> Supply:
        return Supply.together(self.stock[offer.variant.pk] for offer in self.offers)


def listed(
    *,
    audience: Audience,
    locale: Locale,
    at: datetime,
    categories: Collection[uuid.UUID] | None = None,
    drafts: Drafts | None = None,
) -> QuerySet[ProductContent]:
    """Contents of the products that can be bought here and now, optionally of some categories, in their order.

    With drafts also of those that could be bought if they were published.
    """
    contents = live_contents(locale=locale, drafts=drafts).filter(_can_be_bought(audience, at=at, drafts=drafts))
    if categories is None:
        return contents.order_by("title", "pk")
    placed = placed_in(categories).filter(product=OuterRef("product")).values("product")
    position = Subquery(placed.annotate(first=Min("position")).values("first"))
    return contents.filter(Exists(placed)).order_by(position, "title", "pk")


def published(*, audience: Audience, at: datetime) -> QuerySet[ProductContent]:
    """The contents of what can be bought, in every language that each has."""
    found: QuerySet[ProductContent] = ProductContent.objects.filter(_can_be_bought(audience, at=at, drafts=None))
    return found.filter(live=True)


def _can_be_bought(audience: Audience, *, at: datetime, drafts: Drafts | None) -> Q:
    priced = Price.objects.selling_to(audience, at=at)
    sold = sellable_variants(at=at, drafted=drafts is not None).filter(Exists(priced.filter(variant=OuterRef("pk"))))
    return Q(product__in=sold.values("product"))


def in_order_of(contents: QuerySet[ProductContent], collection: uuid.UUID) -> QuerySet[ProductContent]:
    """Those of them that are in the collection, in its order."""
    items = CollectionItem.objects.filter(collection=collection, product=OuterRef("product"))
    placed = contents.annotate(place=Subquery(items.values("position")))
    found: QuerySet[ProductContent] = placed.filter(place__isnull=False).order_by("place", "pk")
    return found


def cards(
    contents: Iterable[ProductContent], *, audience: Audience, at: datetime, drafts: Drafts | None = None
) -> list[CardDocument]:
    """A card for each content that the audience can buy at `at`."""
    contents = as_drafted(contents, drafts=drafts)
    sold = _sold([content.product_id for content in contents], audience=audience, at=at, drafts=drafts)
    return [_card(content, sold[content.product_id]) for content in contents if content.product_id in sold]


def detail(
    *, slug: str, audience: Audience, locale: Locale, at: datetime, drafts: Drafts | None = None
) -> DetailDocument:
    """Raises `ProductNotFound`."""
    named = knowing_of_papers(live_contents_named(slug, locale=locale, drafts=drafts))
    sold = named.filter(_can_be_bought(audience, at=at, drafts=drafts))
    found = as_drafted(sold.select_related("product__brand", "product__vendor", "social_image")[:1], drafts=drafts)
    if not found:
        raise ProductNotFound()
    return detail_of(found[0], audience=audience, locale=locale, at=at, drafts=drafts)


def detail_of(
    content: ProductContent, *, audience: Audience, locale: Locale, at: datetime, drafts: Drafts | None = None
) -> DetailDocument:
    """The detail of this content, be it a draft: its words as they stand, price and stock as they are at `at`."""
    sold = _sold([content.product_id], audience=audience, at=at, drafts=drafts).get(content.product_id)
    tree = CategoryTree.load(locale=locale, drafts=drafts, with_pictures=False)
    variants = [offer.variant for offer in sold.offers] if sold else []
    wording = Wording.of(variants, language=locale.language_code)
    categories = tree.of_product(content.product_id)
    gallery = [
        (shown, picture.image_id)
        for picture in content.pictures
        if (shown := image_set(picture.image, alt=picture.alt_text))
    ]
    document: DetailDocument = {
        "id": str(content.product_id or ""),
        "slug": content.slug,
        "path": content.storefront_path,
        "locale": content.locale.language_code,
        "translations": _translations(content),
        "title": content.title,
        "summary": content.summary,
        "story": story(content.story),
        "gallery": [shown for shown, _ in gallery],
        "documents": papers(content),
        "seo": {
            "title": content.seo_title or content.title,
            "description": content.seo_description or content.summary,
        },
        "social_image": _social_image(content, gallery[0][0] if gallery else None),
        "brand": _maker(content.product.brand) if content.product_id else None,
        "vendor": _maker(content.product.vendor) if content.product_id else None,
        "attributes": attributes.of_product(
            content.product_id,
            category_keys=[each.translation_key for page in categories for each in tree.path_to(page)],
            language=locale.language_code,
        ),
        "categories": [_reference(page) for page in categories],
        "breadcrumbs": [_reference(page) for page in tree.path_to(categories[0])] if categories else [],
        "price": price_document(sold.cheapest, audience.market) if sold else None,
        "price_from": sold.prices_differ if sold else False,
        **_availability(sold.supply if sold else Supply(0, 0)),
        "options": wording.documents(variants),
        "variants": _variants(sold, [image_id for _, image_id in gallery], wording) if sold else [],
        "json_ld": [],
    }
    document["json_ld"] = structured.of_product(document)
    return document


def _social_image(content: ProductContent, first: ImageSet | None) -> ImageSet | None:
    """The one that was chosen, else the first of the gallery."""
    return image_set(content.social_image) if content.social_image else first


def _sold(
    product_ids: Collection[uuid.UUID], *, audience: Audience, at: datetime, drafts: Drafts | None
) -> dict[uuid.UUID, _Sold]:
    is_drafted = drafts is not None
    found = offers_of_products(
        product_ids=product_ids, audience=audience, at=at, related=["order_limit"], drafted=is_drafted
    )
    prices = shown_prices(offers=found, audience=audience, at=at)
    stock = supplies(variant_ids=list(found), at=at)
    by_product: dict[uuid.UUID, list[Offer]] = {}
    for offer in found.values():
        by_product.setdefault(offer.variant.product_id, []).append(offer)
    return {
        key: _Sold(offers=each, prices=prices, stock=stock, market=audience.market) for key, each in by_product.items()
    }


def _card(content: ProductContent, sold: _Sold) -> CardDocument:
    picture = next(iter(content.pictures), None)
    single = sold.offers[0].variant if len(sold.offers) == 1 else None
    return {
        "id": str(content.product_id),
        "slug": content.slug,
        "locale": content.locale.language_code,
        "title": content.title,
        "summary": content.summary,
        "image": image_set(picture.image, alt=picture.alt_text) if picture else None,
        "price": price_document(sold.cheapest, sold.market),
        "price_from": sold.prices_differ,
        **_availability(sold.supply),
        "variant_count": len(sold.offers),
        "default_variant": str(single.pk) if single else None,
    }


def _variants(sold: _Sold, image_ids: list[int], wording: Wording) -> list[VariantDocument]:
    return [_variant(offer, sold, image_ids, wording) for offer in sold.offers]


def _variant(offer: Offer, sold: _Sold, image_ids: list[int], wording: Wording) -> VariantDocument:
    variant, supply, bounds = offer.variant, sold.stock[offer.variant.pk], bounds_of(offer.variant)
    return {
        "id": str(variant.pk),
        "sku": variant.sku,
        "barcode": variant.barcode,
        "name": wording.name(variant),
        "options": variant.options,
        "price": price_document(sold.prices[variant.pk], sold.market),
        **_availability(supply),
        "available": supply.on_hand_free if supply.state == SupplyState.LOW_STOCK else None,
        "min_quantity": bounds.min,
        "max_quantity": bounds.max,
        "image": image_ids.index(variant.image_id) if variant.image_id in image_ids else None,
    }


def price_document(shown: ShownPrice, market: Market) -> PriceDocument:
    """A price as every answer shows it."""
    price, promotion = shown.price, shown.promotion
    return {
        "current": price.current.document(),
        "regular": price.regular.document(),
        "reference": price.reference.document() if price.reference is not None else None,
        "discount_percent": price.discount_percent,
        "on_sale": price.on_sale,
        "sale_ends_at": price.sale_ends_at.isoformat() if price.sale_ends_at else None,
        "valid_until": price.valid_until.isoformat() if price.valid_until else None,
        "promotion": {"code": promotion.code, "name": promotion.name} if promotion else None,
        "tiers": [{"min_quantity": tier.min_quantity, "price": tier.price.document()} for tier in price.tiers],
        "tax_inclusive": market.tax_inclusive,
    }


class _AvailabilityDocument(TypedDict):
    availability: str
    expected_on: str | None


def _availability(supply: Supply) -> _AvailabilityDocument:
    day = supply.expected_on
    return {"availability": Availability.of(supply), "expected_on": day.isoformat() if day else None}


def _translations(content: ProductContent) -> list[TranslationReference]:
    contents = [content] if is_one_language() else other_languages_of(content)
    return [{"locale": each.locale.language_code, "slug": each.slug} for each in contents]


def _maker(maker: Brand | Vendor | None) -> MakerReference | None:
    return {"slug": maker.slug, "name": maker.name} if maker else None


def _reference(page: CategoryPage) -> CategoryReference:
    return {"slug": page.slug, "title": page.title, "path": page.storefront_path}
