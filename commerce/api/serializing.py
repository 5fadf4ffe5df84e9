"""Values to documents and documents to values, by serializers that are made once.

Making a serializer copies its fields, and theirs, and costs several times what using it does. One that is neither
bound to a value nor to a request keeps nothing between two uses.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer

Document = dict[str, Any]


def written(shape: type[Serializer[Any]], value: Any) -> Document:
    return dict(_made(shape).to_representation(value))


def written_all(shape: type[Serializer[Any]], values: Iterable[Any]) -> list[Document]:
    return [written(shape, value) for value in values]


def checked(shape: type[Serializer[Any]], data: Any) -> Document:
    """What was sent, as the shape reads it. Raises DRF's `ValidationError`."""
    if data is None:
        raise ValidationError({"non_field_errors": ["No data provided"]})
    return dict(_made(shape).run_validation(data))


@cache
def _made(shape: type[Serializer[Any]]) -> Serializer[Any]:
    return shape()
