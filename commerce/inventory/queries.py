from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from django.db.models import QuerySet, Sum

from cms.prepared import prepared
from commerce.inventory.composition import with_parts
from commerce.inventory.models import Reservation
from commerce.inventory.reservations import Holder
from commerce.inventory.waiting import Wait

UNLIMITED = 1_000_000_000
"""What is said to be available of a variant that is not tracked."""

FEW_LEFT = 5
"""So many are few, where no threshold is set for the variant."""


class SupplyState(StrEnum):
    IN_STOCK = "in_stock"
    LOW_STOCK = "low_stock"
    BACKORDER = "backorder"
    PREORDER = "preorder"
    OUT_OF_STOCK = "out_of_stock"


@dataclass(frozen=True, slots=True)
class Supply:
    """What can be promised of a variant, and how much of that lies on a shelf.

    `more_on` is a day to come on which more is expected. `few` is how many count as few. A bundle is as available as
    the scarcest of its parts allows and waits for all of them, each with its variant and how many are in one bundle.
    """

    available: int
    on_hand_free: int
    more_on: date | None = None
    few: int = FEW_LEFT
    parts: tuple[tuple[uuid.UUID, int, Supply], ...] = ()

    def wait(self, quantity: int) -> Wait | None:
        """What whoever buys so many waits for; None where they lie on a shelf."""
        if self.parts:
            return Wait.longest(part.wait(quantity * many) for _, many, part in self.parts)
        return None if self.on_hand_free >= quantity else Wait(self.more_on)

    def units(self, variant: uuid.UUID, quantity: int) -> dict[uuid.UUID, int]:
        """What so many of the variant, whose supply this is, take from the shelf."""
        return {part: quantity * many for part, many, _ in self.parts} or {variant: quantity}

    def beside(self, variant: uuid.UUID, taken: Mapping[uuid.UUID, int]) -> Supply:
        """What is left of the variant, whose supply this is, when these units are taken for something else."""
        if self.parts:
            left = [(part, many, supply.beside(part, taken)) for part, many, supply in self.parts]
            return Supply.of_bundle(left, few=self.few)
        gone = taken.get(variant, 0)
        return replace(self, available=max(0, self.available - gone), on_hand_free=max(0, self.on_hand_free - gone))

    @property
    def expected_on(self) -> date | None:
        """Told where nothing is on a shelf."""
        wait = self.wait(1)
        return wait.expected_on if wait else None

    @property
    def state(self) -> SupplyState:
        if self.available <= 0:
            return SupplyState.OUT_OF_STOCK
        if self.on_hand_free > 0:
            return SupplyState.LOW_STOCK if self.on_hand_free <= self.few else SupplyState.IN_STOCK
        return SupplyState.PREORDER if self.expected_on else SupplyState.BACKORDER

    @classmethod
    def of_bundle(cls, parts: Iterable[tuple[uuid.UUID, int, Supply]], *, few: int) -> Supply:
        found = tuple(parts)
        return Supply(
            available=_how_many((part.available, many) for _, many, part in found),
            on_hand_free=_how_many((part.on_hand_free, many) for _, many, part in found),
            few=few,
            parts=found,
        )

    @classmethod
    def together(cls, supplies: Iterable[Self]) -> Supply:
        """Of several variants, as of one."""
        found = list(supplies)
        free = sum(each.on_hand_free for each in found)
        days = [each.expected_on for each in found if each.expected_on]
        return Supply(
            available=sum(max(0, each.available) for each in found),
            on_hand_free=free,
            more_on=min(days) if days and not free else None,
            few=max((each.few for each in found), default=FEW_LEFT),
        )


_NONE = Supply(available=0, on_hand_free=0)


def availability(*, variant_ids: Collection[uuid.UUID], holder: Holder | None = None) -> dict[uuid.UUID, int]:
    """How many of each variant can be promised now, over all locations; to a holder, also what it holds already.

    Backorders are included; a bundle is as available as its parts allow; `UNLIMITED` where stock is not tracked.
    One query, two with a holder.
    """
    read = _read(variant_ids, holder)
    return {key: read.supply(key).available for key in variant_ids}


def supplies(
    *, variant_ids: Collection[uuid.UUID], holder: Holder | None = None, at: datetime
) -> dict[uuid.UUID, Supply]:
    """As `availability`, and where it comes from. A date that is not after the day of `at` is no promise any more."""
    read = _read(variant_ids, holder, after=at.date())
    return {key: read.supply(key) for key in variant_ids}


