"""What the list of products shows beside the words: worked out for all rows of a page at once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from wagtail.images.models import SourceImageIOError
from wagtail.models import Locale

from cms.catalogue.models import CategoryPage, Placement, Product, ProductContent, ProductImage, Variant
from cms.images.models import ShopImage
from commerce.desk.catalogue.states import State, States
from commerce.desk.pricing.entering import seen
from commerce.desk.pricing.standing import list_with_terms
from commerce.inventory.queries import UNLIMITED, Supply, supplies
from commerce.kit.money import Money

THUMBNAIL = "fill-80x80|format-webp"
# A picture without a thumbnail gets one when it is first listed; not all of a page at once, for each takes a while.
_MADE_AT_ONCE = 4
_IN_ONE_GO = 500


@dataclass(frozen=True, slots=True)
class Facts:
    kind: str
    categories: str
    price: Money | None
    prices_differ: bool
    stock: str
    is_low: bool
    state: State
    thumbnail: str = ""

    @property
    def price_from(self) -> str:
        if self.price is None:
            return ""
        return f"{'from ' if self.prices_differ else ''}{self.price.amount} {self.price.currency}"


def with_facts(contents: Sequence[ProductContent], *, at: datetime, pictures: bool = True) -> Sequence[Any]:
    """The contents, each with `facts`. A number of queries that does not grow with them."""
    products = {content.product_id: content.product for content in contents}
    variants = _variants(products.values())
    prices = _prices([each for found in variants.values() for each in found], at=at)
    stock = supplies(variant_ids=[each.pk for found in variants.values() for each in found], at=at)
    categories = _categories(products)
    states = States.of(contents)
    thumbnails = _thumbnails(contents) if pictures else {}
    for content in contents:
        key = content.product_id
        asked = [prices[each.pk] for each in variants[key] if each.is_active and each.pk in prices]
        words, is_low = _stock(content.product, [stock[each.pk] for each in variants[key] if each.is_active])
        facts = Facts(
            kind=kind_of(content.product, many=len(variants[key])),
            categories=", ".join(categories[key]),
            price=min(asked, key=lambda each: each.minor, default=None),
            prices_differ=len({each.minor for each in asked}) > 1,
            stock=words,
            is_low=is_low,
            state=states.state(content),
            thumbnail=thumbnails.get(content.pk, ""),
        )
        content.facts = facts
    return contents


def in_portions(contents: Any, *, at: datetime) -> Iterator[Any]:
    """All of them with facts, so many at a time, for a file."""
    rows = contents.iterator(chunk_size=_IN_ONE_GO)
    while portion := list(islice(rows, _IN_ONE_GO)):
        yield from with_facts(portion, at=at, pictures=False)


def kind_of(product: Product, *, many: int) -> str:
    """Goods are simple or variable by how many variants there are."""
    if product.kind == Product.Kind.GOODS:
        return "Variable" if many > 1 else "Simple"
    return product.get_kind_display()


def _variants(products: Iterable[Product]) -> dict[uuid.UUID, list[Variant]]:
    found: dict[uuid.UUID, list[Variant]] = defaultdict(list)
    by_key = {product.pk: product for product in products}
    for variant in Variant.objects.filter(product__in=list(by_key), archived_at=None):
        variant.product = by_key[variant.product_id]
        found[variant.product_id].append(variant)
    return found


def _prices(variants: Sequence[Variant], *, at: datetime) -> dict[uuid.UUID, Money]:
    """In the main list of the default market."""
    price_list = list_with_terms()
    if price_list is None:
        return {}
    standings = seen(variants, price_list=price_list, at=at)
    return {key: standing.current for key, standing in standings.items() if standing.current is not None}


def _stock(product: Product, found: Sequence[Supply]) -> tuple[str, bool]:
    if not found:
        return "", False
    free = Supply.together(found).on_hand_free
    if free >= UNLIMITED:
        return "Endless", False
    if product.kind == Product.Kind.BUNDLE:
        return f"Made of parts: {free}", free == 0
    return (str(free) if free else "Sold out"), any(each.on_hand_free <= each.few for each in found)


def _categories(products: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    placed = list(Placement.objects.filter(product__in=list(products)).values_list("product_id", "category_key"))
    pages = CategoryPage.objects.filter(translation_key__in={key for _, key in placed})
    own = Locale.get_default().pk
    named = sorted(pages.values_list("translation_key", "title", "locale_id"), key=lambda each: each[2] == own)
    titles = {key: title for key, title, _ in named}
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for product, key in placed:
        if key in titles:
            found[product].append(titles[key])
    return found


def _thumbnails(contents: Sequence[ProductContent]) -> dict[int, str]:
    rows = ProductImage.objects.filter(content__in=contents).order_by("content", "-sort_order", "-pk")
    first = dict(rows.values_list("content_id", "image_id"))
    images = ShopImage.objects.prefetch_related("renditions").in_bulk(set(first.values()))
    urls = {key: url for key, image in images.items() if (url := _made(image))}
    for key in [key for key in images if key not in urls][:_MADE_AT_ONCE]:
        urls[key] = _make(images[key])
    return {content: urls.get(image, "") for content, image in first.items()}


def _made(image: ShopImage) -> str:
    """A thumbnail that is there, else the narrowest of the sizes that are."""
    there = sorted(image.renditions.all(), key=lambda each: (each.filter_spec != THUMBNAIL, each.width))
    return str(there[0].url) if there else ""


def _make(image: ShopImage) -> str:
    try:
        return str(image.get_rendition(THUMBNAIL).url)
    except SourceImageIOError:
        return ""
