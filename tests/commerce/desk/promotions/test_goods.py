from __future__ import annotations

import pytest
from django.test import Client

from cms.catalogue.models import Brand, CategoryPage, Collection, ProductContent
from commerce.desk.promotions.goods import NotFound, key_of, labels_of, suggestions
from commerce.promotions.models import PromotionTarget
from tests.commerce.desk.promotions.pages import browser_with
from tests.factories import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def targets(shop: Shop) -> list[PromotionTarget]:
    """One of each kind, some of whose names are shared."""
    lamp = shop.sell(sku="LAMP · (1)", options={"Colour": "Moss", "Size": "M"})
    other = shop.sell(sku="lamp")
    ProductContent.objects.filter(product__in=[lamp.product_id, other.product_id]).update(title="Lamp")
    lamps = shop.category("Lamps", parent=shop.category("Home goods"))
    outside = shop.category("Outside lamps", parent=shop.category("Garden"))
    CategoryPage.objects.filter(pk=outside.pk).update(title="Lamps")
    brand = Brand.objects.create(name="Nest", slug="nest")
    Brand.objects.create(name="Nest", slug="nest-2")
    winter = Collection.objects.create(name="Winter", slug="winter")
    return [
        PromotionTarget(kind="product", product=lamp.product),
        PromotionTarget(kind="variant", variant=lamp),
        PromotionTarget(kind="category", category_key=lamps.translation_key),
        PromotionTarget(kind="brand", brand=brand),
        PromotionTarget(kind="collection", collection=winter),
    ]


def test_every_label_is_read_back_as_what_it_was_written_for(targets: list[PromotionTarget]) -> None:
    for target, label in zip(targets, labels_of(targets), strict=True):
        assert str(key_of(target.kind, label)) == target.key, label
        assert str(key_of(target.kind, label.upper())) == target.key, label


def test_a_shared_name_alone_is_not_enough(targets: list[PromotionTarget]) -> None:
    for kind, name in (("product", "Lamp"), ("brand", "Nest"), ("category", "Lamps")):
        with pytest.raises(NotFound, match="More than one"):
            key_of(kind, name)


def test_suggestions_are_labels(targets: list[PromotionTarget]) -> None:
    assert suggestions("attribute", "mo") == ["Colour: Moss"]
    assert suggestions("category", "lamp home") == ["Home goods › Lamps"]
    assert suggestions("brand", "") == ["Nest (nest)", "Nest (nest-2)"]
    assert suggestions("variant", "moss") == ["Lamp, Moss / M · LAMP · (1)"]
    assert suggestions("collection", "summer") == []


def test_suggestions_are_for_those_who_may_see_promotions(shop: Shop) -> None:
    shop.sell(sku="LAMP")
    reader = browser_with("view_promotion")
    assert len(reader.get("/admin/promotions/goods/", {"kind": "variant", "q": "la\0mp"}).json()["labels"]) == 1
    assert reader.get("/admin/promotions/goods/", {"kind": "nonsense"}).json() == {"labels": []}
    assert browser_with().get("/admin/promotions/goods/", {"kind": "variant"}).status_code in {302, 403}


def test_nobody_from_outside_asks_for_suggestions(client: Client, shop: Shop) -> None:
    assert client.get("/admin/promotions/goods/", {"kind": "variant"}).status_code in {302, 403}
