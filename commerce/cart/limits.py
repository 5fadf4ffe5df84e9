"""How few and how many of a variant a line may hold."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from cms.catalogue.models import Variant
from cms.prepared import prepared
from commerce.cart.models import MAX_QUANTITY, OrderLimit
from commerce.kit.errors import DomainError, ErrorKind


class QuantityOutOfBounds(DomainError):
    """`facts["lines"]` names the variant with its own bounds: `{"variant", "requested", "min", "max"}`."""

    code = "quantity_out_of_bounds"
    title = f"A line holds from 1 to {MAX_QUANTITY} of a variant"
    kind = ErrorKind.INVALID


@dataclass(frozen=True, slots=True)
class Bounds:
    min: int = 1
    max: int = MAX_QUANTITY

    def admit(self, quantity: int) -> bool:
        return self.min <= quantity <= self.max

    def check(self, quantity: int, *, variant_id: uuid.UUID) -> None:
        """Raises `QuantityOutOfBounds`."""
        if not self.admit(quantity):
            facts = {"variant": str(variant_id), "requested": quantity, "min": self.min, "max": self.max}
            raise QuantityOutOfBounds(f"From {self.min} to {self.max} of this can be bought at once.", lines=[facts])


def bounds_of(variant: Variant) -> Bounds:
    """No query where the variant was fetched with its limit, by `select_related("order_limit")`."""
    limit: OrderLimit | None = getattr(variant, "order_limit", None)
    return _bounds(limit) if limit else Bounds()


def bounds_for(variant_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Bounds]:
    """For all of these, in one query."""
    limits: list[OrderLimit] = _limits(variants=list(variant_ids))
    return dict.fromkeys(variant_ids, Bounds()) | {limit.variant_id: _bounds(limit) for limit in limits}


@prepared
def _limits(*, variants: list[uuid.UUID]) -> QuerySet[OrderLimit]:
    return OrderLimit.objects.filter(variant__among=variants)


def _bounds(limit: OrderLimit) -> Bounds:
    return Bounds(limit.min_quantity, limit.max_quantity)
