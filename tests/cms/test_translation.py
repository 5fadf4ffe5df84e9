"""Products and categories in a second language: translated in the admin, published each for itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationContext

from cms.catalogue.models import CategoryPage, Placement, Product, ProductContent, Variant
from commerce.inventory.models import StockLevel
from commerce.pricing.models import Price
from tests.cms.editing import PUBLISH, add_product, product_form, product_url, story
from tests.factories import ProductContentFactory, ProductFactory, Shop, VariantFactory, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def german() -> Locale:
    return Locale.objects.create(language_code="de")


@pytest.fixture
def lamp(admin: Client, shop: Shop) -> ProductContent:
    content = add_product(admin, publish=True, pictures=[picture("Front")], story=story("<p>Pressed by hand.</p>"))
    variant = VariantFactory.create(product=content.product)
    shop.price(variant, 1999)
    shop.stock(variant, 10)
    return content


def _submit(browser: Client, content: ProductContent, locale: Locale) -> Translation:
    address = reverse("wagtail_localize:submit_snippet_translation", args=["catalogue", "productcontent", content.pk])
    assert browser.get(address).status_code == 200
    answer = browser.post(address, {"locales": [locale.pk]})
    assert answer.status_code == 302, answer.content
    return Translation.objects.get(source__object_id=content.translation_key, target_locale=locale)


def _say(translation: Translation, path: str, words: str) -> None:
    segment = StringSegment.objects.get(source=translation.source, context__path__endswith=path)
    StringTranslation.objects.update_or_create(
        translation_of=segment.string,
        locale=translation.target_locale,
        context=TranslationContext.objects.get(pk=segment.context_id),
        defaults={"data": words, "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL, "has_error": False},
    )


def _send(browser: Client, translation: Translation, path: str, words: str) -> None:
    """As the editor of translations does it."""
    segment = StringSegment.objects.get(source=translation.source, context__path=path)
    address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    sent = urlencode({"value": words})
    answer = browser.put(address, sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 201, answer.content


def _publish(browser: Client, content: ProductContent, on_commit: Any) -> Any:
    with on_commit(execute=True):
        answer = browser.post(product_url("edit", content.pk), {"action": "publish"}, follow=True)
    content.refresh_from_db()
    return answer


def _plain_rows() -> list[Any]:
    """Everything that sells, as it is stored."""
    models = (Product, Variant, Placement, Price, StockLevel)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_translation_shares_the_product_and_its_pictures_and_says_its_own_words(
    admin: Client, shop: Shop, lamp: ProductContent, german: Locale, django_capture_on_commit_callbacks: Any
) -> None:
    before = _plain_rows()
    translation = _submit(admin, lamp, german)
    target = ProductContent.objects.get(locale=german)
    assert (target.product_id, target.live) == (lamp.product_id, False)
    assert admin.get(product_url("edit", target.pk)).status_code == 200
    _send(admin, translation, "title", "Mooslampe")
    for path, words in (("slug", "mooslampe"), ("alt_text", "Von vorn")):
        _say(translation, path, words)
    _publish(admin, target, django_capture_on_commit_callbacks)
    assert (target.title, target.slug, target.live) == ("Mooslampe", "mooslampe", True)
    [shown], [original] = target.gallery.all(), lamp.gallery.all()
    assert (shown.alt_text, shown.image_id, shown.locale_id) == ("Von vorn", original.image_id, german.pk)
    assert original.alt_text == "Seen: Front"
    assert _plain_rows() == before


def test_a_change_of_the_original_is_brought_over_and_takes_no_translation_offline(
    admin: Client, shop: Shop, lamp: ProductContent, german: Locale, django_capture_on_commit_callbacks: Any
) -> None:
    translation = _submit(admin, lamp, german)
    target = ProductContent.objects.get(locale=german)
    _say(translation, "title", "Mooslampe")
    _publish(admin, target, django_capture_on_commit_callbacks)
    back = picture("Back")
    form = product_form(title="Moss Lamp", summary="Now greener.", content=lamp, pictures=[back])
    assert admin.post(product_url("edit", lamp.pk), form | PUBLISH).status_code == 302
    update = reverse("wagtail_localize:update_translations", args=[translation.source_id])
    assert admin.get(update).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post(update, {}).status_code == 302
    target.refresh_from_db()
    assert target.live
    assert "summary" in {segment.context.path for segment in StringSegment.objects.filter(source=translation.source)}
    _say(translation, "summary", "Jetzt grüner.")
    _publish(admin, target, django_capture_on_commit_callbacks)
    assert (target.title, target.summary) == ("Mooslampe", "Jetzt grüner.")
    assert back.pk in {each.image_id for each in target.gallery.all()}


def test_a_draft_can_be_translated_and_goes_live_only_when_published(
    admin: Client, api: Any, shop: Shop, german: Locale
) -> None:
    content = add_product(admin, pictures=[picture("Front")])
    _submit(admin, content, german)
    assert not ProductContent.objects.filter(live=True).exists()
    assert ProductContent.objects.count() == 2


def test_an_address_that_is_taken_is_said_at_the_string_and_changes_nothing(
    admin: Client, shop: Shop, lamp: ProductContent, german: Locale, django_capture_on_commit_callbacks: Any
) -> None:
    ProductContentFactory.create(product=ProductFactory.create(), locale=german, slug="mooslampe")
    translation = _submit(admin, lamp, german)
    _say(translation, "slug", "mooslampe")
    target = ProductContent.objects.get(locale=german, product=lamp.product)
    answer = _publish(admin, target, django_capture_on_commit_callbacks)
    assert "validation errors" in answer.content.decode()
    assert not target.live
    [said] = StringTranslation.objects.filter(context__path="slug")
    assert said.get_error() == "Another product in this language has this slug."


def test_a_category_is_translated_like_any_page(
    admin: Client, shop: Shop, german: Locale, django_capture_on_commit_callbacks: Any
) -> None:
    lamps = shop.category("Lamps")
    lamps.save_revision().publish()
    with transaction.atomic(), django_capture_on_commit_callbacks(execute=True):
        address = reverse("wagtail_localize:submit_page_translation", args=[lamps.pk])
        assert admin.post(address, {"locales": [german.pk]}).status_code == 302
    target = CategoryPage.objects.get(locale=german)
    translation = Translation.objects.get(source__object_id=lamps.translation_key)
    _say(translation, "title", "Lampen")
    _say(translation, "slug", "lampen")
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(reverse("wagtailadmin_pages:edit", args=[target.pk]), {"action": "publish"})
    target.refresh_from_db()
    assert (target.title, target.slug, target.live) == ("Lampen", "lampen", True)
    assert target.translation_key == lamps.translation_key
