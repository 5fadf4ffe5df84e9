"""The words that products are described in: options with their swatches, attributes with their choices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cms.catalogue.models import (
    Attribute,
    AttributeChoice,
    AttributeValue,
    CategoryAttribute,
    CategoryPage,
    Option,
    OptionValue,
    Product,
)
from demo import catalogue, german
from demo.attributes import ATTRIBUTES, VALUES, Value
from demo.wording import Both


def in_german(**words: str) -> dict[str, dict[str, str]]:
    """As `WordsField` keeps them: nothing for what is empty."""
    return {"de": {column: text for column, text in words.items() if text}}


def write_options() -> None:
    for position, (name, said) in enumerate(german.OPTIONS.items()):
        option = Option.objects.create(name=name, words=in_german(name=said), position=position)
        OptionValue.objects.bulk_create(
            OptionValue(
                option=option,
                name=value,
                words=in_german(name=translated),
                swatch=catalogue.INKS[value] if name == "Colour" else "",
                position=place,
            )
            for place, (value, translated) in enumerate(german.VALUES[name].items())
        )


def write_attributes(pages: dict[str, CategoryPage]) -> None:
    for position, wanted in enumerate(ATTRIBUTES):
        attribute = Attribute.objects.create(
            code=wanted.code,
            name=wanted.name.en,
            words=in_german(name=wanted.name.de, unit=wanted.unit.de),
            type=wanted.type,
            unit=wanted.unit.en,
            is_facet=wanted.is_facet,
            position=position,
        )
        AttributeChoice.objects.bulk_create(
            AttributeChoice(attribute=attribute, code=code, name=said.en, words=in_german(name=said.de), position=place)
            for place, (code, said) in enumerate(wanted.choices)
        )
        CategoryAttribute.objects.bulk_create(
            CategoryAttribute(category_key=pages[slug].translation_key, attribute=attribute) for slug in wanted.within
        )


def describe(products: dict[str, Product]) -> None:
    """Say of each product what it has of the attributes."""
    attributes = {each.code: each for each in Attribute.objects.all()}
    choices = {(each.attribute_id, each.code): each for each in AttributeChoice.objects.all()}
    AttributeValue.objects.bulk_create(
        AttributeValue(product=products[slug], attribute=attributes[code], **column)
        for slug, values in VALUES.items()
        for code, value in values.items()
        for column in _columns(value, attributes[code], choices)
    )


def _columns(value: Value, attribute: Attribute, choices: dict[Any, AttributeChoice]) -> list[dict[str, Any]]:
    """The columns of a row, or of several for several choices."""
    match value:
        case bool():
            return [{"boolean": value}]
        case int() | Decimal():
            return [{"number": value}]
        case date():
            return [{"date": value}]
        case Both():
            return [{"text": value.en, "words": in_german(text=value.de)}]
    codes = (value,) if isinstance(value, str) else value
    return [{"choice": choices[attribute.pk, code]} for code in codes]
