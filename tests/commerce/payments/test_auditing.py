"""Whatever contradicts itself is named; the other tests of this room see that what is right is left in peace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from commerce.kit import clock
from commerce.payments import auditing, comparing, polling
from commerce.payments.models import Capture, LedgerEntry, Payment, Refund
from commerce.payments.receiving import record_receipt
from commerce.payments.stripe.adapter import MAX_NETWORK_RETRIES
from commerce.payments.stripe.sandbox.faults import FaultKind
from tests.commerce.payments.paying import ACTOR, authorised, deliver, euros, fresh, opened, paid, prepared, refund
from tests.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


def _entry(payment: Payment, kind: str, minor: int, at: datetime) -> None:
    LedgerEntry.objects.create(
        payment=payment, kind=kind, amount_minor=minor, currency="EUR", gateway_reference=f"{kind} {minor}", at=at
    )


def _without_ledger(till: Till, at: datetime) -> None:
    LedgerEntry.objects.filter(payment=paid(till, at))._raw_delete(using="default")


def _money_without_success(till: Till, at: datetime) -> None:
    _entry(opened(at), "capture", 4488, at)


def _captured_twice(till: Till, at: datetime) -> None:
    _entry(paid(till, at), "capture", 4488, at)


def _received_too_little(till: Till, at: datetime) -> None:
    payment = prepared(at, method="bank_transfer")
    with transaction.atomic():
        record_receipt(payment=payment, amount=euros(4488), reference="line 3", actor=ACTOR, at=at)
    Payment.objects.filter(pk=payment.pk).update(amount_minor=5000)


def _received_and_still_open(till: Till, at: datetime) -> None:
    payment = prepared(at, method="bank_transfer")
    with transaction.atomic():
        record_receipt(payment=payment, amount=euros(4000), reference="line 3", actor=ACTOR, at=at)
    Payment.objects.filter(pk=payment.pk).update(amount_minor=4000)


def _refund_without_entry(till: Till, at: datetime) -> None:
    refund(paid(till, at), 100, at)
    deliver(at)
    LedgerEntry.objects.filter(kind="refund")._raw_delete(using="default")


def _entry_without_refund(till: Till, at: datetime) -> None:
    _entry(paid(till, at), "refund", -100, at)


def _more_refunded_than_captured(till: Till, at: datetime) -> None:
    payment = paid(till, at)
    refund(payment, 4488, at)
    deliver(at)
    Refund.objects.update(amount_minor=4489)
    _entry(payment, "refund", -1, at)


def _dispute_without_entry(till: Till, at: datetime) -> None:
    _entry(paid(till, at), "dispute", -100, at)


def _captured_and_not_paid(till: Till, at: datetime) -> None:
    payment = authorised(till, at)
    capture = Capture.objects.create(
        payment=payment, amount_minor=1, currency="EUR", reason="x", created_at=at, status="succeeded"
    )
    for before, after in (("", "requested"), ("requested", "succeeded")):
        capture.events.create(from_status=before, to_status=after, actor="x", reason="x", at=at)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without_ledger, "nothing was captured"),
        (_money_without_success, "open, captured 4488"),
        (_captured_twice, "captured 2 times"),
        (_received_too_little, "received 4488 of 5000"),
        (_received_and_still_open, "open, received 4000 of 4000"),
        (_refund_without_entry, "refunded 100, the ledger says 0"),
        (_entry_without_refund, "refunded 0, the ledger says 100"),
        (_more_refunded_than_captured, "1 more was refunded than captured"),
        (_dispute_without_entry, "lost 0, the ledger says 100"),
        (_captured_and_not_paid, "its payment did not"),
    ],
)
def test_a_contradiction_is_named(till: Till, at: datetime, spoil: Callable[[Till, datetime], None], said: str) -> None:
    assert list(auditing.discrepancies()) == []
    spoil(till, at)
    found = list(auditing.discrepancies())
    assert any(said in line for line in found), found


def test_the_audit_compares_with_the_gateway_when_it_is_asked_to(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = paid(till, clock.now())
    call_command("audit", gateway=True, stdout=StringIO())
    LedgerEntry.objects.filter(payment=payment)._raw_delete(using="default")
    _entry(payment, "capture", 4487, clock.now())
    call_command("audit", stdout=StringIO())
    for patience in ("WAITS", "_SETTLES_WITHIN"):
        monkeypatch.setattr(comparing, patience, timedelta(0))
    said = StringIO()
    with pytest.raises(CommandError, match="1 discrepancies"):
        call_command("audit", gateway=True, stdout=StringIO(), stderr=said)
    assert f"I1 payment {payment.pk}: the ledger says" in said.getvalue()


def test_reconciling_by_hand_heals_what_the_clock_would(till: Till) -> None:
    now = clock.now()
    unheard, held, owed = opened(now), authorised(till, now), paid(till, now)
    till.pay(unheard)
    refund(owed, 100, now)
    said = StringIO()
    call_command("reconcile", stdout=said)
    assert fresh(unheard).is_settled
    assert fresh(owed).refunded == euros(100)
    assert fresh(held).is_authorised
    assert "payments looked at: 2" in said.getvalue()
    call_command("reconcile", stdout=StringIO())
    assert list(auditing.discrepancies()) == []


def test_reconciling_by_hand_says_what_could_not_be_done_and_does_the_rest(till: Till) -> None:
    now = clock.now()
    unheard = opened(now)
    till.pay(unheard)
    till.provoke(FaultKind.LOSE_REPLY, match="GET /v1/events", times=MAX_NETWORK_RETRIES + 1)
    with pytest.raises(CommandError, match="events read from the gateway"):
        call_command("reconcile", stdout=StringIO(), stderr=StringIO())
    assert fresh(unheard).is_settled
    assert polling.read_events(at=now) == 0
