"""Brands and collections in the Wagtail admin: who may keep them, and what becomes of their products."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.catalogue.models import Brand, Collection, CollectionItem, Product, ProductContent
from commerce.kit.clock import now
from tests.cms.editing import errors_of
from tests.factories import ProductContentFactory, ProductFactory, Shop, UserFactory

pytestmark = pytest.mark.django_db


def _url(model: str, name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_catalogue_{model}:{name}", args=args)


def _brand(name: str = "Kilnside", *, products: int = 0) -> Brand:
    brand = Brand.objects.create(name=name, slug=name.lower())
    for _ in range(products):
        ProductContentFactory.create(product=ProductFactory.create(brand=brand))
    return brand


def _collection(name: str = "Winter", *products: Product) -> Collection:
    collection = Collection.objects.create(name=name, slug=name.lower())
    for position, product in enumerate(products):
        CollectionItem.objects.create(collection=collection, product=product, position=position)
    return collection


def _product(title: str) -> Product:
    content: ProductContent = ProductContentFactory.create(title=title)
    return content.product


def _rows(collection: Collection) -> list[dict[str, Any]]:
    """The products of a collection as the form sends them back."""
    return [{"id": row.pk, "product": str(row.product_id)} for row in collection.items.all()]


def _sent(*rows: dict[str, Any], initial: int = 0, name: str = "Winter") -> dict[str, Any]:
    words = {"introduction": "", "image": "", "seo_title": "", "seo_description": "", "method": "manual"}
    return nested_form_data(
        {**words, "name": name, "slug": name.lower(), "items": inline_formset(list(rows), initial=initial)}
    )


def _in_order(collection: Collection) -> list[str]:
    items = CollectionItem.objects.filter(collection=collection).order_by("position")
    return [ProductContent.objects.get(product=item.product_id).title for item in items]


def _messages(answer: HttpResponse) -> list[str]:
    return [str(message) for message in answer.context["messages"]]  # type: ignore[attr-defined]


def test_a_merchandiser_makes_a_brand(editor: Client) -> None:
    answer = editor.post(_url("brand", "add"), {"name": "Kilnside", "slug": "kilnside"})
    assert answer.status_code == 302, errors_of(answer)
    assert Brand.objects.get().name == "Kilnside"


def test_a_brand_whose_slug_is_taken_is_an_error_of_the_form(editor: Client) -> None:
    _brand()
    answer = editor.post(_url("brand", "add"), {"name": "Another", "slug": "kilnside"})
    assert answer.status_code == 200
    assert "slug" in errors_of(answer)
    assert Brand.objects.count() == 1


def test_the_list_of_brands_counts_products_and_links_to_them(editor: Client, shop: Shop) -> None:
    kilnside = _brand("Kilnside", products=3)
    _brand("Loomward", products=1)
    listed = editor.get(_url("brand", "list")).content.decode()
    link = f"{_url('productcontent', 'list')}?brand={kilnside.pk}"
    assert f'<a href="{link}">3</a>' in listed
    assert len(editor.get(link).context["object_list"]) == 3


def test_brands_are_found_by_name(editor: Client) -> None:
    _brand("Kilnside")
    _brand("Loomward")
    found = editor.get(_url("brand", "list"), {"q": "loom"}).context["object_list"]
    assert [brand.name for brand in found] == ["Loomward"]


@pytest.mark.parametrize("method", ["get", "post"], ids=["asking", "confirming"])
def test_a_brand_that_products_have_is_not_deleted_and_the_list_says_why(
    editor: Client, shop: Shop, method: str
) -> None:
    brand = _brand(products=2)
    answer = getattr(editor, method)(_url("brand", "delete", brand.pk), follow=True)
    assert answer.status_code == 200
    assert any("Kilnside cannot be deleted: 2 products" in message for message in _messages(answer))
    assert Brand.objects.filter(pk=brand.pk).exists()


def test_of_several_brands_to_delete_none_is_while_products_have_one(editor: Client, shop: Shop) -> None:
    used, unused = _brand("Kilnside", products=1), _brand("Loomward")
    url = reverse("wagtail_bulk_action", args=("catalogue", "brand", "delete"))
    answer = editor.post(f"{url}?id={used.pk}&id={unused.pk}", follow=True)
    assert answer.status_code == 200
    assert any("Kilnside cannot be deleted: 1 product " in message for message in _messages(answer))
    assert Brand.objects.count() == 2


def test_a_brand_without_products_is_deleted(editor: Client) -> None:
    assert editor.post(_url("brand", "delete", _brand().pk)).status_code == 302
    assert not Brand.objects.exists()


def test_a_merchandiser_puts_a_collection_together_in_an_order(editor: Client, shop: Shop) -> None:
    lamp, vase = _product("Lamp"), _product("Vase")
    rows = [{"id": "", "product": str(vase.pk), "ORDER": 1}, {"id": "", "product": str(lamp.pk), "ORDER": 2}]
    answer = editor.post(_url("collection", "add"), _sent(*rows))
    assert answer.status_code == 302, errors_of(answer)
    assert _in_order(Collection.objects.get()) == ["Vase", "Lamp"]


def test_a_collection_is_put_in_another_order_and_loses_and_gains_products(editor: Client, shop: Shop) -> None:
    collection = _collection("Winter", _product("Lamp"), _product("Vase"), _product("Mug"))
    lamp, vase, mug = _rows(collection)
    rows = [
        lamp | {"ORDER": 3},
        vase | {"DELETE": "1", "ORDER": 2},
        mug | {"ORDER": 1},
        {"id": "", "product": str(_product("Pot").pk), "ORDER": 4},
    ]
    answer = editor.post(_url("collection", "edit", collection.pk), _sent(*rows, initial=3))
    assert answer.status_code == 302, errors_of(answer)
    assert _in_order(collection) == ["Mug", "Lamp", "Pot"]


def test_a_product_may_be_taken_out_and_put_back_in_one_go(editor: Client, shop: Shop) -> None:
    collection = _collection("Winter", _product("Lamp"))
    [lamp] = _rows(collection)
    rows = [lamp | {"DELETE": "1", "ORDER": 1}, {"id": "", "product": lamp["product"], "ORDER": 2}]
    answer = editor.post(_url("collection", "edit", collection.pk), _sent(*rows, initial=1))
    assert answer.status_code == 302, errors_of(answer)
    assert _in_order(collection) == ["Lamp"]


def test_a_product_that_is_chosen_twice_is_an_error_of_the_form(editor: Client, shop: Shop) -> None:
    lamp = str(_product("Lamp").pk)
    rows = [{"id": "", "product": lamp, "ORDER": place} for place in (1, 2)]
    answer = editor.post(_url("collection", "add"), _sent(*rows))
    assert answer.status_code == 200
    assert errors_of(answer)["items"]
    assert not Collection.objects.exists()


@pytest.mark.parametrize("key", ["", "lamp", "00000000-0000-4000-8000-000000000000"])
def test_a_product_that_does_not_exist_is_an_error_of_the_form(editor: Client, shop: Shop, key: str) -> None:
    answer = editor.post(_url("collection", "add"), _sent({"id": "", "product": key, "ORDER": 1}))
    assert answer.status_code == 200
    assert errors_of(answer)["items"]
    assert not Collection.objects.exists()


def test_the_form_of_a_collection_shows_the_titles_of_its_products(editor: Client, shop: Shop) -> None:
    collection = _collection("Winter", _product("Fern Lamp"))
    assert "Fern Lamp" in editor.get(_url("collection", "edit", collection.pk)).content.decode()


def test_deleting_a_collection_leaves_its_products(editor: Client, shop: Shop) -> None:
    lamp = _product("Lamp")
    assert editor.post(_url("collection", "delete", _collection("Winter", lamp).pk)).status_code == 302
    assert not CollectionItem.objects.exists()
    assert Product.objects.filter(pk=lamp.pk).exists()


def test_products_are_chosen_by_title_once_for_all_languages_and_answer_with_their_key(
    editor: Client, shop: Shop
) -> None:
    lamp = _product("Moss Lamp")
    german = Locale.objects.create(language_code="de")
    ProductContentFactory.create(product=lamp, locale=german, title="Mooslampe")
    _product("Vase")
    shown = editor.get(reverse("product_chooser:choose"), {"multiple": "1"}).json()["html"]
    assert "Moss Lamp" in shown
    assert "Vase" in shown
    assert "Mooslampe" not in shown
    content = ProductContent.objects.get(title="Moss Lamp")
    one = editor.get(reverse("product_chooser:chosen", args=[content.pk])).json()["result"]
    assert (one["id"], one["title"]) == (str(lamp.pk), "Moss Lamp")
    [many] = editor.get(reverse("product_chooser:chosen_multiple"), {"id": content.pk}).json()["result"]
    assert many == one


def test_neither_brands_nor_collections_are_ever_in_a_revision(editor: Client, shop: Shop) -> None:
    brand, lamp = _brand(), _product("Lamp")
    editor.post(_url("brand", "edit", brand.pk), {"name": "Kilnside & Sons", "slug": "kilnside"})
    collection = _collection("Winter")
    editor.post(_url("collection", "edit", collection.pk), _sent({"id": "", "product": str(lamp.pk), "ORDER": 1}))
    assert _in_order(collection) == ["Lamp"]
    assert not Revision.objects.exists()


@pytest.mark.parametrize("model", ["brand", "collection"])
def test_who_has_no_permission_for_them_sees_and_changes_neither(shop: Shop, model: str) -> None:
    kept = _brand() if model == "brand" else _collection()
    drafter = UserFactory.create(is_staff=True)
    drafter.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_productcontent"]))
    browser = Client()
    browser.force_login(drafter)
    for name, args in (("list", ()), ("add", ()), ("edit", (kept.pk,)), ("delete", (kept.pk,))):
        assert browser.get(_url(model, name, *args)).status_code == 302, name
        browser.post(_url(model, name, *args), _sent(name="Taken"))
    assert type(kept).objects.get() == kept
    assert type(kept).objects.get().name == kept.name


def test_nobody_gets_to_brands_without_signing_in(db: None) -> None:
    answer = Client().post(_url("brand", "add"), {"name": "Kilnside", "slug": "kilnside"})
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/admin/login/")
    assert not Brand.objects.exists()


@pytest.mark.parametrize("chooser", ["product_chooser:choose_results", "ProductContent"])
def test_choosers_find_by_a_word_and_leave_out_what_is_archived(editor: Client, shop: Shop, chooser: str) -> None:
    kept, gone = shop.content(shop.sell()), shop.content(shop.sell())
    for content, title in ((kept, "Oak stool"), (gone, "Oak bench")):
        content.title = title
        content.save()
    Product.objects.filter(pk=gone.product_id).update(archived_at=now())
    chosen = ProductContent.snippet_viewset.chooser_viewset.get_url_name("choose_results")
    shown = editor.get(reverse(chosen if chooser == "ProductContent" else chooser), {"q": "oak"})
    assert shown.status_code == 200
    assert ("Oak stool" in shown.content.decode(), "Oak bench" in shown.content.decode()) == (True, False)
