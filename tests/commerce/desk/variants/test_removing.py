from __future__ import annotations

import uuid

import pytest
from django.test import Client
from rest_framework.test import APIClient

from cms.catalogue.models import BundlePart, Option, OptionValue, Variant
from commerce.cart.models import Cart, CartLine
from commerce.kit.clock import now
from tests.commerce.desk.variants.pages import address, row, rows
from tests.factories import ProductFactory, Shop
from tests.factories.stock import bundle_of

pytestmark = pytest.mark.django_db


def _told(browser: Client, variant: Variant, *sent: Variant) -> str:
    answer = browser.post(
        address(variant), rows(*({**row(browser, each), "remove": "on"} for each in sent or (variant,))), follow=True
    )
    return " ".join(map(str, answer.context["messages"])) + answer.content.decode()


def test_what_nothing_knows_of_is_deleted_and_what_was_stocked_or_priced_is_archived(
    merchandiser: Client, shop: Shop
) -> None:
    stocked = shop.sell(sku="STOCKED", price=None, options={"Size": "S"})
    priced = shop.sell(sku="PRICED", stock=0, options={"Size": "M"}, product=stocked.product)
    mistaken = shop.sell(sku="MISTAKEN", price=None, stock=0, options={"Size": "L"}, product=stocked.product)
    told = _told(merchandiser, stocked, stocked, priced, mistaken)
    assert "Deleted: MISTAKEN." in told
    assert "PRICED, STOCKED." in told
    assert {each.sku: each.archived_at is not None for each in Variant.objects.all()} == {
        "STOCKED": True,
        "PRICED": True,
    }
    assert shop.level(stocked).on_hand == 10


def test_what_open_carts_hold_becomes_not_sold_any_more_and_the_editor_is_told(
    merchandiser: Client, shop: Shop, api: APIClient
) -> None:
    variant = shop.sell(price=None, stock=0)
    cart = shop.cart((variant, 2))
    shop.cart((variant, 1))
    shop.cart((variant, 1), closed_at=now())
    told = _told(merchandiser, variant)
    assert "In 2 open carts it is now shown as not sold any more." in told
    assert CartLine.objects.count() == 3
    [line] = api.get(f"/api/v1/carts/{cart.pk}/").json()["lines"]
    assert (line["quantity"], line["problem"]) == (2, "unavailable")
    assert Cart.objects.filter(closed_at=None).count() == 2


def test_an_archived_variant_is_hidden_and_can_be_restored(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(options={"Size": "S"}, archived_at=now(), sku="OLD")
    other = shop.sell(options={"Size": "M"}, product=variant.product)
    page = merchandiser.get(address(other)).content.decode()
    assert "OLD" not in page
    assert "Show archived (1)" in page
    assert "Restore OLD" in merchandiser.get(address(other, archived="1")).content.decode()
    assert merchandiser.post(address(other), {"restore": str(variant.pk)}, follow=True).status_code == 200
    variant.refresh_from_db()
    assert variant.archived_at is None
    for strange in (str(uuid.uuid4()), "x", str(variant.pk)):
        assert merchandiser.post(address(other), {"restore": strange}).status_code == 404


def test_it_is_not_restored_beside_another_with_its_options(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(options={"Size": "S"}, archived_at=now(), sku="OLD")
    shop.sell(options={"Size": "S"}, product=variant.product, sku="NEW")
    answer = merchandiser.post(address(variant), {"restore": str(variant.pk)}, follow=True)
    assert "OLD cannot be restored: NEW has the same options." in answer.content.decode()
    assert Variant.objects.get(sku="OLD").archived_at is not None


def test_a_part_of_a_bundle_stays_until_it_is_taken_out(merchandiser: Client, shop: Shop) -> None:
    lamp = shop.sell(sku="LAMP")
    bundle_of(shop, (lamp, 2), sku="SET")
    assert "LAMP is a part of the bundle SET. Take it out of that first." in _told(merchandiser, lamp)
    assert Variant.objects.get(sku="LAMP").archived_at is None


def test_parts_of_a_bundle_are_edited_in_the_grid(merchandiser: Client, shop: Shop) -> None:
    lamp, bulb = shop.sell(sku="LAMP"), shop.sell(sku="BULB")
    bundle = bundle_of(shop, (lamp, 1), sku="SET")
    typed = row(merchandiser, bundle, parts="LAMP 2\r\nBULB 3")
    assert not any(name.startswith("change_") for name in typed)
    assert merchandiser.post(address(bundle), rows(typed)).status_code == 302
    assert dict(BundlePart.objects.values_list("part__sku", "quantity")) == {"LAMP": 2, "BULB": 3}
    assert row(merchandiser, bundle)["parts"] == "LAMP 2\nBULB 3"
    assert shop.level(bulb).on_hand == 10


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ("SET 1", "SET cannot be a part of itself."),
        ("OTHER 1", "A bundle holds no bundles: OTHER."),
        ("NOTHING 1", "there is no SKU “NOTHING”"),
        ("LAMP 0", "write how many of LAMP"),
    ],
)
def test_a_bundle_of_itself_of_another_or_of_nothing_is_refused(
    merchandiser: Client, shop: Shop, parts: str, message: str
) -> None:
    lamp = shop.sell(sku="LAMP")
    bundle = bundle_of(shop, (lamp, 1), sku="SET")
    bundle_of(shop, (lamp, 1), sku="OTHER")
    answer = merchandiser.post(address(bundle), rows(row(merchandiser, bundle, parts=parts, sku="RENAMED")))
    page = answer.content.decode()
    assert message in page
    assert parts in page
    assert list(BundlePart.objects.filter(bundle=bundle).values_list("part__sku", "quantity")) == [("LAMP", 1)]
    assert Variant.objects.filter(sku="SET").exists()


