from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from cms.catalogue.models import Variant
from commerce.desk.pricing.entering import seen
from commerce.desk.selling import _shown
from commerce.inventory.models import StockMovement
from commerce.kit.clock import now
from commerce.kit.money import Money
from commerce.pricing.lists import open_list
from commerce.pricing.models import CustomerGroup, Price, PriceList, VariantCost
from tests.factories import Shop, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchandiser(client: Client) -> Client:
    user = UserFactory.create(is_staff=True)
    granted = ["access_admin", "change_variant", "change_price", "change_variantcost"]
    user.user_permissions.set(Permission.objects.filter(codename__in=granted))
    client.force_login(user)
    return client


def _rows(*rows: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    for place, row in enumerate(rows):
        data |= {f"form-{place}-{name}": value for name, value in row.items()}
    return data


def _row(variant: Variant, **changes: Any) -> dict[str, Any]:
    """The row as the page shows it now, with what the merchandiser types."""
    price_list = PriceList.objects.get()
    shown = _shown(variant, seen([variant], price_list=price_list, at=now())[variant.pk])
    return {**shown, "id": str(variant.pk), "is_active": "on", **changes}


def _address(variant: Variant) -> str:
    return reverse("desk_selling", args=[variant.product_id])


def test_the_page_shows_price_and_stock(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(price=1999, stock=7)
    page = merchandiser.get(_address(variant)).content.decode()
    assert 'value="19.99"' in page
    assert variant.sku in page
    assert ">7<" in page


def test_a_new_price_holds_from_now_and_the_old_one_ends(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(price=1999)
    assert merchandiser.post(_address(variant), _rows(_row(variant, price="24.50"))).status_code == 302
    old, new = Price.objects.filter(variant=variant)
    assert (old.amount_minor, new.amount_minor) == (1999, 2450)
    assert old.valid_until == new.valid_from
    assert new.valid_from <= now()


def test_an_unchanged_price_makes_no_new_row(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(price=1999)
    merchandiser.post(_address(variant), _rows(_row(variant)))
    assert Price.objects.count() == 1


def test_stock_changes_with_a_movement_that_says_who_and_why(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(stock=7)
    merchandiser.post(_address(variant), _rows(_row(variant, change="-2", reason="Broken")))
    assert shop.level(variant).on_hand == 5
    movement = StockMovement.objects.get(kind="adjustment")
    assert (movement.quantity, movement.reason) == (-2, "Broken")
    assert "@example.com" in movement.actor


def test_the_last_row_adds_a_variant_with_price_and_stock(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell()
    new = {"sku": "NEW-1", "options": "Colour: Moss, Size: M", "price": "5", "is_active": "on", "change": "3"}
    merchandiser.post(_address(variant), _rows(_row(variant), new))
    added = Variant.objects.get(sku="NEW-1")
    assert added.options == {"Colour": "Moss", "Size": "M"}
    assert added.product == variant.product
    assert Price.objects.get(variant=added).amount_minor == 500
    assert shop.level(added).on_hand == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sku": ""}, "A variant needs a SKU."),
        ({"sku": "TAKEN"}, "Another variant has this SKU."),
        ({"price": "a lot"}, "Write an amount in EUR"),
        ({"price": "1.999"}, "Write an amount in EUR"),
        ({"price": "-1"}, "A price is not negative"),
        ({"options": "Moss"}, "Write options as"),
        ({"price": "1e999999999"}, "Write an amount in EUR"),
        ({"price": "99999999999999999999"}, "A price is not negative and not that high."),
        ({"change": "-100"}, "More would leave than is free"),
        ({"change": "some"}, "Enter a whole number."),
    ],
)
def test_what_cannot_be_is_said_at_its_row_and_changes_nothing(
    merchandiser: Client, shop: Shop, changes: dict[str, str], message: str
) -> None:
    variant = shop.sell(price=1999, stock=7)
    shop.sell(sku="TAKEN")
    row = _row(variant, price="24.50") | changes
    answer = merchandiser.post(_address(variant), _rows(row))
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert Price.objects.get(variant=variant).amount_minor == 1999
    assert shop.level(variant).on_hand == 7


def test_two_rows_with_one_sku_are_refused(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell()
    answer = merchandiser.post(_address(variant), _rows({"sku": "NEW"}, {"sku": "NEW"}))
    assert "Two rows have the same SKU." in answer.content.decode()
    assert Variant.objects.count() == 1


def test_a_variant_of_another_product_is_not_found(merchandiser: Client, shop: Shop) -> None:
    mine, other = shop.sell(), shop.sell()
    assert merchandiser.post(_address(mine), _rows(_row(other))).status_code == 404


def test_without_the_permission_nobody_sells(client: Client, shop: Shop) -> None:
    variant = shop.sell()
    user = UserFactory.create(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(user)
    assert client.get(_address(variant)).status_code in {302, 403}
    client.post(_address(variant), _rows(_row(variant, price="1")))
    assert Price.objects.get().amount_minor == 1999


def test_a_page_that_a_colleague_has_overtaken_puts_nothing_back(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(price=1999, stock=7)
    opened_earlier = _row(variant, change="1")
    merchandiser.post(_address(variant), _rows(_row(variant, price="29.99")))
    answer = merchandiser.post(_address(variant), _rows(opened_earlier))
    assert "Somebody has changed this variant" in answer.content.decode()
    assert Price.objects.get(variant=variant, valid_until=None).amount_minor == 2999
    assert shop.level(variant).on_hand == 7


def test_a_product_with_two_hundred_variants_can_be_saved(merchandiser: Client, shop: Shop) -> None:
    variants = [shop.sell()]
    variants += [shop.sell(product=variants[0].product, position=place) for place in range(1, 200)]
    assert merchandiser.post(_address(variants[0]), _rows(*map(_row, variants))).status_code == 302


def test_sale_price_tiers_and_cost_are_entered_beside_the_regular_price(merchandiser: Client, shop: Shop) -> None:
    variant = shop.sell(price=1999)
    row = _row(variant, sale="14,99", sale_until="2099-01-01T00:00", tiers="10: 17.00; 50: 15", cost="8.00")
    assert merchandiser.post(_address(variant), _rows(row)).status_code == 302
    standing = seen([variant], price_list=shop.prices, at=now())[variant.pk]
    assert standing.current == Money(1499, "EUR")
    assert standing.own_tiers == {10: Money(1700, "EUR"), 50: Money(1500, "EUR")}
    assert standing.cost == Money(800, "EUR")
    merchandiser.post(_address(variant), _rows(_row(variant, sale="", sale_until="", tiers="50: 15.00")))
    standing = seen([variant], price_list=shop.prices, at=now())[variant.pk]
    assert standing.current == Money(1999, "EUR")
    assert standing.own_tiers == {50: Money(1500, "EUR")}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
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
def test_a_wrong_sale_tier_or_cost_changes_nothing(
    merchandiser: Client, shop: Shop, changes: dict[str, str], message: str
) -> None:
    variant = shop.sell(price=1999)
    answer = merchandiser.post(_address(variant), _rows(_row(variant, price="24.50", **changes)))
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert Price.objects.get(variant=variant).amount_minor == 1999


def test_the_page_shows_and_changes_the_list_that_is_chosen(merchandiser: Client, shop: Shop, at: Any) -> None:
    variant = shop.sell(price=2000)
    members = CustomerGroup.objects.create(code="members", name="Members")
    open_list(market=shop.market, code="members", name="Members", customer_group=members, priority=5,
              base=shop.prices, factor=Decimal("0.9"), at=at)  # fmt: skip
    address = _address(variant) + "?list=members"
    assert 'placeholder="18.00"' in merchandiser.get(address).content.decode()
    chosen = PriceList.objects.get(code="members")
    row = {**_shown(variant, seen([variant], price_list=chosen, at=now())[variant.pk]), "is_active": "on"}
    merchandiser.post(address, _rows({**row, "id": str(variant.pk), "price": "15"}))
    assert Price.objects.get(price_list=chosen).amount_minor == 1500
    assert Price.objects.get(price_list=shop.prices).amount_minor == 2000


def test_without_the_permission_for_prices_the_rest_may_be_changed(client: Client, shop: Shop) -> None:
    variant = shop.sell(price=1999)
    user = UserFactory.create(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_variant"]))
    client.force_login(user)
    row = _row(variant, sku="RENAMED", price="1", sale="0.50", tiers="2: 1", cost="1")
    assert client.post(_address(variant), _rows(row)).status_code == 302
    assert Variant.objects.get().sku == "RENAMED"
    assert Price.objects.get().amount_minor == 1999
    assert not VariantCost.objects.exists()
