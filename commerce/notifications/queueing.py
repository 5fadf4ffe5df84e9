from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cms.prepared import prepared
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
    if not recipient:
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
    return bool(_kept(mail=mail.pk))


@prepared
def _kept(*, mail: uuid.UUID) -> QuerySet[Any]:
    return Mail.objects.filter(pk=mail).values_list("pk")
