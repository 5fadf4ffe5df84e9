"""What search engines read beside a page: JSON-LD by schema.org, made of the very documents that the page shows.

Sources: schema.org (Product, ProductGroup, Offer, BreadcrumbList, Organization, WebSite) and Google's pages on product
variants and merchant listings. No rating is claimed that nobody gave.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.http import urlencode

from cms.preview.addresses import storefront_url
from commerce.listings.documents import (
    CategoryReference,
    DetailDocument,
    JsonLd,
    PriceDocument,
    ShopDocument,
    VariantDocument,
)

_CONTEXT = "https://schema.org"
_AVAILABILITY = {
    "in_stock": "InStock",
    "low_stock": "LimitedAvailability",
    "backorder": "BackOrder",
    "preorder": "PreOrder",
    "sold_out": "OutOfStock",
}
# Of what Google knows as ways in which variants differ; others are told by their name alone.
_VARIES_BY = {"colour": "color", "color": "color", "size": "size", "material": "material", "pattern": "pattern"}


def of_product(detail: DetailDocument) -> list[JsonLd]:
    """A product, or a group of its variants, with an offer for each, and the way to it. Nothing is offered of what is
    not sold."""
    address = storefront_url(detail["path"], language=detail["locale"])
    trail = of_breadcrumbs(detail["breadcrumbs"], last=(detail["title"], detail["path"]), language=detail["locale"])
    variants = detail["variants"]
    if not variants:
        return [trail]
    shared: JsonLd = {
        "@context": _CONTEXT,
        "name": detail["title"],
        "description": detail["seo"]["description"],
        "image": [picture["src"] for picture in detail["gallery"]],
        "url": address,
    }
    if brand := detail["brand"]:
        shared["brand"] = {"@type": "Brand", "name": brand["name"]}
    if len(variants) == 1:
        return [{**shared, "@type": "Product", **_sold(variants[0], address)}, trail]
    group = {
        **shared,
        "@type": "ProductGroup",
        "productGroupID": detail["id"],
        "variesBy": [_varies_by(option["name"]) for option in detail["options"]],
        "hasVariant": [_variant(each, detail, address) for each in variants],
    }
    return [group, trail]


def of_breadcrumbs(trail: Iterable[CategoryReference], *, last: tuple[str, str], language: str) -> JsonLd:
    """The categories from the top down, and what lies there as title and path."""
    steps = [*((each["title"], each["path"]) for each in trail), last]
    return {
        "@context": _CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": storefront_url(path, language=language)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def _variant(variant: VariantDocument, detail: DetailDocument, address: str) -> JsonLd:
    made: JsonLd = {"@type": "Product", "name": f"{detail['title']} {variant['name']}", **_sold(variant, address)}
    place = variant["image"]
    if place is not None:
        made["image"] = detail["gallery"][place]["src"]
    for name, value in variant["options"].items():
        if known := _VARIES_BY.get(name.casefold()):
            made[known] = value
    return made


def _sold(variant: VariantDocument, address: str) -> JsonLd:
    made: JsonLd = {"sku": variant["sku"], "offers": _offer(variant, address)}
    if variant["barcode"]:
        made["gtin"] = variant["barcode"]
    return made


def _offer(variant: VariantDocument, address: str) -> JsonLd:
    price = variant["price"]
    made: JsonLd = {
        "@type": "Offer",
        "url": f"{address}?{urlencode({'sku': variant['sku']})}",
        "price": price["current"]["amount"],
        "priceCurrency": price["current"]["currency"],
        "itemCondition": f"{_CONTEXT}/NewCondition",
        "availability": f"{_CONTEXT}/{_AVAILABILITY[variant['availability']]}",
    }
    if until := price["valid_until"]:
        made["priceValidUntil"] = until
    if not price["tax_inclusive"]:
        made["priceSpecification"] = _net(price)
    return made


def _net(price: PriceDocument) -> JsonLd:
    return {
        "@type": "UnitPriceSpecification",
        "price": price["current"]["amount"],
        "priceCurrency": price["current"]["currency"],
        "valueAddedTaxIncluded": False,
    }


def _varies_by(name: str) -> str:
    known = _VARIES_BY.get(name.casefold())
    return f"{_CONTEXT}/{known}" if known else name


def of_shop(shop: ShopDocument) -> list[JsonLd]:
    """Who runs the shop, and its site, from the settings that merchandisers edit."""
    organization: JsonLd = {
        "@context": _CONTEXT,
        "@type": "Organization",
        "@id": f"{settings.STOREFRONT_URL}/#organization",
        "name": shop["name"],
        "url": settings.STOREFRONT_URL,
    }
    told = {
        "legalName": shop["legal_name"],
        "description": shop["tagline"],
        "email": shop["contact"]["email"],
        "telephone": shop["contact"]["phone"],
        "logo": shop["logo"]["src"] if shop["logo"] else "",
        "sameAs": [each["url"] for each in shop["social"]],
    }
    website = {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "name": shop["name"],
        "url": settings.STOREFRONT_URL,
        "publisher": {"@id": organization["@id"]},
    }
    return [organization | {name: value for name, value in told.items() if value}, website]
