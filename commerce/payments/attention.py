"""What needs a person: the machine has done what it can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import F, Q, Sum

from commerce.kit.models import OutboxDelivery
from commerce.kit.money import Money
from commerce.kit.writing import money_written
from commerce.payments import refunding
from commerce.payments.models import Dispute, LedgerEntry, Method, Payment, Refund, WebhookEvent
from commerce.payments.states import DisputeState, PaymentStatus, RefundState

LAPSES_SOON = timedelta(hours=48)
CLOCKS_TURN = timedelta(days=1)
"""An order of which nothing came is cancelled by the clock long before."""
MOST_OF_A_KIND = 200


class MatterKind(StrEnum):
    FAILED_REFUND = "failed_refund"
    QUARANTINED = "quarantined"
    PARKED_WEBHOOK = "parked_webhook"
    DISPUTE = "dispute"
    LAPSING_AUTHORISATION = "lapsing_authorisation"
    REFUND_TO_PAY = "refund_to_pay"
    OVERPAID = "overpaid"
    NOT_PAID_IN_TIME = "not_paid_in_time"
    PARKED_DELIVERY = "parked_delivery"


@dataclass(frozen=True, slots=True)
class Matter:
    kind: MatterKind
    title: str
    key: str
    """The id of the row that it is about."""
    reference: UUID | None
    """What the payment is for; None where no payment is known."""
    since: datetime
    payment: UUID | None = None
    facts: dict[str, str] = field(default_factory=dict)


def _written(amount: Money) -> str:
    return money_written(amount, language="en")


def needing_a_person(at: datetime) -> list[Matter]:
    """Oldest first, in one query for each kind."""
    matters = [
        *_refunds(),
        *_quarantined(),
        *_parked_webhooks(),
        *_disputes(),
        *_lapsing(at),
        *_overpaid(),
        *_not_paid_in_time(at),
        *_parked_deliveries(),
    ]
    return sorted(matters, key=lambda matter: matter.since)


def _refunds() -> Iterator[Matter]:
    to_pay = Q(status=RefundState.REQUESTED) & ~Q(payment__method=Method.STRIPE)
    waiting = Refund.objects.filter(Q(status=RefundState.FAILED) | to_pay).select_related("payment")
    for refund in waiting.prefetch_related("events").order_by("created_at")[:MOST_OF_A_KIND]:
        has_failed, amount = refund.status == RefundState.FAILED, _written(refund.amount)
        yield Matter(
            kind=MatterKind.FAILED_REFUND if has_failed else MatterKind.REFUND_TO_PAY,
            title=f"{amount} could not be refunded" if has_failed else f"{amount} to pay back",
            key=str(refund.pk),
            reference=refund.payment.reference,
            since=refund.created_at,
            payment=refund.payment_id,
            facts=_facts_of(refund),
        )


def _facts_of(refund: Refund) -> dict[str, str]:
    facts = {"reason": refund.reason, "method": refund.payment.get_method_display()}
    if refund.status == RefundState.FAILED:
        *_, last = refund.events.all()
        facts["why it failed"] = last.reason
    return facts


def _quarantined() -> Iterator[Matter]:
    waiting = Payment.objects.exclude(quarantine_reason="").exclude(status=PaymentStatus.CANCELLED)
    for payment in waiting.order_by("created_at")[:MOST_OF_A_KIND]:
        yield Matter(
            kind=MatterKind.QUARANTINED,
            title=f"A payment of {_written(payment.amount)} is not what the gateway says",
            key=str(payment.pk),
            reference=payment.reference,
            since=payment.created_at,
            payment=payment.pk,
            facts={"reason": payment.quarantine_reason, "at the gateway": payment.gateway_id},
        )


def _parked_webhooks() -> Iterator[Matter]:
    parked = WebhookEvent.objects.filter(parked_at__isnull=False).defer("payload")
    for webhook in parked.order_by("parked_at")[:MOST_OF_A_KIND]:
        assert webhook.parked_at
        yield Matter(
            kind=MatterKind.PARKED_WEBHOOK,
            title=f"An event could not be handled: {webhook.type}",
            key=str(webhook.pk),
            reference=None,
            since=webhook.parked_at,
            facts={"event": webhook.event_id, "error": webhook.last_error},
        )


def _disputes() -> Iterator[Matter]:
    open_ones = Dispute.objects.filter(status=DisputeState.NEEDS_RESPONSE).select_related("payment")
    for dispute in open_ones.order_by("due_by")[:MOST_OF_A_KIND]:
        due_by = f"{dispute.due_by:%Y-%m-%d %H:%M} UTC" if dispute.due_by else "not said"
        yield Matter(
            kind=MatterKind.DISPUTE,
            title=f"{_written(dispute.amount)} disputed: answer at the gateway",
            key=str(dispute.pk),
            reference=dispute.payment.reference,
            since=dispute.opened_at,
            payment=dispute.payment_id,
            facts={"reason": dispute.reason, "answer by": due_by, "at the gateway": dispute.gateway_id},
        )


def _lapsing(at: datetime) -> Iterator[Matter]:
    lapsing = Payment.objects.filter(
        status=PaymentStatus.AUTHORISED, authorisation_expires_at__lte=at + LAPSES_SOON, cancel_requested_at=None
    )
    for payment in lapsing.order_by("authorisation_expires_at")[:MOST_OF_A_KIND]:
        yield Matter(
            kind=MatterKind.LAPSING_AUTHORISATION,
            title=f"An authorisation of {_written(payment.authorised)} is about to lapse: capture or cancel",
            key=str(payment.pk),
            reference=payment.reference,
            since=payment.created_at,
            payment=payment.pk,
            facts={"lapses": f"{payment.authorisation_expires_at:%Y-%m-%d %H:%M} UTC"},
        )


def _overpaid() -> Iterator[Matter]:
    """More came by bank transfer or in cash than was to be paid, and has not been given back."""
    received = Sum("ledger__amount_minor", filter=Q(ledger__kind=LedgerEntry.Kind.CAPTURE))
    paid = Payment.objects.filter(status=PaymentStatus.SUCCEEDED).exclude(method=Method.STRIPE)
    for payment in paid.annotate(received=received).filter(received__gt=F("amount_minor"))[:MOST_OF_A_KIND]:
        excess = excess_of(payment)
        if excess.minor <= 0:
            continue
        yield Matter(
            kind=MatterKind.OVERPAID,
            title=f"{_written(excess)} more was paid than was due",
            key=str(payment.pk),
            reference=payment.reference,
            since=payment.created_at,
            payment=payment.pk,
            facts={"due": _written(payment.amount), "method": payment.get_method_display()},
        )


def _not_paid_in_time(at: datetime) -> Iterator[Matter]:
    """What nobody calls off by itself: a part of it has come, or it is the rest of an order that was paid before."""
    promised = Payment.objects.filter(status=PaymentStatus.OPEN, pay_by__lte=at).exclude(method=Method.STRIPE)
    received = promised.annotate(received=Sum("ledger__amount_minor"))
    late = received.filter(Q(received__isnull=False) | Q(pay_by__lte=at - CLOCKS_TURN))
    for payment in late.order_by("pay_by")[:MOST_OF_A_KIND]:
        assert payment.pay_by
        came, due = (_written(each) for each in (Money(payment.received or 0, payment.currency), payment.amount))
        yield Matter(
            kind=MatterKind.NOT_PAID_IN_TIME,
            title=f"{came} of {due} came in time: write down the rest, or cancel the order",
            key=str(payment.pk),
            reference=payment.reference,
            since=payment.pay_by,
            payment=payment.pk,
            facts={"was to come by": f"{payment.pay_by:%Y-%m-%d}", "method": payment.get_method_display()},
        )


def excess_of(payment: Payment) -> Money:
    """What came beyond the due and is neither given back nor on its way: the first refunds of it count as that."""
    received = payment.captured - payment.amount
    back = payment.refunds.exclude(status__in=refunding.NOT_COUNTED).aggregate(minor=Sum("amount_minor"))
    return received - Money(back["minor"] or 0, payment.currency)


def _parked_deliveries() -> Iterator[Matter]:
    """Work of this room that its task has given up; the clock heals most of it."""
    parked = OutboxDelivery.objects.filter(parked_at__isnull=False, event__name__startswith="payments.")
    for delivery in parked.select_related("event").order_by("parked_at")[:MOST_OF_A_KIND]:
        assert delivery.parked_at
        reference = delivery.event.payload.get("reference")
        yield Matter(
            kind=MatterKind.PARKED_DELIVERY,
            title=f"Nobody could react to {delivery.event.name}",
            key=str(delivery.pk),
            reference=UUID(reference) if reference else None,
            since=delivery.parked_at,
            facts={"reaction": delivery.subscriber, "error": delivery.last_error},
        )
