"""The branches of the tree of categories, by the keys that all languages share."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from django.db.models import QuerySet

from cms.catalogue.categories import CategoryPage
from cms.prepared import prepared


@prepared
def _places() -> QuerySet[Any]:
    return CategoryPage.objects.order_by("path").values_list("path", "translation_key")


def with_ancestors() -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Every category's key with its own and all those above it, published or not. Languages share keys."""
    by_path: dict[str, uuid.UUID] = dict(_places())
    steps = CategoryPage.steplen
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for path, key in by_path.items():
        prefixes = (path[:length] for length in range(steps, len(path) + 1, steps))
        found[key].update(by_path[prefix] for prefix in prefixes if prefix in by_path)
    return {key: frozenset(keys) for key, keys in found.items()}
