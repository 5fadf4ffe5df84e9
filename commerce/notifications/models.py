from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class MailQuerySet(models.QuerySet["Mail"]):
    def waiting(self) -> MailQuerySet:
        return self.filter(sent_at=None, given_up_at=None)


class Mail(models.Model):
    """A mail that is to be sent, or was. `key` names the fact that it tells of, so that there is one mail for each.

    What it says is written when it is sent, from `about`. `due_at` is also the lease: whoever moves it sends the mail.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    recipient = models.EmailField()
    language = models.CharField(max_length=20)
    about = models.JSONField(help_text="The ids of what it tells of.")
    order = models.UUIDField(null=True, blank=True, db_index=True)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=100, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at"]
        indexes = [
            # The worker's only question: what is due and neither sent nor given up?
            models.Index(fields=["due_at"], name="mail_due", condition=Q(sent_at=None, given_up_at=None)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sent_at=None) | Q(given_up_at=None), name="mail_sent_or_given_up")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
