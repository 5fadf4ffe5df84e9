"""Every value of an attribute is of its type, and stands where a merchandiser finds it on the product's form."""

from datetime import date
from decimal import Decimal

import pytest

from demo.attributes import ATTRIBUTES, VALUES, Attribute, Value
from demo.catalogue import CATEGORIES, PRODUCTS
from demo.wording import Both

PARENTS = {category.slug: category.parent for category in CATEGORIES}
PRODUCTS_BY_SLUG = {product.slug: product for product in PRODUCTS}
BY_CODE = {attribute.code: attribute for attribute in ATTRIBUTES}
TYPES = {"text": Both, "number": (int, Decimal), "choice": str, "choices": tuple, "boolean": bool, "date": date}


def _belongs(attribute: Attribute, categories: tuple[str, ...]) -> bool:
    """Whether one of the categories, or the one above it, has the attribute in its set."""
    return not {*categories, *(PARENTS[slug] for slug in categories)}.isdisjoint(attribute.within)


def _chosen(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def test_every_type_of_attribute_is_shown_and_only_numbers_have_a_unit() -> None:
    assert {attribute.type for attribute in ATTRIBUTES} == set(TYPES)
    assert {attribute.type for attribute in ATTRIBUTES if attribute.unit.en} == {"number"}
    assert all(attribute.choices for attribute in ATTRIBUTES if attribute.type.startswith("choice"))
    assert len(BY_CODE) == len(ATTRIBUTES)


def test_most_of_the_shop_is_described() -> None:
    assert len(VALUES) >= 50
    assert {code for values in VALUES.values() for code in values} == set(BY_CODE)


@pytest.mark.parametrize("slug", VALUES)
def test_a_product_has_values_of_the_attributes_of_its_categories(slug: str) -> None:
    for code, value in VALUES[slug].items():
        attribute = BY_CODE[code]
        assert _belongs(attribute, PRODUCTS_BY_SLUG[slug].categories), code
        assert isinstance(value, TYPES[attribute.type]), code
        assert isinstance(value, bool) == (attribute.type == "boolean"), code
        if attribute.choices:
            assert {choice for choice, _ in attribute.choices}.issuperset(_chosen(value)), code


def test_every_choice_is_made_somewhere() -> None:
    made = {(code, each) for values in VALUES.values() for code, value in values.items() for each in _chosen(value)}
    offered = {(attribute.code, choice) for attribute in ATTRIBUTES for choice, _ in attribute.choices}
    assert offered - made == set()
