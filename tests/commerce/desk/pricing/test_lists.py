from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from commerce.kit.clock import now
from commerce.markets.models import Channel
from commerce.pricing.lists import change_terms, open_list
from commerce.pricing.models import CustomerGroup, PriceList
from tests.commerce.desk.pricing.conftest import Browser
from tests.factories import Shop, UserFactory

pytestmark = pytest.mark.django_db

LISTS, GROUPS, CHANNELS = "/admin/price-lists/", "/admin/customer-groups/", "/admin/channels/"


@pytest.fixture
def owner(staff: Browser) -> Client:
    """The browser of somebody who may open and change lists, groups and channels."""
    models = ("pricelist", "customergroup", "channel")
    return staff(*(f"{action}_{model}" for model in models for action in ("add", "change", "view")))


def _typed(shop: Shop, **typed: Any) -> dict[str, Any]:
    plain = {
        "market": shop.market.pk, "name": "Members", "code": "members", "priority": "5", "factor": "1", "rate": "1",
        "rounding_step_minor": "1", "rounding_ending_minor": "0", "rounding_mode": "nearest",
    }  # fmt: skip
    return {**plain, **typed}


def _derived(shop: Shop, **facts: Any) -> PriceList:
    return open_list(market=shop.market, code="derived", name="Derived", priority=5, base=shop.prices,
                     factor=Decimal("0.9"), at=now(), **facts)  # fmt: skip


def _mark(browser: Client, address: str) -> str:
    found = re.search(r'name="mark" value="([^"]*)"', browser.get(address).content.decode())
    assert found
    return found[1].replace("&#x27;", "'")


def test_a_list_is_opened(owner: Client, shop: Shop) -> None:
    assert owner.get(f"{LISTS}new/").status_code == 200
    answer = owner.post(f"{LISTS}new/", _typed(shop, base=shop.prices.pk, factor="0.9"))
    assert answer.status_code == 302
    made = PriceList.objects.get(code="members")
    assert (made.base, made.factor) == (shop.prices, Decimal("0.9"))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"priority": "0"}, "has it."),
        ({"code": "TAKEN"}, "Another price list has this code"),
        ({"factor": "0.9"}, "Only a derived list has terms."),
        ({"base": "DERIVED"}, "Select a valid choice"),
        ({"base": "BASE", "factor": "0"}, "A factor is more than 0"),
        ({"base": "BASE", "factor": "-1"}, "A factor is more than 0"),
        ({"base": "BASE", "factor": "NaN"}, "Enter a number."),
        ({"base": "BASE", "rate": "1.2"}, "Within one currency there is no rate"),
        ({"base": "BASE", "rounding_step_minor": "10", "rounding_ending_minor": "10"}, "an ending below it"),
        ({"base": "BASE", "valid_from": "2020-01-01 00:00"}, "holds from now on or later"),
        ({"valid_from": "2099-01-02 00:00", "valid_until": "2099-01-01 00:00"}, "ends after it begins"),
        ({"priority": "much"}, "Enter a whole number."),
        ({"code": "no code"}, "valid “slug”"),
        ({"rounding_step_minor": "99999999999999999999"}, "less than or equal"),
        ({"priority": "99999999999999999999"}, "less than or equal"),
    ],
)
def test_a_list_that_cannot_be_is_refused_at_its_field(
    owner: Client, shop: Shop, typed: dict[str, str], message: str
) -> None:
    derived = _derived(shop, valid_from=None)
    named = {"TAKEN": shop.prices.code, "BASE": shop.prices.pk, "DERIVED": derived.pk}
    typed = {name: named.get(value, value) for name, value in typed.items()}  # type: ignore[misc]
    answer = owner.post(f"{LISTS}new/", _typed(shop, **{"priority": "7", **typed}))
    assert answer.status_code == 200
    assert message in answer.content.decode().replace("&quot;", '"')
    assert PriceList.objects.count() == 2


def test_lists_are_shown_in_the_order_in_which_they_are_asked(owner: Client, shop: Shop) -> None:
    group, channel = CustomerGroup.objects.create(code="g", name="G"), Channel.objects.create(code="c", name="C")
    opened: list[dict[str, Any]] = [
        {"code": "for-channel", "channel": channel, "priority": 0},
        {"code": "for-group", "customer_group": group, "priority": 0},
        {"code": "for-both", "customer_group": group, "channel": channel, "priority": 0},
        {"code": "urgent", "priority": 9},
    ]
    for facts in opened:
        open_list(market=shop.market, name=f"List {facts['code']}", at=now(), **facts)
    page = owner.get(LISTS).content.decode()
    names = ["List urgent", "List for-both", "List for-group", "List for-channel", shop.prices.name]
    places = [page.index(f">{name}<") if f">{name}<" in page else page.index(name) for name in names[:-1]]
    assert places == sorted(places)


