from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from commerce.notifications.models import Mail


def queue(
    *,
    key: str,
    kind: str,
    recipient: str,
    language: str,
    about: Mapping[str, str],
    order: uuid.UUID | None = None,
    at: datetime,
) -> bool:
    """Have the worker send a mail of this kind; a second one of the same key is none. Returns whether it is new."""
    if not recipient or Mail.objects.filter(key=key).exists():
        return False
    mail = Mail(
        key=key,
        kind=kind,
        recipient=recipient,
        language=language,
        about=dict(about),
        order=order,
        queued_at=at,
        due_at=at,
    )
    # Of two that are at it at the same moment the database takes one.
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    return Mail.objects.filter(pk=mail.pk).exists()
