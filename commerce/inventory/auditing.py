from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, Sum

from commerce.inventory.models import Reservation, StockLevel, StockMovement


def discrepancies() -> Iterator[str]:
    """Levels out of bounds (I2), those that their movements and open reservations do not add up to (I3), and transfers
    that made or lost units. Six queries that each go over a table once, however many rows there are."""
    bounds = Q(reserved__lt=0) | Q(reserved__gt=F("on_hand") + F("backorder_limit"))
    for level in StockLevel.objects.filter(bounds):
        yield (
            f"I2 stock level {level.pk}: {level.reserved} reserved of {level.on_hand}, "
            f"backorders up to {level.backorder_limit}"
        )
    moves = StockMovement.objects.order_by()
    moved = moves.values_list("level", "level__on_hand").annotate(sum=Sum("quantity"))
    for key, on_hand, total in moved.exclude(sum=F("level__on_hand")):
        yield f"I3 stock level {key}: {on_hand} on hand and {total} moved"
    unmoved = StockLevel.objects.exclude(on_hand=0).exclude(Exists(moves.filter(level=OuterRef("pk"))))
    for key, on_hand in unmoved.values_list("pk", "on_hand"):
        yield f"I3 stock level {key}: {on_hand} on hand and 0 moved"
    promises = Reservation.objects.filter(state=Reservation.State.OPEN).order_by()
    held = promises.values_list("level", "level__reserved").annotate(sum=Sum("quantity"))
    for key, reserved, total in held.exclude(sum=F("level__reserved")):
        yield f"I3 stock level {key}: {reserved} reserved and {total} in open reservations"
    unheld = StockLevel.objects.exclude(reserved=0).exclude(Exists(promises.filter(level=OuterRef("pk"))))
    for key, reserved in unheld.values_list("pk", "reserved"):
        yield f"I3 stock level {key}: {reserved} reserved and 0 in open reservations"
    transfers = moves.filter(kind=StockMovement.Kind.TRANSFER).values_list("reference", "level__variant__sku")
    for reference, sku, total in transfers.annotate(sum=Sum("quantity")).exclude(sum=0):
        yield f"I3 transfer {reference}: {total:+} of {sku}, and not nothing"
