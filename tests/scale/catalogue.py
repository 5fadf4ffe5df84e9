"""A catalogue of any size, written in bulk: as large as a big shop's, and ordinary in every other way."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from taggit.models import Tag
from wagtail.models import Locale, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backend

from cms.catalogue.models import (
    Attribute,
    AttributeChoice,
    AttributeValue,
    Brand,
    CategoryAttribute,
    CategoryPage,
    Collection,
    CollectionItem,
    Option,
    OptionValue,
    Placement,
    Product,
    ProductContent,
    ProductImage,
    ProductTag,
    Variant,
    Vendor,
)
from cms.images.models import ShopImage
from commerce.inventory.models import StockLevel, StockMovement
from commerce.pricing.models import Price
from tests.factories import LONG_AGO, Shop, open_shop, picture

BATCH = 2000
COLOURS = ("Moss", "Rust", "Oat", "Ink", "Clay", "Chalk", "Plum", "Fir", "Sky", "Ash")
SIZES = ("XS", "S", "M", "L", "XL")
WORDS = (
    *("linen", "stoneware", "oak", "brass", "wool", "glass", "copper", "willow", "cotton", "steel", "ash", "enamel"),
    *("lamp", "bowl", "blanket", "basket", "board", "jug", "stool", "apron", "candle", "planter", "tray", "vase"),
    *("cushion", "kettle", "knife", "teapot", "throw", "mirror", "shelf", "clock"),
)


@dataclass
class Catalogue:
    """What was made, for those who look something up in it."""

    shop: Shop
    categories: list[CategoryPage]
    products: list[Product] = field(default_factory=list)
    contents: list[ProductContent] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)


def build(
    *, products: int, categories: int = 200, at: datetime, say: Callable[[str], None], seed: int = 7
) -> Catalogue:
    """Products with 2.5 variants, 2 pictures, 1.5 categories, a brand and attributes each, all of it live, priced and
    indexed as an editor's saving would have left it."""
    chance = random.Random(seed)
    made = Catalogue(shop=open_shop(), categories=[])
    say(f"{categories} categories")
    made.categories = list(_categories(made.shop, categories))
    brands, vendors, tags = _labels()
    say(f"{products} products")
    made.products = _saved(Product, _products(products, brands, vendors, chance))
    _saved(ProductTag, (ProductTag(content_object=each, tag=chance.choice(tags)) for each in made.products))
    _place(made, chance)
    _collect(made, chance)
    _describe(made, chance)
    made.contents = _contents(made, at=at, chance=chance)
    say("variants, prices, stock")
    _vary(made, chance)
    _price(made, chance)
    _stock(made, chance)
    say("the search and reference indexes")
    _index(made.contents)
    return made


def _saved(model: Any, rows: Iterable[Any]) -> list[Any]:
    return list(model.objects.bulk_create(rows, batch_size=BATCH))


