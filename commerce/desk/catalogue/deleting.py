"""Which products may be deleted: those that nobody outside the catalogue has ever heard of. The others are archived.

What is asked is every row of commerce that refers to the product or to one of its variants: orders, stock and its
movements, carts, prices and their history, promotions. A bundle that has the product as a part counts too.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from cms.catalogue.models import BundlePart, Product, Variant

# What the merchandiser is told; what is not here goes by the name that its model has.
_WORDS = {
    "OrderLine": "orders",
    "ReturnLine": "orders",
    "StockLevel": "stock",
    "StockMovement": "stock",
    "Reservation": "stock",
    "StockCountLine": "stock counts",
    "CartLine": "carts",
    "Price": "prices",
    "PriceChange": "prices",
    "VariantCost": "prices",
    "PromotionTarget": "promotions",
    "Promotion": "promotions",
}
# Settings of a variant, which nobody misses.
_GO_WITH_IT = {"StockPolicy", "OrderLimit"}


def reasons_to_keep(products: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """By product, what knows of it; a product that may be deleted is not in the answer. A fixed number of queries."""
    found: dict[uuid.UUID, dict[str, None]] = {}
    for words, keys in _referring(list(products)):
        for key in keys:
            found.setdefault(key, {})[words] = None
    return {key: list(words) for key, words in found.items()}


def _referring(products: list[uuid.UUID]) -> Iterator[tuple[str, QuerySet[Any]]]:
    for owner, path in ((Product, ""), (Variant, "__product")):
        for relation in owner._meta.get_fields(include_hidden=True):
            model: Any = relation.related_model
            if not isinstance(relation, ForeignObjectRel) or model._meta.app_label == Product._meta.app_label:
                continue
            if model.__name__ in _GO_WITH_IT or relation.field.many_to_many:
                continue
            lookup = f"{relation.field.name}{path}"
            rows = model._base_manager.filter(**{f"{lookup}__in": products}).order_by()
            words = _WORDS.get(model.__name__, str(model._meta.verbose_name_plural))
            yield words, rows.values_list(lookup, flat=True).distinct()
    parts = BundlePart.objects.filter(part__product__in=products).order_by()
    yield "bundles", parts.exclude(bundle__product__in=products).values_list("part__product", flat=True).distinct()
