"""Options in the Wagtail admin: renaming them everywhere, and keeping what variants have."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.catalogue.barcodes import NotABarcode, read_barcode, spellings
from cms.catalogue.models import Option, OptionValue, Variant
from tests.cms.editing import errors_of
from tests.factories import Shop
from tests.factories.promotions import PromotionTargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def colour() -> Option:
    option: Option = Option.objects.create(name="Colour", words={"de": {"name": "Farbe"}})
    for place, name in enumerate(["Moss", "Rust"]):
        OptionValue.objects.create(option=option, name=name, position=place)
    return option


def _url(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_catalogue_option:{name}", args=args)


def _sent(option: Option | None, *values: dict[str, Any], name: str = "Colour") -> dict[str, Any]:
    initial = option.values.count() if option else 0
    words = {"words_de_name": "", "words_fr_name": ""}
    rows = [{"swatch": "", "image": "", **words, **each} for each in values]
    return nested_form_data(
        {
            "name": name,
            "position": "0",
            **words,
            "words_de_name": "Farbe",
            "values": inline_formset(rows, initial=initial),
        }
    )


def _rows(option: Option, **changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": each.pk, "name": each.name, **changes.get(each.name, {})} for each in option.values.all()]


def _edited(browser: Client, option: Option, *values: dict[str, Any], name: str = "Colour") -> Any:
    return browser.post(_url("edit", option.pk), _sent(option, *values, name=name))


def test_a_merchandiser_makes_an_option_with_values_in_order(editor: Client, shop: Shop) -> None:
    values = [
        {"name": "Rust", "ORDER": "2"},
        {"name": "Moss", "swatch": "#7d8b6a", "words_de_name": "Moos", "ORDER": "1"},
    ]
    answer = editor.post(_url("add"), _sent(None, *values))
    assert answer.status_code == 302, errors_of(answer)
    option = Option.objects.get()
    assert option.words == {"de": {"name": "Farbe"}}
    assert [(each.name, each.swatch) for each in option.values.all()] == [("Moss", "#7d8b6a"), ("Rust", "")]
    assert "Moss, Rust" in editor.get(_url("list")).content.decode()


def test_a_swatch_that_is_no_colour_is_refused(editor: Client, shop: Shop) -> None:
    answer = editor.post(_url("add"), _sent(None, {"name": "Moss", "swatch": "green"}))
    assert "Write a colour as #7d8b6a." in answer.content.decode()


def test_a_renamed_option_and_value_are_renamed_at_variants_and_promotions(
    editor: Client, shop: Shop, colour: Option
) -> None:
    moss = shop.sell(options={"Size": "S", "Colour": "Moss"})
    rust = shop.sell(options={"Colour": "Rust"})
    other = shop.sell(options={"Cover": "Moss"})
    target = PromotionTargetFactory.create(kind="attribute", option_name="Colour", option_value="Moss")
    answer = _edited(editor, colour, *_rows(colour, Moss={"name": "Fern"}), name="Shade")
    assert answer.status_code == 302, errors_of(answer)
    assert [list(Variant.objects.get(pk=each.pk).options.items()) for each in (moss, rust, other)] == [
        [("Size", "S"), ("Shade", "Fern")],
        [("Shade", "Rust")],
        [("Cover", "Moss")],
    ]
    target.refresh_from_db()
    assert (target.option_name, target.option_value) == ("Shade", "Fern")


def test_a_renaming_that_fails_renames_nothing(
    editor: Client, shop: Shop, colour: Option, monkeypatch: pytest.MonkeyPatch
) -> None:
    variant = shop.sell(options={"Colour": "Moss"})

    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("cms.catalogue.naming.option_renamed.send", fail)
    with pytest.raises(RuntimeError):
        _edited(editor, colour, *_rows(colour), name="Shade")
    assert not connection.needs_rollback
    assert Option.objects.get().name == "Colour"
    assert Variant.objects.get(pk=variant.pk).options == {"Colour": "Moss"}


def test_a_value_in_use_is_kept_with_the_number_of_its_variants(editor: Client, shop: Shop, colour: Option) -> None:
    shop.sell(options={"Colour": "Moss"})
    shop.sell(options={"Colour": "Moss"})
    answer = _edited(editor, colour, *_rows(colour, Moss={"DELETE": "1"}))
    assert "Moss cannot be deleted: 2 variants have it. Change them first." in answer.content.decode()
    assert colour.values.count() == 2
    assert _edited(editor, colour, *_rows(colour, Rust={"DELETE": "1"})).status_code == 302
    assert [each.name for each in OptionValue.objects.all()] == ["Moss"]


def test_names_are_not_swapped_in_one_go(editor: Client, shop: Shop, colour: Option) -> None:
    answer = _edited(editor, colour, *_rows(colour, Moss={"name": "Rust"}, Rust={"name": "Moss"}))
    assert "Another value has been called Rust until now." in answer.content.decode()


def test_an_option_in_use_cannot_be_deleted(editor: Client, shop: Shop, colour: Option) -> None:
    variant = shop.sell(options={"Colour": "Moss"})
    answer = editor.post(_url("delete", colour.pk), follow=True)
    assert "Colour cannot be deleted: 1 variant is made with it." in answer.content.decode()
    Variant.objects.filter(pk=variant.pk).update(options={})
    editor.post(_url("delete", colour.pk))
    assert not Option.objects.exists()


@pytest.mark.parametrize("written", ["4006381333931", "40 06381-333931", "96385074", "036000291452", "10614141000415"])
def test_barcodes_of_all_lengths_are_read(written: str) -> None:
    assert read_barcode(written) in spellings(read_barcode(written))


@pytest.mark.parametrize("written", ["4006381333932", "123", "A006381333931", "٤٠٠٦٣٨١٣٣٣٩٣١", "400638133393111"])
def test_what_is_no_barcode_is_refused(written: str) -> None:
    with pytest.raises(NotABarcode):
        read_barcode(written)
