"""The list of products shows what merchandisers look for, and costs the same however many rows it has."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from taggit.models import Tag
from wagtail.models import Locale

from cms.catalogue.models import Collection, CollectionItem, Product, ProductContent, ProductImage, Variant, Vendor
from commerce.inventory.models import StockPolicy
from tests.cms.editing import edit_product, product_url
from tests.factories import ProductContentFactory, Shop, picture
from tests.factories.stock import bundle_of, never_runs_out

pytestmark = pytest.mark.django_db

MOST_QUERIES = 45
"""For the whole page, whoever looks at it: of these about 20 are Wagtail's own for the frame around the list."""


def _name(shop: Shop, variant: Variant, title: str, **fields: Any) -> Variant:
    contents = ProductContent.objects.filter(product=variant.product_id)
    contents.update(title=title, slug=title.lower().replace(" ", "-"), **fields)
    return variant


def _titles(browser: Client, **query: Any) -> list[str]:
    answer = browser.get(product_url("list"), query)
    assert answer.status_code == 200
    return [content.title for content in answer.context["object_list"]]


def _facts(browser: Client, title: str, **query: Any) -> Any:
    rows = browser.get(product_url("list"), query).context["table"].data
    return next(content.facts for content in rows if content.title == title)


def test_a_row_tells_what_it_is_where_it_is_what_it_costs_and_how_many_there_are(editor: Client, shop: Shop) -> None:
    lamp = _name(shop, shop.sell(price=2999, stock=7, options={"Size": "L"}), "Lamp")
    shop.sell(price=1999, stock=2, product=lamp.product, options={"Size": "S"})
    shop.place(lamp.product, shop.category("Lamps"))
    Product.objects.filter(pk=lamp.product_id).update(vendor=Vendor.objects.create(name="Kilnside", slug="kilnside"))
    facts = _facts(editor, "Lamp")
    assert (facts.kind, facts.categories, facts.price_from, facts.stock) == ("Variable", "Lamps", "from 19.99 EUR", "9")
    listed = editor.get(product_url("list")).content.decode()
    for shown in ("Lamps", "from 19.99 EUR", "Kilnside", "Live"):
        assert shown in listed


def test_what_keeps_no_stock_of_its_own_says_so(editor: Client, shop: Shop) -> None:
    part = _name(shop, shop.sell(stock=9), "Part")
    _name(shop, bundle_of(shop, (part, 4)), "Set")
    _name(shop, never_runs_out(shop), "Manual")
    _name(shop, shop.sell(stock=0), "Gone")
    stock = {title: _facts(editor, title).stock for title in ("Part", "Set", "Manual", "Gone")}
    assert stock == {"Part": "9", "Set": "Made of parts: 2", "Manual": "Endless", "Gone": "Sold out"}
    assert _titles(editor, stock="in") == ["Manual", "Part", "Set"]
    assert _titles(editor, stock="out") == ["Gone"]
    StockPolicy.objects.create(variant=part, low_stock_threshold=10)
    assert _titles(editor, stock="low") == ["Part"]


