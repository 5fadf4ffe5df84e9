"""The stock screens: what staff type there ends in the ledger, and what is refused says why."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.catalogue.models import ProductContent, Variant
from commerce.inventory.models import Location, StockCount, StockLevel, StockMovement, StockPolicy
from commerce.inventory.policies import set_policy
from commerce.inventory.reservations import Holder, reserve
from tests.factories import LocationFactory, ProductFactory, Shop
from tests.factories.stock import allow_backorders, bundle_of

pytestmark = pytest.mark.django_db


def _page(variant: Variant) -> str:
    return reverse("desk_stock_variant", args=[variant.pk])


def _policy(browser: Client, variant: Variant, **changes: Any) -> Any:
    """Opens the page, changes what is given, and sends all that the form said."""
    form = browser.get(_page(variant)).context["policy"]
    said = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in (said | changes).items() if value is not None and value is not False}
    return browser.post(_page(variant), data | {"action": "policy"})


def _promise(variant: Variant, quantity: int) -> None:
    now = timezone.now()
    reserve(
        lines={variant.pk: quantity}, holder=Holder("checkout", uuid.uuid4()), until=now + timedelta(hours=1), at=now
    )


def test_a_correction_at_the_variants_page_is_written_into_the_ledger(editor: Client, shop: Shop) -> None:
    variant = shop.sell(stock=10)
    sent = {"action": "adjust", "location": shop.warehouse.pk, "kind": "damage", "change": "-3", "reason": "Broken"}
    assert editor.post(_page(variant), sent).status_code == 302
    movement = StockMovement.objects.get(kind="damage")
    assert (movement.quantity, movement.reason, movement.actor) == (-3, "Broken", "Merchandiser")
    assert shop.level(variant).on_hand == 7
    assert "Broken" in editor.get(_page(variant)).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"change": "-9"}, "4 can be taken away"),
        ({"change": "0"}, "changes nothing"),
        ({"change": "many"}, "whole number"),
        ({"change": "9" * 30}, "less than or equal"),
        ({"kind": "damage", "change": "2"}, "with a minus"),
        ({"kind": "purchase", "change": "-2"}, "without a minus"),
        ({"reason": ""}, "required"),
        ({"location": "99999"}, "valid choice"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_with_words(
    editor: Client, shop: Shop, changes: dict[str, str], words: str
) -> None:
    variant = shop.sell(stock=10)
    _promise(variant, 6)
    sent = {"action": "adjust", "location": shop.warehouse.pk, "kind": "adjustment", "change": "-1", "reason": "x"}
    answer = editor.post(_page(variant), sent | changes)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert shop.level(variant).on_hand == 10


def test_how_a_variant_is_stocked_is_saved_as_a_whole(editor: Client, shop: Shop) -> None:
    variant, far = shop.sell(stock=1), LocationFactory.create(name="Far", priority=9)
    answer = _policy(editor, variant, low_stock_threshold=4, expected_on="2031-05-01", **{f"limit_{far.pk}": 12})
    assert answer.status_code == 302
    policy = StockPolicy.objects.get(variant=variant)
    assert (policy.is_tracked, policy.low_stock_threshold, str(policy.expected_on)) == (True, 4, "2031-05-01")
    assert dict(StockLevel.objects.values_list("location__name", "backorder_limit")) == {"Warehouse": 0, "Far": 12}
    shown = editor.get(_page(variant)).content.decode()
    assert "Few left" in shown
    assert _policy(editor, variant, is_tracked=False).status_code == 302
    assert "no limit" in editor.get(_page(variant)).content.decode()


def test_a_save_that_would_undo_a_colleagues_is_refused(editor: Client, shop: Shop, at: datetime) -> None:
    variant = shop.sell()
    shown = editor.get(_page(variant)).context["policy"]["shown"].value()
    set_policy(variant=variant, low_stock_threshold=9, at=at)
    answer = _policy(editor, variant, shown=shown, low_stock_threshold=1)
    assert "Somebody has changed this" in answer.content.decode()
    assert StockPolicy.objects.get().low_stock_threshold == 9


def test_a_limit_below_what_is_sold_ahead_is_refused_and_nothing_is_saved(editor: Client, shop: Shop) -> None:
    variant = shop.sell(stock=0)
    allow_backorders(shop, variant, 5)
    _promise(variant, 3)
    answer = _policy(editor, variant, low_stock_threshold=7, **{f"limit_{shop.warehouse.pk}": 2})
    assert "At least 3 are sold ahead" in answer.content.decode()
    assert shop.level(variant).backorder_limit == 5
    assert not StockPolicy.objects.exists()


def test_a_bundle_shows_and_takes_its_parts(editor: Client, shop: Shop) -> None:
    cup, saucer = shop.sell(sku="CUP 1"), shop.sell(sku="SAUCER")
    bundle = bundle_of(shop)
    assert "Nothing is in it yet" in editor.get(_page(bundle)).content.decode()
    sent = {"action": "parts", "parts": "CUP 1   2\r\nSAUCER;1"}
    assert editor.post(_page(bundle), sent).status_code == 302
    assert dict(bundle.bundle_parts.values_list("part", "quantity")) == {cup.pk: 2, saucer.pk: 1}
    answer = editor.post(_page(bundle), {"action": "parts", "parts": f"{bundle.sku} 1"})
    assert "cannot be a part of itself" in answer.content.decode()
    assert editor.post(_page(bundle), {"action": "adjust", "change": "3"}).status_code == 200
    assert not StockLevel.objects.filter(variant=bundle).exists()
    assert bundle.sku in editor.get(_page(cup)).content.decode()


def test_a_bundle_names_the_products_in_it_and_takes_no_gift_cards_and_no_slips(editor: Client, shop: Shop) -> None:
    cup, bundle = shop.sell(sku="CUP"), bundle_of(shop)
    card = shop.sell(sku="CARD", stock=0, product=ProductFactory.create(kind="gift_card"))
    ProductContent.objects.filter(product=cup.product_id).update(title="Morning mug")
    for parts, words in [(f"{card.sku} 1", "no gift cards: CARD"), ("CUP 1000000", "At most 1000 of each")]:
        assert words in editor.post(_page(bundle), {"action": "parts", "parts": parts}).content.decode()
    assert not bundle.bundle_parts.exists()
    page = editor.post(_page(bundle), {"action": "parts", "parts": "CUP 1000"}, follow=True)
    assert "Morning mug" in page.content.decode()


def test_a_correction_that_is_sent_twice_is_made_once(editor: Client, shop: Shop) -> None:
    variant = shop.sell(stock=10)
    token = editor.get(_page(variant)).context["adjust"]["token"].value()
    sent = {
        "action": "adjust", "location": shop.warehouse.pk, "kind": "damage", "change": "-3", "reason": "Broken",
        "token": token,
    }  # fmt: skip
    for _ in range(2):
        assert "There are now 7" in editor.post(_page(variant), sent, follow=True).content.decode()
    assert "sent before" in editor.post(_page(variant), sent | {"change": "-2"}).content.decode()
    assert shop.level(variant).on_hand == 7


def test_a_delivery_that_is_sent_twice_comes_once(editor: Client, shop: Shop) -> None:
    variant, page = shop.sell(stock=0, sku="MOSS-1"), reverse("desk_stock_receive")
    sent = {"location": shop.warehouse.pk, "reference": "DN-7", "goods": "MOSS-1 5"}
    first = sent | {"token": editor.get(page).context["form"]["token"].value()}
    for _ in range(2):
        assert "5 units of 1 SKU received" in editor.post(page, first, follow=True).content.decode()
    assert shop.level(variant).on_hand == 5


def test_a_delivery_note_that_was_received_is_taken_again_when_somebody_says_so(editor: Client, shop: Shop) -> None:
    variant, page = shop.sell(stock=0, sku="MOSS-1"), reverse("desk_stock_receive")
    far = LocationFactory.create(name="Far", priority=9)
    sent = {"location": shop.warehouse.pk, "reference": "DN-7", "goods": "MOSS-1 5"}
    assert editor.post(page, sent).status_code == 302
    assert "received here under this reference before" in editor.post(page, sent).content.decode()
    for written in (" DN-7", "dn-7 "):
        assert (
            "received here under this reference before"
            in editor.post(page, sent | {"reference": written}).content.decode()
        )
    assert shop.level(variant).on_hand == 5
    assert editor.post(page, sent | {"location": far.pk}).status_code == 302
    assert editor.post(page, sent | {"although_received": "on"}).status_code == 302
    assert StockLevel.objects.get(variant=variant, location=shop.warehouse).on_hand == 10


@pytest.mark.parametrize(
    "goods",
    [
        "SKU\tQuantity\nMOSS-1\t5\nASH 2\t7\nMOSS-1\t1",
        "MOSS-1 6\n\nASH 2   7",
        'MOSS-1;6\r\n"ASH 2";7',
        "MOSS-1, 6\nASH 2,7",
        "moss-1 4\nMoss-1 2\nash 2 7",
    ],
)
def test_goods_are_received_as_they_are_pasted(editor: Client, shop: Shop, goods: str) -> None:
    moss, ash = shop.sell(stock=1, sku="MOSS-1"), shop.sell(stock=0, sku="ASH 2")
    sent = {"location": shop.warehouse.pk, "reference": "DN-7", "goods": goods}
    answer = editor.post(reverse("desk_stock_receive"), sent, follow=True)
    assert "13 units of 2 SKUs received" in answer.content.decode()
    assert (shop.level(moss).on_hand, shop.level(ash).on_hand) == (7, 7)
    assert set(StockMovement.objects.filter(reference="DN-7").values_list("kind", flat=True)) == {"purchase"}


@pytest.mark.parametrize(
    ("goods", "words"),
    [
        ("MOSS-1 5\nELM 3", "Line 2: there is no SKU"),
        ("OAK 1\noak 1\nOak 1", "Line 3: there is no SKU"),
        ("MOSS-1 5\nMOSS-1 -3", "Line 2: the quantity cannot be read; write how many of MOSS-1"),
        ("MOSS-1 5\nASH 2 1.5", "Line 2: the quantity cannot be read; write how many of ASH 2"),
        ("MOSS-1 5\nMOSS-1\u00a0x", "Line 2: the quantity cannot be read"),
        ("MOSS-1 1,5", "Line 1: the quantity cannot be read"),
        ("moss-1 -3\nMOSS-1 5", "Line 1: the quantity cannot be read"),
        ("MOSS-1 five of them", "Line 1: there is no SKU “MOSS-1 five of them”"),
        ("MOSS-1 5\nMOSS-1", "Line 2: write how many"),
        ("MOSS-1 0", "Line 1: write how many"),
        ("MOSS-1 99999999999999999999", "Line 1: write how many"),
        ("MOSS-1 ²", "Line 1"),
        ("", "required"),
        ("SET 1", "made of other variants"),
        ("MOSS-1 1\n" * 2001, "At most 2000"),
    ],
)
def test_what_cannot_be_received_is_named_by_its_line(editor: Client, shop: Shop, goods: str, words: str) -> None:
    variant = shop.sell(stock=1, sku="MOSS-1")
    bundle_of(shop, (variant, 1), sku="SET")
    shop.sell(sku="OAK"), shop.sell(sku="oak"), shop.sell(sku="ASH 2")
    answer = editor.post(reverse("desk_stock_receive"), {"location": shop.warehouse.pk, "goods": goods})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert shop.level(variant).on_hand == 1


def test_goods_go_from_one_location_to_another(editor: Client, shop: Shop) -> None:
    variant, far = shop.sell(stock=5, sku="MOSS-1"), LocationFactory.create(name="Far", priority=9)
    _promise(variant, 2)
    sent = {"source": shop.warehouse.pk, "target": far.pk, "goods": "MOSS-1 4"}
    refused = editor.post(reverse("desk_stock_transfer"), sent)
    assert "MOSS-1: 4 wanted, 3 can go" in refused.content.decode()
    same = editor.post(reverse("desk_stock_transfer"), sent | {"target": shop.warehouse.pk})
    assert "Choose another location" in same.content.decode()
    editor.post(reverse("desk_stock_transfer"), sent | {"goods": "MOSS-1 3"})
    assert dict(StockLevel.objects.values_list("location__name", "on_hand")) == {"Warehouse": 2, "Far": 3}


def test_a_sheet_is_counted_saved_and_posted(editor: Client, shop: Shop) -> None:
    lamp, vase = shop.sell(stock=4, sku="LAMP"), shop.sell(stock=9, sku="VASE")
    shop.sell(stock=1, sku="OTHER")
    editor.post(reverse("desk_stock_counts"), {"location": shop.warehouse.pk})
    count = StockCount.objects.get()
    sheet = reverse("desk_stock_count", args=[count.pk])
    assert {"LAMP", "VASE", "OTHER"} == {line.variant.sku for line in editor.get(sheet).context["lines"]}
    typed = {f"counted-{lamp.pk}": "3", f"counted-{vase.pk}": " 9 "}
    editor.post(sheet, typed | {"action": "save"})
    assert shop.level(lamp).on_hand == 4
    assert '<span class="is-less">-1</span>' in editor.get(sheet).content.decode()
    editor.post(sheet, {"action": "post"})
    assert (shop.level(lamp).on_hand, shop.level(vase).on_hand) == (3, 9)
    count.refresh_from_db()
    assert count.status == "posted"
    closed = editor.post(sheet, {"action": "post"})
    assert "was posted or discarded" in closed.content.decode()
    assert "posted" in editor.get(reverse("desk_stock_counts")).content.decode().lower()


def test_what_has_moved_is_shown_and_posted_when_it_is_confirmed(editor: Client, shop: Shop) -> None:
    lamp, vase = shop.sell(stock=4, sku="LAMP"), shop.sell(stock=9, sku="VASE")
    editor.post(reverse("desk_stock_counts"), {"location": shop.warehouse.pk})
    sheet = reverse("desk_stock_count", args=[StockCount.objects.get().pk])
    adjusting = {"action": "adjust", "location": shop.warehouse.pk, "kind": "purchase", "change": "2", "reason": "New"}
    editor.post(_page(lamp), adjusting)
    answer = editor.post(sheet, {"action": "post", f"counted-{lamp.pk}": "5", f"counted-{vase.pk}": "8"})
    assert [line.variant.sku for line in answer.context["lines"]] == ["LAMP"]
    for sheet_seen in (answer, editor.get(sheet)):
        row = next(line for line in sheet_seen.context["lines"] if line.variant.sku == "LAMP")
        assert (row.expected, row.now, row.difference) == (4, 6, -1)
        assert "There now" in sheet_seen.content.decode()
    assert (shop.level(lamp).on_hand, shop.level(vase).on_hand) == (6, 9)
    editor.post(sheet, {"action": "post", f"counted-{lamp.pk}": "5", "confirmed": [str(lamp.pk), "nonsense"]})
    assert (shop.level(lamp).on_hand, shop.level(vase).on_hand) == (5, 8)
    assert [line.difference for line in editor.get(sheet).context["lines"]] == [-1, -1]


@pytest.mark.parametrize("typed", ["-1", "many", "1e3", "²", "9" * 30])
def test_what_is_no_number_is_told_and_the_rest_is_kept(editor: Client, shop: Shop, typed: str) -> None:
    lamp, vase = shop.sell(stock=4), shop.sell(stock=9)
    editor.post(reverse("desk_stock_counts"), {"location": shop.warehouse.pk})
    count = StockCount.objects.get()
    sheet = reverse("desk_stock_count", args=[count.pk])
    answer = editor.post(
        sheet, {"action": "post", f"counted-{lamp.pk}": typed, f"counted-{vase.pk}": "8", "counted-x": "1"}
    )
    assert "Write whole numbers" in answer.content.decode()
    assert {line.variant_id: line.written for line in answer.context["lines"]} == {lamp.pk: typed, vase.pk: 8}
    assert f'value="{typed}"' in answer.content.decode()
    assert dict(count.lines.values_list("variant", "counted")) == {lamp.pk: None, vase.pk: 8}
    assert shop.level(vase).on_hand == 9


def test_a_sheet_of_nothing_is_not_made_and_one_can_be_discarded(editor: Client, shop: Shop) -> None:
    shop.sell(sku="LAMP-1")
    shop.sell(sku="VASE-1")
    counts = reverse("desk_stock_counts")
    refused = editor.post(counts, {"location": shop.warehouse.pk, "only": "ELM"})
    assert "Nothing of the kind" in refused.content.decode()
    editor.post(counts, {"location": shop.warehouse.pk, "only": "lamp", "note": "Spring"})
    count = StockCount.objects.get()
    assert [line.variant.sku for line in count.lines.select_related("variant")] == ["LAMP-1"]
    editor.post(reverse("desk_stock_count", args=[count.pk]), {"action": "discard"})
    count.refresh_from_db()
    assert count.status == "discarded"


def test_what_is_low_is_listed_the_emptiest_first(editor: Client, shop: Shop, at: datetime) -> None:
    for sku, stock in (("FEW", 3), ("NONE", 0), ("PLENTY", 30)):
        set_policy(variant=shop.sell(sku=sku, stock=stock), low_stock_threshold=5, at=at)
    rows = editor.get(reverse("desk_stock_low")).context["rows"]
    assert [(variant.sku, variant.left) for variant, _ in rows] == [("NONE", 0), ("FEW", 3)]


def test_stock_at_a_date_is_shown_and_downloaded(editor: Client, shop: Shop) -> None:
    lamp = shop.sell(sku="=LAMP", stock=4)
    page = reverse("desk_stock_of_date")
    shown = editor.get(page).content.decode()
    assert "=LAMP" in shown
    assert shop.content(lamp).title in shown
    assert shown.index("date-time-chooser.js") < shown.index("initDateTimeChooser(")
    assert "knows of nothing" in editor.get(page, {"at": "2019-01-01 00:00"}).content.decode()
    answer = editor.get(page, {"export": "csv", "location": shop.warehouse.pk})
    assert answer["Content-Type"].startswith("text/csv")
    header, row = csv.reader(io.StringIO(answer.content.decode()))
    assert header[:3] == ["sku", "location", "on hand"]
    assert row[:3] == ["'=LAMP", "Warehouse", "4"]
    assert row[4] == shop.content(lamp).title
    for nonsense in ({"at": "yesterday"}, {"location": "x"}, {"at": "\x00", "export": "csv"}):
        answered = editor.get(page, nonsense)
        assert answered.status_code == 200
        assert "why-error" in answered.content.decode()
        assert "knows of nothing" not in answered.content.decode()
    assert "Write it as 2026-11-21 09:00" in editor.get(page, {"at": "yesterday"}).content.decode()


@pytest.mark.parametrize("state", ["low", "none", "owed", "backorder", "nonsense"])
def test_levels_are_filtered(editor: Client, shop: Shop, at: datetime, state: str) -> None:
    low, none, owed = shop.sell(sku="LOW", stock=2), shop.sell(sku="NONE", stock=0), shop.sell(sku="OWED", stock=0)
    set_policy(variant=low, low_stock_threshold=2, at=at)
    shop.sell(sku="PLENTY")
    StockLevel.objects.create(variant=none, location=shop.warehouse)
    allow_backorders(shop, owed, 5)
    StockLevel.objects.filter(variant=owed).update(on_hand=-1)
    found = editor.get(reverse("stock-levels:index"), {"state": state}).context["object_list"]
    expected = {
        "low": {"LOW"},
        "none": {"NONE", "OWED"},
        "owed": {"OWED"},
        "backorder": {"OWED"},
        "nonsense": {"LOW", "NONE", "OWED", "PLENTY"},
    }
    assert {level.variant.sku for level in found} == expected[state]


def test_levels_are_found_by_title_and_location(editor: Client, shop: Shop) -> None:
    variant, far = shop.sell(sku="A-1"), LocationFactory.create()
    shop.stock(shop.sell(sku="B-1", stock=0), 1, location=far)
    levels = reverse("stock-levels:index")
    title = shop.content(variant).title
    assert [each.variant.sku for each in editor.get(levels, {"q": title}).context["object_list"]] == ["A-1"]
    assert [each.variant.sku for each in editor.get(levels, {"location": far.pk}).context["object_list"]] == ["B-1"]
    assert editor.get(levels, {"q": "\x00"}).status_code == 200


def test_locations_are_opened_and_renamed_and_never_deleted(editor: Client, shop: Shop) -> None:
    editor.post(reverse("stock-locations:add"), {"name": "Shelf", "code": "shelf", "priority": "3"})
    shelf = Location.objects.get(code="shelf")
    editor.post(reverse("stock-locations:edit", args=[shelf.pk]), {"name": "Shelves", "code": "shelf", "priority": "2"})
    shelf.refresh_from_db()
    assert (shelf.name, shelf.priority) == ("Shelves", 2)
    editor.post(reverse("stock-locations:delete", args=[shelf.pk]))
    assert Location.objects.filter(pk=shelf.pk).exists()


PAGES = ["desk_stock_receive", "desk_stock_transfer", "desk_stock_counts", "desk_stock_low", "desk_stock_of_date"]


def test_nobody_without_the_right_looks_or_changes(writer: Client, client: Client, shop: Shop) -> None:
    variant = shop.sell(stock=5)
    count = StockCount.objects.create(location=shop.warehouse, started_at=timezone.now(), started_by="x")
    addresses = [_page(variant), reverse("desk_stock_count", args=[count.pk]), *map(reverse, PAGES)]
    for browser in (writer, client):
        for address in addresses:
            for ask in (browser.get, browser.post):
                assert ask(address).status_code in {302, 403}, address
    assert shop.level(variant).on_hand == 5


def test_who_may_only_look_changes_nothing(reader: Client, shop: Shop) -> None:
    variant = shop.sell(stock=5)
    shown = reader.get(_page(variant))
    assert shown.status_code == 200
    assert "Correct what is there" not in shown.content.decode()
    for page in ("desk_stock_counts", "desk_stock_low", "desk_stock_of_date"):
        assert reader.get(reverse(page)).status_code == 200
    sent = {"action": "adjust", "location": shop.warehouse.pk, "kind": "adjustment", "change": "-1", "reason": "x"}
    assert reader.post(_page(variant), sent).status_code in {302, 403}
    for page in ("desk_stock_receive", "desk_stock_transfer"):
        assert reader.get(reverse(page)).status_code in {302, 403}
    assert shop.level(variant).on_hand == 5