def units(*, wanted: Mapping[uuid.UUID, int], stock: Mapping[uuid.UUID, Supply]) -> Counter[uuid.UUID]:
    """What all of this takes from the shelf: bundles and what is sold singly share their units."""
    taken: Counter[uuid.UUID] = Counter()
    for variant, quantity in wanted.items():
        taken.update(stock.get(variant, _NONE).units(variant, quantity))
    return taken


def waits(*, wanted: Mapping[uuid.UUID, int], stock: Mapping[uuid.UUID, Supply]) -> dict[uuid.UUID, Wait]:
    """By variant, what whoever buys all of this together waits for. Nothing is said of what `stock` does not name."""
    taken, found = units(wanted=wanted, stock=stock), {}
    for variant in wanted.keys() & stock.keys():
        quantity, supply = wanted[variant], stock[variant]
        others = taken - Counter(supply.units(variant, quantity))
        if wait := supply.beside(variant, others).wait(quantity):
            found[variant] = wait
    return found


@dataclass(slots=True)
class _Stock:
    is_tracked: bool
    few: int
    more_on: date | None
    levels: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By level: what is on hand and not promised, below zero where more is promised; and the backorder limit."""

    @property
    def supply(self) -> Supply:
        if not self.is_tracked:
            return Supply(available=UNLIMITED, on_hand_free=UNLIMITED)
        return Supply(
            available=sum(max(0, free + limit) for free, limit in self.levels.values()),
            on_hand_free=sum(max(0, free) for free, _ in self.levels.values()),
            more_on=self.more_on,
            few=self.few,
        )


@dataclass(slots=True)
class _Read:
    stock: dict[uuid.UUID, _Stock] = field(default_factory=dict)
    parts: dict[uuid.UUID, dict[uuid.UUID, int]] = field(default_factory=lambda: defaultdict(dict))

    def supply(self, variant_id: uuid.UUID) -> Supply:
        if variant_id in self.parts:
            return self._bundle(variant_id)
        stock = self.stock.get(variant_id)
        return stock.supply if stock else _NONE

    def _bundle(self, bundle: uuid.UUID) -> Supply:
        parts = [(part, quantity, self.stock[part].supply) for part, quantity in self.parts[bundle].items()]
        return Supply.of_bundle(parts, few=self.stock[bundle].few if bundle in self.stock else FEW_LEFT)


def _how_many(parts: Iterable[tuple[int, int]]) -> int:
    return min(UNLIMITED if left >= UNLIMITED else left // quantity for left, quantity in parts)


def _read(variant_ids: Collection[uuid.UUID], holder: Holder | None, *, after: date | None = None) -> _Read:
    """`after` asks for the days on which more is expected."""
    held = _held(holder) if holder else {}
    read = _Read()
    rows = _rows(variants=list(variant_ids))
    for key, is_tracked, threshold, expected_on, bundle, quantity, level, on_hand, reserved, limit in rows:
        more_on = expected_on if after and expected_on and expected_on > after else None
        stock = read.stock.setdefault(key, _Stock(is_tracked, threshold or FEW_LEFT, more_on))
        if bundle is not None:
            read.parts[bundle][key] = quantity
        if level is not None:
            stock.levels[level] = (on_hand - reserved + held.get(level, 0), limit)
    return read


@prepared
def _rows(*, variants: list[uuid.UUID]) -> QuerySet[Any]:
    return with_parts(variants).values_list(
        "pk", "is_tracked", "stock_policy__low_stock_threshold", "stock_policy__expected_on",
        "part_of__bundle", "part_of__quantity", "stock_levels", "stock_levels__on_hand", "stock_levels__reserved",
        "stock_levels__backorder_limit",
    )  # fmt: skip


def _held(holder: Holder) -> dict[int, int]:
    return dict(_held_by(kind=holder.kind, holder=holder.id))


@prepared
def _held_by(*, kind: str, holder: uuid.UUID) -> QuerySet[Any]:
    mine = Reservation.objects.filter(holder_kind=kind, holder_id=holder, state=Reservation.State.OPEN)
    return mine.order_by().values_list("level").annotate(Sum("quantity"))
