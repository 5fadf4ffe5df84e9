"""Attributes: a category asks for them, the form of a product fills them in, and no type changes under a value."""

from __future__ import annotations

import html
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.blocks.story import TEXT_FEATURES
from cms.catalogue.models import Attribute, AttributeValue, CategoryAttribute, CategoryPage, ProductContent
from tests.cms.editing import edit_product, errors_of, product_form, product_url
from tests.factories import ProductContentFactory, Shop, UserFactory
from tests.factories.vocabulary import ask, attribute, give

pytestmark = pytest.mark.django_db


def _attribute_form(which: Attribute, *, choices: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    kept = [{"id": each.pk, "name": each.name} for each in which.choices.all()] if which.pk else []
    rows = kept if choices is None else choices
    return nested_form_data(
        {
            "name": which.name,
            "code": which.code,
            "type": which.type,
            "unit": which.unit,
            "position": "0",
            "choices": inline_formset(rows, initial=len([row for row in rows if row.get("id")])),
            **fields,
        }
    )


def _save(browser: Client, which: Attribute, **form: Any) -> Any:
    url = reverse("wagtailsnippets_catalogue_attribute:edit", args=[which.pk])
    return browser.post(url, _attribute_form(which, **form))


def _category_form(category: CategoryPage, *attributes: Attribute) -> dict[str, Any]:
    words = rich_text("<p>For reading.</p>", features=TEXT_FEATURES)
    written = {"title": category.title, "slug": category.slug, "seo_title": "", "search_description": ""}
    fields = {**written, "introduction": words, "image": "", "body": streamfield([]), "social_image": ""}
    return nested_form_data(fields) | {"attributes": [str(each.pk) for each in attributes]}


def _asked(category: CategoryPage) -> set[str]:
    rows = CategoryAttribute.objects.filter(category_key=category.translation_key)
    return set(rows.values_list("attribute__name", flat=True))


def test_a_merchandiser_makes_an_attribute_and_its_choices_are_coded_after_their_names(editor: Client) -> None:
    new = Attribute(name="Material", code="material", type="choice")
    choices = [{"id": "", "name": "Oak", "ORDER": 1}, {"id": "", "name": "oak!", "ORDER": 2}]
    answer = editor.post(
        reverse("wagtailsnippets_catalogue_attribute:add"),
        _attribute_form(new, choices=[choices[0], choices[1] | {"words_0": "Eiche"}]),
    )
    assert answer.status_code == 302, errors_of(answer)
    made = Attribute.objects.get()
    assert [(each.code, each.name) for each in made.choices.all()] == [("oak", "Oak"), ("oak-2", "oak!")]


def test_the_type_of_an_attribute_that_products_use_is_refused_and_says_by_how_many(editor: Client, shop: Shop) -> None:
    height = attribute("Height", "number")
    for _ in range(2):
        give(ProductContentFactory.create().product, height, number=12)
    answer = _save(editor, height, type="text")
    assert "2 products have a value of this type" in errors_of(answer)["type"][0]
    height.refresh_from_db()
    assert (height.type, AttributeValue.objects.filter(number=12).count()) == ("number", 2)
    AttributeValue.objects.all().delete()
    assert _save(editor, height, type="text").status_code == 302


def test_a_choice_that_products_have_is_not_taken_away(editor: Client, shop: Shop) -> None:
    material = attribute("Material", "choice", choices=("Oak", "Glass"))
    give(ProductContentFactory.create().product, material, "Oak")
    rows = [{"id": each.pk, "name": each.name, "DELETE": "1"} for each in material.choices.all()]
    answer = _save(editor, material, choices=rows)
    assert "“Oak” cannot be taken away: 1 product has it" in str(errors_of(answer)["__all__"])
    assert "Glass" not in str(errors_of(answer)["__all__"])
    assert material.choices.count() == 2
    assert _save(editor, material, choices=[rows[0] | {"DELETE": ""}, rows[1]]).status_code == 302
    assert [each.name for each in material.choices.all()] == ["Oak"]


def test_choices_belong_to_the_types_that_have_them(editor: Client) -> None:
    answer = _save(editor, attribute("Material", "choice", choices=("Oak",)), type="number")
    assert "take the choices away first" in errors_of(answer)["type"][0]


def test_a_category_keeps_its_attribute_set_at_once_and_shows_what_it_inherits(editor: Client, shop: Shop) -> None:
    lamps = shop.category("Lamps")
    desk = shop.category("Desk lamps", parent=lamps)
    material, height = attribute("Material"), attribute("Height", "number")
    url = reverse("wagtailadmin_pages:edit", args=[lamps.pk])
    answer = editor.post(url, _category_form(lamps, material))
    assert answer.status_code == 302, errors_of(answer)
    assert _asked(lamps) == {"Material"}
    form = editor.get(reverse("wagtailadmin_pages:edit", args=[desk.pk])).context["form"]
    assert form.fields["attributes"].help_text == "Products of this category also have: Material (from Lamps)."
    assert list(form.fields["attributes"].queryset) == [height]
    assert all("Material" not in str(revision.content) for revision in Revision.objects.all())
    editor.post(url, _category_form(lamps))
    assert _asked(lamps) == set()


def test_who_may_not_publish_pages_does_not_change_an_attribute_set(editor: Client, shop: Shop) -> None:
    lamps, material = shop.category("Lamps"), attribute("Material")
    GroupPagePermission.objects.filter(permission__codename="publish_page").delete()
    editor.post(reverse("wagtailadmin_pages:edit", args=[lamps.pk]), _category_form(lamps, material))
    assert _asked(lamps) == set()


@pytest.fixture
def lamp(shop: Shop) -> ProductContent:
    """A lamp of a category that asks for one attribute of each type, some of them by the category above."""
    lamps = shop.category("Lamps")
    desk = shop.category("Desk lamps", parent=lamps)
    ask(lamps, attribute("Care", "text", position=5), attribute("Washable", "boolean", position=4))
    ask(
        desk,
        attribute("Height", "number", unit="cm", position=1),
        attribute("Material", "choice", choices=("Oak", "Glass"), position=2),
        attribute("Rooms", "choices", choices=("Hall", "Bath"), position=3),
        attribute("Since", "date", position=6),
    )
    content: ProductContent = ProductContentFactory.create(title="Moss Lamp", slug="moss-lamp")
    content.save_revision().publish()
    shop.place(content.product, desk)
    return content


def _filled(content: ProductContent, **values: Any) -> dict[str, Any]:
    """What the attribute fields send, by the attributes' names."""
    attributes = {each.name: each for each in Attribute.objects.all()}
    sent: dict[str, Any] = {"attributes_shown": [str(each.pk) for each in attributes.values()]}
    for name, value in values.items():
        choices = {each.name: str(each.pk) for each in attributes[name].choices.all()}
        sent[f"attribute_{attributes[name].pk.hex}"] = (
            [choices[each] for each in value] if isinstance(value, list) else choices.get(value, value)
        )
    return sent


def _submit(browser: Client, content: ProductContent, **values: Any) -> Any:
    categories = CategoryPage.objects.filter(slug="desk-lamps", locale=content.locale)
    form = product_form(content=content, categories=list(categories)) | _filled(content, **values)
    return browser.post(product_url("edit", content.pk), form)


def _values(content: ProductContent) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in AttributeValue.objects.filter(product=content.product).select_related("attribute", "choice"):
        value = row.choice.name if row.choice else row.number if row.number is not None else row.boolean
        found.setdefault(row.attribute.name, []).append(row.date or row.text if value is None else value)
    return found


FULL = {
    "Height": "12.5",
    "Material": "Oak",
    "Rooms": ["Hall", "Bath"],
    "Washable": "false",
    "Care": "Dust it",
    "Since": "2026-01-31",
}


def test_the_form_of_a_product_asks_for_what_its_categories_ask_for_in_the_attributes_order(
    editor: Client, lamp: ProductContent
) -> None:
    answer = editor.get(product_url("edit", lamp.pk))
    fields = [field.label for field in answer.context["form"].of_attributes.shown()]
    assert fields == ["Height (cm)", "Material", "Rooms", "Washable", "Care", "Since"]
    assert all(f"{label}" in answer.content.decode() for label in fields)


def test_values_of_every_type_are_kept_changed_and_emptied(editor: Client, lamp: ProductContent) -> None:
    answer = _submit(editor, lamp, **FULL)
    assert answer.status_code == 302, errors_of(answer)
    kept = _values(lamp)
    assert kept["Height"] == [Decimal("12.5")]
    assert (kept["Material"], kept["Rooms"], kept["Washable"]) == (["Oak"], ["Hall", "Bath"], [False])
    assert (kept["Care"], str(kept["Since"][0])) == (["Dust it"], "2026-01-31")
    keys = set(AttributeValue.objects.values_list("pk", flat=True))
    assert _submit(editor, lamp, **FULL).status_code == 302
    assert set(AttributeValue.objects.values_list("pk", flat=True)) == keys
    changed = FULL | {"Material": "Glass", "Rooms": ["Bath"], "Washable": "unknown", "Care": "", "Height": "0"}
    assert _submit(editor, lamp, **changed).status_code == 302
    kept = _values(lamp)
    assert (kept["Material"], kept["Rooms"], kept["Height"]) == (["Glass"], ["Bath"], [Decimal(0)])
    assert "Washable" not in kept
    assert "Care" not in kept
    assert not Revision.objects.filter(content__icontains="Dust it").exists()


@pytest.mark.parametrize(
    ("name", "written"),
    [("Height", "tall"), ("Height", "1e400"), ("Height", "NaN"), ("Material", "999999"), ("Since", "31.31.2026")],
)
def test_what_cannot_be_a_value_is_an_error_of_the_form_and_writes_nothing(
    editor: Client, lamp: ProductContent, name: str, written: str
) -> None:
    answer = _submit(editor, lamp, **(FULL | {name: written}))
    assert answer.status_code == 200
    wrong = answer.context["form"].of_attributes.errors
    assert list(wrong) == [f"attribute_{Attribute.objects.get(name=name).pk.hex}"]
    assert str(next(iter(wrong.values()))[0]) in html.unescape(answer.content.decode())
    assert not AttributeValue.objects.exists()


def test_a_form_that_did_not_show_an_attribute_does_not_empty_it(editor: Client, lamp: ProductContent) -> None:
    give(lamp.product, Attribute.objects.get(name="Care"), text="Dust it")
    edit_product(editor, lamp, title="Moss Lamp II")
    assert _values(lamp) == {"Care": ["Dust it"]}


def test_a_value_whose_attribute_is_asked_for_no_more_is_kept_and_told(editor: Client, lamp: ProductContent) -> None:
    give(lamp.product, Attribute.objects.get(name="Height"), number="12.5")
    lamp.product.placements.all().delete()
    shown = editor.get(product_url("edit", lamp.pk)).content.decode()
    assert "Height: 12.5 cm" in shown
    assert "no category of this product asks for it any more" in shown
    assert _values(lamp) == {"Height": [Decimal("12.5")]}


def test_in_another_language_a_text_is_that_languages_and_the_rest_is_the_same(
    editor: Client, lamp: ProductContent
) -> None:
    german = Locale.objects.create(language_code="de")
    mine: ProductContent = ProductContentFactory.create(product=lamp.product, locale=german, title="Moosleuchte")
    mine.save_revision()
    care = Attribute.objects.get(name="Care")
    field = f"attribute_{care.pk.hex}"
    assert editor.get(product_url("edit", mine.pk)).context["form"].of_attributes.fields[field].disabled
    give(lamp.product, care, text="Dust it")
    assert _submit(editor, mine, Care="Abstauben", Height="3").status_code == 302
    value = AttributeValue.objects.get(attribute=care)
    assert (value.text, value.words) == ("Dust it", {"de": {"text": "Abstauben"}})
    assert AttributeValue.objects.get(attribute__name="Height").number == 3
    assert _submit(editor, mine, Care="", Height="3").status_code == 302
    value.refresh_from_db()
    assert (value.text, value.words) == ("Dust it", {})


def test_who_may_only_draft_looks_at_attributes(shop: Shop, lamp: ProductContent) -> None:
    drafter = UserFactory.create(is_staff=True)
    drafter.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_productcontent"]))
    browser = Client()
    browser.force_login(drafter)
    assert _submit(browser, lamp, **FULL).status_code == 302
    assert not AttributeValue.objects.exists()


def test_publishing_what_was_before_leaves_the_attributes_as_they_are(editor: Client, lamp: ProductContent) -> None:
    first = lamp.latest_revision
    _submit(editor, lamp, **FULL)
    kept = _values(lamp)
    first.publish()
    assert _values(lamp) == kept