def test_terms_are_changed_and_a_list_is_ended(owner: Client, shop: Shop) -> None:
    made = _derived(shop)
    address = f"{LISTS}edit/{made.pk}/"
    typed = _typed(shop, factor="0.8", valid_until="2099-01-01 00:00", mark=_mark(owner, address))
    assert owner.post(address, typed).status_code == 302
    made.refresh_from_db()
    assert made.factor == Decimal("0.8")
    assert made.valid_until is not None
    assert made.priority == 5
    again = _typed(shop, factor="0.8", valid_until="", mark=_mark(owner, address))
    assert "A list that ends cannot go on" in owner.post(address, again).content.decode()
    back = _typed(shop, factor="0.7", valid_until="2020-01-01 00:00", mark=_mark(owner, address))
    assert "A list holds from now on" in owner.post(address, back).content.decode()
    made.refresh_from_db()
    assert made.factor == Decimal("0.8")


def test_terms_that_a_colleague_has_overtaken_are_refused(owner: Client, shop: Shop) -> None:
    made = _derived(shop)
    address = f"{LISTS}edit/{made.pk}/"
    mark = _mark(owner, address)
    change_terms(price_list=made, factor=Decimal("0.5"), at=now())
    answer = owner.post(address, _typed(shop, factor="0.8", mark=mark))
    assert "Somebody has changed this list" in answer.content.decode()
    assert PriceList.objects.get(pk=made.pk).factor == Decimal("0.5")


def test_a_list_of_its_own_prices_has_no_terms_to_change(owner: Client, shop: Shop) -> None:
    address = f"{LISTS}edit/{shop.prices.pk}/"
    assert 'name="factor"' not in owner.get(address).content.decode()
    assert owner.post(address, {"mark": _mark(owner, address), "factor": "0.5", "valid_until": ""}).status_code == 302
    assert PriceList.objects.get().factor == 1


def test_a_group_is_opened_filled_and_emptied(owner: Client, shop: Shop) -> None:
    customer = UserFactory.create(email="buyer@example.com")
    assert owner.post(f"{GROUPS}new/", {"name": "Members", "code": "members"}).status_code == 302
    group = CustomerGroup.objects.get()
    address = f"{GROUPS}edit/{group.pk}/"
    owner.post(address, {"name": "Club", "put_in": "Buyer@example.com\n", "take_out": ""})
    assert list(group.members.all()) == [customer]
    assert CustomerGroup.objects.get().name == "Club"
    assert "buyer@example.com" in owner.get(address).content.decode()
    assert "No customer has this address" in owner.post(address, {"name": "Club", "put_in": "nobody"}).content.decode()
    owner.post(address, {"name": "Club", "take_out": "buyer@example.com"})
    assert not group.members.exists()


@pytest.mark.parametrize("code", ["members", "No Code", ""])
def test_a_group_without_a_code_of_its_own_is_refused(owner: Client, shop: Shop, code: str) -> None:
    CustomerGroup.objects.create(code="members", name="Members")
    assert owner.post(f"{GROUPS}new/", {"name": "Others", "code": code}).status_code == 200
    assert CustomerGroup.objects.count() == 1


def test_a_channel_keeps_its_code(owner: Client, shop: Shop) -> None:
    owner.post(f"{CHANNELS}new/", {"name": "App", "code": "app", "is_open": "on"})
    channel = Channel.objects.get()
    owner.post(f"{CHANNELS}edit/{channel.pk}/", {"name": "The app", "code": "other"})
    channel.refresh_from_db()
    assert (channel.name, channel.code, channel.is_open) == ("The app", "app", False)


@pytest.mark.parametrize("address", [LISTS, GROUPS, CHANNELS])
def test_lists_groups_and_channels_are_for_those_who_may(staff: Browser, shop: Shop, address: str) -> None:
    assert staff("change_price").get(address).status_code == 302
    looker = staff("view_pricelist", "view_customergroup", "view_channel")
    assert looker.get(address).status_code == 200
    assert looker.get(f"{address}new/").status_code == 302


def test_nothing_is_deleted_not_even_by_the_administrator(admin_client: Client, owner: Client, shop: Shop) -> None:
    for browser in (admin_client, owner):
        assert browser.post(f"{LISTS}delete/{shop.prices.pk}/").status_code == 302
    assert PriceList.objects.exists()
