"""What products need is not deleted from under them: each refusal says by what it is used, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from cms.catalogue.models import (
    Attribute,
    Brand,
    CategoryPage,
    Collection,
    Option,
    Product,
    ProductContent,
    ProductImage,
    Variant,
    Vendor,
)
from cms.catalogue.naming import uses
from cms.images.models import ShopImage
from cms.pages.models import HomePage
from tests.cms.editing import edit_product
from tests.factories import ProductContentFactory, ProductFactory, Shop, VariantFactory, picture
from tests.factories.promotions import PromotionFactory, PromotionTargetFactory
from tests.factories.vocabulary import attribute, give

pytestmark = pytest.mark.django_db


def _told(answer: HttpResponse) -> str:
    return " ".join(str(message) for message in answer.context["messages"])  # type: ignore[attr-defined]


def _bulk(model: Any, *rows: Any) -> str:
    """The address that the list sends a browser to which has chosen these rows."""
    url = reverse("wagtail_bulk_action", args=(model._meta.app_label, model._meta.model_name, "delete"))
    return f"{url}?{'&'.join(f'id={row.pk}' for row in rows)}&next={reverse('wagtailadmin_home')}"


def _used(kind: str) -> tuple[Any, str]:
    """Something that is in use, and by what."""
    product = ProductFactory.create()
    match kind:
        case "vendor":
            made = Vendor.objects.create(name="Works", slug="works")
            Product.objects.update(vendor=made)
            return made, "1 product would lose their vendor"
        case "attribute":
            height = attribute("Height", "number")
            give(product, height, number=3)
            return height, "1 product has a value of it"
        case "collection":
            winter = Collection.objects.create(name="Winter", slug="winter")
            PromotionTargetFactory.create(
                promotion=PromotionFactory.create(), kind="collection", collection=winter, product=None
            )
            return winter, "it is in use: promotion target (1)"
    brand = Brand.objects.create(name="Kilnside", slug="kilnside")
    PromotionTargetFactory.create(promotion=PromotionFactory.create(), kind="brand", brand=brand, product=None)
    return brand, "it is in use: promotion target (1)"


@pytest.mark.parametrize("kind", ["vendor", "attribute", "collection", "brand"])
def test_what_is_in_use_is_not_deleted_and_says_by_what(admin: Client, shop: Shop, kind: str) -> None:
    row, why = _used(kind)
    single = reverse(f"wagtailsnippets_catalogue_{kind}:delete", args=[row.pk])
    bulk = _bulk(type(row), row)
    for url in (single, bulk):
        answer = admin.post(url, follow=True)
        assert answer.status_code == 200
        assert why in _told(answer), url
        assert type(row).objects.filter(pk=row.pk).exists()


def test_an_attribute_that_no_product_has_is_deleted(admin: Client, shop: Shop) -> None:
    height = attribute("Height", "number")
    admin.post(reverse("wagtailsnippets_catalogue_attribute:delete", args=[height.pk]))
    assert not Attribute.objects.exists()


def test_an_option_that_variants_are_made_with_counts_them(shop: Shop) -> None:
    colour = Option.objects.create(name="Colour")
    VariantFactory.create(options={"Colour": "Moss"})
    VariantFactory.create(options={"Colour": "Rust", "Size": "M"})
    VariantFactory.create(options={"Size": "M"})
    assert (uses(colour.name).total(), uses(colour.name)["Moss"], uses(colour.name)["Oat"]) == (2, 1, 0)


@pytest.fixture
def lamps(shop: Shop) -> CategoryPage:
    """A category that holds nothing itself; the one below it holds two products."""
    above = shop.category("Lamps")
    below = shop.category("Desk lamps", parent=above)
    for _ in range(2):
        shop.place(ProductFactory.create(), below)
    return above


def _delete(browser: Client, *pages: Page) -> HttpResponse:
    if len(pages) == 1:
        return browser.post(reverse("wagtailadmin_pages:delete", args=[pages[0].pk]), follow=True)
    return browser.post(_bulk(Page, *pages), follow=True)


@pytest.mark.parametrize("how", ["itself", "the one above", "several"])
def test_a_category_that_holds_products_is_not_deleted(
    admin: Client, shop: Shop, lamps: CategoryPage, how: str
) -> None:
    shop.category("Vases")
    pages = {
        "itself": [CategoryPage.objects.get(slug="desk-lamps")],
        "the one above": [lamps],
        "several": [lamps, CategoryPage.objects.get(slug="vases")],
    }[how]
    answer = _delete(admin, *pages)
    assert answer.status_code == 200
    assert "“Desk lamps” holds 2 products. Take them out" in _told(answer)
    assert CategoryPage.objects.count() == 3
    assert not any(Page.find_problems())


def test_a_category_without_products_is_deleted(admin: Client, shop: Shop) -> None:
    _delete(admin, shop.category("Vases"))
    assert not CategoryPage.objects.exists()


def test_a_translation_of_a_category_goes_while_the_original_stays(
    admin: Client, shop: Shop, lamps: CategoryPage
) -> None:
    german = Locale.objects.create(language_code="de")
    home = HomePage(title="Start", slug="start", locale=german)
    Page.get_first_root_node().add_child(instance=home)
    desk = CategoryPage.objects.get(slug="desk-lamps")
    mine = home.add_child(
        instance=CategoryPage(title="Leuchten", slug="leuchten", locale=german, translation_key=desk.translation_key)
    )
    _delete(admin, mine)
    assert not CategoryPage.objects.filter(locale=german).exists()


def test_unpublishing_a_category_keeps_its_products_and_says_so(admin: Client, shop: Shop, lamps: CategoryPage) -> None:
    desk = CategoryPage.objects.get(slug="desk-lamps")
    answer = admin.post(reverse("wagtailadmin_pages:unpublish", args=[desk.pk]), follow=True)
    assert "2 products stay in this category" in _told(answer)


def _gallery(image: ShopImage, shop: Shop, admin: Client) -> str:
    ProductImage.objects.create(content=ProductContentFactory.create(), image=image, alt_text="Seen")
    return "product image (1)"


def _draft(image: ShopImage, shop: Shop, admin: Client) -> str:
    content: ProductContent = ProductContentFactory.create(title="Moss Lamp", slug="moss-lamp")
    content.save_revision().publish()
    edit_product(admin, content, pictures=[image])
    assert not ProductImage.objects.exists()
    return "draft of a product (1)"


def _variant(image: ShopImage, shop: Shop, admin: Client) -> str:
    VariantFactory.create(image=image)
    return "variant (1)"


def _category(image: ShopImage, shop: Shop, admin: Client) -> str:
    category = shop.category("Lamps")
    category.image = image
    category.save()
    return "category (1)"


def _logo(image: ShopImage, shop: Shop, admin: Client) -> str:
    Brand.objects.create(name="Kilnside", slug="kilnside", logo=image)
    return "brand (1)"


def _blocks(image: ShopImage, shop: Shop, admin: Client) -> str:
    category = shop.category("Lamps")
    shown = {"image": image, "caption": ""}
    category.body = [("image", shown)]
    category.save()
    return "category (1)"


PLACES = [_gallery, _draft, _variant, _category, _logo, _blocks]


@pytest.mark.parametrize("place", PLACES, ids=lambda each: each.__name__.strip("_"))
def test_a_picture_in_use_is_not_deleted_and_says_where_it_is(admin: Client, shop: Shop, place: Any) -> None:
    image, unused = picture("Front"), picture("Unused")
    why = f"“Front” cannot be deleted, it is in use: {place(image, shop, admin)}."
    single = reverse("wagtailimages:delete", args=[image.pk])
    bulk = _bulk(ShopImage, image, unused)
    for url, method in ((single, "get"), (single, "post"), (bulk, "get"), (bulk, "post")):
        answer = getattr(admin, method)(url, follow=True)
        assert answer.status_code == 200
        assert why in _told(answer), (url, method)
    assert ShopImage.objects.count() == 2
    assert Variant.objects.filter(image=None).count() == 0


def test_a_picture_that_nothing_shows_is_deleted(admin: Client, shop: Shop) -> None:
    image, other = picture("Front"), picture("Back")
    admin.post(reverse("wagtailimages:delete", args=[image.pk]))
    admin.post(_bulk(ShopImage, other))
    assert not ShopImage.objects.exists()