def test_each_filter_finds_its_own(editor: Client, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    bulbs = shop.category("Bulbs", parent=lamps)
    lamp, bulb = _name(shop, shop.sell(), "Lamp"), _name(shop, shop.sell(), "Bulb")
    shop.sell(product=lamp.product)
    shop.place(bulb.product, bulbs)
    Product.objects.filter(pk=bulb.product_id).update(
        is_featured=True, vendor=Vendor.objects.create(name="Kilnside", slug="kilnside")
    )
    bulb.product.tags.add("spring")
    winter = Collection.objects.create(name="Winter", slug="winter")
    CollectionItem.objects.create(collection=winter, product=bulb.product)
    for query in (
        {"kind": "simple"},
        {"category": lamps.translation_key},
        {"vendor": Vendor.objects.get().pk},
        {"collection": winter.pk},
        {"tag": Tag.objects.get().pk},
        {"featured": "yes"},
        {"q": bulb.sku},
        {"q": "ulb"},
    ):
        assert _titles(editor, **query) == ["Bulb"], query
    for query in ({"kind": "variable"}, {"featured": "no"}, {"q": lamp.sku.lower()}):
        assert _titles(editor, **query) == ["Lamp"], query
    Variant.objects.filter(pk=lamp.pk).update(barcode="4006381333931")
    assert _titles(editor, q="4006381333931") == ["Lamp"]


def test_archived_products_are_hidden_unless_asked_for(editor: Client, shop: Shop) -> None:
    old = _name(shop, shop.sell(), "Old")
    _name(shop, shop.sell(), "New")
    Product.objects.filter(pk=old.product_id).update(archived_at=timezone.now())
    assert _titles(editor) == ["New"]
    assert _titles(editor, status="archived") == ["Old"]
    assert _facts(editor, "Old", status="archived").state.label == "Archived"


def test_the_status_says_how_far_the_words_are(editor: Client, shop: Shop) -> None:
    titles = ("Live", "Changed", "Draft", "Scheduled", "Expired")
    contents = {title: shop.content(_name(shop, shop.sell(live=title != "Draft"), title)) for title in titles}
    edit_product(editor, contents["Changed"], title="Changed", slug="changed")
    day = timezone.now() + timedelta(days=1)
    edit_product(editor, contents["Scheduled"], publish=True, title="Scheduled", slug="scheduled", go_live_at=day)
    ProductContent.objects.filter(pk=contents["Expired"].pk).update(live=False, expired=True)
    labels = {title: _facts(editor, title).state.label for title in titles}
    assert labels == {
        "Live": "Live",
        "Changed": "Live with draft",
        "Draft": "Draft",
        "Scheduled": "Live, change scheduled",
        "Expired": "Expired",
    }
    for status, found in (
        ("live", ["Changed", "Live", "Scheduled"]),
        ("changed", ["Changed", "Scheduled"]),
        ("draft", ["Draft"]),
        ("scheduled", ["Scheduled"]),
        ("expired", ["Expired"]),
        ("moderation", []),
        ("failed", []),
    ):
        assert _titles(editor, status=status) == found, status


def test_sorted_by_price_and_by_stock_with_what_has_none_last(editor: Client, shop: Shop) -> None:
    _name(shop, shop.sell(price=2000, stock=1), "Dear")
    _name(shop, shop.sell(price=1000, stock=5), "Cheap")
    _name(shop, shop.sell(price=None, stock=0), "Neither")
    assert _titles(editor, ordering="price") == ["Cheap", "Dear", "Neither"]
    assert _titles(editor, ordering="-price") == ["Dear", "Cheap", "Neither"]
    assert _titles(editor, ordering="stock") == ["Dear", "Cheap", "Neither"]
    assert _titles(editor, ordering="-stock") == ["Cheap", "Dear", "Neither"]
    assert _titles(editor, ordering="nonsense") == ["Cheap", "Dear", "Neither"]


def test_a_product_is_listed_once_whatever_its_languages_and_found_by_each(editor: Client, shop: Shop) -> None:
    lamp = _name(shop, shop.sell(), "Lamp")
    german = Locale.objects.create(language_code="de")
    own = shop.content(lamp)
    ProductContentFactory.create(
        product=lamp.product, locale=german, title="Leuchte", translation_key=own.translation_key
    )
    assert _titles(editor) == ["Lamp"]
    assert _titles(editor, q="Leuchte") == ["Lamp"]
    assert _titles(editor, locale="de") == ["Leuchte"]


def test_the_files_hold_what_the_columns_show(editor: Client, shop: Shop) -> None:
    _name(shop, shop.sell(price=1999, stock=7), "Lamp")
    ProductContent.objects.filter(title="Lamp").update(title="=Lamp()")
    answer = editor.get(product_url("list"), {"export": "csv"})
    heading, row = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert heading == "Title,Slug,Type,Categories,Price from,Currency,Stock,Status,Brand,Vendor"
    assert row == "'=Lamp(),lamp,Simple,,19.99,EUR,7,Live,,"
    answer = editor.get(product_url("list"), {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert [cell.value for cell in sheet[2]][:7] == ["=Lamp()", "lamp", "Simple", None, "19.99", "EUR", "7"]
    assert sheet["A2"].data_type == "s"


def test_fifty_rows_cost_as_many_queries_as_three(admin: Client, shop: Shop) -> None:
    Locale.objects.create(language_code="de")
    seen, lamps = picture(), shop.category("Lamps")

    def sell(many: int) -> None:
        for _ in range(many):
            variant = shop.sell(options={"Size": "S"})
            shop.sell(product=variant.product, options={"Size": "L"})
            shop.place(variant.product, lamps)
            ProductImage.objects.create(content=shop.content(variant), image=seen, alt_text="Seen")

    def queries(**query: Any) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert admin.get(product_url("list"), query).status_code == 200
        return len(caught)

    sell(3)
    queries()
    few = {ordering: queries(ordering=ordering) for ordering in ("title", "price", "stock")}
    sell(47)
    many = {ordering: queries(ordering=ordering) for ordering in ("title", "price", "stock")}
    assert many == few
    assert max(many.values()) <= MOST_QUERIES
