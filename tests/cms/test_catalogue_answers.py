"""The catalogue as shoppers get it: what is listed, in which order, at which price and how much is left."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from wagtail.models import Locale

from cms.catalogue.models import CategoryPage, Option, OptionValue, Product, ProductContent, ProductImage, Variant
from cms.images.rendering import render_due
from commerce.kit import clock
from commerce.kit.clock import now
from tests.factories import LocationFactory, ProductContentFactory, Shop, picture

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The shop's clock stands at noon."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return NOON


def _call(shop: Shop, variant: Variant, title: str, **fields: Any) -> str:
    """Give the variant's product a name, and say its slug."""
    slug = title.lower().replace(" ", "-")
    ProductContent.objects.filter(product=variant.product_id).update(title=title, slug=slug, **fields)
    return slug


def _slugs(api: APIClient, **query: Any) -> list[str]:
    return [card["slug"] for card in api.get("/api/v1/products/", query).json()["results"]]


def _detail(api: APIClient, shop: Shop, variant: Variant, **headers: str) -> Any:
    return api.get(f"/api/v1/products/{shop.content(variant).slug}/", headers=headers)


def _window(product: Product, **window: datetime) -> None:
    Product.objects.filter(pk=product.pk).update(**window)


def test_a_product_in_two_categories_of_a_branch_counts_once_there(api: APIClient, shop: Shop) -> None:
    lamps, _ = shop.category("Lamps"), shop.category("Desks")
    bulbs, shades = shop.category("Bulbs", parent=lamps), shop.category("Shades", parent=lamps)
    both, one = shop.sell().product, shop.sell().product
    for category in (bulbs, shades):
        shop.place(both, category)
    shop.place(one, shades)
    tree = api.get("/api/v1/categories/").json()
    assert [(node["slug"], node["product_count"]) for node in tree] == [("lamps", 2), ("desks", 0)]
    below = [(node["slug"], node["product_count"]) for node in tree[0]["children"]]
    assert below == [("bulbs", 1), ("shades", 2)]


