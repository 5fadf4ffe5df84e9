"""Previews: what is being written, seen in the storefront by whoever was given the link, for an hour."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.blocks.story import TEXT_FEATURES
from cms.catalogue.models import CategoryPage, Product, ProductContent
from cms.preview.models import PreviewSession
from cms.preview.sessions import purge
from commerce.desk.tasks import purge_previews
from tests.cms.editing import PUBLISH, add_product, product_form, product_url, story
from tests.factories import Shop, VariantFactory, picture

pytestmark = pytest.mark.django_db

PRODUCT_PREVIEW = "/api/v1/products/preview/"
PAGE_PREVIEW = "/api/pages/v2/preview/"


def _open(
    browser: Client, url: str, form: dict[str, Any], *, panel: bool = False, path: str = "/preview"
) -> dict[str, str]:
    """Send what stands in the form and follow the preview as far as the storefront's address."""
    sent = browser.post(url, form)
    assert sent.json() == {"is_valid": True, "is_available": True}
    answer = browser.get(url, {"in_preview_panel": "true"} if panel else {})
    assert answer.status_code == 302
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    address = urlsplit(answer["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{settings.STOREFRONT_URL}{path}"
    return {name: value for name, [value] in parse_qs(address.query).items()}


def _problem(answer: Any) -> tuple[int, str, str]:
    return answer.status_code, answer["Content-Type"], answer.json()["code"]


NOT_FOUND = (404, "application/problem+json", "preview_not_found")
EXPIRED = (410, "application/problem+json", "preview_expired")


def _private(answer: Any) -> None:
    assert answer.status_code == 200, answer.content
    assert {part.strip() for part in answer["Cache-Control"].split(",")} >= {"private", "no-store"}
    assert answer["Referrer-Policy"] == "no-referrer"


@pytest.fixture
def product(editor: Client, shop: Shop) -> ProductContent:
    """Published, on sale, with one picture."""
    content = add_product(editor, publish=True, pictures=[picture("Front")])
    variant = VariantFactory.create(product=content.product)
    shop.price(variant, 1999)
    shop.stock(variant, 10)
    return content


@pytest.fixture
def link(editor: Client, product: ProductContent) -> dict[str, str]:
    """What the storefront is handed when the product is previewed under another title."""
    return _open(editor, product_url("preview_on_edit", product.pk), product_form(title="Fern Lamp", content=product))


def test_a_preview_shows_what_is_not_saved_while_the_shop_shows_what_is(
    editor: Client, api: APIClient, product: ProductContent
) -> None:
    form = product_form(
        title="Fern Lamp",
        content=product,
        pictures=[picture("Back")],
        story=story("<p>Pressed by <b>nobody</b>.</p>", picture=picture("Furnace")),
        tax_class="zero",
    )
    link = _open(editor, product_url("preview_on_edit", product.pk), form)
    assert link["content_type"] == "catalogue.productcontent"

    answer = api.get(PRODUCT_PREVIEW, link)
    _private(answer)
    shown = answer.json()
    assert (shown["id"], shown["title"]) == (str(product.product_id), "Fern Lamp")
    assert [each["alt"] for each in shown["gallery"]] == ["Seen: Front", "Seen: Back"]
    assert [block["type"] for block in shown["story"]] == ["heading", "paragraph", "image"]
    assert "Pressed by <b>nobody</b>." in shown["story"][1]["value"]
    assert shown["story"][2]["value"]["alt"] == "A furnace"
    assert shown["price"]["current"]["minor"] == 1999

    assert api.get("/api/v1/products/moss-lamp/").json()["title"] == "Moss Lamp"
    assert ProductContent.objects.get().title == "Moss Lamp"
    assert Product.objects.get().tax_class == "standard"


def test_a_product_that_was_never_saved_can_be_seen_and_leaves_no_row_behind(
    editor: Client, api: APIClient, shop: Shop
) -> None:
    form = product_form(title="Fern Lamp", pictures=[picture("Front")], categories=[shop.category("Lamps")])
    link = _open(editor, product_url("preview_on_add"), form)
    answer = api.get(PRODUCT_PREVIEW, link)
    _private(answer)
    shown = answer.json()
    assert (shown["id"], shown["title"], shown["price"], shown["variants"]) == ("", "Fern Lamp", None, [])
    assert [each["alt"] for each in shown["gallery"]] == ["Seen: Front"]
    assert not Product.objects.exists()
    assert not ProductContent.objects.exists()


def test_the_preview_of_a_new_product_knows_its_language(editor: Client, shop: Shop) -> None:
    Locale.objects.create(language_code="de")
    view = editor.get(product_url("add"), {"locale": "de"}).context["view"]
    _open(editor, view.get_preview_url(), product_form(title="Farnlampe"), path="/de/preview")
    assert PreviewSession.objects.get().as_object().locale.language_code == "de"


def test_a_saved_draft_can_be_seen_from_its_history(editor: Client, api: APIClient, product: ProductContent) -> None:
    form = product_form(title="Fern Lamp", content=product)
    editor.post(product_url("edit", product.pk), form)
    product.refresh_from_db()
    answer = editor.get(product_url("revisions_view", product.pk, product.latest_revision_id))
    token = parse_qs(urlsplit(answer["Location"]).query)["token"][0]
    assert api.get(PRODUCT_PREVIEW, {"token": token}).json()["title"] == "Fern Lamp"


def test_the_preview_panel_says_that_it_is_one_and_refreshes_one_row(
    editor: Client, api: APIClient, product: ProductContent
) -> None:
    url = product_url("preview_on_edit", product.pk)
    for title in ("F", "Fe", "Fern"):
        link = _open(editor, url, product_form(title=title, content=product), panel=True)
        assert link["in_panel"] == "1"
        assert api.get(PRODUCT_PREVIEW, link).json()["title"] == title
    assert PreviewSession.objects.count() == 1


def test_two_people_see_each_their_own_preview(
    editor: Client, admin: Client, api: APIClient, product: ProductContent
) -> None:
    url = product_url("preview_on_edit", product.pk)
    one = _open(editor, url, product_form(title="Fern Lamp", content=product))
    other = _open(admin, url, product_form(title="Oak Lamp", content=product))
    assert api.get(PRODUCT_PREVIEW, one).json()["title"] == "Fern Lamp"
    assert api.get(PRODUCT_PREVIEW, other).json()["title"] == "Oak Lamp"


def test_the_token_is_not_stored(link: dict[str, str]) -> None:
    session = PreviewSession.objects.get()
    assert link["token"] not in (str(session.pk), session.object_key, session.content_json)


@pytest.mark.parametrize("token", ["", "nonsense", "{id}", "{id}:aaaaaa:bbbbbb", "{token}x", "é"])
def test_a_forged_token_opens_nothing(api: APIClient, link: dict[str, str], token: str) -> None:
    session = PreviewSession.objects.get()
    forged = token.format(id=session.pk, token=link["token"])
    assert _problem(api.get(PRODUCT_PREVIEW, {"token": forged})) == NOT_FOUND
    page = {"token": forged, "content_type": "pages.homepage"}
    assert _problem(api.get(PAGE_PREVIEW, page)) == NOT_FOUND


def test_a_token_opens_only_the_kind_of_thing_it_was_made_for(
    editor: Client, api: APIClient, shop: Shop, link: dict[str, str]
) -> None:
    for kind in ("pages.homepage", "catalogue.categorypage", "catalogue.productcontent", "accounts.user", "x", ""):
        assert _problem(api.get(PAGE_PREVIEW, link | {"content_type": kind})) == NOT_FOUND
    page = _open(editor, _page_preview_url(shop.home), _home_form(shop.home))
    assert _problem(api.get(PRODUCT_PREVIEW, page)) == NOT_FOUND
    assert _problem(api.get(PAGE_PREVIEW, page | {"content_type": "catalogue.categorypage"})) == NOT_FOUND


def test_a_token_older_than_an_hour_is_over(
    api: APIClient, link: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = time.time()
    PreviewSession.objects.update(expires_at=timezone.now() + timedelta(days=9))
    with monkeypatch.context() as clock:
        clock.setattr("django.core.signing.time.time", lambda: made + settings.PREVIEW_MAX_AGE_SECONDS - 10)
        assert api.get(PRODUCT_PREVIEW, link).status_code == 200
    with monkeypatch.context() as clock:
        clock.setattr("django.core.signing.time.time", lambda: made + settings.PREVIEW_MAX_AGE_SECONDS + 10)
        assert _problem(api.get(PRODUCT_PREVIEW, link)) == EXPIRED


def test_a_session_that_has_expired_is_over_whatever_its_token_says(api: APIClient, link: dict[str, str]) -> None:
    PreviewSession.objects.update(expires_at=timezone.now())
    assert _problem(api.get(PRODUCT_PREVIEW, link)) == EXPIRED


def test_what_has_expired_is_deleted_and_nothing_else(api: APIClient, link: dict[str, str]) -> None:
    now = timezone.now()
    assert purge(at=now) == 0
    assert api.get(PRODUCT_PREVIEW, link).status_code == 200
    purge_previews(at=PreviewSession.objects.get().expires_at)
    assert not PreviewSession.objects.exists()
    assert _problem(api.get(PRODUCT_PREVIEW, link)) == NOT_FOUND


def test_a_page_preview_shows_the_unsaved_page(editor: Client, api: APIClient, shop: Shop, link: Any) -> None:
    content = ProductContent.objects.get()
    link = _open(editor, _page_preview_url(shop.home), _home_form(shop.home, title="Spring", products=[content.pk]))
    assert link["content_type"] == "pages.homepage"
    answer = api.get(PAGE_PREVIEW, link)
    _private(answer)
    shown = answer.json()
    assert (shown["id"], shown["title"], shown["meta"]["type"]) == (shop.home.pk, "Spring", "pages.HomePage")
    assert shown["body"][0]["value"]["products"] == [str(content.product_id)]
    assert api.get(f"/api/pages/v2/pages/{shop.home.pk}/").json()["title"] == "Home"


def test_a_category_preview_shows_the_unsaved_category(editor: Client, api: APIClient, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    link = _open(editor, _page_preview_url(lamps), _category_form(title="Lights", image=picture("Front").pk))
    assert link["content_type"] == "catalogue.categorypage"
    answer = api.get(PAGE_PREVIEW, link)
    _private(answer)
    assert answer.json()["title"] == "Lights"
    assert "For <b>reading</b>." in answer.json()["introduction"]
    assert answer.json()["image_set"]["src"]
    assert CategoryPage.objects.get().title == "Lamps"


def test_a_category_that_was_never_saved_can_be_seen(editor: Client, api: APIClient, shop: Shop) -> None:
    url = reverse("wagtailadmin_pages:preview_on_add", args=("catalogue", "categorypage", shop.home.pk))
    answer = api.get(PAGE_PREVIEW, _open(editor, url, _category_form(title="Lights", slug="lights")))
    _private(answer)
    assert (answer.json()["id"], answer.json()["title"]) == (None, "Lights")
    assert not CategoryPage.objects.exists()


def test_a_page_preview_expires_like_any_other(
    editor: Client, api: APIClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = _open(editor, _page_preview_url(shop.home), _home_form(shop.home))
    late = time.time() + settings.PREVIEW_MAX_AGE_SECONDS + 10
    with monkeypatch.context() as clock:
        clock.setattr("django.core.signing.time.time", lambda: late)
        assert _problem(api.get(PAGE_PREVIEW, link)) == EXPIRED
    assert api.get(PAGE_PREVIEW, link).status_code == 200


def test_nobody_previews_without_signing_in(shop: Shop) -> None:
    answer = Client().post(product_url("preview_on_add"), product_form() | PUBLISH)
    assert answer.status_code == 302
    assert not PreviewSession.objects.exists()


def _page_preview_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:preview_on_edit", args=(page.pk,))


def _home_form(home: Page, *, title: str = "Home", products: list[int] | None = None) -> dict[str, Any]:
    rows = [("products", {"title": "New in", "products": streamfield([("item", pk) for pk in products or []])})]
    return nested_form_data(
        {"title": title, "slug": home.slug, **_PROMOTE, "body": streamfield(rows if products else [])}
    )


def _category_form(*, title: str, slug: str = "lamps", image: int | str = "") -> dict[str, Any]:
    words = rich_text("<p>For <b>reading</b>.</p>", features=TEXT_FEATURES)
    written = {"title": title, "slug": slug, **_PROMOTE, "introduction": words, "image": image}
    return nested_form_data({**written, "body": streamfield([]), "social_image": ""})


_PROMOTE = {"seo_title": "", "search_description": ""}
