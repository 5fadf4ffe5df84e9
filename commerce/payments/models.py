from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from commerce.kit.ledgers import InsertOnly
from commerce.kit.money import Money
from commerce.kit.states import StateEvent, Stateful, Transitions
from commerce.markets.models import Market
from commerce.payments.states import (
    CAPTURE_TRANSITIONS,
    DISPUTE_TRANSITIONS,
    PAYMENT_TRANSITIONS,
    REFUND_TRANSITIONS,
    PaymentStatus,
)


class Method(models.TextChoices):
    """How a payment is made. Only the first goes through a gateway."""

    STRIPE = "stripe", "Card and more"
    BANK_TRANSFER = "bank_transfer", "Bank transfer"
    CASH_ON_DELIVERY = "cash_on_delivery", "Cash on delivery"


class CaptureMode(models.TextChoices):
    """Whether the gateway takes the money as soon as the shopper agrees, or the shop has it taken later."""

    AUTOMATIC = "automatic", "At once"
    MANUAL = "manual", "Later, by the shop"


class Payment(Stateful):
    """One intent to pay an amount for an opaque reference. Its id is also what the gateway is told to carry."""

    transitions: ClassVar[Transitions] = PAYMENT_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.UUIDField(db_index=True)
    method = models.CharField(max_length=20, choices=Method.choices, default=Method.STRIPE)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    capture = models.CharField(max_length=10, choices=CaptureMode.choices, default=CaptureMode.AUTOMATIC)
    authorised_minor = models.PositiveBigIntegerField(default=0)
    authorisation_expires_at = models.DateTimeField(null=True, blank=True)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    saves_card = models.BooleanField(default=False)
    receipt_email = models.EmailField(blank=True)
    gateway_id = models.CharField(max_length=255, blank=True)
    client_secret = models.CharField(max_length=255, blank=True)
    receipt_url = models.URLField(max_length=500, blank=True)
    opening_attempt = models.PositiveSmallIntegerField(default=1)
    quarantine_reason = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    pay_by = models.DateTimeField(
        null=True, blank=True, help_text="Until then the shop waits for a transfer; None: for ever."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway_id"], condition=~Q(gateway_id=""), name="payment_gateway_id_once"),
        ]
        indexes = [
            # The reconciler's question: which payments that may still move were not looked at for longest?
            models.Index(
                fields=["checked_at"],
                name="payment_to_look_at",
                condition=Q(status__in=["open", "authorised"], method="stripe", quarantine_reason=""),
            ),
            # What staff ask: which of them need a person, and which authorisations are about to lapse?
            models.Index(fields=["created_at"], name="payment_in_quarantine", condition=~Q(quarantine_reason="")),
            models.Index(
                fields=["authorisation_expires_at"], name="payment_authorised", condition=Q(status="authorised")
            ),
            # The clock's question: which transfers have not come in time?
            models.Index(fields=["pay_by"], name="payment_to_come", condition=Q(status="open", pay_by__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def authorised(self) -> Money:
        """What the gateway holds for the shop and has not taken."""
        return Money(self.authorised_minor, self.currency)

    @property
    def idempotency_key(self) -> str:
        """Our own key for opening the intent: stored with the row before the call, so a restart reuses it."""
        return f"payment-{self.pk}-{self.opening_attempt}"

    @property
    def captured(self) -> Money:
        """What was taken, in the currency in which it was taken: that may be another one than was asked for."""
        return self._booked(LedgerEntry.Kind.CAPTURE)

    @property
    def refunded(self) -> Money:
        """What has gone back to the shopper and stayed there."""
        return -self._booked(LedgerEntry.Kind.REFUND, LedgerEntry.Kind.REFUND_FAILED)

    def _booked(self, *kinds: str) -> Money:
        amounts = [entry.amount for entry in self.ledger.all() if entry.kind in kinds]
        return Money.total(amounts, currency=amounts[0].currency if amounts else self.currency)

    @property
    def is_offline(self) -> bool:
        return self.method != Method.STRIPE

    @property
    def is_settled(self) -> bool:
        return self.status == PaymentStatus.SUCCEEDED

    @property
    def is_authorised(self) -> bool:
        return self.status == PaymentStatus.AUTHORISED

    @property
    def is_promised(self) -> bool:
        """The shopper will pay outside the gateway and has not done so yet."""
        return self.is_offline and self.status == PaymentStatus.OPEN


class PaymentEvent(StateEvent):
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="events")


class LedgerEntry(InsertOnly):
    """Money that moved, in minor units: what came in is positive, what went out negative (invariant I1)."""

    class Kind(models.TextChoices):
        CAPTURE = "capture", "Capture"
        REFUND = "refund", "Refund"
        REFUND_FAILED = "refund_failed", "Refund came back"
        DISPUTE = "dispute", "Dispute lost"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    gateway_reference = models.CharField(
        max_length=255, help_text="The gateway's id of the fact, or what the bank's statement says."
    )
    is_at_gateway = models.BooleanField(default=True, help_text="No: it moved by bank transfer or in cash.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "kind", "gateway_reference"], name="payment_ledger_fact_once_per_payment"
            ),
            models.UniqueConstraint(
                fields=["kind", "gateway_reference"],
                condition=Q(is_at_gateway=True),
                name="payment_ledger_gateway_fact_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["capture", "refund_failed"], amount_minor__gt=0)
                | Q(kind__in=["refund", "dispute"], amount_minor__lt=0),
                name="payment_ledger_sign_is_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Asked(Stateful):
    """Something that is written down before the gateway is asked, and asked for until it answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=255)
    attempt = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the clock saw to it last: whoever waits longest is next."
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def idempotency_key(self) -> str:
        """Stored like a payment's key; it changes only when the gateway has failed under it."""
        return f"{self._meta.model_name}-{self.pk}-{self.attempt}"


class Capture(Asked):
    """An authorised amount to take. A payment is captured once: what it leaves is given free."""

    transitions: ClassVar[Transitions] = CAPTURE_TRANSITIONS

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="captures")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment"], condition=~Q(status="failed"), name="payment_one_live_capture"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="capture_to_carry_out", condition=Q(status="requested")),
        ]


class CaptureEvent(StateEvent):
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="events")


