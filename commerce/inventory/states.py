from __future__ import annotations

from django.db import models

from commerce.kit.states import Transitions


class CountStatus(models.TextChoices):
    OPEN = "open", "Open"
    POSTED = "posted", "Posted"
    DISCARDED = "discarded", "Discarded"


TRANSITIONS: Transitions = {
    "": frozenset({CountStatus.OPEN}),
    CountStatus.OPEN: frozenset({CountStatus.POSTED, CountStatus.DISCARDED}),
    CountStatus.POSTED: frozenset(),
    CountStatus.DISCARDED: frozenset(),
}
