"""Puts the demo shop into an empty Magpie, by the same use cases that staff go through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.db import transaction
from wagtail.models import Locale
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.catalogue.models import Product
from cms.images.models import ShopImage
from cms.pages.models import HomePage
from demo import catalogue, offers, purchases, sellers, staff, stock, studio
from demo.loading import contents, goods, pages, stories, surroundings, vocabulary
from demo.market import open_markets

Say = Callable[[str], None]


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
        front = studio.file_image(catalogue.SHOP_NAME, hero, alt=catalogue.HOME.hero_alt)
        with disable_reference_index_auto_update():
            images = _file_images(drawn)
            _write(images, front, at=at, is_plain=is_plain, least_stock=least_stock)
        # Once for each row at the end, instead of each time that a row is touched on the way.
        call_command("rebuild_references_index", verbosity=0)
    if not is_plain:
        # Asked anew: publishing may have marked one that fills the screen.
        pictures = list(ShopImage.objects.filter(pk__in=[each.pk for each in (*images.values(), front)]))
        list(_counted(studio.render_sizes(pictures, at=at), "making picture sizes", of=len(pictures), say=say))


def _write(images: dict[Any, ShopImage], front: ShopImage, *, at: datetime, is_plain: bool, least_stock: int) -> None:
    Locale.objects.create(language_code="de")
    shop = open_markets(at=at)
    homes = pages.open_home_pages()
    categories = pages.write_categories(homes, images)
    vocabulary.write_options()
    vocabulary.write_attributes(categories["en"])
    wanted = [_with_stock(each, least_stock) for each in catalogue.PRODUCTS]
    products = goods.write_products(wanted, shop, categories["en"], images, at=at)
    vocabulary.describe(products)
    goods.sort_products(products)
    written = contents.write_contents(wanted, products, images)
    goods.write_files(products)
    goods.write_collections(products, at=at)
    offers.price_by_quantity(shop, written["en"], at=at)
    offers.enter_costs(shop)
    stock.arrange(shop, at=at)
    offers.promote(shop, written["en"], categories["en"], at=at)
    places, shown = pages.open_pages(homes, categories), stories.Shown(images, written)
    stories.write_landings(places, shown)
    stories.write_journal(places, shown, at=at)
    stories.furnish(homes, front, places, shown)
    surroundings.write_menus(places)
    surroundings.describe_shop(front)
    sellers.enter_sellers(at=at)
    purchases.offer_ways_to_pay()
    staff.hire(home=homes["en"])
    if not is_plain:
        purchases.place_orders(at=at)


def _counted(made: Iterable[Any], words: str, *, of: int, say: Say) -> Iterator[Any]:
    """Say how far it is, after each eighth."""
    say(words)
    for done, each in enumerate(made, start=1):
        yield each
        if done * 8 // of > (done - 1) * 8 // of:
            say(f"{words}, {done} of {of}")


def _with_stock(product: catalogue.Product, least: int) -> catalogue.Product:
    if product.kind in (Product.Kind.BUNDLE, Product.Kind.DIGITAL):
        return product  # the stock of the one is that of its parts, of the other there is always one more
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
