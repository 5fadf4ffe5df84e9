from __future__ import annotations

import uuid
from datetime import datetime

from commerce.kit.outbox import Payload, subscribe
from commerce.kit.schedule import every
from commerce.payments import reconciling, refunding, webhooks


@subscribe("payments.webhook_received")
def process_webhook(*, payload: Payload, at: datetime) -> None:
    webhooks.process(webhook_id=payload["webhook"], at=at)


@subscribe("payments.refund_requested")
def carry_out_refund(*, payload: Payload, at: datetime) -> None:
    refunding.carry_out(refund_id=uuid.UUID(payload["refund"]), actor="refund task", at=at)


@every(seconds=60)
def reconcile_payments(*, at: datetime) -> None:
    reconciling.reconcile(at=at)


@every(seconds=300)
def reconcile_refunds(*, at: datetime) -> None:
    reconciling.reconcile_refunds(at=at)