def _categories(shop: Shop, count: int) -> Iterator[CategoryPage]:
    """A tree of three levels: ten at the top, the others below one another."""
    made: list[CategoryPage] = []
    for number in range(count):
        parent = made[(number - 10) // 6] if number >= 10 else None
        if parent:
            parent.refresh_from_db()
        made.append(shop.category(f"{WORDS[number % len(WORDS)].title()} {number}", parent=parent))
    yield from made


def _labels() -> tuple[list[Brand], list[Vendor], list[Tag]]:
    brands = _saved(Brand, (Brand(name=f"Brand {number}", slug=f"brand-{number}") for number in range(100)))
    vendors = _saved(Vendor, (Vendor(name=f"Vendor {number}", slug=f"vendor-{number}") for number in range(20)))
    tags = [Tag.objects.create(name=f"tag {number}") for number in range(40)]
    for name, values in {"Colour": COLOURS, "Size": SIZES}.items():
        option = Option.objects.create(name=name)
        for position, value in enumerate(values):
            OptionValue.objects.create(option=option, name=value, position=position)
    return brands, vendors, tags


def _products(count: int, brands: list[Brand], vendors: list[Vendor], chance: random.Random) -> Iterator[Product]:
    for number in range(count):
        yield Product(brand=chance.choice(brands), vendor=chance.choice(vendors), is_featured=number % 200 == 0)


def _place(made: Catalogue, chance: random.Random) -> None:
    rows = []
    for number, product in enumerate(made.products):
        for category in chance.sample(made.categories, k=1 + number % 2):
            rows.append(Placement(product=product, category_key=category.translation_key, position=number))
    _saved(Placement, rows)


def _collect(made: Catalogue, chance: random.Random) -> None:
    for number in range(20):
        collection = Collection.objects.create(name=f"Collection {number}", slug=f"collection-{number}")
        chosen = chance.sample(made.products, k=min(100, len(made.products)))
        _saved(
            CollectionItem,
            (CollectionItem(collection=collection, product=each, position=at) for at, each in enumerate(chosen)),
        )


def _describe(made: Catalogue, chance: random.Random) -> None:
    """Eight attributes at the top of the tree, three of them with values at each product."""
    types = [Attribute.Type.CHOICE] * 4 + [Attribute.Type.NUMBER] * 2 + [Attribute.Type.BOOLEAN, Attribute.Type.TEXT]
    attributes, choices = [], {}
    for number, type_ in enumerate(types):
        attribute = Attribute.objects.create(code=f"attribute-{number}", name=f"Attribute {number}", type=type_)
        attributes.append(attribute)
        if type_ == Attribute.Type.CHOICE:
            named = [AttributeChoice(attribute=attribute, code=f"c{at}", name=f"Choice {at}") for at in range(12)]
            choices[attribute.pk] = _saved(AttributeChoice, named)
    tops = [each for each in made.categories if each.depth == made.categories[0].depth]
    _saved(
        CategoryAttribute,
        (CategoryAttribute(category_key=top.translation_key, attribute=each) for top in tops for each in attributes),
    )
    rows = []
    for product in made.products:
        for attribute in chance.sample(attributes, k=3):
            rows.append(_value(product, attribute, choices.get(attribute.pk, []), chance))
    _saved(AttributeValue, rows)


def _value(product: Product, attribute: Attribute, choices: list[AttributeChoice], chance: random.Random) -> Any:
    match attribute.type:
        case Attribute.Type.CHOICE:
            told: dict[str, Any] = {"choice": chance.choice(choices)}
        case Attribute.Type.NUMBER:
            told = {"number": chance.randrange(1, 400)}
        case Attribute.Type.BOOLEAN:
            told = {"boolean": chance.random() < 0.5}
        case _:
            told = {"text": "Wash by hand"}
    return AttributeValue(product=product, attribute=attribute, **told)


def _contents(made: Catalogue, *, at: datetime, chance: random.Random) -> list[ProductContent]:
    """Each with its pictures and with the revision that published it, one in fifty with a newer draft."""
    images: list[ShopImage] = [picture(f"Picture {number}", size=(400, 300)) for number in range(50)]
    locale = Locale.get_default()
    contents = []
    for number, product in enumerate(made.products):
        title = f"{chance.choice(WORDS).title()} {chance.choice(WORDS)} {number}"
        contents.append(
            ProductContent(
                product=product,
                locale=locale,
                translation_key=uuid.uuid4(),
                title=title,
                slug=f"product-{number}",
                summary=f"A {chance.choice(WORDS)} for every day",
                story=[("heading", "Made to last"), ("quote", {"text": "We like it.", "attribution": ""})],
                live=True,
                has_unpublished_changes=number % 50 == 0,
                first_published_at=at,
                last_published_at=at,
                updated_at=at,
            )
        )
    contents = _saved(ProductContent, contents)
    _saved(
        ProductImage,
        (_seen(content, chance.choice(images), place) for content in contents for place in range(2)),
    )
    _revise(contents, at=at)
    return contents


def _seen(content: ProductContent, image: ShopImage, place: int) -> ProductImage:
    return ProductImage(
        content=content, locale=content.locale, image=image, alt_text="Seen from the front", sort_order=place
    )


def _revise(contents: list[ProductContent], *, at: datetime) -> None:
    kind = ContentType.objects.get_for_model(ProductContent)
    revisions = _saved(
        Revision,
        (
            Revision(
                content_type=kind,
                base_content_type=kind,
                object_id=str(content.pk),
                object_str=content.title,
                content=content.serializable_data(),
                created_at=at,
            )
            for content in contents
        ),
    )
    for content, revision in zip(contents, revisions, strict=True):
        content.live_revision = content.latest_revision = revision
    ProductContent.objects.bulk_update(contents, ["live_revision", "latest_revision"], batch_size=BATCH)


def _vary(made: Catalogue, chance: random.Random) -> None:
    rows = []
    for number, product in enumerate(made.products):
        for place in range(1 + number % 4):
            options = {"Colour": COLOURS[place], "Size": chance.choice(SIZES)} if number % 4 else {}
            rows.append(
                Variant(product=product, sku=f"S-{number}-{place}", options=options, position=place, weight_grams=500)
            )
    made.variants = _saved(Variant, rows)


def _price(made: Catalogue, chance: random.Random) -> None:
    def row(variant: Variant, kind: str, minor: int) -> Price:
        return Price(
            price_list=made.shop.prices, variant=variant, kind=kind, amount_minor=minor, currency="EUR",
            valid_from=LONG_AGO,
        )  # fmt: skip

    regular = {variant.pk: chance.randrange(500, 20_000) for variant in made.variants}
    _saved(Price, (row(variant, Price.Kind.REGULAR, regular[variant.pk]) for variant in made.variants))
    reduced = made.variants[::10]
    _saved(Price, (row(variant, Price.Kind.SALE, regular[variant.pk] * 8 // 10) for variant in reduced))


def _stock(made: Catalogue, chance: random.Random) -> None:
    rows = (
        StockLevel(location=made.shop.warehouse, variant=variant, on_hand=chance.randrange(0, 50))
        for variant in made.variants
    )
    levels = [level for level in _saved(StockLevel, rows) if level.on_hand]
    _saved(
        StockMovement,
        (
            StockMovement(level=level, kind="purchase", quantity=level.on_hand, actor="test", at=LONG_AGO)
            for level in levels
        ),
    )


def _index(contents: list[ProductContent]) -> None:
    backend = get_search_backend()
    rows = iter(contents)
    while batch := list(islice(rows, BATCH)):
        backend.add_bulk(ProductContent, batch)
        with transaction.atomic():
            for content in batch:
                ReferenceIndex.create_or_update_for_object(content)
