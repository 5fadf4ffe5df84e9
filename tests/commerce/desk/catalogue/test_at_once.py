"""Bulk actions, archiving, deleting, and where a product is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient
from wagtail.models import Locale, Page

from cms.catalogue.models import (
    Collection,
    CollectionItem,
    Placement,
    Product,
    ProductContent,
    RelatedProduct,
    Variant,
)
from cms.pages.models import HomePage
from commerce.desk.catalogue.deleting import reasons_to_keep
from commerce.orders.models import Order
from tests.cms.editing import edit_product, product_url
from tests.factories import ProductContentFactory, Shop, UserFactory
from tests.factories.stock import bundle_of

pytestmark = pytest.mark.django_db


def _bulk(browser: Client, action: str, *contents: ProductContent, where: str = "", **form: Any) -> Any:
    url = reverse("wagtail_bulk_action", args=["catalogue", "productcontent", action])
    chosen = "&".join(f"id={each.pk}" for each in contents) or f"id=all&{where}"
    address = f"{url}?{chosen}&next={product_url('list')}"
    assert browser.get(address).status_code == 200
    return browser.post(address, form, follow=True)


def _told(answer: Any) -> list[str]:
    return [str(message).strip() for message in answer.context["messages"]]


def _keys(product: Product) -> set[Any]:
    return set(Placement.objects.filter(product=product).values_list("category_key", flat=True))


def test_the_latest_drafts_are_published_and_what_has_none_is_left(editor: Client, shop: Shop) -> None:
    draft = ProductContentFactory.create(live=False)
    changed, live = ProductContentFactory.create(), ProductContentFactory.create()
    edit_product(editor, changed, title="Fern lamp", slug="fern")
    answer = _bulk(editor, "publish", draft, changed, live)
    assert _told(answer) == ["2 products published. 1 product had nothing new to publish."]
    changed.refresh_from_db()
    assert (changed.title, changed.has_unpublished_changes) == ("Fern lamp", False)
    assert _told(_bulk(editor, "unpublish", draft, changed)) == ["2 products unpublished."]
    assert list(ProductContent.objects.filter(live=True)) == [live]


def test_products_are_moved_to_added_to_and_taken_out_of_a_category(editor: Client, shop: Shop) -> None:
    lamps, desks = shop.category("Lamps"), shop.category("Desks")
    one, two = ProductContentFactory.create(), ProductContentFactory.create()
    for content in (one, two):
        shop.place(content.product, lamps)
    shop.place(shop.sell().product, desks, position=7)
    key = str(desks.translation_key)
    assert _told(_bulk(editor, "category", one, how="add", category=key)) == [
        "1 product in “Desks” now, 1 of them new there."
    ]
    assert _keys(one.product) == {lamps.translation_key, desks.translation_key}
    _bulk(editor, "category", one, two, how="move", category=key)
    assert _keys(one.product) == _keys(two.product) == {desks.translation_key}
    order = Placement.objects.filter(category_key=key).values_list("product", "position")
    assert {position for product, position in order} == {7, 8, 9}
    _bulk(editor, "category", one, how="remove", category=key)
    assert _keys(one.product) == set()
    assert "category" in _bulk(editor, "category", one, how="move", category="nonsense").context["form"].errors


def test_products_are_tagged_and_untagged(editor: Client, shop: Shop) -> None:
    one, two = ProductContentFactory.create(), ProductContentFactory.create()
    one.product.tags.add("old")
    answer = _bulk(editor, "tag", one, two, add="spring, hand made", remove="old")
    assert set(one.product.tags.names()) == set(two.product.tags.names()) == {"spring", "hand made"}
    assert _told(answer) == ["2 products tagged hand made, spring and no longer tagged old."]
    assert _bulk(editor, "tag", one, add="", remove="").context["form"].non_field_errors()


def test_all_in_the_listing_are_those_that_the_filters_leave(editor: Client, shop: Shop) -> None:
    shown, hidden = ProductContentFactory.create(title="Lamp"), ProductContentFactory.create(title="Desk")
    Product.objects.filter(pk=shown.product_id).update(is_featured=True)
    _bulk(editor, "tag", where="featured=yes", add="one", remove="")
    _bulk(editor, "tag", where="q=desk", add="two", remove="")
    _bulk(editor, "tag", where="featured=nonsense", add="three", remove="")
    assert (list(shown.product.tags.names()), list(hidden.product.tags.names())) == (["one"], ["two"])


def test_who_may_only_draft_can_do_none_of_it(shop: Shop) -> None:
    content = ProductContentFactory.create()
    drafter = UserFactory.create(is_staff=True)
    drafter.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "add_productcontent", "change_productcontent"])
    )
    browser = Client()
    browser.force_login(drafter)
    for action in ("publish", "unpublish", "archive", "restore"):
        assert _told(_bulk(browser, action, content)) == []
    content.refresh_from_db()
    assert (content.live, content.product.archived_at) == (True, None)
    assert browser.post(reverse("desk_product_archive", args=[content.product_id])).status_code in (302, 403)
    assert Product.objects.get().archived_at is None


def test_an_archived_product_is_gone_for_shoppers_and_choosers_and_carts_say_so_until_it_is_restored(
    editor: Client, shop: Shop, api: APIClient
) -> None:
    variant = shop.sell()
    content, cart = shop.content(variant), shop.cart((variant, 1))
    page = reverse("desk_product_archive", args=[variant.product_id])
    chooser = ProductContent.snippet_viewset.chooser_viewset.get_url_name("choose")  # type: ignore[attr-defined]

    def seen() -> tuple[Any, ...]:
        line = api.get(f"/api/v1/carts/{cart.pk}/").json()["lines"][0]
        choosers = [editor.get(reverse(name)).content.decode() for name in (chooser, "product_chooser:choose")]
        return (
            api.get(f"/api/v1/products/{content.slug}/").status_code,
            api.get("/api/v1/products/").json()["count"],
            line["problem"],
            [content.title in shown for shown in choosers],
        )

    assert seen() == (200, 1, None, [True, True])
    assert content.title in editor.get(page).content.decode()
    editor.post(page)
    assert seen() == (404, 0, "unavailable", [False, False])
    content.refresh_from_db()
    assert content.live
    editor.post(page, {"restore": ""})
    assert seen() == (200, 1, None, [True, True])
    assert _told(_bulk(editor, "archive", content)) == ["1 product archived."]
    assert _told(_bulk(editor, "restore", content)) == ["1 product restored."]


def test_what_was_sold_stocked_carted_or_priced_is_kept_and_archiving_is_offered(admin: Client, order: Order) -> None:
    line = order.lines.get()
    content = ProductContent.objects.get(product=line.variant.product_id)
    answer = admin.post(product_url("delete", content.pk), follow=True)
    [told] = _told(answer)
    assert "cannot be deleted: " in told
    for reason in ("orders", "prices", "stock", "carts"):
        assert reason in told
    assert "Archive it instead" in told
    assert answer.redirect_chain[-1][0] == reverse("desk_product_archive", args=[content.product_id])
    url = reverse("wagtail_bulk_action", args=["catalogue", "productcontent", "delete"])
    admin.post(f"{url}?id={content.pk}&next={product_url('list')}")
    assert ProductContent.objects.filter(pk=content.pk).exists()


def test_a_cart_a_price_or_a_bundle_alone_is_reason_enough(shop: Shop) -> None:
    carted, priced, part = (shop.sell(price=None, stock=0) for _ in range(3))
    free = shop.sell(price=None, stock=0)
    shop.cart((carted, 1))
    shop.price(priced, 100)
    bundle_of(shop, (part, 1))
    found = reasons_to_keep([each.product_id for each in (carted, priced, part, free)])
    assert found == {carted.product_id: ["carts"], priced.product_id: ["prices"], part.product_id: ["bundles"]}


def test_what_nobody_knows_is_deleted_whole_and_a_translation_alone(admin: Client, shop: Shop) -> None:
    variant = shop.sell(price=None, stock=0)
    own = shop.content(variant)
    german = ProductContentFactory.create(
        product=variant.product,
        locale=Locale.objects.create(language_code="de"),
        translation_key=own.translation_key,
    )
    assert "in this language; the product stays" in admin.get(product_url("delete", german.pk)).content.decode()
    admin.post(product_url("delete", german.pk))
    assert list(ProductContent.objects.all()) == [own]
    assert "with its variants" in admin.get(product_url("delete", own.pk)).content.decode()
    admin.post(product_url("delete", own.pk))
    assert not Product.objects.exists()
    assert not Variant.objects.exists()


def test_where_a_product_is_shown_is_told_before_it_goes_in_a_fixed_number_of_queries(
    editor: Client, shop: Shop
) -> None:
    variant = shop.sell()
    content, lamps = shop.content(variant), shop.category("Lamps")

    def show_at(many: int) -> None:
        for number in range(many):
            title = f"Place {Page.objects.count()}-{number}"
            block = {"type": "products", "value": {"title": "Row", "products": [content.pk]}}
            home = HomePage(title=title, slug=title.lower().replace(" ", "-"), body=[])
            home.body = HomePage._meta.get_field("body").to_python(json.dumps([block]))
            Page.get_first_root_node().add_child(instance=home)
            other = shop.sell().product
            RelatedProduct.objects.create(product=other, related=variant.product)
            shop.place(variant.product, shop.category(title, parent=lamps))
            bundle_of(shop, (variant, 2))
            collection = Collection.objects.create(name=title, slug=home.slug)
            CollectionItem.objects.create(collection=collection, product=variant.product)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            shown = editor.get(reverse("desk_product_shown", args=[variant.product_id])).context["shown"]
        assert {each.kind.key for each in shown} == {"pages", "categories", "collections", "bundles", "related"}
        return len(caught)

    show_at(1)
    queries()
    few = queries()
    show_at(11)
    assert queries() == few
    for address in (product_url("unpublish", content.pk), reverse("desk_product_archive", args=[content.product_id])):
        told = editor.get(address).content.decode()
        for words in ("12 pages", "12 categories", "12 collections", "12 bundles", "All 12"):
            assert words in told
    page = editor.get(reverse("desk_product_shown", args=[variant.product_id]), {"of": "pages", "p": "9"})
    assert len(page.context["places"]) == 12