def test_only_what_is_listed_is_counted(api: APIClient, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    for variant in (shop.sell(), shop.sell(live=False), shop.sell(price=None), shop.sell(is_active=False)):
        shop.place(variant.product, lamps)
    assert api.get("/api/v1/categories/").json()[0]["product_count"] == 1
    assert api.get("/api/v1/categories/lamps/").json()["product_count"] == 1


def test_a_category_tells_where_it_is_and_what_is_below(api: APIClient, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    bulbs = shop.category("Bulbs", parent=lamps)
    shop.category("Candles", parent=bulbs)
    bulbs.introduction, bulbs.image = "<p>They <b>shine</b>.</p>", picture("Bulb")
    bulbs.save()
    shown = api.get("/api/v1/categories/bulbs/").json()
    assert shown["breadcrumbs"] == [{"slug": "lamps", "title": "Lamps", "path": "/c/lamps"}]
    assert [child["slug"] for child in shown["children"]] == ["candles"]
    assert "<b>shine</b>" in shown["introduction"]
    assert shown["image"]["alt"] == "Bulbs"
    assert shown["seo"] == {"title": "Bulbs", "description": ""}


def test_a_category_lists_in_its_own_order_with_what_is_below_it(api: APIClient, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    bulbs = shop.category("Bulbs", parent=lamps)
    wanted = ["zeal", "ash", "moss"]
    for position, (title, category) in enumerate(zip(("Zeal", "Ash", "Moss"), (lamps, bulbs, lamps), strict=True)):
        variant = shop.sell()
        _call(shop, variant, title)
        shop.place(variant.product, category, position=position)
    shop.sell()
    assert _slugs(api, category="lamps") == wanted
    assert _slugs(api, category="bulbs") == ["ash"]


def test_a_product_placed_twice_is_listed_once_at_its_first_place(api: APIClient, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    bulbs = shop.category("Bulbs", parent=lamps)
    twice, once = shop.sell(), shop.sell()
    _call(shop, twice, "Twice")
    _call(shop, once, "Once")
    shop.place(twice.product, lamps, position=9)
    shop.place(twice.product, bulbs, position=1)
    shop.place(once.product, lamps, position=5)
    answer = api.get("/api/v1/products/", {"category": "lamps"}).json()
    assert (answer["count"], [card["slug"] for card in answer["results"]]) == (2, ["twice", "once"])


def test_without_a_category_by_title(api: APIClient, shop: Shop) -> None:
    for title in ("Moss", "Ash", "Zeal"):
        _call(shop, shop.sell(), title)
    assert _slugs(api) == ["ash", "moss", "zeal"]


def test_by_ids_in_the_order_given_and_without_those_that_are_not_sold(api: APIClient, shop: Shop) -> None:
    one, two, hidden = shop.sell(), shop.sell(), shop.sell(live=False)
    _call(shop, one, "One")
    _call(shop, two, "Two")
    ids = [two.product_id, hidden.product_id, uuid.uuid4(), one.product_id]
    assert _slugs(api, ids=",".join(map(str, ids))) == ["two", "one"]


def test_ids_that_are_none_are_refused(api: APIClient, shop: Shop) -> None:
    answer = api.get("/api/v1/products/", {"ids": "moss"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_pages_follow_one_another_without_gap_or_repeat(api: APIClient, shop: Shop) -> None:
    for number in range(5):
        _call(shop, shop.sell(), f"Lamp {number}")
    seen, address = [], "/api/v1/products/?page_size=2"
    while address:
        page = api.get(address).json()
        assert page["count"] == 5
        seen += [card["slug"] for card in page["results"]]
        address = page["next"]
    assert seen == [f"lamp-{number}" for number in range(5)]


def test_what_cannot_be_bought_is_not_listed(api: APIClient, shop: Shop, noon: datetime) -> None:
    _call(shop, shop.sell(), "Sold here")
    _call(shop, shop.sell(stock=0), "Sold out")
    hidden = {
        "Draft": shop.sell(live=False),
        "Inactive": shop.sell(is_active=False),
        "Without a price": shop.sell(price=None),
        "Not yet": shop.sell(),
        "No more": shop.sell(),
        "Ends now": shop.sell(),
    }
    _window(hidden["Not yet"].product, available_from=noon + timedelta(seconds=1))
    _window(hidden["No more"].product, available_until=noon - timedelta(days=1))
    _window(hidden["Ends now"].product, available_until=noon)
    slugs = [_call(shop, variant, title) for title, variant in hidden.items()]
    assert _slugs(api) == ["sold-here", "sold-out"]
    for slug in slugs:
        answer = api.get(f"/api/v1/products/{slug}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "product_not_found")


def test_a_product_comes_and_goes_by_itself_at_its_instants(
    api: APIClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = _call(shop, variant := shop.sell(), "Moss")
    _window(variant.product, available_from=NOON, available_until=NOON + timedelta(hours=1))
    for offset, seen in {-1: [], 0: [slug], 3599: [slug], 3600: []}.items():
        monkeypatch.setattr(clock, "now", lambda offset=offset: NOON + timedelta(seconds=offset))
        assert _slugs(api) == seen


def test_a_sale_shows_both_prices_and_ends_by_itself(
    api: APIClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    variant = shop.sell(price=1999)
    shop.price(variant, 1499, kind="sale", valid_from=NOON, valid_until=NOON + timedelta(hours=1))

    def shown(seconds: int) -> Any:
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(seconds=seconds))
        card, detail = api.get("/api/v1/products/").json()["results"][0], _detail(api, shop, variant).json()
        assert card["price"] == detail["price"] == detail["variants"][0]["price"]
        return card["price"]

    on_sale = shown(0)
    assert on_sale["current"] == {"amount": "14.99", "minor": 1499, "currency": "EUR"}
    assert on_sale["regular"]["minor"] == 1999
    assert on_sale["on_sale"]
    assert datetime.fromisoformat(on_sale["sale_ends_at"]) == NOON + timedelta(hours=1)
    assert shown(3599) == on_sale
    for seconds in (-1, 3600):
        regular = shown(seconds)
        assert (regular["current"]["minor"], regular["on_sale"], regular["sale_ends_at"]) == (1999, False, None)


def test_the_lowest_price_is_shown_and_said_to_be_one_of_several(api: APIClient, shop: Shop) -> None:
    dear = shop.sell(price=2999, options={"Size": "L"})
    shop.sell(price=1999, product=dear.product, options={"Size": "S"})
    [card] = api.get("/api/v1/products/").json()["results"]
    assert (card["price"]["current"]["minor"], card["price_from"]) == (1999, True)
    assert (card["variant_count"], card["default_variant"]) == (2, None)


def test_variants_at_one_price_are_not_said_to_start_from_it(api: APIClient, shop: Shop) -> None:
    variant = shop.sell(price=1999)
    shop.sell(price=1999, product=variant.product)
    assert not api.get("/api/v1/products/").json()["results"][0]["price_from"]


def test_a_variant_without_a_price_is_not_offered(api: APIClient, shop: Shop) -> None:
    variant = shop.sell(options={"Size": "S"})
    shop.sell(price=None, product=variant.product, options={"Size": "L"})
    [card] = api.get("/api/v1/products/").json()["results"]
    assert (card["variant_count"], card["default_variant"]) == (1, str(variant.pk))
    assert [each["id"] for each in _detail(api, shop, variant).json()["variants"]] == [str(variant.pk)]


@pytest.mark.parametrize(
    ("stock", "state", "told"),
    [(0, "sold_out", None), (1, "low_stock", 1), (5, "low_stock", 5), (6, "in_stock", None)],
)
def test_how_many_are_left_is_told_only_when_few(
    api: APIClient, shop: Shop, stock: int, state: str, told: int | None
) -> None:
    variant = shop.sell(stock=stock)
    detail = _detail(api, shop, variant).json()
    assert (detail["availability"], detail["variants"][0]["availability"]) == (state, state)
    assert detail["variants"][0]["available"] == told
    assert api.get("/api/v1/products/").json()["results"][0]["availability"] == state


def test_stock_of_all_warehouses_counts_and_what_is_promised_does_not(api: APIClient, shop: Shop) -> None:
    variant = shop.sell(stock=4)
    level = shop.stock(variant, 3, location=LocationFactory.create())
    type(level).objects.filter(pk=level.pk).update(reserved=2)
    assert _detail(api, shop, variant).json()["variants"][0]["available"] == 5


def test_a_product_is_sold_out_only_when_all_its_variants_are(api: APIClient, shop: Shop) -> None:
    gone = shop.sell(stock=0)
    left = shop.sell(stock=9, product=gone.product)
    detail = _detail(api, shop, gone).json()
    states = {each["id"]: each["availability"] for each in detail["variants"]}
    assert states == {str(gone.pk): "sold_out", str(left.pk): "in_stock"}
    assert detail["availability"] == "in_stock"


def test_options_are_listed_in_the_order_of_the_variants(api: APIClient, shop: Shop) -> None:
    first = shop.sell(options={"Colour": "Moss", "Size": "S"}, position=1)
    shop.sell(product=first.product, options={"Colour": "Ash", "Size": "S"}, position=3)
    shop.sell(product=first.product, options={"Colour": "Moss", "Size": "L"}, position=2)
    detail = _detail(api, shop, first).json()
    assert detail["options"] == [
        {"name": "Colour", "label": "Colour", "values": [_value("Moss"), _value("Ash")]},
        {"name": "Size", "label": "Size", "values": [_value("S"), _value("L")]},
    ]
    assert [each["name"] for each in detail["variants"]] == ["Moss / S", "Moss / L", "Ash / S"]


def _value(name: str, **more: Any) -> dict[str, Any]:
    return {"value": name, "label": name, "swatch": None, "image": None, **more}


def test_options_speak_the_language_of_the_answer_in_the_order_of_the_vocabulary(api: APIClient, shop: Shop) -> None:
    german = Locale.objects.get_or_create(language_code="de")[0]
    size = Option.objects.create(name="Size", position=1)
    OptionValue.objects.create(option=size, name="S")
    colour = Option.objects.create(name="Colour", words={"de": {"name": "Farbe"}})
    OptionValue.objects.create(option=colour, name="Rust", position=1, image=picture("Rust cloth"))
    OptionValue.objects.create(option=colour, name="Moss", swatch="#7d8b6a", words={"de": {"name": "Moos"}})
    OptionValue.objects.create(option=colour, name="Nobody has this", position=2)
    first = shop.sell(options={"Size": "S", "Colour": "Rust"}, barcode="96385074")
    shop.sell(product=first.product, options={"Size": "S", "Colour": "Moss"}, position=1)
    shop.sell(product=first.product, options={"Size": "XXL", "Colour": "Moss"}, position=2)
    content = shop.content(first)
    type(content).objects.create(product=first.product, locale=german, title="Decke", slug="decke", live=True)
    detail = api.get("/api/v1/products/decke/", {"locale": "de"}, headers={"accept-language": "de"}).json()
    colours, sizes = detail["options"]
    assert (colours["name"], colours["label"]) == ("Colour", "Farbe")
    moss, rust = colours["values"]
    assert moss == _value("Moss", label="Moos", swatch="#7d8b6a")
    assert rust["image"]["alt"] == "Rust"
    assert sizes["values"] == [_value("S"), _value("XXL")]
    assert [each["name"] for each in detail["variants"]] == ["S / Rust", "S / Moos", "XXL / Moos"]
    assert detail["variants"][0]["barcode"] == "96385074"
    assert detail["variants"][1]["options"] == {"Size": "S", "Colour": "Moss"}


def test_a_variant_points_at_its_picture_in_the_gallery(api: APIClient, shop: Shop) -> None:
    front = shop.sell(pictures=2)
    images = [row.image for row in shop.content(front).pictures]
    side = shop.sell(product=front.product, image=images[1])
    elsewhere = shop.sell(product=front.product, image=picture("Elsewhere"))
    shown = {each["id"]: each["image"] for each in _detail(api, shop, front).json()["variants"]}
    assert shown == {str(front.pk): None, str(side.pk): 1, str(elsewhere.pk): None}


def test_pictures_have_whole_addresses_in_several_widths(api: APIClient, shop: Shop) -> None:
    variant = shop.sell()
    content = shop.content(variant)
    ProductImage.objects.create(content=content, image=picture("Wide", size=(1600, 900)), alt_text="A lamp")
    render_due(at=now(), seconds=60)
    [image] = _detail(api, shop, variant).json()["gallery"]
    assert (image["alt"], image["width"], image["height"]) == ("A lamp", 1200, 675)
    candidates = [entry.split(" ") for entry in image["srcset"].split(", ")]
    assert [width for _, width in candidates] == ["400w", "800w", "1200w"]
    assert all(address.startswith(f"{settings.BASE_URL}/media/") for address, _ in candidates)
    assert image["src"] == candidates[-1][0]


def test_categories_and_the_way_to_the_first_of_them(api: APIClient, shop: Shop) -> None:
    bulbs = shop.category("Bulbs", parent=shop.category("Lamps"))
    gifts = shop.category("Gifts")
    variant = shop.sell()
    for category in (bulbs, gifts):
        shop.place(variant.product, category)
    detail = _detail(api, shop, variant).json()
    assert [each["slug"] for each in detail["categories"]] == ["bulbs", "gifts"]
    assert [each["slug"] for each in detail["breadcrumbs"]] == ["lamps", "bulbs"]


@pytest.fixture
def german() -> Locale:
    return Locale.objects.create(language_code="de")


def test_a_product_speaks_the_language_asked_for(api: APIClient, shop: Shop, german: Locale) -> None:
    variant = shop.sell()
    _call(shop, variant, "Moss Lamp")
    ProductContentFactory.create(product=variant.product, locale=german, title="Mooslampe", slug="mooslampe")
    shown = api.get("/api/v1/products/", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}).json()
    assert [card["title"] for card in shown["results"]] == ["Mooslampe"]
    found = api.get("/api/v1/products/mooslampe/", headers={"Accept-Language": "de"})
    assert found.json()["id"] == str(variant.product_id)
    assert _slugs(api) == ["moss-lamp"]


@pytest.mark.parametrize("language", ["fr", "xx", "", "*", "nonsense;;q=,"])
def test_a_language_the_shop_does_not_have_falls_back_to_its_own(api: APIClient, shop: Shop, language: str) -> None:
    slug = _call(shop, shop.sell(), "Moss")
    answer = api.get("/api/v1/products/", headers={"Accept-Language": language})
    assert [card["slug"] for card in answer.json()["results"]] == [slug]


def test_the_categories_of_a_language_count_its_products(api: APIClient, shop: Shop, german: Locale) -> None:
    lamps = shop.category("Lamps")
    variant = shop.sell()
    shop.place(variant.product, lamps)
    ProductContentFactory.create(product=variant.product, locale=german, slug="mooslampe")
    home = shop.home.copy_for_translation(german)
    home.save_revision().publish()
    translated = lamps.copy_for_translation(german)
    translated.title, translated.slug = "Lampen", "lampen"
    translated.save_revision().publish()
    assert CategoryPage.objects.filter(translation_key=lamps.translation_key).count() == 2
    [node] = api.get("/api/v1/categories/", headers={"Accept-Language": "de"}).json()
    assert (node["slug"], node["product_count"]) == ("lampen", 1)
    listed = api.get("/api/v1/products/", {"category": "lampen"}, headers={"Accept-Language": "de"})
    assert [card["slug"] for card in listed.json()["results"]] == ["mooslampe"]


def test_an_unknown_market_is_said_to_be_one(api: APIClient, shop: Shop) -> None:
    for address in ("/api/v1/products/", "/api/v1/categories/", "/api/v1/products/moss/"):
        answer = api.get(address, {"market": "moon"})
        assert answer.status_code in {400, 404, 422}
        assert answer["Content-Type"] == "application/problem+json"


def test_what_hangs_below_an_unpublished_category_goes_with_it(api: APIClient, shop: Shop) -> None:
    lamps, kitchen = shop.category("Lamps"), shop.category("Kitchen")
    shop.category("Pendants", parent=lamps)
    lamps.unpublish()
    assert [node["slug"] for node in api.get("/api/v1/categories/").json()] == [kitchen.slug]
    assert api.get("/api/v1/categories/pendants/").status_code == 404


def test_a_picture_whose_file_is_lost_takes_no_list_with_it(api: APIClient, shop: Shop) -> None:
    content = shop.content(shop.sell(pictures=1))
    image = content.gallery.get().image
    image.file.storage.delete(image.file.name)
    render_due(at=now(), seconds=60)
    assert api.get("/api/v1/products/").json()["results"][0]["image"] is None
    assert api.get(f"/api/v1/products/{content.slug}/").json()["gallery"] == []


def _in_german(shop: Shop, page: CategoryPage, german: Locale, title: str) -> CategoryPage:
    translated: CategoryPage = page.copy_for_translation(german, copy_parents=True)
    translated.title, translated.slug = title, title.lower()
    translated.save_revision().publish()
    return translated


def test_what_is_not_translated_is_shown_in_the_default_language_once_and_says_so(
    api: APIClient, shop: Shop, german: Locale
) -> None:
    lamps = shop.category("Lamps")
    bulbs = shop.category("Bulbs", parent=lamps)
    shop.home.save_revision().publish()
    for page in (lamps, bulbs):
        page.save_revision().publish()
    _in_german(shop, lamps, german, "Lampen")
    moss, fern = shop.sell(), shop.sell()
    for variant in (moss, fern):
        shop.place(variant.product, bulbs)
    slug, other = shop.content(moss).slug, shop.content(fern).slug
    ProductContentFactory.create(product=moss.product, locale=german, title="Aaa", slug="mooslampe")
    ProductContentFactory.create(product=fern.product, locale=german, slug="farnlampe", live=False)
    in_german = {"headers": {"Accept-Language": "de"}}

    listed = api.get("/api/v1/products/", {"category": "lamps"}, **in_german).json()["results"]
    assert [(card["slug"], card["locale"]) for card in listed] == [
        ("mooslampe", "de"),
        (other, "en"),
    ]
    [node] = api.get("/api/v1/categories/", **in_german).json()
    assert (node["slug"], node["locale"], node["product_count"]) == ("lampen", "de", 2)
    assert [(child["slug"], child["locale"]) for child in node["children"]] == [("bulbs", "en")]
    within = api.get("/api/v1/categories/bulbs/", **in_german).json()
    assert [each["slug"] for each in within["breadcrumbs"]] == ["lampen"]

    for asked in ("mooslampe", slug):
        shown = api.get(f"/api/v1/products/{asked}/", **in_german).json()
        assert (shown["slug"], shown["locale"]) == ("mooslampe", "de")
        assert shown["translations"] == [{"locale": "de", "slug": "mooslampe"}, {"locale": "en", "slug": slug}]
        assert [each["slug"] for each in shown["breadcrumbs"]] == ["lampen", "bulbs"]
    shown = api.get("/api/v1/categories/lamps/", **in_german).json()
    assert (shown["slug"], shown["translations"]) == (
        "lampen",
        [{"locale": "de", "slug": "lampen"}, {"locale": "en", "slug": "lamps"}],
    )
    assert api.get("/api/v1/products/mooslampe/").status_code == 404
    assert api.get("/api/v1/products/farnlampe/", **in_german).status_code == 404


def test_another_language_costs_a_list_no_further_query(api: APIClient, shop: Shop, german: Locale) -> None:
    for _ in range(2):
        shop.place(shop.sell(pictures=1).product, shop.category(f"Lamps {_}"))
    for address in ("/api/v1/products/", "/api/v1/categories/"):
        spent = []
        for language in ("en", "de"):
            api.get(address, headers={"Accept-Language": language})
            with CaptureQueriesContext(connection) as asked:
                api.get(address, headers={"Accept-Language": language})
            spent.append(len(asked))
        assert spent[0] == spent[1]
