"""Attributes as shoppers compare by them: what a category asks for, and what a product has of that."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from cms.catalogue.attribute_sets import attributes_of
from cms.catalogue.attributing import plain
from cms.catalogue.models import Attribute, AttributeValue, CategoryAttribute
from cms.catalogue.wording import said
from commerce.listings.documents import AttributeChoiceDocument, AttributeDocument, AttributeHead, FacetDocument

_ASKED = (Attribute.Type.CHOICE, Attribute.Type.CHOICES)


def facets(category_keys: Iterable[uuid.UUID], *, language: str) -> list[FacetDocument]:
    """What products of these categories can be filtered by. Two queries."""
    return [_facet(each, language) for each in attributes_of(category_keys) if each.is_facet]


def _facet(attribute: Attribute, language: str) -> FacetDocument:
    choices = attribute.choices.all()
    return {
        **_head(attribute, language),
        "choices": [{"code": each.code, "label": said(each, "name", language=language)} for each in choices],
    }


def of_product(
    product_id: uuid.UUID | None, *, category_keys: Iterable[uuid.UUID], language: str
) -> list[AttributeDocument]:
    """What a product has of the attributes that these categories ask for, in the attributes' order. One query.

    What it has besides, from a category that it was in before, is not told.
    """
    asked = CategoryAttribute.objects.filter(category_key__in=set(category_keys)).values("attribute")
    rows = AttributeValue.objects.filter(product=product_id, attribute__in=asked).select_related("attribute", "choice")
    by_attribute: dict[uuid.UUID, list[AttributeValue]] = {}
    for row in rows:
        by_attribute.setdefault(row.attribute_id, []).append(row)
    with translation.override(language):
        return [_document(values, language) for values in by_attribute.values()]


def _document(values: list[AttributeValue], language: str) -> AttributeDocument:
    attribute = values[0].attribute
    head = _head(attribute, language)
    if attribute.type in _ASKED:
        chosen = [_choice(value, language) for value in values]
        codes = [each["code"] for each in chosen]
        value: Any = codes if attribute.type == Attribute.Type.CHOICES else codes[0]
        return {**head, "value": value, "display": ", ".join(each["label"] for each in chosen)}
    value, display = _single(values[0], head["unit"], language)
    return {**head, "value": value, "display": display}


def _choice(value: AttributeValue, language: str) -> AttributeChoiceDocument:
    choice = value.choice
    if choice is None:
        return {"code": "", "label": ""}
    return {"code": choice.code, "label": said(choice, "name", language=language)}


def _single(value: AttributeValue, unit: str, language: str) -> tuple[Any, str]:
    """The value as a program reads it, a number as text lest it lose digits; and as a shopper does."""
    if value.number is not None:
        number = plain(value.number)
        return str(number), f"{number_format(number, use_l10n=True)} {unit}".strip()
    if value.boolean is not None:
        return value.boolean, gettext("Yes") if value.boolean else gettext("No")
    if value.date is not None:
        return value.date.isoformat(), date_format(value.date)
    text = said(value, "text", language=language)
    return text, text


def _head(attribute: Attribute, language: str) -> AttributeHead:
    return {
        "code": attribute.code,
        "label": said(attribute, "name", language=language),
        "type": attribute.type,
        "unit": said(attribute, "unit", language=language),
    }
