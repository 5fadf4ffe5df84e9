from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class NewsletterQuerySet(models.QuerySet["NewsletterSubscription"]):
    def subscribed(self) -> NewsletterQuerySet:
        return self.filter(confirmed_at__isnull=False, unsubscribed_at=None)

    def waiting(self) -> NewsletterQuerySet:
        """Asked for and never confirmed."""
        return self.filter(confirmed_at=None, unsubscribed_at=None)


class NewsletterSubscription(models.Model):
    """An e-mail address whose owner may be written to, once the owner has confirmed it.

    `proof` says how consent came about and ended, in words and without any network address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-mail", unique=True, help_text="In small letters.")
    language = models.CharField(max_length=20)
    source = models.CharField("asked on", max_length=200, blank=True, help_text="The page where it was entered.")
    asked_at = models.DateTimeField("asked")
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True)
    unsubscribed_at = models.DateTimeField("unsubscribed", null=True, blank=True)
    proof = models.TextField(blank=True)

    objects = NewsletterQuerySet.as_manager()

    class Meta:
        verbose_name = "newsletter address"
        verbose_name_plural = "newsletter addresses"
        ordering = ["-asked_at"]
        indexes = [
            # Of those who never confirm, the old ones are forgotten.
            models.Index(
                fields=["asked_at"],
                name="newsletter_waiting",
                condition=Q(confirmed_at=None, unsubscribed_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_subscribed(self) -> bool:
        return self.confirmed_at is not None and self.unsubscribed_at is None
