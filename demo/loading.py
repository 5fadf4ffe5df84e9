"""Puts the demo shop into an empty Magpie, by the same use cases that staff go through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page, Site

from cms.catalogue.models import (
    Brand,
    CategoryPage,
    Collection,
    CollectionItem,
    Placement,
    Product,
    ProductContent,
    ProductImage,
    Variant,
)
from cms.images.models import ShopImage
from cms.pages.models import HomePage
from commerce.inventory.adjusting import adjust
from commerce.inventory.models import StockMovement
from commerce.kit.money import Money
from commerce.pricing.models import Price
from commerce.pricing.setting import set_price
from demo import catalogue, offers, options, purchases, sellers, staff, stock, studio
from demo.market import Shop, open_markets

Say = Callable[[str], None]
ACTOR = "demo shop"


def is_loaded() -> bool:
    return HomePage.objects.exists()


def load(*, at: datetime, say: Say, is_plain: bool = False, least_stock: int = 0) -> None:
    """Draw the pictures first, then write the whole shop in one transaction: it is there whole or not at all.

    A plain shop has the same picture everywhere, for who only wants to buy from it.
    """
    specs = list(dict.fromkeys(_specs()))
    drawing = studio.draw_plainly(specs) if is_plain else studio.draw_all(specs)
    drawn = dict(_counted(drawing, "drawing pictures", of=len(specs), say=say))
    hero = studio.plain() if is_plain else studio.hero()
    say("writing the shop")
    with transaction.atomic():
        images = _file_images(drawn)
        shop = open_markets(at=at)
        home = _home_page()
        pages = _categories(home, images)
        brands = {each.slug: Brand.objects.create(slug=each.slug, name=each.name) for each in catalogue.BRANDS}
        options.open_vocabulary()
        wanted = [_with_stock(each, least_stock) for each in catalogue.PRODUCTS]
        contents = {each.slug: _product(each, shop, brands, pages, images, at=at) for each in wanted}
        _collections(contents)
        offers.price_by_quantity(shop, contents, at=at)
        offers.enter_costs(shop)
        stock.arrange(shop, at=at)
        offers.promote(shop, contents, pages, at=at)
        front = studio.file_image(catalogue.SHOP_NAME, hero, alt=catalogue.HOME.hero_alt)
        _furnish(home, front, contents, pages)
        sellers.enter_sellers(at=at)
        purchases.offer_ways_to_pay()
        staff.hire(home=home)
        if not is_plain:
            purchases.place_orders(at=at)
    if not is_plain:
        # Asked anew: publishing may have marked one that fills the screen.
        pictures = list(ShopImage.objects.filter(pk__in=[each.pk for each in (*images.values(), front)]))
        list(_counted(studio.render_sizes(pictures, at=at), "making picture sizes", of=len(pictures), say=say))


def _counted(made: Iterable[Any], words: str, *, of: int, say: Say) -> Iterator[Any]:
    """Say how far it is, after each eighth."""
    say(words)
    for done, each in enumerate(made, start=1):
        yield each
        if done * 8 // of > (done - 1) * 8 // of:
            say(f"{words}, {done} of {of}")


def _with_stock(product: catalogue.Product, least: int) -> catalogue.Product:
    if product.kind == Product.Kind.BUNDLE:
        return product  # its stock is that of its parts
    variants = tuple(replace(each, stock=max(each.stock, least)) for each in product.variants)
    return replace(product, variants=variants)


def _specs() -> list[Any]:
    of_products = [picture.spec for product in catalogue.PRODUCTS for picture in product.pictures]
    return [*of_products, *(category.picture for category in catalogue.CATEGORIES)]


def _file_images(drawn: dict[Any, bytes]) -> dict[Any, ShopImage]:
    titles: dict[Any, str] = {each.picture: each.title for each in catalogue.CATEGORIES}
    for product in catalogue.PRODUCTS:
        for place, picture in enumerate(product.pictures, start=1):
            titles[picture.spec] = f"{product.title} {place}"
    return {spec: studio.file_image(titles[spec], encoded) for spec, encoded in drawn.items()}


def _home_page() -> HomePage:
    """The shop's home page in place of the welcome page that a new Wagtail has."""
    root = Page.get_first_root_node()
    home = HomePage(title=catalogue.SHOP_NAME, slug="shop", seo_title="Magpie: things worth keeping")
    root.add_child(instance=home)
    Site.objects.update(root_page=home, site_name=catalogue.SHOP_NAME)
    Page.objects.filter(depth=2).exclude(pk=home.pk).delete()
    return home


