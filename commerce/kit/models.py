from __future__ import annotations

from django.db import models


class OutboxEvent(models.Model):
    name = models.CharField(max_length=100)
    payload = models.JSONField()
    occurred_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class OutboxDeliveryQuerySet(models.QuerySet["OutboxDelivery"]):
    def waiting(self) -> OutboxDeliveryQuerySet:
        return self.filter(delivered_at=None, parked_at=None)


class OutboxDelivery(models.Model):
    """One subscriber's copy of an event. `due_at` is also the lease: whoever moves it owns the delivery until then."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = OutboxDeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="outbox_delivery_once_per_subscriber")
        ]
        indexes = [
            # The worker's only question: what is due and neither done nor given up?
            models.Index(
                fields=["due_at"],
                name="outbox_delivery_due",
                condition=models.Q(delivered_at=None, parked_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.subscriber}"


class ScheduledJob(models.Model):
    name = models.CharField(max_length=200, primary_key=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class IdempotentRequest(models.Model):
    """A claimed Idempotency-Key; `http_status` is empty while the first request runs."""

    scope = models.CharField(max_length=255)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    http_status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)
    leased_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotent_request_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
