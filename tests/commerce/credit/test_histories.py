"""Whatever happens to cards, in whatever order: the books balance and nothing falls below zero."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commerce.credit.adjusting import CreditIsHeld, adjust
from commerce.credit.auditing import problems
from commerce.credit.expiring import expire_due
from commerce.credit.models import CreditAccount
from commerce.credit.redeeming import (
    CreditChanged,
    CreditHeldOtherwise,
    MoreThanWasRedeemed,
    NothingHeld,
    hold,
    redeem,
    refund,
    release,
)
from commerce.kit.errors import DomainError
from commerce.kit.money import Money
from tests.factories.credit import gift_card

pytestmark = pytest.mark.django_db

ON_EACH = 10
HOLDERS = [uuid.UUID(int=number) for number in range(3)]

whos, cards = st.sampled_from(range(len(HOLDERS))), st.sampled_from([0, 1])
steps = st.one_of(
    st.tuples(st.just("hold"), whos, st.integers(0, 7), st.integers(0, 7)),
    st.tuples(st.just("redeem"), whos),
    st.tuples(st.just("release"), whos),
    st.tuples(st.just("refund"), whos, st.integers(1, 6)),
    st.tuples(st.just("adjust"), cards, st.integers(-6, 6).filter(bool)),
    st.tuples(st.just("wait")),
)


@dataclass
class Model:
    """The same two cards, kept as simply as they can be. The first never expires, the second does so in time."""

    balance: list[int] = field(default_factory=lambda: [ON_EACH, ON_EACH])
    held: dict[int, list[int]] = field(default_factory=dict)
    paid: dict[int, list[int]] = field(default_factory=dict)
    expires_at: datetime | None = None

    def free(self, place: int) -> int:
        return self.balance[place] - sum(held[place] for held in self.held.values())


@given(history=st.lists(steps, max_size=25))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_history_leaves_the_books_balanced(at: datetime, history: list[tuple[object, ...]]) -> None:
    with transaction.atomic():
        soon = at + timedelta(days=3)
        both = [gift_card("0.10"), gift_card("0.10", expires_at=soon)]
        model, now = Model(expires_at=soon), at
        for number, step in enumerate(history):
            now = _take(step, model, both, now, f"return {number}")
            rows = [CreditAccount.objects.get(pk=card.pk) for card in both]
            assert [row.balance_minor for row in rows] == model.balance
            assert [row.available.minor for row in rows] == [model.free(0), model.free(1)]
            assert all(0 <= row.held_minor <= row.balance_minor for row in rows)
            assert list(problems()) == []
        transaction.set_rollback(True)


def _take(step: tuple[object, ...], model: Model, both: list[CreditAccount], now: datetime, reference: str) -> datetime:
    match step:
        case ("hold", int(who), int(first), int(second)):
            _hold(model, both, who, [first, second], now)
        case ("redeem", int(who)):
            _redeem(model, who, now)
        case ("release", int(who)):
            release(holder=HOLDERS[who], at=now)
            model.held.pop(who, None)
        case ("refund", int(who), int(minor)):
            _refund(model, who, minor, reference, now)
        case ("adjust", int(place), int(change)):
            error = CreditIsHeld if model.free(place) + change < 0 else None
            if _does(error, lambda: _adjust(both[place], change, now)):
                model.balance[place] += change
        case ("wait",):
            now += timedelta(days=1)
            expire_due(at=now)
            if _expired(model, now):
                model.balance[1] -= model.free(1)
    return now


def _expired(model: Model, now: datetime) -> bool:
    return model.expires_at is not None and model.expires_at <= now


def _hold(model: Model, both: list[CreditAccount], who: int, wanted: list[int], now: datetime) -> None:
    if not any(wanted):
        return
    amounts = {card.pk: Money(minor, "EUR") for card, minor in zip(both, wanted, strict=True) if minor}
    error: type[DomainError] | None = None
    if who in model.paid or (who in model.held and model.held[who] != wanted):
        error = CreditHeldOtherwise
    elif who not in model.held and (
        any(model.free(place) < wanted[place] for place in (0, 1)) or (wanted[1] and _expired(model, now))
    ):
        error = CreditChanged
    if _does(error, lambda: hold(amounts=amounts, holder=HOLDERS[who], at=now)):
        model.held[who] = wanted


def _redeem(model: Model, who: int, now: datetime) -> None:
    error = None if who in model.held or who in model.paid else NothingHeld
    _does(error, lambda: redeem(holder=HOLDERS[who], reference=f"M-{who}", actor="test", at=now))
    if who in model.held:
        model.paid[who] = model.held.pop(who)
        model.balance = [left - paid for left, paid in zip(model.balance, model.paid[who], strict=True)]


def _refund(model: Model, who: int, minor: int, reference: str, now: datetime) -> None:
    paid = model.paid.get(who, [0, 0])
    error = MoreThanWasRedeemed if sum(paid) < minor else None
    amount = Money(minor, "EUR")
    if not _does(error, lambda: refund(holder=HOLDERS[who], amount=amount, reference=reference, actor="t", at=now)):
        return
    for place in (0, 1):
        back = min(minor, paid[place])
        minor -= back
        paid[place] -= back
        model.balance[place] += back
        if place == 1 and back and _expired(model, now):
            model.expires_at = now + timedelta(days=365)


def _adjust(card: CreditAccount, change: int, now: datetime) -> None:
    adjust(account_id=card.pk, change=Money(change, "EUR"), actor="test", reason="Counted", at=now)


def _does(error: type[DomainError] | None, act: object) -> bool:
    """Whether it was carried out; when it is to be refused, it must be."""
    assert callable(act)
    if error is None:
        act()
        return True
    with pytest.raises(error):
        act()
    return False
