"""A merchandiser makes and edits products: one form writes the content as a draft and the plain rows at once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from rest_framework.test import APIClient
from wagtail.models import Locale
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html

from cms.catalogue.models import Brand, Collection, CollectionItem, Placement, Product, ProductContent, Vendor
from cms.catalogue.relating import MOST_RELATED, related_to
from cms.images.models import ShopImage
from tests.cms.editing import PUBLISH, add_product, edit_product, errors_of, product_form, product_url, story
from tests.factories import Shop, UserFactory, VariantFactory, picture

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


def _listed_slugs(api: APIClient) -> list[str]:
    return [card["slug"] for card in api.get("/api/v1/products/").json()["results"]]


def _put_on_sale(shop: Shop, product: Product) -> None:
    variant = VariantFactory.create(product=product)
    shop.price(variant, 1999)
    shop.stock(variant, 10)


def _plain_fields(product: Product) -> tuple[Any, ...]:
    product = Product.objects.get(pk=product.pk)
    keys = set(product.placements.values_list("category_key", flat=True))
    return product.tax_class, product.available_from, product.available_until, keys


def _assortment(product: Product) -> tuple[Any, ...]:
    product = Product.objects.get(pk=product.pk)
    return product.kind, product.brand, product.shipping_class


def test_a_new_product_starts_as_a_draft_and_its_plain_rows_are_written_at_once(
    editor: Client, shop: Shop, api: APIClient
) -> None:
    lamps, desks = shop.category("Lamps"), shop.category("Desks")
    content = add_product(
        editor,
        pictures=[picture("Front"), picture("Back")],
        categories=[lamps, desks],
        tax_class="reduced",
        available_from=MARCH,
    )
    assert not content.live
    assert [row.alt_text for row in content.pictures] == ["Seen: Front", "Seen: Back"]
    assert [block.block_type for block in content.story] == ["heading", "paragraph"]
    keys = {lamps.translation_key, desks.translation_key}
    assert _plain_fields(content.product) == ("reduced", MARCH, None, keys)
    _put_on_sale(shop, content.product)
    assert _listed_slugs(api) == []
    assert api.get("/api/v1/products/moss-lamp/").status_code == 404


def test_publishing_puts_a_product_on_the_list(editor: Client, shop: Shop, api: APIClient) -> None:
    content = add_product(editor)
    _put_on_sale(shop, content.product)
    assert edit_product(editor, content, publish=True).live
    assert _listed_slugs(api) == ["moss-lamp"]
    assert api.get("/api/v1/products/moss-lamp/").json()["story"][0]["value"] == "Glass"


def test_a_new_product_can_be_published_in_one_go(editor: Client, shop: Shop, api: APIClient) -> None:
    content = add_product(editor, publish=True)
    _put_on_sale(shop, content.product)
    assert _listed_slugs(api) == ["moss-lamp"]


def test_the_form_shows_what_the_product_has(editor: Client, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    bulbs = shop.category("Bulbs", parent=lamps)
    content = add_product(editor, categories=[bulbs], tax_class="zero", available_until=APRIL)
    form = editor.get(product_url("edit", content.pk)).context["form"]
    assert form["tax_class"].value() == "zero"
    assert form["available_until"].value() == APRIL.replace(tzinfo=None)
    assert form["categories"].value() == [bulbs.pk]
    assert [label for _, label in form.fields["categories"].choices] == ["Lamps", "— Bulbs"]


def test_saving_a_draft_changes_the_plain_fields_at_once_and_the_words_only_when_published(
    editor: Client, shop: Shop, api: APIClient
) -> None:
    lamps, desks = shop.category("Lamps"), shop.category("Desks")
    content = add_product(editor, publish=True, categories=[lamps])
    _put_on_sale(shop, content.product)

    changed: dict[str, Any] = {"title": "Fern Lamp", "categories": [desks], "tax_class": "zero"}
    saved = edit_product(editor, content, **changed)
    assert (saved.live, saved.has_unpublished_changes, saved.title) == (True, True, "Moss Lamp")
    assert _plain_fields(content.product) == ("zero", None, None, {desks.translation_key})
    assert api.get("/api/v1/products/moss-lamp/").json()["title"] == "Moss Lamp"

    edit_product(editor, content, publish=True, **changed)
    assert api.get("/api/v1/products/moss-lamp/").json()["title"] == "Fern Lamp"


def test_a_kept_placement_keeps_its_position_and_a_new_one_goes_last(editor: Client, shop: Shop) -> None:
    lamps, desks = shop.category("Lamps"), shop.category("Desks")
    content = add_product(editor, categories=[lamps])
    content.product.placements.update(position=7)
    shop.place(shop.sell().product, desks, position=41)
    edit_product(editor, content, categories=[lamps, desks])
    positions = dict(content.product.placements.values_list("category_key", "position"))
    assert positions == {lamps.translation_key: 7, desks.translation_key: 42}


def test_clearing_the_window_opens_it_again(editor: Client, shop: Shop) -> None:
    content = add_product(editor, available_from=MARCH, available_until=APRIL)
    assert _plain_fields(content.product)[1:3] == (MARCH, APRIL)
    edit_product(editor, content)
    assert _plain_fields(content.product)[1:3] == (None, None)


def test_a_copy_is_a_product_of_its_own(editor: Client, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    original = add_product(editor, publish=True, categories=[lamps], pictures=[picture("Front")])
    shown = editor.get(product_url("copy", original.pk))
    form = querydict_from_html(shown.content.decode(), form_id="w-editor-form")
    sent = form.dict() | nested_form_data({"story": story()}) | {"slug": "moss-lamp-copy"}
    answer = editor.post(shown.context["action_url"], sent | {"categories": form.getlist("categories")})
    assert answer.status_code == 302, errors_of(answer)
    copied = ProductContent.objects.get(slug="moss-lamp-copy")
    assert copied.product_id != original.product_id
    assert (copied.live, copied.translation_key == original.translation_key) == (False, False)
    assert Placement.objects.filter(category_key=lamps.translation_key).count() == 2
    assert len(ProductContent.objects.get(pk=original.pk).pictures) == 1
    assert len(copied.pictures) == 1


def test_a_copy_sent_to_the_address_of_its_original_does_not_overwrite_it(editor: Client, shop: Shop) -> None:
    original = add_product(editor, publish=True)
    answer = editor.post(product_url("copy", original.pk), product_form(title="Hijacked", slug="hijacked"))
    assert answer.status_code == 405
    assert ProductContent.objects.get().title == "Moss Lamp"


@pytest.mark.parametrize("publish", [False, True], ids=["as a draft", "published"])
def test_reverting_to_an_old_revision_never_changes_what_no_revision_holds(
    editor: Client, shop: Shop, *, publish: bool
) -> None:
    lamps, desks = shop.category("Lamps"), shop.category("Desks")
    content = add_product(editor, publish=True, title="First", categories=[lamps], available_from=MARCH)
    first = content.latest_revision
    edit_product(editor, content, publish=True, title="Second", categories=[desks], tax_class="zero")
    kept = _plain_fields(content.product)
    assert kept == ("zero", None, None, {desks.translation_key})

    url = product_url("revisions_revert", content.pk, first.pk)
    assert editor.get(url).context["form"]["tax_class"].value() == "zero"
    old = product_form(title="First", categories=[lamps], available_from=MARCH, content=first.as_object())
    assert editor.post(url, old | (PUBLISH if publish else {})).status_code == 302
    reverted = ProductContent.objects.get(pk=content.pk)
    assert reverted.get_latest_revision_as_object().title == "First"
    assert reverted.title == ("First" if publish else "Second")
    assert _plain_fields(content.product) == kept


def test_a_slug_that_is_taken_is_an_error_of_the_form(editor: Client, shop: Shop) -> None:
    add_product(editor, publish=True)
    products = Product.objects.count()
    answer = editor.post(product_url("add"), product_form(title="Another"))
    assert answer.status_code == 200
    assert "slug" in str(errors_of(answer)).lower()
    assert Product.objects.count() == products


@pytest.mark.parametrize("slug", ["preview", "featured"])
def test_a_slug_that_the_shop_itself_uses_is_an_error_of_the_form(editor: Client, shop: Shop, slug: str) -> None:
    answer = editor.post(product_url("add"), product_form(title="Another", slug=slug))
    assert answer.status_code == 200
    assert "slug" in str(errors_of(answer)).lower()
    assert not Product.objects.exists()


def test_the_same_slug_may_serve_another_language(editor: Client, admin: Client, shop: Shop) -> None:
    german = Locale.objects.create(language_code="de")
    add_product(editor, publish=True)
    answer = editor.post(f"{product_url('add')}?locale=de", product_form(title="Mooslampe"))
    assert answer.status_code == 302, errors_of(answer)
    assert ProductContent.objects.filter(slug="moss-lamp", locale=german).count() == 1


@pytest.mark.parametrize("closes", [APRIL, MARCH], ids=["as it opens", "before it opens"])
def test_a_window_that_closes_before_it_has_opened_is_an_error_of_the_form(
    editor: Client, shop: Shop, closes: datetime
) -> None:
    answer = editor.post(product_url("add"), product_form(available_from=APRIL, available_until=closes))
    assert answer.status_code == 200
    assert list(errors_of(answer)["available_until"]) == ["This must be later than the start."]
    assert not Product.objects.exists()


def test_an_unreadable_category_or_tax_class_is_an_error_of_the_form(editor: Client, shop: Shop) -> None:
    answer = editor.post(product_url("add"), product_form(tax_class="luxury") | {"categories": ["0", "x"]})
    assert answer.status_code == 200
    assert {"tax_class", "categories"} <= set(errors_of(answer))
    assert not Product.objects.exists()


def test_the_list_of_products_shows_drafts_and_pictures(editor: Client, shop: Shop) -> None:
    add_product(editor, pictures=[picture("Front")])
    listed = editor.get(product_url("list")).content.decode()
    assert "Moss Lamp" in listed
    assert "fill-80x80" in listed


def test_nobody_gets_to_products_without_signing_in(shop: Shop) -> None:
    answer = Client().post(product_url("add"), product_form())
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/admin/login/")
    assert not Product.objects.exists()


def test_who_may_only_draft_changes_words_and_nothing_that_sells(editor: Client, shop: Shop) -> None:
    content = add_product(editor, publish=True, tax_class="reduced", categories=[shop.category("Lamps")])
    before = _plain_fields(content.product)
    drafter = UserFactory.create(is_staff=True)
    drafter.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_productcontent"]))
    browser = Client()
    browser.force_login(drafter)
    edit_product(browser, content, title="Redrafted", tax_class="zero", categories=[])
    assert _plain_fields(content.product) == before
    assert ProductContent.objects.get(pk=content.pk).get_latest_revision_as_object().title == "Redrafted"


def test_vendor_tags_featured_and_what_is_beside_it_are_written_at_once_in_order_and_shown_again(
    editor: Client, shop: Shop
) -> None:
    vendor = Vendor.objects.create(name="Kiln & Co", slug="kiln")
    one, other = shop.sell().product, shop.sell().product
    content = add_product(editor, publish=True)
    chosen: dict[str, Any] = {"vendor": str(vendor.pk), "is_featured": "on", "tags": 'spring, "hand made"'}
    edit_product(editor, content, **chosen, related_products=[str(other.pk), "", str(one.pk), str(other.pk)])
    product = Product.objects.get(pk=content.product_id)
    assert (product.vendor, product.is_featured, set(product.tags.names())) == (vendor, True, {"spring", "hand made"})
    assert related_to(product) == [other.pk, one.pk]
    kept = set(product.related_products.values_list("pk", flat=True))
    form = editor.get(product_url("edit", content.pk)).context["form"]
    assert form["related_products"].value() == [other.pk, one.pk]
    assert {tag.name for tag in form["tags"].value()} == {"spring", "hand made"}

    edit_product(editor, content, related_products=[str(one.pk), str(other.pk)])
    product.refresh_from_db()
    assert (product.vendor, product.is_featured, product.tags.count()) == (None, False, 0)
    assert related_to(product) == [one.pk, other.pk]
    assert set(product.related_products.values_list("pk", flat=True)) == kept
    for revision in content.revisions.all():
        assert not {"vendor", "tags", "is_featured", "related_products"} & set(revision.content)
        assert str(one.pk) not in str(revision.content)


def test_what_cannot_stand_beside_a_product_is_an_error_of_the_form(editor: Client, shop: Shop) -> None:
    content = add_product(editor)
    many = [str(shop.sell().product_id) for _ in range(MOST_RELATED + 1)]
    for related, words in (
        ([str(content.product_id)], "not shown beside itself"),
        (["x"], "no product"),
        ([str(uuid.uuid4())], "is gone"),
        (many, "At most 12"),
    ):
        answer = editor.post(product_url("edit", content.pk), product_form(content=content, related_products=related))
        assert words in str(errors_of(answer)["related_products"]), related
    assert not content.product.related_products.exists()


def test_a_picture_needs_words_for_those_who_cannot_see_it_and_shows_its_focal_point(
    editor: Client, shop: Shop
) -> None:
    seen = picture("Front", size=(200, 100))
    form = product_form(pictures=[seen])
    answer = editor.post(product_url("add"), form | {"gallery-0-alt_text": ""})
    assert answer.status_code == 200
    assert "alt_text" in str(errors_of(answer)["gallery"])
    content = add_product(editor, pictures=[seen])
    edit = product_url("edit", content.pk)
    assert "data-focal-point" not in editor.get(edit).content.decode()
    ShopImage.objects.update(focal_point_x=50, focal_point_y=50, focal_point_width=10, focal_point_height=10)
    assert "left: 25%; top: 50%" in editor.get(edit).content.decode()


@pytest.fixture
def kilnside(db: None) -> Brand:
    return Brand.objects.create(name="Kilnside", slug="kilnside")


def test_a_new_product_is_ordinary_goods_without_a_brand(editor: Client, shop: Shop) -> None:
    form = editor.get(product_url("add")).context["form"]
    shown = {name: form[name].value() for name in ("kind", "brand", "shipping_class")}
    assert shown == {"kind": "goods", "brand": None, "shipping_class": "standard"}
    assert _assortment(add_product(editor).product) == ("goods", None, "standard")


def test_brand_and_shipping_class_are_written_at_once_and_shown_again(
    editor: Client, shop: Shop, kilnside: Brand
) -> None:
    content = add_product(editor, publish=True)
    edit_product(editor, content, brand=kilnside, shipping_class="bulky")
    assert _assortment(content.product) == ("goods", kilnside, "bulky")
    form = editor.get(product_url("edit", content.pk)).context["form"]
    assert (form["brand"].value(), form["shipping_class"].value()) == (kilnside.pk, "bulky")
    edit_product(editor, content)
    assert _assortment(content.product) == ("goods", None, "standard")


def test_a_gift_card_is_made_as_one_and_stays_one(editor: Client, shop: Shop) -> None:
    content = add_product(editor, publish=True, kind="gift_card", tax_class="zero", shipping_class="none")
    assert _assortment(content.product) == ("gift_card", None, "none")
    assert editor.get(product_url("edit", content.pk)).context["form"].fields["kind"].disabled
    edit_product(editor, content, publish=True, kind="goods", tax_class="zero", shipping_class="none")
    assert _assortment(content.product) == ("gift_card", None, "none")


def test_goods_never_become_a_gift_card(editor: Client, shop: Shop) -> None:
    content = add_product(editor)
    edit_product(editor, content, kind="gift_card", tax_class="zero")
    assert _assortment(content.product)[0] == "goods"


def test_a_copy_of_goods_may_be_made_a_gift_card(editor: Client, shop: Shop, kilnside: Brand) -> None:
    original = add_product(editor, brand=kilnside, shipping_class="bulky")
    shown = editor.get(product_url("copy", original.pk))
    form = shown.context["form"]
    assert not form.fields["kind"].disabled
    assert [form[name].value() for name in ("kind", "brand", "shipping_class")] == ["goods", kilnside.pk, "bulky"]
    sent = product_form(slug="copy", kind="gift_card", tax_class="zero", brand=kilnside)
    assert editor.post(shown.context["action_url"], sent).status_code == 302
    copied = ProductContent.objects.get(slug="copy")
    assert _assortment(copied.product) == ("gift_card", kilnside, "standard")
    assert _assortment(original.product) == ("goods", kilnside, "bulky")


def test_a_gift_card_that_is_taxed_when_it_is_sold_is_an_error_of_the_form(editor: Client, shop: Shop) -> None:
    answer = editor.post(product_url("add"), product_form(kind="gift_card", tax_class="standard"))
    assert answer.status_code == 200
    assert list(errors_of(answer)["tax_class"]) == ["A gift card is taxed when it is spent: choose Zero."]
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "voucher"),
        ("kind", ""),
        ("tax_class", ""),
        ("shipping_class", ""),
        ("shipping_class", "by owl"),
        ("brand", "x"),
    ],
)
def test_a_missing_or_unreadable_kind_brand_or_shipping_class_is_an_error_of_the_form(
    editor: Client, shop: Shop, field: str, value: str
) -> None:
    answer = editor.post(product_url("add"), product_form() | {field: value})
    assert answer.status_code == 200
    assert field in errors_of(answer)
    assert not Product.objects.exists()


def test_who_may_only_draft_changes_neither_brand_nor_shipping_class(
    editor: Client, shop: Shop, kilnside: Brand
) -> None:
    content = add_product(editor, publish=True, brand=kilnside, shipping_class="bulky")
    drafter = UserFactory.create(is_staff=True)
    drafter.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "add_productcontent", "change_productcontent"])
    )
    browser = Client()
    browser.force_login(drafter)
    edit_product(browser, content, title="Redrafted", shipping_class="none")
    assert _assortment(content.product) == ("goods", kilnside, "bulky")
    drafted = add_product(browser, slug="drafted", kind="gift_card", shipping_class="none", brand=kilnside)
    assert _assortment(drafted.product) == ("goods", None, "standard")


@pytest.mark.parametrize("publish", [False, True], ids=["as a draft", "published"])
def test_reverting_brings_back_neither_brand_nor_shipping_class(
    editor: Client, shop: Shop, kilnside: Brand, *, publish: bool
) -> None:
    content = add_product(editor, publish=True, brand=kilnside, shipping_class="bulky")
    first = content.latest_revision
    edit_product(editor, content, publish=True, shipping_class="cold")
    old = product_form(content=first.as_object(), brand=kilnside, shipping_class="bulky")
    url = product_url("revisions_revert", content.pk, first.pk)
    assert editor.post(url, old | (PUBLISH if publish else {})).status_code == 302
    assert _assortment(content.product) == ("goods", None, "cold")


def test_no_revision_holds_brand_kind_shipping_class_or_collection(editor: Client, shop: Shop, kilnside: Brand) -> None:
    content = add_product(editor, publish=True, brand=kilnside, shipping_class="bulky")
    collection = Collection.objects.create(name="Winter", slug="winter")
    CollectionItem.objects.create(collection=collection, product=content.product)
    edit_product(editor, content, brand=kilnside, shipping_class="bulky")
    for revision in content.revisions.all():
        assert not {"kind", "brand", "shipping_class", "items", "collection_items"} & set(revision.content)
        assert str(kilnside.pk) not in str(revision.content)
        assert str(collection.pk) not in str(revision.content)
        assert "bulky" not in str(revision.content)


def test_products_are_filtered_by_brand_collection_and_kind(editor: Client, shop: Shop, kilnside: Brand) -> None:
    lamp = add_product(editor, slug="lamp", title="Lamp", brand=kilnside)
    add_product(editor, slug="card", title="Card", kind="gift_card", tax_class="zero")
    winter = Collection.objects.create(name="Winter", slug="winter")
    CollectionItem.objects.create(collection=winter, product=lamp.product)
    for query, titles in (
        ({"brand": kilnside.pk}, ["Lamp"]),
        ({"collection": winter.pk}, ["Lamp"]),
        ({"kind": "gift_card"}, ["Card"]),
        ({}, ["Card", "Lamp"]),
    ):
        listed = editor.get(product_url("list"), query).context["object_list"]
        assert [content.title for content in listed] == titles, query
