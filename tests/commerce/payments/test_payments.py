from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from commerce.kit import clock, outbox
from commerce.kit.models import OutboxEvent
from commerce.kit.money import CurrencyMismatch, Money
from commerce.payments import refunding
from commerce.payments.gateways import ForgedWebhook, GatewayFailed, GatewayUnavailable, IntentStatus
from commerce.payments.models import LedgerEntry, Payment, Refund, WebhookEvent
from commerce.payments.opening import open_payment, prepare_payment
from commerce.payments.reconciling import LEFT_ALONE_FOR, REFUNDS_LEFT_ALONE_FOR, reconcile, reconcile_refunds
from commerce.payments.refunding import RefundTooLarge, carry_out, request_refund
from commerce.payments.settling import cancel, settle
from commerce.payments.stripe.adapter import MAX_NETWORK_RETRIES
from commerce.payments.stripe.sandbox.faults import FaultKind
from commerce.payments.stripe.sandbox.machine import Reply
from commerce.payments.webhooks import receive
from tests.till import DECLINED_CARD, Till

pytestmark = pytest.mark.django_db

EVERY_TRY = MAX_NETWORK_RETRIES + 1
A_MINUTE = timedelta(minutes=1)
SLOW_REFUND_CARD = "4000000000007726"


@pytest.fixture(autouse=True)
def only_our_own_subscribers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What other rooms make of a payment is their tests' business."""
    ours = ("payments.webhook_received", "payments.refund_requested")
    kept = {name: handlers for name, handlers in outbox._subscribers.items() if name in ours}
    silent: dict[str, Any] = {name: {} for name in outbox._subscribers if name not in ours}
    monkeypatch.setattr(outbox, "_subscribers", {"payments.succeeded": {}} | silent | kept)
    return


def _prepared(at: datetime, minor: int = 4488) -> Payment:
    with transaction.atomic():
        return prepare_payment(reference=uuid.uuid4(), amount=Money(minor, "EUR"), actor="test", at=at)


def _opened(at: datetime, minor: int = 4488) -> Payment:
    return open_payment(payment_id=_prepared(at, minor).pk, actor="test", at=at)


def _paid(till: Till, at: datetime, minor: int = 4488) -> Payment:
    payment = _opened(at, minor)
    till.pay(payment)
    settle(payment_id=payment.pk, actor="test", at=at)
    payment.refresh_from_db()
    return payment


def _paid_in_dollars(till: Till, at: datetime) -> Payment:
    """A payment in euros whose intent at the gateway is one in dollars."""
    payment = _opened(at)
    intent = till.gateway.open_intent(amount=Money(4488, "USD"), reference=payment.pk, idempotency_key="dollars")
    Payment.objects.filter(pk=payment.pk).update(gateway_id=intent.gateway_id)
    till.confirm(intent.client_secret)
    settle(payment_id=payment.pk, actor="test", at=at)
    return Payment.objects.get(pk=payment.pk)


def _refund(payment: Payment, minor: int, at: datetime) -> Refund:
    with transaction.atomic():
        return request_refund(
            payment=payment, amount=Money(minor, "EUR"), reason="Returned", actor="test", at=at
        )  # fmt: skip


def _status(payment: Payment) -> str:
    return Payment.objects.get(pk=payment.pk).status


def _ledger() -> list[tuple[str, int]]:
    return list(LedgerEntry.objects.values_list("kind", "amount_minor"))


def _lose_every_reply(till: Till) -> None:
    """The next effect happens, and no answer arrives, however often the client asks."""
    till.provoke(FaultKind.LOSE_REPLY, match="POST *", times=EVERY_TRY)


