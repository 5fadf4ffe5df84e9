from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from commerce.kit.ledgers import InsertOnly
from commerce.kit.money import Money
from commerce.kit.states import StateEvent, Stateful, Transitions
from commerce.payments.states import PAYMENT_TRANSITIONS, REFUND_TRANSITIONS, PaymentStatus


class Payment(Stateful):
    """One intent to pay an amount for an opaque reference. Its id is also what the gateway is told to carry."""

    transitions: ClassVar[Transitions] = PAYMENT_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.UUIDField(db_index=True)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    gateway_id = models.CharField(max_length=255, blank=True)
    client_secret = models.CharField(max_length=255, blank=True)
    opening_attempt = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway_id"], condition=~Q(gateway_id=""), name="payment_gateway_id_once")
        ]
        indexes = [
            # The reconciler's question: which open payments were not looked at for longest?
            models.Index(fields=["checked_at"], name="payment_to_reconcile", condition=Q(status="open")),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def idempotency_key(self) -> str:
        """Our own key for opening the intent: stored with the row before the call, so a restart reuses it."""
        return f"payment-{self.pk}-{self.opening_attempt}"

    @property
    def captured(self) -> Money:
        """What the gateway took, in the currency it took: that may be another one than was asked for."""
        amounts = [entry.amount for entry in self.ledger.filter(kind=LedgerEntry.Kind.CAPTURE)]
        return Money.total(amounts, currency=amounts[0].currency if amounts else self.currency)

    @property
    def is_settled(self) -> bool:
        return self.status == PaymentStatus.SUCCEEDED


class PaymentEvent(StateEvent):
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="events")


class LedgerEntry(InsertOnly):
    """Money that moved at the gateway, in minor units: captures are positive, refunds negative (invariant I1)."""

    class Kind(models.TextChoices):
        CAPTURE = "capture", "Capture"
        REFUND = "refund", "Refund"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    gateway_reference = models.CharField(max_length=255)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "gateway_reference"], name="payment_ledger_fact_once"),
            models.CheckConstraint(
                condition=Q(kind="capture", amount_minor__gt=0) | Q(kind="refund", amount_minor__lt=0),
                name="payment_ledger_sign_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Refund(Stateful):
    """Money to give back. It is written down before the gateway is asked, and asked for until it answers."""

    transitions: ClassVar[Transitions] = REFUND_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=255)
    gateway_id = models.CharField(max_length=255, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def idempotency_key(self) -> str:
        """Stored like a payment's key; it changes only when the gateway has failed under it."""
        return f"refund-{self.pk}-{self.attempt}"


class RefundEvent(StateEvent):
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="events")


class WebhookEvent(models.Model):
    """The inbox: what a gateway told us, kept before it is answered. The same event is kept once."""

    gateway = models.CharField(max_length=30)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    intent_id = models.CharField(max_length=255, blank=True)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="webhook_event_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
