from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.catalogue.models import Option, OptionValue, Variant
from cms.catalogue.naming import Renaming, rename
from commerce.desk.pricing.entering import seen
from commerce.inventory.models import StockMovement
from commerce.kit.clock import now
from commerce.kit.models import OutboxEvent
from commerce.kit.money import Money
from commerce.pricing.lists import open_list
from commerce.pricing.models import CustomerGroup, Price, PriceChange, VariantCost
from tests.commerce.desk.variants.pages import address, new_row, opened, row, rows
from tests.factories import LocationFactory, MarketFactory, PriceListFactory, Shop, UserFactory

pytestmark = pytest.mark.django_db

QUERIES = 29
"""Of the page, session, user and the admin's own frame included."""


def _stock_cell(shop: Shop) -> str:
    return f"change_{shop.warehouse.pk}"


def _colours(*names: str) -> Option:
    option = Option.objects.create(name="Colour")
    OptionValue.objects.bulk_create(
        OptionValue(option=option, name=name, position=place) for place, name in enumerate(names)
    )
    return option


def test_the_page_shows_price_stock_and_what_other_markets_ask(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(price=1999, stock=7)
    island = PriceListFactory.create(market=MarketFactory.create(currency="GBP", name="Island"))
    Price.objects.create(
        price_list=island,
        variant=variant,
        amount_minor=1750,
        currency="GBP",
        valid_from=datetime(2020, 1, 1, tzinfo=UTC),
    )
    page = merchandiser.get(address(variant)).content.decode()
    assert 'value="19.99"' in page
    assert variant.sku in page
    assert '<span class="lying">7</span>' in page
    assert "£17.50" in page
    assert f'?list={island.code}"' in page


def test_a_new_price_holds_from_now_and_the_old_one_ends(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(price=1999)
    answer = merchandiser.post(address(variant), rows(row(merchandiser, variant, price="24.50")))
    assert answer.status_code == 302
    old, new = Price.objects.filter(variant=variant)
    assert (old.amount_minor, new.amount_minor) == (1999, 2450)
    assert old.valid_until == new.valid_from
    assert new.valid_from <= now()


def test_rows_that_nobody_touched_write_nothing(merchandiser: Client, shop: Shop) -> None:
    """Neither rows nor ledgers nor events; and of a row that was touched only what was."""
    variants = [shop.sell(price=1999, stock=7, options={"Size": "S"})]
    variants.append(shop.sell(product=variants[0].product, options={"Size": "M"}))
    before = (Price.objects.count(), PriceChange.objects.count(), StockMovement.objects.count())
    events = OutboxEvent.objects.count()
    sent = [row(merchandiser, each) for each in variants]
    with CaptureQueriesContext(connection) as asked:
        merchandiser.post(address(variants[0]), rows(*sent))
    wrote = [
        each["sql"]
        for each in asked
        if each["sql"].startswith(("INSERT", "UPDATE", "DELETE")) and "catalogue" in each["sql"]
    ]
    assert wrote == []
    merchandiser.post(address(variants[0]), rows(sent[0], {**sent[1], "weight_grams": "250"}))
    assert list(Variant.objects.order_by("position", "sku").values_list("weight_grams", flat=True)) == [0, 250]
    assert (Price.objects.count(), PriceChange.objects.count(), StockMovement.objects.count()) == before
    assert OutboxEvent.objects.count() == events


def test_cells_that_were_not_sent_stay_as_they_are(merchandiser: Client, shop: Shop) -> None:
    """The page sends only what was changed, for a large product has more cells than a server takes at once."""
    variant = shop.sell(price=1999, options={"Size": "S"}, weight_grams=120)
    shown = row(merchandiser, variant)
    answer = merchandiser.post(
        address(variant), rows({"id": shown["id"], "shown": shown["shown"], "barcode": "4006381333931"})
    )
    assert answer.status_code == 302
    variant.refresh_from_db()
    assert (variant.barcode, variant.weight_grams, variant.is_active) == ("4006381333931", 120, True)
    assert variant.options == {"Size": "S"}


def test_stock_changes_with_a_movement_that_says_who_and_why(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(stock=7)
    back_room = LocationFactory.create(name="Back room")
    typed = {_stock_cell(shop): "-2", f"change_{back_room.pk}": "3", "reason": "Broken"}
    merchandiser.post(address(variant), rows(row(merchandiser, variant, **typed)))
    taken, put = StockMovement.objects.filter(kind="adjustment").order_by("quantity")
    assert (taken.quantity, taken.reason, put.quantity) == (-2, "Broken", 3)
    assert put.level.location == back_room
    assert "@example.com" in taken.actor


def test_the_last_row_adds_a_variant_with_price_and_stock(merchandiser: Client, shop: Shop) -> None:
    _colours("Moss", "Rust")
    variant = shop.sell(options={"Colour": "Rust"}, position=4)
    new = new_row(merchandiser, variant, sku="NEW-1", Colour="Moss", price="5", **{_stock_cell(shop): "3"})
    answer = merchandiser.post(address(variant), rows(row(merchandiser, variant), new))
    assert answer.status_code == 302
    added = Variant.objects.get(sku="NEW-1")
    assert added.options == {"Colour": "Moss"}
    assert (added.product, added.position) == (variant.product, 5)
    assert Price.objects.get(variant=added).amount_minor == 500
    assert shop.level(added).on_hand == 3


def test_goods_dates_and_picture_are_entered_in_the_grid(merchandiser: Client, shop: Shop) -> None:
    _colours("Moss", "Rust")
    variant = shop.sell(options={"Colour": "Rust"}, pictures=1)
    image = shop.content(variant).pictures[0].image
    sent = row(
        merchandiser, variant, sku="LAMP-MOSS", barcode="036000291452", Colour="Moss", weight_grams="1200",
        image=str(image.pk), is_active="", available_from="2027-01-01T08:00", available_until="2027-02-01T08:00",
    )  # fmt: skip
    assert merchandiser.post(address(variant), rows(sent)).status_code == 302
    variant.refresh_from_db()
    assert (variant.sku, variant.barcode, variant.options) == ("LAMP-MOSS", "036000291452", {"Colour": "Moss"})
    assert (variant.weight_grams, variant.image, variant.is_active) == (1200, image, False)
    assert variant.available_from == datetime(2027, 1, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sku": ""}, "A variant needs a SKU."),
        ({"sku": "TAKEN"}, "Another variant has this SKU."),
        ({"price": "a lot"}, "Write an amount in EUR"),
        ({"price": "1.999"}, "Write an amount in EUR"),
        ({"price": "-1"}, "An amount is not negative"),
        ({"price": "1e999999999"}, "Write an amount in EUR"),
        ({"price": "99999999999999999999"}, "An amount is not negative and not that high."),
        ({"price": ""}, "To end a price, open its history."),
        ({"Colour": "Mauve"}, "Colour has no such value any more."),
        ({"barcode": "4006381333932"}, "The last digit is to check the others and would be 1"),
        ({"barcode": "12345"}, "A barcode has 8, 12, 13 or 14 digits."),
        ({"barcode": "0036000291452"}, "TAKEN has this barcode."),
        ({"weight_grams": "heavy"}, "Enter a whole number."),
        ({"image": "999999"}, "Select a valid choice."),
        ({"available_from": "2027-02-01T00:00", "available_until": "2027-01-01T00:00"}, "This must be later"),
        ({"change": "-100"}, "More would leave than is free"),
        ({"change": "some"}, "Enter a whole number."),
        ({"sale": "24.50"}, "A sale price is lower than the regular one."),
        ({"sale": "9", "sale_until": "2020-01-01T00:00"}, "A sale ends after it begins"),
        ({"sale": "9", "sale_from": "2020-01-01T00:00"}, "A sale begins now or later."),
        ({"sale_until": "2099-01-01T00:00"}, "Write the sale price."),
        ({"tiers": "10"}, "Write tiers as"),
        ({"tiers": "10: 5; 10: 4"}, "Write tiers as"),
        ({"tiers": "1: 5"}, "Write tiers as"),
        ({"tiers": "10: =1+1"}, "Write tiers as"),
        ({"cost": "-1"}, "An amount is not negative"),
    ],
)
def test_what_cannot_be_is_said_at_its_row_and_changes_nothing(
    merchandiser: Client, shop: Shop, changes: dict[str, str], message: str
) -> None:
    _colours("Moss")
    variant = shop.sell(price=1999, stock=7, options={"Colour": "Moss"})
    shop.sell(sku="TAKEN", barcode="036000291452")
    typed = {"price": "24.50", **changes}
    if "change" in typed:
        typed[_stock_cell(shop)] = typed.pop("change")
    answer = merchandiser.post(address(variant), rows(row(merchandiser, variant, **typed)))
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert "Nothing was saved" in answer.content.decode()
    assert Price.objects.get(variant=variant).amount_minor == 1999
    assert shop.level(variant).on_hand == 7


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ({"sku": "A"}, {"sku": "A", "Size": "M"}, "Two rows have the same SKU."),
        ({"sku": "A", "barcode": "96385074"}, {"sku": "B", "Size": "M", "barcode": "0000096385074"}, "same barcode"),
        ({"sku": "A", "Size": "M"}, {"sku": "B", "Size": "M"}, "has the same options"),
        ({"sku": "A", "Size": "S"}, {"sku": "B", "Size": "M"}, "OLD has the same options"),
    ],
)  # fmt: skip
def test_two_rows_that_say_the_same_are_refused(
    merchandiser: Client, shop: Shop, one: dict[str, str], other: dict[str, str], message: str
) -> None:
    old = shop.sell(sku="OLD", options={"Size": "S"})
    shop.sell(sku="OLDER", options={"Size": "M"}, archived_at=now(), product=old.product)
    size = Option.objects.create(name="Size")
    OptionValue.objects.bulk_create(OptionValue(option=size, name=name) for name in "SM")
    sent = [new_row(merchandiser, old, **typed) for typed in (one, other)]
    answer = merchandiser.post(address(old), rows(row(merchandiser, old), *sent))
    assert message in answer.content.decode()
    assert Variant.objects.count() == 2


