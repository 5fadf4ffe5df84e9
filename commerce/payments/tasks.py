from __future__ import annotations

import uuid
from datetime import datetime

from commerce.kit.outbox import Payload, subscribe
from commerce.kit.schedule import every
from commerce.payments import capturing, polling, reconciling, refunding, settling, webhooks


@subscribe("payments.webhook_received")
def process_webhook(*, payload: Payload, at: datetime) -> None:
    webhooks.process(webhook_id=payload["webhook"], at=at)


@subscribe("payments.capture_requested")
def carry_out_capture(*, payload: Payload, at: datetime) -> None:
    capturing.carry_out(capture_id=uuid.UUID(payload["capture"]), actor="capture task", at=at)


@subscribe("payments.cancel_requested")
def carry_out_cancellation(*, payload: Payload, at: datetime) -> None:
    settling.cancel(payment_id=uuid.UUID(payload["payment"]), actor=payload["actor"], at=at)


@subscribe("payments.refund_requested")
def carry_out_refund(*, payload: Payload, at: datetime) -> None:
    refunding.carry_out(refund_id=uuid.UUID(payload["refund"]), actor="refund task", at=at)


@every(seconds=60)
def reconcile_payments(*, at: datetime) -> None:
    reconciling.reconcile(at=at)


@every(seconds=60)
def process_waiting_webhooks(*, at: datetime) -> None:
    webhooks.process_waiting(at=at)


@every(seconds=120)
def read_events(*, at: datetime) -> None:
    polling.read_events(at=at)


@every(seconds=300)
def reconcile_refunds(*, at: datetime) -> None:
    reconciling.reconcile_refunds(at=at)


@every(seconds=300)
def reconcile_captures(*, at: datetime) -> None:
    reconciling.reconcile_captures(at=at)


@every(seconds=86_400)
def forget_webhooks(*, at: datetime) -> None:
    webhooks.forget(at=at)
