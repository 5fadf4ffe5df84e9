"""What sells, whatever the language: products with their variants, prices and stock, their files, their collections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils.text import slugify
from taggit.models import Tag

from cms.catalogue.models import (
    Brand,
    CategoryPage,
    Collection,
    CollectionItem,
    CollectionPin,
    CollectionRule,
    DigitalFile,
    Placement,
    Product,
    ProductTag,
    RelatedProduct,
    Variant,
    Vendor,
)
from cms.images.models import ShopImage
from commerce.inventory.adjusting import adjust
from commerce.inventory.models import StockMovement
from commerce.kit.money import Money
from commerce.listings.collecting import work_out_all
from commerce.pricing.models import Price
from commerce.pricing.setting import set_price
from demo import assortment, catalogue, editorial, german, search
from demo.loading.vocabulary import in_german
from demo.market import OPEN_SINCE, Shop
from demo.papers.printing import pdf
from demo.papers.words import FILES
from demo.wording import Language

ACTOR = "demo shop"
_LANGUAGES: tuple[tuple[Language, str], ...] = (("en", "English"), ("de", "Deutsch"))


def write_products(
    wanted: Iterable[catalogue.Product],
    shop: Shop,
    pages: dict[str, CategoryPage],
    images: dict[Any, ShopImage],
    *,
    at: datetime,
) -> dict[str, Product]:
    brands, vendors = _write_brands(), _write_vendors()
    filled: Counter[str] = Counter()
    products: dict[str, Product] = {}
    for each in wanted:
        product = Product.objects.create(
            kind=each.kind,
            brand=brands[each.brand],
            vendor=vendors.get(each.slug),
            is_featured=each.slug in assortment.FEATURED,
            tax_class=each.tax_class,
            shipping_class=each.shipping_class,
            available_from=at + timedelta(days=each.available_from_days) if each.available_from_days else None,
            archived_at=at - timedelta(days=1) if each.archived else None,
        )
        # The column fills itself with the hour of the load.
        product.created_at = at - _age(each)
        products[each.slug] = product
        for slug in each.categories:
            key = pages[slug].translation_key
            Placement.objects.create(product=product, category_key=key, position=filled[slug])
            filled[slug] += 1
        by_colour = {picture.colour: images[picture.spec] for picture in reversed(each.pictures) if picture.colour}
        for position, variant in enumerate(each.variants):
            _variant(product, variant, position, shop, by_colour, at=at)
    Product.objects.bulk_update(products.values(), ["created_at"])
    return products


def _write_brands() -> dict[str, Brand]:
    return {
        each.slug: Brand.objects.create(
            slug=each.slug,
            name=each.name,
            description=editorial.BRANDS[each.slug].en,
            words=in_german(description=editorial.BRANDS[each.slug].de),
        )
        for each in catalogue.BRANDS
    }


def _write_vendors() -> dict[str, Vendor]:
    """By the slugs of what they deliver."""
    found: dict[str, Vendor] = {}
    for each in editorial.VENDORS:
        vendor = Vendor.objects.create(
            slug=each.slug,
            name=each.name,
            description=each.description.en,
            words=in_german(description=each.description.de),
            email=f"{each.slug}@example.com",
        )
        found |= dict.fromkeys(each.products, vendor)
    return found


def _age(product: catalogue.Product) -> timedelta:
    days = assortment.NEW.get(product.slug)
    return OPEN_SINCE if days is None else timedelta(days=days)


def _variant(
    product: Product,
    wanted: catalogue.Variant,
    position: int,
    shop: Shop,
    by_colour: dict[str, ShopImage],
    *,
    at: datetime,
) -> None:
    options = dict(wanted.options)
    variant = Variant.objects.create(
        product=product,
        sku=wanted.sku,
        options=options,
        image=by_colour.get(options.get("Colour", "")),
        weight_grams=wanted.weight_grams,
        barcode=wanted.barcode,
        available_until=at + timedelta(days=wanted.until_days) if wanted.until_days else None,
        position=position,
    )
    _price(variant, shop, wanted.price_minor, valid_from=product.created_at, at=at)
    if wanted.sale_minor is not None and wanted.sale_days is not None:
        set_price(
            variant=variant,
            price_list=shop.prices,
            amount=Money(wanted.sale_minor, catalogue.CURRENCY),
            kind=Price.Kind.SALE,
            valid_from=at - timedelta(days=wanted.sale_since_days),
            valid_until=at + timedelta(days=wanted.sale_days),
            # As if it had been entered on the day it began: a price cannot be put into the past.
            at=at - timedelta(days=wanted.sale_since_days),
        )
    if wanted.tomorrow_minor is not None:
        _price(variant, shop, wanted.tomorrow_minor, valid_from=at + timedelta(days=1), at=at)
    if wanted.stock:
        adjust(
            variant=variant,
            location=shop.warehouse,
            change=wanted.stock,
            kind=StockMovement.Kind.PURCHASE,
            actor=ACTOR,
            reason="Opening stock",
            at=at,
        )


def _price(variant: Variant, shop: Shop, minor: int, *, valid_from: datetime, at: datetime) -> None:
    amount = Money(minor, catalogue.CURRENCY)
    set_price(variant=variant, price_list=shop.prices, amount=amount, valid_from=valid_from, at=at)


def sort_products(products: dict[str, Product]) -> None:
    """Tag them, and put others beside them."""
    for name, slugs in assortment.TAGS.items():
        tag = Tag.objects.create(name=name)
        ProductTag.objects.bulk_create(ProductTag(content_object=products[slug], tag=tag) for slug in slugs)
    RelatedProduct.objects.bulk_create(
        RelatedProduct(product=products[slug], related=products[other], position=position)
        for slug, others in assortment.RELATED.items()
        for position, other in enumerate(others)
    )


def write_files(products: dict[str, Product]) -> None:
    """Print what buyers of digital products get."""
    for slug, file in FILES.items():
        for position, (language, spoken) in enumerate(_LANGUAGES):
            printed = pdf(file.template, file.words, language=language)
            title = file.words[language].title
            DigitalFile.objects.create(
                product=products[slug],
                name=f"{title} ({spoken})",
                file=ContentFile(printed, name=f"{slugify(title)}.pdf"),
                bytes=len(printed),
                position=position,
            )


def write_collections(products: dict[str, Product], *, at: datetime) -> None:
    for wanted in catalogue.COLLECTIONS:
        found, introduction = search.COLLECTIONS[wanted.slug], editorial.COLLECTIONS[wanted.slug]
        collection = Collection.objects.create(
            slug=wanted.slug,
            name=wanted.name,
            introduction=introduction.en,
            seo_title=found.en.title,
            seo_description=found.en.description,
            words=in_german(
                name=german.COLLECTIONS[wanted.slug],
                introduction=introduction.de,
                seo_title=found.de.title,
                seo_description=found.de.description,
            ),
            method=Collection.Method.RULES if wanted.rules else Collection.Method.MANUAL,
            order=wanted.order,
        )
        CollectionItem.objects.bulk_create(
            CollectionItem(collection=collection, product=products[slug], position=position)
            for position, slug in enumerate(wanted.products)
        )
        CollectionRule.objects.bulk_create(
            CollectionRule(collection=collection, subject=rule.subject, value=rule.value, position=position)
            for position, rule in enumerate(wanted.rules)
        )
        CollectionPin.objects.bulk_create(
            CollectionPin(collection=collection, product=products[slug], position=position)
            for position, slug in enumerate(wanted.first)
        )
    work_out_all(at=at)
