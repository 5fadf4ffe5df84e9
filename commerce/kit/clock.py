"""The one place that says "now". Faces, commands and tasks call it once and pass the instant on."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    return timezone.now()