@contextlib.contextmanager
def _failing_without_effect(till: Till, *, under: str) -> Iterator[None]:
    """The gateway answers 500 to everything under this key, and does nothing."""
    answer = till.machine.answer
    failed = Reply(500, {"error": {"type": "api_error"}}, {"Stripe-Should-Retry": "false"})

    def answers(**request: Any) -> Reply:
        return failed if request["headers"].get("idempotency-key") == under else answer(**request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(till.machine, "answer", answers)
        yield


@contextlib.contextmanager
def _gateway_clock_ahead(till: Till, by: timedelta) -> Iterator[None]:
    answer = till.machine.answer
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(till.machine, "answer", lambda **request: answer(**request | {"at": request["at"] + by}))
        yield


def test_opening_asks_the_gateway_for_the_amount_and_keeps_its_secret(till: Till, at: datetime) -> None:
    payment = _opened(at)
    intent = till.intent(payment)
    assert (intent["amount"], intent["currency"]) == (4488, "eur")
    assert intent["metadata"] == {"payment": str(payment.pk), "shop": settings.SHOP_ID}
    assert payment.client_secret == intent["client_secret"]
    assert _status(payment) == "open"


def test_opening_twice_opens_one_intent(till: Till, at: datetime) -> None:
    payment = _opened(at)
    again = open_payment(payment_id=payment.pk, actor="test", at=at)
    assert again.gateway_id == payment.gateway_id
    assert len(till.events("payment_intent.created")) == 1


def test_when_the_gateways_reply_is_lost_the_next_call_finds_the_same_intent(till: Till, at: datetime) -> None:
    payment = _prepared(at)
    _lose_every_reply(till)
    with pytest.raises(GatewayUnavailable):
        open_payment(payment_id=payment.pk, actor="test", at=at)
    assert len(till.events("payment_intent.created")) == 1
    assert _status(payment) == "opening"
    opened = open_payment(payment_id=payment.pk, actor="test", at=at)
    created = till.events("payment_intent.created")
    assert [event["data"]["object"]["id"] for event in created] == [opened.gateway_id]


def test_one_lost_reply_is_not_even_noticed(till: Till, at: datetime) -> None:
    till.provoke(FaultKind.LOSE_REPLY, match="POST /v1/payment_intents")
    assert _status(_opened(at)) == "open"
    assert len(till.events("payment_intent.created")) == 1


def test_an_opening_whose_first_answer_was_an_error_is_finished_all_the_same(till: Till, at: datetime) -> None:
    """The gateway replays a 500 under its idempotency key, so asking again with the same key is not enough."""
    payment = _prepared(at)
    till.provoke(FaultKind.SERVER_ERROR, match="POST /v1/payment_intents")
    for _ in range(3):
        with contextlib.suppress(GatewayUnavailable):
            open_payment(payment_id=payment.pk, actor="test", at=at)
    assert _status(payment) == "open"


def test_the_intent_that_a_failed_opening_left_behind_is_not_the_shoppers(till: Till, at: datetime) -> None:
    payment = _prepared(at)
    till.provoke(FaultKind.SERVER_ERROR, match="POST /v1/payment_intents")
    with pytest.raises(GatewayFailed):
        open_payment(payment_id=payment.pk, actor="test", at=at)
    opened = open_payment(payment_id=payment.pk, actor="test", at=at)
    orphan, ours = (event["data"]["object"] for event in till.events("payment_intent.created"))
    assert opened.opening_attempt == 2
    assert (opened.gateway_id, opened.client_secret) == (ours["id"], ours["client_secret"])
    assert orphan["id"] != ours["id"]


def test_settling_a_paid_intent_writes_what_was_captured(till: Till, at: datetime) -> None:
    payment = _paid(till, at)
    assert payment.is_settled
    assert payment.captured == payment.amount
    assert _ledger() == [("capture", 4488)]
    announced = OutboxEvent.objects.get(name="payments.succeeded")
    assert announced.payload == {"payment": str(payment.pk), "reference": str(payment.reference)}


def test_settling_twice_writes_one_row_and_announces_once(till: Till, at: datetime) -> None:
    payment = _paid(till, at)
    assert settle(payment_id=payment.pk, actor="test", at=at) == IntentStatus.SUCCEEDED
    assert _ledger() == [("capture", 4488)]
    assert OutboxEvent.objects.filter(name="payments.succeeded").count() == 1


@pytest.mark.parametrize("card", [None, DECLINED_CARD])
def test_settling_what_is_not_paid_changes_nothing(till: Till, at: datetime, card: str | None) -> None:
    payment = _opened(at)
    if card:
        till.pay(payment, card)
    assert settle(payment_id=payment.pk, actor="test", at=at + A_MINUTE) == IntentStatus.AWAITING_SHOPPER
    assert _status(payment) == "open"
    assert _ledger() == []


def test_a_payment_that_was_never_opened_has_nothing_to_settle(till: Till, at: datetime) -> None:
    assert settle(payment_id=_prepared(at).pk, actor="test", at=at) is None


def test_a_cancelled_payment_cannot_be_paid(till: Till, at: datetime) -> None:
    payment = _opened(at)
    cancel(payment_id=payment.pk, actor="test", at=at)
    assert till.pay(payment).status == 400
    assert _status(payment) == "cancelled"
    cancel(payment_id=payment.pk, actor="test", at=at)
    assert payment.events.filter(to_status="cancelled").count() == 1


def test_cancelling_what_was_paid_a_moment_ago_settles_it(till: Till, at: datetime) -> None:
    payment = _opened(at)
    till.pay(payment)
    cancel(payment_id=payment.pk, actor="test", at=at)
    assert _status(payment) == "succeeded"
    assert _ledger() == [("capture", 4488)]


def test_a_payment_cancelled_before_it_was_opened_stays_unopened(till: Till, at: datetime) -> None:
    payment = _prepared(at)
    cancel(payment_id=payment.pk, actor="test", at=at)
    late = open_payment(payment_id=payment.pk, actor="test", at=at)
    assert (late.status, late.client_secret) == ("cancelled", "")
    assert till.events() == []


def test_a_cancellation_whose_reply_was_lost_is_found_out_later(till: Till, at: datetime) -> None:
    payment = _opened(at)
    _lose_every_reply(till)
    with pytest.raises(GatewayUnavailable):
        cancel(payment_id=payment.pk, actor="test", at=at)
    assert till.intent(payment)["status"] == "canceled"
    assert _status(payment) == "open"
    cancel(payment_id=payment.pk, actor="test", at=at)
    assert _status(payment) == "cancelled"


def test_a_cancellation_whose_first_answer_was_an_error_is_finished_all_the_same(till: Till, at: datetime) -> None:
    payment = _opened(at)
    till.provoke(FaultKind.SERVER_ERROR, match="POST */cancel")
    with pytest.raises(GatewayFailed):
        cancel(payment_id=payment.pk, actor="test", at=at)
    cancel(payment_id=payment.pk, actor="test", at=at)
    assert _status(payment) == "cancelled"


def test_money_counts_as_captured_in_the_currency_in_which_it_was_taken(till: Till, at: datetime) -> None:
    assert _opened(at).captured == Money(0, "EUR")
    assert _paid_in_dollars(till, at).captured == Money(4488, "USD")


def test_money_taken_in_another_currency_can_go_back_whole_and_no_further(till: Till, at: datetime) -> None:
    payment = _paid_in_dollars(till, at)
    for minor in (4000, 488):
        with transaction.atomic():
            request_refund(payment=payment, amount=Money(minor, "USD"), reason="x", actor="test", at=at)
    with pytest.raises(RefundTooLarge):
        request_refund(payment=payment, amount=Money(1, "USD"), reason="x", actor="test", at=at)
    outbox.deliver_due(at=at)
    assert {refund.status for refund in Refund.objects.all()} == {"succeeded"}
    assert [(entry.amount_minor, entry.currency) for entry in LedgerEntry.objects.all()] == [
        (4488, "USD"),
        (-4000, "USD"),
        (-488, "USD"),
    ]


def test_a_refund_goes_back_and_into_the_ledger(till: Till, at: datetime) -> None:
    refund = _refund(_paid(till, at), 1000, at)
    assert refund.status == "requested"
    outbox.deliver_due(at=at)
    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert refund.gateway_id
    assert _ledger() == [("capture", 4488), ("refund", -1000)]


@pytest.mark.parametrize(("earlier", "amount"), [(0, 4489), (4488, 1), (4000, 489), (0, 0), (0, -1)])
def test_more_than_is_left_and_nothing_cannot_be_refunded(till: Till, at: datetime, earlier: int, amount: int) -> None:
    payment = _paid(till, at)
    if earlier:
        _refund(payment, earlier, at)
    with pytest.raises(RefundTooLarge):
        _refund(payment, amount, at)
    assert Refund.objects.count() == bool(earlier)


def test_an_unpaid_payment_has_nothing_to_refund(till: Till, at: datetime) -> None:
    with pytest.raises(RefundTooLarge):
        _refund(_opened(at), 1, at)


def test_a_refund_is_made_in_the_currency_of_its_payment(till: Till, at: datetime) -> None:
    payment = _paid(till, at)
    with pytest.raises(CurrencyMismatch), transaction.atomic():
        request_refund(payment=payment, amount=Money(1, "USD"), reason="x", actor="test", at=at)
    assert not Refund.objects.exists()


def test_a_refund_whose_reply_was_lost_is_asked_for_again_and_made_once(till: Till, at: datetime) -> None:
    refund = _refund(_paid(till, at), 1000, at)
    _lose_every_reply(till)
    outbox.deliver_due(at=at)
    assert len(till.events("refund.created")) == 1
    refund.refresh_from_db()
    assert refund.status == "requested"
    outbox.deliver_due(at=at + A_MINUTE)
    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert len(till.events("refund.created")) == 1
    assert _ledger() == [("capture", 4488), ("refund", -1000)]


def test_carrying_out_a_refund_twice_refunds_once(till: Till, at: datetime) -> None:
    refund = _refund(_paid(till, at), 1000, at)
    for _ in range(2):
        carry_out(refund_id=refund.pk, actor="test", at=at)
    assert len(till.events("refund.created")) == 1
    assert _ledger() == [("capture", 4488), ("refund", -1000)]


def test_a_refund_that_the_gateway_refuses_fails_and_leaves_its_amount_free(till: Till, at: datetime) -> None:
    payment = _paid(till, at)
    till.gateway.refund(
        gateway_id=payment.gateway_id, reference=uuid.uuid4(), amount=Money(4000, "EUR"), idempotency_key="by hand"
    )
    refund = _refund(payment, 1000, at)
    outbox.deliver_due(at=at)
    refund.refresh_from_db()
    assert refund.status == "failed"
    assert _ledger() == [("capture", 4488)]
    assert _refund(payment, 488, at).status == "requested"


def test_a_refund_whose_first_answer_was_an_error_is_finished_all_the_same(till: Till, at: datetime) -> None:
    """The gateway replays a 500 under its idempotency key, so asking again with the same key is not enough."""
    refund = _refund(_paid(till, at), 1000, at)
    till.provoke(FaultKind.SERVER_ERROR, match="POST /v1/refunds")
    moment = at
    for _ in range(8):
        outbox.deliver_due(at=moment)
        moment += A_MINUTE
    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert len(till.events("refund.created")) == 1


def test_one_server_error_raises_the_attempt_once(till: Till, at: datetime) -> None:
    """Of two who failed under the same key the second finds the attempt raised already."""
    refund = _refund(_paid(till, at), 1000, at)
    till.provoke(FaultKind.SERVER_ERROR, match="POST /v1/refunds")
    first_key = refund.idempotency_key
    with pytest.raises(GatewayFailed):
        carry_out(refund_id=refund.pk, actor="test", at=at)
    with pytest.raises(GatewayFailed):
        refunding._ask(refund)
    refund.refresh_from_db()
    assert (refund.attempt, refund.idempotency_key == first_key) == (2, False)


def test_a_refund_that_the_gateway_failed_to_make_is_made_under_a_new_key(till: Till, at: datetime) -> None:
    refund = _refund(_paid(till, at), 1000, at)
    with _failing_without_effect(till, under=refund.idempotency_key):
        with pytest.raises(GatewayFailed):
            carry_out(refund_id=refund.pk, actor="test", at=at)
        assert till.events("refund.created") == []
        carry_out(refund_id=refund.pk, actor="test", at=at)
    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert len(till.events("refund.created")) == 1


def test_a_refund_made_more_than_a_day_ago_is_not_made_again(till: Till, at: datetime) -> None:
    """By then its idempotency key is forgotten."""
    refund = _refund(_paid(till, at), 1000, at)
    _lose_every_reply(till)
    with pytest.raises(GatewayUnavailable):
        carry_out(refund_id=refund.pk, actor="test", at=at)
    assert len(till.events("refund.created")) == 1
    with _gateway_clock_ahead(till, timedelta(days=2)):
        carry_out(refund_id=refund.pk, actor="test", at=at + timedelta(days=2))
    assert len(till.events("refund.created")) == 1
    assert _ledger() == [("capture", 4488), ("refund", -1000)]


def test_a_pending_refund_is_finished_when_the_gateway_has_finished_it(till: Till, at: datetime) -> None:
    payment = _opened(at)
    till.pay(payment, SLOW_REFUND_CARD)
    settle(payment_id=payment.pk, actor="test", at=at)
    refund = _refund(payment, 1000, at)
    outbox.deliver_due(at=at)
    refund.refresh_from_db()
    assert refund.status == "requested"
    assert _ledger() == [("capture", 4488)]
    with _gateway_clock_ahead(till, A_MINUTE):
        outbox.deliver_due(at=at + A_MINUTE)
    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert len(till.events("refund.created")) == 1
    assert _ledger() == [("capture", 4488), ("refund", -1000)]


def _webhook(till: Till, kind: str = "payment_intent.succeeded") -> dict[str, Any]:
    now = clock.now()
    body, signature = till.webhook(kind, at=now)
    return {"body": body, "signature": signature, "at": now}


def test_a_webhook_alone_settles_its_payment(till: Till, at: datetime) -> None:
    payment = _opened(at)
    till.pay(payment)
    webhook = _webhook(till)
    receive(**webhook)
    assert _status(payment) == "open"
    outbox.deliver_due(at=webhook["at"])
    assert _status(payment) == "succeeded"
    assert WebhookEvent.objects.get().processed_at == webhook["at"]


def test_a_webhook_that_comes_twice_is_kept_once(till: Till, at: datetime) -> None:
    till.pay(_opened(at))
    webhook = _webhook(till)
    assert receive(**webhook) == receive(**webhook)
    assert WebhookEvent.objects.count() == 1
    assert OutboxEvent.objects.filter(name="payments.webhook_received").count() == 1
    outbox.deliver_due(at=webhook["at"])
    assert _ledger() == [("capture", 4488)]


@pytest.mark.parametrize("forge", ["body", "signature", "age"])
def test_a_forged_webhook_leaves_no_trace(till: Till, at: datetime, forge: str) -> None:
    till.pay(_opened(at))
    webhook = _webhook(till)
    changes = {
        "body": {"body": webhook["body"] + b" "},
        "signature": {"signature": webhook["signature"][:-1] + "x"},
        "age": {"at": webhook["at"] + timedelta(minutes=6)},
    }
    with pytest.raises(ForgedWebhook):
        receive(**webhook | changes[forge])
    assert not WebhookEvent.objects.exists()
    assert not OutboxEvent.objects.filter(name="payments.webhook_received").exists()


def test_a_webhook_about_somebody_elses_intent_is_kept_and_changes_nothing(till: Till, at: datetime) -> None:
    ours = _opened(at)
    with override_settings(SHOP_ID="https://another.example"):
        foreign = till.gateway.open_intent(amount=Money(999, "EUR"), reference=uuid.uuid4(), idempotency_key="foreign")
    till.confirm(foreign.client_secret)
    webhook = _webhook(till)
    receive(**webhook)
    outbox.deliver_due(at=webhook["at"])
    assert WebhookEvent.objects.get().processed_at is not None
    assert _status(ours) == "open"
    assert _ledger() == []


def test_a_webhook_waits_while_the_gateway_is_away(till: Till, at: datetime) -> None:
    payment = _opened(at)
    till.pay(payment)
    webhook = _webhook(till)
    receive(**webhook)
    till.provoke(FaultKind.LOSE_REPLY, match="GET *", times=EVERY_TRY)
    outbox.deliver_due(at=webhook["at"])
    assert _status(payment) == "open"
    outbox.deliver_due(at=webhook["at"] + A_MINUTE)
    assert _status(payment) == "succeeded"


def test_webhooks_out_of_order_end_the_same(till: Till, at: datetime) -> None:
    payment = _opened(at)
    till.pay(payment)
    for kind in ("payment_intent.succeeded", "payment_intent.created"):
        webhook = _webhook(till, kind)
        receive(**webhook)
        outbox.deliver_due(at=webhook["at"])
    assert _status(payment) == "succeeded"
    assert _ledger() == [("capture", 4488)]


def test_what_no_webhook_told_the_reconciler_finds_out(till: Till, at: datetime) -> None:
    paid, cancelled, waiting = (_opened(at) for _ in range(3))
    till.pay(paid)
    till.gateway.cancel_intent(gateway_id=cancelled.gateway_id)
    assert reconcile(at=at + LEFT_ALONE_FOR) == 3
    assert [_status(each) for each in (paid, cancelled, waiting)] == ["succeeded", "cancelled", "open"]


def test_the_reconciler_leaves_fresh_and_finished_payments_alone(till: Till, at: datetime) -> None:
    fresh = _opened(at)
    till.pay(fresh)
    assert reconcile(at=at + LEFT_ALONE_FOR - timedelta(seconds=1)) == 0
    assert _status(fresh) == "open"
    assert reconcile(at=at + LEFT_ALONE_FOR) == 1
    assert reconcile(at=at + timedelta(days=1)) == 0


def test_what_was_just_looked_at_waits_its_minute_again(till: Till, at: datetime) -> None:
    _opened(at)
    assert reconcile(at=at + A_MINUTE) == 1
    assert reconcile(at=at + A_MINUTE) == 0
    assert reconcile(at=at + 2 * A_MINUTE) == 1


def test_of_many_the_one_looked_at_longest_ago_comes_first(till: Till, at: datetime) -> None:
    second, first = _opened(at + timedelta(seconds=5)), _opened(at)
    till.pay(first)
    till.pay(second)
    assert reconcile(at=at + 2 * A_MINUTE, limit=1) == 1
    assert (_status(first), _status(second)) == ("succeeded", "open")


def test_while_the_gateway_is_away_the_reconciler_waits_for_the_next_round(till: Till, at: datetime) -> None:
    payments = [_opened(at) for _ in range(2)]
    for payment in payments:
        till.pay(payment)
    till.provoke(FaultKind.LOSE_REPLY, match="GET *", times=2 * EVERY_TRY)
    assert reconcile(at=at + A_MINUTE) == 0
    assert [_status(payment) for payment in payments] == ["open", "open"]
    assert reconcile(at=at + 2 * A_MINUTE) == 2
    assert [_status(payment) for payment in payments] == ["succeeded", "succeeded"]


def test_an_intent_that_the_gateway_does_not_know_holds_up_no_other_payment(till: Till, at: datetime) -> None:
    lost, paid = _opened(at), _opened(at + timedelta(seconds=1))
    Payment.objects.filter(pk=lost.pk).update(gateway_id="pi_unknown")
    till.pay(paid)
    assert reconcile(at=at + 2 * A_MINUTE) == 1
    assert (_status(lost), _status(paid)) == ("open", "succeeded")
    assert reconcile(at=at + 2 * A_MINUTE) == 0


def test_an_intent_whose_look_up_fails_holds_up_no_other_payment(till: Till, at: datetime) -> None:
    failing, paid = _opened(at), _opened(at + timedelta(seconds=1))
    till.pay(paid)
    till.provoke(FaultKind.SERVER_ERROR, match=f"GET /v1/payment_intents/{failing.gateway_id}", times=EVERY_TRY)
    assert reconcile(at=at + 2 * A_MINUTE) == 1
    assert (_status(failing), _status(paid)) == ("open", "succeeded")


def test_a_refund_whose_task_was_given_up_is_carried_out_by_the_clock(till: Till, at: datetime) -> None:
    refund = _refund(_paid(till, at), 1000, at)
    assert reconcile_refunds(at=at) == 0
    assert reconcile_refunds(at=at + REFUNDS_LEFT_ALONE_FOR) == 1
    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert reconcile_refunds(at=at + timedelta(days=1)) == 0


def test_a_refund_that_never_goes_through_keeps_no_newer_one_waiting(till: Till, at: datetime) -> None:
    stuck, due = _refund(_paid(till, at), 1000, at), _refund(_paid(till, at), 500, at + timedelta(seconds=1))
    till.provoke(FaultKind.SERVER_ERROR, match="POST /v1/refunds")
    later = at + timedelta(hours=1)
    assert [reconcile_refunds(at=later, limit=1), reconcile_refunds(at=later, limit=1)] == [0, 1]
    stuck.refresh_from_db()
    due.refresh_from_db()
    assert (stuck.status, due.status) == ("requested", "succeeded")
