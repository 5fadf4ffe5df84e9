"""Where a product belongs: what promotions and the rules of shipping ask the catalogue."""

from __future__ import annotations

import uuid

import pytest
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Locale, Page

from cms.catalogue.models import CategoryPage, Collection, CollectionItem, Product
from cms.catalogue.queries import Membership, memberships
from cms.pages.models import HomePage
from tests.factories import ProductFactory, Shop

pytestmark = pytest.mark.django_db


def _collect(product: Product, name: str) -> Collection:
    collection, _ = Collection.objects.get_or_create(name=name, slug=name.lower())
    CollectionItem.objects.create(collection=collection, product=product)
    return collection


def _membership(product: Product) -> Membership:
    return memberships([product.pk])[product.pk]


def test_a_product_belongs_to_its_category_and_to_all_those_above_it(shop: Shop) -> None:
    home = shop.category("Living")
    lamps = shop.category("Lamps", parent=home)
    desk = shop.category("Desk lamps", parent=lamps)
    shop.category("Pendants", parent=lamps)
    product = ProductFactory.create()
    shop.place(product, desk)
    assert _membership(product).categories == {each.translation_key for each in (home, lamps, desk)}


def test_several_placements_are_put_together(shop: Shop) -> None:
    home, garden = shop.category("Living"), shop.category("Garden")
    lamps, pots = shop.category("Lamps", parent=home), shop.category("Pots", parent=garden)
    product = ProductFactory.create()
    for category in (lamps, pots, home):
        shop.place(product, category)
    assert _membership(product).categories == {each.translation_key for each in (home, garden, lamps, pots)}


def test_a_product_belongs_to_its_collections(shop: Shop) -> None:
    product = ProductFactory.create()
    winter, gifts = _collect(product, "Winter"), _collect(product, "Gifts")
    _collect(ProductFactory.create(), "Summer")
    assert _membership(product) == Membership(collections=frozenset({winter.pk, gifts.pk}))


def test_a_product_that_lies_nowhere_has_an_empty_membership(shop: Shop) -> None:
    product = ProductFactory.create()
    assert _membership(product) == Membership()
    assert memberships([]) == {}


def test_categories_count_in_every_language_by_the_key_they_share(shop: Shop) -> None:
    home = shop.category("Living")
    lamps = shop.category("Lamps", parent=home)
    german = Locale.objects.create(language_code="de")
    start = Page.get_first_root_node().add_child(instance=HomePage(title="Start", slug="start", locale=german))
    wohnen = start.add_child(
        instance=CategoryPage(title="Wohnen", slug="wohnen", locale=german, translation_key=home.translation_key)
    )
    wohnen.add_child(
        instance=CategoryPage(title="Lampen", slug="lampen", locale=german, translation_key=lamps.translation_key)
    )
    product = ProductFactory.create()
    shop.place(product, lamps)
    assert _membership(product).categories == {home.translation_key, lamps.translation_key}


def test_a_category_that_is_not_published_counts_all_the_same(shop: Shop) -> None:
    lamps = shop.category("Lamps")
    product = ProductFactory.create()
    shop.place(product, lamps)
    lamps.unpublish()
    assert _membership(product).categories == {lamps.translation_key}


def test_a_placement_whose_category_is_gone_counts_for_nothing(shop: Shop) -> None:
    product = ProductFactory.create()
    product.placements.create(category_key=uuid.uuid4())
    assert _membership(product) == Membership()


def test_memberships_cost_two_queries_however_many_products(
    shop: Shop, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lamps = shop.category("Lamps")
    products = ProductFactory.create_batch(12)
    for product in products:
        shop.place(product, lamps)
        _collect(product, "Winter")
    with django_assert_num_queries(2):
        found = memberships(product.pk for product in products)
    assert len(found) == 12
    assert len(set(found.values())) == 1
