"""Attributes, what products have of them, and collections by rules."""

from __future__ import annotations

from typing import Any

from cms.catalogue.models import (
    Attribute,
    AttributeChoice,
    AttributeValue,
    CategoryAttribute,
    CategoryPage,
    Collection,
    CollectionRule,
    Product,
)


def attribute(name: str, type: str = "text", *, choices: tuple[str, ...] = (), **fields: Any) -> Attribute:
    """Its choices are coded by their names in small letters."""
    made = Attribute.objects.create(code=name.lower(), name=name, type=type, **fields)
    for position, choice in enumerate(choices):
        AttributeChoice.objects.create(attribute=made, code=choice.lower(), name=choice, position=position)
    return made


def ask(category: CategoryPage, *attributes: Attribute) -> None:
    """Put attributes into the set of the category."""
    for each in attributes:
        CategoryAttribute.objects.create(category_key=category.translation_key, attribute=each)


def give(product: Product, which: Attribute, *choices: str, **value: Any) -> None:
    """The product has this of the attribute: choices by name, or a value in the column of its type."""
    for name in choices:
        choice = which.choices.get(name=name)
        AttributeValue.objects.create(product=product, attribute=which, choice=choice)
    if value:
        AttributeValue.objects.create(product=product, attribute=which, **value)


def rules_collection(*rules: tuple[str, dict[str, Any]], is_not: bool = False, **fields: Any) -> Collection:
    made = Collection.objects.create(
        **{"name": "Found", "slug": "found", "method": Collection.Method.RULES, "order": "title", **fields}
    )
    for position, (subject, value) in enumerate(rules):
        CollectionRule.objects.create(collection=made, subject=subject, value=value, position=position, is_not=is_not)
    return made
