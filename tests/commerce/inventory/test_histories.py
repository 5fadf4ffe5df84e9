"""Whatever happens to stock, in whatever order: the books balance (invariants I2 and I3)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.catalogue.models import Variant
from commerce.inventory.adjusting import StockIsPromised, adjust
from commerce.inventory.models import Reservation, StockLevel, StockMovement
from commerce.inventory.queries import availability
from commerce.inventory.reservations import Holder, NothingReserved, OutOfStock, consume, expire_due, release, reserve
from tests.factories import Shop

pytestmark = pytest.mark.django_db

OPENING_STOCK = 8
LIFETIME = timedelta(minutes=10)
HOLDERS = [Holder("checkout", uuid.UUID(int=number)) for number in range(4)]

whos = st.sampled_from(range(len(HOLDERS)))
places = st.sampled_from([0, 1])
steps = st.one_of(
    st.tuples(st.just("reserve"), whos, st.integers(1, 5), st.integers(0, 5)),
    st.tuples(st.just("release"), whos),
    st.tuples(st.just("consume"), whos),
    st.tuples(st.just("adjust"), places, st.integers(-6, 6).filter(bool)),
    st.tuples(st.just("expire"), st.integers(0, 8)),
)


@dataclass
class Model:
    """The same stock, kept as simply as it can be."""

    on_hand: list[int] = field(default_factory=lambda: [OPENING_STOCK, OPENING_STOCK])
    held: dict[int, tuple[list[int], datetime]] = field(default_factory=dict)

    def free(self) -> list[int]:
        return [
            on_hand - sum(quantities[place] for quantities, _ in self.held.values())
            for place, on_hand in enumerate(self.on_hand)
        ]


@given(history=st.lists(steps, max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_history_leaves_the_books_balanced(shop: Shop, at: datetime, history: list[tuple[object, ...]]) -> None:
    with transaction.atomic():
        variants = [shop.sell(stock=OPENING_STOCK) for _ in range(2)]
        model, now = Model(), at
        for step in history:
            now += timedelta(minutes=1)
            now = _take(step, model, variants, shop, now)
            _compare(model, variants)
        transaction.set_rollback(True)


def _take(step: tuple[object, ...], model: Model, variants: list[Variant], shop: Shop, now: datetime) -> datetime:
    match step:
        case ("reserve", int(who), int(first), int(second)) if who not in model.held:
            _reserve(model, variants, who, [first, second], now)
        case ("release", int(who)):
            release(holder=HOLDERS[who], at=now)
            model.held.pop(who, None)
        case ("consume", int(who)):
            _consume(model, who, now)
        case ("adjust", int(place), int(change)):
            _adjust(model, variants, shop, place, change, now)
        case ("expire", int(minutes)):
            now += timedelta(minutes=minutes)
            gone = [who for who, (_, until) in model.held.items() if until <= now]
            ended = sum(sum(map(bool, model.held.pop(who)[0])) for who in gone)
            assert expire_due(at=now) == ended
    return now


def _reserve(model: Model, variants: list[Variant], who: int, quantities: list[int], now: datetime) -> None:
    lines = {variant.pk: wanted for variant, wanted in zip(variants, quantities, strict=True) if wanted}
    fits = all(wanted <= free for wanted, free in zip(quantities, model.free(), strict=True))
    until = now + LIFETIME
    if fits:
        reserve(lines=lines, holder=HOLDERS[who], until=until, at=now)
        model.held[who] = (quantities, until)
    else:
        with pytest.raises(OutOfStock):
            reserve(lines=lines, holder=HOLDERS[who], until=until, at=now)


def _consume(model: Model, who: int, now: datetime) -> None:
    if who not in model.held:
        with pytest.raises(NothingReserved):
            consume(holder=HOLDERS[who], reference="M-1", actor="test", at=now)
        return
    consume(holder=HOLDERS[who], reference="M-1", actor="test", at=now)
    quantities, _ = model.held.pop(who)
    model.on_hand = [on_hand - sold for on_hand, sold in zip(model.on_hand, quantities, strict=True)]


def _adjust(model: Model, variants: list[Variant], shop: Shop, place: int, change: int, now: datetime) -> None:
    def carry_out() -> None:
        adjust(
            variant=variants[place], location=shop.warehouse, change=change, kind=StockMovement.Kind.ADJUSTMENT,
            actor="test", reason="Counted", at=now,
        )  # fmt: skip

    if model.free()[place] + change < 0:
        with pytest.raises(StockIsPromised):
            carry_out()
    else:
        carry_out()
        model.on_hand[place] += change


def _compare(model: Model, variants: list[Variant]) -> None:
    free = availability(variant_ids=[variant.pk for variant in variants])
    assert [free[variant.pk] for variant in variants] == model.free()
    levels = {level.variant_id: level for level in StockLevel.objects.all()}
    moved = dict(StockMovement.objects.values_list("level_id").order_by().annotate(Sum("quantity")))
    open_ = Reservation.objects.filter(state="open").values_list("level_id").order_by()
    promised = dict(open_.annotate(Sum("quantity")))
    for place, variant in enumerate(variants):
        level = levels[variant.pk]
        assert 0 <= level.reserved <= level.on_hand == model.on_hand[place]
        assert moved[level.pk] == level.on_hand
        assert promised.get(level.pk, 0) == level.reserved
