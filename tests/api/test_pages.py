"""Pages with everything that their blocks name, and what surrounds them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from wagtail.models import Locale, PageViewRestriction, Site

from cms.catalogue.models import Brand, ProductContent
from cms.images.rendering import render_due
from cms.pages.models import ArticlePage, HomePage, LandingPage, Menu, ShopSettings
from cms.preview.sessions import start_preview
from commerce.kit.clock import now
from tests.factories import Shop, picture
from tests.factories.pages import article, collection, furnish, landing, seen, words

pytestmark = pytest.mark.django_db

PAGES = "/api/v1/pages/"
PAGE = 28
PAGE_OF_WORDS = 6
SITE = 11


def _page(api: APIClient, path: str, **headers: Any) -> Any:
    answer = api.get(PAGES, {"path": path}, **headers)
    assert answer.status_code == 200, answer.content
    return answer.json()


def _values(page: Any) -> dict[str, Any]:
    return {block["type"]: block["value"] for block in page["blocks"]}


def _contents(shop: Shop, many: int) -> list[ProductContent]:
    return [shop.content(shop.sell(pictures=1)) for _ in range(many)]


@pytest.fixture
def journal(shop: Shop) -> LandingPage:
    page = landing("Journal", parent=shop.home)
    return furnish(page, ("articles", {"title": "All stories", "page": None, "limit": 2}))


def test_a_page_comes_with_what_its_blocks_name_as_it_is_now(api: APIClient, shop: Shop) -> None:
    lamp, bulb = _contents(shop, 2)
    lamps = shop.category("Lamps")
    lamps.image = picture("Tile")
    lamps.save()
    lights = collection("Lights", bulb, lamp)
    link = f'<p>See <a linktype="page" id="{lamps.pk}">lamps</a>, <a linktype="page" id="999">nothing</a>.</p>'
    about = landing(
        "About",
        ("hero", {"title": "Light", "image": seen(alt="A shelf"), "button": {"label": "Look", "page": lamps}}),
        ("rich_text", words(link)),
        ("image", {"image": seen(), "caption": "The works"}),
        ("gallery", {"title": "", "pictures": [{"image": seen("One")}, {"image": seen("Two")}]}),
        ("quote", {"text": "Bright.", "attribution": "A reader"}),
        ("video", {"address": "https://youtu.be/abcdefghijk?t=3", "title": "Blowing glass", "poster": None}),
        ("product", {"product": lamp, "text": "Ours."}),
        ("products", {"title": "New", "products": [lamp, bulb]}),
        ("collection", {"title": "", "collection": lights, "limit": 1}),
        ("categories", {"title": "Rooms", "categories": [lamps]}),
        ("faq", {"title": "", "questions": [{"question": "Why?", "answer": words(link)}]}),
        ("newsletter", {"title": "News", "text": ""}),
        ("button", {"label": "Write", "href": "mailto:shop@example.com"}),
        parent=shop.home,
        search_description="Who we are",
    )
    render_due(at=now(), seconds=60)
    page = _page(api, "/about")
    assert (page["type"], page["title"], page["path"], page["locale"]) == ("landing", "About", "/about", "en")
    assert page["seo"] == {"title": "About", "description": "Who we are"}
    assert page["breadcrumbs"] == [{"title": "Home", "path": "/"}]
    assert page["translations"] == [{"locale": "en", "path": "/about"}]
    assert [block["type"] for block in page["blocks"]] == [block.block_type for block in about.body]

    value = _values(page)
    assert value["hero"]["button"] == {"label": "Look", "href": "/c/lamps"}
    assert (value["hero"]["image"]["alt"], value["hero"]["image"]["width"]) == ("A shelf", 1600)
    assert value["rich_text"] == '<p>See <a href="/c/lamps">lamps</a>, <a>nothing</a>.</p>'
    assert (value["image"]["caption"], value["image"]["alt"]) == ("The works", "What is seen")
    assert len(value["gallery"]["pictures"]) == 2
    assert value["video"]["embed_url"] == "https://www.youtube-nocookie.com/embed/abcdefghijk"
    card = value["product"]["product"]
    assert (card["slug"], card["price"]["current"]["minor"], card["availability"]) == (lamp.slug, 1999, "in_stock")
    assert card["image"]["src"]
    assert [each["slug"] for each in value["products"]["products"]] == [lamp.slug, bulb.slug]
    assert (value["collection"]["title"], value["collection"]["path"]) == ("Lights", "/collections/lights")
    assert [each["slug"] for each in value["collection"]["products"]] == [bulb.slug]
    assert [each["path"] for each in value["categories"]["categories"]] == ["/c/lamps"]
    assert 'href="/c/lamps"' in value["faq"]["questions"][0]["answer"]
    assert value["button"] == {"label": "Write", "href": "mailto:shop@example.com"}

    shop.price(shop.content(lamp.product.variants.get()).product.variants.get(), 1499, kind="sale")
    assert _values(_page(api, "/about"))["product"]["product"]["price"]["current"]["minor"] == 1499


def test_what_is_gone_or_not_for_sale_is_left_out_and_breaks_nothing(api: APIClient, shop: Shop) -> None:
    sold, priceless, gone = shop.content(shop.sell()), shop.content(shop.sell(price=None)), shop.content(shop.sell())
    empty, lost = collection("Empty"), picture("Lost")
    lost.contextual_alt_text, lost.decorative = "", True
    furnish(
        shop.home,
        ("product", {"product": gone, "text": ""}),
        ("products", {"title": "New", "products": [gone, priceless, sold]}),
        ("collection", {"title": "None", "collection": empty, "limit": 3}),
        ("image", {"image": lost, "caption": ""}),
        ("hero", {"title": "Light"}),
    )
    stored = [*shop.home.body.raw_data, {"type": "of_old", "value": 1, "id": "x"}, {"type": "quote", "value": "bare"}]
    HomePage.objects.update(body=stored)
    gone.delete()
    lost.delete()
    value = _values(_page(api, "/"))
    assert list(value) == ["products", "collection", "hero", "quote"]
    assert [card["slug"] for card in value["products"]["products"]] == [sold.slug]
    assert value["collection"] == {"title": "None", "path": "/collections/empty", "products": []}
    assert value["hero"] == {"title": "Light", "text": "", "image": None, "button": None}
    assert value["quote"] == {"text": "", "attribution": ""}


def test_a_journal_lists_its_own_articles_the_newest_first(api: APIClient, shop: Shop, journal: LandingPage) -> None:
    for day, title in enumerate(("Linen", "Oak", "Clay"), start=1):
        article(title, parent=journal, date=date(2026, 5, day), standfirst=f"On {title}.", image=picture(title))
    article("Elsewhere", parent=landing("Notes", parent=shop.home), date=date(2026, 6, 1))
    value = _values(_page(api, "/journal"))["articles"]
    assert (value["path"], value["count"]) == ("/journal", 3)
    assert [each["title"] for each in value["articles"]] == ["Clay", "Oak"]

    listed = api.get(PAGES, {"type": "article", "parent": "/journal", "page": 2, "page_size": 2}).json()
    assert (listed["count"], [each["path"] for each in listed["results"]]) == (3, ["/journal/linen"])
    everywhere = api.get(PAGES, {"type": "article"}).json()["results"]
    assert [each["title"] for each in everywhere] == ["Elsewhere", "Clay", "Oak", "Linen"]

    linen = _page(api, "/journal/linen/")
    assert linen["breadcrumbs"][1:] == [{"title": "Journal", "path": "/journal"}]
    assert linen["seo"]["description"] == linen["article"]["standfirst"] == "On Linen."
    assert linen["article"]["published_on"] == "2026-05-01"
    assert linen["social_image"]["src"] == linen["article"]["image"]["src"]


def test_a_page_is_found_in_any_language_and_shown_in_the_readers(api: APIClient, shop: Shop) -> None:
    german = Locale.objects.create(language_code="de")
    about = landing("About", parent=shop.home)
    home = shop.home.copy_for_translation(german)
    home.save_revision().publish()
    ueber = about.copy_for_translation(german)
    ueber.slug, ueber.title = "ueber-uns", "Über uns"
    ueber.save_revision().publish()
    both = [{"locale": "en", "path": "/about"}, {"locale": "de", "path": "/ueber-uns"}]
    for path in ("/about", "/ueber-uns"):
        for language, title in (("de", "Über uns"), ("en", "About")):
            page = _page(api, path, HTTP_ACCEPT_LANGUAGE=language)
            assert (page["title"], page["locale"], page["translations"]) == (title, language, both)
    assert _page(api, "/", HTTP_ACCEPT_LANGUAGE="de")["locale"] == "de"
    ueber.refresh_from_db()
    ueber.unpublish()
    assert _page(api, "/about", HTTP_ACCEPT_LANGUAGE="de")["title"] == "About"
    assert api.get(PAGES, {"path": "/ueber-uns"}).status_code == 404


@pytest.mark.parametrize("path", ["/nothing", "/about/nothing", "/lamps", "/secret", "/draft", "//", "a/../b", "%"])
def test_what_is_no_page_is_a_404(api: APIClient, shop: Shop, path: str) -> None:
    shop.category("Lamps")
    secret = landing("Secret", parent=shop.home)
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    landing("Draft", parent=shop.home).unpublish()
    answer = api.get(PAGES, {"path": path})
    expected = (200, None) if path == "//" else (404, "page_not_found")
    assert (answer.status_code, answer.json().get("code")) == expected


@pytest.mark.parametrize(
    "query", [{}, {"path": "/", "type": "article"}, {"type": "home"}, {"path": "\x00"}, {"path": "/" * 2000}]
)
def test_a_question_that_makes_no_sense_is_a_400(api: APIClient, shop: Shop, query: dict[str, str]) -> None:
    answer = api.get(PAGES, query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_a_draft_is_hydrated_like_the_page_itself(api: APIClient, shop: Shop, journal: LandingPage) -> None:
    content = shop.content(shop.sell())
    draft = ArticlePage(title="Linen", slug="linen", standfirst="Soon.", locale=journal.locale)
    draft.body = [("products", {"title": "New", "products": [content]})]
    draft.path, draft.depth = f"{journal.path}0009", journal.depth + 1
    draft.set_url_path(journal)
    token = start_preview(draft, user=None, at=now())
    asked = {"token": token, "content_type": "pages.articlepage"}
    answer = api.get(f"{PAGES}preview/", asked)
    assert answer["Cache-Control"] == "private, no-store"
    page = answer.json()
    assert (page["path"], page["article"]["standfirst"]) == ("/journal/linen", "Soon.")
    assert _values(page)["products"]["products"][0]["price"]["current"]["minor"] == 1999
    assert [each["path"] for each in page["breadcrumbs"]] == ["/", "/journal"]
    assert not ArticlePage.objects.exists()
    for wrong in ({"token": token}, asked | {"content_type": "pages.homepage"}, asked | {"token": "x"}):
        assert api.get(f"{PAGES}preview/", wrong).json()["code"] == "preview_not_found"


def _big(shop: Shop, *, products: int, blocks: int) -> LandingPage:
    contents = _contents(shop, products)
    lamps = shop.category("Lamps")
    lamps.image = picture("Tile")
    lamps.save()
    lights = collection("Lights", *contents)
    journal = landing("Journal", parent=shop.home)
    article("Linen", parent=journal, image=picture("Linen"))
    link = words(f'<p><a linktype="page" id="{lamps.pk}">lamps</a></p>')
    kinds: list[tuple[str, Any]] = [
        ("products", {"title": "New", "products": contents[:12]}),
        ("rich_text", link),
        ("product", {"product": contents[-1], "text": ""}),
        ("hero", {"title": "Light", "image": seen(), "button": {"label": "Look", "page": lamps}}),
        ("gallery", {"title": "", "pictures": [{"image": seen(f"Picture {n}")} for n in range(2)]}),
        ("collection", {"title": "", "collection": lights, "limit": 12}),
        ("categories", {"title": "Rooms", "categories": [lamps]}),
        ("faq", {"title": "", "questions": [{"question": "Why?", "answer": link}] * 3}),
        ("articles", {"title": "", "page": journal, "limit": 3}),
        *(("products", {"title": "More", "products": contents[n : n + 12]}) for n in range(0, products, 12)),
    ]
    return landing("Big", *(kinds * 4)[: max(blocks, len(kinds))], parent=shop.home)


@pytest.mark.parametrize(("products", "blocks"), [(1, 10), (50, 30)])
def test_a_page_costs_the_same_queries_however_much_it_shows(
    api: APIClient, shop: Shop, products: int, blocks: int
) -> None:
    _big(shop, products=products, blocks=blocks)
    _page(api, "/big")
    with CaptureQueriesContext(connection) as queries:
        page = _page(api, "/big")
    rows = [block["value"]["products"] for block in page["blocks"] if block["type"] == "products"]
    shown = {card["slug"] for row in rows for card in row}
    assert (len(shown), len(page["blocks"])) == (products, blocks)
    assert len(queries) == PAGE


def test_a_page_of_words_alone_loads_no_products(api: APIClient, shop: Shop) -> None:
    for many in (2, 30):
        furnish(shop.home, *[("quote", {"text": "Bright.", "attribution": ""})] * many)
        _page(api, "/")
        with CaptureQueriesContext(connection) as queries:
            assert len(_page(api, "/")["blocks"]) == many
        assert len(queries) == PAGE_OF_WORDS


def _menu(shop: Shop, handle: str = "main", **targets: Any) -> Menu:
    """With an entry for each target, itself below the first one again."""
    menu = Menu(handle=handle)
    entries = [(kind, {"target": target, "label": "", "items": []}) for kind, target in targets.items()]
    below = [(kind, {"target": target, "label": ""}) for kind, target in targets.items()]
    kind, first = entries[0]
    entries[0] = (kind, {**first, "label": "First", "items": below})
    menu.items = [(name, menu.items.stream_block.child_blocks[name].normalize(each)) for name, each in entries]
    menu.save()
    menu.save_revision().publish()
    return menu


def _targets(shop: Shop) -> dict[str, Any]:
    brand = Brand.objects.create(name="Ember", slug="ember")
    return {
        "page": landing("About", parent=shop.home),
        "category": shop.category("Lamps"),
        "collection": collection("Lights", words={"de": {"name": "Lichter"}}),
        "brand": brand,
        "product": shop.content(shop.sell()),
        "address": "https://example.com/",
    }


def test_menus_lead_to_what_there_is(api: APIClient, shop: Shop) -> None:
    targets = _targets(shop)
    _menu(shop, **targets)
    product = targets["product"]
    paths = ["/about", "/c/lamps", "/collections/lights", "/brands/ember", f"/p/{product.slug}", "https://example.com/"]
    menus = api.get("/api/v1/site/").json()["menus"]
    assert menus["footer"] == []
    assert [item["path"] for item in menus["main"]] == paths
    assert [item["label"] for item in menus["main"]] == [
        *("First", "Lamps", "Lights", "Ember", product.title, "https://example.com/")
    ]
    assert [item["path"] for item in menus["main"][0]["items"]] == paths

    targets["page"].unpublish()
    targets["category"].unpublish()
    targets["collection"].delete()
    product.unpublish()
    left = api.get("/api/v1/site/").json()["menus"]["main"]
    assert [item["path"] for item in left] == ["/brands/ember", "https://example.com/"]


def test_a_menu_costs_the_same_queries_however_long_it_is(api: APIClient, shop: Shop) -> None:
    _menu(shop, **_targets(shop))
    counted = []
    for handle in ("main", "footer"):
        if handle == "footer":
            copied = Menu(handle=handle, items=Menu.objects.get().items)
            copied.save()
            copied.save_revision().publish()
        api.get("/api/v1/site/")
        with CaptureQueriesContext(connection) as queries:
            assert api.get("/api/v1/site/").json()["menus"][handle]
        counted.append(len(queries))
    assert counted == [SITE, SITE]


def test_a_draft_of_a_menu_shows_in_its_place(api: APIClient, shop: Shop) -> None:
    menu = _menu(shop, address="/c/lamps")
    new = menu.items.stream_block.child_blocks["address"].normalize({"target": "/c/new", "label": "New"})
    menu.items = [("address", new)]
    token = start_preview(menu, user=None, at=now())
    shown = api.get("/api/v1/site/preview/", {"token": token, "content_type": "pages.menu"}).json()
    assert shown["menus"]["main"] == [{"label": "New", "path": "/c/new", "items": []}]
    assert api.get("/api/v1/site/").json()["menus"]["main"][0]["path"] == "/c/lamps"


def test_the_site_says_who_the_shop_is_in_the_readers_language(api: APIClient, shop: Shop) -> None:
    assert shop.home
    Locale.objects.create(language_code="de")
    ShopSettings.objects.create(
        site=Site.objects.get(),
        name="Nest",
        tagline="Things worth keeping",
        logo=picture("Logo"),
        email="hello@example.com",
        opening_hours="Mon to Fri\n9 to 5",
        social="https://www.instagram.com/nest\nhttps://example.social/@nest\n",
        words={"de": {"tagline": "Dinge, die bleiben"}},
    )
    site = api.get("/api/v1/site/", HTTP_ACCEPT_LANGUAGE="de").json()
    assert (site["shop"]["name"], site["shop"]["tagline"]) == ("Nest", "Dinge, die bleiben")
    assert site["shop"]["contact"]["opening_hours"] == "Mon to Fri\n9 to 5"
    assert [each["network"] for each in site["shop"]["social"]] == ["Instagram", "example.social"]
    assert site["shop"]["logo"]["src"]
    assert [(each["code"], each["is_default"]) for each in site["locales"]] == [("en", True), ("de", False)]


def test_the_page_of_another_instant_is_for_staff_alone(api: APIClient, shop: Shop) -> None:
    assert shop.home
    answer = api.get(PAGES, {"path": "/", "at": (now() + timedelta(days=1)).isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (403, "instant_not_allowed")
