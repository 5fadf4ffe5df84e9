from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from commerce.inventory.composition import refuse_bundles
from commerce.inventory.levels import Change, StockIsPromised, announce, change_levels, open_levels
from commerce.inventory.models import Location, StockLevel, StockMovement
from commerce.inventory.receiving import check_quantities
from commerce.kit.errors import DomainError, ErrorKind
from commerce.kit.locks import locked


class NotAnotherPlace(DomainError):
    code = "not_another_place"
    title = "A transfer goes from one location to another"
    kind = ErrorKind.INVALID


def transfer(
    *,
    lines: Mapping[uuid.UUID, int],
    source: Location,
    target: Location,
    actor: str,
    at: datetime,
    reason: str = "",
    reference: str = "",
) -> str:
    """Move units that are promised to nobody from one location to another, all of them or none.

    Two movements for each variant under one reference, which add up to nothing. Returns the reference.

    Lock order: stock levels of both locations by primary key.

    Raises:
        StockIsPromised: `facts["lines"]` says by variant how many could go.
        NotAnotherPlace, NotAQuantity, BundleHasNoStock
    """
    if source.pk == target.pk:
        raise NotAnotherPlace()
    check_quantities(lines)
    refuse_bundles(list(lines))
    reference = reference or f"T-{uuid.uuid4().hex[:12].upper()}"
    # Before the transaction, so that who waits for its locks knows the new levels.
    open_levels(source, lines)
    open_levels(target, lines)
    with transaction.atomic():
        levels = {
            (level.location_id, level.variant_id): level
            for level in locked(StockLevel.objects.filter(location__in=[source, target], variant__in=list(lines)))
        }
        _check_free(lines, {key: levels[source.pk, key] for key in lines})
        moves = [
            (levels[place.pk, key], sign * quantity)
            for key, quantity in lines.items()
            for place, sign in ((source, -1), (target, 1))
        ]
        change_levels({level.pk: Change(on_hand=quantity) for level, quantity in moves})
        StockMovement.objects.bulk_create(
            StockMovement(
                level=level,
                kind=StockMovement.Kind.TRANSFER,
                quantity=quantity,
                reference=reference,
                actor=actor,
                reason=reason or f"From {source} to {target}"[:255],
                at=at,
            )
            for level, quantity in moves
        )
        announce(lines, at=at)
    return reference


def _check_free(lines: Mapping[uuid.UUID, int], levels: Mapping[uuid.UUID, StockLevel]) -> None:
    short = [
        {"variant": str(key), "requested": quantity, "available": levels[key].free}
        for key, quantity in lines.items()
        if levels[key].free < quantity
    ]
    if short:
        raise StockIsPromised("There are not so many that are promised to nobody", lines=short)
