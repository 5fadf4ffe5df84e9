from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models


class PreviewSession(models.Model):
    """A draft as its editor last looked at it; typing on refreshes what the link shows. Tokens are never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_key = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)
    content_json = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            # Previewing as one types refreshes a row instead of piling them up; what was never saved has no key to
            # refresh by and leaves a row each time, until the hourly purge.
            models.UniqueConstraint(
                fields=["user", "content_type", "object_key"], name="preview_one_per_user_and_object"
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_type} {self.object_key}"

    def as_object(self) -> Any:
        model: Any = self.content_type.model_class()
        return model.from_json(self.content_json)
