"""Which attributes a category asks for: its own and those of all above it, in the attributes' own order."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from cms.catalogue.branches import with_ancestors
from cms.catalogue.vocabulary import Attribute, CategoryAttribute


def attributes_of(category_keys: Iterable[uuid.UUID]) -> QuerySet[Attribute]:
    """The sets of exactly these categories put together, with the choices. Two queries."""
    asked = CategoryAttribute.objects.filter(category_key__in=set(category_keys)).values("attribute")
    return Attribute.objects.filter(pk__in=asked).prefetch_related("choices")


def attributes_within(category_keys: Iterable[uuid.UUID]) -> QuerySet[Attribute]:
    """The sets of these categories and of all above them. Three queries."""
    above = with_ancestors()
    return attributes_of(key for each in category_keys for key in above.get(each, ()))