class Refund(Asked):
    """Money to give back. One that began at the gateway is written down when it is heard of."""

    transitions: ClassVar[Transitions] = REFUND_TRANSITIONS

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    gateway_id = models.CharField(max_length=255, blank=True)
    failed_gateway_ids = models.JSONField(
        default=list, blank=True, help_text="What the gateway called the attempts that came to nothing."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway_id"], condition=~Q(gateway_id=""), name="refund_gateway_id_once"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="refund_to_carry_out", condition=Q(status="requested")),
            models.Index(fields=["created_at"], name="refund_failed", condition=Q(status="failed")),
        ]


class RefundEvent(StateEvent):
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="events")


class Dispute(Stateful):
    """A shopper's bank asks for the money back. The gateway decides nothing: the bank does."""

    transitions: ClassVar[Transitions] = DISPUTE_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    gateway_id = models.CharField(max_length=255, unique=True)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=100)
    holds_money = models.BooleanField(
        default=True, help_text="The bank has taken it until it has decided; of an inquiry it has only asked."
    )
    due_by = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["due_by"], name="dispute_to_answer", condition=Q(status="needs_response")),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class DisputeEvent(StateEvent):
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="events")


class WebhookEvent(models.Model):
    """The inbox: what a gateway told us, kept before it is answered. The same event is kept once."""

    gateway = models.CharField(max_length=30)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    topic = models.CharField(max_length=10, blank=True)
    intent_id = models.CharField(max_length=255, blank=True)
    object_id = models.CharField(max_length=255, blank=True)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    look_again_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    processed_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="webhook_event_once")]
        indexes = [
            models.Index(
                fields=["look_again_at"], name="webhook_waiting", condition=Q(processed_at=None, parked_at=None)
            ),
            models.Index(fields=["parked_at"], name="webhook_parked", condition=Q(parked_at__isnull=False)),
            models.Index(fields=["processed_at"], name="webhook_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class EventCursor(models.Model):
    """How far the gateway's own list of events has been read."""

    gateway = models.CharField(max_length=30, primary_key=True)
    read_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.gateway} until {self.read_until}"


class GatewayCustomer(models.Model):
    """What the gateway calls one of our customers, so that it can keep their cards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    gateway_id = models.CharField(max_length=255, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gateway_id"], condition=~Q(gateway_id=""), name="gateway_customer_id_once"
            ),
        ]

    def __str__(self) -> str:
        return self.gateway_id or "not known to the gateway yet"

    @property
    def idempotency_key(self) -> str:
        return f"customer-{self.pk}-{self.attempt}"


class PaymentMethodOffer(models.Model):
    """A way to pay that a market offers. A market without any offers Stripe alone."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="payment_methods")
    method = models.CharField(max_length=20, choices=Method.choices)
    name = models.CharField(max_length=100, blank=True, help_text="What shoppers read; empty: the usual name.")
    instructions = models.TextField(
        max_length=2000, blank=True, help_text="How to pay, such as the account to transfer to."
    )
    least_minor = models.PositiveBigIntegerField(
        "from a total of", null=True, blank=True, help_text="In minor units, such as cents; empty: any."
    )
    most_minor = models.PositiveBigIntegerField(
        "up to a total of", null=True, blank=True, help_text="In minor units, such as cents; empty: any."
    )
    days_to_pay = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        default=14,
        help_text="How long the shop waits for a bank transfer before it cancels the order; empty: for ever.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["market", "method"], name="payment_method_once_per_market"),
            models.CheckConstraint(
                condition=Q(days_to_pay=None) | Q(days_to_pay__gt=0), name="payment_method_leaves_time_to_pay"
            ),
            models.CheckConstraint(
                condition=Q(least_minor=None) | Q(most_minor=None) | Q(least_minor__lte=models.F("most_minor")),
                name="payment_method_limits_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(Method(self.method).label)