def _categories(home: HomePage, images: dict[Any, ShopImage]) -> dict[str, CategoryPage]:
    pages: dict[str, CategoryPage] = {}
    for category in catalogue.CATEGORIES:
        parent = pages[category.parent] if category.parent else home
        parent.refresh_from_db()
        page = CategoryPage(
            title=category.title,
            slug=category.slug,
            introduction=category.introduction,
            image=images[category.picture],
            show_in_menus=True,
        )
        parent.add_child(instance=page)
        page.save_revision().publish()
        pages[category.slug] = page
    return pages


def _product(
    wanted: catalogue.Product,
    shop: Shop,
    brands: dict[str, Brand],
    pages: dict[str, CategoryPage],
    images: dict[Any, ShopImage],
    *,
    at: datetime,
) -> ProductContent:
    opens = at + timedelta(days=wanted.available_from_days) if wanted.available_from_days else None
    product = Product.objects.create(
        kind=wanted.kind,
        brand=brands[wanted.brand],
        tax_class=wanted.tax_class,
        shipping_class=wanted.shipping_class,
        available_from=opens,
    )
    for slug in wanted.categories:
        key = pages[slug].translation_key
        Placement.objects.create(
            product=product, category_key=key, position=Placement.objects.filter(category_key=key).count()
        )
    by_colour = {picture.colour: images[picture.spec] for picture in reversed(wanted.pictures) if picture.colour}
    for position, variant in enumerate(wanted.variants):
        _variant(product, variant, position, shop, by_colour, at=at)
    return _content(product, wanted, images)


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
        position=position,
    )
    _price(variant, shop, wanted.price_minor, valid_from=at - timedelta(days=60), at=at)
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


def _content(product: Product, wanted: catalogue.Product, images: dict[Any, ShopImage]) -> ProductContent:
    content = ProductContent(
        product=product,
        locale=Locale.get_default(),
        title=wanted.title,
        slug=wanted.slug,
        summary=wanted.summary,
        story=[_block(kind, text) for kind, text in wanted.story],
        live=False,
    )
    content.gallery = [
        ProductImage(image=images[picture.spec], alt_text=picture.alt, sort_order=place)
        for place, picture in enumerate(wanted.pictures)
    ]
    content.save()
    # A row that is live without a revision would go offline when an editor schedules a change.
    revision = content.save_revision()
    if wanted.published:
        revision.publish()
    return content


def _block(kind: str, text: str) -> tuple[str, Any]:
    return (kind, {"text": text, "attribution": ""}) if kind == "quote" else (kind, text)


def _collections(contents: dict[str, ProductContent]) -> None:
    for wanted in catalogue.COLLECTIONS:
        collection = Collection.objects.create(slug=wanted.slug, name=wanted.name)
        CollectionItem.objects.bulk_create(
            CollectionItem(collection=collection, product_id=contents[slug].product_id, position=position)
            for position, slug in enumerate(wanted.products)
        )


def _furnish(
    home: HomePage, front: ShopImage, contents: dict[str, ProductContent], pages: dict[str, CategoryPage]
) -> None:
    wanted = catalogue.HOME

    def row(products: catalogue.ProductRow) -> tuple[str, Any]:
        return ("products", {"title": products.title, "products": [contents[slug] for slug in products.products]})

    tiles = {"title": wanted.categories_title, "categories": [pages[slug] for slug in wanted.categories]}
    hero = {
        "title": wanted.hero_title,
        "text": wanted.hero_text,
        "image": front,
        "button": {"label": wanted.hero_link_title, "href": f"/c/{wanted.hero_link_category}"},
    }
    home.refresh_from_db()
    home.body = [
        ("hero", hero),
        row(wanted.first_row),
        ("categories", tiles),
        row(wanted.second_row),
        ("rich_text", wanted.closing),
    ]
    home.save_revision().publish()
