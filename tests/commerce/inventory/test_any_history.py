"""Whatever staff and shoppers do to stock, in whatever order: after each step the books balance (I2 and I3), and what
is on hand and promised is what a plain sum of the steps says."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.catalogue.models import Variant
from commerce.inventory import counting
from commerce.inventory.adjusting import adjust
from commerce.inventory.auditing import discrepancies
from commerce.inventory.levels import StockIsPromised
from commerce.inventory.models import Location, StockLevel, StockMovement
from commerce.inventory.policies import BackordersArePromised, set_backorder_limit
from commerce.inventory.queries import UNLIMITED, availability
from commerce.inventory.receiving import receive
from commerce.inventory.reservations import (
    Holder,
    NothingReserved,
    OutOfStock,
    consume,
    expire_due,
    extend,
    release,
    reserve,
)
from commerce.inventory.restocking import restock
from commerce.inventory.transferring import transfer
from tests.factories import LocationFactory, Shop
from tests.factories.stock import bundle_of, never_runs_out

pytestmark = pytest.mark.django_db

LIFETIME = timedelta(minutes=10)
HOLDERS = [Holder("checkout", uuid.UUID(int=number)) for number in range(3)]
IN_A_BUNDLE = (2, 1)
"""How many cups and saucers are in one."""

whos, places, things, few = st.integers(0, 2), st.integers(0, 1), st.integers(0, 1), st.integers(1, 4)
some = st.integers(0, 3)
steps = st.one_of(
    st.tuples(st.just("reserve"), whos, st.tuples(some, some, some, some)),
    st.tuples(st.sampled_from(["release", "consume", "extend"]), whos),
    st.tuples(st.just("expire"), st.integers(0, 8)),
    st.tuples(st.just("adjust"), places, things, st.integers(-5, 5).filter(bool)),
    st.tuples(st.just("receive"), places, things, few),
    st.tuples(st.just("transfer"), places, things, few),
    st.tuples(st.just("backorders"), places, things, st.integers(0, 6)),
    st.tuples(st.just("return"), st.sampled_from(["return", "damage"]), st.booleans()),
    st.tuples(st.just("count"), places, st.tuples(some, some)),
)


@dataclass
class World:
    """The shop, and the same stock kept as simply as it can be: two sums for each of cup and saucer."""

    cup: Variant
    saucer: Variant
    bundle: Variant
    pattern: Variant
    locations: list[Location]
    now: datetime
    on_hand: list[int] = field(default_factory=lambda: [6, 6])
    held: dict[int, tuple[list[int], dict[uuid.UUID, int], datetime]] = field(default_factory=dict)
    sold: Counter[uuid.UUID] = field(default_factory=Counter)

    @property
    def variants(self) -> list[Variant]:
        return [self.cup, self.saucer]

    def level(self, place: int, thing: int) -> StockLevel:
        made = StockLevel(variant=self.variants[thing], location=self.locations[place])
        found = StockLevel.objects.filter(variant=made.variant, location=made.location).first()
        return found or made

    def promised(self, thing: int) -> int:
        return sum(units[thing] for units, _, _ in self.held.values())

    def limit(self, thing: int) -> int:
        levels = StockLevel.objects.filter(variant=self.variants[thing])
        return sum(levels.values_list("backorder_limit", flat=True))

    def available(self, thing: int) -> int:
        return self.on_hand[thing] - self.promised(thing) + self.limit(thing)

    def units(self, lines: dict[uuid.UUID, int]) -> list[int]:
        bundles = lines.get(self.bundle.pk, 0)
        return [lines.get(each.pk, 0) + bundles * count for each, count in zip(self.variants, IN_A_BUNDLE, strict=True)]


@given(history=st.lists(steps, max_size=25))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_every_step_of_every_history_the_books_balance(
    shop: Shop, at: datetime, history: list[tuple[Any, ...]]
) -> None:
    with transaction.atomic():
        cup, saucer = shop.sell(stock=6), shop.sell(stock=6)
        world = World(
            cup=cup,
            saucer=saucer,
            bundle=bundle_of(shop, *zip((cup, saucer), IN_A_BUNDLE, strict=True)),
            pattern=never_runs_out(shop),
            locations=[shop.warehouse, LocationFactory.create(priority=1)],
            now=at,
        )
        for name, *facts in history:
            world.now += timedelta(minutes=1)
            STEPS[name](world, *facts)
            _compare(world)
        transaction.set_rollback(True)


def _expect(refusal: type[Exception] | None, action: Callable[[], object]) -> bool:
    """Whether it was done, as expected."""
    if refusal is None:
        action()
        return True
    with pytest.raises(refusal):
        action()
    return False


def _reserve(world: World, who: int, quantities: tuple[int, ...]) -> None:
    keys = [world.cup.pk, world.saucer.pk, world.bundle.pk, world.pattern.pk]
    lines = {key: quantity for key, quantity in zip(keys, quantities, strict=True) if quantity}
    if who in world.held or not lines:
        return
    units, until = world.units(lines), world.now + LIFETIME
    fits = all(units[thing] <= world.available(thing) for thing in (0, 1))
    if _expect(
        None if fits else OutOfStock,
        lambda: reserve(lines=lines, holder=HOLDERS[who], until=until, at=world.now),
    ) and any(units):
        world.held[who] = (units, lines, until)


def _release(world: World, who: int) -> None:
    release(holder=HOLDERS[who], at=world.now)
    world.held.pop(who, None)


def _consume(world: World, who: int) -> None:
    _, lines, _ = world.held.get(who, (None, {world.cup.pk: 1}, None))
    if _expect(
        None if who in world.held else NothingReserved,
        lambda: consume(holder=HOLDERS[who], lines=lines, reference="M-1", actor="test", at=world.now),
    ):
        units, lines, _ = world.held.pop(who)
        world.sold.update(lines)
        world.on_hand = [had - gone for had, gone in zip(world.on_hand, units, strict=True)]


def _extend(world: World, who: int) -> None:
    until = world.now + LIFETIME
    units, lines, had = world.held.get(who, ([], {}, world.now))
    extend(holder=HOLDERS[who], until=until, at=world.now)
    if had > world.now:
        world.held[who] = (units, lines, until)


def _expire(world: World, minutes: int) -> None:
    world.now += timedelta(minutes=minutes)
    expire_due(at=world.now)
    world.held = {who: facts for who, facts in world.held.items() if facts[2] > world.now}


def _adjust(world: World, place: int, thing: int, change: int) -> None:
    level = world.level(place, thing)
    fits = change > 0 or -change <= min(level.available, max(0, level.on_hand))
    if _expect(
        None if fits else StockIsPromised,
        lambda: adjust(
            variant=world.variants[thing], location=world.locations[place], change=change,
            kind=StockMovement.Kind.ADJUSTMENT, actor="test", reason="Adjusted", at=world.now,
        ),
    ):  # fmt: skip
        world.on_hand[thing] += change


def _receive(world: World, place: int, thing: int, quantity: int) -> None:
    lines = {world.variants[thing].pk: quantity}
    receive(lines=lines, location=world.locations[place], reference="DN", actor="test", at=world.now)
    world.on_hand[thing] += quantity


def _transfer(world: World, place: int, thing: int, quantity: int) -> None:
    source, target = world.locations[place], world.locations[1 - place]
    _expect(
        None if world.level(place, thing).free >= quantity else StockIsPromised,
        lambda: transfer(
            lines={world.variants[thing].pk: quantity}, source=source, target=target, actor="test", at=world.now
        ),
    )


def _backorders(world: World, place: int, thing: int, limit: int) -> None:
    level = world.level(place, thing)
    _expect(
        None if limit >= level.reserved - level.on_hand else BackordersArePromised,
        lambda: set_backorder_limit(
            variant=world.variants[thing], location=world.locations[place], limit=limit, at=world.now
        ),
    )


def _return(world: World, kind: str, elsewhere: bool) -> None:
    """One of everything that was sold and has not come back."""
    lines = {key: 1 for key, quantity in world.sold.items() if quantity}
    world.sold.subtract(lines)
    restock(
        lines=lines, reference="M-1", reason="Back", actor="test", at=world.now, kind=StockMovement.Kind(kind),
        location=world.locations[1] if elsewhere else None,
    )  # fmt: skip
    if kind == "return":
        world.on_hand = [had + back for had, back in zip(world.on_hand, world.units(lines), strict=True)]


def _count(world: World, place: int, found: tuple[int, int]) -> None:
    count = counting.start(location=world.locations[place], actor="test", at=world.now)
    levels = [(thing, world.level(place, thing)) for thing in (0, 1)]
    known = [(thing, level) for thing, level in levels if level.pk]
    if not known:
        return
    counting.enter(count_id=count.pk, counted={level.variant_id: found[thing] for thing, level in known})
    differences = {thing: found[thing] - max(0, level.on_hand) for thing, level in known}
    fits = all(level.available + differences[thing] >= 0 for thing, level in known)
    if _expect(None if fits else StockIsPromised, lambda: counting.post(count_id=count.pk, actor="test", at=world.now)):
        for thing, difference in differences.items():
            world.on_hand[thing] += difference


STEPS: dict[str, Callable[..., None]] = {
    "reserve": _reserve,
    "release": _release,
    "consume": _consume,
    "extend": _extend,
    "expire": _expire,
    "adjust": _adjust,
    "receive": _receive,
    "transfer": _transfer,
    "backorders": _backorders,
    "return": _return,
    "count": _count,
}


def _compare(world: World) -> None:
    assert [*discrepancies()] == []
    for thing, variant in enumerate(world.variants):
        levels = list(StockLevel.objects.filter(variant=variant))
        assert sum(level.on_hand for level in levels) == world.on_hand[thing]
        assert sum(level.reserved for level in levels) == world.promised(thing)
    told = availability(variant_ids=[each.pk for each in (*world.variants, world.bundle, world.pattern)])
    available = [world.available(thing) for thing in (0, 1)]
    assert [told[each.pk] for each in world.variants] == available
    assert told[world.bundle.pk] == min(available[thing] // IN_A_BUNDLE[thing] for thing in (0, 1))
    assert told[world.pattern.pk] == UNLIMITED