@pytest.mark.parametrize("kind", ["digital", "gift_card"])
def test_what_lies_on_no_shelf_has_no_stock_columns(merchandiser: Client, shop: Shop, kind: str) -> None:
    variant = shop.sell(product=ProductFactory.create(kind=kind, shipping_class="none"), stock=0)
    sheet = merchandiser.get(address(variant)).context["sheet"]
    assert not [each for each in sheet.columns if each.group == "stock"]


def _vocabulary() -> dict[str, str]:
    colour, size = Option.objects.create(name="Colour"), Option.objects.create(name="Size", position=1)
    for place, name in enumerate(["Moss", "Dark blue", "Grün"]):
        OptionValue.objects.create(option=colour, name=name, position=place)
    OptionValue.objects.bulk_create(OptionValue(option=size, name=str(n), position=n) for n in range(70))
    return {each.name: f"option_{each.pk.hex}" for each in (colour, size)}


def test_missing_combinations_are_made_and_what_is_there_is_left_alone(merchandiser: Client, shop: Shop) -> None:
    names = _vocabulary()
    there = shop.sell(sku="MINE", options={"Size": "1", "Colour": "Moss"}, weight_grams=7)
    shop.sell(sku="BOX-DARK-BLUE-1")
    shop.sell(sku="PLAIN", options={"Colour": "Moss"}, product=there.product)
    shop.sell(sku="GONE", options={"Colour": "Grün", "Size": "2"}, product=there.product, archived_at=now())
    make = address(there) + "make/"
    page = merchandiser.get(make).content.decode()
    assert 'value="Moss"' in page
    sent = {"stem": "BOX", names["Colour"]: ["Moss", "Dark blue", "Grün"], names["Size"]: ["1", "2"]}
    answer = merchandiser.post(make, sent, follow=True)
    told = " ".join(map(str, answer.context["messages"]))
    assert told.startswith("4 variants made. 1 there already. 1 archived")
    assert "Shoppers cannot choose PLAIN: choose all options there" in told
    made = there.product.variants.exclude(sku__in=["MINE", "GONE", "PLAIN"]).order_by("position")
    assert [each.sku for each in made] == ["BOX-MOSS-2", "BOX-DARK-BLUE-1-2", "BOX-DARK-BLUE-2", "BOX-GRUN-1"]
    assert list(made[0].options.items()) == [("Colour", "Moss"), ("Size", "2")]
    assert Variant.objects.get(sku="MINE").weight_grams == 7
    merchandiser.post(make, sent)
    assert there.product.variants.count() == 7


@pytest.mark.parametrize(
    ("colours", "sizes", "message"),
    [(3, 67, "These are 201 combinations; at most 200"), (0, 0, "Tick the values"), (1, 0, "")],
)
def test_too_many_or_no_combinations_are_refused(
    merchandiser: Client, shop: Shop, colours: int, sizes: int, message: str
) -> None:
    names = _vocabulary()
    product = ProductFactory.create()
    there = shop.sell(product=product, options={"Colour": "Sky"})
    ticked = {names["Colour"]: ["Moss", "Dark blue", "Grün"][:colours], names["Size"]: list(map(str, range(sizes)))}
    answer = merchandiser.post(address(there) + "make/", {"stem": "BOX", **ticked})
    assert message in answer.content.decode()
    assert product.variants.count() == (2 if not message else 1)
