"""A preview session walks the whole shop among drafts; it buys nothing, and can be shared and taken back."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient
from wagtail.models import Locale

from cms.catalogue.models import CategoryPage, ProductContent
from cms.pages.models import Menu
from cms.preview.models import PreviewSession
from cms.preview.sessions import start_preview
from tests.cms.editing import add_product, product_form, product_url
from tests.factories import Shop, VariantFactory, picture

pytestmark = pytest.mark.django_db

READS = ("products/", "categories/", "products/{slug}/", "categories/{category}/", "products/?category={category}")


def _drafted(shop: Shop, title: str, *, live: str | None = None, category: CategoryPage | None = None) -> Any:
    """A product on sale whose latest draft has this title, and whose published content, if any, the other."""
    variant = shop.sell(live=live is not None, pictures=1)
    content = shop.content(variant)
    content.title = live or title
    content.save()
    content.title, content.slug = title, title.lower().replace(" ", "-")
    content.save_revision()
    if category:
        shop.place(variant.product, category)
    return variant


def _walk(api: APIClient, token: str, address: str, **query: Any) -> Any:
    return api.get(f"/api/v1/{address}", {"preview": token, **query})


@pytest.fixture
def token(shop: Shop) -> str:
    return start_preview(shop.home, user=None, at=timezone.now())


def test_lists_details_and_the_tree_show_drafts_to_the_session_alone(api: APIClient, shop: Shop, token: str) -> None:
    lamps = shop.category("Lamps")
    lamps.title = "Lights"
    lamps.save_revision()
    secret = shop.category("Secret")
    secret.unpublish()
    _drafted(shop, "Fern Lamp", live="Moss Lamp", category=lamps)
    _drafted(shop, "Never Seen", category=lamps)

    shown = _walk(api, token, "products/", category="lamps")
    assert [card["title"] for card in shown.json()["results"]] == ["Fern Lamp", "Never Seen"]
    assert all(card["price"]["current"]["minor"] == 1999 for card in shown.json()["results"])
    assert all(card["image"]["alt"] == "Seen" for card in shown.json()["results"])
    assert (shown["Cache-Control"], shown["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    tree = _walk(api, token, "categories/").json()
    assert [(node["title"], node["product_count"]) for node in tree] == [("Lights", 2), ("Secret", 0)]
    detail = _walk(api, token, "products/never-seen/").json()
    assert (detail["title"], detail["breadcrumbs"][0]["title"]) == ("Never Seen", "Lights")
    assert _walk(api, token, "products/fern-lamp/").json()["title"] == "Fern Lamp"

    public = api.get("/api/v1/products/")
    assert [card["title"] for card in public.json()["results"]] == ["Moss Lamp"]
    assert "Referrer-Policy" not in public or public["Referrer-Policy"] != "no-referrer"
    assert [node["title"] for node in api.get("/api/v1/categories/").json()] == ["Lamps"]
    assert api.get("/api/v1/products/never-seen/").status_code == 404


def test_what_is_being_typed_stands_on_top_everywhere(editor: Client, api: APIClient, shop: Shop) -> None:
    content = add_product(editor, publish=True, pictures=[picture("Front")])
    variant = VariantFactory.create(product=content.product)
    shop.price(variant, 1999)
    shop.stock(variant, 5)
    address = product_url("preview_on_edit", content.pk)
    editor.post(address, product_form(title="As typed", content=content))
    token = editor.get(address)["Location"].split("token=")[1].split("&")[0].replace("%3A", ":")
    assert [card["title"] for card in _walk(api, token, "products/").json()["results"]] == ["As typed"]
    assert _walk(api, token, "products/moss-lamp/").json()["title"] == "As typed"
    assert ProductContent.objects.get().title == "Moss Lamp"


def test_pages_are_read_as_drafted_too(api: APIClient, shop: Shop) -> None:
    shop.home.title = "Spring"
    shop.home.save_revision()
    lamps = shop.category("Lamps")
    token = start_preview(lamps, user=None, at=timezone.now())
    for path in ("?type=pages.HomePage&fields=body", f"{shop.home.pk}/?x="):
        answer = api.get(f"/api/pages/v2/pages/{path}&preview={token}".replace("?x=&", "?"))
        assert answer.status_code == 200, answer.content
        page = answer.json().get("items", [answer.json()])[0]
        assert page["title"] == "Spring"
        assert answer["Cache-Control"] == "private, no-store"
    assert api.get(f"/api/pages/v2/pages/{shop.home.pk}/").json()["title"] == "Home"


def test_menus_pages_and_their_blocks_are_read_as_drafted_too(api: APIClient, shop: Shop) -> None:
    token = start_preview(shop.category("Lamps"), user=None, at=timezone.now())
    variant = _drafted(shop, "Fern Lamp", live="Moss Lamp")
    menu = Menu.objects.create(handle="main", locale=Locale.get_default(), live=False)
    menu.items = [("address", {"target": "/sale", "label": "Sale", "items": []})]
    menu.save_revision()
    shop.home.title = "Spring"
    shop.home.body = [("products", {"title": "New", "products": [shop.content(variant)]})]
    shop.home.save_revision()
    page = _walk(api, token, "pages/", path="/").json()
    assert (page["title"], page["blocks"][0]["value"]["products"][0]["title"]) == ("Spring", "Fern Lamp")
    assert [item["label"] for item in _walk(api, token, "site/").json()["menus"]["main"]] == ["Sale"]
    assert api.get("/api/v1/site/").json()["menus"]["main"] == []
    public = api.get("/api/v1/pages/", {"path": "/"}).json()
    assert (public["title"], public["blocks"]) == ("Home", [])


def test_a_session_can_neither_cart_nor_buy_what_is_not_live(api: APIClient, shop: Shop, token: str) -> None:
    variant = _drafted(shop, "Never Seen")
    assert _walk(api, token, "products/never-seen/").json()["variants"][0]["id"] == str(variant.pk)
    cart = api.post(f"/api/v1/carts/?preview={token}", {}, format="json").json()["id"]
    lines = f"/api/v1/carts/{cart}/lines/?preview={token}"
    refused = api.post(lines, {"variant": str(variant.pk)}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "variant_not_sellable")


@pytest.mark.parametrize("path", READS)
def test_a_forged_an_old_and_a_revoked_token_open_nothing_anywhere(
    api: APIClient, shop: Shop, token: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.category("Lamps")
    path = path.format(slug=shop.content(shop.sell()).slug, category="lamps")
    told = [(answer.status_code, answer.json()["code"]) for answer in (_walk(api, f"{token}x", path),)]
    with monkeypatch.context() as clock:
        late = time.time() + settings.PREVIEW_MAX_AGE_SECONDS + 10
        clock.setattr("django.core.signing.time.time", lambda: late)
        answer = _walk(api, token, path)
        told.append((answer.status_code, answer.json()["code"]))
    PreviewSession.objects.update(revoked_at=timezone.now())
    answer = _walk(api, token, path)
    told.append((answer.status_code, answer.json()["code"]))
    assert told == [(404, "preview_not_found"), (410, "preview_expired"), (410, "preview_revoked")]


def test_a_session_says_until_when_it_lasts(api: APIClient, shop: Shop, token: str) -> None:
    session = PreviewSession.objects.get()
    told = _walk(api, token, "preview/")
    assert told.json()["title"] == "Home"
    assert told.json()["until"] <= session.expires_at.isoformat()
    assert (session.expires_at - timezone.now()).total_seconds() <= settings.PREVIEW_MAX_AGE_SECONDS
    assert told["Cache-Control"] == "private, no-store"


def test_a_link_is_shared_listed_and_taken_back(editor: Client, admin: Client, api: APIClient, shop: Shop) -> None:
    content = add_product(editor)
    form = product_form(title="Fern Lamp", content=content)
    editor.post(product_url("edit", content.pk), form)
    address = reverse("share_preview", args=["catalogue", "productcontent", content.pk])
    assert address in editor.get(product_url("edit", content.pk)).content.decode()
    assert not PreviewSession.objects.exists()
    assert editor.get(address).status_code == 200
    assert editor.get(address).get("Referrer-Policy") != "no-referrer"
    answer = editor.post(address)
    assert answer["Referrer-Policy"] == "no-referrer"
    link = answer.context["link"]
    assert link.startswith(f"{settings.STOREFRONT_URL}/preview?")
    assert answer["Cache-Control"].startswith("max-age=0")
    token = link.split("token=")[1].replace("%3A", ":")
    assert api.get("/api/v1/products/preview/", {"token": token}).json()["title"] == "Fern Lamp"

    session = PreviewSession.objects.get()
    listed = editor.get(reverse("preview_links")).content.decode()
    assert "Shared link" in listed
    assert token not in listed
    assert editor.get(reverse("revoke_preview", args=[session.pk])).status_code == 405
    assert editor.post(reverse("revoke_preview", args=[session.pk])).status_code == 302
    assert _walk(api, token, "products/").json()["code"] == "preview_revoked"
    assert "Revoked" in admin.get(reverse("preview_links")).content.decode()


def test_who_may_not_edit_shares_nothing_and_revokes_only_what_is_theirs(
    editor: Client, admin: Client, shop: Shop
) -> None:
    content = add_product(admin)
    address = reverse("share_preview", args=["catalogue", "productcontent", content.pk])
    admin.post(address)
    session = PreviewSession.objects.get()
    assert editor.post(reverse("revoke_preview", args=[session.pk])).status_code == 404
    assert Client().post(address).status_code == 302
    nothing = reverse("share_preview", args=["accounts", "user", "1"])
    assert admin.post(nothing).status_code == 404


def test_a_revoked_preview_stays_so_while_its_editor_types_on(editor: Client, api: APIClient, shop: Shop) -> None:
    content = add_product(editor)
    address = product_url("preview_on_edit", content.pk)
    tokens = []
    for title in ("One", "Two"):
        editor.post(address, product_form(title=title, content=content))
        tokens.append(editor.get(address)["Location"].split("token=")[1].split("&")[0].replace("%3A", ":"))
        if title == "One":
            editor.post(reverse("revoke_preview", args=[PreviewSession.objects.get().pk]))
    assert _walk(api, tokens[0], "preview/").json()["code"] == "preview_revoked"
    assert _walk(api, tokens[1], "preview/").json()["title"] == "Two"


def test_a_walk_costs_the_same_however_much_there_is(api: APIClient, shop: Shop, token: str) -> None:
    Locale.objects.create(language_code="de")
    spent = []
    for number in range(2):
        lamps = shop.category(f"Lamps {number}")
        lamps.image = picture()
        lamps.save_revision()
        for each in range(3):
            _drafted(shop, f"Draft {number} {each}", category=lamps)
        counted = []
        for path in ("products/", "categories/"):
            _walk(api, token, path)
            with CaptureQueriesContext(connection) as asked:
                assert _walk(api, token, path).status_code == 200
            counted.append(len(asked))
        spent.append(counted)
    assert spent[0] == spent[1]
    assert spent[0] == [15, 10]
