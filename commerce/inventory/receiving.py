from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from commerce.inventory.composition import refuse_bundles
from commerce.inventory.levels import Change, announce, change_levels, lock_levels_at
from commerce.inventory.models import Location, StockMovement
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked_row


class NotAQuantity(DomainError):
    """`facts["lines"]` names the variants."""

    code = "not_a_quantity"
    title = "Goods move in whole units, one or more of each"
    kind = ErrorKind.INVALID


class ReferenceReceived(DomainError):
    code = "reference_received"
    title = "Goods were received here under this reference before: confirm that more came under it"
    kind = ErrorKind.CONFLICT


def check_quantities(lines: Mapping[uuid.UUID, int]) -> None:
    """Raises `NotAQuantity`."""
    wrong = [str(key) for key, quantity in lines.items() if quantity < 1]
    if wrong or not lines:
        raise NotAQuantity(lines=wrong)


def receive(
    *,
    lines: Mapping[uuid.UUID, int],
    location: Location,
    reference: str,
    although_received: bool = True,
    actor: str,
    at: datetime,
    reason: str = "Goods received",
) -> list[StockMovement]:
    """Goods have come: by variant, under the number of a delivery note or purchase order. What was owed gets less.
    Capitals and surrounding blanks tell no two numbers apart.

    Lock order: location, stock levels.

    Raises:
        NotAQuantity, BundleHasNoStock
        ReferenceReceived: goods came to the location under this number before; only without `although_received`.
    """
    check_quantities(lines)
    refuse_bundles(list(lines))
    reference = reference.strip()
    with transaction.atomic():
        if reference and not although_received:
            # So that of two that come at once, one sees the other.
            locked_row(Location, location.pk)
            _refuse_twice(location, reference)
        levels = lock_levels_at(location, list(lines))
        change_levels({levels[key].pk: Change(on_hand=quantity) for key, quantity in lines.items()})
        movements: list[StockMovement] = StockMovement.objects.bulk_create(
            StockMovement(
                level=levels[key],
                kind=StockMovement.Kind.PURCHASE,
                quantity=quantity,
                reference=reference,
                actor=actor,
                reason=reason,
                at=at,
            )
            for key, quantity in lines.items()
        )
        announce(lines, at=at)
    return movements


def _refuse_twice(location: Location, reference: str) -> None:
    purchases = StockMovement.objects.filter(kind=StockMovement.Kind.PURCHASE, level__location=location)
    if purchases.filter(reference__iexact=reference).exists():
        raise ReferenceReceived()
