"""Putting many variants into a cart at once, as far as each can be had."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commerce.cart.audience import audience_of
from commerce.cart.limits import Bounds, bounds_for
from commerce.cart.locking import changing
from commerce.cart.models import MAX_LINES, Cart, CartLine
from commerce.cart.seeing import Sight
from commerce.inventory.queries import availability
from commerce.pricing.resolving import offers


class Shortage(StrEnum):
    NOT_SOLD_ANY_MORE = "not_sold_any_more"
    SOLD_OUT = "sold_out"
    ONLY_N_LEFT = "only_n_left"
    QUANTITY_LIMITED = "quantity_limited"
    CART_FULL = "cart_full"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`put_in` of `requested` are in the cart, the others are not: because."""

    variant: uuid.UUID
    requested: int
    put_in: int
    reason: Shortage


def put_in(*, cart_id: uuid.UUID, quantities: Mapping[uuid.UUID, int], at: datetime) -> list[LeftOut]:
    """Put so many of each variant into the cart, on top of what is there; fewer where there are not as many.

    A number of queries that does not grow with the variants. Returns what was left out.

    Raises `CartNotFound`, `CartClosed`.
    """
    with changing(cart_id, at=at) as cart:
        lines = {line.variant_id: line for line in cart.lines.all()}
        steps = _planned(cart, lines, quantities, at=at)
        filled = [_filled(cart, lines.get(step.variant), step, at=at) for step in steps if step.put_in]
        CartLine.objects.bulk_create(line for line in filled if line.variant_id not in lines)
        more = [line for line in filled if line.variant_id in lines]
        CartLine.objects.bulk_update(more, ["quantity", "saved_at", "seen"])
    return [
        LeftOut(step.variant, quantities[step.variant], step.put_in, step.shortage)
        for step in steps
        if step.shortage is not None
    ]


@dataclass(frozen=True, slots=True)
class _Step:
    variant: uuid.UUID
    held: int
    put_in: int
    shortage: Shortage | None
    sight: Sight


def _planned(
    cart: Cart, lines: Mapping[uuid.UUID, CartLine], quantities: Mapping[uuid.UUID, int], *, at: datetime
) -> list[_Step]:
    wanted_ids = list(quantities)
    held = {variant: line.quantity for variant, line in lines.items() if line.saved_at is None}
    stock = availability(variant_ids=wanted_ids, holder=cart.holder)
    bounds = bounds_for(wanted_ids)
    reached = {
        variant: max(1, min(held.get(variant, 0) + wanted, stock[variant], bounds[variant].max))
        for variant, wanted in quantities.items()
    }
    sold = offers(quantities=reached, audience=audience_of(cart), at=at)
    room = MAX_LINES - len(lines)
    steps = []
    for variant, wanted in quantities.items():
        sight = Sight.of(sold.get(variant), available=stock[variant])
        has_room = variant in lines or room > 0
        put, shortage = _fit(wanted, held.get(variant, 0), sight, bounds[variant], has_room=has_room)
        room -= bool(put and variant not in lines)
        steps.append(_Step(variant, held.get(variant, 0), put, shortage, sight))
    return steps


def _filled(cart: Cart, line: CartLine | None, step: _Step, *, at: datetime) -> CartLine:
    line = line or CartLine(cart=cart, variant_id=step.variant, added_at=at)
    line.quantity, line.saved_at, line.seen = step.held + step.put_in, None, step.sight.document()
    return line


def _fit(wanted: int, held: int, sight: Sight, bounds: Bounds, *, has_room: bool) -> tuple[int, Shortage | None]:
    """How many go in, and why not all."""
    if sight.price is None:
        return 0, Shortage.NOT_SOLD_ANY_MORE
    if not sight.available:
        return 0, Shortage.SOLD_OUT
    if not has_room:
        return 0, Shortage.CART_FULL
    total = min(held + wanted, sight.available, bounds.max)
    put = max(0, total - held) if total >= bounds.min else 0
    if put == wanted:
        return put, None
    return put, Shortage.ONLY_N_LEFT if sight.available < min(held + wanted, bounds.max) else Shortage.QUANTITY_LIMITED
