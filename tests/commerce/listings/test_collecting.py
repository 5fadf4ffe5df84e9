"""Collections by rules: who belongs to one, in which order, and that nothing is written twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.catalogue.models import (
    Attribute,
    AttributeValue,
    Brand,
    CollectionItem,
    CollectionPin,
    Product,
    ProductContent,
    Variant,
    Vendor,
)
from cms.catalogue.queries import memberships
from commerce.listings.collecting import work_out, work_out_all
from tests.factories import Shop
from tests.factories.promotions import PromotionFactory, PromotionTargetFactory
from tests.factories.vocabulary import attribute, give, rules_collection

pytestmark = pytest.mark.django_db

Rule = tuple[str, dict[str, Any]]


@pytest.fixture
def lamp(shop: Shop) -> Product:
    return _named(shop.sell(price=3000), "Lamp")


@pytest.fixture
def vase(shop: Shop) -> Product:
    return _named(shop.sell(price=5000), "Vase")


def _named(variant: Variant, title: str) -> Product:
    ProductContent.objects.filter(product=variant.product).update(title=title)
    return variant.product


def _found(collection: Any, at: datetime) -> list[str]:
    work_out(collection, at=at)
    keys = collection.items.order_by("position").values_list("product", flat=True)
    titles = dict(ProductContent.objects.values_list("product", "title"))
    return [titles[key] for key in keys]


def _brand(shop: Shop, lamp: Product) -> Rule:
    lamp.brand = Brand.objects.create(name="Kilnside", slug="kilnside")
    lamp.save()
    return "brand", {"key": str(lamp.brand.pk)}


def _vendor(shop: Shop, lamp: Product) -> Rule:
    lamp.vendor = Vendor.objects.create(name="Works", slug="works")
    lamp.save()
    return "vendor", {"key": str(lamp.vendor.pk)}


def _tag(shop: Shop, lamp: Product) -> Rule:
    lamp.tags.add("autumn")
    return "tag", {"tag": "autumn"}


def _category_above(shop: Shop, lamp: Product) -> Rule:
    lamps = shop.category("Lamps")
    shop.place(lamp, shop.category("Desk lamps", parent=lamps))
    return "category", {"key": str(lamps.translation_key)}


def _choice(shop: Shop, lamp: Product) -> Rule:
    material = attribute("Material", "choices", choices=("Oak", "Glass"))
    give(lamp, material, "Oak")
    return "attribute", {"key": str(material.pk), "choices": [str(material.choices.get(name="Oak").pk)]}


def _number(shop: Shop, lamp: Product) -> Rule:
    height = attribute("Height", "number", unit="cm")
    give(lamp, height, number="12.5")
    return "attribute", {"key": str(height.pk), "from": "12", "to": "12.5"}


def _answer(shop: Shop, lamp: Product) -> Rule:
    washable = attribute("Washable", "boolean")
    give(lamp, washable, boolean=False)
    return "attribute", {"key": str(washable.pk), "is": False}


def _featured(shop: Shop, lamp: Product) -> Rule:
    Product.objects.filter(pk=lamp.pk).update(is_featured=True)
    return "featured", {}


def _price(shop: Shop, lamp: Product) -> Rule:
    return "price_below", {"amount": "30.00"}


def _sale(shop: Shop, lamp: Product) -> Rule:
    shop.price(lamp.variants.get(), 2500, kind="sale")
    return "on_sale", {}


def _new(shop: Shop, lamp: Product) -> Rule:
    Product.objects.exclude(pk=lamp.pk).update(created_at=datetime.fromisoformat("2026-10-01T00:00Z"))
    Product.objects.filter(pk=lamp.pk).update(created_at=datetime.fromisoformat("2026-11-20T00:00Z"))
    return "new_for_days", {"days": 7}


def _stock(shop: Shop, lamp: Product) -> Rule:
    other = Product.objects.exclude(pk=lamp.pk).get()
    shop.level(other.variants.get()).__class__.objects.filter(variant__product=other).update(on_hand=0)
    return "in_stock", {}


SUBJECTS = [
    _brand,
    _vendor,
    _tag,
    _category_above,
    _choice,
    _number,
    _answer,
    _featured,
    _price,
    _sale,
    _new,
    _stock,
]


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda each: each.__name__.strip("_"))
def test_a_rule_finds_what_fits_and_turned_round_the_rest(
    shop: Shop, lamp: Product, vase: Product, at: datetime, subject: Callable[[Shop, Product], Rule]
) -> None:
    rule = subject(shop, lamp)
    assert _found(rules_collection(rule), at) == ["Lamp"]
    assert _found(rules_collection(rule, is_not=True, name="Rest", slug="rest"), at) == ["Vase"]


@pytest.mark.parametrize("is_not", [False, True])
def test_a_rule_that_names_what_is_gone_finds_nothing(shop: Shop, lamp: Product, at: datetime, is_not: bool) -> None:
    gone = "6f0c8f7e-0d0f-4a4e-9c53-0c0c5f1f6f10"
    rules: list[Rule] = [
        ("brand", {"key": gone}),
        ("vendor", {"key": gone}),
        ("category", {"key": gone}),
        ("attribute", {"key": gone}),
        ("tag", {"tag": "gone"}),
        ("price_below", {"amount": "much"}),
        ("new_for_days", {}),
        ("brand", {"key": 7}),
        ("nothing of the kind", {}),
    ]
    for number, rule in enumerate(rules):
        assert _found(rules_collection(rule, is_not=is_not, slug=f"found-{number}"), at) == []


def test_a_rule_about_numbers_finds_nothing_once_its_attribute_is_of_words(
    shop: Shop, lamp: Product, at: datetime
) -> None:
    rule = _number(shop, lamp)
    AttributeValue.objects.all().delete()
    height = Attribute.objects.get()
    height.type = Attribute.Type.TEXT
    height.save()
    give(lamp, height, text="Tall")
    assert _found(rules_collection(rule), at) == []


def test_all_rules_or_at_least_one(shop: Shop, lamp: Product, vase: Product, at: datetime) -> None:
    lamp.tags.add("autumn")
    rules: list[Rule] = [("tag", {"tag": "autumn"}), ("price_above", {"amount": "50"})]
    assert _found(rules_collection(*rules, match="all"), at) == []
    assert _found(rules_collection(*rules, match="any", slug="any"), at) == ["Lamp", "Vase"]
    assert _found(rules_collection(slug="none"), at) == []


@pytest.mark.parametrize(
    ("order", "expected"),
    [("title", ["Lamp", "Mug", "Vase"]), ("price", ["Lamp", "Vase", "Mug"]), ("price_down", ["Vase", "Lamp", "Mug"])],
)
def test_the_order_of_what_is_found(
    shop: Shop, lamp: Product, vase: Product, at: datetime, order: str, expected: list[str]
) -> None:
    _named(shop.sell(price=None), "Mug")
    assert _found(rules_collection(("featured", {}), is_not=True, order=order), at) == expected


def test_pins_come_first_and_last_and_only_the_first_come_unfound(
    shop: Shop, lamp: Product, vase: Product, at: datetime
) -> None:
    mug, pot = _named(shop.sell(price=9000), "Mug"), _named(shop.sell(price=9000), "Pot")
    found = rules_collection(("price_below", {"amount": "60"}))
    for product, place in ((mug, "first"), (lamp, "last"), (pot, "last")):
        CollectionPin.objects.create(collection=found, product=product, place=place)
    assert _found(found, at) == ["Mug", "Vase", "Lamp"]


def test_archived_products_are_never_found_not_even_pinned(shop: Shop, lamp: Product, at: datetime) -> None:
    found = rules_collection(("featured", {}), is_not=True)
    CollectionPin.objects.create(collection=found, product=lamp)
    Product.objects.update(archived_at=at)
    assert _found(found, at) == []


def test_by_the_clock_a_price_that_begins_later_is_found_then(
    shop: Shop, lamp: Product, vase: Product, at: datetime
) -> None:
    found = rules_collection(("on_sale", {}))
    shop.price(vase.variants.get(), 4000, kind="sale", valid_from=at + timedelta(hours=1))
    work_out_all(at=at)
    assert not found.items.exists()
    work_out_all(at=at + timedelta(hours=1))
    assert [item.product for item in found.items.all()] == [vase]


def test_only_what_changed_is_written_and_by_hand_nothing(
    shop: Shop, lamp: Product, vase: Product, at: datetime
) -> None:
    found = rules_collection(("featured", {}), is_not=True)
    by_hand = rules_collection(slug="hand", method="manual")
    CollectionItem.objects.create(collection=by_hand, product=vase)
    assert work_out_all(at=at) == 2
    assert work_out_all(at=at) == 0
    kept = set(found.items.values_list("pk", flat=True))
    _named(shop.sell(), "Zebra")
    assert work_out_all(at=at) == 1
    assert kept < set(found.items.values_list("pk", flat=True))
    assert by_hand.items.get().product == vase


def test_the_same_queries_for_few_products_and_for_many(shop: Shop, lamp: Product, at: datetime) -> None:
    rules = [subject(shop, lamp) for subject in (_brand, _tag, _choice, _featured, _sale, _new)]
    found = rules_collection(*rules, ("in_stock", {}), match="any", order="price")
    counts = []
    work_out(found, at=at)
    for more in (1, 12):
        for _ in range(more):
            shop.sell()
        with CaptureQueriesContext(connection) as captured:
            work_out(found, at=at)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_promotion_for_a_collection_by_rules_reaches_what_the_rules_found(
    shop: Shop, lamp: Product, vase: Product, at: datetime, api: Any
) -> None:
    lamp.tags.add("autumn")
    found = rules_collection(("tag", {"tag": "autumn"}))
    promotion = PromotionFactory.create(percent="10")
    PromotionTargetFactory.create(promotion=promotion, kind="collection", collection=found)
    work_out_all(at=at)
    assert memberships([lamp.pk])[lamp.pk].collections == {found.pk}
    prices = {card["title"]: card["price"] for card in api.get("/api/v1/products/").json()["results"]}
    assert prices["Lamp"]["current"]["minor"] == 2700
    assert prices["Vase"]["promotion"] is None
