from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models


class PreviewSession(models.Model):
    """A draft as its editor last looked at it, and leave to walk the whole site among drafts until it expires.

    Typing on refreshes what an editor's own session shows; a shared one stays as it was made. Tokens are never stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_key = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)
    content_json = models.TextField()
    title = models.CharField(max_length=255, blank=True)
    is_shared = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            # Previewing as one types refreshes a row instead of piling them up; what was never saved has no key to
            # refresh by and leaves a row each time, until the hourly purge.
            models.UniqueConstraint(
                fields=["user", "content_type", "object_key"], name="preview_one_per_user_and_object"
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_type} {self.object_key}"

    def state(self, *, at: datetime) -> str:
        """For the list, which shows what was not purged yet: open, over or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "open" if self.expires_at > at else "over"

    def as_object(self) -> Any:
        model: Any = self.content_type.model_class()
        return model.from_json(self.content_json)
