from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from commerce.credit import expiring
from commerce.credit.auditing import problems
from commerce.credit.expiring import expire_due
from commerce.credit.models import CreditAccount, CreditEntry
from commerce.credit.redeeming import hold
from tests.factories.credit import gift_card

pytestmark = pytest.mark.django_db


def test_the_ledger_says_that_the_clock_took_it(at: datetime) -> None:
    card = gift_card("50.00", expires_at=at)
    assert expire_due(at=at) == 1
    entry = CreditEntry.objects.get(account=card, kind="expire")
    assert (entry.amount_minor, entry.balance_minor, entry.actor) == (-5000, 0, "clock")


def test_a_second_round_finds_nothing(at: datetime) -> None:
    gift_card("50.00", expires_at=at)
    assert [expire_due(at=at), expire_due(at=at)] == [1, 0]
    assert list(problems()) == []


def test_a_round_takes_no_more_than_it_is_told_and_the_oldest_first(at: datetime) -> None:
    late = gift_card(expires_at=at)
    early = gift_card(expires_at=at - timedelta(days=1))
    assert expire_due(at=at, limit=1) == 1
    assert CreditAccount.objects.get(pk=early.pk).balance_minor == 0
    assert CreditAccount.objects.get(pk=late.pk).balance_minor == 5000


def test_a_card_that_cannot_expire_does_not_keep_the_others_from_it(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = gift_card(expires_at=at - timedelta(days=1)), gift_card(expires_at=at)
    write_off = expiring._write_off

    def fail_for_one(account: CreditAccount, **more: Any) -> None:
        write_off(account, **more)
        if account.pk == bad.pk:
            raise RuntimeError("broken")

    monkeypatch.setattr(expiring, "_write_off", fail_for_one)
    assert expire_due(at=at) == 1
    assert CreditAccount.objects.get(pk=bad.pk).balance_minor == 5000
    assert CreditAccount.objects.get(pk=good.pk).balance_minor == 0
    assert list(problems()) == []


def test_a_card_that_is_held_wholly_is_not_due(at: datetime, caplog: pytest.LogCaptureFixture) -> None:
    card = gift_card("50.00", expires_at=at + timedelta(days=1))
    hold(amounts={card.pk: card.balance}, holder=uuid.uuid4(), at=at)
    assert expire_due(at=at + timedelta(days=1)) == 0
    assert caplog.records == []