def test_a_variant_of_another_product_is_not_found(merchandiser: Client, shop: Shop) -> None:
    mine, other = shop.sell(), shop.sell()
    assert merchandiser.post(address(mine), rows(row(merchandiser, other, sku="MINE"))).status_code == 404


def test_without_the_permission_nobody_sells(client: Client, shop: Shop) -> None:
    variant = shop.sell()
    user = UserFactory.create(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(user)
    assert client.get(address(variant)).status_code in {302, 403}
    client.post(address(variant), rows({"id": str(variant.pk), "shown": "{}", "price": "1"}))
    assert Price.objects.get().amount_minor == 1999


def test_a_page_that_a_colleague_has_overtaken_says_what_changed_and_keeps_what_was_typed(
    merchandiser: Client, shop: Shop
) -> None:
    variant = shop.sell(price=1999, stock=7, sku="LAMP")
    opened_earlier = row(merchandiser, variant, weight_grams="300", **{_stock_cell(shop): "1"})
    merchandiser.post(address(variant), rows(row(merchandiser, variant, price="29.99")))
    answer = merchandiser.post(address(variant), rows(opened_earlier))
    page = answer.content.decode()
    assert "Somebody has changed LAMP since you opened the page: Price is “29.99” now" in page
    assert shop.level(variant).on_hand == 7
    kept = answer.context["rows"].rows[0]
    assert (kept.values["weight_grams"], kept.values["price"], kept.values[_stock_cell(shop)]) == ("300", "29.99", "1")
    # Who has looked at it may save it.
    again = {"id": str(variant.pk), "shown": kept.carried, **kept.values}
    assert merchandiser.post(address(variant), rows(again)).status_code == 302
    assert Price.objects.get(variant=variant, valid_until=None).amount_minor == 2999
    assert shop.level(variant).on_hand == 8


def test_rows_of_others_that_a_colleague_has_changed_are_no_concern(merchandiser: Client, shop: Shop) -> None:
    mine = shop.sell(options={"Size": "S"})
    theirs = shop.sell(product=mine.product, options={"Size": "M"}, price=1000)
    earlier = [row(merchandiser, mine, weight_grams="300"), row(merchandiser, theirs)]
    merchandiser.post(address(mine), rows(row(merchandiser, theirs, price="12")))
    assert merchandiser.post(address(mine), rows(*earlier)).status_code == 302
    assert Price.objects.get(variant=theirs, valid_until=None).amount_minor == 1200
    assert Variant.objects.get(pk=mine.pk).weight_grams == 300


def test_an_option_renamed_meanwhile_makes_a_row_stale(merchandiser: Client, shop: Shop) -> None:
    option = _colours("Moss", "Rust")
    variant = shop.sell(options={"Colour": "Moss"}, sku="LAMP")
    earlier = row(merchandiser, variant, weight_grams="300")
    Option.objects.filter(pk=option.pk).update(name="Shade")
    rename(Renaming("Colour", "Shade"))
    answer = merchandiser.post(address(variant), rows(earlier))
    assert "Somebody has changed LAMP" in answer.content.decode()
    assert Variant.objects.get().options == {"Shade": "Moss"}


def test_a_variant_that_is_gone_is_said_and_nothing_typed_is_lost(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(options={"Size": "S"})
    other = shop.sell(product=variant.product, options={"Size": "M"})
    earlier = row(merchandiser, other, sku="RENAMED")
    Variant.objects.filter(pk=other.pk).update(archived_at=now())
    page = merchandiser.post(address(variant), rows(earlier)).content.decode()
    assert "This variant is gone." in page
    assert 'value="RENAMED"' in page


def test_a_product_with_two_hundred_variants_can_be_saved(merchandiser: Client, shop: Shop) -> None:
    variants = [shop.sell(options={"Size": "0"})]
    product = variants[0].product
    variants += Variant.objects.bulk_create(
        Variant(product=product, sku=f"V-{n}", position=n, options={"Size": str(n)}) for n in range(1, 200)
    )
    shown = opened(merchandiser, variants[0]).shown
    sent = [{"id": str(each.pk), **shown[each.pk], "price": "5"} for each in variants]
    for each, variant in zip(sent, variants, strict=True):
        each["shown"] = json.dumps(shown[variant.pk])
    assert merchandiser.post(address(variants[0]), rows(*sent)).status_code == 302
    assert Price.objects.filter(amount_minor=500).count() == 200


def test_sale_price_tiers_and_cost_are_entered_beside_the_regular_price(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(price=1999)
    typed = {"sale": "14,99", "sale_until": "2099-01-01T00:00", "tiers": "10: 17.00; 50: 15", "cost": "8.00"}
    assert merchandiser.post(address(variant), rows(row(merchandiser, variant, **typed))).status_code == 302
    standing = seen([variant], price_list=shop.prices, at=now())[variant.pk]
    assert standing.current == Money(1499, "EUR")
    assert standing.own_tiers == {10: Money(1700, "EUR"), 50: Money(1500, "EUR")}
    assert standing.cost == Money(800, "EUR")
    merchandiser.post(
        address(variant), rows(row(merchandiser, variant, sale="", sale_until="", sale_from="", tiers="50: 15.00"))
    )
    standing = seen([variant], price_list=shop.prices, at=now())[variant.pk]
    assert standing.current == Money(1999, "EUR")
    assert standing.own_tiers == {50: Money(1500, "EUR")}


def test_the_page_shows_and_changes_the_list_that_is_chosen(merchandiser: Client, shop: Shop, at: Any) -> None:
    variant = shop.sell(price=2000)
    members = CustomerGroup.objects.create(code="members", name="Members")
    chosen = open_list(market=shop.market, code="members", name="Members", customer_group=members, priority=5,
              base=shop.prices, factor=Decimal("0.9"), at=at)  # fmt: skip
    theirs = address(variant, list="members")
    assert 'placeholder="18.00"' in merchandiser.get(theirs).content.decode()
    sent = row(merchandiser, variant, query={"list": "members"}, price="15")
    assert merchandiser.post(theirs, rows(sent)).status_code == 302
    assert Price.objects.get(price_list=chosen).amount_minor == 1500
    assert Price.objects.get(price_list=shop.prices).amount_minor == 2000


def test_without_the_permission_for_prices_the_rest_may_be_changed(client: Client, shop: Shop) -> None:
    variant = shop.sell(price=1999)
    user = UserFactory.create(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_variant"]))
    client.force_login(user)
    sent = row(client, variant, sku="RENAMED", price="1", sale="0.50", tiers="2: 1", cost="1")
    assert client.post(address(variant), rows(sent)).status_code == 302
    assert Variant.objects.get().sku == "RENAMED"
    assert Price.objects.get().amount_minor == 1999
    assert not VariantCost.objects.exists()


def test_the_page_costs_as_many_queries_for_many_variants(merchandiser: Client, shop: Shop) -> None:
    _colours("Moss", "Rust")
    first = shop.sell(pictures=2, options={"Size": "0"})
    images = [each.image for each in shop.content(first).pictures]

    def grow(until: int) -> None:
        for n in range(first.product.variants.count(), until):
            variant = shop.sell(product=first.product, options={"Size": str(n)}, image=images[n % 2], sku=f"S-{n}")
            VariantCost.objects.create(variant=variant, currency="EUR", amount_minor=100)

    def queries() -> int:
        merchandiser.get(address(first))
        with CaptureQueriesContext(connection) as asked:
            assert merchandiser.get(address(first)).status_code == 200
        return len(asked)

    grow(3)
    few = queries()
    grow(60)
    assert queries() == few == QUERIES
